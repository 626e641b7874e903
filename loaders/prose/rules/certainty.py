"""True where what a statement names are bodies, and whether it says anything else."""

from __future__ import annotations

import re

from loaders.bodies.lists import ListedBody, is_body_name, is_kind_of_doer
from loaders.bodies.roles import RoleClause
from loaders.lexicon.roles import PLACED, VERBS

MAX_OTHER_CHARS = 6
"""A statement that says nothing else may hold this many characters of other words."""
_BODY = re.compile(
    r"(?:[局委办厅署院部]|委员?会|街道|中心|政府|公司|集团|[城交水产建农旅国]投"
    r"|(?:高新|经开|开发|新|园)区)$"
)
_SHORT_NAME = re.compile("[\u4e00-\u9fff]{2,8}")
_JOINING_WORDS = re.compile(r"[、，,；;。由等和及与 ]|会同|联合|(?:各?(?:相关|有关))?(?:部门|单位)")


def ends_like_a_body(duty: RoleClause) -> bool:
    """Return whether the first name of a list is a body's, and no kind that the text speaks of."""
    return _BODY.search(duty.named[0].body.label) is not None


def is_placed(unit: ListedBody) -> bool:
    """Return whether a name is a body's by itself: 安居支持 gives nobody a task."""
    sure = PLACED.match(unit.label) or _BODY.search(unit.label)
    return sure is not None and not is_kind_of_doer(unit.label)


def all_placed(duty: RoleClause) -> bool:
    """Return whether each name of a duty is a body's by itself."""
    return all(is_placed(n.body) for n in duty.named)


def only_helps(duty: RoleClause) -> bool:
    """Return whether nobody leads or does it."""
    return all(n.role == "coordinate" for n in duty.named)


def are_bodies(duty: RoleClause) -> bool:
    """Return whether what a label lists are bodies, short names that no ending shows among them."""
    known = [is_body_name(n.body.label) for n in duty.named]
    return 2 * sum(known) > len(known) and all(
        sure or _SHORT_NAME.fullmatch(n.body.label)
        for sure, n in zip(known, duty.named, strict=True)
    )


def doers_are_placed(duty: RoleClause) -> bool:
    """Return whether the doers are bodies by themselves; coordinators may be a kind (各高校)."""
    return all(
        is_body_name(n.body.label) and (n.role == "coordinate" or is_placed(n.body))
        for n in duty.named
    )


def says_no_more(text: str, start: int, end: int, duty: RoleClause) -> bool:
    """Return whether a stretch holds bodies, the verbs of their roles, and next to nothing else."""
    if not all_placed(duty):
        return False
    rest = text[start:end]
    for named in sorted(duty.named, key=lambda n: -n.body.start):
        rest = rest[: named.body.start - start] + rest[named.body.end - start :]
    return len(_JOINING_WORDS.sub("", VERBS.sub("", rest))) <= MAX_OTHER_CHARS
