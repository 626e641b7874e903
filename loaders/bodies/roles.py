"""Roles in a bracket or a label line: by label, verb, order, comma or asterisk.

责任单位 next to 牵头单位 takes part; alone it is the doer, and the lead is not known. A rule
that is stated once (列第一位的为牵头单位，下同) holds for the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from graph.records import Role
from loaders.bodies.lists import ListedBody, bodies_in, is_body_name, is_kind_of_doer
from loaders.lexicon.roles import (
    ACTS,
    ALONE,
    ASIDE,
    COMMA,
    DOER,
    EACH_ITS_OWN,
    HENCE,
    HOSTS,
    LABEL,
    LABELS,
    PLACED,
    STAR,
    STATED,
    VERBS,
    WITH,
)
from loaders.text.brackets import outside

RoleRule = Literal["", "order", "comma", "semicolon", "alone"]
Basis = Literal["marked", "by rule", "undifferentiated"]


@dataclass(frozen=True, slots=True)
class BodyInRole:
    """A body in a role."""

    role: Role
    body: ListedBody


@dataclass(frozen=True, slots=True)
class RoleClause:
    """The content of one bracket or label: offsets, the bodies in their roles, the basis."""

    start: int
    end: int
    named: tuple[BodyInRole, ...]
    basis: Basis

    def span(self, *roles: Role) -> tuple[int, int] | None:
        """From the first to the last body of some roles; None where there is none."""
        mine = [n.body for n in self.named if n.role in roles]
        return (min(u.start for u in mine), max(u.end for u in mine)) if mine else None


def rule_of(text: str) -> RoleRule:
    """The rule of roles that a document states once, for all its lists of bodies.

    >>> rule_of("（责任单位：市发改委、市科技局，列第一位的为牵头单位，下同）")
    'order'
    """
    if ALONE.search(text):
        return "alone"
    comma = COMMA.search(text)
    if comma:
        return "semicolon" if comma["mark"] in "分号；;" else "comma"
    return "order" if STATED.search(text) else ""


def rule_since(text: str) -> int:
    """From where on the rule of a document holds: 下同 speaks of what comes, else it is 0."""
    stated = COMMA.search(text) or STATED.search(text)
    return stated.start() if stated and _HENCEFORTH.match(text, stated.end()) else 0


def duty(text: str, start: int, end: int, rule: RoleRule = "") -> RoleClause | None:
    """The duty from `start` to `end`; None where it names no body in a role.

    A list without label and verb counts only as `bare` allows.
    """
    inner = text[start:end]
    free = outside(inner)
    labels = [m for m in LABEL.finditer(inner) if free[m.start()]]
    if labels:
        if all(pattern.search(inner) for pattern in HOSTS):
            return None
        return _labelled(text, start, end, [(m.start(), m.end()) for m in labels], rule)
    stop = _until_rule(text, start, end)
    return _spoken(text, start, stop, rule) if _verbs(text[start:stop]) else None


def bare(text: str, start: int, end: int, rule: RoleRule = "") -> RoleClause | None:
    """A bracket that holds nothing but bodies: each looks like one, at least one is placed."""
    if not _MARKED_PLACED.match(text, start, end):
        return None
    stop = _until_rule(text, start, end)
    found = bodies_in(text, start, stop)
    if not found or not all(is_body_name(u.label) for u in found):
        return None
    return _by_rule(text, start, end, found, rule)


def _until_rule(text: str, start: int, end: int) -> int:
    """The offset at which the bodies of a list end and a rule about them begins."""
    inner = text[start:end]
    free = outside(inner)
    marks = [
        m.start()
        for pattern in (STATED, COMMA, STAR, HENCE, ASIDE)
        for m in pattern.finditer(inner)
        if free[m.start()]
    ]
    return start + min(marks, default=len(inner))


def _labelled(
    text: str, start: int, end: int, labels: list[tuple[int, int]], rule: RoleRule
) -> RoleClause | None:
    parts: list[tuple[str, list[ListedBody], int, int]] = []
    ends = [left for left, _ in labels[1:]] + [end - start]
    for (left, right), stop in zip(labels, ends, strict=True):
        role = next(name for name, pattern in LABELS if pattern.match(text, start + left))
        body = start + right
        last = _until_rule(text, body, start + stop)
        tail = EACH_ITS_OWN.search(text[body:last].rstrip(" 。；;"))
        found = bodies_in(text, body, body + tail.start() if tail else last)
        parts.append((role, found, body, start + stop))
    roles = {role for role, _, _, _ in parts}
    named: list[BodyInRole] = []
    if "lead" in roles or "coordinate" in roles:
        means = "coordinate" if "lead" in roles else "lead"
        for role, found, _, _ in parts:
            # LABELS are called after roles
            to: Role = means if role == "responsible" else role  # type: ignore[assignment]
            named += [BodyInRole(to, u) for u in found]
        if roles == {"coordinate"} and _PATRONS.match(text, start + labels[0][0]):
            return None
        return RoleClause(start, end, tuple(named), "marked") if named else None
    _, found, body, stop = parts[0]
    more = [u for _, others, _, _ in parts[1:] for u in others]
    ruled = _until_rule(text, body, stop)
    if len(parts) == 1 and _verbs(text[body:ruled]):
        return _spoken(text, body, ruled, rule)
    return _by_rule(text, start, end, [*found, *more], rule) if found or more else None


def _by_rule(
    text: str, start: int, end: int, found: list[ListedBody], rule: RoleRule
) -> RoleClause:
    """Bodies without roles of their own: by asterisk, by the document's rule, or by none."""
    first: list[ListedBody] = [u for u in found if u.starred]
    if not first and rule == "order":
        first = found[:1]
    elif not first and rule in ("comma", "semicolon"):
        parted = outside(text[found[0].start : end])
        marks = ",，" if rule == "comma" else ";；"
        at = next((found[0].start + i for i, free in enumerate(parted)
                   if free and text[found[0].start + i] in marks), end)  # fmt: skip
        first = [u for u in found if u.start < at]
    if rule == "alone":
        return RoleClause(start, end, tuple(BodyInRole("lead", u) for u in found), "by rule")
    if not first:
        return RoleClause(
            start, end, tuple(BodyInRole("responsible", u) for u in found), "undifferentiated"
        )
    named = tuple(BodyInRole("lead" if u in first else "coordinate", u) for u in found)
    return RoleClause(start, end, named, "by rule")


