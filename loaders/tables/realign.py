"""Rows that a page kept with too few cells: put each cell back into its column.

Merged cells are often left out when a table becomes text (`| 建医院 | 立项 |…` without its
number), so the row slides to the left. The looks of the columns in whole rows show where its
cells belong; where two ways are nearly as good, a remark states the ambiguity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from loaders.bodies.cells import Segmenter
from loaders.formats.extracted import Grid, GridCell, Remark
from loaders.lexicon.columns import Column
from loaders.tables.cell_costs import NEVER, Looks, Reading, cost, reading
from ontology.names import squeeze

_UNSURE = 1.0
"""Two ways whose prices differ by less are both possible."""
_SLID = 12.0
"""The cost of a cell from which a row of full length is moved."""
_INHERITED: tuple[Column, ...] = ("domain", "theme", "number", "lead", "coordinate", "due")
"""Columns whose cells are merged over rows: one that is left out continues the one above."""

_Cell = GridCell | None


@dataclass(frozen=True, slots=True)
class _Way:
    """A way of laying a row's cells into the columns: its price, and the column of each cell."""

    price: float
    columns: tuple[int, ...]


def mended(
    text: str, grid: Grid, begin: int, names: Sequence[Column | None], bodies: Segmenter
) -> tuple[Grid, tuple[Remark, ...]]:
    """The grid with every cell below its heading in its column, and what is unsure of that.

    `begin` is its first row below the heading, `names` what its columns are called.
    """
    width = len(names)
    if grid.merged and all(_whole(row, width) for row in grid.rows):
        return grid, ()
    columns = [n or "other" for n in names]
    cells = {at: _present(grid.rows[at]) for at in range(begin, len(grid.rows))}
    read = {at: [_read(text, c, bodies) for c in row] for at, row in cells.items()}
    right = [
        at for at, row in read.items() if len(row) == width and (grid.exact or _fits(row, columns))
    ]
    looks = Looks.of(read[at] for at in right)
    told = not grid.merged and any(r.blank for row in read.values() for r in row)
    rows: list[tuple[_Cell, ...]] = list(grid.rows[:begin])
    remarks: list[Remark] = []
    last: tuple[_Cell, ...] = (None,) * width
    for at in range(begin, len(grid.rows)):
        row, here = grid.rows[at], cells[at]
        said = [r for r in read[at] if not r.blank]
        if at not in right and len(said) > 1:
            row, why = _laid(here, read[at], columns, looks.writing_blanks() if told else looks)
            if told and len(here) < width:
                row = _inherited(row, last, columns)
            if why:
                remarks.append(_remark(at, here, "slid-row", why))
        row = tuple(row[:width]) + (None,) * (width - len(row))
        if not grid.merged and (missing := _lead_above(row, last, columns)) is not None:
            row, why = missing
            remarks.append(_remark(at, here, "lead-above", why))
        rows.append(row)
        if len(said) > 1:
            last = _standing(row, last)
    return replace(grid, rows=tuple(rows)), tuple(remarks)


def _remark(at: int, here: Sequence[GridCell], kind: str, why: str) -> Remark:
    """A remark on the cells of a row itself, without those that reach down from above."""
    filled = [c for c in here if c.end > c.start]
    own = [c for c in filled if c.row == at] or filled
    return Remark(min(c.start for c in own), max(c.end for c in own), kind, why)


def _whole(row: Sequence[_Cell], width: int) -> bool:
    return len(row) == width and row[-1] is not None


def _present(row: Sequence[_Cell]) -> list[GridCell]:
    """The cells of a row that the page has, its empty ones included."""
    return [c for c in row if c is not None]


def _read(text: str, cell: GridCell, bodies: Segmenter) -> Reading:
    return reading(squeeze(text[cell.start : cell.end]), bodies)


def _fits(row: Sequence[Reading], columns: Sequence[Column]) -> bool:
    """Return whether the cells of a row fit their columns."""
    prices = [cost(one, column) for one, column in zip(row, columns, strict=True)]
    return max(prices) < _SLID


