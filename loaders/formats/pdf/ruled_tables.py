"""Ruled tables of PDF pages: cells from the lines drawn, tables and rows over page breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import mean
from typing import Any

from loaders.formats.extracted import Placed
from loaders.formats.pdf.lines import cell_text
from loaders.lexicon.columns import column_of

_NEAR = 4.0
"""Points within which two edges are one."""
_LEAST_RULES = 3
"""Fewer rules make no table of a heading and a row."""
_NARROWEST = 16.0
"""Points: a column is at least as wide as a character."""
_DIGITS = re.compile(r"\d{1,3}[.、]?")
_SENTENCE_ENDS = "。；;！!？?"


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table of one page: its cells at their places, and the edges of its columns."""

    cells: tuple[Placed, ...]
    edges: tuple[float, ...]
    height: int
    top: float
    full: frozenset[int] = frozenset()
    """Columns whose lowest cell ends in a line that fills it: its text may go on."""

    def goes_on(self, before: Ruled) -> bool:
        """Return whether this is the next page of the table before: the same column edges."""
        return len(self.edges) == len(before.edges) and all(
            abs(a - b) < 2 * _NEAR for a, b in zip(self.edges, before.edges, strict=True)
        )

    def row(self, number: int) -> dict[int, Placed]:
        """The cells that begin in a row, by column."""
        return {c.column: c for c in self.cells if c.row == number}


def ruled(page: Any, chars: Sequence[Any]) -> tuple[tuple[Ruled, ...], list[Any]]:
    """The tables of a page, and the characters outside them."""
    rest = list(chars)
    found = []
    for table in page.find_tables(
        {"explicit_horizontal_lines": _ends(page), "explicit_vertical_lines": _sides(page)}
    ):
        boxes = [b for b in table.cells if b is not None]
        across, down = (
            _edges(b[i] for b in boxes for i in (0, 2)),
            _edges(b[i] for b in boxes for i in (1, 3)),
        )
        if len(across) < 3 or len(boxes) < 2:
            continue  # a frame around text
        inside: dict[tuple[float, ...], list[Any]] = {b: [] for b in boxes}
        outside: list[Any] = []
        for char in rest:
            x, y = (char["x0"] + char["x1"]) / 2, (char["top"] + char["bottom"]) / 2
            box = next((b for b in boxes if b[0] <= x < b[2] and b[1] <= y < b[3]), None)
            (outside if box is None else inside[box]).append(char)
        rest = outside
        texts = {b: cell_text(inside[b], b[2]) for b in boxes}
        cells = [
            Placed(
                _at(down, b[1]),
                _at(across, b[0]),
                texts[b][0],
                max(1, _at(down, b[3]) - _at(down, b[1])),
                max(1, _at(across, b[2]) - _at(across, b[0])),
            )
            for b in boxes
        ]
        cells.sort(key=lambda c: (c.row, c.column))
        full = frozenset(
            _at(across, b[0]) for b in boxes if texts[b][1] and _at(down, b[3]) == len(down) - 1
        )
        found.append(Ruled(tuple(cells), tuple(across), len(down) - 1, boxes[0][1], full))
    return tuple(found), rest


def _ends(page: Any) -> list[float]:
    """The heights at which the upright lines of a page begin and end.

    A row that a page break cuts is often left open there: these close it.
    """
    upright = [e for e in page.edges if e["orientation"] == "v" and e["height"] > _NEAR]
    if len({round(e["x0"] / _NEAR) for e in upright}) < 3:
        return []
    return [min(e["top"] for e in upright), max(e["bottom"] for e in upright)]


def _sides(page: Any) -> list[float]:
    """The left and right ends of rules that lie across, where no upright line closes them.

    Tables are printed without their outer lines; their first and last column would be lost.
    """
    across = [e for e in page.edges if e["orientation"] == "h" and e["width"] > _NEAR]
    upright = [e["x0"] for e in page.edges if e["orientation"] == "v" and e["height"] > _NEAR]
    if len({round(e["top"] / _NEAR) for e in across}) < _LEAST_RULES or not upright:
        return []
    left, right = min(e["x0"] for e in across), max(e["x1"] for e in across)
    found = [left] if min(upright) - left > _NARROWEST else []
    return [*found, right] if right - max(upright) > _NARROWEST else found


