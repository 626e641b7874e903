"""Lists ordered by who does it: a body is the heading, its tasks are the items below it.

`一、县发改局` above `1.…`, `2.…`; a bracket behind the body says who takes part. What a body is
for (主要职责, 内设机构), its telephones and its people are listed like that too: no tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.records import Role
from loaders.bodies.lists import ListedBody, bodies_in, is_body_name, is_kind_of_doer
from loaders.bodies.roles import Basis, BodyInRole, RoleClause, duty
from loaders.lexicon.roles import PLACED
from loaders.prose.rules.outline import Level, OutlineLine
from loaders.text.brackets import outside

MIN_HEADINGS = 2
_TASKS = re.compile(r"任务|分解|分工|目标|重点工作|责任|实事|要点|安排|计划|方案|措施|行动|事项")
_OTHER_KINDS = re.compile(
    r"职责|职能|机构|编制|简介|名单|通讯录|电话|联系方式|权力|权责|指南|收费|预算|决算|公示|招聘|招录|考试|岗位|任免|条例|规定|办法|报告|总结|通报|情况"
    r"|召开|举[办行]|会议|会的通知|参会|培训|征求|考核|排名|表彰|评选|推荐"
)
"""Titles of lists by body that give nobody a task."""
_LED = re.compile(r"(?:按|以)(?:照)?(?:各)?(?:牵头|主责)(?:单位|部门)")
_ENDS = "。；;：: "


@dataclass(frozen=True, slots=True)
class BodyHeading:
    """A heading that names bodies: its line, the lines below it, and who does what stands there."""

    line: int
    below: tuple[int, ...]
    duty: RoleClause


def body_headings(text: str, every: Sequence[OutlineLine]) -> tuple[BodyHeading, ...]:
    """The headings of a list by body; none where the document is no such list."""
    titles = [line.text for line in every[:6] if len(line.text) < 60 and not line.is_numbered]
    if not any(map(_TASKS.search, titles)) or any(map(_OTHER_KINDS.search, titles)):
        return ()
    led = _LED.search(text) is not None
    named = {i: one for i, line in enumerate(every) if (one := _duty(text, line, led=led))}
    for level in range(Level.SUBITEM):
        mine = [i for i in named if every[i].level == level]
        alike = [i for i, line in enumerate(every) if line.level == level]
        if len(mine) >= MIN_HEADINGS and 2 * len(mine) > len(alike):
            found = [BodyHeading(i, tuple(_below(every, i)), named[i]) for i in mine]
            if all(any(every[i].is_numbered for i in one.below) for one in found):
                return tuple(found)
    return ()


def _below(every: Sequence[OutlineLine], at: int) -> Iterator[int]:
    for i in range(at + 1, len(every)):
        if every[i].level <= every[at].level:
            return
        yield i


def _duty(text: str, line: OutlineLine, *, led: bool) -> RoleClause | None:
    """Who does what stands below a heading, if it names bodies and nothing else."""
    if not line.is_numbered or not line.is_heading:
        return None
    end = line.start + len(line.text.rstrip(_ENDS))
    free = outside(text[line.body : end])
    stop = next((line.body + i for i, out in enumerate(free) if not out), end)
    aside = duty(text, stop + 1, end - 1) if stop < end and text[end - 1] in "）)】]〕" else None
    heads = bodies_in(text, line.body, stop if aside else end)
    if not heads or not all(map(_is_sure, heads)):
        return None
    helps = [n for n in aside.named if n.role == "coordinate"] if aside else []
    leads = bool(helps) or led
    role: Role = "lead" if leads else "responsible"
    basis: Basis = "marked" if helps else "by rule" if leads else "undifferentiated"
    named = (*(BodyInRole(role, unit) for unit in heads), *helps)
    return RoleClause(line.start, line.end, named, basis)


def _is_sure(unit: ListedBody) -> bool:
    placed = PLACED.match(unit.label) or re.search(
        r"(?:[局委办厅署]|办公室|中心|街道)$", unit.label
    )
    return is_body_name(unit.label) and placed is not None and not is_kind_of_doer(unit.label)
