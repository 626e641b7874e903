"""From cells to rows: assign cells to columns when empty and merged cells have vanished.

The heading gives the columns; the content that each column may hold
(`loaders.tables.cell_costs`) shows where a row begins and which cell is missing. The rows are the
cheapest path through the columns over all cells. Where a line break may also split one cell, a
cell may take several.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from graph.records import Span
from loaders.bodies.cells import Segmenter
from loaders.lexicon.columns import (
    QUARTER_COLUMNS,
    Column,
    Heading,
    column_of,
    columns_glued,
    names_a_table,
    roles_paired,
)
from loaders.tables.cell_costs import NEVER, Reading, absent, cost, reading
from loaders.tables.rows import Filled, Raw
from loaders.text.paragraphs import Block

_LONGEST = 12
_SHORT = re.compile("[\u4e00-\u9fff]{2,12}")
_REACHED = re.compile("(?:目标|指标)(?:值|要求|任务)?$")
_REST = 6
_WRAPPED = 3
"""The largest number of paragraphs that a heading is torn into (序 / 号)."""


def headings(blocks: Sequence[Block]) -> Iterator[Heading]:
    """The runs of headings that make a table of targets, in order.

    In a heading of two storeys the quarters come last in the text, but belong under the one
    heading that spans them.

    >>> cells = "序号|目标任务|阶段性目标|主责部门|第一季度|第二季度|第三季度|第四季度".split("|")
    >>> next(headings([Block(0, 1, c) for c in cells])).columns
    ('number', 'text', 'q1', 'q2', 'q3', 'q4', 'lead')
    """
    start = 0
    while start < len(blocks):
        end = start
        names: list[Column] = []
        while end < len(blocks):
            count, found = _named(blocks, end)
            if not found and _is_strange(blocks, end, names):
                count, found = 1, ("strange",)
            if not found:
                break
            names += found
            end += count
        if names_a_table(names, 3):
            paired, alone = roles_paired(_targeted(_known(names), blocks[start:end]))
            yield Heading(in_order(paired), start, end, alone)
        start = max(end, start + 1)


def _is_strange(blocks: Sequence[Block], at: int, names: Sequence[Column]) -> bool:
    """Return whether a block is an unknown heading: short, between known headings."""
    if len(names) < 2 or names.count("strange") > 1 or at + 1 >= len(blocks):
        return False
    after = _named(blocks, at + 1)[1]
    if not _SHORT.fullmatch(blocks[at].text) or not after or after[0] in ("number", "due", "span"):
        return False
    return after[0] not in QUARTER_COLUMNS or "季" in blocks[at + 1].text


def _known(names: Sequence[Column]) -> list[Column]:
    """The columns without those of unknown headings; quarters that come last in the text go
    under the column that spans them."""
    found = list(names)
    quarters = [n for n in found if n in QUARTER_COLUMNS]
    slid = bool(quarters) and found[-len(quarters) :] == quarters and "span" not in found
    if slid and {"lead", "responsible"} & set(found):
        at = [i for i, n in enumerate(found) if n == "strange"]
        unit = min(i for i, n in enumerate(found) if n in ("lead", "responsible"))
        if at and at[0] == unit - 1:
            found[at[0]] = "span"
    return ["other" if n == "strange" else n for n in found]


def _targeted(names: list[Column], blocks: Sequence[Block]) -> list[Column]:
    """The columns, with the first of two texts as the theme where the second holds amounts.

    In `重点工作任务|年度目标` the first is the work, the second its result.
    """
    texts = [i for i, n in enumerate(names) if n == "text"]
    if "theme" in names or len(texts) < 2 or len(names) != len(blocks):
        return names
    first, second = texts[:2]
    if second == first + 1 and _REACHED.search(blocks[second].text):
        names = ["theme" if i == first else n for i, n in enumerate(names)]
    return names


def _named(blocks: Sequence[Block], at: int) -> tuple[int, Sequence[Column]]:
    """The number of blocks of the heading at a place, and the columns that it names."""
    parts = [b.text for b in blocks[at : at + _WRAPPED]]
    alone = column_of(parts[0])
    for count in range(len(parts), 1, -1):
        if sum(map(len, parts[:count])) > _LONGEST:
            continue
        joined = "".join(parts[:count])
        torn = joined in ("序号", "编号") or any(column_of(p) is None for p in parts[:count])
        if torn and all(parts[:count]) and (name := column_of(joined)):
            return count, (name,)
    if alone is not None:
        return 1, (alone,)
    return 1, columns_glued(parts[0])


def in_order(names: Sequence[Column]) -> tuple[Column, ...]:
    """The columns in the order of the page: quarters in the place of the heading over them.

    Without quarters under it, such a heading (时间节点) is that of a deadline.
    """
    quarters = [n for n in names if n in QUARTER_COLUMNS]
    if "span" in names and quarters:
        names = [n for n in names if n not in QUARTER_COLUMNS]
        at = names.index("span")
        names = [*names[:at], *quarters, *names[at + 1 :]]
    columns: list[Column] = []
    if "text" not in names and "theme" in names:  # the last of two is the work
        last = len(names) - 1 - names[::-1].index("theme")
        names = [*names[:last], "text", *names[last + 1 :]]
    for name in names:
        if name == "span":
            name = "due" if not quarters and "due" not in names else "other"
        columns.append(name if name not in columns or name in _SEVERAL else "other")
    return tuple(columns)


_SEVERAL = frozenset(("other", *QUARTER_COLUMNS))
"""Columns that may occur several times: a quarter has three months."""
_SKIP = 4.0
_MERGED_LEAD = 0.6
"""The cost of a lead that is not repeated, in tables that begin with the lead."""


def rows(
    text: str, blocks: Sequence[Block], head: Heading, bodies: Segmenter, *, torn: bool = False
) -> list[Raw]:
    """The rows of the blocks below a heading, in order.

    `torn` allows one cell to be split into several blocks.
    """
    kept = _without_headings(blocks)
    readings = [reading(b.text, bodies) for b in kept]
    joined = [0.0] * len(kept)
    if torn:
        joined[1:] = [bodies.trust(a.text + b.text) for a, b in pairwise(kept)]
        for i, (one, after) in enumerate(pairwise(readings)):
            if 0.3 < one.bodies < joined[i + 1] and len(after.text) < _REST:
                readings[i] = replace(one, bodies=joined[i + 1])  # its last name goes on below
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
    return _led_by_those_above(found) if _leads_first(columns) else found


def _leads_first(columns: Sequence[Column]) -> bool:
    """Return whether the lead comes before the number: one merged cell for all its targets."""
    first = [n for n in columns if n in ("number", "lead")][:2]
    return first == ["lead", "number"]


def _led_by_those_above(rows: list[Raw]) -> list[Raw]:
    """The rows, where who leads is written once for several."""
    last: Filled | None = None
    found: list[Raw] = []
    for row in rows:
        if "lead" in row:
            last = replace(row["lead"], carried=True)
        elif last is not None:
            row = {**row, "lead": last}
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

    Dynamic programming over (blocks taken, columns passed in this row, whether the last block
    went into the last of these); a block may also be skipped, at a price, for text between and
    after the rows.
    """
    width, size = len(columns), len(readings)
    missing = [absent(c) for c in columns]
    if _leads_first(columns):
        missing[columns.index("lead")] = _MERGED_LEAD
    # A cell looks alike in every quarter, and so is priced once for all four.
    kinds = ["q1" if c in QUARTER_COLUMNS else c for c in columns]
    distinct = set(kinds)
    row = [0.0] + [NEVER] * width
    into = [NEVER] * (width + 1)
    back, how = [["skip"] * (width + 1)], [["take"] * (width + 1)]
    for i in range(size + 1):
        steps, last = back[i], NEVER
        for j, (begun, gap) in enumerate(zip(into, [0.0, *missing], strict=True)):
            price = row[j]
            if begun < price:
                price, steps[j] = begun, "into"
            if last + gap < price:
                price, steps[j] = last + gap, "absent"
            row[j] = last = price
        if last < row[0]:  # begin the next row, leave out its first columns
            row[0], steps[0] = last, "next"
            for j, gap in enumerate(missing):
                if row[j] + gap >= row[j + 1]:
                    break
                row[j + 1], steps[j + 1] = row[j] + gap, "absent"
        if i == size:
            break
        one, listed = readings[i], max(readings[i].bodies, joined[i])
        costs = {c: cost(one, c) for c in distinct}
        more = _more(one, distinct, listed, torn=torn)
        taken = [row[j] + costs[kind] for j, kind in enumerate(kinds)]
        longer = [into[j] + more[kind] for j, kind in enumerate(kinds, 1)]
        into = [NEVER, *map(min, taken, longer)]
        how.append(
            ["take", *("more" if m < t else "take" for m, t in zip(longer, taken, strict=True))]
        )
        skip = 0.05 if not one.text else _SKIP
        row = [price + skip for price in row]
        back.append(["skip"] * (width + 1))
    return _traced(blocks, columns, row, back, how)


