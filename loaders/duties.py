"""Who does what, as a bracket or a label line says it: by label, verb, order, comma or asterisk.

责任单位 beside 牵头单位 takes part; alone it is the doer, and nobody can say who leads. A rule
that is stated once (列第一位的为牵头单位，下同) holds for the whole document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from graph.records import Role
from loaders.brackets import outside
from loaders.units import Unit, is_kind, is_unit, units

Rule = Literal["", "order", "comma", "semicolon"]
Basis = Literal["marked", "by rule", "undifferentiated"]

_LEVEL = r"(?:[市区县省镇](?:级|直)?)?"
_ASIDE_OF = r"(?:[（(][^（）():：]{1,16}[）)])?"
_OF = (
    rf"{_ASIDE_OF}(?:责任)?(?:单位|部门|主体|委办局|处室|科室|街镇|方|领导小组|机构|地区)?"
    rf"{_ASIDE_OF}(?:及?配合单位)?"
)
_COLON = r"\s*(?:[:：]|(?:均|都|分别|统一)?[为是](?=[省市区县镇各](?!级)))"


def _spaced(pattern: str) -> str:
    """The pattern with room for the spaces that headings are stretched with (牵 头 单 位)."""
    room = "[ \u3000]{0,4}"

    def roomy(char: re.Match[str]) -> str:
        return f"(?:{char[1]}{room})?" if char[2] else char[1] + room

    parts = re.split(r"(\[[^\]]*\])", pattern)
    return "".join(
        part if i % 2 else re.sub(r"([\u4e00-\u9fff])(\??)", roomy, part)
        for i, part in enumerate(parts)
    )


_DOES = "责任|负责|落实|实施|承办|承担|执行|组织|完成|推进|建设|主体责任"
_LABELS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (role, re.compile(_spaced(f"{_LEVEL}{words}") + _COLON + more))
    for role, words, more in (
        ("lead", f"(?:总?牵头|主责|主办|主要责任|第一责任|首要责任|主管|总负责){_OF}", ""),
        ("coordinate",
         f"(?:配合|协办|协同|协助|协作|参与|参加|会办|协管|支持|联合|协调|指导){_OF}", ""),
        ("responsible",
         rf"(?:{_DOES})(?:责任)?{_ASIDE_OF}(?:单位|部门|主体|委办局|处室|科室|机构){_ASIDE_OF}",
         r"|分工\s*[:：]|责任\s*[:：](?=[省市区县镇各])"),
    )
)  # fmt: skip
LABEL = re.compile("|".join(f"(?:{pattern.pattern})" for _, pattern in _LABELS))
"""A label of units: 牵头单位：, 责任单位：, 配合部门：, …"""
_HOSTS = re.compile(r"主\s*办(?:单位|方)?\s*[:：]"), re.compile(r"承\s*办(?:单位|方)?\s*[:：]")
"""Who holds an event or keeps a page: where both stand, nobody is given a task."""
_VERBS = re.compile(
    r"(?P<lead>(?:共同|联合|统一)?牵头(?:负责|落实|组织实施|组织落实|组织|抓总|推进|实施|推动|抓好|统筹|开展|抓)?|负责牵头|总负责|总牵头|主办|主责|为主负责|为主)"
    r"|(?P<coordinate>(?:按照?(?:各自)?职责分工)?(?:积极|共同|协同|做好|密切|予以)?(?:配合|协助|参与|参加|协同|协办|支持)(?:落实|实施|推进|做好|完成)?)"
    r"|(?P<responsible>(?:按照?|依据|依照|根据)(?:各自)?(?:职责|职能)(?:分工)?(?:抓好)?(?:负责|落实|组织实施|抓好落实|推进|实施)?|分工负责|分别(?:负责|牵头)|"
    r"共同(?:负责|推进)|具体(?:负责|实施|落实)|负责落实|负责实施|组织实施|(?<!牵头)负责|落实)"
)
_ACTS = re.compile(
    r"(?:组织|具体|抓好|负责)?(?:实施|落实|推进|开展|办理|完成|做好|制定|组织)[^、，,；;。]*$"
)
_WITH = re.compile(r"会同|联合(?!会|社|体)")
_FIRST = r"(?:最前面?|第一位|第一个?|首位|首个|第1位|第一家|第一名|第一顺位)"
_LEADS = r"(?:牵头|主责|主要责任|第一责任|主办)"
_STATED = re.compile(
    r"[，,；;。]?\s*(?:其中[，,]?)?(?:列|排|排列|居|位列|名列)?(?:名|序|位)?(?:在|于)?"
    rf"{_FIRST}(?:的|者)?(?:责任)?(?:单位|部门)?(?:均|皆|都)?"
    rf"(?:(?:为|是|系|作为)(?:该项|本项|此项)?(?:工作|任务)?(?:的)?{_LEADS}|(?:负责)?牵头(?!单位|部门|责任))(?:责任)?(?:单位|部门)?"
    rf"|[，,；;。]?\s*{_LEADS}(?:责任)?(?:单位|部门)(?:均|都)?(?:排|列)(?:名|序|位)?(?:在|于)?(?:最前|第一|首位)"
)
_COMMA = re.compile(
    r"[“\"]?(?P<mark>逗号|顿号外的逗号|分号|[，,；;])[”\"]?(?:之|以)?前(?:面)?(?:的)?(?:责任)?(?:单位|部门)?(?:均|都)?"
    rf"(?:为|是|系){_LEADS}"
)
_ASIDE = re.compile(
    r"[，,；;。\s]+(?:[\u4e00-\u9fff]{2,8}\s*[:：]|(?:完成|办结|实施)?(?:时限|时间|期限)"
    r"|(?:20\d\d年|\d{1,2}月)[^、，,；;]*|长期坚持|持续推进|(?:全年|年内|常态化|长期)(?:持续)?(?:推进|开展|实施|坚持|完成))"
)
"""What is said beside the units: 完成时限：2024年底, 分管领导：…, 2024年6月底前完成."""
_HENCE = re.compile(
    r"[，,；;、。]?\s*(?:下同|以下同|以下均同|不再列出|不再一一列出|以下(?:各项|任务|工作)?(?:任务|工作)?(?:均|都)[^，,。；;）)]*"
    r"|以下简称[^，,。；;）)]*|其[他余它](?:的)?(?:单位|部门)?(?:均|都)?为[^，,。；;）)]*)"
)
_STAR = re.compile(
    r"[，,；;。]?\s*(?:加|标|注|带)?(?:有)?[“\"]?[*＊★☆▲△#][”\"]?(?:号|标)?(?:的|者)?(?:单位|部门)?(?:均)?为(?:牵头|主责)(?:单位|部门)?"
)


_PLACED = re.compile(
    r"[省市区县州各]|自治|国家|中国|相关|有关|团[省市区县]|"
    r"[\u4e00-\u9fff]{2,8}(?:局|委|办|厅|政府|街道|镇|集团)"
)


@dataclass(frozen=True, slots=True)
class Named:
    """A unit in a role."""

    role: Role
    unit: Unit


@dataclass(frozen=True, slots=True)
class Duty:
    """What one bracket or label says: its offsets, the units in their roles, on what ground."""

    start: int
    end: int
    named: tuple[Named, ...]
    basis: Basis

    def span(self, *roles: Role) -> tuple[int, int] | None:
        """From the first to the last unit of some roles; None where there is none."""
        mine = [n.unit for n in self.named if n.role in roles]
        return (min(u.start for u in mine), max(u.end for u in mine)) if mine else None


def rule_of(text: str) -> Rule:
    """The rule of roles that a document states once, for all its lists of units.

    >>> rule_of("（责任单位：市发改委、市科技局，列第一位的为牵头单位，下同）")
    'order'
    """
    comma = _COMMA.search(text)
    if comma:
        return "semicolon" if comma["mark"] in "分号；;" else "comma"
    return "order" if _STATED.search(text) else ""


def duty(text: str, start: int, end: int, rule: Rule = "") -> Duty | None:
    """The duty that stands at `start` to `end`; None where it names no unit in a role.

    A list without label and verb counts only as `bare` says.
    """
    inner = text[start:end]
    labels = [m for m in LABEL.finditer(inner) if outside(inner)[m.start()]]
    if labels:
        if all(pattern.search(inner) for pattern in _HOSTS):
            return None
        return _labelled(text, start, end, [(m.start(), m.end()) for m in labels], rule)
    stop = _until_rule(text, start, end)
    return _spoken(text, start, stop, rule) if _verbs(text[start:stop]) else None


def bare(text: str, start: int, end: int, rule: Rule = "") -> Duty | None:
    """A bracket that holds nothing but units: each looks like one, at least one is placed."""
    if not _PLACED.match(text, start, end):
        return None
    stop = _until_rule(text, start, end)
    found = units(text, start, stop)
    if not found or not all(is_unit(u.label) for u in found):
        return None
    return _by_rule(text, start, end, found, rule)


def _until_rule(text: str, start: int, end: int) -> int:
    """Where the units of a list end and a rule about them begins."""
    inner = text[start:end]
    free = outside(inner)
    marks = [
        m.start()
        for pattern in (_STATED, _COMMA, _STAR, _HENCE, _ASIDE)
        for m in pattern.finditer(inner)
        if free[m.start()]
    ]
    return start + min(marks, default=len(inner))


def _labelled(
    text: str, start: int, end: int, labels: list[tuple[int, int]], rule: Rule
) -> Duty | None:
    parts: list[tuple[str, list[Unit], int, int]] = []
    ends = [left for left, _ in labels[1:]] + [end - start]
    for (left, right), stop in zip(labels, ends, strict=True):
        role = next(name for name, pattern in _LABELS if pattern.match(text, start + left))
        body = start + right
        parts.append(
            (role, units(text, body, _until_rule(text, body, start + stop)), body, start + stop)
        )
    roles = {role for role, _, _, _ in parts}
    named: list[Named] = []
    if "lead" in roles or "coordinate" in roles:
        means = "coordinate" if "lead" in roles else "lead"
        for role, found, _, _ in parts:
            to: Role = means if role == "responsible" else role  # type: ignore[assignment]
            named += [Named(to, u) for u in found]
        return Duty(start, end, tuple(named), "marked") if named else None
    _, found, body, stop = parts[0]
    more = [u for _, others, _, _ in parts[1:] for u in others]
    ruled = _until_rule(text, body, stop)
    if len(parts) == 1 and _verbs(text[body:ruled]):
        return _spoken(text, body, ruled, rule)
    return _by_rule(text, start, end, [*found, *more], rule) if found or more else None


def _by_rule(text: str, start: int, end: int, found: list[Unit], rule: Rule) -> Duty:
    """Units without roles of their own: by asterisk, by the document's rule, or by none."""
    first: list[Unit] = [u for u in found if u.starred]
    if not first and rule == "order":
        first = found[:1]
    elif not first and rule:
        parted = outside(text[found[0].start : end])
        marks = ",，" if rule == "comma" else ";；"
        at = next((found[0].start + i for i, free in enumerate(parted)
                   if free and text[found[0].start + i] in marks), end)  # fmt: skip
        first = [u for u in found if u.start < at]
    if not first:
        return Duty(start, end, tuple(Named("responsible", u) for u in found), "undifferentiated")
    named = tuple(Named("lead" if u in first else "coordinate", u) for u in found)
    return Duty(start, end, named, "by rule")


