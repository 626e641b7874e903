"""Rules of sentences that say who does the item in which they stand, and of label lines."""

from __future__ import annotations

import re

from graph.records import Role
from loaders.bodies.lists import bodies_in, is_body_name, is_kind_of_doer
from loaders.bodies.roles import BodyInRole, RoleClause, duty
from loaders.lexicon.roles import HOSTS, LABEL, VERBS
from loaders.prose.rules.certainty import (
    MAX_OTHER_CHARS,
    all_placed,
    are_bodies,
    doers_are_placed,
    is_placed,
    says_no_more,
)
from loaders.prose.rules.outline import WHO, Level
from loaders.prose.rules.page import OPENING_MARKS, ProsePage
from loaders.prose.rules.statement import Statement

_OPENING = r"(?:此项工作|该项工作|本项工作|此项任务|该项目|上述工作|具体工作|相关工作)?"
BY_WHOM = re.compile(
    rf"(?:^|(?<=[。；;，,]))\s*{_OPENING}[由以](?P<who>[^。；\n]{{2,120}}?"
    r"(?:牵头|负责|配合|落实|参与|协助|组织实施|推进))"
    r"(?=(?:[，,][^。；，,]{0,20}(?:前|底|完成|到位))?[。；]?$)"
)
BESIDE = re.compile(rf"(?:{WHO})\s*[:：][^。；;：:]{{1,24}}[，,；;、\s]+(?={LABEL.pattern})")
"""Which person it is, in front of the bodies: 责任人：张某，责任单位：…"""
TOGETHER_WITH = re.compile(
    rf"(?<=[。；;])\s*{_OPENING}由(?P<who>[^，,。；;：:]{{2,40}}?)(?:会同|联合(?!会|社|体))"
    r"(?P<with>[^。；;：:]{2,80}?)(?:共同|具体|组织|负责|牵头)*"
    r"(?:实施|落实|推进|开展|办理|承办|完成|负责)[。；;]?\s*$"
)
BY_PARTS = re.compile(
    r"\s*(?:其中[，,：:]?)?(?:[^，,。；;：:由]{2,14}由[^。；;：:由]{2,40}?(?:牵头)?负责[，,；;。]?){2,}\s*"
)
"""Who does which part of an item: 农村公路由县交通局负责，饮水工程由县水利局负责。"""
DASHED = re.compile(r"[—–─]{1,2}\s*(?P<who>[^—–─。；;]{3,160})[。；;]?$")
ATTENDED = re.compile(r"(?:参加|列席|出席)[。；;]?\s*$")
ENDS_IN_A_ROLE = re.compile(r"(?:负责|落实|实施|分工负责)[。；;]?\s*$")
MAX_VERB_TO_END_CHARS = 16
"""Within this many characters of its end a last sentence says in which role."""


def label_lines(page: ProsePage, i: int) -> list[Statement]:
    """A line that begins with a label (责任单位：…), and the lines in which it goes on."""
    if not is_label_line(page, i):
        return []
    start = page.lines[i].start
    end = page.end_of_label(i, start)
    one = duty(page.text, start, end, page.stated_at(i))
    return [Statement(i, start, end, one, how="line")] if one else []


def is_label_line(page: ProsePage, i: int) -> bool:
    """Return whether a line begins with a label that stands in no bracket."""
    line = page.lines[i]
    return line.is_label_of_bodies and line.text[0] not in OPENING_MARKS


def by_whom(page: ProsePage, i: int) -> list[Statement]:
    """A last clause with 由: 此项工作由市科技局牵头，市财政局配合。"""
    line = page.lines[i]
    last = BY_WHOM.search(line.text)
    if last is None:
        return []
    left, right = line.start + last.start("who"), line.start + last.end("who")
    one = duty(page.text, left, right, page.stated_at(i))
    if one is None or any(is_kind_of_doer(n.body.label) for n in one.named):
        return []
    inside = line.text[last.start() - 1 : last.start()] in ("，", ",")
    if inside and not re.match(r"[省市区县镇乡各]", one.named[0].body.label):
        return []
    return [_spoken(i, line.start + last.start(), line.end, one)]


def behind_a_dash(page: ProsePage, i: int) -> list[Statement]:
    """Bodies in roles behind a dash at the end of an item: ——市科技局牵头."""
    line = page.lines[i]
    dashed = DASHED.search(line.text) if "—" in line.text else None
    if dashed is None or dashed.start() <= MAX_OTHER_CHARS:
        return []
    left, right = line.start + dashed.start("who"), line.start + dashed.end("who")
    one = duty(page.text, left, right, page.stated_at(i))
    if one is None or one.named[0].body.start != left or not doers_are_placed(one):
        return []
    return [_spoken(i, line.start + dashed.start(), line.end, one)]


