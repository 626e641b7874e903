"""Numbers as notices write them, 12, 十二 or 第一百零五条, and their values."""

from __future__ import annotations

import re

_DIGITS = "零一二三四五六七八九"
_VALUES = {char: value for value, char in enumerate(_DIGITS)} | {"两": 2, "": 0}
_ONE = "[一二两三四五六七八九]"
_WORD = re.compile(
    rf"(?:(?P<hundreds>{_ONE}?)(?P<hundred>百))?[零〇]?(?:(?P<tens>{_ONE}?)(?P<ten>十))?(?P<ones>{_ONE}?)"
)
MEASURE_WORDS = (
    "(?:[家个项台座条处所辆套名位人户件亩吨元万亿年月日天次场期批支只棵%％]|平方|公里|余|多|以上)"
)
"""Words that make a number a quantity, and no number of an item: 40 家."""
_LAST = re.compile(
    r"(?:\d+|[零〇一二两三四五六七八九十百]+)(?=[^\d零〇一二两三四五六七八九十百]*$)"
)


def number_of(text: str) -> int | None:
    """The number that a text is, in figures or in words below a thousand; None where it is none.

    >>> [number_of(text) for text in ("12", "十二", "三十", "两", "百", "一百零五", "①", "二三")]
    [12, 12, 30, 2, 100, 105, None, None]
    """
    if text.isdecimal():
        return int(text)
    word = _WORD.fullmatch(text) if text else None
    if word is None:
        return None
    hundreds, tens = (_VALUES[word[name] or ""] for name in ("hundreds", "tens"))
    hundreds, tens = (hundreds or 1) if word["hundred"] else 0, (tens or 1) if word["ten"] else 0
    return 100 * hundreds + 10 * tens + _VALUES[word["ones"]]


def last_number(label: str) -> int | None:
    """The last number in the label of an item; None where it has none.

    >>> [last_number(label) for label in ("（十一）", "第三条", "2.4", "任务十二", "①")]
    [11, 3, 4, 12, None]
    """
    last = _LAST.search(label)
    return number_of(last[0]) if last else None


def in_words(number: int) -> str:
    """1 → 一, 10 → 十, 21 → 二十一; from 100 on in figures."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    said = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    return said + (_DIGITS[ones] if ones else "")


def letters(count: int) -> str:
    """1 → a, 26 → z, 27 → aa."""
    letters = ""
    while count:
        count, rest = divmod(count - 1, 26)
        letters = chr(97 + rest) + letters
    return letters
