"""A grid of small cells, each with a letter or a number, so that no meaning hangs on colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, INK, SECOND, THIRD, WASH, Drawing, width_of

_ROW, _BAND = 20.0, 24.0


@dataclass(frozen=True, slots=True)
class Tone:
    """The fill of a cell, the colour of its letter, and its edge."""

    fill: str
    ink: str
    edge: str
    dash: bool = False


@dataclass(frozen=True, slots=True)
class GridLine:
    """A row: its key, number, words, and whether something is due in each column."""

    key: str
    number: str
    label: str
    colour: str
    due: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """A cell: what it shows, its tone, and its words for those who hear the picture."""

    text: str
    tone: Tone
    tip: str


@dataclass(frozen=True, slots=True)
class LetterGrid:
    """The content of a picture; `cells` are by key of row and column, as `14a~M6`."""

    title: str
    caption: str
    source: str
    columns: tuple[tuple[str, str], ...]
    """Key and heading of each column."""
    groups: tuple[tuple[str, tuple[GridLine, ...]], ...]
    cells: Mapping[str, Letter]
    legend: tuple[tuple[Letter, str], ...]
    note: str = ""
    """Meaning of the line below a cell; empty where no row has one."""


def draw(grid: LetterGrid, paper: Paper = SCREEN) -> str:
    """Draw the grid as SVG."""
    width = paper.room
    number = 24 + max(
        [20.0, *(width_of(r.number, 12) + 8 for _, rows in grid.groups for r in rows)]
    )
    cell = min(46.0 if len(grid.columns) > 6 else 84.0, 0.55 * width / len(grid.columns))
    left = width - 24 - cell * len(grid.columns)
    top = figures.captioned(width, grid.caption, grid.title, paper) + 24
    high = sum(_BAND + _ROW * len(rows) + 4 for _, rows in grid.groups)
    key = _legend_height(grid, width)
    foot = figures.foot_height(width, grid.source)
    out = Drawing(width, top + high + key + foot, grid.title, grid.caption)
    figures.heading(out, grid.title, grid.caption, paper)
    for i, (_, words) in enumerate(grid.columns):
        out.text(left + (i + 0.5) * cell, top - 7, words, size=11, fill=SECOND, anchor="middle")
    out.line(24, top, width - 24, top, INK, 1.4)
    y = top
    for words, rows in grid.groups:
        out.breaks.append(y)
        out.rect(24, y, width - 48, _BAND - 3, WASH)
        out.text(30, y + 15, words, size=12, weight=700)
        y += _BAND
        for row in rows:
            if row is not rows[0]:
                out.breaks.append(y)
            _row(out, grid, row, (number, left, cell), y)
            y += _ROW
        y += 4
    out.breaks.append(y)
    _legend(out, grid, y + 18)
    figures.foot(out, grid.source)
    return str(out)


def _row(
    out: Drawing, grid: LetterGrid, row: GridLine, xs: tuple[float, float, float], y: float
) -> None:
    number, left, cell = xs
    with out.link(row.key, f"{row.number} {row.label}"):
        out.rect(24, y, left - 28, _ROW - 1, "#FCFBF8")
        out.text(24, y + 14, row.number, size=12, weight=700, fill=row.colour)
        out.text(number, y + 14, figures.cut(row.label, 12, left - number - 10), size=12)
    for i, (column, _) in enumerate(grid.columns):
        x = left + i * cell
        letter = grid.cells.get(f"{row.key}~{column}")
        if letter:
            with out.link(f"{row.key}~{column}", letter.tip):
                _letter(out, x, y, cell - 2, letter)
        else:
            out.rect(x, y, cell - 2, _ROW - 3, "#FCFBF8", HAIR)
        if row.due[i]:
            out.rect(x, y + _ROW - 2.5, cell - 2, 1.8, row.colour)


def _letter(out: Drawing, x: float, y: float, wide: float, letter: Letter) -> None:
    out.rect(x, y, wide, _ROW - 3, letter.tone.fill, letter.tone.edge)
    out.text(x + wide / 2, y + 13, letter.text, size=11, fill=letter.tone.ink, anchor="middle")


def _places(grid: LetterGrid, width: float) -> list[tuple[float, float]]:
    """Return where each entry of the legend is, and after the last where the note is."""
    found, x, y = [], 24.0, 0.0
    for _, words in grid.legend:
        wide = 40 + width_of(words, 11)
        if x + wide > width - 24:
            x, y = 24.0, y + 20
        found.append((x, y))
        x += wide
    return [*found, (24.0, y + 20)]


def _legend_height(grid: LetterGrid, width: float) -> float:
    return _places(grid, width)[-1][1] + (34 if grid.note else 16)


def _legend(out: Drawing, grid: LetterGrid, top: float) -> None:
    places = _places(grid, out.width)
    for (x, y), (letter, words) in zip(places, grid.legend, strict=False):
        _letter(out, x, top + y - 13, 20, letter)
        out.text(x + 25, top + y, words, size=11)
    if grid.note:
        x, y = places[-1]
        out.rect(x, top + y - 4, 20, 1.8, THIRD)
        out.text(x + 25, top + y, grid.note, size=11)
