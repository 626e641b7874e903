"""Understand the times among the words of a search: a quarter, a month, a year."""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = str.maketrans("一二三四", "1234")
_QUARTER = re.compile(
    r"第?([一二三四1-4])季度|第([一二三四1-4])季(?!节)|(?<![A-Za-z0-9])[Qq]([1-4])(?![0-9])"
)
_YEAR = re.compile(r"(?<!\d)(20\d\d)年度?(?=\s|$)|(?<!\S)(20\d\d)(?!\S)")
_MONTH = re.compile(r"(?<![\d年.])(1[0-2]|[1-9])月份?(?![\d上中下初底末旬日])")


@dataclass(frozen=True, slots=True)
class SearchWords:
    """The words of a search, and the times that stood among them; empty where none did."""

    text: str
    quarter: str = ""
    month: str = ""
    year: str = ""

    @property
    def times(self) -> dict[str, str]:
        """The facets that a target must have."""
        given = {"quarter": self.quarter, "month": self.month, "year": self.year}
        return {k: v for k, v in given.items() if v}

    @property
    def parts(self) -> list[str]:
        """The words, one by one."""
        return self.text.split()


def understand(words: str) -> SearchWords:
    """Take the first quarter, month and year out of the words.

    A day or a third of a month (3月下旬) is left to the sentences, as a year within words is.

    >>> understand("第二季度 新华路"), understand("3月 竣工 2019年")
    (SearchWords(text='新华路', quarter='2', month='', year=''), SearchWords(text='竣工', quarter='', month='3', year='2019'))
    >>> understand("3月下旬").text, understand("2019年实事项目").text
    ('3月下旬', '2019年实事项目')
    """
    found: dict[str, str] = {}
    for name, pattern in (("year", _YEAR), ("quarter", _QUARTER), ("month", _MONTH)):
        match = pattern.search(words)
        if match:
            found[name] = next(g for g in match.groups() if g).translate(_DIGITS)
            words = words[: match.start()] + " " + words[match.end() :]
    return SearchWords(" ".join(words.split()), **found)
