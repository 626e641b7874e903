"""Where one line holds what were several: items of a paragraph, or a whole page in one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from loaders.bodies.lists import is_body_name
from loaders.lexicon.numerals import number_of
from loaders.lexicon.roles import LABEL
from loaders.text.brackets import outside

_CN = "[一二三四五六七八九十百零〇]"
_IN_LINE = (
    rf"(?<![第{_CN[1:]})({_CN}{{1,3}})、",
    rf"第({_CN}{{1,4}})条(?=[\s、:：])",
    rf"[（(]({_CN}{{1,3}})[)）]",
    r"(?<![\d.])(\d{1,2})[.．、](?!\d)",
)
"""The numbers of items inside a line."""
_TOLD = re.compile(
    rf"{LABEL.pattern}|[（(][省市区县][^（）()。]{{2,60}}[局委办厅府][）)]|(?:牵头|负责|配合|参与)(?:落实|实施)?[)）]"
)
_SPACE = re.compile(r"(?<=[^\s：:、，,])\s+(?=[\u4e00-\u9fff“（(【〔①-⑳▲●•◆■\d])")
_WORD = re.compile(r"[^\s，,。；;：:]{1,40}")
_NUMBER_LAST = re.compile(
    rf"(?:第(?:{_CN}+|\d+)[条章节部篇]分?|{_CN}{{1,4}}[、.．]|[（(](?:{_CN}{{1,4}}|\d{{1,3}})[)）][、.．]?"
    r"|\d{1,3}\s?[.．、]?|[①-⑳▲●•◆■]|附件\d*)$"
)
_WHOLE = 150
"""A line so long that holds most of a text is a page that lost its line breaks."""
_LEAST = 4
_WINDOW = 400
_APART = 12


def is_whole_page(length: int, of: int) -> bool:
    """Return whether a line of a length holds most of a text: its line breaks are lost."""
    return length > _WHOLE and 2 * length > of


def run_on(said: str, *, whole: bool = False) -> list[int]:
    """Where a paragraph that holds several items of its own level is cut, its beginning left out.

    Only numbers in a row count (一、… 二、…), and only where nearly every piece says who does it:
    numbers inside a sentence, or steps of one item, cut nothing. Where the paragraph is the whole
    page, the spaces in it are what is left of its line breaks.

    >>> text = "一、稳增长。（一）抓项目，完成投资八十亿元。（责任单位：县发改局）"
    >>> text += "（二）抓工业，新增企业十家。（责任单位：县经信局）"
    >>> [text[i : i + 4] for i in run_on(text)]
    ['（一）抓', '（二）抓']
    """
    if len(said) < 50:
        return []
    found: set[int] = set(_lost_breaks(said)) if whole else set()
    for pattern in _IN_LINE:
        for row, stop in _rows(said, pattern):
            ends = [*(m.start() for m in row[1:]), stop]
            told = [_TOLD.search(said, m.end(), end) for m, end in zip(row, ends, strict=True)]
            apart = min((b.start() - a.end() for a, b in pairwise(row)), default=0) > _APART
            chapters = whole and pattern == _IN_LINE[0] and apart
            if chapters or sum(t is not None for t in told) >= len(row) - 1:
                found |= {m.start() for m in row if m.start()}
    return sorted(found)


def _rows(said: str, pattern: str) -> Iterator[tuple[list[re.Match[str]], int]]:
    """The marks that count on, two and more from each 1, and where the next row begins.

    What stands out of order is left out.
    """
    rows: list[list[re.Match[str]]] = []
    last = 0
    for mark in re.finditer(pattern, said):
        number = number_of(mark[1])
        if number == 1:
            rows.append([mark])
        elif rows and number == last + 1:
            rows[-1].append(mark)
        else:
            continue
        last = number
    stops = [*(row[0].start() for row in rows[1:]), len(said)]
    return ((row, stop) for row, stop in zip(rows, stops, strict=False) if len(row) > 1)


def _lost_breaks(said: str) -> list[int]:
    """Where the spaces of a page in one line stand for line breaks; none where they are few.

    A number stays with its words, and bodies parted by spaces stay one list.
    """
    free = outside(said)
    found: list[int] = []
    last, listed = 0, False
    for gap in _SPACE.finditer(said):
        before = said[max(last, gap.start() - _WINDOW) : gap.start()].strip()
        after = said[gap.end()]
        if not free[gap.start()] or _NUMBER_LAST.search(before):
            continue
        if before[-1:].isascii() and before[-1:].isalnum() and after.isascii():
            continue
        if before[-1:] in "年月" and after.isdigit():
            continue
        word = _WORD.match(said, gap.end())
        if not listed:
            label = list(LABEL.finditer(before))[-1:]
            listed = bool(label) and _goes_on(before[label[0].end() :])
        if listed and word and is_body_name(word.group()):
            continue
        found.append(gap.end())
        last, listed = gap.end(), False
    return found if len(found) >= _LEAST else []


def _goes_on(said: str) -> bool:
    """Whether a list of bodies may go on behind these: no sentence and no bracket ends in them."""
    opened, closed = (sum(said.count(c) for c in marks) for marks in ("（(【[〔", "）)】]〕"))
    return "。" not in said and closed <= opened
