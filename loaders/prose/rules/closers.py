"""Sentences that close a group of items: 以上3项由市科技局负责, 第4、5项由市财政局牵头."""

from __future__ import annotations

import re
from collections.abc import Iterator

from loaders.bodies.roles import duty
from loaders.lexicon.numerals import number_of
from loaders.prose.rules.page import ProsePage
from loaders.prose.rules.statement import Statement

_CN = "[一二三四五六七八九十]"
CLOSER = re.compile(
    rf"(?:(?:第\s*+|(?:(?<!\s)\s++)?)(?P<numbers>(?:\d{{1,3}}|{_CN}{{1,3}})(?:(?:[、，,至到\-—~～和及]|项至)第?(?:\d{{1,3}}|{_CN}{{1,3}})){{0,12}})[项条款]"
    rf"|(?:上述|以上|前述|上列)(?:各|全部|所有|\d{{1,2}}|{_CN}{{1,2}})?[项个类条]?)"
    r"(?:重点|实事|民生|具体)?(?:项目|任务|工作|事项|内容|目标|指标|措施)?(?:均|分别|都|统一)?的?"
    r"(?:由(?P<who>[^。；\n]{2,160}?)(?=[。；\n]|$)"
    r"|(?P<label>(?:牵头|主责|责任)(?:责任)?(?:单位|部门)(?:均|都)?(?:为|是|[:：])[^。\n]{2,160}?)(?=[。\n]|$))"
)
_NUMBER = re.compile(rf"(至|到|[\-—~～])?第?(\d+|{_CN}+)")


def closing_sentences(page: ProsePage, i: int) -> list[Statement]:
    """The sentence of a line that closes a group of items."""
    line = page.lines[i]
    closer = CLOSER.search(page.text, line.start, line.end)
    return closing(page, i, closer.start(), line.end, closer) if closer else []


def closing(
    page: ProsePage, i: int, start: int, end: int, closer: re.Match[str]
) -> list[Statement]:
    """The statement for a group of items that a match of `CLOSER` makes."""
    name = "who" if closer["who"] else "label"
    one = duty(page.text, closer.start(name), closer.end(name), page.stated_at(i))
    numbers = frozenset(_numbers(closer["numbers"] or ""))
    return [Statement(i, start, end, one, "group", "closer", numbers)] if one else []


def _numbers(text: str) -> Iterator[int]:
    """The numbers that a range names: `4、5` and `第一至三`."""
    before = 0
    for joint, number in _NUMBER.findall(text):
        now = number_of(number)
        if now is None:
            continue
        yield from range(before + 1, now + 1) if joint and before else (now,)
        before = now
