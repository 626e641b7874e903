"""What is due in each quarter: one milestone for the target, one for each project the cell names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.records import Commitment, Milestone, Project, Row, Stage
from ontology.names import squeeze

_DONE = re.compile(
    r"完成|竣工|完工|交付|建成|投入使用|验收|获批|上线|正式运行|达标|全覆盖|举办$|贯通|评定|收官|颁奖|达到|实现"
)
_NOT_DONE = re.compile(
    r"完成(?:[\u4e00-\u9fff、]{0,8})?(?:初稿|前期|准备|招标|招投标|方案|选址|评审|设计|可研|报告|概算)|年度目标的(?:25|50|75)%|"
    r"目标的?(?:[1-8]?\d)%|工作目标的(?:25|50|75)%|50%的|装修工程的"
)
_START = re.compile(r"启动|开工|着手|进场|部署|开始|动员|召开.{0,12}(?:启动|动员)")
_PREPARE = re.compile(
    r"前期|准备|方案|招标|招投标|选址|评审|设计|可研|规划|排摸|调研|制定|编制|征询|立项|审批|批复|筹备|草|初稿|手续"
)
_COMMITMENTS: tuple[tuple[Commitment, re.Pattern[str]], ...] = (
    ("strive", re.compile(r"力争|争取|力保")),
    ("ensure", re.compile(r"确保|保证")),
    ("assist", re.compile(r"^(?:[^,;。:,;:]{0,12}[::])?配合")),
    ("complete", re.compile(r"完成|竣工|完工|建成|实现|达到")),
    ("promote", re.compile(r"推进|推动|加快|促进")),
)


def stage_of(clause: str) -> Stage:
    """How far a clause goes: its furthest step. Preparing, starting, in progress, done.

    Completing a preparation is not completing the work.

    >>> stage_of("竣工"), stage_of("开展出让前准备"), stage_of("开工"), stage_of("进行内外装饰")
    ('done', 'prepare', 'start', 'progress')
    """
    text = squeeze(clause)
    if not text:
        return "none"
    parts = [p for p in re.split(r"[,;。,;]", text) if p]
    best: Stage = "none"
    order: tuple[Stage, ...] = ("none", "prepare", "start", "progress", "done")
    for part in parts:
        step = _step(part)
        if order.index(step) > order.index(best):
            best = step
    return best


def _step(part: str) -> Stage:
    if re.search(r"年度目标的100%|目标的?100%|全面完成|年度.{0,4}任务$", part):
        return "done"
    prepared = _NOT_DONE.search(part)
    if _DONE.search(part) and not prepared and not re.search(r"(?:前期|前)?准备", part):
        return "done"
    if re.search(r"(?:25|50|75|[1-8]\d)%", part):
        return "progress"
    if _START.search(part):
        return "start"
    if _PREPARE.search(part):
        return "prepare"
    return "progress"


def commitment_of(clause: str) -> Commitment | None:
    """How strongly a clause promises, by its strongest sign of doubt first.

    >>> commitment_of("力争完成收储"), commitment_of("推进施工"), commitment_of("开工")
    ('strive', 'promote', None)
    """
    text = squeeze(clause)
    return next((name for name, sign in _COMMITMENTS if sign.search(text)), None)


def milestones_of(row: Row, projects: Sequence[Project]) -> tuple[Milestone, ...]:
    """The milestones of a row, by quarter: the target's own, then those of its projects."""
    found = []
    for number, cell in enumerate(row.quarters, 1):
        if cell is None:
            continue
        words = cell.span.quote
        found.append(Milestone(number, cell.span, stage_of(words), commitment_of(words)))
        for project in projects:
            clause = project.clauses[number - 1]
            if clause is not None and cell.span.holds(clause):
                stage, promise = stage_of(clause.quote), commitment_of(clause.quote)
                found.append(Milestone(number, clause, stage, promise, project.name))
    return tuple(found)