def _verbs(inner: str) -> list[re.Match[str]]:
    """The verbs of roles that stand outside brackets, each behind some name."""
    free = outside(inner)
    return [m for m in _VERBS.finditer(inner) if m.start() > 1 and free[m.start()]]


def _spoken(text: str, start: int, end: int, rule: Rule = "") -> Duty | None:
    """`X牵头，Y、Z配合`: each verb takes the units before it."""
    inner = text[start:end]
    verbs = _verbs(inner)
    leads = any(m.lastgroup == "lead" for m in verbs)
    helps = any(m.lastgroup == "coordinate" for m in verbs)
    named: list[Named] = []
    at = 0
    for verb in verbs:
        left = start + at
        stop = start + verb.start()
        at = verb.end()
        role: Role = verb.lastgroup  # type: ignore[assignment]
        if role == "responsible":
            role = "coordinate" if leads else "lead" if helps else "responsible"
        joint = _WITH.search(text, left, stop)
        if joint and role != "coordinate":
            named += [Named("lead", u) for u in _sound(text, left, joint.start())]
            named += [Named("coordinate", u) for u in _sound(text, joint.end(), stop)]
        else:
            named += [Named(role, u) for u in _sound(text, left, stop)]
    left, stop = start + at, _until_rule(text, start + at, end)
    after = re.match(r"\s*[:：]", text[left:end])
    joint = re.match(r"[，,、；;\s]*(?:会同|联合)", text[left:stop])
    act = _ACTS.search(text, left, stop)
    if joint:
        left, stop = left + joint.end(), act.start() if act else stop
    rest = [u for u in _sound(text, left, stop) if is_unit(u.label)]
    if rest and (leads or after):
        named += [Named("coordinate" if leads and not after else "responsible", u) for u in rest]
    if not named or not all(is_unit(n.unit.label) for n in named):
        return None
    if all(is_kind(n.unit.label) for n in named):
        return None
    if all(n.role == "responsible" for n in named):
        return _by_rule(text, start, end, [n.unit for n in named], rule)
    return Duty(start, end, tuple(named), "marked")


def _sound(text: str, start: int, end: int) -> list[Unit]:
    """The units of a stretch before a verb, without 由 and the like."""
    return [
        u for u in units(text, start, end) if u.label not in ("由", "并", "其中", "分别", "共同")
    ]
