"""The view `board`: the board of a body, a place or all as one picture."""

from __future__ import annotations

from collections.abc import Mapping

from graph.store.snapshot import Snapshot
from queries.model.board import ALL, COLUMNS, Board, BoardRow, board
from queries.model.records import Evidence
from viz.drawing import figures
from viz.drawing.actuals.stage_rows import StageRow, StageRows, draw
from viz.drawing.figures import STAGE_WORDS
from viz.drawing.paper import SCREEN, Paper
from viz.views.actuals.common import LIGHTS, cell_of, quarter_words, strands_of
from viz.views.selection import (
    NOTHING,
    Drawn,
    PictureCell,
    Say,
    Strand,
    domains,
    source,
    speaker,
    target_keys,
    titled,
)

MAX_ROWS = 70
"""More rows than this are cut; the caption names the cut."""


def board_view(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw a row for each target or project that is due, its steps by stage, what came back."""
    say = speaker(language)
    shown = board(snapshot, params.get("who", ""), params.get("quarter", "all"))
    who = shown.who or say("全部部门", "all departments")
    when = "" if shown.quarter == ALL else quarter_words(int(shown.quarter), say)
    title = titled(snapshot, say, f"看板：{who}{when}", f"Board: {who} {when}".strip())
    stages = tuple(say(*STAGE_WORDS[c]) for c in COLUMNS)
    heads = (say("领域", "domain"), say("号", "number"), say("目标", "target"),
             say("项目", "project"), *stages, say("报告", "reported"))  # fmt: skip
    keys = target_keys(shown.targets)
    cells: dict[str, PictureCell] = {}
    groups: dict[str, list[StageRow]] = {}
    table = []
    rows = [r for r in shown.rows if r.steps or r.entries]
    for row in rows:
        t = row.target
        key = f"{keys[t.iri]}~{row.project}" if row.project else keys[t.iri]
        label = row.project or t.title
        told = _told(shown, row, say)
        one, two, three, four = (_words(shown, row, c, say) for c in COLUMNS)
        table.append((t.domain, t.id, t.title, row.project, one, two, three, four, told))
        spans: list[Evidence | None] = [s.step.evidence for s in row.steps]
        spans += [e.evidence for e in reversed(row.entries)]
        cells[key] = cell_of([(t, spans)], f"{t.id} {label}")
        group = groups.setdefault(t.domain or say("未分领域", "no domain"), [])
        if len(table) <= MAX_ROWS:
            mark = row.mark if shown.has_reports else ""
            colour = figures.ink(t.domain, domains(snapshot))
            group.append(StageRow(key, t.id, label, colour, (one, two, three, four), mark, told))
    caption = _caption(shown, rows, say)
    drawn = StageRows(
        title, caption, source(snapshot, say),
        (say("目标、项目", "target, project"), stages[0], stages[1], stages[2], stages[3], heads[-1]),
        tuple((k, tuple(v)) for k, v in groups.items() if v), say(*NOTHING),
    )  # fmt: skip
    entries = [e for r in rows for e in r.entries]
    edges = tuple(
        Strand(e.body, e.label, t.iri, f"{t.id} {t.title}", e.role)
        for t in shown.targets
        for e in t.edges
        if not e.inferred
    )
    return Drawn(
        title, caption, draw(drawn, paper), heads, tuple(table),
        strands=(*edges, *strands_of(snapshot, entries)), cells=cells,
    )  # fmt: skip


def _words(shown: Board, row: BoardRow, column: str, say: Say) -> str:
    """Return the steps in a column; on a board of the year each with its quarter."""
    return "；".join(
        s.words.rstrip("；;。")
        if str(s.step.quarter) == shown.quarter
        else say(f"{'一二三四'[s.step.quarter - 1]}季：", f"Q{s.step.quarter}: ")
        + s.words.rstrip("；;。")
        for s in row.column(column)
    )


def _told(shown: Board, row: BoardRow, say: Say) -> str:
    if not shown.has_reports:
        return ""
    if row.now is None:
        return say("未报", "not reported")
    return f"{say(*LIGHTS[row.now.status][2])} {row.now.as_of}"


def _caption(shown: Board, rows: list[BoardRow], say: Say) -> str:
    words = say(
        f"{len(shown.targets)}项目标，{len(rows)}行有节点或报告，节点按原文的动词归入四列。",
        f"{len(shown.targets)} targets, {len(rows)} rows with a step or a report; a step is in the column of its verb.",
    )  # fmt: skip
    if shown.has_reports:
        words += say(
            f"圆圈：虚线未报{shown.count('none')}，半圆报了未完成{shown.count('half')}，实心报为完成{shown.count('full')}，划去暂停或取消{shown.count('dropped')}。",
            f" Rings: broken, not reported ({shown.count('none')}); half, not done ({shown.count('half')}); full, done ({shown.count('full')}); struck, dropped ({shown.count('dropped')}).",
        )  # fmt: skip
    else:
        words += say(
            "图里还没有进展报告，只是计划。", " No report is in the graph: the plan alone."
        )
    if len(rows) > MAX_ROWS:
        words += say(
            f"只画前{MAX_ROWS}行，其余见表。",
            f" The first {MAX_ROWS} rows are drawn, the rest is in the table.",
        )
    return words
