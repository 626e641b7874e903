"""Answers to what was asked: who studied a question with whom opens what will be done about it.

“财政部会同农业部等有关部门研究提出了办理意见：…” answers the request in front of it.
"""

from __future__ import annotations

import re

from graph.records import Role
from loaders.bodies.lists import bodies_in
from loaders.bodies.roles import BodyInRole, RoleClause
from loaders.prose.rules.certainty import all_placed
from loaders.prose.rules.page import ProsePage
from loaders.prose.rules.statement import Statement

ANSWERS = re.compile(
    r"(?<=[。；;：:\s])(?P<who>[^。；;：:，,\s]{2,40}?)已?(?:会同(?P<with>[^。；;：:，,\s]{2,60}?))?"
    r"(?:等(?:有关|相关)?部门)?(?:研究)?提出了?(?:如下)?(?:办理|处理|答复)意见[:：]"
)


def answers(page: ProsePage, i: int) -> list[Statement]:
    """The bodies that answer in a line; the text of the item runs from their names on."""
    line = page.lines[i]
    match = ANSWERS.search(page.text, line.start, line.end)
    if match is None:
        return []
    named: list[BodyInRole] = []
    roles: tuple[tuple[str, Role], ...] = (("who", "lead"), ("with", "coordinate"))
    for name, role in roles:
        if match[name]:
            named += [BodyInRole(role, u) for u in bodies_in(page.text, *match.span(name))]
    one = RoleClause(match.start(), match.end(), tuple(named), "marked")
    if not any(n.role == "lead" for n in named) or not all_placed(one):
        return []
    return [Statement(i, match.start(), match.end(), one, "whole", "spoken")]
