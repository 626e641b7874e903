"""Tables that a page kept as bars: `1 | 改造 | 区住建局`, or one cell a line, each with a bar.

The grids lie over the text as it stands, so every offset is the text's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from loaders.flat import LARGEST_GRID, Grid, GridCell
from loaders.headings import column_of
from ontology.names import squeeze

_BARS = "|｜"
_LEAST = 3
"""A row has at least so many cells, a table at least so many rows with its heading less one."""


def pipe_grids(text: str) -> tuple[Grid, ...]:
    """The tables of a text that has bars; none where its bars make no table.

    >>> text = "序号 | 任务 | 牵头单位\\n1 | 改造 | 区住建局\\n2 | 建设 | 区民政局"
    >>> grid = pipe_grids(text)[0]
    >>> [text[c.start : c.end] for c in grid.rows[2] if c]
    ['2', '建设', '区民政局']
    """
    if not any(bar in text for bar in _BARS):
        return ()
    lines = [(m.start(), m.group()) for m in re.finditer(r"[^\r\n]+", text) if m.group().strip()]
    return tuple(_tables(lines)) or tuple(_columns(text, lines))


def _bars(line: str) -> list[int]:
    return [i for i, char in enumerate(line) if char in _BARS]


def _tables(lines: Sequence[tuple[int, str]]) -> Iterator[Grid]:
    """Runs of lines that each hold a row; a line without a bar goes on with the cell above."""
    run: list[list[tuple[int, int]]] = []
    for start, line in [*lines, (0, "")]:
        if len(_bars(line)) >= _LEAST - 1:
            run.append(_cells(start, line))
            continue
        if len(run) >= _LEAST - 1:
            yield _grid(run)
        run = []


def _cells(start: int, line: str) -> list[tuple[int, int]]:
    edges = [-1, *_bars(line), len(line)]
    cells = [_trimmed(start, line, a + 1, b) for a, b in pairwise(edges)]
    if line.lstrip()[:1] in tuple(_BARS):
        cells = cells[1:]
    if line.rstrip()[-1:] in tuple(_BARS):
        cells = cells[:-1]
    return cells


def _trimmed(start: int, line: str, left: int, right: int) -> tuple[int, int]:
    said = line[left:right]
    begin = left + len(said) - len(said.lstrip())
    return start + begin, start + max(begin, left + len(said.rstrip()))


def _grid(rows: Sequence[Sequence[tuple[int, int]]]) -> Grid:
    width = max(map(len, rows))
    if width * len(rows) > LARGEST_GRID:
        rows = rows[: LARGEST_GRID // width]
    made = tuple(
        tuple(
            GridCell(*row[column], number, column) if column < len(row) else None
            for column in range(width)
        )
        for number, row in enumerate(rows)
    )
    return Grid(made, rows[0][0][0], rows[-1][-1][1])


def _columns(text: str, lines: Sequence[tuple[int, str]]) -> Iterator[Grid]:
    """One cell a line, each ended by a bar: the heading says how many make a row."""
    cells = [
        _trimmed(start, line, 0, _bars(line)[0]) if len(_bars(line)) == 1 else None
        for start, line in lines
        if not (line.strip() and not _bars(line))
    ]
    flat = [c for c in cells if c is not None]
    first = next(
        (i for i, (a, b) in enumerate(flat) if column_of(squeeze(text[a:b])) == "number"), None
    )
    if first is None:
        return
    width = next(
        (i for i, (a, b) in enumerate(flat[first:]) if i and re.fullmatch(r"\d{1,3}", text[a:b])), 0
    )
    if width < _LEAST:
        return
    rows = [flat[i : i + width] for i in range(first, len(flat) - width + 1, width)]
    if len(rows) >= 2:
        yield _grid(rows)
