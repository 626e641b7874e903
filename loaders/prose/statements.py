"""Where a text without a table says who does what: brackets, label lines, sentences.

A statement closes the item before it, a group of items, or stands inside its item. Brackets
that hold nothing but units count where they close an item; sentences that only mention who
does something count where nothing else in the document says it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from graph.records import Role, Said
from loaders.bodies.lists import Unit, is_kind, is_unit, units
from loaders.bodies.roles import Duty, Named, Rule, bare, duty, rule_of, rule_since
from loaders.lexicon.numerals import number_of
from loaders.lexicon.roles import HOSTS, LABEL, PLACED, VERBS
from loaders.prose.leading_brackets import fronts
from loaders.prose.outline import Line
from loaders.prose.patterns import (
    BESIDE,
    BY_PARTS,
    CLOSER,
    CN,
    DASHED,
    ENDS_SO,
    ITEM_NEXT,
    JOINT,
    MET,
    SPOKEN,
)
from loaders.prose.sentences import sentences
from loaders.prose.statement import Statement
from loaders.text.brackets import brackets

_OPENS = re.compile("[（(〔\\[［【〈〖{｛]")
_ENDED = ("", "。", "；", ";", "！", "”", "：", ":", "）", ")")
_NAMED_BEFORE = re.compile(r"(?:[局委办厅署]|街道|政府)$")
_CREW = re.compile(r"(?:专班|小组|工作组|指挥部|机制|联盟|会议|平台|公司|集团|基金|实验室)$")
"""What has somebody who leads it, and is no task."""
_SURE = re.compile(
    r"(?:[局委办厅署院部]|委员?会|街道|中心|政府|公司|集团|[城交水产建农旅国]投"
    r"|(?:高新|经开|开发|新|园)区)$"
)


def statements(text: str, every: Sequence[Line]) -> list[Statement]:
    """The statements of a text, in order."""
    stated = rule_of(text)
    since = rule_since(text) if stated else 0
    found: list[Statement] = []
    plain: list[Statement] = []
    inside: list[Statement] = []
    at = 0
    for i, line in enumerate(every):
        if line.start < at:
            continue
        rule: Rule = stated if line.end > since else ""
        if line.is_units and line.text[0] not in "（(【[〔":
            end = _wrapped(text, every, i, line.start)
            one = duty(text, line.start, end, rule)
            if one:
                found.append(Statement(i, line.start, end, one, how="line"))
            at = end
            continue
        sure, bareword = _bracketed(text, every, i, rule)
        told = sure or _spoken(text, every, i, rule) or _wholly(text, i, line, rule)
        at = max([at, *(one.end for one in told)])
        found += told
        plain += bareword
        inside += _inside(text, line, i, rule)
    found += _believed(plain, found, every, stated)
    found = found or [
        Statement(i, one.start, one.end, one, "whole", "bare") for i, one in fronts(text, every)
    ]
    found += inside if found or len(inside) > 1 else []
    return sorted(found or sentences_of(text, every), key=lambda s: s.start)


def sentences_of(text: str, every: Sequence[Line]) -> list[Statement]:
    """Statements in sentences, where a document has no others."""
    return [
        Statement(i, one.start, one.end, one, "whole", "sentence")
        for i, one in sentences(text, every)
    ]


def _bracketed(
    text: str, every: Sequence[Line], i: int, rule: Rule
) -> tuple[list[Statement], list[Statement]]:
    """The statements in the brackets of a line: those with labels or verbs, and bare ones."""
    line = every[i]
    found: list[Statement] = []
    plain: list[Statement] = []
    for start, end, left, right in _pairs(text, line):
        closer = CLOSER.match(text, left, right)
        if closer and text[line.start : start].strip() == "":
            found += _closing(text, i, start, end, closer, rule)
            continue
        labelled = LABEL.search(text, left, right)
        closes = _closes(text, start, end, line)
        one = duty(text, left, right, rule) if labelled or closes else None
        if one and not labelled and _only_helps(one):
            one = one if _HELPS.search(text[left:right]) and _all_placed(one) else None
            closes = one is not None
        if one:
            how: Said = "bracket" if end > right else "cut"
            found.append(Statement(i, start, end, one, how=how))
        elif closes and not _NAMED_BEFORE.search(text[max(line.start, start - 4) : start]):
            before = text[line.start : start].rstrip()[-1:]
            ends_line = text[end : line.end].strip(" 。；;") == ""
            ended = ends_line or before in ("。", "；", ";") or ITEM_NEXT.match(text, end)
            listed = bare(text, left, right, rule) if ended else None
            if listed and (before in "。；;！" or len(listed.named) > 1 or _is_sure(listed)):
                plain.append(Statement(i, start, end, listed))
    return found, plain


def _inside(text: str, line: Line, i: int, rule: Rule) -> list[Statement]:
    """Brackets within a sentence that say who does what stands before them, and nothing else."""
    found: list[Statement] = []
    for start, end, left, right in _pairs(text, line):
        goes_on = text[end : line.end].lstrip()[:1] in "，,、" and end < line.end
        if not goes_on or _closes(text, start, end, line) or LABEL.search(text, left, right):
            continue
        before = text[max(line.start, start - 8) : start]
        if _NAMED_BEFORE.search(before) or _CREW.search(before):
            continue
        one = duty(text, left, right, rule)
        if one and one.basis == "marked" and _says_no_more(text, left, right, one):
            found.append(Statement(i, start, end, one))
    return found


def _is_sure(listed: Duty) -> bool:
    """Whether the only name of a bracket is a unit's, and no kind that the text speaks of."""
    return _SURE.search(listed.named[0].unit.label) is not None


