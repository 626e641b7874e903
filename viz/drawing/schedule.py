"""A picture of rows by quarter: what, who, and in each quarter the mark of its stage and its words."""

from __future__ import annotations

from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.svg import HAIR, INK, SECOND, THIRD, WASH, Drawing

_LINE, _PAD = 15.5, 8.0


@dataclass(frozen=True, slots=True)
class QuarterCell:
    """A quarter of a row: the furthest stage, and the words; empty where nothing is due."""

    stage: str
    words: str


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A row: three columns of words, four quarters, the colour of its marks."""

    first: str
    second: str
    third: str
    cells: tuple[QuarterCell, QuarterCell, QuarterCell, QuarterCell]
    colour: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """The content of a picture. `heads` name the three columns, `widths` are their widths."""

    title: str
    caption: str
    source: str
    heads: tuple[str, str, str]
    quarters: tuple[str, str, str, str]
    groups: tuple[tuple[str, tuple[ScheduleRow, ...]], ...]
    nothing: str
    widths: tuple[float, float, float] = (150.0, 230.0, 130.0)
    quarter: float = 196.0
    lines: int = 2
    english: bool = False


def draw(plan: Schedule) -> str:
    """The picture as SVG."""
    width = 48 + sum(plan.widths) + 4 * plan.quarter
    top = figures.captioned(width, plan.caption) + 30
    laid = [(label, [(item, _lines(plan, item)) for item in items]) for label, items in plan.groups]
    high = top + sum(
        28 + sum(max(map(len, lines)) * _LINE + _PAD for _, lines in items) for _, items in laid
    )
    out = Drawing(width, high + 84, plan.title, plan.caption)
    figures.heading(out, plan.title, plan.caption)
    if not any(items for _, items in laid):
        out.text(24, top + 10, plan.nothing, size=15)
        figures.foot(out, plan.source)
        return str(out)
    xs = [24.0]
    for room in (*plan.widths, *[plan.quarter] * 3):
        xs.append(xs[-1] + room)
    for x, words in zip(xs, (*plan.heads, *plan.quarters), strict=True):
        out.text(x + 4, top - 8, words, size=11.5, fill=SECOND, weight=700)
    out.line(24, top, width - 24, top, INK, 1.4)
    y = top
    for label, items in laid:
        out.rect(24, y, width - 48, 26, WASH)
        out.text(30, y + 17.5, f"{label} {len(items)}", size=12, weight=700)
        y += 28
        for item, lines in items:
            _row(out, plan, item, lines, xs, y)
            y += max(map(len, lines)) * _LINE + _PAD
            out.line(24, y - 1, width - 24, y - 1, HAIR)
    figures.stages(out, 24, out.height - 48, plan.english)
    figures.foot(out, plan.source)
    return str(out)


def _lines(plan: Schedule, item: ScheduleRow) -> list[list[str]]:
    """The words of each column as lines, at least one each."""
    columns = [
        figures.wrapped(words, 12, room - 12, 3)
        for words, room in zip((item.first, item.second, item.third), plan.widths, strict=True)
    ]
    columns += [figures.wrapped(c.words, 11.5, plan.quarter - 30, plan.lines) for c in item.cells]
    return [column or [""] for column in columns]


def _row(
    out: Drawing,
    plan: Schedule,
    item: ScheduleRow,
    lines: list[list[str]],
    xs: list[float],
    y: float,
) -> None:
    for i, (x, column) in enumerate(zip(xs, lines, strict=True)):
        quarter = i - 3
        if quarter >= 0:
            figures.stage(out, x + 4, y + 5, item.cells[quarter].stage, item.colour)
        for n, words in enumerate(column):
            out.text(
                x + (21 if quarter >= 0 else 4),
                y + 15 + n * _LINE,
                words,
                size=11.5 if quarter >= 0 else 12,
                fill=INK if i < 2 or quarter >= 0 else THIRD if not words else SECOND,
                weight=700 if i == 0 else 400,
            )
