"""The board on one page of Word: what is late first, then what is silent, then the rest.

Rows that do not fit are counted in the last line; the workbook has them all.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.shared import Mm, Pt

from queries.model.board import Board, BoardRow
from viz.board.captions import leads_of, summary_of, title_of
from viz.drawing.figures import STAGE_WORDS, cut, wrapped
from viz.drawing.svg import clean
from viz.reports.docx import dated, draw_hairlines, set_face
from viz.web.context import Desk
from viz.web.status_words import status_words

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WIDTHS_MM = (58.0, 70.0, 84.0, 55.0)
"""Target and lead, step, report, and what the meeting decides."""
_FONT_PT, _LINE_MM, _ROOM_MM = 8.5, 4.6, 138.0
"""The room of the rows on A4 across, below the title and the sentence."""
_MAX_LINES = 2
_MM_PER_PT = 25.4 / 72


def one_page(desk: Desk, shown: Board) -> bytes:
    """Return the board as docx of one page, the same bytes each time."""
    say = desk.say
    document: Any = docx.Document()
    page = document.sections[0]
    page.orientation = WD_ORIENT.LANDSCAPE
    page.page_width, page.page_height = Mm(297), Mm(210)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(14)
    set_face(document.styles["Normal"], "微软雅黑", _FONT_PT)
    document.styles["Normal"].paragraph_format.space_after = Pt(2)
    _say(document.add_paragraph(), title_of(desk, shown), size=16, bold=True)
    _say(document.add_paragraph(), summary_of(desk, shown), size=10)
    rows = [r for r in in_order(shown) if r.steps or r.entries]
    heads = (
        say("目标、主责", "target, lead"), say("节点", "step"), say("报了什么", "reported"),
        say("会议意见", "decided"),
    )  # fmt: skip
    table = document.add_table(rows=1, cols=len(heads))
    table.autofit = False
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        _say(cell.paragraphs[0], words, bold=True)
    room, drawn = _ROOM_MM, 0
    for row in rows:
        cells = [
            _fitted(words, mm)
            for words, mm in zip(_cells(desk, shown, row), _WIDTHS_MM, strict=False)
        ]
        high = max(len(lines) for lines in cells) * _LINE_MM + 1.2
        if high > room:
            break
        room, drawn = room - high, drawn + 1
        made = table.add_row().cells
        for cell, lines in zip(made, cells, strict=False):
            _say(cell.paragraphs[0], "".join(lines))
    for column, mm in zip(table.columns, _WIDTHS_MM, strict=True):
        for cell in column.cells:
            cell.width = Mm(mm)
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    draw_hairlines(table)
    left = len(rows) - drawn
    rest = (
        say(f"另有{left}行，见看板的表格。", f"{left} more rows are in the workbook. ")
        if left
        else ""
    )
    cited = f"{say('版本', 'version')} {desk.snapshot.version.id}"
    _say(document.add_paragraph(), f"{rest}{cited}", size=7.5)
    said = document.core_properties
    said.title, said.author, said.language = clean(title_of(desk, shown)), "tiaokuai", "zh-CN"
    said.created = said.modified = datetime.fromisoformat(desk.snapshot.version.time)
    out = BytesIO()
    document.save(out)
    return dated(out.getvalue())


def in_order(shown: Board) -> Sequence[BoardRow]:
    """Return the rows as a meeting takes them: late, silent, under way, done."""
    rank = {"none": 1, "begun": 1, "half": 2, "dropped": 3, "full": 4}
    return sorted(shown.rows, key=lambda r: 0 if r.is_late else rank[r.mark])


def _cells(desk: Desk, shown: Board, row: BoardRow) -> tuple[str, str, str]:
    t, now = row.target, row.now
    of = f"：{row.project}" if row.project else ""
    due = "；".join(
        f"{'一二三四'[s.step.quarter - 1]}季{desk.say(*STAGE_WORDS.get(s.step.stage, ('', '')))} {s.words}"
        for s in row.steps
    )
    told = desk.say("未报", "not reported") if shown.has_reports else ""
    if now:
        told = f"{status_words(desk, now)} {now.text}（{now.reporter} {now.as_of}）"
    return f"{t.id} {t.title}{of}（{leads_of(t)}）", due, told


def _fitted(words: str, width_mm: float) -> list[str]:
    """Return words as at most two lines of a column; what does not fit ends in an ellipsis."""
    room = width_mm / _MM_PER_PT - 14
    lines = wrapped(clean(words), _FONT_PT, room)
    if len(lines) <= _MAX_LINES:
        return lines or [""]
    return [*lines[: _MAX_LINES - 1], cut("".join(lines[_MAX_LINES - 1 :]), _FONT_PT, room - 10)]


def _say(paragraph: Any, words: str, *, size: float = _FONT_PT, bold: bool = False) -> None:
    run = paragraph.add_run(clean(words))
    run.bold, run.font.size = bold, Pt(size)
