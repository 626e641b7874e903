"""The tables of targets of a document, however its format or its page keeps them.

In order: grids, where the format or a sign between the cells says what stands in which row;
one cell a paragraph; one cell a sign; one cell a line, or between wide spaces. The first that
has a heading of such a table and rows below it is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from loaders.bodies import Segmenter
from loaders.cells import Block, line_blocks
from loaders.flat import Remark
from loaders.grids import grid_tables
from loaders.headings import Heading
from loaders.rows import Raw
from loaders.separated import separated_blocks, separated_grids
from loaders.source import SourceText
from loaders.table import headings, rows

_PAGE = re.compile(r"[—\-－–_]+\d{1,3}[—\-－–_]+|第\d{1,3}页(?:[,，/／]?共\d{1,3}页)?")
"""A page number that a print left between cells."""
_PARTINGS = (r"[\r\n]+", r"[\r\n\t]+|[ \u3000\xa0]{2,}|\u3000", r"\s+")
"""What may part cells where nothing else does: lines, wide spaces, any space."""
_SURE = 0.5
"""The share of rows whose units must be names, where only line breaks part the cells."""


@dataclass(frozen=True, slots=True)
class TargetTable:
    """A table of targets; the heading's `start` and `end` are offsets into the text."""

    heading: Heading
    rows: tuple[Raw, ...]
    layout: str
    remarks: tuple[Remark, ...] = ()


def tables_of(
    source: SourceText, parts: Sequence[Block], bodies: Segmenter
) -> tuple[TargetTable, ...]:
    """The tables of targets of a document; `parts` are its paragraphs."""
    text = source.text
    grids = grid_tables(text, source.grids or separated_grids(text), bodies)
    if grids:
        return tuple(TargetTable(g.heading, g.rows, "table", g.remarks) for g in grids)
    found = _flattened(text, parts, bodies)
    if found:
        return found
    signed = _flattened(text, separated_blocks(text), bodies)
    if signed:
        return signed
    for parting in _PARTINGS:
        torn = _flattened(text, line_blocks(text, parting), bodies, torn=True)
        if _credible(torn, bodies):
            return torn
    return ()


def _flattened(
    text: str, blocks: Sequence[Block], bodies: Segmenter, *, torn: bool = False
) -> tuple[TargetTable, ...]:
    """The tables among blocks of one cell each: each heading of its own begins one."""
    blocks = [b for b in blocks if not _PAGE.fullmatch(b.text)]
    heads: list[Heading] = []
    for one in headings(blocks):
        if not heads or (one.columns != heads[-1].columns and "number" in one.columns):
            heads.append(one)
    found = []
    for number, head in enumerate(heads):
        end = heads[number + 1].start if number + 1 < len(heads) else len(blocks)
        raw = tuple(rows(text, blocks[head.end : end], head, bodies, torn=torn))
        start, stop = blocks[head.start].start, blocks[head.end - 1].end
        told = Heading(head.columns, start, stop, head.undifferentiated)
        found.append(TargetTable(told, raw, "flattened table"))
    return tuple(found)


def _credible(tables: Sequence[TargetTable], bodies: Segmenter) -> bool:
    """Whether rows found among mere lines are rows: most name units where units should stand."""
    units = [
        max(bodies.trust(row[n].text) for n in ("lead", "coordinate") if n in row)
        if "lead" in row or "coordinate" in row
        else 0.0
        for table in tables
        for row in table.rows
    ]
    return len(units) > 1 and sum(u > _SURE for u in units) > _SURE * len(units)
