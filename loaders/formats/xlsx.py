"""Workbooks (.xlsx) to text and grids: each visible sheet a table, as a person sees it.

Only cells that hold something count, wherever they stand: what the file says of its own size
is not believed. Hidden rows and columns are read, and a remark says that they were hidden;
hidden sheets are left out, and a remark says so.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from loaders.formats.extracted import Flat, Placed, Refused, Writing, label_lines

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LAST_SHEETS = 200


def read(data: bytes) -> Flat:
    """The text and grids of a workbook. Raises Refused."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        said = " ".join(str(error).split())[:120]
        raise Refused(f"it is a workbook that is damaged ({said})") from error
    writing = Writing()
    if len(book.worksheets) > _LAST_SHEETS:
        raise Refused(f"it has more than {_LAST_SHEETS} sheets")
    hidden = [s.title for s in book.worksheets if s.sheet_state != "visible"]
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            _write(writing, sheet)
    flat = writing.flat(MEDIA)
    if hidden and flat.text:
        end = flat.text.find("\n") if "\n" in flat.text else len(flat.text)
        writing.remark(0, end, "hidden-sheet", f"隐藏的工作表没有读：{'、'.join(hidden)}")
        flat = writing.flat(MEDIA)
    return flat


_TELLS = re.compile(r"20\d\d年|[\u4e00-\u9fff]{2,}[市区县镇乡州旗](?=[\u4e00-\u9fff\d])")
"""A name of a sheet that says of where or of when it is."""


def _write(writing: Writing, sheet: Any) -> None:
    cells = sheet._cells.values()  # those that are there; the rows up to XFD1048576 are not walked
    filled = [(c.row, c.column, said) for c in cells if (said := _said(c))]
    if not filled:
        return
    rows = {r: i for i, r in enumerate(sorted({r for r, _, _ in filled}))}
    columns = {c: i for i, c in enumerate(sorted({c for _, c, _ in filled}))}
    merged = {
        (m.min_row, m.min_col): (
            sum(m.min_row <= r <= m.max_row for r in rows),
            sum(m.min_col <= c <= m.max_col for c in columns),
        )
        for m in sheet.merged_cells.ranges
    }
    hidden = _Hidden(sheet)
    placed = []
    for row, column, said in filled:
        height, width = merged.get((row, column), (1, 1))
        remark = hidden.remark(row, column)
        placed.append(Placed(rows[row], columns[column], said, height, width, remark))
    lines = label_lines(placed)
    if _TELLS.search(sheet.title) and not any(sheet.title in said for _, _, said in filled[:20]):
        writing.paragraph(sheet.title)
    for line in lines or ():
        writing.paragraph(line)
    if not lines:
        writing.table(placed, every=True)


class _Hidden:
    """Which rows and columns of a sheet are hidden."""

    def __init__(self, sheet: Any) -> None:
        self._title = sheet.title
        self._rows = {n for n, d in sheet.row_dimensions.items() if d.hidden}
        self._columns = {
            n
            for d in sheet.column_dimensions.values()
            if d.hidden and d.min
            for n in range(d.min, min(d.max or d.min, d.min + 2000) + 1)
        }

    def remark(self, row: int, column: int) -> str:
        """What a person should know about a cell; empty where it is to be seen."""
        if row in self._rows:
            return f"hidden-row: 工作表“{self._title}”第{row}行是隐藏的，照样读了"
        if column in self._columns:
            name = get_column_letter(column)
            return f"hidden-column: 工作表“{self._title}”{name}列是隐藏的，照样读了"
        return ""


_AFFIXED = re.compile(r'(?:"([^"]*)")?([#0,.]+%?)_?(?:"([^"]*)")?')


def _said(cell: Any) -> str:
    """What a cell shows: figures in their percent or unit, dates as people write them."""
    value, form = cell.value, cell.number_format or ""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime.datetime | datetime.date):
        day = f"{value.day}日" if "d" in form.lower() or form == "General" else ""
        return f"{value.year}年{value.month}月{day}"
    if isinstance(value, int | float):
        first = form.split(";")[0]
        if first.rstrip("_ )").endswith("%"):
            return f"{value * 100:.10g}%"
        said = f"{value:.12g}"
        affixed = _AFFIXED.fullmatch(first)
        return (affixed[1] or "") + said + (affixed[3] or "") if affixed else said
    return str(value).strip()
