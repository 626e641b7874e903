"""What is due in each quarter: of the target, and of each project that the cell names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from graph.records import Cell, Commitment, Milestone, Project, Row, Stage
from loaders.lexicon.deadlines import deadline_of, deadlines_in
from loaders.text.clauses import clauses, folded
from loaders.text.offsets import Passage
from ontology.names import squeeze

_HEADING = re.compile(r"(?:^|(?<=[;。]))[^,;。:]*:(?=.)")
_LABEL = re.compile(r"^[^,:]*:")
_PART = re.compile(r"[,;。]|并(?=开工|竣工|交付|投入)")
_SENTENCE = re.compile(r"[;。]")
_NOT_FINISHED = re.compile(r"(?:推进|推动|继续|做好|办理|准备)")
_NOT_ISSUED = re.compile(r"(?:启动|着手|研究|推进|筹备)")
_ORDER: tuple[Stage, ...] = ("none", "prepare", "start", "progress", "done")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%|(?:目标|任务|指标|总量|计划)的?[1-9]/[1-9]|过半")
_SHARED = re.compile("[%/]|过半")
"""What every match of `_SHARE` holds."""
_PREPARING = re.compile(
    r"前期|准备|方案|招标|招投标|选址|设计|可研|勘察|概算|规划|排摸|摸排|调研|手续|报建|制定|拟定|拟写|起草|"
    r"编制|征询|公示|立项|评审|审批|审图|批复|许可|筹备|初稿|成果稿|汇报稿|草案|计划|动员|采购"
)
_FINISHED = re.compile(
    r"竣工(?!手续|准备|图|验收准备)|完工|交付|建成(?!后)|投入(?:使用|运营)|正式运行|获批|揭牌|开园|收官|"
    r"颁奖|通车|贯通(?!方案|工程|建设)|全覆盖|达标$|验收合格|通过验收|举办$|举行$|上线$|迁出完毕"
)
_ISSUED = re.compile(
    r"(?:报告|白皮书|公报|计划|规划|意见|办法|清单|标准|目录|年报|要点)》?(?:的|\(.*?\)的)?(?:编制|制定|发布|印发|编写)(?!.{0,3}方案|工作)|"
    r"(?:发布|印发|出台|下发)"
)
_ISSUING = re.compile("发布|印发|出台|下发|编制|制定|编写")
"""What every match of `_ISSUED` holds; the engine leaps to it."""
_COMPLETED = re.compile(r"完成(?!情况|后|率|度)|结束|收尾|实现|达到")
_PART_OF_WORKS = re.compile(
    r"底板|基坑|桩基|围护|土方|结构|排管|装饰|装修|安装|浇筑|封顶|脚手架|修缮"
)
_SUMMING_UP = re.compile(r"(?:[0-9]+[.、])?[^,]{0,8}(?:总结|宣传|考核|汇报|推介)")
_BEGUN = re.compile(r"启动|开工(?!手续|准备)|动工|进场|着手|开始|部署|奠基")
_ADVANCING = re.compile(r"推进|推动|继续|持续|加快|深化|配合")

_COMMITMENTS: tuple[tuple[Commitment, re.Pattern[str]], ...] = (
    ("strive", re.compile(r"力争|争取(?!到)")),
    ("ensure", re.compile(r"确保|保证|力保")),
    ("assist", re.compile(r"^(?:[^,;。:]{0,20}:)?(?:继续|积极|做好)?(?:配合|协助)")),
    ("complete", re.compile(r"完成|竣工|完工|建成|实现|达到")),
    ("promote", re.compile(r"推进|推动|加快|促进")),
)


@lru_cache(maxsize=64)
def _said(words: str) -> str:
    """The words without white space, their marks in half width; asked for stage and promise."""
    return folded(squeeze(words))


@lru_cache(maxsize=1024)
def stage_of(clause: str) -> Stage:
    """How far a clause goes, by its furthest part: preparing, starting, in progress, done.

    Completing a preparation is not completing the work; a share below the whole is progress.

    >>> stage_of("竣工"), stage_of("完成出让前期准备"), stage_of("开工"), stage_of("结构封顶")
    ('done', 'prepare', 'start', 'progress')
    >>> stage_of("完成目标40%"), stage_of("完成目标100%")
    ('progress', 'done')
    """
    text = _said(clause)
    text = _HEADING.sub("", text) if ":" in text else text
    parts = [p for p in _PART.split(text) if p.strip("-—_")]
    return max((_step(p) for p in parts), key=_ORDER.index, default="none")


def stage_of_cell(cell: str) -> Stage:
    """How far a whole cell goes: done only where every sentence is, under way where some are.

    A sentence that only sums up or makes known what was done holds nothing back.

    >>> stage_of_cell("完成甲地块出让;开展乙地块出让前准备"), stage_of_cell("完成甲、乙地块出让")
    ('progress', 'done')
    """
    sentences = [s for s in _SENTENCE.split(_said(cell)) if s]
    works = [s for s in sentences if not _SUMMING_UP.match(_LABEL.sub("", s))]
    stages = {stage_of(s) for s in works or sentences} - {"none"}
    if "done" in stages and len(stages) > 1:
        return "progress"
    return max(stages, key=_ORDER.index, default="none")


@lru_cache(maxsize=4096)
def _step(part: str) -> Stage:
    whole: Stage
    share = _SHARE.search(part) if _SHARED.search(part) else None
    if share and _COMPLETED.search(part):
        return "done" if share[1] and float(share[1]) >= 100 else "progress"
    if _FINISHED.search(part) and not _NOT_FINISHED.match(part):
        return "done"
    begun = _BEGUN.search(part)
    if _ISSUING.search(part) and _ISSUED.search(part) and not begun and not _NOT_ISSUED.match(part):
        return "done"
    preparing = _PREPARING.search(part)
    if _COMPLETED.search(part):
        whole = "progress" if _PART_OF_WORKS.search(part) else "done"
        return "prepare" if preparing else whole
    if begun:
        return "prepare" if preparing else "start"
    if preparing and not _ADVANCING.match(part):
        return "prepare"
    return "progress"


def commitment_of(clause: str) -> Commitment | None:
    """How strongly a clause promises; hope weighs more than completion, a helper only helps.

    >>> commitment_of("力争完成收储"), commitment_of("推进施工"), commitment_of("开工")
    ('strive', 'promote', None)
    >>> commitment_of("北横通道:配合市建设单位完成管线搬迁")
    'assist'
    """
    text = _said(clause)
    return next((name for name, sign in _COMMITMENTS if sign.search(text)), None)


def milestones_of(
    row: Row, projects: Sequence[Project], year: int | None = None
) -> tuple[Milestone, ...]:
    """The milestones of a row, by quarter: the target's own, then those of its projects.

    A project's clause counts only where it lies inside that quarter's own cell. A deadline
    (完成时限) is a milestone too, in whose quarter all is to be done; `year` is the document's.
    """
    found = []
    for number, cell in enumerate(row.quarters, 1):
        if cell is None:
            continue
        words = cell.span.quote
        found.append(Milestone(number, cell.span, stage_of_cell(words), commitment_of(words)))
        for project in projects:
            clause = project.clauses[number - 1]
            if clause is not None and cell.span.holds(clause):
                stage, promise = stage_of(clause.quote), commitment_of(clause.quote)
                found.append(Milestone(number, clause, stage, promise, project.name))
    if row.due is not None and not any(row.quarters):
        deadline = deadline_of(row.due.text, year)
        if deadline is not None:
            span, promise = row.due.span, commitment_of(row.due.text)
            found.append(Milestone(deadline.quarter, span, "done", promise, None, deadline.day))
    elif not any(row.quarters) and (last := _last_deadline(row.text, year)):
        found.append(last)
    return tuple(found)


def _last_deadline(cell: Cell, year: int | None) -> Milestone | None:
    """The last day that the sentences of a target name (12月底前通水), as its deadline."""
    passage = Passage.of(cell.span)
    named = deadlines_in(folded(passage.text), year)
    if not named:
        return None
    start, end, deadline = max(named, key=lambda one: (one[2].day, one[0]))
    around = next((c for c in clauses(passage) if c.start <= start < c.end), None)
    left, right = (around.start, around.end) if around else (start, end)
    span = passage.span(min(left, start), max(right, end))
    promise = commitment_of(span.quote)
    return Milestone(deadline.quarter, span, "done", promise, None, deadline.day)
