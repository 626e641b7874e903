"""The tables of targets of a document, however its format or its page keeps them.

In order: grids, where the format or a sign between the cells gives the rows;
one cell a paragraph; one cell a sign; one cell a line, or between wide spaces. The first that
has a heading of such a table and rows below it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.records import PartKind
from loaders.bodies.cells import Segmenter
from loaders.errors import Unreadable
from loaders.formats.extracted import Remark
from loaders.formats.source import SourceText
from loaders.lexicon.columns import Heading
from loaders.lexicon.deadlines import NUMBER
from loaders.tables.delimited import separated_blocks, separated_grids
from loaders.tables.flattened import headings, rows
from loaders.tables.grids import caption_above, grid_tables
from loaders.tables.rows import Raw
from loaders.text.paragraphs import Block, blocks, line_blocks

_PAGE = re.compile(r"[—\-－–_]+\d{1,3}[—\-－–_]+|第\d{1,3}页(?:[,，/／]?共\d{1,3}页)?")
"""A page number that a print left between cells."""
_PARTINGS = (r"[\r\n]+", r"[\r\n\t]+|[ \u3000\xa0]{2,}|\u3000", r"\s+")
"""Separators of cells without any other: lines, wide spaces, any space."""
_ANNEX = re.compile(r"附件[一二三四五六\d]{0,2}[:：]?")
_TITLE = re.compile(r"^.{6,40}(?:表|清单|计划|方案|项目|任务|安排)$")
_TITLES = 4
_MOST_ROWS = 3_000
_MOST_CELLS = 10 * _MOST_ROWS
_LONGEST_CELL = 20_000
_TOO_LONG = f"its table has more than {_MOST_ROWS:,} rows"
_SURE = 0.5
"""The share of rows whose units must be names, where only line breaks part the cells."""


@dataclass(frozen=True, slots=True)
class TargetTable:
    """A table; only one of targets has rows. The heading's offsets count in the text."""

    heading: Heading
    rows: tuple[Raw, ...]
    layout: str
    start: int
    end: int
    title: str = ""
    kind: PartKind = "plan-table"
    count: int = 0
    remarks: tuple[Remark, ...] = ()


def tables_of(source: SourceText, bodies: Segmenter) -> tuple[TargetTable, ...]:
    """The tables of targets of a document."""
    found = _first(source, bodies)
    cells = [cell for table in found for row in table.rows for cell in row.values()]
    if any(cell.span.end - cell.span.start > _LONGEST_CELL for cell in cells):
        raise Unreadable(source.name, f"a cell holds more than {_LONGEST_CELL:,} characters")
    return found


def _first(source: SourceText, bodies: Segmenter) -> tuple[TargetTable, ...]:
    text = source.text
    said = source.grids or separated_grids(text)
    if sum(len(grid.rows) for grid in said) > _MOST_ROWS:
        raise Unreadable(source.name, _TOO_LONG)
    grids = tuple(
        TargetTable(g.heading, g.rows, "table", g.start, g.end, g.title, g.kind, g.count, g.remarks)
        for g in grid_tables(text, said, bodies)
    )
    if any(g.kind == "plan-table" for g in grids) or (grids and source.grids):
        return grids
    found = _flattened(source, blocks(text), bodies)
    if found:
        return found
    signed = _flattened(source, separated_blocks(text), bodies)
    if signed:
        return signed
    for parting in _PARTINGS:
        torn = _flattened(source, line_blocks(text, parting), bodies, torn=True)
        if _credible(torn, bodies):
            return torn
    return ()


def _flattened(
    source: SourceText, cells: Sequence[Block], bodies: Segmenter, *, torn: bool = False
) -> tuple[TargetTable, ...]:
    """The tables among blocks of one cell each: each heading of its own begins one."""
    text = source.text
    cells = [b for b in cells if not _PAGE.fullmatch(b.text)]
    heads: list[Heading] = []
    for one in headings(cells):
        if not heads or (one.columns != heads[-1].columns and "number" in one.columns):
            heads.append(one)
    found: list[TargetTable] = []
    for number, head in enumerate(heads):
        end = len(cells)
        if number + 1 < len(heads):
            end = _before_title(cells, head.end, heads[number + 1].start)
        if end - head.end > _MOST_CELLS:
            raise Unreadable(source.name, _TOO_LONG)
        raw = tuple(rows(text, cells[head.end : end], head, bodies, torn=torn))
        if number == 0 and not torn:
            raw = (*_cut_front(text, cells[: head.start], head, bodies), *raw)
        start, stop = cells[head.start].start, cells[head.end - 1].end
        told = Heading(head.columns, start, stop, head.undifferentiated)
        spans = [cell.span for row in raw for cell in row.values()]
        first = min([start, *(s.start for s in spans)])
        last = max([stop, *(s.end for s in spans)])
        caption = caption_above(text, found[-1].end if found else 0, first)
        found.append(
            TargetTable(told, raw, "flattened table", first, last, caption, count=len(raw))
        )
    return tuple(found)


def _before_title(blocks: Sequence[Block], start: int, end: int) -> int:
    """The end of the rows above the next heading, without its annex and title."""
    for at in range(max(start, end - _TITLES), end):
        if _ANNEX.match(blocks[at].text):
            return at
    last = blocks[end - 1].text if end > start else ""
    return end - 1 if _TITLE.search(last) and not re.search(r"[,，。;；]", last) else end


def _cut_front(
    text: str, blocks: Sequence[Block], head: Heading, bodies: Segmenter
) -> tuple[Raw, ...]:
    """The rows above the first heading, where a page was cut at the front of its table."""
    first = next((i for i, b in enumerate(blocks) if NUMBER.match(b.text)), len(blocks))
    if len(blocks) - first < len(head.columns) // 2 or "number" not in head.columns:
        return ()
    found = rows(text, blocks[first:], head, bodies)
    whole = all("number" in row and ("lead" in row or "coordinate" in row) for row in found)
    return tuple(found) if whole and found else ()


def _credible(tables: Sequence[TargetTable], bodies: Segmenter) -> bool:
    """Return whether rows found among mere lines are credible: most hold bodies in their place."""
    units = [
        max(bodies.trust(row[n].text) for n in ("lead", "coordinate") if n in row)
        if "lead" in row or "coordinate" in row
        else 0.0
        for table in tables
        for row in table.rows
    ]
    return len(units) > 1 and sum(u > _SURE for u in units) > _SURE * len(units)
