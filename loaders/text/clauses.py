"""The clauses of a cell, between commas, each with its heading and list number.

Notices write `北横通道:配合…;北翟快速路:推进…` and `1.完成…。2.开展…`: what a heading or a number
opens lasts until the next one, a heading at most until the full stop.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

from loaders.text.offsets import Passage

FOLDED = str.maketrans(
    "，；：！？（）％．／０１２３４５６７８９－～",
    ",;:!?()%./0123456789-~",
)
"""Full-width marks and figures as half-width ones, one for one, so that offsets stay."""
_WIDE = re.compile(f"[{''.join(map(chr, FOLDED))}]")
"""The characters that `FOLDED` folds: a search costs a tenth of translating a text without any."""

_PAIRS = {"(": ")", "《": "》", "“": "”", "「": "」", "〔": "〕", "【": "】"}
_THOUSANDS = re.compile(r",\d{3}(?!\d)")
_CLOSING = frozenset(_PAIRS.values())
_OPENS = re.compile("[(《“「〔【]")
_LINE = re.compile("[\r\n]")
_MARK = re.compile("[,;:。!?]")
_NUMBER = re.compile(
    r"(?P<digits>\d{1,2})[.、](?!\d)|[(](?P<round>\d{1,2}|[一二三四五六七八九十]{1,3})[)](?!号)"
    r"|(?P<circled>[①-⑳])|(?P<first>[一二三四五六七八九十])(?:是|、)"
)


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of squeezed text between two commas; `head` and `item` are its heading and number.

    `start` is after the heading and the list number. `sentence` counts the runs between
    semicolons and full stops, so clauses of one sentence share it.
    """

    start: int
    end: int
    text: str
    sentence: int
    head: str = ""
    head_start: int = 0
    item: str = ""


@lru_cache(maxsize=1024)
def folded(text: str) -> str:
    """`text` with half-width marks and figures, character for character.

    >>> folded("完成５０％；竣工")
    '完成50%;竣工'
    """
    return text.translate(FOLDED) if _WIDE.search(text) else text


@lru_cache(maxsize=4096)
def sheltered(text: str) -> tuple[bool, ...]:
    """For each character of folded text, True inside brackets or quotation marks.

    A bracket that is never closed has no effect.

    >>> "".join("x" if s else "." for s in sheltered("a(b)c)"))
    '.xxx..'
    """
    if _OPENS.search(text) is None:
        return (False,) * len(text)
    inside = [False] * len(text)
    stack: list[tuple[int, str]] = []
    opened = dict.fromkeys(_CLOSING, 0)
    for i, char in enumerate(text):
        if char in _PAIRS:
            stack.append((i, _PAIRS[char]))
            opened[_PAIRS[char]] += 1
        elif char in _CLOSING and opened[char]:
            while stack:
                start, close = stack.pop()
                opened[close] -= 1
                if close == char:
                    inside[start : i + 1] = [True] * (i + 1 - start)
                    break
    return tuple(inside)


def clauses(passage: Passage) -> tuple[Clause, ...]:
    """The clauses of a cell, in order.

    >>> from graph.records import Span
    >>> said = "甲路:立项,开工;乙路:竣工。"
    >>> [(c.head, c.text) for c in clauses(Passage.of(Span(0, len(said), said)))]
    [('甲路', '立项'), ('甲路', '开工'), ('乙路', '竣工')]
    """
    text = folded(passage.text) + "。"
    inside = sheltered(text)
    found: list[Clause] = []
    start, looked, sentence, head, head_start, item = 0, -1, 0, "", 0, ""
    breaks = _breaks(passage, text)
    for i in sorted({*breaks, *(mark.start() for mark in _MARK.finditer(text))}):
        while looked < start:  # a clause may begin with a list number
            looked = start
            if number := _list_number(passage, text, start):
                item, head = number.group().strip("().、是"), ""
                sentence += 1
                start = number.end()
        if i < start or inside[i]:
            continue
        char = "\n" if i in breaks else text[i]
        if char in ",:" and _figure(text, i):
            continue
        if char == ":":
            head, head_start, start = text[start:i], start, i + 1
            continue
        if i > start:
            found.append(Clause(start, i, text[start:i], sentence, head, head_start, item))
        start = i if char == "\n" else i + 1
        if char != ",":
            sentence += 1
        if char in "\n。!?":
            head = ""
    return tuple(found)


def _figure(text: str, i: int) -> bool:
    """Return whether the mark at `i` is inside a figure: 10,000 or 9:30."""
    around = text[i - 1 : i].isdigit() and text[i + 1 : i + 2].isdigit()
    return around and (text[i] == ":" or _THOUSANDS.match(text, i) is not None)


def _list_number(passage: Passage, text: str, i: int) -> re.Match[str] | None:
    """The list number at `i`, where one may be: at the start, after a stop, on a new line."""
    number = _NUMBER.match(text, i)
    if number and i and text[i - 1] not in "。;:!?" and not _new_line(passage, i):
        return None
    return number


def _new_line(passage: Passage, i: int) -> bool:
    base = passage.source.start
    between = passage.source.quote[passage.offsets[i - 1] + 1 - base : passage.offsets[i] - base]
    return "\n" in between or "\r" in between


def _breaks(passage: Passage, text: str) -> frozenset[int]:
    """The offsets at which a new line begins a list item, which ends the one above."""
    said = passage.source
    lines = {
        bisect_left(passage.offsets, said.start + m.start()) for m in _LINE.finditer(said.quote)
    }
    return frozenset(i for i in lines if 0 < i < len(text) and _NUMBER.match(text, i))
