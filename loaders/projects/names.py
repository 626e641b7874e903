"""Names of projects: whether two of a row denote one, and the forms that a cell may use."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from loaders.projects.clauses import Draft, find, holds
from loaders.projects.works import EVENT, PHYSICAL

COUNT = re.compile(r"\d+(?:\.\d+)?(?:万|亿)?(?:平方米|公里|个|家|户|张|场|课时|件|座|条|处|套|台)")
_CORE_TAIL = re.compile(
    r"(?:土地出让|土地收储|收储|收地|房屋征收|(?:相关)?工作|(?:商办|商业|综合|重点)*项目|(?:道路)?(?:新建|改建|改扩建|扩建|迁建|大修)*(?:工程)?|工程|"
    r"(?:升级|整体|综合|适老化)*改造(?:提升)?|建设|更新|编制|勾连|整治|(?:中期)?评估|前期研究|(?:全线)?贯通|大修|迁建)+$"
)
_ROADS = re.compile(r"(?:[\u4e00-\u9fff]{1,4}[路街][、和])+[\u4e00-\u9fff]{1,4}[路街]")
_ROAD = re.compile(r"[\u4e00-\u9fff]{2,4}(?:路|街|大道|大街|河|桥)")
_BRACKETS = re.compile(r"\([^()]*\)")
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
_YEAR = re.compile(r"^\d{4}年?(?!结转)")
_ONE_ROAD = re.compile(r"[\u4e00-\u9fff]{2,5}[路街]")
_STRETCH = re.compile(r"[^-—、]{4,}")
_GROUND = re.compile(r"(?:区块|地块)$")
_PHASE = re.compile(r"[一二三四]期[\u4e00-\u9fff]{0,6}段$")


def same(old: Draft, new: Draft) -> bool:
    """Return whether two names in one row denote one project: equal cores, or one in the other.

    Stretches in brackets must agree: 新泾港(甲路-乙路)步道 is not 新泾港(丙路-丁路)步道.
    """
    if core(old.name) == core(new.name):
        return True
    roads = _ROADS.match(old.name)
    others = _ROADS.match(new.name) if roads else None
    if roads and others and roads[0] == others[0]:
        return True
    if old.topic and not new.head and not EVENT.search(old.name):
        return _lists(new.name, old.name)
    one, other = (bare(d.name.removesuffix(d.act)) for d in (old, new))
    short, long = sorted((one, other), key=len)
    brackets = [_IN_BRACKETS.findall(d.name) for d in (old, new)]
    if brackets[0] and brackets[0] == brackets[1]:
        return long.startswith(short[:2])
    if all(brackets):
        return False
    if old.act and not new.act and _ONE_ROAD.fullmatch(one):
        return other.startswith(one)
    if not new.in_text and other == short and _ROAD.fullmatch(short) and long.startswith(short):
        return True
    if len(short) > 3 and (long.endswith(short) or long.startswith(short)):
        return True
    if new.head and not new.in_text and find(other, one) == 0:
        return True
    return not any(brackets) and _shortened(core(short), core(long))


def _lists(name: str, heading: str) -> bool:
    """Return whether a name lists the places of a heading's first work: 甲路、乙路等架空线入地."""
    work = name.rpartition("等")[2]
    return len(work) >= 4 and work != name and heading.startswith(work)


def _shortened(short: str, long: str) -> bool:
    """Return whether `short` is `long` with omissions inside: 外环绿道 for 外环林带生态绿道."""
    if short[:2] != long[:2] or short[-2:] != long[-2:] or len(short) < 4:
        return False
    rest = iter(long)
    return all(c in rest for c in short) and re.findall(r"\d+", short) == re.findall(r"\d+", long)


@lru_cache(maxsize=4096)
def bare(name: str) -> str:
    return _BRACKETS.sub("", name)


@lru_cache(maxsize=4096)
def core(name: str) -> str:
    """The rest of a name without brackets, counts and words of works.

    >>> core("凯田路(甲路-乙路)道路新建工程"), core("精品小区建设")
    ('凯田路', '精品小区')
    """
    plain = _YEAR.sub("", COUNT.sub("", bare(name)))
    short = _CORE_TAIL.sub("", plain)
    return short if len(short) > 1 else plain


def keys_of(draft: Draft, known: Sequence[str]) -> tuple[str, ...]:
    """The forms of a draft's name in cells: its name, its core, its spots and its phase."""
    name = draft.name.removesuffix(draft.act)
    plain = bare(name)
    keys = [name, plain, core(name)]
    keys += sorted((k for k in known if holds(name, k)), key=len, reverse=True)
    keys += [p for p in _IN_BRACKETS.findall(name) if _STRETCH.fullmatch(p)]
    keys += [_GROUND.sub("", plain)]
    keys += [m[0] for m in [_PHASE.search(plain)] if m]
    keys += [m[0] for m in [_ROADS.match(name)] if m]
    return tuple(
        dict.fromkeys(k for k in keys if len(k) > 2 or (len(k) == 2 and PHYSICAL.fullmatch(k)))
    )
