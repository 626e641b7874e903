"""The board as files for a meeting: a workbook, one page of Word, a calendar."""

from __future__ import annotations

from collections.abc import Callable

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from graph.exports.workbook import MEDIA as WORKBOOK
from graph.exports.workbook import file_of, printable
from queries.errors import BadParameter
from queries.model.board import ALL, Board, BoardRow
from queries.model.records import Step, Target, furthest
from viz.board.captions import (
    COLUMN_WORDS,
    MARKS,
    leads_of,
    role_words,
    summary_of,
    title_of,
)
from viz.board.one_page import WORD, one_page
from viz.board.page import board_of
from viz.reports.agenda import CALENDAR, Due, calendar_of
from viz.reports.print_sheet import dress_row, set_page, write_cell, write_headings
from viz.web.context import Desk
from viz.web.status_words import status_words

HEADING_ROW = 4


def board_file(desk: Desk, form: str) -> tuple[str, bytes, str]:
    """Return the media type, the bytes and the name of a board's file.

    Raises UnknownThing, BadParameter.
    """
    if form not in WRITERS:
        raise BadParameter("format", f"{form!r}", tuple(WRITERS))
    shown = board_of(desk)
    media, write = WRITERS[form]
    when = desk.say("全年", "year") if shown.quarter == ALL else f"Q{shown.quarter}"
    who = shown.who or desk.say("全部", "all")
    return media, write(desk, shown), f"{desk.say('看板', 'board')}-{who}-{when}.{form}"


def _workbook(desk: Desk, shown: Board) -> bytes:
    """The rows of the board in their order, with an empty column for what the meeting decides."""
    say = desk.say
    decided = say("会议意见", "decided")
    columns = (
        (say("序号", "no."), 7), (say("目标", "target"), 24), (say("项目", "project"), 20),
        (say("主责", "lead"), 14), (say("以什么方式", "how it ties in"), 12),
        *((say(*words), 22) for words in COLUMN_WORDS.values()),
        (say("写明的日期", "days named"), 12), (say("报告", "report"), 10),
        (say("状态", "status"), 12), (say("完成率（%）", "share (%)"), 9),
        (say("进展（原文）", "progress (as written)"), 34), (say("问题", "problem"), 18),
        (say("填报单位", "reporter"), 12), (say("截至", "as of"), 11), (decided, 30),
    )  # fmt: skip
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = say("看板", "board")
    for row, words in enumerate((title_of(desk, shown), summary_of(desk, shown)), 1):
        write_cell(sheet, row, 1, words)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    write_headings(sheet, HEADING_ROW, columns, (decided,))
    at = HEADING_ROW
    for at, row_ in enumerate(shown.rows, HEADING_ROW + 1):
        for column, value in enumerate(_values(desk, shown, row_), 1):
            write_cell(sheet, at, column, value)
        dress_row(sheet, at, columns)
    set_page(sheet, HEADING_ROW, at, len(columns), frozen=3)
    for row, words in enumerate(_about(desk), at + 2):
        write_cell(sheet, row, 1, printable(words))
    return file_of(book)


def _values(desk: Desk, shown: Board, row: BoardRow) -> list[str | int | float | None]:
    t, now = row.target, row.now
    percent = float(now.percent) if now and now.percent else None
    return [
        int(t.id) if t.id.isdecimal() else t.id, t.title, row.project, leads_of(t),
        role_words(desk, row),
        *("\n".join(_words(desk, shown, s.step.quarter, s.words) for s in row.column(name)) for name in COLUMN_WORDS),
        "\n".join(day for s in row.steps for day in s.dates),
        desk.say(*MARKS[row.mark]) if shown.has_reports else "",
        status_words(desk, now) if now else "", percent, now.text if now else "",
        now.problem if now else "", now.reporter if now else "", now.as_of if now else "", None,
    ]  # fmt: skip


def _words(desk: Desk, shown: Board, quarter: int, words: str) -> str:
    if str(quarter) == shown.quarter:
        return words
    return desk.say(f"{'一二三四'[quarter - 1]}季度：{words}", f"Q{quarter}: {words}")


def _about(desk: Desk) -> list[str]:
    """Return the sources and the version, as the last lines of a file."""
    found = [
        f"{desk.say('来源', 'source')} {n.title} {n.number}" for n in desk.atlas.notices.values()
    ]
    return [*found[:3], f"{desk.say('版本', 'version')} {desk.snapshot.version.id}"]


def _calendar(desk: Desk, shown: Board) -> bytes:
    """An event for each target and quarter of the board; what is only inferred stays out."""
    steps: dict[tuple[str, int], tuple[Target, BoardRow, list[Step]]] = {}
    for row in shown.rows:
        for one in row.steps if not row.inferred else ():
            key = (row.target.iri, one.step.quarter)
            steps.setdefault(key, (row.target, row, []))[2].append(one.step)
    dues = [
        Due(
            target, quarter, tuple(found), furthest(s.stage for s in found),
            role_words(desk, row) or desk.say("看板", "board"), False, 0, row.ground,
        )
        for (_, quarter), (target, row, found) in steps.items()
    ]  # fmt: skip
    return calendar_of(desk, title_of(desk, shown), sorted(dues, key=lambda d: d.quarter))


WRITERS: dict[str, tuple[str, Callable[[Desk, Board], bytes]]] = {
    "xlsx": (WORKBOOK, _workbook),
    "docx": (WORD, one_page),
    "ics": (CALENDAR, _calendar),
}
"""The writer of each file ending."""
