"""From cells to rows: which cell is which column, when empty and merged cells have vanished.

The heading says which columns there are; what a cell may hold in each column (`loaders.shapes`)
says where a row begins and which cell is missing. The rows are the cheapest path through the
columns over all cells. Where a line break may also part one cell, a cell may take several.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from graph.records import Span
from loaders.bodies import Segmenter
from loaders.cells import Block
from loaders.headings import (
    QUARTER_COLUMNS,
    Column,
    Heading,
    column_of,
    columns_glued,
    names_a_table,
    roles_paired,
)
from loaders.rows import Filled, Raw
from loaders.shapes import NEVER, Reading, absent, cost, reading

_WRAPPED = 3
"""Into so many paragraphs a heading may be torn (序 / 号)."""


def headings(blocks: Sequence[Block]) -> Iterator[Heading]:
    """The runs of headings that make a table of targets, in order.

    In a heading of two storeys the quarters come last in the text, but stand under the one
    heading that spans them.

    >>> cells = "序号|目标任务|阶段性目标|主责部门|第一季度|第二季度|第三季度|第四季度".split("|")
    >>> next(headings([Block(0, 1, c) for c in cells])).columns
    ('number', 'text', 'q1', 'q2', 'q3', 'q4', 'lead')
    """
    start = 0
    while start < len(blocks):
        end = start
        names: list[Column] = []
        while end < len(blocks) and (found := _named(blocks, end))[1]:
            names += found[1]
            end += found[0]
        if names_a_table(names, 3):
            paired, alone = roles_paired(names)
            yield Heading(in_order(paired), start, end, alone)
        start = max(end, start + 1)


def _named(blocks: Sequence[Block], at: int) -> tuple[int, Sequence[Column]]:
    """How many blocks make the heading at a place, and the columns that it names."""
    parts = [b.text for b in blocks[at : at + _WRAPPED]]
    alone = column_of(parts[0])
    for count in range(len(parts), 1, -1):
        joined = "".join(parts[:count])
        torn = joined in ("序号", "编号") or any(column_of(p) is None for p in parts[:count])
        if torn and all(parts[:count]) and (name := column_of(joined)):
            return count, (name,)
    if alone is not None:
        return 1, (alone,)
    return 1, columns_glued(parts[0])


def in_order(names: Sequence[Column]) -> tuple[Column, ...]:
    """The columns as they stand on the page: quarters where the heading over them stands.

    Where none stand under it, such a heading (时间节点) is that of a deadline.
    """
    quarters = [n for n in names if n in QUARTER_COLUMNS]
    if "span" in names and quarters:
        names = [n for n in names if n not in QUARTER_COLUMNS]
        at = names.index("span")
        names = [*names[:at], *quarters, *names[at + 1 :]]
    columns: list[Column] = []
    for name in names:
        if name == "theme" and "text" not in names and "text" not in columns:
            name = "text"
        if name == "span":
            name = "due" if not quarters and "due" not in names else "other"
        columns.append(name if name not in columns or name in _SEVERAL else "other")
    return tuple(columns)


_SEVERAL = frozenset(("other", *QUARTER_COLUMNS))
"""Columns that may stand several times: a quarter has three months."""
_SKIP = 4.0


def rows(
    text: str, blocks: Sequence[Block], head: Heading, bodies: Segmenter, *, torn: bool = False
) -> list[Raw]:
    """The rows of blocks that stand below a heading, in order.

    `torn` is whether one cell may be parted into several blocks.
    """
    kept = _without_headings(blocks)
    readings = [reading(b.text, bodies) for b in kept]
    joined = [0.0] * len(kept)
    if torn:
        joined[1:] = [bodies.trust(a.text + b.text) for a, b in pairwise(kept)]
    columns = head.columns
    if "domain" not in columns and any(r.chapter for r in readings):
        columns = ("domain", *columns)  # a chapter in a row of its own
    found: list[Raw] = []
    for cells in _cheapest(kept, readings, columns, joined, torn=torn):
        row: dict[Column, Filled] = {}
        for name, parts in cells.items():
            spans = [b.span() for b in parts if b.text]
            if spans:
                start, end = spans[0].start, spans[-1].end
                row[name] = Filled(Span(start, end, text[start:end]))
        found.append(row)
    return found


def _without_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the headings that a page break repeats: three and more in a run."""
    kept: list[Block] = []
    run: list[Block] = []
    for block in blocks:
        if column_of(block.text) is not None or columns_glued(block.text):
            run.append(block)
            continue
        kept += run if len(run) < 3 and not _is_heading(run) else []
        kept.append(block)
        run = []
    return kept + (run if len(run) < 3 else [])