def _pairs(text: str, line: Line) -> Iterator[tuple[int, int, int, int]]:
    """The brackets of a line and what they hold; one that lost its end goes on to the line's."""
    if not _OPENS.search(line.text):
        return
    last = line.start
    for pair in brackets(text, line.start, min(line.end + 400, len(text))):
        if pair.start >= line.end:
            break
        yield (pair.start, pair.end, *pair.inner)
        last = pair.end
    rest = re.search(r"[（(【\[〔](?=[^（()）【】\[\]〔〕]{2,40})", text[last : line.end])
    if rest and last < line.end:
        start = last + rest.start()
        label = LABEL.match(text, start + 1)
        if label:
            yield start, line.end, start + 1, line.end


def _believed(
    plain: Sequence[Statement], found: Sequence[Statement], every: Sequence[Line], rule: Rule
) -> list[Statement]:
    """The bare brackets that count: among others, by a rule, or where most items have one."""
    items = sum(line.is_numbered and not line.is_heading for line in every)
    if found or rule or len({p.line for p in plain}) >= max(3, 0.4 * items):
        how: Said = "bare" if len(plain) >= len(found) else "lone"
        return [replace(p, how=how) for p in plain]
    return []


def _closes(text: str, start: int, end: int, line: Line) -> bool:
    """Whether a bracket ends a sentence: something ends before it, or its line ends behind it."""
    before = text[line.start : start].rstrip()[-1:]
    after = text[end : line.end].lstrip()[:1] if end < line.end else ""
    return before in _ENDED[:-2] or after in ("", "。", "；", ";")


