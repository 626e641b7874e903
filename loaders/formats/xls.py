"""Old workbooks (.xls, .et) to text and grids, by way of the reader of newer ones.

Values, merged cells, hidden rows, columns and sheets, number formats, struck-out text and fill
colours are laid into a workbook of openpyxl, so that both formats are read by the same rules.
"""

from __future__ import annotations

from typing import Any

import openpyxl
import xlrd
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError
from xlrd.biffh import XLRDError

from loaders.formats.extracted import Flat, Refused
from loaders.formats.xlsx import workbook_flat

MEDIA = "application/vnd.ms-excel"
MAX_CELLS = 400_000
_SUPERSCRIPT = 1
_SOLID = 1


def read(data: bytes) -> Flat:
    """Return the text and grids of a workbook. Raises Refused."""
    try:
        old = xlrd.open_workbook(file_contents=data, formatting_info=True)
    except XLRDError as error:
        said = " ".join(str(error).split())[:120]
        if "encrypted" in said.lower():
            raise Refused("it is protected by a password") from error
        raise Refused(f"it is an old workbook that is damaged ({said})") from error
    book = openpyxl.Workbook()
    book.remove(book.active)
    cells = 0
    for sheet in old.sheets():
        cells += sheet.nrows * sheet.ncols
        if cells > MAX_CELLS:
            raise Refused(f"its tables have more than {MAX_CELLS:,} cells")
        _lay_sheet(old, sheet, book.create_sheet(sheet.name))
    return workbook_flat(book, {}, MEDIA)


def _lay_sheet(old: Any, sheet: Any, made: Any) -> None:
    made.sheet_state = "visible" if sheet.visibility == 0 else "hidden"
    for row in range(sheet.nrows):
        for column in range(sheet.row_len(row)):
            _lay_cell(old, sheet, row, column, made)
    for first, last, left, right in sheet.merged_cells:
        made.merge_cells(start_row=first + 1, end_row=last, start_column=left + 1, end_column=right)
    for row, shape in sheet.rowinfo_map.items():
        if shape.hidden:
            made.row_dimensions[row + 1].hidden = True
    for column, shape in sheet.colinfo_map.items():
        if shape.hidden:
            made.column_dimensions[get_column_letter(column + 1)].hidden = True


def _lay_cell(old: Any, sheet: Any, row: int, column: int, made: Any) -> None:
    cell = sheet.cell(row, column)
    style = old.xf_list[cell.xf_index]
    colour = old.colour_map.get(style.background.pattern_colour_index)
    is_filled = style.background.fill_pattern == _SOLID and colour is not None
    value = _value_of(old, sheet, row, column, cell)
    if value is None and not is_filled:
        return
    new = made.cell(row + 1, column + 1)
    try:
        new.value = value
    except IllegalCharacterError as error:
        raise Refused(f"its sheet “{sheet.name}” holds control characters") from error
    if isinstance(value, str) and value.startswith("="):
        new.data_type = "s"
    new.number_format = old.format_map[style.format_key].format_str or "General"
    if old.font_list[style.font_index].struck_out:
        new.font = Font(strike=True)
    if is_filled:
        new.fill = PatternFill("solid", fgColor="FF{:02X}{:02X}{:02X}".format(*colour))


def _value_of(old: Any, sheet: Any, row: int, column: int, cell: Any) -> Any:
    """Return what a cell holds, as openpyxl would give it."""
    match cell.ctype:
        case xlrd.XL_CELL_TEXT:
            runs = sheet.rich_text_runlist_map.get((row, column))
            return _rich_text(old, cell, runs) if runs else cell.value
        case xlrd.XL_CELL_NUMBER:
            return int(cell.value) if cell.value.is_integer() else cell.value
        case xlrd.XL_CELL_DATE:
            try:
                return xlrd.xldate_as_datetime(cell.value, old.datemode)
            except (OverflowError, ValueError, xlrd.xldate.XLDateError):
                return cell.value
        case xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        case xlrd.XL_CELL_ERROR:
            return xlrd.error_text_from_code.get(cell.value, "")
    return None


def _rich_text(old: Any, cell: Any, runs: list[tuple[int, int]]) -> CellRichText:
    """Return the text of a cell in the fonts of its runs: struck out, or raised (m²)."""
    fonts = [(0, old.xf_list[cell.xf_index].font_index), *runs]
    ends = [start for start, _ in fonts[1:]] + [len(cell.value)]
    blocks = []
    for (start, number), end in zip(fonts, ends, strict=True):
        font = old.font_list[number]
        raised = "superscript" if font.escapement == _SUPERSCRIPT else None
        shape = InlineFont(strike=bool(font.struck_out), vertAlign=raised)
        if end > start:
            blocks.append(TextBlock(shape, cell.value[start:end]))
    return CellRichText(blocks)
