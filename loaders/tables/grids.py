"""From grids to rows: where a table says which cell stands where, the columns only need names.

A heading may have several storeys, and is repeated on each page; a chapter may stand in a row
of its own; a table may go on in the next grid. What a cell holds is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graph.records import Span
from loaders.bodies.cells import Segmenter
from loaders.formats.extracted import Grid, GridCell, Remark
from loaders.lexicon.columns import (
    QUARTER_COLUMNS,
    Column,
    Heading,
    column_of,
    names_a_table,
    roles_paired,
)
from loaders.tables.flattened import in_order
from loaders.tables.realign import mended
from loaders.tables.rows import Filled, Raw
from ontology.names import squeeze

_STOREYS = 3
_CHAPTER = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．].{1,40}|第[一二三四五六七八九十]+[章部篇]分?.{0,40}"
)
_SECTION = re.compile(r"[((（][一二三四五六七八九十]{1,3}[))）].{1,40}")
_NOTE = re.compile(r"[((（【\[]?(?:注|备注|说明|填表|合计|总计|小计|单位|制表|联系人)")
_TITLE_CELL = 30
_WORDS = re.compile("[\u4e00-\u9fff]")
_BETWEEN = " \t\r\n\u3000\xa0|｜│┃║¦,"
_JOINED: tuple[Column, ...] = ("text", *QUARTER_COLUMNS, "lead", "coordinate")
"""Columns that several headings may name: their cells are one stretch of the text."""


@dataclass(frozen=True, slots=True)
class _Columns:
    names: tuple[Column | None, ...]
    storeys: int
    undifferentiated: bool


@dataclass(frozen=True, slots=True)
class GridTable:
    """A table of targets: its heading, its raw rows, and what is unsure about them."""

    heading: Heading
    """Its `start` and `end` are offsets into the text."""
    rows: tuple[Raw, ...]
    start: int
    end: int
    remarks: tuple[Remark, ...] = ()


def grid_tables(text: str, grids: Sequence[Grid], bodies: Segmenter) -> tuple[GridTable, ...]:
    """The tables of targets among the grids of a document, in order.

    Grids under the same heading, or that go on without one, are one table.
    """
    columns: _Columns | None = None
    found: list[GridTable] = []
    done = 0
    for grid in grids:
        named = _heading(text, grid)
        begin = 0
        if named is not None:
            at, now = named
            begin = at + now.storeys
            if columns is None or now.names != columns.names:
                found.append(GridTable(_told(grid, at, now), (), grid.start, grid.end))
            columns = now
        elif columns is None or not _continues(text, grid, columns):
            continue
        whole, remarks = mended(
            text, _without_repeats(text, grid, begin, columns), begin, columns.names, bodies
        )
        above = None if "domain" in columns.names else _chapter_above(text, done, grid.start)
        raw = tuple(_raws(text, whole, begin, columns, above))
        done = grid.end
        last = found[-1]
        found[-1] = replace(
            last, rows=(*last.rows, *raw), end=grid.end, remarks=(*last.remarks, *remarks)
        )
    return tuple(found)


def _told(grid: Grid, at: int, columns: _Columns) -> Heading:
    cells = [c for row in grid.rows[at : at + columns.storeys] for c in row if c]
    filled = [c for c in cells if c.end > c.start]
    start, end = min(c.start for c in filled), max(c.end for c in filled)
    named = tuple(n for n in columns.names if n)
    return Heading(named, start, end, columns.undifferentiated)


def _without_repeats(text: str, grid: Grid, begin: int, columns: _Columns) -> Grid:
    """The grid with the headings that each page of a print repeats blanked out."""
    rows = tuple(
        (None,) * len(row) if at >= begin and _repeats(text, row, columns) else row
        for at, row in enumerate(grid.rows)
    )
    return replace(grid, rows=rows)


def _continues(text: str, grid: Grid, columns: _Columns) -> bool:
    """Whether a grid without a heading goes on with the table before it."""
    if not grid.rows or len(grid.rows[0]) != len(columns.names):
        return False
    number = columns.names.index("number") if "number" in columns.names else None
    return number is None or any(_said(text, row[number])[:1].isdigit() for row in grid.rows)


def _heading(text: str, grid: Grid) -> tuple[int, _Columns] | None:
    """The row in which the heading of a grid begins, and its columns."""
    for at in range(len(grid.rows)):
        if _distinct(grid.rows[at : at + 1]) < 2:
            continue
        if (slid := _slid_storeys(text, grid, at)) is not None:
            return at, slid
        for storeys in range(min(_STOREYS, len(grid.rows) - at), 0, -1):
            below = grid.rows[at + 1 : at + storeys]
            if not all(_is_storey(text, row, grid.rows[at]) for row in below):
                continue
            names = [
                _named(text, column) for column in zip(*grid.rows[at : at + storeys], strict=True)
            ]
            if names_a_table(names, 2):
                return at, _columns(text, grid, at, storeys, names)
    return None


def _slid_storeys(text: str, grid: Grid, at: int) -> _Columns | None:
    """The columns of a heading of two storeys whose merged cells were left out.

    Its quarters then stand at the left of the second row, under other columns than their own.
    """
    if at + 1 >= len(grid.rows) or any(c and c.row < at + 1 for c in grid.rows[at + 1]):
        return None
    top, below = (_filled(text, grid.rows[i]) for i in (at, at + 1))
    quarters = [column_of(t) for t in below]
    if not below or any(q not in QUARTER_COLUMNS for q in quarters):
        return None
    first = grid.rows[at + 1][0]
    names = [column_of(t) or "other" for t in top]
    if "span" not in names or first is None or first.end == first.start:
        return None
    paired, alone = roles_paired([*names, *(q for q in quarters if q)])
    return _Columns(in_order(paired), 2, alone)


def _filled(text: str, row: Sequence[GridCell | None]) -> list[str]:
    return [t for c in row if (t := _said(text, c))]


def _distinct(rows: Sequence[Sequence[GridCell | None]]) -> int:
    return len({c for row in rows for c in row if c is not None and c.end > c.start})


def _is_storey(text: str, row: Sequence[GridCell | None], top: Sequence[GridCell | None]) -> bool:
    """Whether a row belongs to the heading: all it adds are short, and one is a heading."""
    own = [_said(text, c) for c in row if c is not None and c not in top and c.end > c.start]
    reaches = any(c is not None and c in top for c in row)
    named = sum(column_of(t) is not None for t in own)
    return (
        bool(own)
        and max(map(len, own)) <= _TITLE_CELL
        and (named > len(own) / 2 or (reaches and named > 0))
    )


def _named(text: str, column: Sequence[GridCell | None]) -> Column | None:
    """The name of a column from its storeys: the lowest that says it, then all together."""
    said: list[str] = []
    for cell in column:
        words = _said(text, cell)
        if words and (not said or said[-1] != words):
            said.append(words)
    candidates = [*reversed(said), "".join(said)] if len(said) > 1 else said
    found = [name for words in candidates if (name := column_of(words))]
    return next((n for n in found if n != "span"), found[0] if found else "other" if said else None)


def _columns(
    text: str, grid: Grid, at: int, storeys: int, names: Sequence[Column | None]
) -> _Columns:
    """The columns, with the roles paired and the columns that say one thing told apart."""
    known: list[Column] = [n or "other" for n in names]
    paired, alone = roles_paired(known)
    alone_in_time = not {*QUARTER_COLUMNS, "due"} & set(paired) and paired.count("span") == 1
    spans = "due" if alone_in_time else "other"
    paired = [spans if n == "span" else n for n in paired]
    body = grid.rows[at + storeys :]
    if "text" in paired:
        paired = _without_figures(text, body, paired)
    if "text" not in paired:
        paired = ["text" if n == "theme" else n for n in paired]
    texts = [i for i, n in enumerate(paired) if n == "text"]
    if len(texts) > 1 and "theme" not in paired:
        lengths = [len(_said(text, row[texts[0]])) for row in body if row[texts[0]]]
        if lengths and sum(lengths) / len(lengths) < _TITLE_CELL:
            paired[texts[0]] = "theme"
    return _Columns(tuple(paired), storeys, alone)


def _without_figures(
    text: str, body: Sequence[Sequence[GridCell | None]], names: Sequence[Column]
) -> list[Column]:
    """The columns without those of bare figures: a value is no text where words stand beside it."""
    bare = set()
    for i, name in enumerate(names):
        said = [t for row in body if name == "text" and (t := _said(text, row[i]))]
        if said and not any(map(_WORDS.search, said)):
            bare.add(i)
    worded = any(n == "theme" or (n == "text" and i not in bare) for i, n in enumerate(names))
    return ["other" if worded and i in bare else n for i, n in enumerate(names)]


def _said(text: str, cell: GridCell | None) -> str:
    return squeeze(text[cell.start : cell.end]) if cell else ""


def _chapter_above(text: str, start: int, end: int) -> Filled | None:
    """The chapter whose heading is the last paragraph above a table."""
    said = text[start:end].rstrip()
    line = said[said.rfind("\n") + 1 :].strip()
    if not _CHAPTER.fullmatch(squeeze(line)) or re.search(r"[,，。;；:：]", line):
        return None
    first = start + said.rindex(line)
    return Filled(Span(first, first + len(line), line))


def _raws(
    text: str, grid: Grid, begin: int, columns: _Columns, chapter: Filled | None
) -> Iterator[Raw]:
    """The rows below a heading; chapters in rows of their own go down to the rows below them."""
    section: Filled | None = None
    for at, row in enumerate(grid.rows[begin:], begin):
        own = {c for c in row if c is not None and c.end > c.start}
        if not own:
            continue
        only = next(iter(own)) if len(own) == 1 else None
        if only is not None and _stands_alone(row, only, columns):
            words, span = _said(text, only), _span(text, only)
            if _SECTION.fullmatch(words) and chapter is not None:
                section = Filled(span)
            elif _is_chapter(words, row, only, columns):
                chapter, section = Filled(span), None
            continue
        cells = _cells(text, at, row, columns)
        if (group := _group_of(cells)) is not None:
            chapter, section = group, None
            continue
        if chapter is not None:
            cells.setdefault("domain", chapter)
            chapter = Filled(chapter.span, carried=True)
        if section is not None:
            cells.setdefault("theme", section)
            section = Filled(section.span, carried=True)
        if "text" not in cells and "theme" in cells and not cells["theme"].carried:
            cells["text"] = cells["theme"]
        yield cells


_NUMERAL = re.compile(r"[((（]?[一二三四五六七八九十]{1,3}[))）]?[、.．]?")
_DONE = {"lead", "coordinate", *QUARTER_COLUMNS}


def _group_of(cells: Raw) -> Filled | None:
    """The title of a group of rows that has a numeral for a number, sums, and no doer."""
    number = cells.get("number")
    title = cells.get("theme") or cells.get("text")
    if number is None or number.carried or title is None or title.carried:
        return None
    if not _NUMERAL.fullmatch(number.text) or any(not cells[n].carried for n in _DONE & set(cells)):
        return None
    return Filled(title.span) if len(title.text) <= _TITLE_CELL else None


def _stands_alone(row: Sequence[GridCell | None], only: GridCell, columns: _Columns) -> bool:
    """Whether the one cell of a row is a chapter or a note, not the rest of a row of targets."""
    return sum(c is only for c in row) > 1 or _name(columns, only) != "text"


def _name(columns: _Columns, cell: GridCell) -> Column | None:
    return columns.names[cell.column] if cell.column < len(columns.names) else None


def _is_chapter(
    words: str, row: Sequence[GridCell | None], only: GridCell, columns: _Columns
) -> bool:
    if _CHAPTER.fullmatch(words):
        return True
    wide = sum(c is only for c in row) > 1 or _name(columns, only) == "domain"
    return wide and len(words) <= _TITLE_CELL and not _NOTE.match(words) and not words.isdigit()


def _repeats(text: str, row: Sequence[GridCell | None], columns: _Columns) -> bool:
    """Whether a row is the heading again, as on each page of a print."""
    said = [column_of(_said(text, c)) for c in row if c is not None and c.end > c.start]
    named = sum(n is not None for n in said)
    return (
        named >= 2
        and named > len(said) / 2
        and (names_a_table(said, 2) or set(said) <= {*QUARTER_COLUMNS, "span", *columns.names})
    )


def _cells(
    text: str, at: int, row: Sequence[GridCell | None], columns: _Columns
) -> dict[Column, Filled]:
    """The cells of one row by column; a cell over several columns stands where it says most."""
    covered: dict[GridCell, list[Column]] = {}
    for cell, name in zip(row, columns.names, strict=False):
        if cell is not None and cell.end > cell.start and name is not None:
            covered.setdefault(cell, []).append(name)
    found: dict[Column, Filled] = {}
    for cell, names in covered.items():
        carried = cell.row < at
        for name in _most(names):
            before = found.get(name)
            span = _span(text, cell)
            if before is None:
                found[name] = Filled(span, carried)
            elif (
                name in _JOINED
                and before.span.end <= span.start
                and not text[before.span.end : span.start].strip(_BETWEEN)
            ):
                whole = text[before.span.start : span.end]
                found[name] = Filled(Span(before.span.start, span.end, whole), carried)
    return found


def _most(names: Sequence[Column]) -> Sequence[Column]:
    wanted = [n for n in dict.fromkeys(names) if n != "other"]
    if "text" in wanted:
        return ["text"]
    quarters = [n for n in wanted if n in QUARTER_COLUMNS]
    return quarters or wanted[:1] or ["other"]


def _span(text: str, cell: GridCell) -> Span:
    return Span(cell.start, cell.end, text[cell.start : cell.end])
