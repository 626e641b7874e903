"""The lead matrix: who leads (rows) with whom coordinating (columns), grouped by domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, HUES, INK, SECOND, STREETS, THIRD, WASH, Drawing, width_of

BLUES = ("#C5D9EA", "#7FB0D3", "#0F4E86")
_GAP, _NARROWEST = 7.0, 13.0
"""The gap between domains, and the narrowest column that holds two digits."""


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """A row or a column: a body, its group, its total; for rows also the marks at the right."""

    key: str
    label: str
    group: str
    total: int
    collectives: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """The content of a picture; `cells` has the targets that a row and a column share."""

    title: str
    caption: str
    source: str
    rows: tuple[MatrixLine, ...]
    columns: tuple[MatrixLine, ...]
    cells: dict[tuple[str, str], tuple[str, ...]]
    groups: tuple[str, ...]
    words: dict[str, str]
    """The fixed words of the picture in the reader's language."""


def colour(group: str, groups: Sequence[str], streets: str) -> str:
    """The hue of a group."""
    if group == streets:
        return STREETS
    return HUES[groups.index(group) % len(HUES)] if group in groups else HUES[5]


def draw(matrix: Matrix, paper: Paper = SCREEN) -> str:
    """Draw the matrix as SVG; columns that do not fit into the width go below."""
    words, width = matrix.words, paper.room
    left = max((width_of(r.label, 12) for r in matrix.rows), default=60) + 36
    groups = len({c.group for c in matrix.columns})
    beside = 68 + max([44.0, *(width_of(r.note, 11) for r in matrix.rows)])
    room = width - left - beside - 24
    fit = max(1, int((room - _GAP * groups) // _NARROWEST))
    blocks = -(-len(matrix.columns) // fit) or 1
    size = -(-len(matrix.columns) // blocks) or 1
    chunks = [matrix.columns[i : i + size] for i in range(0, len(matrix.columns), size)] or [()]
    cell = min(19.0, (room - _GAP * groups) / size)
    high = min(max(cell, 15.0), 19.0)
    head = max((len(c.label) for c in matrix.columns), default=4) * 12.0 + 14
    tall = head + sum(high for _ in matrix.rows) + _GAP * len({r.group for r in matrix.rows}) + 56
    top = figures.captioned(width, matrix.caption, matrix.title, paper)
    foot = figures.foot_height(width, matrix.source)
    legend = 60.0
    out = Drawing(width, top + tall * len(chunks) + legend + foot, matrix.title, matrix.caption)
    figures.heading(out, matrix.title, matrix.caption, paper)
    if not matrix.rows:
        out.text(24, top + 20, words["nothing"], size=15)
        figures.foot(out, matrix.source)
        return str(out)
    for n, columns in enumerate(chunks):
        if n:
            out.breaks.append(top + n * tall)
        _block(out, matrix, columns, (left, top + n * tall + head), (cell, high), n == 0)
    end = top + len(chunks) * tall
    out.breaks.append(end)
    _legend(out, matrix, end + 8)
    figures.foot(out, matrix.source)
    return str(out)


def _places(lines: Sequence[MatrixLine], start: float, size: float) -> list[float]:
    found, at, last = [], start, ""
    for line in lines:
        at += _GAP if last and line.group != last else 0
        found.append(at)
        at += size
        last = line.group
    return found


def _block(
    out: Drawing,
    matrix: Matrix,
    columns: Sequence[MatrixLine],
    corner: tuple[float, float],
    size: tuple[float, float],
    first: bool,
) -> None:
    """Draw all rows with some of the columns; the first block has the totals of the rows."""
    words, (left, top), (cell, high) = matrix.words, corner, size
    xs, ys = _places(columns, left, cell), _places(matrix.rows, top, high)
    for x, column in zip(xs, columns, strict=True):
        for i, char in enumerate(column.label):
            y = top - 10 - (len(column.label) - 1 - i) * 12.0
            out.text(x + cell / 2, y, char, size=11, anchor="middle")
        out.rect(x, top - 6, cell, 4, colour(column.group, matrix.groups, words["streets"]))
    right = (xs[-1] + cell if xs else left) + 14
    for y, row in zip(ys, matrix.rows, strict=True):
        out.text(left - 12, y + high / 2 + 4.5, row.label, size=12, anchor="end")
        out.rect(left - 8, y, 4, high, colour(row.group, matrix.groups, words["streets"]))
        for x, column in zip(xs, columns, strict=True):
            _cell(out, matrix, (x, y), size, row, column)
        if first:
            _totals(out, row, right, y + high / 2)
    if first:
        out.text(right, top - 8, words["leads"], size=11, fill=SECOND)
        out.text(right + 52, top - 8, words["collectives"], size=11, fill=SECOND)
    bottom = (ys[-1] + high if ys else top) + 14
    for x, column in zip(xs, columns, strict=True):
        digits = str(column.total)
        out.text(x + cell / 2, bottom, digits, size=11, anchor="middle", fill=SECOND)
    out.text(left - 12, bottom, words["coordinates"], size=11, anchor="end", fill=SECOND)


def _totals(out: Drawing, row: MatrixLine, x: float, y: float) -> None:
    out.rect(x, y - 5, min(2.0 * row.total, 22) or 1, 10, INK)
    out.text(x + min(2.0 * row.total, 22) + 5, y + 4.5, str(row.total), size=11)
    if row.collectives:
        out.circle(x + 58, y, 3.5, "none", SECOND, 1.2, "2 1.4")
        out.text(x + 66, y + 4.5, str(row.collectives), size=11, fill=SECOND)
    elif row.note:
        out.text(x + 52, y + 4.5, row.note, size=11, fill=THIRD)


def _cell(
    out: Drawing,
    matrix: Matrix,
    at: tuple[float, float],
    size: tuple[float, float],
    row: MatrixLine,
    column: MatrixLine,
) -> None:
    (x, y), (wide, high) = at, size
    shared = matrix.cells.get((row.key, column.key), ())
    middle, base = x + wide / 2 - 0.5, y + high / 2 + 4
    if row.key == column.key:
        out.rect(x, y, wide - 1, high - 1, "#FFFFFF", HAIR)
        out.line(x + 2, y + high - 3, x + wide - 3, y + 2, "#B9B3A5")
        if shared:
            with out.link(f"{row.label}~{column.label}", f"{row.label} × {column.label}"):
                out.text(middle, base, str(len(shared)), size=11, anchor="middle")
    elif shared:
        step = min(len(shared), 3) - 1
        tip = f"{row.label} × {column.label}: {' '.join(shared)}"
        with out.link(f"{row.label}~{column.label}", tip):
            out.rect(x, y, wide - 1, high - 1, BLUES[step], "#2E75A8", tip)
            if len(shared) > 1:
                fill = "#FFFFFF" if step == 2 else INK
                out.text(middle, base, str(len(shared)), size=11, fill=fill, anchor="middle")
    else:
        out.rect(x, y, wide - 1, high - 1, WASH)


def _legend(out: Drawing, matrix: Matrix, y: float) -> None:
    x = 24.0
    for step, words in enumerate(("1", "2", matrix.words["more"])):
        out.rect(x, y - 11, 14, 14, BLUES[step], "#2E75A8")
        out.text(x + 20, y, words, size=11)
        x += 34 + width_of(words, 11)
    out.rect(x, y - 11, 14, 14, "#FFFFFF", HAIR)
    out.line(x + 2, y + 1, x + 12, y - 9, "#B9B3A5")
    out.text(x + 20, y, matrix.words["same"], size=11)
    x, y = 24.0, y + 18
    for group in dict.fromkeys(line.group for line in (*matrix.rows, *matrix.columns)):
        if x + 34 + width_of(group, 11) > out.width - 24:
            x, y = 24.0, y + 16
        out.rect(x, y - 9, 12, 10, colour(group, matrix.groups, matrix.words["streets"]))
        out.text(x + 17, y, group, size=11)
        x += 34 + width_of(group, 11)
