"""Workbooks (.xlsx) to text and grids: each visible sheet a table, as a person sees it.

Only cells that hold something count, wherever they stand: what the file says of its own size
is not believed. Text that is struck out and formulas without a value are left out, and a remark
names the cell. Hidden rows and columns are read, and a remark says that they were hidden;
hidden sheets are left out, and a remark says so.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils import get_column_letter

from loaders.formats.extracted import Flat, Placed, Refused, Writing, label_lines

MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LAST_SHEETS = 200


def read(data: bytes) -> Flat:
    """The text and grids of a workbook. Raises Refused."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, rich_text=True)
        formulas = _formulas(data)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        said = " ".join(str(error).split())[:120]
        raise Refused(f"it is a workbook that is damaged ({said})") from error
    return workbook_flat(book, formulas, MEDIA)


def workbook_flat(book: Any, formulas: Mapping[str, Collection[str]], media: str) -> Flat:
    """Return the text and grids of the sheets of a workbook that are to be seen.

    `formulas` are the cells of each sheet that hold a formula. Raises Refused.
    """
    writing = Writing()
    if len(book.worksheets) > _LAST_SHEETS:
        raise Refused(f"it has more than {_LAST_SHEETS} sheets")
    hidden = [s.title for s in book.worksheets if s.sheet_state != "visible"]
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            _write(writing, sheet, formulas.get(sheet.title, frozenset()))
    flat = writing.flat(media)
    if hidden and flat.text:
        end = flat.text.find("\n") if "\n" in flat.text else len(flat.text)
        writing.remark(0, end, "hidden-sheet", f"隐藏的工作表没有读：{'、'.join(hidden)}")
        flat = writing.flat(media)
    return flat


_TELLS = re.compile(r"20\d\d年|[\u4e00-\u9fff]{2,}[市区县镇乡州旗](?=[\u4e00-\u9fff\d])")
"""A name of a sheet that says of where or of when it is."""


def _formulas(data: bytes) -> dict[str, frozenset[str]]:
    """The cells of each sheet that hold a formula, where the workbook holds any."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        sheets = [n for n in package.namelist() if n.startswith("xl/worksheets/")]
        if not any(_FORMULA.search(package.read(name)) for name in sheets):
            return {}
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: frozenset(c.coordinate for c in sheet._cells.values() if c.data_type == "f")
        for sheet in book.worksheets
    }


def _write(writing: Writing, sheet: Any, formulas: Collection[str]) -> None:
    filled, remarks = [], {}
    for cell in sheet._cells.values():  # those that are there: a sheet may claim XFD1048576
        said, struck = _text_of(cell)
        uncounted = cell.value is None and cell.coordinate in formulas
        if said or struck or uncounted:
            filled.append((cell.row, cell.column, said))
        where = f"工作表“{sheet.title}”{cell.coordinate}"
        if struck:
            remarks[cell.row, cell.column] = f"struck-out: {where}里划去的文字没有读：{struck[:60]}"
        elif uncounted:
            remarks[cell.row, cell.column] = f"formula: {where}是公式，文件里没有它的计算结果"
    if not any(said for _, _, said in filled):
        return
    rows = {r: i for i, r in enumerate(sorted({r for r, _, _ in filled}))}
    columns = {c: i for i, c in enumerate(sorted({c for _, c, _ in filled}))}
    fills = {
        (c.row, c.column): fill for c in sheet._cells.values() if c.has_style and (fill := _fill(c))
    }
    worded = {(r, c) for r, c, _ in filled}
    filled += [(r, c, "") for r, c in fills if r in rows and c in columns and (r, c) not in worded]
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
        remark = remarks.get((row, column)) or hidden.remark(row, column)
        fill = fills.get((row, column), "")
        placed.append(Placed(rows[row], columns[column], said, height, width, remark, fill))
    lines = label_lines(placed)
    if _TELLS.search(sheet.title) and not any(sheet.title in said for _, _, said in filled[:20]):
        writing.paragraph(sheet.title)
    for line in lines or ():
        writing.paragraph(line)
    if not lines:
        writing.table(
            placed, every=True, sheet=sheet.title, row_numbers=list(rows),
            column_names=[get_column_letter(c) for c in columns],
        )  # fmt: skip


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


def _fill(cell: Any) -> str:
    """Return the solid colour of a cell as RRGGBB; empty where it has none."""
    fill = cell.fill
    if fill is None or fill.fill_type != "solid":
        return ""
    colour = fill.fgColor
    if colour.type == "indexed" and colour.indexed < len(COLOR_INDEX):
        return str(COLOR_INDEX[colour.indexed])[-6:].upper()
    if colour.type == "theme":
        accents = _theme(cell.parent.parent.loaded_theme or b"")
        return accents[colour.theme] if colour.theme < len(accents) else ""
    return str(colour.rgb)[-6:].upper() if colour.type == "rgb" else ""


@lru_cache(maxsize=4)
def _theme(theme: bytes) -> tuple[str, ...]:
    """Return the colours of a workbook's theme in the order of their numbers."""
    names = ("lt1", "dk1", "lt2", "dk2", *(f"accent{i}" for i in range(1, 7)))
    found = {}
    for name in names:
        colour = re.search(
            rf"<a:{name}>\s*<a:\w+Clr[^>]*?(?:lastClr|val)=\"([0-9A-Fa-f]{{6}})\"".encode(), theme
        )
        found[name] = colour[1].decode().upper() if colour else ""
    return tuple(found.values())


_AFFIXED = re.compile(r'(?:"([^"]*)")?([#0,.]+%?)_?(?:"([^"]*)")?')


_UNIT_BEFORE = re.compile(r"(?:[kcd]?m|[千厘分]?米)$")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_FORMULA = re.compile(rb"<f[ >]")


def _text_of(cell: Any) -> tuple[str, str]:
    """What a cell shows, and what of its text is struck out."""
    if isinstance(cell.value, CellRichText):
        kept, struck = "", ""
        for run in cell.value:
            text, font = (run.text, run.font) if isinstance(run, TextBlock) else (run, cell.font)
            if font is not None and font.strike:
                struck += text
            elif getattr(font, "vertAlign", None) == "superscript" and _UNIT_BEFORE.search(kept):
                kept += text.translate(_SUPERSCRIPTS)
            else:
                kept += text
        return kept.strip(), struck.strip()
    said = _said(cell)
    return ("", said) if said and cell.font is not None and cell.font.strike else (said, "")


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
