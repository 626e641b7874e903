"""The shipped notice, or any table, written by the tests as the files that governments publish."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import docx
import openpyxl
from fpdf import FPDF
from fpdf.enums import TableSpan
from fpdf.fonts import FontFace

from graph.records import Document
from viz.frontend import VENDOR


@dataclass(frozen=True, slots=True)
class Sheet:
    """Paragraphs, and below them a table; a cell is (text, height, width), None where covered."""

    paragraphs: tuple[str, ...]
    rows: tuple[tuple[tuple[str, int, int] | None, ...], ...]


COLUMNS = (
    "领域",
    "序号",
    "重要 项目",
    "目标任务和工作要求",
    "q1",
    "q2",
    "q3",
    "q4",
    "主责部门",
    "配合部门",
)
QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")


def sheet_of(document: Document, *, merged: bool = True) -> Sheet:
    """The notice as its table was before it was flattened: two storeys, merged domains."""
    table_at = document.text.index("领域\n")
    paragraphs = tuple(p for p in document.text[:table_at].split("\n\n") if p.strip())
    top: list[tuple[str, int, int] | None] = [(c, 2, 1) for c in COLUMNS[:4]]
    top += [
        ("阶段性目标和工作任务量", 1, 4),
        None,
        None,
        None,
        ("主责部门", 2, 1),
        ("配合部门", 2, 1),
    ]
    below: list[tuple[str, int, int] | None] = [None] * 4
    below += [*((q, 1, 1) for q in QUARTERS), None, None]
    rows = [tuple(top), tuple(below)]
    body: list[list[str]] = []
    for target in document.targets:
        row = target.row
        cells = (row.domain, None, row.theme, row.text, *row.quarters, row.lead, row.coordinate)
        texts = [c.span.quote if c else "" for c in cells]
        texts[1] = row.number
        for i, name in enumerate(("q1", "q2", "q3", "q4", "lead", "coordinate"), 4):
            if name in row.none_stated:
                texts[i] = "——"
        body.append(texts)
    for at, texts in enumerate(body):
        cells_now: list[tuple[str, int, int] | None] = []
        for column, text in enumerate(texts):
            same = [
                other[column] == text and other[: column + 1 : 2] == texts[: column + 1 : 2]
                for other in body
            ]
            if column in (0, 1, 2) and text and at and same[at - 1]:
                cells_now.append(None if merged else ("", 1, 1))
                continue
            height = 1
            while column < 3 and text and merged and at + height < len(body) and same[at + height]:
                height += 1
            cells_now.append((text, height, 1))
        rows.append(tuple(cells_now))
    return Sheet(paragraphs, tuple(rows))


def html(sheet: Sheet) -> bytes:
    """A page of a government's site: navigation, scripts and a footer around the notice."""
    head = "".join(f"<p>{escape(p)}</p>".replace("\n", "<br>") for p in sheet.paragraphs)
    body = "".join(
        "<tr>"
        + "".join(
            f'<td rowspan="{c[1]}" colspan="{c[2]}">{escape(c[0])}</td>'
            for c in row
            if c is not None
        )
        + "</tr>"
        for row in sheet.rows
    )
    return (
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>政府网</title>"
        "<script>var 牵头单位 = '规土局';</script><style>p{color:red}</style></head><body>"
        "<nav><a href='/'>首页</a></nav><div class='breadcrumb'>当前位置：首页 &gt; 公文</div>"
        f"<div class='content'>{head}<table border=1>{body}</table></div>"
        "<div class='share'>分享到：微信</div><footer>主办单位：某区政府办公室</footer></body></html>"
    ).encode()


