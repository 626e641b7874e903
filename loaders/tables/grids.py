"""From grids to rows: where the file gives the place of each cell, the columns only need names.

A heading may have several storeys, and is repeated on each page; a chapter may have a row of its
own; a table may go on in the next grid. The content of cells plays no part here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from graph.records import PartKind, Span
from loaders.bodies.cells import Segmenter, is_empty
from loaders.formats.extracted import Grid, GridCell, Remark
from loaders.lexicon.columns import (
    QUARTER_COLUMNS,
    Column,
    Heading,
    column_of,
    names_a_table,
)
from loaders.lexicon.table_kinds import kind_of_other, kind_of_plan
from loaders.tables.headings import (
    MAX_TITLE_CHARS,
    Columns,
    distinct,
    heading_of,
    is_heading,
    labels_of,
    words_of,
)
from loaders.tables.realign import mended
from loaders.tables.rows import Filled, Raw, other
from ontology.names import squeeze

_CHAPTER = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．].{1,40}|第[一二三四五六七八九十]+[章部篇]分?.{0,40}"
)
_SECTION = re.compile(r"[((（][一二三四五六七八九十]{1,3}[))）].{1,40}")
_NOTE = re.compile(r"[((（【\[]?(?:注|备注|说明|填表|合计|总计|小计|单位|制表|联系人)")
_BETWEEN = " \t\r\n\u3000\xa0|｜│┃║¦,"
_JOINED: tuple[Column, ...] = ("text", *QUARTER_COLUMNS, "lead", "coordinate")
"""Columns that several headings may name: their cells are one stretch of the text."""


_CAPTION = re.compile(r"[^。；;]{2,60}")
MAX_CAPTION_LINES = 3


@dataclass(frozen=True, slots=True)
class GridTable:
    """A table: what it is, its heading, its rows, and what is unsure about them."""

    kind: PartKind
    title: str
    """Its caption, else the names of its columns."""
    heading: Heading
    """Its `start` and `end` are offsets into the text."""
    rows: tuple[Raw, ...]
    count: int
    """The number of rows below its heading, read or not."""
    start: int
    end: int
    remarks: tuple[Remark, ...] = ()


def grid_tables(text: str, grids: Sequence[Grid], bodies: Segmenter) -> tuple[GridTable, ...]:
    """The tables among the grids of a document, in order; only those of targets have rows.

    Grids under the same heading, or that go on without one, are one table.
    """
    columns: Columns | None = None
    found: list[GridTable] = []
    done = 0
    for grid in grids:
        named = heading_of(text, grid, bodies)
        begin = 0
        caption = caption_above(text, done, grid.start)
        before, done = done, grid.end
        if named is not None:
            at, now = named
            begin = at + now.storeys
            title = caption or _first_cell(text, grid, at)
            kind = kind_of_plan(now.names, now.labels, title, has_roles=not now.undifferentiated)
            if kind != "plan-table":
                found.append(_unread(text, grid, at, kind, title, now.labels))
                columns = None
                continue
            if columns is None or now.names != columns.names or not found[-1].rows:
                made = _told(grid, at, now)
                found.append(GridTable(kind, title, made, (), 0, grid.start, grid.end))
            columns = now
        elif columns is None or not _continues(text, grid, columns):
            if (labels := labels_of(text, grid)) is not None:
                at, said = labels
                title = caption or _first_cell(text, grid, at)
                found.append(_unread(text, grid, at, kind_of_other(said, title), title, said))
                columns = None
            continue
        last = found[-1]
        whole, remarks = mended(
            text, _without_repeats(text, grid, begin, columns), begin, columns.names, bodies
        )
        above = None if "domain" in columns.names else _chapter_above(text, before, grid.start)
        raw = tuple(_raws(text, whole, begin, columns, above))
        found[-1] = replace(
            last,
            rows=(*last.rows, *raw),
            count=last.count + len(raw),
            end=grid.end,
            remarks=(*last.remarks, *remarks),
        )
    return tuple(found)


def _unread(
    text: str, grid: Grid, at: int, kind: PartKind, title: str, labels: Sequence[str]
) -> GridTable:
    said = "、".join(dict.fromkeys(label for label in labels if label))
    heading = Heading((), grid.start, grid.end)
    count = sum(1 for row in grid.rows[at + 1 :] if len(distinct(row)) > 1)
    return GridTable(kind, title or said, heading, (), count, grid.start, grid.end)


def caption_above(text: str, start: int, end: int) -> str:
    """The caption of a table: the last short line above it that ends no sentence."""
    lines = [line.strip() for line in text[start:end].split("\n") if line.strip()]
    for line in reversed(lines[-MAX_CAPTION_LINES:]):
        if _CAPTION.fullmatch(line) and not _UNIT_LINE.match(line):
            return squeeze(line)
    return ""


_UNIT_LINE = re.compile(
    r"[((（]?\s*(?:单位|金额单位|填报单位|填表|制表|日期)\s*[:：]|[—\-－\d\s]+$"
)


def _first_cell(text: str, grid: Grid, at: int) -> str:
    """The title in a row of its own above the heading, as workbooks have it."""
    for row in reversed(grid.rows[:at]):
        own = distinct(row)
        said = text[min(c.start for c in own) : max(c.end for c in own)] if len(own) == 1 else ""
        if _CAPTION.fullmatch(said) and not _UNIT_LINE.match(said):
            return squeeze(said)
    return ""


def _told(grid: Grid, at: int, columns: Columns) -> Heading:
    cells = [c for row in grid.rows[at : at + columns.storeys] for c in row if c]
    filled = [c for c in cells if c.end > c.start]
    start, end = min(c.start for c in filled), max(c.end for c in filled)
    named = tuple(n for n in columns.names if n)
    return Heading(named, start, end, columns.undifferentiated)


def _without_repeats(text: str, grid: Grid, begin: int, columns: Columns) -> Grid:
    """The grid with the headings that each page of a print repeats blanked out."""
    rows = tuple(
        (None,) * len(row) if at >= begin and _repeats(text, row, columns) else row
        for at, row in enumerate(grid.rows)
    )
    return replace(grid, rows=rows)


def _continues(text: str, grid: Grid, columns: Columns) -> bool:
    """Return whether a grid without a heading of its own goes on with the table before it."""
    if not grid.rows or len(grid.rows[0]) != len(columns.names) or is_heading(text, grid.rows[0]):
        return False
    number = columns.names.index("number") if "number" in columns.names else None
    return number is None or any(words_of(text, row[number])[:1].isdigit() for row in grid.rows)


def _chapter_above(text: str, start: int, end: int) -> Filled | None:
    """The chapter whose heading is the last paragraph above a table."""
    said = text[start:end].rstrip()
    line = said[said.rfind("\n") + 1 :].strip()
    if not _CHAPTER.fullmatch(squeeze(line)) or re.search(r"[,，。;；:：]", line):
        return None
    first = start + said.rindex(line)
    return Filled(Span(first, first + len(line), line))


def _raws(
    text: str, grid: Grid, begin: int, columns: Columns, chapter: Filled | None
) -> Iterator[Raw]:
    """The rows below a heading; chapters in rows of their own go down to the rows below them."""
    section: Filled | None = None
    for at, row in enumerate(grid.rows[begin:], begin):
        own = {c for c in row if c is not None and c.end > c.start}
        if not own:
            continue
        only = next(iter(own)) if len(own) == 1 else None
        if only is not None and _stands_alone(row, only, columns):
            words, span = words_of(text, only), _span(text, only)
            if _SECTION.fullmatch(words) and chapter is not None:
                section = Filled(span)
            elif _is_chapter(words, row, only, columns):
                chapter, section = Filled(span), None
            continue
        cells = _cells(text, at, row, columns)
        if _is_sum(cells):
            continue
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


_SUM = re.compile(r"(?:合|总|小)计|总分|总数")


def _is_sum(cells: Raw) -> bool:
    """Return whether a row only adds up the others, and names no body."""
    said = [cells[n].text for n in ("number", "domain", "theme", "text") if n in cells]
    return any(map(_SUM.fullmatch, said)) and not {"lead", "coordinate"} & set(cells)


def _group_of(cells: Raw) -> Filled | None:
    """The title of a group of rows that has a numeral for a number, sums, and no doer."""
    number = cells.get("number")
    title = cells.get("theme") or cells.get("text")
    if number is None or number.carried or title is None or title.carried:
        return None
    if not _NUMERAL.fullmatch(number.text) or any(not cells[n].carried for n in _DONE & set(cells)):
        return None
    return Filled(title.span) if len(title.text) <= MAX_TITLE_CHARS else None


def _stands_alone(row: Sequence[GridCell | None], only: GridCell, columns: Columns) -> bool:
    """Return whether the only cell of a row is a chapter or a note, not the rest of a target."""
    return sum(c is only for c in row) > 1 or _name(columns, only) != "text"


def _name(columns: Columns, cell: GridCell) -> Column | None:
    return columns.names[cell.column] if cell.column < len(columns.names) else None


def _is_chapter(
    words: str, row: Sequence[GridCell | None], only: GridCell, columns: Columns
) -> bool:
    if _CHAPTER.fullmatch(words):
        return True
    wide = sum(c is only for c in row) > 1 or _name(columns, only) == "domain"
    return wide and len(words) <= MAX_TITLE_CHARS and not _NOTE.match(words) and not words.isdigit()


def _repeats(text: str, row: Sequence[GridCell | None], columns: Columns) -> bool:
    """Return whether a row is the heading again, as on each page of a print."""
    said = [column_of(words_of(text, c)) for c in row if c is not None and c.end > c.start]
    named = sum(n is not None for n in said)
    return (
        named >= 2
        and named > len(said) / 2
        and (names_a_table(said, 2) or set(said) <= {*QUARTER_COLUMNS, "span", *columns.names})
    )


def _cells(
    text: str, at: int, row: Sequence[GridCell | None], columns: Columns
) -> dict[Column, Filled]:
    """The cells of one row by column; a cell over several columns goes to the most specific.

    A cell of an unknown column is kept under its heading, as `other:HEADING`.
    """
    covered: dict[GridCell, list[Column]] = {}
    labels: dict[GridCell, str] = {}
    for cell, name, label in zip(row, columns.names, columns.labels, strict=False):
        if cell is not None and cell.end > cell.start and name is not None:
            covered.setdefault(cell, []).append(name)
            labels.setdefault(cell, label)
    found: dict[Column, Filled] = {}
    for cell, names in covered.items():
        carried = cell.row < at
        span = _span(text, cell)
        for name in _most(names):
            before = found.get(name)
            if name != "other" and before is None:
                found[name] = Filled(span, carried)
            elif (
                name in _JOINED
                and before is not None
                and before.span.end <= span.start
                and not text[before.span.end : span.start].strip(_BETWEEN)
            ):
                whole = text[before.span.start : span.end]
                found[name] = Filled(Span(before.span.start, span.end, whole), carried)
            elif labels[cell] and not is_empty(squeeze(span.quote)):
                found.setdefault(other(labels[cell]), Filled(span, carried))
    return found


def _most(names: Sequence[Column]) -> Sequence[Column]:
    wanted = [n for n in dict.fromkeys(names) if n != "other"]
    if "text" in wanted:
        return ["text"]
    quarters = [n for n in wanted if n in QUARTER_COLUMNS]
    return quarters or wanted[:1] or ["other"]


def _span(text: str, cell: GridCell) -> Span:
    return Span(cell.start, cell.end, text[cell.start : cell.end])
