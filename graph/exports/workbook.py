"""Workbooks: named sheets of plain rows, in which no text is ever a formula or a link."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

Value = str | int | float | bool | None

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNPRINTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MOMENT = re.compile(rb">\d{4}-\d\d-\d\dT[\d:]+Z<")
_LONGEST = 32_767
"""Characters that a cell of a workbook can hold."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its name, its columns, its rows."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


def workbook(sheets: Iterable[Sheet]) -> bytes:
    """The sheets as an xlsx file, the first row of each kept in sight."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A2"

        def cell(content: Value, page: object = page) -> object:
            if not isinstance(content, str):
                return content
            made = WriteOnlyCell(page, printable(content))
            made.data_type = "s"
            return made

        page.append([cell(c) for c in sheet.columns])
        for row in sheet.rows:
            page.append([cell(c) for c in row])
    return file_of(book)


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
