"""A row a target or project: its steps in four columns of stages, and a mark of what came back."""

from __future__ import annotations

from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, INK, SECOND, WASH, Drawing, width_of

_ROW, _BAND = 22.0, 24.0
STAGES = ("Prepare", "Start", "Progress", "Done")


@dataclass(frozen=True, slots=True)
class StageRow:
    """A row: its key, number, label, the words of each column, and what came back."""

    key: str
    number: str
    label: str
    colour: str
    steps: tuple[str, str, str, str]
    mark: str
    """none, begun, half, full or dropped; empty on a board without reports."""
    told: str


@dataclass(frozen=True, slots=True)
class StageRows:
    """The content of a picture."""

    title: str
    caption: str
    source: str
    heads: tuple[str, str, str, str, str, str]
    """Target, the four stages, what was reported."""
    groups: tuple[tuple[str, tuple[StageRow, ...]], ...]
    nothing: str


def draw(rows: StageRows, paper: Paper = SCREEN) -> str:
    """Draw the rows as SVG."""
    width = paper.room
    number = 24 + max([20.0, *(width_of(r.number, 12) + 8 for _, g in rows.groups for r in g)])
    label = number + 0.22 * width
    has_told = any(r.mark for _, g in rows.groups for r in g)
    right = width - 24 - (0.17 * width if has_told else 0)
    column = (right - label) / 4
    top = figures.captioned(width, rows.caption, rows.title, paper) + 24
    tall = sum(_BAND + _ROW * len(g) + 4 for _, g in rows.groups)
    foot = figures.foot_height(width, rows.source)
    out = Drawing(width, top + max(tall, 40) + 12 + foot, rows.title, rows.caption)
    figures.heading(out, rows.title, rows.caption, paper)
    if not rows.groups:
        out.text(24, top + 10, rows.nothing, size=15)
        figures.foot(out, rows.source)
        return str(out)
    out.text(number, top - 7, rows.heads[0], size=11, fill=SECOND)
    for i, stage in enumerate(STAGES):
        figures.stage(out, label + i * column, top - 17, stage, INK)
        out.text(label + i * column + 15, top - 7, rows.heads[i + 1], size=11, fill=SECOND)
    if has_told:
        out.text(right + 20, top - 7, rows.heads[5], size=11, fill=SECOND)
    out.line(24, top, width - 24, top, INK, 1.4)
    y = top
    for words, group in rows.groups:
        out.breaks.append(y)
        out.rect(24, y, width - 48, _BAND - 3, WASH)
        out.text(30, y + 15, words, size=12, weight=700)
        y += _BAND
        for row in group:
            if row is not group[0]:
                out.breaks.append(y)
            with out.link(row.key, f"{row.number} {row.label} {row.told}".strip()):
                out.rect(24, y, width - 48, _ROW - 2, "#FCFBF8")
                out.text(24, y + 14.5, row.number, size=12, weight=700, fill=row.colour)
                shown = figures.cut(row.label, 12, label - number - 8)
                out.text(number, y + 14.5, shown, size=12)
                for i, step in enumerate(row.steps):
                    if step:
                        shown = figures.cut(step, 11, column - 8)
                        out.text(label + i * column, y + 14.5, shown, size=11)
                if row.mark:
                    _mark(out, right + 9, y + 10, row.mark, row.colour)
                    shown = figures.cut(row.told, 11, width - 24 - right - 22)
                    out.text(right + 20, y + 14.5, shown, size=11, fill=SECOND)
            out.line(24, y + _ROW - 1, width - 24, y + _ROW - 1, HAIR)
            y += _ROW
        y += 4
    out.breaks.append(y)
    figures.foot(out, rows.source)
    return str(out)


def _mark(out: Drawing, x: float, y: float, name: str, colour: str) -> None:
    """Draw how much came back: a broken ring, a ring with a dot, half, full, or struck."""
    out.circle(x, y, 5, colour if name == "full" else "#FFFFFF", colour, 1.4,
               "1.6 1.6" if name == "none" else "")  # fmt: skip
    if name == "begun":
        out.circle(x, y, 1.4, colour, colour, 0)
    elif name == "half":
        out.path(f"M{x:.1f},{y - 5:.1f}A5,5 0 0 0 {x:.1f},{y + 5:.1f}Z", colour)
    elif name == "dropped":
        out.line(x - 5, y + 5, x + 5, y - 5, colour, 1.6)
