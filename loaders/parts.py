"""The parts of a document: its tables, and the passages of prose between them.

Each part is read by the reader of its kind; a part that is not read is kept with the reason.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.records import Doubt, Part, PartKind, Span, Target
from loaders.lexicon.numerals import letters
from loaders.lexicon.table_kinds import REPORT_TITLE
from loaders.prose.rules.outline import lines
from loaders.tables.detect import TargetTable

_ANNEX_LINE = re.compile(
    r"^[ \t\u3000]*附[ \u3000]*件[ \u3000]*[一二三四五六七八九十\d]{0,2}[:：]?[^\n]{0,60}$",
    re.MULTILINE,
)
MIN_PASSAGE_CHARS = 12
"""Shorter passages hold a date or a page number."""


def parts_of(text: str, tables: Sequence[TargetTable], title: str) -> tuple[Part, ...]:
    """The parts of a text in order: each table, and each passage between two of them.

    `title` is that of the document: under the title of a report, prose tells what was reached.
    """
    made: list[Part] = []
    for table in tables:
        span = _span(text, table.start, table.end)
        if span is not None:
            is_read = table.kind == "plan-table"
            why = "" if is_read else _WHY[table.kind]
            made.append(
                Part("", table.kind, table.title, span, table.count, is_read, why, is_table=True)
            )
    hidden = [part.span for part in made]
    kind: PartKind = "report" if REPORT_TITLE.search(title) else "none"
    for span in _passages(text, hidden):
        items = sum(line.is_numbered and not line.is_heading for line in lines(span.quote))
        if items or not any(
            table.start - span.end < _NEAR_CHARS for table in tables if table.start >= span.end
        ):
            why = _WHY[kind] if items else ""
            made.append(Part("", kind, _first_line(span), span, items, read=False, why=why))
    made.sort(key=lambda part: part.span.start)
    return tuple(replace(part, id=str(i)) for i, part in enumerate(made, 1))


_NEAR_CHARS = 4
_WHY: dict[PartKind, str] = {
    "register": "是项目或成员名单，没有写要做什么、由谁来做",
    "report": "写的是已完成的进展，不是目标",
    "indicators": "只列指标，没有写由谁来做",
    "none": "没有读出目标",
}
"""Why a part of a kind holds no targets, in words."""


def hidden_from_prose(parts: Sequence[Part]) -> list[Span]:
    """The stretches that the reader of prose passes over: tables, and reports in prose."""
    return [part.span for part in parts if part.kind not in _PROSE or part.is_table]


_PROSE: tuple[PartKind, ...] = ("none", "plan-list", "duties")


def in_order(
    groups: Sequence[tuple[Sequence[Target], Sequence[Doubt]]], parts: Sequence[Part]
) -> tuple[list[Target], list[Doubt]]:
    """The targets of all readers in the order of the text, each with its part, and their doubts.

    Ids that two readers gave are told apart by letters, as rows of one number are.
    """
    every = [(at, t) for at, (targets, _) in enumerate(groups) for t in targets]
    every.sort(key=lambda one: one[1].row.text.span.start)
    names: dict[tuple[int, str], str] = {(at, t.id): t.id for at, t in every}
    if len(set(names.values())) < len(every):
        count = Counter(t.row.number for _, t in every)
        seen: Counter[str] = Counter()
        for at, target in every:
            number = target.row.number
            if count[number] > 1:
                seen[number] += 1
                names[at, target.id] = number + letters(seen[number])
    placed = []
    for at, target in every:
        part = _part_at(parts, target.row.text.span.start)
        row = replace(target.row, id=names[at, target.id], part=part.id if part else "")
        placed.append(replace(target, row=row))
    doubts = [
        replace(doubt, row=names.get((at, doubt.row), doubt.row))
        for at, (_, found) in enumerate(groups)
        for doubt in found
    ]
    return placed, doubts


def restated(
    items: Sequence[Target], rows: Sequence[Target], parts: Sequence[Part]
) -> list[Target]:
    """The items of prose that rows of a table state again: under the same title or in its words.

    A notice names its tasks in the body and sets them out in the table of its annex; counting
    both would double them. Where half of a passage is stated again, all of it is.
    """
    titles = {t.row.theme.text for t in rows if t.row.theme}
    words = [t for row in rows if len(t := _sentence(row.row.text.text)) >= _LEAST_RESTATED_CHARS]
    whole = "\n".join(words)
    again, every = Counter[str](), Counter[str]()
    named = {}
    for item in items:
        part = _part_at(parts, item.row.text.span.start)
        named[item.id] = part.id if part else ""
        said = item.row.text.text
        same = (item.row.theme and item.row.theme.text in titles) or _sentence(said) in whole
        every[named[item.id]] += 1
        again[named[item.id]] += bool(same or any(w in said for w in words))
    return [t for t in items if 2 * again[named[t.id]] >= every[named[t.id]]]


_LEAST_RESTATED_CHARS = 8


def _sentence(text: str) -> str:
    """What an item says behind its number and its title, without its last mark."""
    return text.rstrip("。；;").rpartition("。")[2] or text


def counted(
    parts: Sequence[Part], targets: Sequence[Target], again: Sequence[Span] = ()
) -> tuple[Part, ...]:
    """The parts with how many targets were read from each, and what kind of list that makes it.

    `again` are the items that a table states again: they are not read twice.
    """
    rows = Counter(t.row.part for t in targets)
    found = []
    for part in parts:
        if part.read and part.rows:
            found.append(part)
        elif rows[part.id]:
            kind = _kind_of_prose(part, targets)
            found.append(replace(part, kind=kind, rows=rows[part.id], read=True, why=""))
        elif any(part.span.holds(span) for span in again):
            found.append(replace(part, kind="plan-list", why="附表逐项重述，按附表读"))
        else:
            found.append(part)
    return tuple(found)


def doubts_of_parts(parts: Sequence[Part]) -> list[Doubt]:
    """What was not read, each with its place, how much it holds, and why."""
    return [
        Doubt(
            Span(part.span.start, part.span.start + len(line), line),
            "",
            "",
            "part-not-read",
            f"“{part.heading}”（{part.rows}行）没有读：{part.why}",
            about=part.id,
            reading=part.kind,
        )
        for part in parts
        if not part.read and part.rows and part.kind != "plan-list"
        for line in [part.span.quote.split("\n", 1)[0]]
    ]


def _kind_of_prose(part: Part, targets: Sequence[Target]) -> PartKind:
    mine = [t.said for t in targets if t.row.part == part.id]
    return "duties" if mine and all(said == "sentence" for said in mine) else "plan-list"


def _part_at(parts: Sequence[Part], offset: int) -> Part | None:
    return next((p for p in parts if p.span.start <= offset < p.span.end), None)


def _passages(text: str, tables: Sequence[Span]) -> Iterator[Span]:
    """The passages outside the tables; an annex begins a passage of its own."""
    cuts = [0, *(m.start() for m in _ANNEX_LINE.finditer(text)), len(text)]
    edges = sorted((span.start, span.end) for span in tables)
    at = 0
    for start, end in [*edges, (len(text), len(text))]:
        inner = [at, *(c for c in cuts if at < c < start), start]
        for first, last in itertools.pairwise(inner):
            span = _span(text, first, last)
            if span is not None and span.end - span.start >= MIN_PASSAGE_CHARS:
                yield span
        at = max(at, end)


def _span(text: str, start: int, end: int) -> Span | None:
    """The stretch without the white space around it; None where it holds nothing else."""
    said = text[start:end]
    quote = said.strip()
    if not quote:
        return None
    first = start + len(said) - len(said.lstrip())
    return Span(first, first + len(quote), quote)


def _first_line(span: Span) -> str:
    return span.quote.split("\n", 1)[0].strip()[:60]


def named_parts(parts: Sequence[Part]) -> str:
    """The parts of a document of which none could be read as targets, in a line; empty if none."""
    found = [p for p in parts if p.kind in ("register", "report", "indicators") and p.rows]
    named = "; ".join(f"{_KINDS[p.kind]} “{p.heading[:40]}” ({p.rows} rows)" for p in found[:5])
    return f"no target was found in it, only: {named}" if named else ""


_KINDS = {"register": "a register", "report": "a report of progress", "indicators": "indicators"}
