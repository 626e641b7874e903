"""A row of prose: its label, heading, title and quarters, from the lines it stands in."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from graph.records import QUARTERS, Cell, CellName, Role, Row, Said, Span
from loaders.bodies.roles import RoleClause
from loaders.prose.rules.outline import Level, OutlineLine
from loaders.prose.rules.statement import Statement
from loaders.text.normalize import Plain

_QUARTER = re.compile(r"第?([一二三四1-4])季度(?:末|底)?(?:前)?[,，:：、]?")
_ORDER = {c: i for i, c in enumerate("一二三四")} | {c: i for i, c in enumerate("1234")}


@dataclass(frozen=True, slots=True)
class ProseRow:
    """A row, and who does it; `duty` is None where the document names nobody."""

    row: Row
    duty: RoleClause | None
    said: Said = ""
    rule: str = ""
    """The rule of prose that says who does it."""
    sure: Decimal = Decimal(1)


def upwards(every: Sequence[OutlineLine], at: int) -> Iterator[OutlineLine]:
    """The lines from line `at` up."""
    return (every[i] for i in range(at, -1, -1))


def prose_row(
    text: str, every: Sequence[OutlineLine], start: int, end: int, one: Statement | None
) -> ProseRow:
    """The row whose text stands at `start` to `end`, and who does it, as a statement says."""
    at = bisect_right(every, start, key=lambda line: line.start) - 1
    body = text[start : _without_asides(every, start, end)].rstrip()
    label = label_of(every, at)
    where = Span(start, start + len(body), body)
    lead = _cell(text, one, "lead", "responsible")
    helps = _cell(text, one, "coordinate")
    last = max([where.end, *(c.span.end for c in (lead, helps) if c)])
    domain = _heading(every, *_above(every, at))
    q1, q2, q3, q4 = _quarters(text, where)
    row = Row(
        id=label,
        number=label,
        span=Span(start, last, text[start:last]),
        domain=Cell("domain", domain, carried=True) if domain else None,
        theme=_title(text, every, at, start, where.end),
        text=Cell("text", where),
        quarters=(q1, q2, q3, q4),
        lead=lead,
        coordinate=helps,
    )
    return ProseRow(row, one.duty, one.how, one.rule, one.sure) if one else ProseRow(row, None)


def _cell(text: str, one: Statement | None, *roles: Role) -> Cell | None:
    span = one.duty.span(*roles) if one else None
    if span is None:
        return None
    name: CellName = "coordinate" if roles == ("coordinate",) else "lead"
    return Cell(name, Span(*span, text[span[0] : span[1]]))


def _above(every: Sequence[OutlineLine], at: int) -> tuple[int, int]:
    """The line that numbers the item of a line, and its level: its heading stands above that."""
    for i in range(at, -1, -1):
        if every[i].is_numbered:
            return i, every[i].level
    return at, Level.PLAIN


def label_of(every: Sequence[OutlineLine], at: int) -> str:
    """The label of the item in which a line stands, behind that of its article (第三条（一）)."""
    for line in upwards(every, at):
        if line.label and not line.is_bullet:
            if line.level not in (Level.SUBSECTION, Level.ITEM, Level.SUBITEM):
                return line.label
            article = next((u for u in upwards(every, at - 1) if u.level <= Level.ARTICLE), None)
            return (
                article.label if article and article.level is Level.ARTICLE else ""
            ) + line.label
    return ""


def _heading(every: Sequence[OutlineLine], at: int, level: int) -> Span | None:
    """The nearest heading above a line, of a higher level."""
    for line in upwards(every, at - 1):
        if line.level < level and line.is_heading:
            said = line.text.rstrip("。.；;：: ")
            return Span(line.start, line.start + len(said), said)
    return None


def _title(text: str, every: Sequence[OutlineLine], at: int, start: int, end: int) -> Cell | None:
    """The title sentence of a row: its first, where that is short; else that of its item."""
    line = every[at]
    body = line.body if line.start == start else start
    if line.start == start and line.level is Level.LABEL:
        name = line.label.strip('“”"')
        left = text.index(name, start)
        return Cell("theme", Span(left, left + len(name), name))
    first = re.match(r"[^。；;\n：:]{2,40}(?=[。\n：:]|$)", text[body:end])
    if first and line.start == start:
        return Cell("theme", Span(body, body + first.end(), first.group()))
    for above in upwards(every, at):
        if above.is_numbered:
            first = re.match(r"[^。；;\n：:]{2,40}(?=[。\n：:]|$)", text[above.body : above.end])
            if first:
                span = Span(above.body, above.body + first.end(), first.group())
                return Cell("theme", span, carried=True)
            return None
    return None


def _quarters(text: str, where: Span) -> tuple[Cell | None, ...]:
    """Quarters told in the text (`第一季度…；第二季度…`), each up to the next; at least two."""
    marks = list(_QUARTER.finditer(text, where.start, where.end))
    order = [_ORDER[m[1]] for m in marks]
    cells: list[Cell | None] = [None] * 4
    if len(marks) < 2 or order != sorted(set(order)):
        return tuple(cells)
    ends = [m.start() for m in marks[1:]] + [where.end]
    for mark, end in zip(marks, ends, strict=True):
        said = text[mark.end() : end].rstrip(" ；;。，,\n\t\u3000")
        if said.strip():
            left = mark.end() + len(said) - len(said.lstrip())
            quarter = _ORDER[mark[1]]
            span = Span(left, mark.end() + len(said), said.lstrip())
            cells[quarter] = Cell(QUARTERS[quarter], span)
    return tuple(cells)


def _without_asides(every: Sequence[OutlineLine], start: int, end: int) -> int:
    """Where a text ends if lines that only name a person or a date are left out at its end."""
    at = bisect_left(every, end, key=lambda line: line.start) - 1
    while at >= 0 and every[at].start > start and every[at].is_aside:
        end = every[at].start
        at -= 1
    return end


def quoted(source: str, whole: Plain, read: ProseRow) -> ProseRow:
    """A row read from a plain text, with the places and the words that the document has."""

    def span(old: Span) -> Span:
        start, end = whole.place(old.start, old.end)
        return Span(start, end, source[start:end])

    def cell(old: Cell | None) -> Cell | None:
        return replace(old, span=span(old.span)) if old else None

    row = read.row
    q1, q2, q3, q4 = (cell(old) for old in row.quarters)
    here = replace(
        row,
        span=span(row.span),
        domain=cell(row.domain),
        theme=cell(row.theme),
        text=replace(row.text, span=span(row.text.span)),
        quarters=(q1, q2, q3, q4),
        lead=cell(row.lead),
        coordinate=cell(row.coordinate),
    )
    return replace(read, row=here, duty=_duty(whole, read.duty) if read.duty else None)


def _duty(whole: Plain, duty: RoleClause) -> RoleClause:
    start, end = whole.place(duty.start, duty.end)
    named = []
    for one in duty.named:
        left, right = whole.place(one.body.start, one.body.end)
        named.append(replace(one, body=replace(one.body, start=left, end=right)))
    return replace(duty, start=start, end=end, named=tuple(named))
