"""Stretches of a squeezed cell: its sentences, its numbered items, its lists, each by position."""

from __future__ import annotations

import re

Stretch = tuple[int, int]
_ITEM = re.compile(r"(?:^|(?<=[。;；]))(\d{1,2})[.．、](?!\d)")


def sentences(text: str) -> list[Stretch]:
    """The stretches between 。 and ; outside brackets, without the mark itself.

    >>> [("甲;乙(丙;丁)。戊")[a:b] for a, b in sentences("甲;乙(丙;丁)。戊")]
    ['甲', '乙(丙;丁)', '戊']
    """
    found, start, depth = [], 0, 0
    for i, char in enumerate(text):
        depth += (char in "(（“《") - (char in ")）”》" and depth > 0)
        if depth == 0 and char in "。;；":
            if i > start:
                found.append((start, i))
            start = i + 1
    if start < len(text):
        found.append((start, len(text)))
    return found


def items(text: str) -> dict[str, Stretch]:
    """Numbered items by number, without number and final mark; empty where there are not two.

    >>> {n: "1.甲。2.乙。"[a:b] for n, (a, b) in items("1.甲。2.乙。").items()}
    {'1': '甲', '2': '乙'}
    """
    marks = list(_ITEM.finditer(text))
    if len(marks) < 2:
        return {}
    found = {}
    for mark, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        while end > mark.end() and text[end - 1] in "。;；":
            end -= 1
        if end > mark.end():
            found[mark[1]] = (mark.end(), end)
    return found


def listed(text: str, start: int, end: int) -> list[Stretch]:
    """The items of a list parted by 、 and 和 outside brackets; 71街坊1/2、16/2丘 stays whole.

    >>> [("甲(乙、丙)、丁和戊")[a:b] for a, b in listed("甲(乙、丙)、丁和戊", 0, 11)]
    ['甲(乙、丙)', '丁', '戊']
    """
    found, at, depth = [], start, 0
    for i in range(start, end):
        char = text[i]
        depth += (char in "(（") - (char in ")）" and depth > 0)
        lots = re.match(r"、\d+/\d+(?:、\d+/\d+)*丘", text[i:end])
        if depth == 0 and char in "、和" and not lots:
            if i > at:
                found.append((at, i))
            at = i + 1
    if end > at:
        found.append((at, end))
    return found
