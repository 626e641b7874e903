"""Tables of a report: rows of cells under recognised headings, from grids or from plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from graph.progress import CellPlace
from graph.records import Span
from loaders.formats.extracted import Grid, GridCell
from loaders.formats.source import SourceText
from loaders.progress.words import REPORTED, ReportColumn, column_of, status_of
from loaders.text.paragraphs import Block, blocks
from ontology.names import squeeze


@dataclass(frozen=True, slots=True)
class ReportCell:
    """A cell of a report's table; `span` is None where it is empty."""

    span: Span | None
    fill: str = ""
    """The colour it is filled with, as RRGGBB; empty where it has none."""
    merged: bool = False
    """True where it was merged down from the row above."""
    place: CellPlace | None = None
    """Its place in the file."""

    @property
    def text(self) -> str:
        """Its words, white space removed."""
        return squeeze(self.span.quote) if self.span else ""


ReportRow = Mapping[ReportColumn, Sequence[ReportCell]]
"""The cells of a row by column; several columns may be of one kind (two of status)."""


@dataclass(frozen=True, slots=True)
class ReportTable:
    """A table of progress: where it begins and ends in the text, and its rows."""

    start: int
    end: int
    columns: tuple[ReportColumn | None, ...]
    headings: tuple[str, ...]
    rows: tuple[ReportRow, ...]


MIN_HEADINGS = 2
"""Minimum of known headings in a row of headings."""


def sheets_of(source: SourceText) -> list[ReportTable]:
    """Return the tables of a report in the order of its text.

    A table counts where its headings name what was reported, and what on: a task or a number.
    """
    if source.grids:
        return [sheet for grid in source.grids for sheet in _grid_sheets(source, grid)]
    return list(_text_sheets(source.text))


def _is_progress(columns: Sequence[ReportColumn | None]) -> bool:
    named = set(columns) - {None}
    return (
        bool(named & REPORTED)
        and bool(named & {"subject", "number", "key"})
        and len(named) >= MIN_HEADINGS
    )


def _grid_sheets(source: SourceText, grid: Grid) -> Iterator[ReportTable]:
    rows = grid.rows
    header: tuple[ReportColumn | None, ...] | None = None
    headings: tuple[str, ...] = ()
    found: list[ReportRow] = []
    first, last = -1, -1
    above: Sequence[GridCell | None] = ()
    for at, row in enumerate(rows):
        texts = [source.text[c.start : c.end] if c else "" for c in row]
        columns = tuple(column_of(t) for t in texts)
        if (
            _is_progress(columns)
            and sum(c is not None for c in columns) >= len(set(texts) - {""}) - 2
        ):
            if header is not None and found:
                yield ReportTable(first, last, header, headings, tuple(found))
                found = []
            header, headings = columns, tuple(map(squeeze, texts))
            first = min((c.start for c in row if c and c.end > c.start), default=first)
            last = max((c.end for c in row if c), default=last)
            above = row
            continue
        if header is None:
            continue
        cells: dict[ReportColumn, list[ReportCell]] = {}
        for i, cell in enumerate(row[: len(header)]):
            column = header[i]
            if column is None or cell is None or (i and row[i - 1] is cell):
                continue
            again = i < len(above) and above[i] is cell
            span = (
                Span(cell.start, cell.end, source.text[cell.start : cell.end])
                if cell.end > cell.start
                else None
            )
            place = CellPlace(*grid.place(at, i))
            cells.setdefault(column, []).append(ReportCell(span, cell.fill, again, place))
            last = max(last, cell.end)
        if cells:
            found.append(cells)
        above = row
    if header is not None and found:
        yield ReportTable(first, last, header, headings, tuple(found))


# flattened tables: one cell a paragraph

_NO_CELL = 1.0
_NO_NUMBER = 0.6
_MISFIT = 5.0
_PERCENT = re.compile(r"[约近]?\d+(?:\.\d+)?[%％]|[-—–/]+|[一二三四五六七八九]成")
_NUMBER_CELL = re.compile(r"\d{1,3}[a-z]?|[-—–]+")