def _laid(
    here: Sequence[GridCell], read: Sequence[Reading], columns: Sequence[Column], looks: Looks
) -> tuple[tuple[_Cell, ...], str]:
    """The cells of a row in their columns, in order, at least cost; why that is unsure."""
    filled = list(here)
    while filled and read[len(filled) - 1].blank and len(filled) > len(columns):
        filled.pop()
    read = read[: len(filled)]
    ways = _ways(read, columns, looks)
    if len(filled) == len(columns):
        bare = [i for i, one in enumerate(read) if not one.blank]
        stays = _price(read, range(len(columns)), columns, looks)
        ways = _ways([read[i] for i in bare], columns, looks)
        if not ways or ways[0].price + _SLID > stays:
            return tuple(filled), ""
        filled = [filled[i] for i in bare]
    if not ways:
        return tuple(filled), ""
    made: list[_Cell] = [None] * len(columns)
    for cell, column in zip(filled, ways[0].columns, strict=True):
        made[column] = replace(cell, column=column)
    unsure = len(ways) > 1 and ways[1].price - ways[0].price < _UNSURE
    differ = unsure and _names(ways[0], columns) != _names(ways[1], columns)
    why = "这一行少了格，各格归在哪一栏按内容推断，另有一种归法差不多同样可能" if differ else ""
    return tuple(made), why


def _names(way: _Way, columns: Sequence[Column]) -> list[Column]:
    return [columns[c] for c in way.columns if columns[c] != "other"]


def _price(
    read: Sequence[Reading], at: Sequence[int], columns: Sequence[Column], looks: Looks
) -> float:
    return sum(
        cost(one, columns[c]) + looks.against(one, c) for one, c in zip(read, at, strict=True)
    )


def _ways(read: Sequence[Reading], columns: Sequence[Column], looks: Looks) -> list[_Way]:
    """The two cheapest ways of laying cells into columns, the cheapest first.

    Dynamic programming over (columns passed, cells laid), the best two kept of each.
    """
    count = len(read)
    if count > len(columns):
        return []
    states: list[list[_Way]] = [[_Way(0.0, ())], *([] for _ in range(count))]
    for column, name in enumerate(columns):
        missing = looks.absent(column, name)
        for laid in range(min(column + 1, count), -1, -1):
            found = [_Way(w.price + missing, w.columns) for w in states[laid]]
            if laid:
                one = read[laid - 1]
                price = cost(one, name) + looks.against(one, column)
                if price < NEVER:
                    found += [_Way(w.price + price, (*w.columns, column)) for w in states[laid - 1]]
            states[laid] = sorted(found, key=lambda w: w.price)[:2]
    return states[count]


def _inherited(
    row: tuple[_Cell, ...], last: Sequence[_Cell], columns: Sequence[Column]
) -> tuple[_Cell, ...]:
    """The row with the merged cells of the rows above.

    Where a table writes its empty cells, a missing one was merged with the one above.
    """
    return tuple(
        last[i] if cell is None and name in _INHERITED else cell
        for i, (cell, name) in enumerate(zip(row, columns, strict=True))
    )


def _lead_above(
    row: tuple[_Cell, ...], last: Sequence[_Cell], columns: Sequence[Column]
) -> tuple[tuple[_Cell, ...], str] | None:
    """The row with the lead of the row above where its own cell is blank, and why.

    Every target has a lead; a blank is the rest of a merged cell.
    """
    if "lead" not in columns or "text" not in columns:
        return None
    at, task = columns.index("lead"), columns.index("text")
    above, own, said = last[at], row[at], row[task]
    if above is None or above.end == above.start or said is None or said.end == said.start:
        return None
    if own is not None and own.end > own.start:
        return None
    filled = tuple(above if i == at else cell for i, cell in enumerate(row))
    return filled, "主责格是空的，按合并单元格读作上一行的主责部门"


def _standing(row: Sequence[_Cell], last: Sequence[_Cell]) -> tuple[_Cell, ...]:
    """The cell above the next row in each column."""
    return tuple(
        own if own is not None and own.end > own.start else above
        for own, above in zip(row, last, strict=True)
    )