def together_with(page: ProsePage, i: int) -> list[Statement]:
    """A last sentence that says who does it with whom: 由区住建局会同区公安分局实施。"""
    line = page.lines[i]
    joint = TOGETHER_WITH.search(line.text)
    if joint is None or _is_event(page, i):
        return []
    found: list[BodyInRole] = []
    roles: tuple[tuple[str, Role], ...] = (("who", "lead"), ("with", "coordinate"))
    for name, role in roles:
        left, right = joint.span(name)
        found += [
            BodyInRole(role, u) for u in bodies_in(page.text, line.start + left, line.start + right)
        ]
    if {n.role for n in found} != {"lead", "coordinate"} or not all(
        is_body_name(n.body.label) and is_placed(n.body) for n in found
    ):
        return []
    start = line.start + joint.start()
    return [_spoken(i, start, line.end, RoleClause(start, line.end, tuple(found), "marked"))]


def labels_in_lines(page: ProsePage, i: int) -> list[Statement]:
    """A label behind the sentences of an item, or behind a person: 责任人：张某，责任单位：…"""
    text, line = page.text, page.lines[i]
    if _is_event(page, i):
        return []
    person = BESIDE.search(text, line.body, line.end)
    labels = LABEL.finditer(text, line.start + 1, line.end)
    label = next((m for m in labels if text[m.start() - 1] in "。；;！） "), None)
    if person and (label is None or person.end() < label.start()):
        label = LABEL.match(text, person.end())
    if label is None:
        return []
    end = page.end_of_label(i, label.end())
    one = duty(text, label.start(), end, page.stated_at(i))
    if one is None or not are_bodies(one):
        return []
    start = person.start() if person and person.end() == label.start() else label.start()
    return [Statement(i, start, end, one, how="line")]


def last_sentences(page: ProsePage, i: int) -> list[Statement]:
    """A last sentence of bodies and verbs alone: 市科技局牵头，市财政局配合。"""
    start = _last_sentence(page, i)
    if start is None:
        return []
    line = page.lines[i]
    one = duty(page.text, start, line.end, page.stated_at(i))
    if one is None or not says_no_more(page.text, start, line.end, one):
        return []
    if one.basis == "marked" or (line.is_numbered and ENDS_IN_A_ROLE.search(line.text)):
        return [_spoken(i, start, line.end, one)]
    return []


def by_parts(page: ProsePage, i: int) -> list[Statement]:
    """A last sentence that gives parts of the item: 公路由县交通局负责，饮水由县水利局负责。"""
    start = _last_sentence(page, i)
    if start is None or not BY_PARTS.fullmatch(page.text, start, page.lines[i].end):
        return []
    one = duty(page.text, start, page.lines[i].end, page.stated_at(i))
    return [_spoken(i, start, page.lines[i].end, one)] if one and all_placed(one) else []


def lines_of_bodies(page: ProsePage, i: int) -> list[Statement]:
    """A line without a label or a bracket that says who does it, and nothing else."""
    line = page.lines[i]
    last = [m.end() for m in VERBS.finditer(line.text)][-1:]
    if line.level is not Level.PLAIN or last != [len(line.text.rstrip("。；; "))]:
        return []
    one = duty(page.text, line.start, line.end, page.stated_at(i))
    if one is None or not says_no_more(page.text, line.start, line.end, one):
        return []
    return [_spoken(i, line.start, line.end, one)]


def _last_sentence(page: ProsePage, i: int) -> int | None:
    """Where the last sentence of an item begins, if a verb of a role ends it."""
    line = page.lines[i]
    last = line.text.rstrip("。；; ").rfind("。") + 1
    if not last or _is_event(page, i) or not (line.is_numbered or page.has_item_above(i)):
        return None
    if not VERBS.search(line.text, max(last, len(line.text) - MAX_VERB_TO_END_CHARS)):
        return None
    return None if ATTENDED.search(line.text, last) else line.start + last


def _is_event(page: ProsePage, i: int) -> bool:
    """Return whether a line says who holds an event (主办：…，承办：…): no task."""
    return all(pattern.search(page.lines[i].text) for pattern in HOSTS)


def _spoken(i: int, start: int, end: int, one: RoleClause) -> Statement:
    return Statement(i, start, end, one, how="spoken")