def _more(
    one: Reading, columns: Collection[Column], listed: float, *, torn: bool
) -> dict[Column, float]:
    """The cost of reading a block as the rest of the cell of the block before.

    `listed` is the trust in both together as a list of departments.
    """
    if one.number or one.chapter or one.dash or not one.text:
        return dict.fromkeys(columns, 6.0)
    if torn:
        units, rest = 0.4 + 8.0 * (1.0 - listed), 2.5
        words = 0.9 + 5.0 * one.bodies * (one.bodies > 0.5) + 1.0 * one.deadline
    else:  # a page break may still have parted a cell
        units, rest = 1.5 + 6.0 * (1.0 - listed), NEVER
        words = 3.6 + 4.0 * (one.bodies > 0.75)
    costs = {"lead": units if torn else rest, "coordinate": units, "text": words, "q1": words}
    return {c: costs.get(c, rest) for c in columns}


def _traced(
    blocks: Sequence[Block],
    columns: tuple[Column, ...],
    last: Sequence[float],
    back: list[list[str]],
    how: list[list[str]],
) -> list[_Cells]:
    i, j = len(blocks), len(columns) if last[len(columns)] < last[0] else 0
    found: list[_Cells] = []
    current: _Cells = {}
    while (i, j) != (0, 0):
        step = back[i][j]
        if step == "into":  # back through the blocks of one cell, to where it was begun
            first = i
            while how[first][j] == "more":
                first -= 1
            column = columns[j - 1]  # the months of one quarter are one cell
            current[column] = [*blocks[first - 1 : i], *current.get(column, ())]
            i, j = first - 1, j - 1
        elif step == "absent":
            j -= 1
        elif step == "skip":
            i -= 1
        else:
            found.append(current)
            current, j = {}, len(columns)
    found.append(current)
    return [cells for cells in reversed(found) if "text" in cells]
