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
from loaders.tables.detect import TargetTable

_ANNEX_LINE = re.compile(
    r"^[ \t\u3000]*附[ \u3000]*件[ \u3000]*[一二三四五六七八九十\d]{0,2}[:：]?[^\n]{0,60}$",
    re.MULTILINE,
)
MIN_PASSAGE_CHARS = 12
"""Shorter passages hold a date or a page number."""


def parts_of(text: str, tables: Sequence[TargetTable]) -> tuple[Part, ...]:
    """The parts of a text in order: each table, and each passage between two of them."""
    made: list[Part] = []
    for table in tables:
        span = _span(text, table.start, table.end)
        if span is not None:
            made.append(Part("", "plan-table", table.title, span, len(table.rows), read=True))
    made += [
        Part("", "none", _first_line(span), span, 0, read=False)
        for span in _passages(text, [part.span for part in made])
    ]
    made.sort(key=lambda part: part.span.start)
    return tuple(replace(part, id=str(i)) for i, part in enumerate(made, 1))


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


def restated(items: Sequence[Target], rows: Sequence[Target]) -> set[str]:
    """The ids of items of prose that a row of a table states again: same title or same words.

    A notice names its tasks in the body and sets them out in the table of its annex; counting
    both would double them.
    """
    titles = {t.row.theme.text for t in rows if t.row.theme}
    words = "\n".join(t.row.text.text for t in rows)
    return {
        t.id
        for t in items
        if (t.row.theme and t.row.theme.text in titles) or _sentence(t.row.text.text) in words
    }


def _sentence(text: str) -> str:
    """What an item says behind its number and its title, without its last mark."""
    return text.rstrip("。；;").rpartition("。")[2] or text


def counted(parts: Sequence[Part], targets: Sequence[Target]) -> tuple[Part, ...]:
    """The parts with how many targets were read from each, and what kind of list that makes it."""
    rows = Counter(t.row.part for t in targets)
    return tuple(
        part
        if part.kind != "none" or not rows[part.id]
        else replace(part, kind=_kind_of_prose(part, targets), rows=rows[part.id], read=True)
        for part in parts
    )


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