def _wrapped(text: str, every: Sequence[Line], i: int, begin: int) -> int:
    """Where a label line ends, whose label ends at `begin`: it may go on in lines that hold
    nothing but units or labels."""
    end = every[i].end
    heads = {_head(every[i])}
    for line in islice(every, i + 1, None):
        if line.is_units:
            if _head(line) in heads:
                break
            heads.add(_head(line))
            end = line.end
            continue
        open_list = text[end - 1] in "、，,"
        if line.is_numbered or line.is_aside or line.level == 7:
            break
        if len(line.text) > 200 or "。" in line.text[:-1]:
            break
        last = units(text, begin, end)[-1:]
        tail = re.split("[:：]", last[0].label)[-1] if last else ""
        cut = tail and line.start - end <= 2 and not is_unit(tail)
        named = units(text, last[0].start if cut else line.start, line.end)
        if not (open_list or (line.start - end <= 2 and all(is_unit(u.label) for u in named))):
            break
        if not named or not all(is_unit(u.label) for u in named):
            break
        end = line.end
    return end


def _head(line: Line) -> str:
    label = LABEL.match(line.text.lstrip(" （(【[〔"))
    return re.sub(r"[\s:：]", "", label.group()) if label else ""


_HELPS = re.compile(r"(?:配合|协助|协办|参与|支持|协同)(?:落实|实施|推进|做好|完成)?[。；;]?\s*$")
"""How a bracket ends that gives help as a task: （市科技局参加） tells of an event."""


def _only_helps(one: Duty) -> bool:
    return all(n.role == "coordinate" for n in one.named)


_LEFT_OVER = 6
_TAIL = 16
"""Within so many characters of its end a last sentence says in which role."""
_NAME = re.compile("[\u4e00-\u9fff]{2,8}")


def _wholly(text: str, i: int, line: Line, rule: Rule) -> list[Statement]:
    """A line without a label or a bracket that says who does it, and nothing else."""
    last = [m.end() for m in VERBS.finditer(line.text)][-1:]
    if line.level != 9 or last != [len(line.text.rstrip("。；; "))]:
        return []
    one = duty(text, line.start, line.end, rule)
    if one is None or not _says_no_more(text, line.start, line.end, one):
        return []
    return [Statement(i, line.start, line.end, one, how="spoken")]


def _says_no_more(text: str, start: int, end: int, one: Duty) -> bool:
    """Whether a stretch holds units, the verbs of their roles, and next to nothing else."""
    if not _all_placed(one):
        return False
    rest = text[start:end]
    for named in sorted(one.named, key=lambda n: -n.unit.start):
        rest = rest[: named.unit.start - start] + rest[named.unit.end - start :]
    rest = re.sub(
        r"[、，,；;。由等和及与 ]|会同|联合|(?:各?(?:相关|有关))?(?:部门|单位)",
        "",
        VERBS.sub("", rest),
    )
    return len(rest) <= _LEFT_OVER


def _is_sound(one: Duty) -> bool:
    """Whether those who do it are units by themselves; who helps may be of a kind (各高校)."""
    return all(
        is_unit(n.unit.label) and (n.role == "coordinate" or _is_placed(n.unit)) for n in one.named
    )


def _are_units(one: Duty) -> bool:
    """Whether what a label lists are units, short names that nothing tells among them."""
    known = [is_unit(n.unit.label) for n in one.named]
    return 2 * sum(known) > len(known) and all(
        sure or _NAME.fullmatch(n.unit.label) for sure, n in zip(known, one.named, strict=True)
    )


def _all_placed(one: Duty) -> bool:
    return all(_is_placed(n.unit) for n in one.named)


def _is_placed(unit: Unit) -> bool:
    """Whether a name is a unit's by itself: 安居支持 gives nobody a task."""
    sure = PLACED.match(unit.label) or _SURE.search(unit.label)
    return sure is not None and not is_kind(unit.label)


