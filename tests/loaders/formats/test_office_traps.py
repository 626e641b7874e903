"""What misleads readers of Office files: struck-out text, phonetic guides, formulas, raised digits."""

from __future__ import annotations

import io

import docx
import openpyxl
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from loaders.formats.source import SourceText, source_of
from loaders.notice import read_text

HEADING = ("序号", "目标任务", "主责部门", "配合部门", "完成时限")
PHONETIC = (
    "<w:r {ns}><w:ruby><w:rubyPr/><w:rt><w:r><w:t>ān</w:t></w:r></w:rt>"
    "<w:rubyBase><w:r><w:t>安</w:t></w:r></w:rubyBase></w:ruby></w:r>"
)
DELETED = "<w:del {ns} w:id='1' w:author='a'><w:r><w:delText>审计局、</w:delText></w:r></w:del>"


def word() -> SourceText:
    document = docx.Document()
    table = document.add_table(3, 5)
    rows = (
        HEADING,
        ("1", "", "建交委", "", "2026年6月"),
        ("2", "改造2万", "规土局", "", "2026年9月"),
    )
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    task = table.cell(1, 1).paragraphs[0]
    task.add_run("完成")
    task._p.append(parse_xml(PHONETIC.format(ns=nsdecls("w"))))
    task.add_run("顺路79号改造")
    helpers = table.cell(1, 3).paragraphs[0]
    helpers.add_run("财政局、").font.strike = True
    helpers._p.append(parse_xml(DELETED.format(ns=nsdecls("w"))))
    helpers.add_run("税务局")
    area = table.cell(2, 1).paragraphs[0]
    area.add_run("m")
    area.add_run("2").font.superscript = True
    area.add_run("绿地")
    out = io.BytesIO()
    document.save(out)
    return source_of("a.docx", out.getvalue())


def workbook() -> SourceText:
    book = openpyxl.Workbook()
    sheet = book.active
    struck = TextBlock(InlineFont(strike=True), "财政局、审计局、")
    raised = TextBlock(InlineFont(vertAlign="superscript"), "2")
    plain = TextBlock(InlineFont(), "m")
    sheet.append(HEADING)
    sheet.append((1, "完成安顺路79号改造", "建交委", CellRichText(struck, "税务局"), "2026年6月"))
    sheet.append((2, CellRichText("改造2万", plain, raised, "绿地"), "规土局", "商务委", "=A2+1"))
    sheet["D3"].font = Font(strike=True)
    out = io.BytesIO()
    book.save(out)
    return source_of("a.xlsx", out.getvalue())


def test_word() -> None:
    document = read_text(word())
    one, two = document.targets
    assert one.row.text.text == "完成安顺路79号改造"
    assert [a.label for a in one.assignments] == ["建交委", "税务局"]
    assert two.row.text.text == "改造2万m²绿地"
    doubts = [(d.row, d.why) for d in document.review if d.kind == "struck-out"]
    assert doubts == [("1", "划去的文字没有读：财政局、、审计局、")]


def test_workbook() -> None:
    document = read_text(workbook())
    one, two = document.targets
    assert [a.label for a in one.assignments] == ["建交委", "税务局"]
    assert [a.label for a in two.assignments] == ["规土局"]
    assert two.row.text.text == "改造2万m²绿地"
    found = {(d.kind, d.row, d.why) for d in document.review}
    assert ("struck-out", "1", "工作表“Sheet”D2里划去的文字没有读：财政局、审计局、") in found
    assert ("struck-out", "2", "工作表“Sheet”D3里划去的文字没有读：商务委") in found
    assert ("formula", "2", "工作表“Sheet”E3是公式，文件里没有它的计算结果") in found
    assert not {m.deadline for m in two.milestones} - {None}
