"""Quarters, months and years in a folded question, those relative to a day too."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_N = r"(\d{1,2}|十[一二]?|[一二三四五六七八九])"
_QUARTER_WORDS = {"一": 1, "二": 2, "三": 3, "四": 4, "first": 1, "second": 2, "third": 3,
                  "fourth": 4, "last": 4, "1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "末": 4, "首": 1}  # fmt: skip
_MONTH_NAMES = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip

_RULES: tuple[tuple[str, str], ...] = (
    ("all", r"一[、,]?二[、,]?三[、,]?四季度|(?:一到四|一至四|1到4|1-4|一—四|四个|每个?|各个?|全部|哪几?个|哪一?个?|几个|多少个|某一?个?|分|按|逐)季度"),
    ("half", r"(上|下)半年"),
    ("first-n", r"(前|后)([两二三23])个?季度"),
    ("span-q", r"第?([一二三四1-4])季?度?(?:到|至|-|—|~|和|、|与)第?([一二三四1-4])季度"),
    ("span-m", rf"{_N}月?份?(?:到|至|-|—|~){_N}月"),
    ("this-q", r"本季度|这个季度|这一?季度?|当季|当前季度|this quarter|current quarter"),
    ("next-q", r"下个?季度|下一个?季度|next quarter"),
    ("last-q", r"上个?季度|上一个?季度|last quarter|previous quarter"),
    ("this-m", r"本月|这个月|当月|this month"),
    ("next-m", r"下个?月|next month"),
    ("last-m", r"上个?月(?!球)|last month"),
    ("last-of-year", r"最后一?个?季度?"),
    ("year-end", r"年底|年末|全年结束前|岁末|end of the year|year[- ]end"),
    ("mid-year", r"年中(?!心)|mid-?year"),
    ("year-start", r"年初|开年"),
    ("q", r"第([一二三四])个季度|第?([一二三四末首])季(?!度末)(?:度)?|第?([一二三四])季度|第?([1-4])季度?|(?<![a-z0-9])q([1-4])(?![0-9])"),
    ("q-en", r"\b(first|second|third|fourth|last|1st|2nd|3rd|4th) quarter\b|\bquarter ([1-4])\b"),
    ("m", rf"{_N}月(?:份|初|中旬|上旬|下旬)?(?![球])"),
    ("m-en", r"\b(?:by|in|before|until|end of|since|of) (" + "|".join(_MONTH_NAMES) + r")\b"),
    ("year", r"(?<!\d)((?:19|20)\d\d)(?!\d)(?:年度?|财年)?|(二[〇零]一[〇零一二三四五六七八九]|二[〇零]二[〇零一二三四五六七八九])年"),
    ("this-year", r"今年|本年度?|当年|年内|全年|一年|this year"),
    ("past-year", r"去年|上一?年度?|last year"),
    ("before-last", r"前年"),
    ("next-year", r"明年|来年|下一?年度?|next year"),
    ("after-next", r"后年|the year after next"),
)  # fmt: skip
_MONTH_RULES = ("span-m", "this-m", "next-m", "last-m", "m", "m-en")
_COMPILED = tuple((name, re.compile(rule)) for name, rule in _RULES)


_ONE_QUARTER = re.compile("第?[一二三四1-4]季度|q[1-4]")
"""A quarter that is named beside a half-year is the one that is meant."""


@dataclass(frozen=True, slots=True)
class Times:
    """The times that a question names, and their spans."""

    quarters: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    years: tuple[int, ...] = ()
    every_quarter: bool = False
    assumed: str = ""
    """The day from which a relative time was reckoned, where one was."""
    spans: tuple[tuple[int, int, str], ...] = ()


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text.startswith("十"):
        return 10 + _DIGITS.get(text[1:], 0)
    return _DIGITS.get(text, 0)


def find_times(text: str, year: int, today: date) -> Times:
    """Find the times in a folded text; `year` is that of the plan that is asked about."""
    quarters: list[int] = []
    months: list[int] = []
    years: list[int] = []
    spans: list[tuple[int, int, str]] = []
    every = False
    assumed = ""
    free = text
    for name, rule in _COMPILED:
        for match in rule.finditer(free):
            start, end = match.span()
            groups = [g for g in match.groups() if g]
            kind = "month" if name in _MONTH_RULES else "quarter"
            if name == "all":
                every = True
                free = free[:start] + "\0" * (end - start) + free[end:]
                continue
            if name == "half":
                half = [1, 2] if groups[0] == "上" else [3, 4]
                quarters += half if not _ONE_QUARTER.search(text) else []
            elif name == "first-n":
                n = 3 if groups[1] in "三3" else 2
                quarters += range(1, n + 1) if groups[0] == "前" else range(5 - n, 5)
            elif name == "span-q":
                first, last = (_quarter(g) for g in groups)
                quarters += range(min(first, last), max(first, last) + 1)
            elif name == "span-m":
                first, last = (_number(g) for g in groups)
                if not 1 <= first <= last <= 12:
                    continue
                months += range(first, last + 1)
            elif name in ("this-q", "next-q", "last-q"):
                step = {"this-q": 0, "next-q": 1, "last-q": -1}[name]
                quarters.append(((today.month - 1) // 3 + step) % 4 + 1)
                assumed = today.isoformat()
            elif name in ("this-m", "next-m", "last-m"):
                step = {"this-m": 0, "next-m": 1, "last-m": -1}[name]
                months.append((today.month - 1 + step) % 12 + 1)
                assumed = today.isoformat()
            elif name in ("year-end", "last-of-year"):
                quarters.append(4)
            elif name == "mid-year":
                quarters.append(2)
            elif name == "year-start":
                quarters.append(1)
            elif name in ("q", "q-en"):
                quarters.append(_quarter(groups[0]))
            elif name == "m":
                if 1 <= _number(groups[0]) <= 12:
                    months.append(_number(groups[0]))
            elif name == "m-en":
                months.append(_MONTH_NAMES.index(groups[0]) + 1)
                start = match.start(1)
            else:
                kind = "year"
                years.append(_year(name, groups, year))
            spans.append((start, end, kind))
            free = free[:start] + "\0" * (end - start) + free[end:]
    for month in months:
        quarter = (month - 1) // 3 + 1
        if quarter not in quarters:
            quarters.append(quarter)
    return Times(
        tuple(dict.fromkeys(quarters)), tuple(dict.fromkeys(months)), tuple(dict.fromkeys(years)),
        every, assumed, tuple(spans),
    )  # fmt: skip


def _quarter(text: str) -> int:
    return int(text) if text.isdecimal() else _QUARTER_WORDS[text]


def _year(name: str, groups: list[str], year: int) -> int:
    if name == "year":
        text = groups[0]
        if text.isdecimal():
            return int(text)
        return int("".join(str(_DIGITS[c]) for c in text))
    return year + {"past-year": -1, "before-last": -2, "next-year": 1, "after-next": 2}.get(name, 0)
