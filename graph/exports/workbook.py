"""Workbooks: named sheets of plain rows, in which no text is ever a formula or a link."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | float | bool | None

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MOMENT = re.compile(rb">\d{4}-\d\d-\d\dT[\d:]+Z<")
_LONGEST = 32_767
"""Characters that a cell of a workbook can hold."""
MEASURED_ROWS = 500
"""Rows that decide how wide the columns are."""
MIN_WIDTH_CHARS, MAX_WIDTH_CHARS = 6, 48
PORTRAIT_CHARS = 95
"""Wider tables are printed across."""
_BOLD = Font(bold=True)
_WRAPPED = Alignment(wrap_text=True, vertical="top")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its columns, its rows."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """Write sheets as an xlsx file that reads and prints as it is.

    Columns are as wide as their words, long texts wrap, the head stays in sight and is on
    every printed sheet of A4.
    """
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        rows = iter(sheet.rows)
        first = list(islice(rows, MEASURED_ROWS))
        widths = [_width(column) for column in zip(sheet.columns, *first, strict=True)]
        for n, width in enumerate(widths, 1):
            page.column_dimensions[get_column_letter(n)].width = width
        page.freeze_panes = "A2"
        page.print_title_rows = "1:1"
        page.page_setup.paperSize = Worksheet.PAPERSIZE_A4
        page.page_setup.orientation = "landscape" if sum(widths) > PORTRAIT_CHARS else "portrait"
        page.page_setup.fitToHeight = 0
        page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)

        def cell(content: Value, *, is_head: bool = False, page: object = page) -> object:
            if not isinstance(content, str):
                return content
            made = WriteOnlyCell(page, printable(content))
            made.data_type = "s"
            if is_head:
                made.font = _BOLD
            if is_head or "\n" in content or _chars(content) > MAX_WIDTH_CHARS:
                made.alignment = _WRAPPED
            return made

        page.append([cell(c, is_head=True) for c in sheet.columns])
        for row in chain(first, rows):
            page.append([cell(c) for c in row])
    return file_of(book)


def _chars(content: Value) -> int:
    """The width of a text in narrow characters: a Chinese one is two wide."""
    text = "" if content is None else str(content)
    return sum(1 + (east_asian_width(c) in "WF") for c in text)


def _width(column: Sequence[Value]) -> int:
    longest = max(_chars(line) for value in column for line in str(value or "").split("\n"))
    return min(max(longest + 2, MIN_WIDTH_CHARS), MAX_WIDTH_CHARS)


def printable(text: str) -> str:
    """Return a text as a cell can hold it: no control characters, cut at the limit of xlsx."""
    return _UNPRINTED.sub("\ufffd", text)[:_LONGEST]


def file_of(book: Workbook) -> bytes:
    """Return a workbook as a file without the moment at which it was written."""
    file, made = io.BytesIO(), io.BytesIO()
    book.save(file)
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.infolist():
            body = before.read(part)
            if part.filename == "docProps/core.xml":
                body = _MOMENT.sub(b">1980-01-01T00:00:00Z<", body)
            entry = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            after.writestr(entry, body, zipfile.ZIP_DEFLATED)
    return made.getvalue()