def _spoken(text: str, every: Sequence[Line], i: int, rule: Rule) -> list[Statement]:
    """Sentences that say who: closing a group, at the end of an item, or a label in the line."""
    line = every[i]
    closer = CLOSER.search(text, line.start, line.end)
    if closer:
        return _closing(text, i, closer.start(), line.end, closer, rule)
    last = SPOKEN.search(line.text)
    if last:
        left, right = line.start + last.start("who"), line.start + last.end("who")
        one = duty(text, left, right, rule)
        inside = line.text[last.start() - 1 : last.start()] in ("，", ",")
        if one and not any(is_kind(n.unit.label) for n in one.named):
            placed = re.match(r"[省市区县镇乡各]", one.named[0].unit.label)
            if placed or not inside:
                return [Statement(i, line.start + last.start(), line.end, one, how="spoken")]
    dashed = DASHED.search(line.text) if "—" in line.text else None
    if dashed and dashed.start() > _LEFT_OVER:
        left, right = line.start + dashed.start("who"), line.start + dashed.end("who")
        one = duty(text, left, right, rule)
        if one and one.named[0].unit.start == left and _is_sound(one):
            return [Statement(i, line.start + dashed.start(), line.end, one, how="spoken")]
    if all(pattern.search(line.text) for pattern in HOSTS):
        return []
    joint = JOINT.search(line.text)
    if joint:
        return _jointly(text, i, line, joint)
    person = BESIDE.search(text, line.body, line.end)
    labels = LABEL.finditer(text, line.start + 1, line.end)
    label = next((m for m in labels if text[m.start() - 1] in "。；;！） "), None)
    if person and (label is None or person.end() < label.start()):
        label = LABEL.match(text, person.end())
    if label:
        end = _wrapped(text, every, i, label.end())
        one = duty(text, label.start(), end, rule)
        if one and _are_units(one):
            start = person.start() if person and person.end() == label.start() else label.start()
            return [Statement(i, start, end, one, how="line")]
    final = line.text.rstrip("。；; ").rfind("。") + 1
    if not VERBS.search(line.text, max(final, len(line.text) - _TAIL)):
        return []
    if final and (line.is_numbered or any(above.is_numbered for above in islice(every, i))):
        start = line.start + final
        one = duty(text, start, line.end, rule)
        ends = one is not None and (
            one.basis == "marked" or (line.is_numbered and ENDS_SO.search(line.text) is not None)
        )
        if (
            one
            and not MET.search(text, start, line.end)
            and (
                (ends and _says_no_more(text, start, line.end, one))
                or (BY_PARTS.fullmatch(text, start, line.end) and _all_placed(one))
            )
        ):
            return [Statement(i, start, line.end, one, how="spoken")]
    return []


def _jointly(text: str, i: int, line: Line, joint: re.Match[str]) -> list[Statement]:
    """A last sentence that says who does it with whom: 由区住建局会同区公安分局实施。"""
    found: list[Named] = []
    roles: tuple[tuple[str, Role], ...] = (("who", "lead"), ("with", "coordinate"))
    for name, role in roles:
        left, right = joint.span(name)
        found += [Named(role, u) for u in units(text, line.start + left, line.start + right)]
    if {n.role for n in found} != {"lead", "coordinate"} or not all(
        is_unit(n.unit.label) and _is_placed(n.unit) for n in found
    ):
        return []
    start = line.start + joint.start()
    return [
        Statement(i, start, line.end, Duty(start, line.end, tuple(found), "marked"), how="spoken")
    ]


def _closing(
    text: str, i: int, start: int, end: int, closer: re.Match[str], rule: Rule
) -> list[Statement]:
    """What a sentence for a group of items says: 以上3项由…, 第4、5项由…."""
    name = "who" if closer["who"] else "label"
    one = duty(text, closer.start(name), closer.end(name), rule)
    numbers = frozenset(_numbers(closer["numbers"] or ""))
    return [Statement(i, start, end, one, "group", "closer", numbers)] if one else []


def _numbers(said: str) -> Iterator[int]:
    """The numbers that a range names: `4、5` and `第一至三`."""
    parts = re.findall(rf"(至|到|[\-—~～])?第?(\d+|{CN}+)", said)
    before = 0
    for joint, number in parts:
        now = number_of(number)
        if now is None:
            continue
        yield from range(before + 1, now + 1) if joint and before else (now,)
        before = now
