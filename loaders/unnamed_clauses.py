"""What a cell says of a work without naming it: its next step, the plan of the year for it.

Where the other quarters speak of a work and this one only says 编制招标文件,完成招投标,进场施工,
that is said of it; where several are silent, only if all are: the sentence serves the list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from graph.records import Span
from loaders.project_clauses import Draft, Reading, find

_STEP = re.compile(r"施工|招标|招投标|开工|竣工|完工|进场|验收|土建|封顶|交付")
_TALK = re.compile(r"宣传|知名度|推介|品牌|媒体")
_PLAN_OF_YEAR = re.compile(
    r"(?:部署|制定|制订|下达|明确|启动)[^,;。]{0,10}(?:工作计划|年度计划|行动计划|推进计划)$"
    r"|推进情况|(?:年度|全年|阶段性?)总结|总结评估"
)


def give_unnamed(drafts: Sequence[Draft], cells: Sequence[Reading | None]) -> None:
    """Give drafts the clauses of their cells that are about them, though they name none."""
    for i, cell in enumerate(cells):
        for draft in drafts if cell else ():
            span = draft.spans[i]
            if span and draft.works and _TALK.search(span.quote) and not _STEP.search(span.quote):
                draft.spans[i] = None
        if cell is not None:
            before = [d.spans[i] for d in drafts]
            _give_steps(drafts, i, cell)
            _give_plans(drafts, i, cell)
            for draft, span in zip(drafts, before, strict=True):
                draft.unsure |= {i + 1} if draft.spans[i] != span else set()


def _give_steps(drafts: Sequence[Draft], i: int, cell: Reading) -> None:
    silent = [d for d in drafts if _goes_on(d, i) and not d.spans[i]]
    listed = [d for d in drafts if d.in_text and d.works and not d.topic]
    if not silent or (len(silent) > 1 and silent != listed):
        return
    begun = {span.start for d in drafts if (span := d.spans[i])}
    for span in _unclaimed(drafts, cell):
        if span.start in begun:
            continue
        for draft in listed if len(listed) > 1 else ():
            inner = draft.spans[i]
            if inner and span.holds(inner) and _goes_on(draft, i):
                draft.spans[i] = span
        for draft in silent:
            draft.spans[i] = draft.spans[i] or span


def _goes_on(draft: Draft, i: int) -> bool:
    """Whether other quarters say what is done for a work, which goes by no list number."""
    others = [s for at, s in enumerate(draft.spans) if s and at != i]
    return draft.works and not draft.item and not draft.act and len(others) > 1


def _unclaimed(drafts: Sequence[Draft], cell: Reading) -> list[Span]:
    """The sentences of a cell that tell a step of works and name none."""
    found = []
    for _, group in groupby(cell.clauses, key=lambda c: c.sentence):
        run = list(group)
        said = cell.text[run[0].start : run[-1].end]
        named = any(find(key, said) >= 0 for d in drafts for key in d.keys)
        if not named and not run[0].head and not run[0].item and _STEP.search(said):
            found.append(cell.span(run[0].start, run[-1].end))
    return found


def _give_plans(drafts: Sequence[Draft], i: int, cell: Reading) -> None:
    """The plan and the summing up of the year are about the one work that a heading names."""
    named = [d for d in drafts if d.in_text]
    if len(named) != 1 or not named[0].topic or named[0].spans[i]:
        return
    for clause in cell.clauses:
        if _PLAN_OF_YEAR.search(clause.text) and not clause.item:
            named[0].spans[i] = cell.span(clause.start, clause.end)
            return
