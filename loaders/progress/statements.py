"""Read the statements of a report, one a clause about one thing, from tables and prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from graph.progress import CellPlace, ReportedStatement, Status, StatusSource, WrittenStatus
from graph.records import Span
from loaders.formats.source import SourceText
from loaders.progress.cell_clauses import (
    clauses_of,
    stated,
)
from loaders.progress.prose import prose_statements
from loaders.progress.sheets import ReportCell, ReportRow, ReportTable, sheets_of
from loaders.progress.words import EMPTY, ReportColumn, status_of


def statements_of(
    source: SourceText, legend: dict[str, Status] | None = None
) -> list[ReportedStatement]:
    """Return the statements of a report: those of its tables, then those of its prose."""
    sheets = sheets_of(source)
    colours = legend or {}
    found: list[ReportedStatement] = []
    row = 0
    for sheet in sheets:
        number = ""
        for cells in sheet.rows:
            made = list(_row_statements(sheet, cells, number, row, colours))
            own = _text(cells, "number")
            number = own or number
            found += made
            row += 1
    found += prose_statements(source.text, sheets, row)
    return found


def has_progress_table(source: SourceText) -> bool:
    """Return whether a document holds a table whose headings are those of a report."""
    return bool(sheets_of(source))


def is_blank(source: SourceText) -> bool:
    """Return whether the tables of a report hold nothing that was reported: an empty form."""
    sheets = sheets_of(source)
    return bool(sheets) and not any(
        _is_reported(row) and not _is_example(row) for sheet in sheets for row in sheet.rows
    )


def left_blank(source: SourceText) -> list[tuple[str, str]]:
    """Return the number and the address of each row that a form lists and that states nothing.

    A row that the body only supports (配合) is not owed by it: its lead reports.
    """
    return [
        (_text(row, "number"), _text(row, "key"))
        for sheet in sheets_of(source)
        for row in sheet.rows
        if not _is_reported(row)
        and (_text(row, "number") or _text(row, "key"))
        and not _text(row, "role").startswith(("配合", "协办"))
    ]


# tables


def _cell(cells: ReportRow, column: ReportColumn) -> ReportCell | None:
    return next((c for c in cells.get(column, ()) if c.text), None)


def _text(cells: ReportRow, column: ReportColumn) -> str:
    found = _cell(cells, column)
    return found.text if found else ""


def _place(cells: ReportRow, columns: Sequence[ReportColumn]) -> CellPlace | None:
    """Return the place of the first cell with words among some columns."""
    found = (_cell(cells, column) for column in columns)
    return next((cell.place for cell in found if cell), None)


def _said(cells: ReportRow, column: ReportColumn) -> Span | None:
    found = _cell(cells, column)
    return None if found is None or EMPTY.fullmatch(found.text) else found.span


def _is_reported(cells: ReportRow) -> bool:
    columns: tuple[ReportColumn, ...] = ("progress", "value", "percent", "status", "finished")
    return any(_said(cells, c) for c in columns) or bool(_said(cells, "progress"))


def _is_example(cells: ReportRow) -> bool:
    words = "".join(c.text for found in cells.values() for c in found)
    return _text(cells, "number") in ("例", "示例", "样例") or bool(
        re.search(r"填写示例|示例[）)]|XX", words)
    )


def _row_statements(
    sheet: ReportTable, cells: ReportRow, above: str, row: int, colours: dict[str, Status]
) -> Iterator[ReportedStatement]:
    if not _is_reported(cells) or _is_example(cells):
        return
    number = _text(cells, "number")
    merged = not number or any(c.merged for c in cells.get("number", ()))
    written, doubts = _written(cells, colours)
    percent = _percent(_text(cells, "percent"))
    common = ReportedStatement(
        quote=_any_span(cells),
        subject=_subject(cells),
        number=number or (above if _blank_theme(cells) else ""),
        key=_text(cells, "key"),
        body=_text(cells, "lead"),
        row=row,
        written=written,
        percent=percent,
        percent_of_row=percent is not None,
        problem=_said(cells, "problem"),
        next=_said(cells, "next"),
        merged=merged,
        carried=written is not None,
        promised=_text(cells, "promised"),
        doubts=doubts,
        place=_place(cells, ("progress", "value", "status", "subject")),
        key_place=_place(cells, ("key",)),
    )
    value = _cell(cells, "value")
    progress = [c for c in cells.get("progress", ()) if c.span and not EMPTY.fullmatch(c.text)]
    if value and value.span and not progress:
        yield from _valued(common, cells, value)
        return
    for cell in progress:
        assert cell.span is not None
        pieces = clauses_of(cell.span)
        for piece in pieces:
            yield stated(common, piece, alone=len(pieces) == 1)
    if not progress:
        yield replace(common, quote=_any_span(cells))


def _blank_theme(cells: ReportRow) -> bool:
    return not _text(cells, "key")


def _any_span(cells: ReportRow) -> Span:
    order: tuple[ReportColumn, ...] = ("progress", "subject", "theme", "value", "status", "percent")
    for column in (*order, *cells):
        found = _cell(cells, column)
        if found and found.span:
            return found.span
    raise ValueError("a row without a word")


def _subject(cells: ReportRow) -> str:
    parts = [_text(cells, "subject")]
    if not parts[0]:
        parts = [_text(cells, "theme")]
    return "".join(parts)


def _valued(
    common: ReportedStatement, cells: ReportRow, cell: ReportCell
) -> Iterator[ReportedStatement]:
    """A row of a table of indicators: its value is given in a column of its own."""
    assert cell.span is not None
    number = re.match(r"[约近]?(-?\d[\d,]*(?:\.\d+)?)\s*(.*)", cell.text)
    subject = _cell(cells, "subject")
    quote = subject.span if subject and subject.span else cell.span
    status = common.written or _as_written(_text(cells, "percent"), "column")
    doubts = common.doubts
    if not _text(cells, "percent") and _text(cells, "promised") and number:
        doubts = (*doubts, "formula-without-value")
    yield replace(
        common,
        quote=quote,
        value=Decimal(number[1].replace(",", "")) if number else None,
        unit=number[2] if number else "",
        written=status,
        percent_of_row=False,
        doubts=doubts,
    )


def _written(
    cells: ReportRow, colours: dict[str, Status]
) -> tuple[WrittenStatus | None, tuple[str, ...]]:
    """Return the status that a row's columns give it, and a doubt where two of them differ."""
    status = _as_written(_text(cells, "status"), "column")
    finished = _as_written(_text(cells, "finished"), "column")
    if status is None:
        fills = [c.fill for c in cells.get("status", ()) if c.fill]
        fills += [c.fill for c in cells.get("percent", ()) if c.fill]
        if fills:
            status = _by_colour(fills[0], colours)
    if finished is None:
        return status, ()
    apart = (
        status is not None and status.status in ("OnTrack", "Ahead") and finished.status == "Behind"
    )
    doubts = ("two-statuses",) if apart else ()
    if finished.status == "Done":
        return finished, doubts
    return (
        finished if status is None or status.status not in ("OnTrack", "Ahead") else status
    ), doubts


