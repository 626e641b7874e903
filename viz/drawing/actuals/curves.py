"""Small charts side by side: steps planned and steps done, added up month by month."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, INK, SECOND, THIRD, WASH, Drawing

_PLOT_HIGH, _PANEL_HIGH, _NARROWEST = 130.0, 196.0, 250.0


@dataclass(frozen=True, slots=True)
class Curve:
    """One chart: its key and label, and the sums at the end of each month, from 0 on."""

    key: str
    label: str
    colour: str
    planned: tuple[int, ...]
    """Thirteen sums: at the beginning of the year and at the end of each month."""
    done: tuple[int, ...]
    """The sums as far as reports reach."""


@dataclass(frozen=True, slots=True)
class Curves:
    """The content of a picture."""

    title: str
    caption: str
    source: str
    panels: tuple[Curve, ...]
    months: tuple[str, ...]
    """Headings of the quarters."""
    words: tuple[str, str]
    """Planned, done."""


def draw(curves: Curves, paper: Paper = SCREEN) -> str:
    """Draw the charts as SVG, as many in a line as there is room for."""
    width = paper.room
    beside = max(1, min(4, int((width - 24) // _NARROWEST)))
    wide = (width - 24) / beside
    lines = -(-len(curves.panels) // beside)
    top = figures.captioned(width, curves.caption, curves.title, paper) + 16
    foot = figures.foot_height(width, curves.source)
    out = Drawing(width, top + lines * _PANEL_HIGH + 26 + foot, curves.title, curves.caption)
    figures.heading(out, curves.title, curves.caption, paper)
    for i, panel in enumerate(curves.panels):
        x, y = 24 + (i % beside) * wide, top + (i // beside) * _PANEL_HIGH
        if i % beside == 0:
            out.breaks.append(y)
        _panel(out, curves, panel, (x, y), wide - 24)
    y = top + lines * _PANEL_HIGH + 8
    out.breaks.append(y - 8)
    out.line(24, y - 4, 52, y - 4, THIRD, 2, "5 3")
    out.text(58, y, curves.words[0], size=11)
    out.line(150, y - 4, 178, y - 4, INK, 2.6)
    out.text(184, y, curves.words[1], size=11)
    figures.foot(out, curves.source)
    return str(out)


def _panel(
    out: Drawing, curves: Curves, panel: Curve, at: tuple[float, float], wide: float
) -> None:
    x, y = at
    plot, base, room = x + 4, y + 24 + _PLOT_HIGH, wide - 44
    most = max(*panel.planned, *panel.done, 1)

    def point(month: int, count: int) -> tuple[float, float]:
        return plot + month / 12 * room, base - count / most * (_PLOT_HIGH - 16)

    out.text(x, y + 12, figures.cut(panel.label, 12, wide), size=12, weight=700)
    for q, words in enumerate(curves.months):
        left = plot + q * room / 4
        with out.link(f"{panel.key}~Q{q + 1}", f"{panel.label} {words}"):
            out.rect(left, y + 22, room / 4 - 1, _PLOT_HIGH + 2, WASH if q % 2 else "#FCFBF8")
            out.text(left + room / 8, base + 15, words, size=11, fill=SECOND, anchor="middle")
    out.line(plot, base, plot + room, base, HAIR)
    _steps(out, [point(m, n) for m, n in enumerate(panel.planned)], THIRD, 2, "5 3")
    _steps(out, [point(m, n) for m, n in enumerate(panel.done)], panel.colour, 2.6, "")
    ends = [(panel.planned, THIRD), (panel.done, panel.colour)]
    heights = [point(len(s) - 1, s[-1])[1] for s, _ in ends if s]
    for (sums, colour), height in zip(ends, _apart(heights), strict=False):
        out.text(plot + room + 6, height + 4, str(sums[-1]), size=12, fill=colour, weight=700)


def _apart(heights: list[float]) -> list[float]:
    """Move two labels apart that would lie on each other; the second one goes below."""
    if len(heights) == 2 and abs(heights[0] - heights[1]) < 15:
        return [min(heights[0], heights[1] - 0), min(heights[0], heights[1]) + 15]
    return heights


def _steps(
    out: Drawing, points: list[tuple[float, float]], colour: str, width: float, dash: str
) -> None:
    """Draw a line that rises where a sum does."""
    for (x1, y1), (x2, y2) in itertools.pairwise(points):
        out.line(x1, y1, x2, y1, colour, width, dash)
        if y1 != y2:
            out.line(x2, y1, x2, y2, colour, width, dash)
