"""Rows with a bar or a line each: how far a step slipped, how far a number has come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, INK, SECOND, THIRD, WASH, Drawing, width_of

_ROW, _BAND = 24.0, 24.0


@dataclass(frozen=True, slots=True)
class BarLine:
    """A row: number, words, and either a slip between quarters or shares of a whole.

    A slip goes `start` to `end` in quarters; shares are of the year's number, 1 being all of it.
    """

    key: str
    number: str
    label: str
    note: str
    colour: str
    start: float
    end: float
    planned: float = -1
    """The share that was planned by now; negative where nothing was."""
    is_open: bool = False
    """True for a slip that has not ended: the step is still not done."""


@dataclass(frozen=True, slots=True)
class Bars:
    """The content of a picture."""

    title: str
    caption: str
    source: str
    kind: Literal["slips", "bullets"]
    ticks: tuple[tuple[float, str], ...]
    """Values of the axis, and their words."""
    groups: tuple[tuple[str, tuple[BarLine, ...]], ...]
    legend: tuple[str, str, str]


def draw(bars: Bars, paper: Paper = SCREEN) -> str:
    """Draw the rows as SVG."""
    width = paper.room
    lines = [row for _, rows in bars.groups for row in rows]
    number = 24 + max([20.0, *(width_of(r.number, 12) + 8 for r in lines)])
    note = min(0.26 * width, max([60.0, *(width_of(r.note, 11) for r in lines)]) + 12)
    left, right = number + 0.36 * width, width - 24 - note
    low, high = bars.ticks[0][0], bars.ticks[-1][0]

    def x_of(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (right - left - 12)

    top = figures.captioned(width, bars.caption, bars.title, paper) + 24
    tall = sum(_BAND + _ROW * len(rows) + 4 for _, rows in bars.groups)
    foot = figures.foot_height(width, bars.source)
    out = Drawing(width, top + tall + 40 + foot, bars.title, bars.caption)
    figures.heading(out, bars.title, bars.caption, paper)
    for value, words in bars.ticks:
        out.text(x_of(value), top - 7, words, size=11, fill=SECOND, anchor="middle")
    out.line(24, top, width - 24, top, INK, 1.4)
    y = top
    for words, rows in bars.groups:
        out.breaks.append(y)
        out.rect(24, y, width - 48, _BAND - 3, WASH)
        out.text(30, y + 15, words, size=12, weight=700)
        y += _BAND
        for row in rows:
            if row is not rows[0]:
                out.breaks.append(y)
            for value, _ in bars.ticks:
                out.line(x_of(value), y, x_of(value), y + _ROW - 2, HAIR)
            with out.link(row.key, f"{row.number} {row.label} {row.note}"):
                out.rect(24, y, left - 32, _ROW - 2, "#FCFBF8")
                out.text(24, y + 15.5, row.number, size=12, weight=700, fill=row.colour)
                out.text(number, y + 15.5, figures.cut(row.label, 12, left - number - 14), size=12)
                (_slip if bars.kind == "slips" else _bullet)(out, row, x_of, y)
                out.text(right, y + 15.5, figures.cut(row.note, 11, note - 4), size=11, fill=SECOND)
            y += _ROW
        y += 4
    out.breaks.append(y)
    _legend(out, bars, y + 16)
    figures.foot(out, bars.source)
    return str(out)


def _slip(out: Drawing, row: BarLine, x_of: Callable[[float], float], y: float) -> None:
    x1, x2, middle = x_of(row.start), x_of(row.end), y + 11
    if x1 != x2:
        out.line(x1, middle, x2, middle, row.colour, 2.4, "4 3" if row.is_open else "")
    out.circle(x1, middle, 5, "#FFFFFF", row.colour, 1.8)
    out.circle(x2, middle, 5, "#FFFFFF" if row.is_open else row.colour, row.colour, 1.8,
               "2 1.6" if row.is_open else "")  # fmt: skip


def _bullet(out: Drawing, row: BarLine, x_of: Callable[[float], float], y: float) -> None:
    x0, x1 = x_of(0), x_of(1)
    out.rect(x0, y + 4, x1 - x0, 14, "#ECE7DA", THIRD)
    out.rect(x0, y + 8, max(x_of(row.end) - x0, 1), 6, row.colour)
    if row.planned >= 0:
        x = x_of(row.planned)
        out.rect(x - 1.2, y + 2, 2.4, 18, INK)


def _legend(out: Drawing, bars: Bars, y: float) -> None:
    first, second, third = bars.legend
    x = 24.0
    if bars.kind == "slips":
        out.circle(x + 6, y - 4, 5, "#FFFFFF", SECOND, 1.8)
        out.text(x + 16, y, first, size=11)
        x += 34 + width_of(first, 11)
        out.circle(x + 6, y - 4, 5, SECOND, SECOND, 1.8)
        out.text(x + 16, y, second, size=11)
        x += 34 + width_of(second, 11)
        out.circle(x + 6, y - 4, 5, "#FFFFFF", SECOND, 1.8, "2 1.6")
        out.text(x + 16, y, third, size=11)
        return
    out.rect(x, y - 7, 22, 6, SECOND)
    out.text(x + 28, y, first, size=11)
    x += 46 + width_of(first, 11)
    out.rect(x + 8, y - 12, 2.4, 16, INK)
    out.text(x + 18, y, second, size=11)
    x += 36 + width_of(second, 11)
    out.rect(x, y - 11, 22, 14, "#ECE7DA", THIRD)
    out.text(x + 28, y, third, size=11)