def _as_written(words: str, source: StatusSource) -> WrittenStatus | None:
    status = status_of(words) if words else None
    return WrittenStatus(status, words, source) if status else None


def _by_colour(fill: str, colours: dict[str, Status]) -> WrittenStatus | None:
    name = colour_name(fill)
    if not name:
        return None
    default: dict[str, Status] = {"绿": "OnTrack", "黄": "Behind", "红": "Behind", "蓝": "OnTrack"}
    return WrittenStatus(colours.get(name) or default[name], name, "fill")


def colour_name(fill: str) -> str:
    """Return 红, 黄, 绿 or 蓝 for a fill of RRGGBB; empty for white, grey and others.

    >>> colour_name("FF0000"), colour_name("00B050"), colour_name("FFC000"), colour_name("FFFFFF")
    ('红', '绿', '黄', '')
    """
    digits = fill[-6:]
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", digits):
        return ""
    red, green, blue = (int(digits[i : i + 2], 16) for i in (0, 2, 4))
    low, high = min(red, green, blue), max(red, green, blue)
    if high - low < MIN_COLOUR_SPREAD:
        return ""
    if high == red:
        return "黄" if green - blue > (red - blue) * 0.4 else "红"
    return "绿" if high == green else "蓝"


MIN_COLOUR_SPREAD = 40
"""Channels of a fill that lie closer than this are a grey."""


def _percent(words: str) -> Decimal | None:
    found = re.fullmatch(r"[约近]?(\d+(?:\.\d+)?)[%％]?", words)
    if not found or ("%" not in words and "％" not in words and Decimal(found[1]) > 100):
        return None
    value = Decimal(found[1])
    if "%" not in words and "％" not in words and value <= 1 and "." in found[1]:
        value *= 100
    return value


# clauses


# prose