def word(sheet: Sheet) -> bytes:
    """A Word document with merged cells."""
    document = docx.Document()
    for paragraph in sheet.paragraphs:
        document.add_paragraph(paragraph)
    width = len(sheet.rows[0])
    table = document.add_table(len(sheet.rows), width)
    grid = [list(row.cells) for row in table.rows]
    for r, row in enumerate(sheet.rows):
        for c, cell in enumerate(row):
            if cell is not None:
                at = grid[r][c]
                if cell[1] * cell[2] > 1:
                    at = at.merge(grid[r + cell[1] - 1][c + cell[2] - 1])
                at.text = cell[0]
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def excel(sheet: Sheet) -> bytes:
    """A workbook with merged cells; the paragraphs are above the table, merged over it."""
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    width = len(sheet.rows[0])
    for number, paragraph in enumerate(sheet.paragraphs, 1):
        page.cell(number, 1, paragraph)
        page.merge_cells(start_row=number, end_row=number, start_column=1, end_column=width)
    first = len(sheet.paragraphs) + 1
    for r, row in enumerate(sheet.rows, first):
        for c, cell in enumerate(row, 1):
            if cell is not None and cell[0]:
                page.cell(r, c, int(cell[0]) if cell[0].isdigit() else cell[0])
            if cell is not None and cell[1] * cell[2] > 1:
                page.merge_cells(
                    start_row=r, end_row=r + cell[1] - 1, start_column=c, end_column=c + cell[2] - 1
                )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def markdown(sheet: Sheet) -> bytes:
    """A Markdown text with a pipe table; what merged cells cover is left blank."""
    lines = [
        "| " + " | ".join((c[0] if c else "").replace("\n", "<br>") for c in row) + " |"
        for row in sheet.rows
    ]
    lines.insert(1, "|" + "---|" * len(sheet.rows[0]))
    return ("\n\n".join(sheet.paragraphs) + "\n\n" + "\n".join(lines) + "\n").encode()


class _Printed(FPDF):
    def footer(self) -> None:
        self.set_y(-12)
        self.cell(0, 8, f"— {self.page_no()} —", align="C")


def printed(paragraphs: Sequence[str], *, size: float, step: float, gap: float) -> bytes:
    """A PDF of paragraphs, in millimetres from line to line, and more between paragraphs."""
    out = _Printed(format="A4")
    out.add_font("sans", "", str(VENDOR / "NotoSansSC-Regular.ttf"))
    out.set_font("sans", size=size)
    out.add_page()
    for paragraph in paragraphs:
        out.multi_cell(0, step, paragraph, new_x="LMARGIN", new_y="NEXT")
        out.ln(gap)
    return bytes(out.output())


def pdf(sheet: Sheet, *, size: float = 7, ruled: bool = True) -> bytes:
    """A PDF of many pages: the heading of the table on each, a page number below."""
    out = _Printed(orientation="landscape", format="A4")
    out.add_font("sans", "", str(VENDOR / "NotoSansSC-Regular.ttf"))
    out.set_font("sans", size=10)
    out.add_page()
    for paragraph in sheet.paragraphs:
        out.multi_cell(0, 6, paragraph, new_x="LMARGIN", new_y="NEXT")
        out.ln(2)
    out.set_font("sans", size=size)
    plain = FontFace(emphasis=None, fill_color=None)
    two = any(c is None for c in sheet.rows[1])
    with out.table(
        num_heading_rows=2 if two else 1, headings_style=plain, padding=1, line_height=3.6,
        borders_layout="ALL" if ruled else "NONE", v_align="M" if ruled else "T",
        col_widths=(3, 2, 3, 11, 9, 9, 9, 9, 4, 4)[: len(sheet.rows[0])],
    ) as table:  # fmt: skip
        covered: dict[tuple[int, int], TableSpan] = {}
        for r, row in enumerate(sheet.rows):
            line = table.row()
            for c, cell in enumerate(row):
                if (r, c) in covered:
                    line.cell(covered[(r, c)])  # type: ignore[arg-type]
                    continue
                text, height, width = cell or ("", 1, 1)
                line.cell(text)
                for i in range(height):
                    for j in range(width):
                        if (i, j) != (0, 0):
                            span = TableSpan.COL if i == 0 else TableSpan.ROW
                            covered[(r + i, c + j)] = span
    return bytes(out.output())


FILES: dict[str, Callable[[Sheet], bytes]] = {
    "html": html,
    "docx": word,
    "xlsx": excel,
    "md": markdown,
    "pdf": pdf,
}


def table(heading: Sequence[str], *rows: Sequence[str]) -> Sheet:
    """A plain table without merged cells."""
    return Sheet(("某区2024年重点工作任务分解表",), tuple(
        tuple((text, 1, 1) for text in row) for row in (heading, *rows)
    ))  # fmt: skip