def _verbs(inner: str) -> list[re.Match[str]]:
    """The verbs of roles outside brackets, each behind some name."""
    free = outside(inner)
    return [
        m
        for m in VERBS.finditer(inner)
        if m.start() > 1 and free[m.start()] and not DOER.match(inner, m.end())
    ]


def _spoken(text: str, start: int, end: int, rule: RoleRule = "") -> RoleClause | None:
    """`X牵头，Y、Z配合`: each verb takes the bodies before it."""
    inner = text[start:end]
    verbs = _verbs(inner)
    persons = _of_persons(text, start, verbs)
    leads = any(m.lastgroup == "lead" and m not in persons for m in verbs)
    helps = any(m.lastgroup == "coordinate" for m in verbs)
    named: list[BodyInRole] = []
    at = 0
    for verb in verbs:
        left = start + at
        stop = start + verb.start()
        at = verb.end()
        if verb in persons:
            continue
        role: Role = verb.lastgroup  # type: ignore[assignment]  # its groups are roles
        if role == "responsible":
            role = "coordinate" if leads else "lead" if helps else "responsible"
        joint = WITH.search(text, left, stop)
        parted = _parted(text, left, stop) if role == "coordinate" and not leads else 0
        if parted:
            named += [BodyInRole("lead", u) for u in _bodies_only(text, left, parted)]
            named += [BodyInRole("coordinate", u) for u in _bodies_only(text, parted, stop)]
        elif joint and role != "coordinate":
            named += [BodyInRole("lead", u) for u in _bodies_only(text, left, joint.start())]
            named += [BodyInRole("coordinate", u) for u in _bodies_only(text, joint.end(), stop)]
        else:
            named += [BodyInRole(role, u) for u in _bodies_only(text, left, stop)]
    left, stop = start + at, _until_rule(text, start + at, end)
    after = re.match(r"\s*[:：]", text[left:end])
    joint = re.match(r"[，,、；;\s]*(?:会同|联合)", text[left:stop])
    act = ACTS.search(text, left, stop)
    if joint:
        left, stop = left + joint.end(), act.start() if act else stop
    rest = [u for u in _bodies_only(text, left, stop) if is_body_name(u.label)]
    if rest and (leads or after):
        named += [
            BodyInRole("coordinate" if leads and not after else "responsible", u) for u in rest
        ]
    if not named or not all(is_body_name(n.body.label) for n in named):
        return None
    if all(is_kind_of_doer(n.body.label) for n in named):
        return None
    if all(n.role == "responsible" for n in named):
        return _by_rule(text, start, end, [n.body for n in named], rule)
    return RoleClause(start, end, tuple(named), "marked")


_PATRONS = re.compile("指导|支持|联合|协调")
"""Labels of bodies that only lend their name, unless there are no others: 指导单位：…"""
_HENCEFORTH = re.compile(r"[，,；;、。\s]{0,3}(?:以)?下(?:均)?同")
_MARKED_PLACED = re.compile(rf"[*＊★☆▲△#\s]*(?:{PLACED.pattern})")
_PERSON = re.compile(r"(?!各|相关|有关)[\u4e00-\u9fff]{2,4}(?:同志)?")


def _of_persons(text: str, start: int, verbs: Sequence[re.Match[str]]) -> list[re.Match[str]]:
    """The verbs by which persons lead, where bodies do it: `李某牵头，县发改局负责`."""
    found = []
    for before, verb in zip([None, *verbs], verbs, strict=False):
        left = start + (before.end() if before else 0)
        names = bodies_in(text, left, start + verb.start())
        people = all(_PERSON.fullmatch(n.label) and not is_body_name(n.label) for n in names)
        if verb.lastgroup == "lead" and names and people:
            found.append(verb)
    return found if len(found) < len(verbs) else []


def _parted(text: str, start: int, end: int) -> int:
    """The offset of the coordinators behind doers without a verb: `A、B；C配合`; 0 without a mark
    between them."""
    free = outside(text[start:end])
    marks = [i for i in range(start, end) if free[i - start] and text[i] in "；;"]
    if not marks:  # one comma may part them too, several part kinds of bodies
        marks = [i for i in range(start, end) if free[i - start] and text[i] in "，,"]
        marks = marks if len(marks) == 1 else []
    return marks[-1] + 1 if marks else 0


def _bodies_only(text: str, start: int, end: int) -> list[ListedBody]:
    """The bodies of a stretch before a verb, without 由 and the like."""
    return [
        u
        for u in bodies_in(text, start, end)
        if u.label not in ("由", "并", "其中", "分别", "共同")
    ]
