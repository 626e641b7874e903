"""Write the workbook that a body fills in to report its progress.

Each row is a target that the body leads or coordinates, its permanent address in a hidden column:
`loaders.progress` matches a filled form by that address, in any order of its rows. The
words of the form are Chinese, as the departments that fill it in are.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from graph.exports.workbook import file_of, printable
from graph.store.snapshot import Snapshot
from queries.catalogue import resolve
from queries.errors import BadParameter
from queries.model.atlas import atlas
from queries.model.board import strongest_edges
from queries.model.months import last_day
from queries.model.records import Edge, Notice, Target
from viz.reports.print_sheet import dress_row, set_page, write_cell, write_headings

QUARTERS = ("1", "2", "3", "4", "all")
STATUSES = (
    "已完成", "提前完成", "超进度", "按序时推进", "部分完成", "滞后", "前期准备", "未启动", "暂缓", "调整", "取消",
)  # fmt: skip
"""Choices of the status column; a reader of reports knows each."""
COLUMNS = (
    ("目标地址", 12), ("序号", 6), ("重要项目", 14), ("目标任务", 26), ("主责/配合", 10),
    ("目标全文", 40), ("阶段性目标", 40), ("进展情况", 44), ("状态", 12), ("完成率（%）", 9),
    ("存在问题", 24), ("下一步计划", 24),
)  # fmt: skip
"""Headings and widths in characters; the first column is hidden."""
FILLED_IN = ("进展情况", "状态", "完成率（%）", "存在问题", "下一步计划")
HEADING_ROW = 3


def progress_template(snapshot: Snapshot, body: str, quarter: str = "all") -> tuple[bytes, str]:
    """Return the workbook of a body and the body's label.

    It is on one notice, as a report is: of several in a scope the one with most of its rows. Raises UnknownThing with near names, BadParameter for a quarter that is not there.
    """
    if quarter not in QUARTERS:
        raise BadParameter("quarter", f"{quarter!r}", QUARTERS)
    label = resolve(snapshot, "body", body, "name")
    a = atlas(snapshot)
    iri = next(b.iri for b in a.bodies.values() if b.label == label)
    every = [(a.targets[e.target], _role(e)) for e in strongest_edges(a, iri)]
    counts = Counter(t.notice for t, _ in every)
    notice = a.notices.get(max(counts, key=lambda n: counts[n])) if counts else None
    rows = [(t, role) for t, role in every if notice is None or t.notice == notice.iri]
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = printable(label)[:31].translate(str.maketrans("", "", "[]:*?/\\")) or "填报"
    _head(sheet, label, quarter, notice)
    for at, (target, role) in enumerate(rows, HEADING_ROW + 1):
        words = (
            target.iri, int(target.id) if target.id.isdecimal() else target.id, target.theme,
            target.title, role, target.text, _planned(target, quarter),
        )  # fmt: skip
        for column, value in enumerate(words, 1):
            write_cell(sheet, at, column, value)
        dress_row(sheet, at, COLUMNS, hidden=(1,))
    _lists(sheet, HEADING_ROW + 1, max(HEADING_ROW + len(rows), HEADING_ROW + 1) + 200)
    set_page(sheet, HEADING_ROW, HEADING_ROW + len(rows), len(COLUMNS), frozen=4)
    return file_of(book), label


def _role(edge: Edge) -> str:
    role = {"Lead": "主责", "Responsible": "责任"}.get(edge.role, "配合")
    return f"{role}（{edge.via}）" if edge.inferred and edge.via else role


def _planned(target: Target, quarter: str) -> str:
    """Return the steps of a quarter, word by word; of the whole year with the quarter before each."""

    def words(q: int) -> str:
        mine = [s for s in target.steps if s.quarter == q]
        own = [s for s in mine if not s.project] or mine
        return "；".join(dict.fromkeys(s.text.rstrip("；;。") for s in own))

    if quarter != "all":
        return words(int(quarter)) or "——"
    every = [f"{'一二三四'[q - 1]}季度：{said}" for q in (1, 2, 3, 4) if (said := words(q))]
    return "\n".join(every) or "——"


def _head(sheet: Worksheet, label: str, quarter: str, notice: Notice | None) -> None:
    """Write the title, who reports on what as of which day, and the headings."""
    year = int(notice.year) if notice and notice.year.isdecimal() else 0
    of = f"第{'一二三四'[int(quarter) - 1]}季度" if quarter != "all" else ""
    title = f"{label}{year or ''}{'年' if year else ''}{of}重点工作目标进展填报表"
    sheet.cell(1, 2, printable(title)).font = Font(bold=True, size=14)
    until = last_day(year, 4 if quarter == "all" else int(quarter)) if year else None
    about: list[tuple[int, str | date | None]] = [
        (2, f"填报单位：{label}"),
        (4, f"依据：{notice.number or notice.title}" if notice else ""),
        (6, "填报人：\u3000\u3000\u3000\u3000联系电话："),
        (8, "截至："),
        (9, until),
    ]
    for column, value in about:
        cell = sheet.cell(2, column, printable(value) if isinstance(value, str) else value)
        if column == 9:
            cell.number_format = 'yyyy"年"m"月"d"日"'
            cell.alignment = Alignment(horizontal="left")
    sheet.cell(2, 8).alignment = Alignment(horizontal="right")
    columns = [(f"{of}{name}" if name == "阶段性目标" else name, width) for name, width in COLUMNS]
    write_headings(sheet, HEADING_ROW, columns, FILLED_IN)
    sheet.column_dimensions["A"].hidden = True


def _lists(sheet: Worksheet, first: int, last: int) -> None:
    """Offer the statuses as a list; other words stay possible, after a warning."""
    status = DataValidation("list", formula1=f'"{",".join(STATUSES)}"', allow_blank=True)
    status.errorStyle = "warning"
    status.errorTitle, status.error = "状态", "不在列表里的词也能填，但可能读不出是哪一种状态。"
    status.promptTitle, status.prompt = "状态", "从列表里选一个。"
    status.showErrorMessage = status.showInputMessage = True
    status.add(f"{_letter('状态')}{first}:{_letter('状态')}{last}")
    sheet.add_data_validation(status)
    told = DataValidation(allow_blank=True)
    told.promptTitle = "进展情况"
    told.prompt = (
        "写到哪一步、数量是多少；几件事用分号隔开。可以排序、删行、在末尾加行，隐藏的A列不要改。"
    )
    told.showInputMessage = True
    told.add(f"{_letter('进展情况')}{first}:{_letter('进展情况')}{last}")
    sheet.add_data_validation(told)


def _letter(heading: str) -> str:
    return str(get_column_letter([name for name, _ in COLUMNS].index(heading) + 1))