def _text_sheets(text: str) -> Iterator[ReportTable]:
    parts = [part for part in blocks(text) if part.raw.strip()]
    at = 0
    while at < len(parts):
        header = _header(parts, at)
        if header is None:
            at += 1
            continue
        columns, size = header
        begin = at
        at += size
        body: list[Block] = []
        while at < len(parts):
            again = _header(parts, at)
            if again and again[0] == columns:
                at += again[1]
                continue
            if again or _ends_table(parts[at].span().quote):
                break
            body.append(parts[at])
            at += 1
        rows = _laid(body, columns)
        if rows:
            heads = tuple(squeeze(p.span().quote) for p in parts[begin : begin + size])
            end = body[-1].span().end
            yield ReportTable(parts[begin].span().start, end, columns, heads, tuple(rows))


def _ends_table(words: str) -> bool:
    return bool(re.match(r"\s*(?:注|备注|说明|附|填表人|联系人)[:：]", words))


def _header(parts: Sequence[Block], at: int) -> tuple[tuple[ReportColumn, ...], int] | None:
    columns: list[ReportColumn] = []
    for part in parts[at : at + 16]:
        column = column_of(part.span().quote)
        if column is None:
            break
        columns.append(column)
    if len(columns) >= 3 and _is_progress(columns):
        return tuple(columns), len(columns)
    return None


def _fit(column: ReportColumn, words: str) -> float:
    """Return what it costs to take a paragraph for a cell of a column."""
    if column == "number":
        return 0.0 if _NUMBER_CELL.fullmatch(words) else _MISFIT
    if column == "percent":
        return 0.0 if _PERCENT.fullmatch(words) else _MISFIT
    if column in ("status", "finished"):
        known = status_of(words) or re.fullmatch(r"[-—–/]+", words)
        return 0.0 if known else _MISFIT
    if column in ("problem", "next", "remark"):
        return 0.2 if _NUMBER_CELL.fullmatch(words) and words.isdigit() else 0.0
    if _NUMBER_CELL.fullmatch(words) or _PERCENT.fullmatch(words):
        return _MISFIT / 2
    return 0.3 if status_of(words) else 0.0


def _laid(body: Sequence[Block], columns: Sequence[ReportColumn]) -> list[ReportRow]:
    """Lay paragraphs into rows of cells at the least cost, cells left out allowed."""
    width = len(columns)
    skips = [_NO_NUMBER if c == "number" else _NO_CELL for c in columns]
    before = [0.0]
    for skip in skips:
        before.append(before[-1] + skip)
    words = [squeeze(part.span().quote) for part in body]
    trail: list[dict[int, tuple[float, int, bool]]] = []
    state: dict[int, float] = {width - 1: 0.0}
    for word in words:
        step: dict[int, tuple[float, int, bool]] = {}
        for column in range(width):
            fit = _fit(columns[column], word)
            for last, cost in state.items():
                if column > last:
                    total, new = cost + fit + before[column] - before[last + 1], False
                else:
                    total = cost + fit + before[width] - before[last + 1] + before[column] + 0.1
                    new = True
                if column not in step or total < step[column][0]:
                    step[column] = (total, last, new)
        trail.append(step)
        state = {column: value[0] for column, value in step.items()}
    if not trail:
        return []
    column = min(trail[-1], key=lambda c: trail[-1][c][0] + before[width] - before[c + 1])
    placed: list[tuple[int, bool]] = []
    for step in reversed(trail):
        _, last, new = step[column]
        placed.append((column, new))
        column = last
    placed.reverse()
    numbered = []
    row = -1
    for (column, new), part in zip(placed, body, strict=True):
        row += new or row < 0
        numbered.append((row, column, part))
    rows: list[ReportRow] = []
    above: ReportCell | None = None
    for _, cells in groupby(numbered, key=lambda c: c[0]):
        made: dict[ReportColumn, list[ReportCell]] = {}
        for _, column, part in cells:
            made.setdefault(columns[column], []).append(ReportCell(part.span()))
        if "number" not in made and above is not None and "number" in columns:
            made["number"] = [ReportCell(above.span, merged=True)]
        above = made["number"][0] if "number" in made else above
        rows.append(made)
    return rows
