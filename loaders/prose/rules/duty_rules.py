"""Duties that a sentence announces and shares out: 明确责任分工：市科技局加强统筹，市发改局负责….

Each body with its task is a target of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.records import Role
from loaders.bodies.lists import ListedBody, bodies_in, is_body_name
from loaders.bodies.roles import Basis, BodyInRole, RoleClause
from loaders.prose.rules.certainty import is_placed
from loaders.prose.rules.no_tasks import gives_no_task
from loaders.prose.rules.page import ProsePage
from loaders.prose.rules.statement import Statement

ANNOUNCED = re.compile(
    r"(?:责任|职责|任务|工作|部门)分工(?:如下|为|是)?[:：]|分工(?:如下|负责)[:：]|各(?:部门|单位)职责[:：]"
)
_ACT = (
    r"(?:共同|具体|牵头|主要|要|应)?(?P<verb>牵头|负责|承担|组织|指导|统筹|会同|配合|协助|参与"
    r"|做好|落实|制[定订]|加强|强化|推[进动]|开展|完善|建立|提供|保障|优化|编制|督促|监督)"
)
_TASK = re.compile(rf"(?P<who>[^，,。；;：:\s]{{2,60}}?){_ACT}(?=[^，,。；;]{{2}})")
_MARK = re.compile(r"[，,。；;]\s*")
_ROLES: dict[str, Role] = {
    "牵头": "lead", "配合": "coordinate", "协助": "coordinate", "参与": "coordinate",
}  # fmt: skip
MIN_TASKS = 2
"""One body with a task shares nothing out."""


def announced_duties(page: ProsePage, i: int) -> list[Statement]:
    """The tasks behind an announcement in a line, one for each body or list of bodies."""
    line = page.lines[i]
    announced = ANNOUNCED.search(page.text, line.start, line.end)
    if announced is None:
        return []
    begun = list(_tasks(page.text, announced.end(), line.end))
    if len(begun) < MIN_TASKS or gives_no_task(page.text, page.lines):
        return []
    ends = [*(start for start, _, _ in begun[1:]), line.end]
    found: list[Statement] = []
    for (start, role, bodies), end in zip(begun, ends, strict=True):
        stop = start + len(page.text[start:end].rstrip("，,；; "))
        basis: Basis = "undifferentiated" if role == "responsible" else "marked"
        named = tuple(BodyInRole(role, body) for body in bodies)
        duty = RoleClause(start, stop, named, basis)
        found.append(Statement(i, start, stop, duty, "clause", "sentence"))
    return found


def _tasks(text: str, start: int, end: int) -> Iterator[tuple[int, Role, list[ListedBody]]]:
    """Where a clause begins with bodies and an act, in which role, and the bodies."""
    at = start
    while at < end:
        task = _TASK.match(text, at, end)
        bodies = bodies_in(text, *task.span("who")) if task else []
        if task and bodies and all(is_body_name(b.label) and is_placed(b) for b in bodies):
            yield at, _ROLES.get(task["verb"], "responsible"), bodies
        mark = _MARK.search(text, at, end)
        at = mark.end() if mark else end