def _is_heading(run: Sequence[Block]) -> bool:
    return any(len(columns_glued(b.text)) > 2 for b in run)


_Cells = dict[Column, list[Block]]


def _cheapest(
    blocks: Sequence[Block],
    readings: Sequence[Reading],
    columns: tuple[Column, ...],
    joined: Sequence[float],
    *,
    torn: bool,
) -> list[_Cells]:
    """The rows as the cheapest assignment of blocks to columns, columns repeating in order.

    Dynamic programming over (blocks taken, columns passed in this row); a block may also be
    skipped, at a price, for what stands between and after the rows.
    """
    width = len(columns)
    missing = [absent(c) for c in columns]
    size = len(readings)
    listed = [max(r.bodies, j) for r, j in zip(readings, joined, strict=True)]
    best = [[NEVER] * (width + 1) for _ in range(size + 1)]
    back: list[list[tuple[int, int, str]]] = [[(0, 0, "")] * (width + 1) for _ in range(size + 1)]
    best[0][0] = 0.0
    for i in range(size + 1):
        row, steps = best[i], back[i]
        for _ in range(2):  # leave columns out, begin the next row, leave out its first columns
            for j in range(width):
                price = row[j] + missing[j]
                if price < row[j + 1]:
                    row[j + 1], steps[j + 1] = price, (i, j, "absent")
            if row[width] < row[0]:
                row[0], steps[0] = row[width], (i, width, "next")
        if i == size:
            break
        one, below, to = readings[i], best[i + 1], back[i + 1]
        skip = 0.05 if not one.text else _SKIP
        for j in range(width + 1):
            if row[j] >= NEVER:
                continue
            if row[j] + skip < below[j]:
                below[j], to[j] = row[j] + skip, (i, j, "skip")
            if j < width:
                price = row[j] + cost(one, columns[j])
                if price < below[j + 1]:
                    below[j + 1], to[j + 1] = price, (i, j, "take")
            if j and steps[j][2] in ("take", "more"):
                price = row[j] + _more(one, columns[j - 1], listed[i], torn=torn)
                if price < below[j]:
                    below[j], to[j] = price, (i, j, "more")
    return _traced(blocks, columns, best, back)


def _more(one: Reading, column: Column, listed: float, *, torn: bool) -> float:
    """What it costs to believe that a block goes on with the cell of the block before.

    `listed` is how well both together read as a list of departments.
    """
    if one.number or one.chapter or one.blank or one.dash:
        return 6.0
    if not torn:  # a page break may still have parted a cell
        if column == "coordinate":
            return 1.5 + 6.0 * (1.0 - listed)
        return 3.6 + 4.0 * (one.bodies > 0.75) if column in ("text", *QUARTER_COLUMNS) else NEVER
    if column in ("lead", "coordinate"):
        return 0.4 + 6.0 * (1.0 - listed)
    if column in ("text", *QUARTER_COLUMNS):
        return 0.9 + 4.0 * (one.bodies > 0.75) + 1.0 * one.deadline
    return 2.5


def _traced(
    blocks: Sequence[Block],
    columns: tuple[Column, ...],
    best: list[list[float]],
    back: list[list[tuple[int, int, str]]],
) -> list[_Cells]:
    i, j = len(blocks), 0
    if best[i][len(columns)] < best[i][0]:
        j = len(columns)
    found: list[_Cells] = []
    current: _Cells = {}
    while (i, j) != (0, 0):
        before_i, before_j, step = back[i][j]
        if step == "take":
            current.setdefault(columns[before_j], []).insert(0, blocks[before_i])
        if step == "more":
            current.setdefault(columns[before_j - 1], []).insert(0, blocks[before_i])
        if step == "next":
            if "text" in current:
                found.append(current)
            current = {}
        i, j = before_i, before_j
        if step == "":
            break
    if "text" in current:
        found.append(current)
    return found[::-1]
