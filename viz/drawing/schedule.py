"""A schedule of land: a row a plot, and in it bars by quarter from bought to sold to built."""

from __future__ import annotations

from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, INK, SECOND, WASH, Drawing, width_of

_LANE, _BAND, _PAD = 19.0, 24.0, 5.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One target's work on a plot: its kind, number, lead, and the stage of each quarter."""

    key: str
    kind: str
    number: str
    lead: str
    stages: tuple[str, str, str, str]
    colour: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot under all its names, with its bars in the order bought, sold, built."""

    label: str
    others: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """The content of the picture: plots in groups (a street and block)."""

    title: str
    caption: str
    source: str
    heads: tuple[str, str]
    quarters: tuple[str, str, str, str]
    groups: tuple[tuple[str, tuple[Plot, ...]], ...]
    nothing: str
    english: bool = False


def draw(plan: Schedule, paper: Paper = SCREEN) -> str:
    """Draw the picture as SVG."""
    width = paper.room
    names = [width_of(p.label, 12) for _, group in plan.groups for p in group]
    label = min(max([120.0, *names]) + 16, 0.36 * width)
    lead = 0.14 * width if width >= 900 else 0.16 * width
    start = 24 + label + lead
    quarter = (width - 24 - start) / 4
    top = figures.captioned(width, plan.caption, plan.title, paper) + 26
    high = top + sum(_BAND + sum(_high(plot) for plot in plots) for _, plots in plan.groups)
    foot = figures.foot_height(width, plan.source)
    out = Drawing(width, high + 40 + foot, plan.title, plan.caption)
    figures.heading(out, plan.title, plan.caption, paper)
    if not any(plots for _, plots in plan.groups):
        out.text(24, top + 10, plan.nothing, size=15)
        figures.foot(out, plan.source)
        return str(out)
    out.text(24, top - 7, plan.heads[0], size=11, fill=SECOND)
    out.text(24 + label, top - 7, plan.heads[1], size=11, fill=SECOND)
    for q, words in enumerate(plan.quarters):
        out.text(start + (q + 0.5) * quarter, top - 7, words, size=11, fill=SECOND, anchor="middle")
    out.line(24, top, width - 24, top, INK, 1.4)
    y = top
    for words, plots in plan.groups:
        out.breaks.append(y)
        out.rect(24, y, width - 48, _BAND - 4, WASH)
        out.text(30, y + 14.5, words, size=12, weight=700)
        y += _BAND
        for plot in plots:
            if plot is not plots[0]:
                out.breaks.append(y)
            _plot(out, plot, (24, 24 + label, start), quarter, y)
            y += _high(plot)
            out.line(24, y - 2, width - 24, y - 2, HAIR)
    out.breaks.append(y)
    figures.stages(out, 24, out.height - foot - 10, plan.english)
    figures.foot(out, plan.source)
    return str(out)


def _high(plot: Plot) -> float:
    return max(len(plot.bars), 2 if plot.others else 1) * _LANE + _PAD


def _plot(
    out: Drawing, plot: Plot, xs: tuple[float, float, float], quarter: float, y: float
) -> None:
    room = xs[1] - xs[0] - 8
    out.text(xs[0], y + 14, figures.cut(plot.label, 12, room), size=12, weight=700)
    if plot.others:
        out.text(xs[0], y + 14 + 16, figures.cut(plot.others, 11, room), size=11, fill=SECOND)
    for i, bar in enumerate(plot.bars):
        _bar(out, bar, xs, quarter, y + i * _LANE)


def _bar(out: Drawing, bar: Bar, xs: tuple[float, float, float], quarter: float, y: float) -> None:
    lead = figures.cut(bar.lead, 11, xs[2] - xs[1] - 8)
    with out.link(bar.key, f"{bar.kind} {bar.number}"):
        out.text(xs[1], y + 14, lead, size=11, fill=SECOND)
        due = [q for q, stage in enumerate(bar.stages) if stage]
        if due:
            left = xs[2] + due[0] * quarter + 3
            right = xs[2] + (due[-1] + 1) * quarter - 3
            out.rect(left, y + 2, right - left, _LANE - 4, WASH, bar.colour)
        for q in due:
            x = xs[2] + q * quarter + 7
            figures.stage(out, x, y + 4, bar.stages[q], bar.colour)
            if q == due[0]:
                words = figures.cut(f"{bar.kind} {bar.number}", 11, quarter - 26)
                out.text(x + 16, y + 13.5, words, size=11)
