"""One table, five formats: the same records from each, and every quote at its offsets."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from notice_files import FILES, Sheet, html, markdown, pdf, printed, sheet_of, table

from graph.exports.document_json import document_json
from graph.records import Document
from loaders.formats.pdf.lines import Line, without_furniture
from loaders.formats.source import source_of
from loaders.notice import read, read_text

TRACES = {"part", "evidence", "q_evidence", "lead_evidence", "coordinate_evidence", "start", "end"}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items() if k not in TRACES}
    return [_plain(v) for v in value] if isinstance(value, list) else value


def _records(document: Document) -> Any:
    said = document_json(document)
    return _plain([said["targets"], said["same"]])


def _read(name: str, data: bytes) -> Document:
    document = read_text(source_of(name, data))
    for span in _spans(document_json(document)):
        assert document.text[span["start"] : span["end"]] == span["quote"]
    return document


def _spans(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if {"start", "end", "quote"} <= value.keys() else []
        return own + [s for v in value.values() for s in _spans(v)]
    return [s for v in value for s in _spans(v)] if isinstance(value, list) else []


def test_a_number_in_a_circle_counts_no_rows() -> None:
    rows = [(n, f"改造菜场{i}座。", "商务局") for i, n in enumerate(("①", "", "③"), 1)]
    found = _read("某文件", html(table(("序号", "目标任务", "主责部门"), *rows)))
    assert [t.row.number for t in found.targets] == ["①", "①", "③"]


@pytest.mark.parametrize(
    ("numbers", "kept"),
    [
        (("①",), True),
        (("4", "9", "15", "22"), True),  # of rows that begin pages
        (("12", "13", "14", "15"), False),  # of pages, from the twelfth on
        (("2024", "2024", "2024"), False),
        (("1", "2"), False),
    ],
)
def test_a_bare_number_in_the_margin(numbers: tuple[str, ...], kept: bool) -> None:
    lines = [
        [Line(n, 50, 60, 10, 10), Line("甲" * i, 50, 200, 400, 10)]
        for i, n in enumerate(numbers, 1)
    ]
    left = without_furniture([(page, 800.0) for page in lines])
    assert left == [page if kept else page[1:] for page in lines]


@pytest.mark.parametrize("form", FILES)
def test_the_notice_in_every_format_gives_the_same_records(notice: Document, form: str) -> None:
    # a merged cell of fpdf2 may not go over a page, so there what it covers is left blank
    found = _read("某文件", FILES[form](sheet_of(notice, merged=form != "pdf")))
    assert _records(found) == _records(notice)
    said, wanted = document_json(found)["document"], document_json(notice)["document"]
    assert _without_places(said) == _without_places(wanted)


def _without_places(said: dict[str, Any]) -> dict[str, Any]:
    """What a document says of itself, without hashes and offsets."""
    parts = [(p["kind"], p["heading"], p["rows"]) for p in said["parts"] if p["read"]]
    return {k: v for k, v in said.items() if k not in ("sha256", "text_id")} | {"parts": parts}


def test_a_printed_table_without_lines_is_read_by_its_columns(notice: Document) -> None:
    found = _read("某文件", pdf(sheet_of(notice, merged=False), ruled=False))
    assert _records(found) == _records(notice)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16", "utf-16-be"])
def test_a_page_is_the_same_in_any_encoding(encoding: str) -> None:
    sheet, wanted = TABLES["only responsible units"]
    page = html(sheet).decode().replace("charset=utf-8", f"charset={encoding}")
    found = document_json(_read("a.txt", page.encode(encoding)))["targets"]
    assert found[0]["lead"] == wanted[0]["lead"]


QUARTERS = ("第一季度", "第二季度", "第三季度", "第四季度")
TABLES: dict[str, tuple[Sheet, list[dict[str, Any]]]] = {
    "columns in another order": (
        table(
            ("配合单位", "牵头单位", "年度目标", "1-3月", "4-6月", "7-9月", "10-12月", "类别", "编号"),
            ("财政局、各街道", "住建局", "完成旧房改造10万平方米。", "开工", "——", "推进", "完成", "民生", "1"),
            ("", "教育局", "新建公办幼儿园2所。", "", "开工", "封顶", "竣工", "民生", "2"),
        ),
        [
            {"id": "1", "domain": "民生", "q": ["开工", None, "推进", "完成"], "lead": ["住建局"],
             "coordinate": ["财政局", "各街道"]},
            {"id": "2", "text": "新建公办幼儿园2所。", "q": [None, "开工", "封顶", "竣工"],
             "lead": ["教育局"], "coordinate": []},
        ],
    ),
    "two storeys and a chapter in a row of its own": (
        Sheet(("任务表",), (
            (("序号", 2, 1), ("工作任务", 2, 1), ("责任分工", 1, 2), None, ("时间节点", 1, 4), None, None, None),
            (None, None, ("牵头单位", 1, 1), ("责任单位", 1, 1), *((q, 1, 1) for q in QUARTERS)),
            (("一、推动产业升级", 1, 8), *(None,) * 7),
            (("1", 1, 1), ("引进重点企业20家以上。", 1, 1), ("投促局", 1, 1), ("商务局、财政局", 1, 1),
             ("全年推进", 1, 4), None, None, None),
            (("二、改善城市环境", 1, 8), *(None,) * 7),
            (("2", 1, 1), ("新增绿地5公顷。", 1, 1), ("绿化市容局", 1, 1), ("各镇", 1, 1),
             ("选址", 1, 1), ("开工", 1, 1), ("建设", 1, 1), ("完成", 1, 1)),
        )),
        [
            {"id": "1", "domain": "一、推动产业升级", "lead": ["投促局"], "coordinate": ["商务局", "财政局"],
             "q": ["全年推进"] * 4},
            {"id": "2", "domain": "二、改善城市环境", "coordinate": ["各镇"], "q": ["选址", "开工", "建设", "完成"]},
        ],
    ),
    "no quarters, a merged lead, and a deadline": (
        Sheet(("分解表",), (
            tuple((c, 1, 1) for c in ("序号", "项目名称", "工作目标", "完成时限", "主办单位", "协办单位")),
            (("1", 1, 1), ("旧改", 1, 1), ("完成旧住房改造8万平方米。", 1, 1), ("12月底", 1, 1),
             ("房管局", 2, 1), ("规土局", 1, 1)),
            (("2", 1, 1), ("加梯", 1, 1), ("加装电梯50台。", 1, 1), ("6月底", 1, 1), None, ("市场监管局", 1, 1)),
        )),
        [
            {"id": "1", "project": "旧改", "lead": ["房管局"], "coordinate": ["规土局"], "q": [None] * 4},
            {"id": "2", "project": "加梯", "lead": ["房管局"], "coordinate": ["市场监管局"]},
        ],
    ),
    "only responsible units": (
        table(("序号", "主要内容", "责任单位"), ("1", "推进学区化集团化办学，覆盖率达到80%。", "教育局、财政局")),
        [{"id": "1", "lead": ["教育局", "财政局"], "coordinate": [], "roles": "undifferentiated"}],
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("name", TABLES)
def test_other_tables_in_every_format(name: str, form: str) -> None:
    sheet, wanted = TABLES[name]
    if form == "md":
        sheet = _spelt_out(sheet)  # Markdown has no merged cells
    found = document_json(_read("表", FILES[form](sheet)))["targets"]
    assert len(found) == len(wanted)
    for row, want in zip(found, wanted, strict=True):
        assert {k: row[k] for k in want} == want


def _spelt_out(sheet: Sheet) -> Sheet:
    """The table with what merged cells cover written again, but for headings and chapters."""
    rows = [list(row) for row in sheet.rows]
    heading = 1 if sheet.rows[1][0] is None else 0
    for r, row in enumerate(sheet.rows):
        for c, cell in enumerate(row):
            if r > heading and cell and cell[1] * cell[2] > 1 and cell[2] < len(row):
                for i in range(r, r + cell[1]):
                    for j in range(c, c + cell[2]):
                        rows[i][j] = (cell[0], 1, 1)
    return Sheet(sheet.paragraphs, tuple(tuple(row) for row in rows))


def test_hidden_rows_are_read_and_said() -> None:
    sheet, _ = TABLES["columns in another order"]
    book = openpyxl.load_workbook(io.BytesIO(FILES["xlsx"](sheet)))
    page = book.worksheets[0]
    page.row_dimensions[3].hidden = True
    page.column_dimensions["A"].hidden = True
    page["XFD1048576"] = " "
    book.create_sheet("草稿").sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    found = document_json(_read("a.xlsx", out.getvalue()))
    doubts = {(d["row"], d["kind"]) for d in found["review"] if d["kind"].startswith("hidden")}
    assert doubts == {("1", "hidden-row"), ("", "hidden-column"), ("", "hidden-sheet")}
    assert len(found["targets"]) == 2


def test_a_table_goes_on_after_a_page_break_and_a_second_sheet_is_read() -> None:
    sheet, _ = TABLES["only responsible units"]
    page = html(sheet).decode()
    again = "<table><tr><td>2</td><td>新建停车位1000个。</td><td>交通局</td></tr></table>"
    found = _read("a", page.replace("</table>", "</table>" + again).encode())
    assert [t.id for t in found.targets] == ["1", "2"]
    book = openpyxl.load_workbook(io.BytesIO(FILES["xlsx"](sheet)))
    book.copy_worksheet(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    assert [t.id for t in _read("a", out.getvalue()).targets] == ["1a", "1b"]


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def _docx(data: bytes, change: Callable[[Any], None]) -> bytes:
    document = docx.Document(io.BytesIO(data))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_tracked_changes_of_a_word_document_are_read_as_they_end() -> None:
    sheet, wanted = TABLES["columns in another order"]

    def change(document: Any) -> None:
        table = document.tables[0]
        lead = table.rows[1].cells[1].paragraphs[0]._p
        for name, what, words in (("del", "delText", "文旅局"), ("ins", "t", "、水务局")):
            mark = f'<w:{name} {_W} w:id="1"><w:r><w:{what}>{words}</w:{what}></w:r></w:{name}>'
            lead.append(parse_xml(mark))
        gone = table.rows[2]._tr.get_or_add_trPr()
        gone.append(parse_xml(f'<w:del {_W} w:id="2"/>'))

    (only,) = _read("a.docx", _docx(FILES["docx"](sheet), change)).targets
    assert [a.label for a in only.bodies("lead")] == [*wanted[0]["lead"], "水务局"]


def test_a_table_in_a_text_box_is_read_once() -> None:
    sheet, wanted = TABLES["only responsible units"]

    def change(document: Any) -> None:
        table = document.tables[0]._tbl
        holder = document.add_paragraph()._p
        holder.append(
            parse_xml(
                f'<w:r {_W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
                "<mc:AlternateContent><mc:Choice><w:drawing><w:txbxContent/></w:drawing></mc:Choice>"
                "<mc:Fallback><w:pict><w:txbxContent/></w:pict></mc:Fallback>"
                "</mc:AlternateContent></w:r>"
            )
        )
        new, old = holder.iter(qn("w:txbxContent"))
        old.append(copy.deepcopy(table))
        new.append(table)

    found = _read("a.docx", _docx(FILES["docx"](sheet), change))
    assert [[a.label for a in t.assignments] for t in found.targets] == [wanted[0]["lead"]]


def test_paragraphs_of_a_print_stay_apart_over_its_pages(notice: Document) -> None:
    paragraphs = tuple(p.strip() for p in notice.text.split("\n\n") if p.strip())
    found = _read("a.pdf", printed(paragraphs, size=10.5, step=6, gap=2))
    assert [(t.id, t.row.text.text) for t in found.targets] == [
        (t.id, t.row.text.text) for t in notice.targets
    ]


def test_a_text_box_in_a_cell_belongs_to_the_cell() -> None:
    sheet, wanted = TABLES["only responsible units"]

    def change(document: Any) -> None:
        cell = document.tables[0].rows[1].cells[-1]._tc
        box = "<w:txbxContent><w:p><w:r><w:t>、水务局</w:t></w:r></w:p></w:txbxContent>"
        cell.append(parse_xml(f"<w:p {_W}><w:r><w:pict>{box}</w:pict></w:r></w:p>"))

    found = _read("a.docx", _docx(FILES["docx"](sheet), change))
    assert [a.label for a in found.targets[0].assignments] == [*wanted[0]["lead"], "水务局"]


def test_a_sheet_without_its_notice_is_placed_by_its_name_or_its_files() -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in (["序号", "目标任务", "主责部门"], ["1", "完成招标", "建交委房管局"]):
        page.append(row)
    for title, name in (("Sheet1", "长宁区2020年重点工作.xlsx"), ("长宁区2020年任务", "a.xlsx")):
        page.title = title
        out = io.BytesIO()
        book.save(out)
        document = _read(name, out.getvalue())
        assert (document.head.jurisdiction, document.head.year) == ("长宁区", 2020)
        assert [a.label for a in document.targets[0].assignments] == ["建交委", "房管局"]


def test_the_sheet_with_the_table_is_found_among_others() -> None:
    sheet, wanted = TABLES["columns in another order"]
    book = openpyxl.load_workbook(io.BytesIO(FILES["xlsx"](sheet)))
    notes = book.create_sheet("填表说明", 0)
    notes.append(["填表说明"])
    notes.append(["1.本表由各部门填写。"])
    for row in (["序号", "部门", "联系人", "电话"], ["1", "发改委", "张三", "12345678"]):
        notes.append(row)
    out = io.BytesIO()
    book.save(out)
    found = document_json(_read("a", out.getvalue()))["targets"]
    assert [row["lead"] for row in found] == [want["lead"] for want in wanted]


def test_furniture_and_scripts_are_not_read(notice: Document) -> None:
    text = _read("a", html(sheet_of(notice))).text
    assert "首页" not in text
    assert "var " not in text
    assert "分享到" not in text


def test_markdown_keeps_the_offsets_of_its_file() -> None:
    data = markdown(TABLES["only responsible units"][0]).replace(
        "学区化".encode(), "**学区化**".encode()
    )
    document = _read("a.md", data)
    span = document.targets[0].assignments[0].evidence
    assert data.decode()[span.start : span.end] == "教育局"
    assert document.targets[0].row.text.text.startswith("推进学区化集团化")


def test_a_page_whose_table_is_an_attachment_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html><body><p>关于印发目标分解表的通知</p><p>现印发给你们。</p>"
        "<p>附件：<a href='/down?f=1.doc'>目标分解表.doc</a></p></body></html>"
    )
    with pytest.raises(Exception, match="table is missing.*目标分解表"):
        read(path)
