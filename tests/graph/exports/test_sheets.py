"""Workbooks: one sheet a kind, the same rows from a document and from a version, nothing runs."""

from __future__ import annotations

import io

from click.testing import CliRunner
from openpyxl import load_workbook

from graph.exports.sheets import document_sheets, version_sheets
from graph.exports.workbook import Sheet, workbook
from graph.records import Document
from graph.store.snapshot import Snapshot
from loaders.notice import SHIPPED
from tiaokuai import main

KINDS = ["targets", "assignments", "places", "projects", "milestones", "indicators", "review"]


def test_a_document_and_its_version_have_the_same_sheets(
    notice: Document, snapshot: Snapshot
) -> None:
    read = {s.name: [*s.rows] for s in document_sheets(notice)}
    kept = {s.name: [*s.rows] for s in version_sheets(snapshot)}
    assert list(read) == list(kept) == KINDS
    for kind in ("targets", "places", "projects", "milestones", "indicators", "review"):
        assert len(read[kind]) == len(kept[kind]), kind
    written = {(r[1], r[3]) for r in kept["assignments"]}
    assert {(r[0], r[2]) for r in read["assignments"]} <= written
    assert [r[3] for r in read["targets"]] == [r[4] for r in kept["targets"]]


def test_extract_writes_a_workbook() -> None:
    done = CliRunner().invoke(main, ["extract", str(SHIPPED), "--format", "xlsx"])
    assert done.exit_code == 0
    book = load_workbook(io.BytesIO(done.stdout_bytes))
    assert book.sheetnames == KINDS
    assert book["targets"].max_row == 61


def test_no_text_is_a_formula() -> None:
    data = workbook([Sheet("a", ("=1+1",), [['=HYPERLINK("http://e")'], ["@x\x01"]])])
    sheet = load_workbook(io.BytesIO(data))["a"]
    assert [c.data_type for row in sheet.rows for c in row] == ["s", "s", "s"]


def test_a_workbook_reads_and_prints_as_it_is() -> None:
    sentence = "力争完成71街坊5/2丘安顺路79号上海十钢有限公司收储工作，并做好前期准备"
    data = workbook([Sheet("a", ("号", "目标"), [[15, sentence], [None, "短"]])])
    sheet = load_workbook(io.BytesIO(data))["a"]
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert (sheet.page_setup.fitToHeight, sheet.page_setup.paperSize) == (0, 9)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.column_dimensions["A"].width < sheet.column_dimensions["B"].width <= 48
    assert sheet["B2"].alignment.wrap_text
    assert not sheet["B3"].alignment.wrap_text
    assert sheet["A1"].font.bold
