"""The lead matrix: who leads (rows) with whom coordinating (columns), grouped by domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.drawing.svg import HAIR, HUES, INK, SECOND, STREETS, THIRD, WASH, Drawing, width_of

BLUES = ("#C5D9EA", "#7FB0D3", "#0F4E86")
_CELL, _GAP = 19.0, 8.0


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


def _places(lines: Sequence[MatrixLine], start: float) -> list[float]:
    found, at, last = [], start, ""
    for line in lines:
        at += _GAP if last and line.group != last else 0
        found.append(at)
        at += _CELL
        last = line.group
    return found


def draw(matrix: Matrix) -> str:
    """The matrix as SVG, the same bytes for the same data."""
    words = matrix.words
    left = max((width_of(r.label, 13) for r in matrix.rows), default=60) + 40
    head = max((len(c.label) for c in matrix.columns), default=4) * 12.5 + 20
    xs, ys = _places(matrix.columns, left), _places(matrix.rows, 92 + head)
    right = (xs[-1] + _CELL if xs else left) + 24
    bottom = (ys[-1] + _CELL if ys else 92 + head) + 8
    width = max(right + 200, width_of(matrix.caption, 12) + 48, 640)
    height = bottom + 130
    out = Drawing(width, height, matrix.title, matrix.caption)
    out.text(24, 36, matrix.title, size=22, weight=700)
    out.text(24, 60, matrix.caption, size=12, fill=SECOND)
    if not matrix.rows:
        out.text(24, 110, words["nothing"], size=15)
        return str(out)
    for x, column in zip(xs, matrix.columns, strict=True):
        hue = colour(column.group, matrix.groups, words["streets"])
        for i, char in enumerate(column.label):
            y = 84 + head - (len(column.label) - i) * 12.5
            out.text(x + _CELL / 2, y, char, size=11.5, anchor="middle")
        out.rect(x, 84 + head - 6, _CELL, 4, hue)
    for y, row in zip(ys, matrix.rows, strict=True):
        out.text(left - 14, y + 14, row.label, size=13, anchor="end")
        out.rect(left - 8, y, 4, _CELL, colour(row.group, matrix.groups, words["streets"]))
        for x, column in zip(xs, matrix.columns, strict=True):
            _cell(out, matrix, x, y, row, column)
        out.rect(right, y + 3, max(4.0 * row.total, 4), _CELL - 6, INK)
        out.text(right + 4 * row.total + 6, y + 14, str(row.total), size=11)
        if row.collectives:
            for i in range(min(row.collectives, 8)):
                out.circle(right + 78 + i * 10, y + _CELL / 2, 3.5, "none", SECOND, 1.2, "2 1.4")
            out.text(
                right + 78 + min(row.collectives, 8) * 10 + 2,
                y + 14,
                str(row.collectives),
                size=11,
                fill=SECOND,
            )
        elif row.note:
            out.text(right + 74, y + 14, row.note, size=11, fill=THIRD)
    out.text(right, 84 + head - 8, words["leads"], size=11, fill=SECOND)
    out.text(right + 72, 84 + head - 8, words["collectives"], size=11, fill=SECOND)
    for x, column in zip(xs, matrix.columns, strict=True):
        out.rect(x + 3, bottom, _CELL - 6, min(column.total * 2.0, 36), "#8A867A")
        out.text(
            x + _CELL / 2,
            bottom + min(column.total * 2.0, 36) + 12,
            str(column.total),
            size=9.5,
            anchor="middle",
            fill=SECOND,
        )
    out.text(left - 14, bottom + 12, words["coordinates"], size=11, anchor="end", fill=SECOND)
    _legend(out, matrix, 24, bottom + 84)
    out.text(24, bottom + 118, matrix.source, size=11, fill=THIRD)
    return str(out)


def _cell(
    out: Drawing, matrix: Matrix, x: float, y: float, row: MatrixLine, column: MatrixLine
) -> None:
    shared = matrix.cells.get((row.key, column.key), ())
    if row.key == column.key:
        out.rect(x, y, _CELL - 1, _CELL - 1, "#FFFFFF", HAIR)
        out.line(x + 2, y + _CELL - 3, x + _CELL - 3, y + 2, "#B9B3A5")
        if shared:
            out.text(x + _CELL / 2 - 0.5, y + 13.5, str(len(shared)), size=11, anchor="middle")
    elif shared:
        step = min(len(shared), 3) - 1
        tip = f"{row.label} × {column.label}: {' '.join(shared)}"
        out.rect(x, y, _CELL - 1, _CELL - 1, BLUES[step], "#2E75A8", tip)
        if len(shared) > 1:
            fill = "#FFFFFF" if step == 2 else INK
            out.text(
                x + _CELL / 2 - 0.5,
                y + 13.5,
                str(len(shared)),
                size=11,
                fill=fill,
                anchor="middle",
                weight=700,
            )
    else:
        out.rect(x, y, _CELL - 1, _CELL - 1, WASH)


def _legend(out: Drawing, matrix: Matrix, x: float, y: float) -> None:
    for step, words in enumerate(("1", "2", matrix.words["more"])):
        out.rect(x, y - 11, 14, 14, BLUES[step], "#2E75A8")
        out.text(x + 20, y, words, size=11)
        x += 34 + width_of(words, 11)
    out.rect(x, y - 11, 14, 14, "#FFFFFF", HAIR)
    out.line(x + 2, y + 1, x + 12, y - 9, "#B9B3A5")
    out.text(x + 20, y, matrix.words["same"], size=11)
    x += 40 + width_of(matrix.words["same"], 11)
    for group in dict.fromkeys(line.group for line in (*matrix.rows, *matrix.columns)):
        out.rect(x, y - 9, 12, 10, colour(group, matrix.groups, matrix.words["streets"]))
        out.text(x + 17, y, group, size=11)
        x += 34 + width_of(group, 11)
