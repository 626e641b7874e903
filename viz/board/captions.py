"""Words of the board in both languages: marks, statuses, ways, and the sentence at its head."""

from __future__ import annotations

from queries.model.board import ALL, Board, BoardRow
from queries.model.place_ties import WAYS
from queries.model.records import Target
from viz.drawing.figures import STAGE_WORDS
from viz.web.context import Desk

MARKS = {
    "none": ("未报", "not reported"),
    "begun": ("报为未启动", "reported as not begun"),
    "half": ("报了，未完成", "reported, not done"),
    "full": ("报为完成", "reported done"),
    "dropped": ("暂停或取消", "stopped or cancelled"),
}
"""The marks of what came back, from nothing to done."""
COLUMN_WORDS = {k: STAGE_WORDS[k] for k in ("Prepare", "Start", "Progress", "Done")}


def role_words(desk: Desk, row: BoardRow) -> str:
    """Return how a row comes to this board; empty on that of all."""
    if row.role in ("Lead", "Coordinate"):
        words = desk.say("主责", "leads") if row.role == "Lead" else desk.say("配合", "coordinates")
    elif row.role in WAYS:
        words = desk.say(*WAYS[row.role])
    else:
        return ""
    return f"{words}（{'、'.join(row.through)}）" if row.through else words


def leads_of(target: Target) -> str:
    """Return the names of the bodies that lead a target, or are responsible for it."""
    return "、".join(e.label for e in (*target.written("Lead"), *target.written("Responsible")))


def title_of(desk: Desk, board: Board) -> str:
    """Return the title of a board: of whom, and for which quarter."""
    who = board.who or desk.say("全部部门", "All departments")
    when = (
        desk.say("全年", "the year")
        if board.quarter == ALL
        else desk.say(f"第{'一二三四'[int(board.quarter) - 1]}季度", f"quarter {board.quarter}")
    )
    return desk.say(f"{who}：{when}看板", f"{who}: board for {when}")


def summary_of(desk: Desk, board: Board) -> str:
    """Return the sentence at the head of a board: what is due, and what came back."""
    say, rows = desk.say, [r for r in board.rows if r.steps or r.entries]
    plan = say(
        f"{len(board.targets)}项目标、{len(rows)}行有节点。",
        f"{len(board.targets)} targets; {len(rows)} rows with steps.",
    )
    if not board.has_reports:
        return plan + say(
            "图里还没有进展报告，下面只是计划。",
            " The graph holds no report of progress: this is the plan alone.",
        )
    told = len(rows) - board.count("none")
    return plan + say(
        f"报了{told}行：完成{board.count('full')}、未完成{board.count('half') + board.count('begun')}"
        f"（其中滞后或逾期{board.late}）、暂停或取消{board.count('dropped')}；未报{board.count('none')}行。",
        f" {told} reported: {board.count('full')} done, {board.count('half') + board.count('begun')} not "
        f"done ({board.late} behind or overdue), {board.count('dropped')} dropped; {board.count('none')} not reported.",
    )  # fmt: skip
