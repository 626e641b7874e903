"""From cells to rows: which cell is which column, when empty and merged cells have vanished.

The heading says which columns there are; what a cell may hold in each column (a number, a
chapter heading, a list of departments, a dash) says where a row begins and which cell is
missing. The rows are the cheapest path through the columns over all cells: no cell is counted
from the left, and no row of any notice is known here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.records import Row
from loaders.bodies import Segmenter, is_empty
from loaders.cells import Block
from loaders.headings import (
    QUARTER_COLUMNS,
    Column,
    Heading,
    column_of,
    names_a_table,
    roles_paired,
)
from loaders.rows import Filled, rows_of

_NUMBER = re.compile(r"[((]?(\d{1,3})[))]?[.．、]?$")
_CHAPTER = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．].{1,24}$|第[一二三四五六七八九十]+[章部]分?.{0,24}$"
)
_SENTENCE = re.compile(r"[,;:。,;:]")


def heading(blocks: Sequence[Block]) -> Heading | None:
    """The first run of headings that makes a table of targets; None where there is none.

    In a heading of two storeys the quarters come last in the text, but stand under the one
    heading that spans them.

    >>> cells = "序号|目标任务|阶段性目标|主责部门|第一季度|第二季度|第三季度|第四季度".split("|")
    >>> heading([Block(0, 1, c) for c in cells]).columns
    ('number', 'text', 'q1', 'q2', 'q3', 'q4', 'lead')
    """
    start = 0
    while start < len(blocks):
        end = start
        names: list[Column] = []
        while end < len(blocks) and (name := column_of(blocks[end].text)) is not None:
            names.append(name)
            end += 1
        if names_a_table(names, 3):
            paired, alone = roles_paired(names)
            return Heading(_in_order(paired), start, end, alone)
        start = max(end, start + 1)
    return None


def _in_order(names: Sequence[Column]) -> tuple[Column, ...]:
    quarters = [n for n in names if n in QUARTER_COLUMNS]
    if "span" in names:
        names = [n for n in names if n not in QUARTER_COLUMNS]
        at = names.index("span")
        names = [*names[:at], *quarters, *names[at + 1 :]]
    columns: list[Column] = []
    for name in names:
        if name == "theme" and "text" not in names and "text" not in columns:
            name = "text"
        columns.append(name if name not in columns or name == "other" else "other")
    return tuple(columns)


@dataclass(frozen=True, slots=True)
class _Reading:
    """A block with what it could be, worked out once."""

    block: Block
    text: str
    number: bool
    chapter: bool
    dash: bool
    bodies: float


_NEVER = 1e9
_SKIP = 4.0
_ABSENT = {"domain": 0.2, "number": 1.5, "theme": 0.6, "text": 60.0, "lead": 4.0,
           "coordinate": 1.0, "other": 0.5}  # fmt: skip


def rows(text: str, blocks: Sequence[Block], head: Heading, bodies: Segmenter) -> tuple[Row, ...]:
    """The rows below a heading, in order; merged cells are carried down and marked so.

    Rows that share a number get the letters a, b, … after it.
    """
    readings = [_reading(b, bodies) for b in _without_headings(blocks[head.end :])]
    raw = _cheapest(readings, head.columns)
    return rows_of(
        text,
        [{name: Filled(b.span()) for name, b in cells.items() if b.text} for cells in raw],
    )


def _without_headings(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the headings that a page break repeats: three and more in a run."""
    kept: list[Block] = []
    run: list[Block] = []
    for block in blocks:
        if column_of(block.text) is not None:
            run.append(block)
            continue
        kept += run if len(run) < 3 else []
        kept.append(block)
        run = []
    return kept + (run if len(run) < 3 else [])


def _reading(block: Block, bodies: Segmenter) -> _Reading:
    text = block.text
    number = _NUMBER.match(text) is not None
    chapter = _CHAPTER.match(text) is not None and not _SENTENCE.search(text)
    dash = is_empty(text)
    trust = 0.0 if number or chapter or dash else bodies.trust(text)
    return _Reading(block, text, number, chapter, dash, trust)


def _cost(reading: _Reading, column: Column) -> float:
    """What it costs to believe that a block is the cell of a column."""
    text, listed = reading.text, reading.bodies > 0.75
    if column == "number":
        return 0.0 if reading.number else _NEVER
    if reading.number:
        return 12.0
    if column == "domain":
        return 0.0 if reading.chapter else 9.0 + (len(text) > 12) * 20
    if reading.chapter:
        return 8.0
    if column in ("lead", "coordinate"):
        if reading.dash:
            return 0.3 if column == "coordinate" else 3.0
        return 8.0 * (1.0 - reading.bodies) + (4.0 if _SENTENCE.search(text) and not listed else 0)
    if column == "theme":
        if reading.dash:
            return 2.0
        return (len(text) > 24) * 6.0 + bool(_SENTENCE.search(text)) * 4.0 + listed * 3.0
    if column == "text":
        return (3.0 if reading.dash else 0.0) + listed * 5.0 + (len(text) < 8) * 1.0
    if column == "other":
        return 1.0 + listed * 1.0 + (len(text) > 30) * 2.0
    return 0.0 if reading.dash else listed * 5.0


def _cheapest(
    readings: Sequence[_Reading], columns: tuple[Column, ...]
) -> list[dict[Column, Block]]:
    """The rows as the cheapest assignment of blocks to columns, columns repeating in order.

    Dynamic programming over (blocks taken, columns passed in this row); a block may also be
    skipped, at a price, for what stands between and after the rows.
    """
    width = len(columns)
    absent = [_ABSENT.get(c, 3.0) for c in columns]
    size = len(readings)
    best = [[_NEVER] * (width + 1) for _ in range(size + 1)]
    back: list[list[tuple[int, int, str]]] = [[(0, 0, "")] * (width + 1) for _ in range(size + 1)]
    best[0][0] = 0.0
    for i in range(size + 1):
        row, steps = best[i], back[i]
        for _ in range(2):  # leave columns out, begin the next row, leave out its first columns
            for j in range(width):
                price = row[j] + absent[j]
                if price < row[j + 1]:
                    row[j + 1], steps[j + 1] = price, (i, j, "absent")
            if row[width] < row[0]:
                row[0], steps[0] = row[width], (i, width, "next")
        if i == size:
            break
        reading = readings[i]
        skip = 0.05 if not reading.text else _SKIP
        for j in range(width + 1):
            if row[j] >= _NEVER:
                continue
            if row[j] + skip < best[i + 1][j]:
                best[i + 1][j], back[i + 1][j] = row[j] + skip, (i, j, "skip")
            if j < width:
                price = row[j] + _cost(reading, columns[j])
                if price < best[i + 1][j + 1]:
                    best[i + 1][j + 1], back[i + 1][j + 1] = price, (i, j, "take")
    return _traced(readings, columns, best, back)


def _traced(
    readings: Sequence[_Reading],
    columns: tuple[Column, ...],
    best: list[list[float]],
    back: list[list[tuple[int, int, str]]],
) -> list[dict[Column, Block]]:
    i, j = len(readings), 0
    if best[i][len(columns)] < best[i][0]:
        j = len(columns)
    found: list[dict[Column, Block]] = []
    current: dict[Column, Block] = {}
    while (i, j) != (0, 0):
        before_i, before_j, step = back[i][j]
        if step == "take":
            current[columns[before_j]] = readings[before_i].block
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
