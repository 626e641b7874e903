"""Brackets of every shape, matched by depth: `（市委组织部（人才办）、市科技局）` is one pair."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

_PAIRS = {
    "（": "）", "(": ")", "〔": "〕", "[": "]", "［": "］", "【": "】", "〈": "〉", "〖": "〗",
    "{": "}", "｛": "｝",
}  # fmt: skip
_CLOSERS = {close: opening for opening, close in _PAIRS.items()}
_LIKE = {"（": "(", "）": ")", "［": "[", "］": "]", "｛": "{", "｝": "}"}
_ITEM = re.compile(
    r"\s*(?:\d{1,3}[.．、](?!\d)|[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十\d]+[条章])"
)
"""The beginning of another item: no bracket goes on there."""


@dataclass(frozen=True, slots=True)
class Bracket:
    """An outermost pair: offsets of its opening mark and behind its closing one."""

    start: int
    end: int

    @property
    def inner(self) -> tuple[int, int]:
        """The offsets of its content, half open."""
        return self.start + 1, self.end - 1


def brackets(text: str, start: int = 0, end: int | None = None) -> Iterator[Bracket]:
    """The outermost brackets of a stretch of text, in order.

    Full and half width may close each other. A mark that finds no partner in its paragraph (a
    wrapped one has up to four lines, and holds no other item) is passed over, so a lost bracket
    costs no more than that.

    >>> text = "甲（乙（丙）、丁)戊（己"
    >>> [text[b.start : b.end] for b in brackets(text)]
    ['（乙（丙）、丁)']
    """
    found: list[Bracket] = []
    for pair in _pairs(text, start, len(text) if end is None else end):
        while found and found[-1].start > pair.start:
            found.pop()
        found.append(pair)
    yield from found


def _pairs(text: str, start: int, end: int) -> Iterator[Bracket]:
    """All pairs in the order in which they close, those inside others too."""
    opened: deque[tuple[str, int, int]] = deque()
    breaks = 0
    for i in range(start, end):
        char = text[i]
        if char in _PAIRS:
            opened.append((_LIKE.get(char, char), i, breaks))
        elif char in _CLOSERS:
            opening = _LIKE.get(_CLOSERS[char], _CLOSERS[char])
            if opened and opened[-1][0] == opening:
                yield Bracket(opened.pop()[1], i + 1)
        elif char == "\n" and opened:
            breaks += 1
            if text[i + 1 : i + 2] in ("", "\n", "\r") or _ITEM.match(text, i + 1):
                opened.clear()
            while opened and breaks - opened[0][2] > 3:
                opened.popleft()


def outside(text: str) -> list[bool]:
    """For each character, True outside all brackets; the marks count as inside."""
    found = [True] * len(text)
    for bracket in brackets(text):
        found[bracket.start : bracket.end] = [False] * (bracket.end - bracket.start)
    return found
