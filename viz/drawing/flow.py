"""A picture in three columns: who or what at the left and right, targets with their year between.

Rows have a height of their own and side labels keep their distance, so no two labels meet.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, SECOND, WASH, Drawing, width_of

_ROW, _BAND, _LABEL = 24.0, 26.0, 19.0
_QUARTER = 20.0
MIN_ROOM = 560.0
"""Less than this holds no title of a target between two names."""


@dataclass(frozen=True, slots=True)
class _Widths:
    """Shares of a width: names at both sides, curves, and the targets in the middle."""

    side: float
    curve: float
    middle: float


def _widths(room: float) -> _Widths:
    side = min(190.0, 0.165 * room)
    curve = min(110.0, 0.075 * room)
    return _Widths(side, curve, room - 48 - 2 * side - 2 * curve)


@dataclass(frozen=True, slots=True)
class FlowEnd:
    """Something at the left or right: its label, and the colour of its mark."""

    key: str
    label: str
    colour: str
    link: str = ""
    """The key of its sentences."""


@dataclass(frozen=True, slots=True)
class FlowRow:
    """A target (or a project of it): number, title, and the furthest stage of each quarter."""

    key: str
    number: str
    title: str
    stages: tuple[str, str, str, str]
    colour: str
    mark: str = ""
    """The way or role that is drawn before the number; empty for none."""
    link: str = ""
    """The key of its sentences."""


@dataclass(frozen=True, slots=True)
class FlowLink:
    """From a left end to a row, or from a row to a right end."""

    start: str
    end: str
    role: str
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Flow:
    """The content of a picture. `groups` are (label, rows); `heads` name the three columns."""

    title: str
    caption: str
    source: str
    heads: tuple[str, str, str]
    left: tuple[FlowEnd, ...]
    groups: tuple[tuple[str, tuple[FlowRow, ...]], ...]
    right: tuple[FlowEnd, ...]
    links: tuple[FlowLink, ...]
    quarters: tuple[str, str, str, str]
    nothing: str
    english: bool = False


def draw(flow: Flow, paper: Paper = SCREEN) -> str:
    """Draw the picture as SVG."""
    w, width = _widths(paper.room), paper.room
    middle = 24 + w.side + w.curve
    right = middle + w.middle + w.curve
    top = figures.captioned(width, flow.caption, flow.title, paper) + 34
    rows, high = _rows(flow, top)
    near: dict[str, list[float]] = {}
    for link in flow.links:
        end, row = (link.start, link.end) if link.end in rows else (link.end, link.start)
        near.setdefault(end, []).append(rows[row])
    lefts, rights = _beside(flow.left, near, top), _beside(flow.right, near, top)
    bottom = max([high, *(y + _LABEL for y in (*lefts.values(), *rights.values()))])
    foot = figures.foot_height(width, flow.source)
    out = Drawing(width, bottom + 50 + foot, flow.title, flow.caption)
    figures.heading(out, flow.title, flow.caption, paper)
    if not any(rows_ for _, rows_ in flow.groups):
        out.text(24, top + 10, flow.nothing, size=15)
        figures.foot(out, flow.source)
        return str(out)
    out.text(24 + w.side - 12, top - 14, flow.heads[0], size=11, fill=SECOND, anchor="end")
    out.text(middle + 12, top - 14, flow.heads[1], size=11, fill=SECOND)
    out.text(right + 12, top - 14, flow.heads[2], size=11, fill=SECOND)
    for i, words in enumerate(flow.quarters):
        x = middle + w.middle - 4 * _QUARTER + i * _QUARTER
        out.text(x + 5.5, top - 14, words, size=11, fill=SECOND, anchor="middle")
    for link in flow.links:
        if link.start in lefts and link.end in rows:
            _link(out, 24 + w.side, lefts[link.start], middle, rows[link.end], link)
        elif link.start in rows and link.end in rights:
            _link(out, middle + w.middle, rows[link.start], right, rights[link.end], link)
    for ends, at, x, sign in ((flow.left, lefts, 24 + w.side, -1), (flow.right, rights, right, 1)):
        for side in ends:
            y, anchor = at[side.key], "end" if sign < 0 else "start"
            out.rect(x - 3 if sign < 0 else x, y - 7, 3, 14, side.colour)
            words = figures.cut(side.label, 12, w.side - 12)
            if not side.link:
                out.text(x + 9 * sign, y + 4.5, words, size=12, anchor=anchor)
                continue
            with out.link(side.link, side.label):
                out.text(x + 9 * sign, y + 4.5, words, size=12, anchor=anchor)
    _middle(out, flow, rows, middle, top, w.middle)
    legend = out.height - foot - 12
    x = figures.stages(out, 24, legend, flow.english)
    _legend(out, flow, x + 14, legend)
    figures.foot(out, flow.source)
    return str(out)


def _rows(flow: Flow, top: float) -> tuple[dict[str, float], float]:
    """The middle of each row, and where the last one ends."""
    found: dict[str, float] = {}
    y = top
    for label, rows in flow.groups:
        y += _BAND if label else 0
        for row in rows:
            found[row.key] = y + _ROW / 2
            y += _ROW
        y += 8
    return found, y


def _beside(
    ends: Sequence[FlowEnd], wanted: Mapping[str, Sequence[float]], top: float
) -> dict[str, float]:
    """Place the ends as near to the middle of their rows as the distance between them allows."""
    order = {e.key: i for i, e in enumerate(ends)}
    aim = {e.key: sum(wanted.get(e.key, [top])) / len(wanted.get(e.key, [top])) for e in ends}
    keys = sorted(order, key=lambda k: (round(aim[k], 3), order[k]))
    blocks: list[tuple[list[str], float]] = []
    for key in keys:
        blocks.append(([key], aim[key]))
        while len(blocks) > 1:
            (upper, at), (lower, below) = blocks[-2:]
            if at + (len(upper) + len(lower)) / 2 * _LABEL <= below:
                break
            both = [*upper, *lower]
            blocks[-2:] = [(both, sum(aim[k] for k in both) / len(both))]
    found = {
        key: at + (i - (len(keys_) - 1) / 2) * _LABEL
        for keys_, at in blocks
        for i, key in enumerate(keys_)
    }
    lowest = min(found.values(), default=top)
    shift = max(top + 8 - lowest, 0)
    return {k: round(y + shift, 1) for k, y in found.items()}


def _link(out: Drawing, x1: float, y1: float, x2: float, y2: float, link: FlowLink) -> None:
    bend = (x2 - x1) / 2
    d = f"M{x1:.1f},{y1:.1f}C{x1 + bend:.1f},{y1:.1f} {x2 - bend:.1f},{y2:.1f} {x2:.1f},{y2:.1f}"
    thick = 1.0 if link.role in ("", "Coordinate") else 2.2
    colour = "#9BA7B0" if link.inferred else "#5B6770" if thick > 2 else "#9A9588"
    out.stroke(d, colour, 1.0 if link.inferred else thick, "3 3" if link.inferred else "")


def _middle(
    out: Drawing, flow: Flow, rows: Mapping[str, float], x: float, top: float, wide: float
) -> None:
    y = top
    for label, group in flow.groups:
        if label:
            out.rect(x, y, wide, _BAND - 4, WASH)
            out.text(x + 10, y + 15, f"{label} {len(group)}", size=11.5, weight=700)
            y += _BAND
        for row in group:
            at = rows[row.key]
            out.breaks.append(at - _ROW / 2)
            out.line(x, at + _ROW / 2, x + wide, at + _ROW / 2, HAIR)
            left = x + 10
            if row.mark:
                mark = figures.role if row.mark in ("Lead", "Coordinate") else figures.way
                mark(out, left + 3, at, row.mark)
                left += 16
            number = left
            left += max(width_of(row.number, 12) + 6, 26)
            room = x + wide - 4 * _QUARTER - 8 - left
            with out.link(row.link or row.key, f"{row.number} {row.title}".strip()):
                out.rect(number - 2, at - _ROW / 2 + 1, room + left - number, _ROW - 2, "#FCFBF8")
                out.text(number, at + 4.5, row.number, size=12, weight=700)
                out.text(left, at + 4.5, figures.cut(row.title, 12, room), size=12)
            for i, name in enumerate(row.stages):
                at_x = x + wide - 4 * _QUARTER + i * _QUARTER
                with out.link(f"{row.link or row.key}~Q{i + 1}", f"{row.number} Q{i + 1}"):
                    out.rect(at_x - 3, at - 9, _QUARTER - 2, 18, "#FCFBF8")
                    figures.stage(out, at_x, at - 5.5, name, row.colour)
            y += _ROW
        y += 8


def _legend(out: Drawing, flow: Flow, x: float, y: float) -> None:
    words = (("主责", "leads"), ("配合", "coordinates"), ("推断", "inferred"))
    used = {(k.role if k.role in ("", "Coordinate") else "Lead", k.inferred) for k in flow.links}
    for i, (name, inferred) in enumerate((("Lead", False), ("Coordinate", False), ("", True))):
        if inferred and not any(far for _, far in used):
            continue
        if not inferred and (name, False) not in used:
            continue
        link = FlowLink("", "", name or "Coordinate", inferred)
        _link(out, x, y - 4, x + 26, y - 4, link)
        out.text(x + 32, y, words[i][flow.english], size=11, fill=SECOND)
        x += 50 + width_of(words[i][flow.english], 11)
