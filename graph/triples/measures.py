"""Measures: the concepts that join the numbers of a year with those of its quarters.

Within a row one thing is written in several ways: 重点商务楼宇税收落地率 for the year and
楼宇税收落地率 in each quarter are one measure with two names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from graph.records import Indicator

_ALIKE = 0.6
"""Share of the pairs of characters of the shorter name that the longer one has too."""
_BARE = re.compile(r".{0,4}(?:目标|任务|指标|计划|总量|任务量|工程|项目)$|.{0,2}")
"""A name that means nothing outside its row: 工作目标, 任务量."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What some indicators of a row measure; `general` where the name stands by itself."""

    name: str
    others: tuple[str, ...]
    general: bool


def measures_of(indicators: Sequence[Indicator]) -> list[Measure]:
    """Return the measure of each indicator of a row, in their order."""
    groups: list[list[Indicator]] = []
    for one in indicators:
        home = next((g for g in groups if any(_is_same(one, other) for other in g)), None)
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    found = {id(one): _measure(group) for group in groups for one in group}
    return [found[id(one)] for one in indicators]


def year_of_share(share: Indicator, indicators: Sequence[Indicator]) -> int | None:
    """Return the position of the indicator of the year that a quarter is a share of.

    完成年度目标的25% is a share of the number whose name stands in its own words; a bare
    完成目标的25% is one only where the year has a single number.
    """
    if share.when == "year" or share.accumulation != "cumulative" or share.unit not in ("%", ""):
        return None
    years = [
        n for n, one in enumerate(indicators)
        if one.when == "year" and not one.growth and one.unit not in ("%", "")
    ]  # fmt: skip
    named = [n for n in years if indicators[n].what and indicators[n].what in share.what]
    if named:
        return max(named, key=lambda n: len(indicators[n].what))
    return years[0] if len(years) == 1 and _BARE.fullmatch(share.what) else None


def _measure(group: Sequence[Indicator]) -> Measure:
    counts = Counter(one.what for one in group)
    names = sorted(counts, key=lambda name: (-counts[name], len(name), name))
    telling = [name for name in names if not _BARE.fullmatch(name)]
    name = (telling or names)[0]
    return Measure(name, tuple(n for n in names if n != name), bool(telling))


def _is_same(one: Indicator, other: Indicator) -> bool:
    if (one.unit, one.growth) != (other.unit, other.growth):
        return False
    if one.what == other.what:
        return True
    if one.when == other.when:
        return False
    short, long = sorted((one.what, other.what), key=len)
    if long.endswith(short) and len(short) > 1:
        return True
    pairs = {short[i : i + 2] for i in range(len(short) - 1)}
    shared = {pair for pair in pairs if pair in long}
    return len(short) > 3 and len(shared) >= _ALIKE * len(pairs)