def _edges(values: Iterable[float]) -> list[float]:
    """Edges that are nearly one, as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _at(edges: Sequence[float], value: float) -> int:
    return min(range(len(edges)), key=lambda i: abs(edges[i] - value))


def joined(tables: Sequence[Ruled]) -> Ruled:
    """The pages of one table as one table: repeated headings left out, cut rows made whole."""
    whole = _compact(tables[0])
    for table in tables[1:]:
        table = _without_heading(_compact(table), whole)
        if not table.height:
            continue
        first = 1 if _cut(whole, table) else 0
        whole = _made_whole(whole, table, cut=bool(first))
        moved = tuple(
            replace(c, row=c.row - first + whole.height) for c in table.cells if c.row >= first
        )
        whole = replace(
            whole,
            cells=(*whole.cells, *moved),
            height=whole.height + table.height - first,
            full=table.full,
        )
    return whole


def _compact(table: Ruled) -> Ruled:
    """The table without rows in which no text begins: gaps between cells, slivers of a page."""
    kept = sorted({c.row for c in table.cells if c.text.strip()})
    cells = []
    for cell in table.cells:
        height = sum(cell.row <= r < cell.row + cell.height for r in kept)
        if height:
            cells.append(replace(cell, row=sum(r < cell.row for r in kept), height=height))
    return replace(table, cells=tuple(cells), height=len(kept))


def _without_heading(table: Ruled, whole: Ruled) -> Ruled:
    """The table without the rows at its top that repeat the first rows of the whole."""
    same = 0
    while same < min(table.height, whole.height, 4) and _texts(table, same) == _texts(whole, same):
        same += 1
    if not same or not any(_texts(table, r) for r in range(same)):
        return table
    kept = tuple(replace(c, row=c.row - same) for c in table.cells if c.row >= same)
    return replace(table, cells=kept, height=table.height - same)


def _texts(table: Ruled, row: int) -> dict[int, str]:
    return {i: "".join(c.text.split()) for i, c in table.row(row).items() if c.text.strip()}


def _cut(whole: Ruled, table: Ruled) -> bool:
    """Return whether the first row of a page is the rest of the last row of the page before."""
    last, first = _last_cells(whole), table.row(0)
    number, task = _number_and_task(whole)
    blank = {i for i, c in first.items() if not c.text.strip()}
    if number not in {*blank, None}:
        return False
    if all(i in blank for i in first):
        return True
    if task in blank:
        return bool(first.keys() - blank)
    said = first.keys() - blank
    if number is not None and len(said) == 1 and all(first[i].width == 1 for i in said):
        return all(
            i in last and bool(last[i].text.strip()) for i in said
        )  # who, or when, is missing
    both = [i for i in first.keys() - blank if i in last and last[i].text.strip()]
    if both and number is not None and sum(i in whole.full for i in both) >= 0.6 * len(both):
        return True
    before = last.get(task)
    return (
        task in first
        and before is not None
        and bool(before.text.strip())
        and before.text.strip()[-1] not in _SENTENCE_ENDS
        and (number is not None or bool(blank))
    )


def _last_cells(table: Ruled) -> dict[int, Placed]:
    """The cells that reach down to the last row, by column."""
    return {c.column: c for c in table.cells if c.row + c.height == table.height}


def _number_and_task(table: Ruled) -> tuple[int | None, int]:
    """The column of running numbers, if there is one, and that of the longest texts."""
    columns: dict[int, list[str]] = {}
    for cell in table.cells:
        said = "".join(cell.text.split())
        if said and cell.width == 1 and column_of(said) is None:
            columns.setdefault(cell.column, []).append(cell.text.strip())
    number = next(
        (i for i, said in sorted(columns.items())
         if sum(bool(_DIGITS.fullmatch(t)) for t in said) > len(said) / 2), None
    )  # fmt: skip
    lengths = {i: mean(map(len, said)) for i, said in columns.items()}
    return number, max(lengths, key=lambda i: lengths[i], default=0)


def _made_whole(whole: Ruled, table: Ruled, *, cut: bool) -> Ruled:
    """The whole with its last cells completed from the next page.

    The rest of a cut row is added to it; a merged cell goes on where the page begins with an
    empty one.
    """
    last = _last_cells(whole)
    rest: dict[Placed, Placed] = {}
    for column, cell in table.row(0).items():
        said = bool(cell.text.strip())
        if column in last and (cut or (not said and cell.height > 1)):
            rest[last[column]] = cell
    cells = tuple(
        replace(c, text=c.text + rest[c].text, height=c.height + rest[c].height - cut)
        if c in rest
        else c
        for c in whole.cells
    )
    return replace(whole, cells=cells)
