"""The form that a body fills in comes back matched, row by row, whatever was done to it."""

from __future__ import annotations

import io
import random
from datetime import date

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from graph.exports.report_json import report_json
from graph.progress import ProgressReport
from graph.records import Document
from graph.store.snapshot import Snapshot
from loaders.formats.source import source_of
from loaders.progress.plan import Plan
from loaders.progress.read import read_report
from loaders.progress.words import status_of
from ontology.names import base
from queries.model.atlas import atlas
from viz.reports.progress_template import COLUMNS, HEADING_ROW, STATUSES, progress_template
from viz.site import Request, answer

BODIES = ("建交委", "规土局", "民政局", "新华路街道", "体育局")
HEADINGS = [name for name, _ in COLUMNS]
TYPED = (
    "{step}已完成", "正常推进，下月组织验收", "已完成全年任务的75%", "前期手续办理中；施工单位已进场",
    "1.方案已报批。2.资金已落实", "进展顺利", "未启动", "已建成12个",
)  # fmt: skip


def opened(data: bytes) -> tuple[openpyxl.Workbook, Worksheet]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    return book, sheet


def read_back(book: openpyxl.Workbook, notice: Document) -> ProgressReport:
    out = io.BytesIO()
    book.save(out)
    return read_report(source_of("填报.xlsx", out.getvalue()), [Plan(notice)])


def column(heading: str) -> int:
    return HEADINGS.index(heading) + 1


def fill_in(sheet: Worksheet, chance: random.Random) -> dict[str, str]:
    """Fill in every row, drop a third, sort the rest anew; return what each target was given."""
    rows = [
        [cell.value for cell in row]
        for row in sheet.iter_rows(min_row=HEADING_ROW + 1)
        if row[0].value
    ]
    told: dict[str, str] = {}
    for row in rows:
        step = str(row[column("目标任务") - 1])
        words = chance.choice(TYPED).format(step=step)
        row[column("进展情况") - 1] = words
        row[column("状态") - 1] = chance.choice((*STATUSES, None))
        row[column("完成率（%）") - 1] = chance.choice((None, 60, "85%"))
        told[str(row[0])] = words
    kept = chance.sample(rows, max(1, 2 * len(rows) // 3))
    sheet.delete_rows(HEADING_ROW + 1, sheet.max_row)
    for row in kept:
        sheet.append(row)
    return {str(row[0]): told[str(row[0])] for row in kept}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("quarter", ["2", "all"])
def test_a_form_filled_in_sorted_and_cut_comes_back_matched(
    snapshot: Snapshot, notice: Document, body: str, quarter: str
) -> None:
    made, label = progress_template(snapshot, body, quarter)
    book, sheet = opened(made)
    told = fill_in(sheet, random.Random(body + quarter))
    found = read_back(book, notice)
    assert found.kind == "progress"
    assert found.head.reporter == label
    assert found.head.as_of == date(2019, 6 if quarter == "2" else 12, 30 if quarter == "2" else 31)
    assert not found.unmatched
    words: dict[str, str] = {}
    for entry in found.tied:
        assert entry.matched_by == "key", entry.statement.quote
        address = next(a for a in told if a.endswith(f"/目标/{entry.target}"))
        assert entry.statement.key == address
        assert entry.statement.quote.quote in told[address]
        words[address] = told[address]
    assert words == told


def test_a_row_added_by_hand_is_matched_by_its_words(snapshot: Snapshot, notice: Document) -> None:
    book, sheet = opened(progress_template(snapshot, "建交委", "2")[0])
    address = str(sheet.cell(HEADING_ROW + 1, 1).value)
    sheet.cell(HEADING_ROW + 1, column("进展情况"), "设计方案批复已取得")
    last = sheet.max_row + 1
    sheet.cell(last, column("目标任务"), "架空线入地和合杆整治")
    sheet.cell(last, column("进展情况"), "新华路电力排管完成")
    found = read_back(book, notice)
    assert {(e.target, e.matched_by == "key") for e in found.tied} == {
        (address.rpartition("/")[2], True), ("23", False),
    }  # fmt: skip


@pytest.mark.parametrize("changed", ["/目标/999", "x", "https://example.org/1", "2018"])
def test_a_changed_address_is_an_unmatched_row_with_its_place(
    snapshot: Snapshot, notice: Document, changed: str
) -> None:
    """Neither a guess nor a loss: the row is named by file, sheet, row and cell."""
    book, sheet = opened(progress_template(snapshot, "建交委", "2")[0])
    first, second = HEADING_ROW + 1, HEADING_ROW + 2
    for row in (first, second):
        sheet.cell(row, column("进展情况"), "正常推进")
    kept = str(sheet.cell(first, 1).value)
    if changed == "2018":  # the same number in the notice of another year
        changed = kept.replace("2019", "2018")
    sheet.cell(second, 1, changed)
    report = report_json(read_back(book, notice))
    assert [e["target"] for e in report["entries"] if e["target"]] == [kept.rpartition("/")[2]]
    [row] = report["unmatched"]
    assert row["quote"] == "正常推进"
    assert (row["file"], row["sheet"], row["row"], row["cell"], row["why"]) == (
        "填报.xlsx", sheet.title, second, f"A{second}", "unknown-key",
    )  # fmt: skip


def test_every_status_of_the_list_is_one_that_reports_are_read_with(snapshot: Snapshot) -> None:
    _, sheet = opened(progress_template(snapshot, "建交委", "1")[0])
    lists = [v for v in sheet.data_validations.dataValidation if v.type == "list"]
    assert [v.formula1 for v in lists] == [f'"{",".join(STATUSES)}"']
    assert len({status_of(word) for word in STATUSES} - {None}) == len(STATUSES)
    assert sheet.column_dimensions["A"].hidden
    assert not [c for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_an_empty_form_is_no_report(snapshot: Snapshot, notice: Document) -> None:
    book, _ = opened(progress_template(snapshot, "规土局", "3")[0])
    assert read_back(book, notice).kind == "not-a-report"


def test_the_page_of_a_body_offers_its_form(snapshot: Snapshot) -> None:
    reply = answer(
        snapshot, Request("/progress/template.xlsx", (("name", "建交委"), ("quarter", "2")))
    )
    assert reply.status == 200
    assert reply.body == progress_template(snapshot, "建交委", "2")[0]
    page = answer(snapshot, Request(body_path(snapshot, "建交委"))).body.decode()
    assert "/progress/template.xlsx?name=%E5%BB%BA%E4%BA%A4%E5%A7%94&amp;quarter=2" in page
    assert answer(snapshot, Request("/progress/template.xlsx", (("name", "x"),))).status == 404


def body_path(snapshot: Snapshot, label: str) -> str:
    iri = next(b.iri for b in atlas(snapshot).bodies.values() if b.label == label)
    return "/" + iri.removeprefix(base())
