"""Dress a sheet of a workbook for people: headings, wrapped words, borders, print on A4."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from graph.exports.workbook import printable

Column = tuple[str, int]
"""A heading, and its width in characters."""
_BORDER = Border(*(Side("thin", color="BFBFBF") for _ in range(4)))
_LINE_POINTS, _MAX_ROW_POINTS = 14.5, 380


def write_cell(
    sheet: Worksheet, row: int, column: int, value: str | int | float | date | None
) -> None:
    """Write a value; no text of a document becomes a formula."""
    cell = sheet.cell(row, column, printable(value) if isinstance(value, str) else value)
    if isinstance(value, str) and value:
        cell.data_type = "s"


def write_headings(
    sheet: Worksheet, row: int, columns: Sequence[Column], filled_in: Sequence[str] = ()
) -> None:
    """Write the row of headings; those of columns to be filled in are marked."""
    for at, (name, width) in enumerate(columns, 1):
        write_cell(sheet, row, at, name)
        cell = sheet.cell(row, at)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFF2CC" if name in filled_in else "E7E6E6")
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        cell.border = _BORDER
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.row_dimensions[row].height = 2 * _LINE_POINTS


def dress_row(
    sheet: Worksheet, row: int, columns: Sequence[Column], hidden: Sequence[int] = ()
) -> None:
    """Wrap the words of a row, draw its borders, and make it as high as its longest cell."""
    lines = 2
    for at, (_, width) in enumerate(columns, 1):
        cell = sheet.cell(row, at)
        cell.border = _BORDER
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        if at not in hidden:
            words = str(cell.value or "").split("\n")
            lines = max(lines, sum(-(-2 * len(line) // width) or 1 for line in words))
    sheet.row_dimensions[row].height = min(_LINE_POINTS * lines, _MAX_ROW_POINTS)


def set_page(sheet: Worksheet, heading_row: int, last_row: int, columns: int, frozen: int) -> None:
    """Keep headings in sight and on each sheet of A4 across, and let rows be sorted."""
    last = max(last_row, heading_row + 1)
    sheet.freeze_panes = sheet.cell(heading_row + 1, frozen + 1)
    sheet.auto_filter.ref = f"A{heading_row}:{get_column_letter(columns)}{last}"
    sheet.print_title_rows = f"{heading_row}:{heading_row}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
