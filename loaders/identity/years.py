"""The year a document is about, and the days on which it was signed and published."""

from __future__ import annotations

import re
from collections.abc import Sequence

from graph.records import Span
from loaders.identity.opening import Line
from loaders.text.normalize import plain

_DATE = re.compile(r"(\d{4})\s*[年\-/.]\s*(\d{1,2})\s*[月\-/.]\s*(\d{1,2})\s*日?")
_PRINTED = re.compile(r"(20\d\d\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)\s*印发\s*$")
_FIGURES = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
_IN_WORDS = re.compile(r"二[〇○零Oo0]([〇○零一二三四五六七八九Oo0]{2})年")
"""A year in Chinese figures: 二〇二三年."""
_RANGE = re.compile(r"20\d{2}\s*年?\s*[—–\-~～至到]+\s*20\d{2}")
_YEAR = re.compile(r"(20\d{2})\s*年")
_FOUR_DIGITS = re.compile(r"(?<!\d)(20[0-4]\d)(?!\d)")
_HEADING = re.compile(r"^[^。；]{0,40}?(?<![至到])(20\d\d)年(?!底)")
_MANGLED = re.compile(
    r"[\u4e00-\u9fff]{2,8}(?P<number>20[0-3]\d)\d{1,3}号|(?:^|\n)\s*(?P<date>20[0-3]\d)\d{2,4}日"
)
"""A number or a date whose marks were lost on the way: 杨府办20213号, 2021112日."""
_IN_FORCE = re.compile(r"自(20\d{2})年\d{1,2}月\d{1,2}日起")
_REPORTED = re.compile(r"截至(20\d\d)年(?:(\d{1,2})月)?")
"""Until when a document counts what was reached; without a month until the end of the year."""
_DUE = re.compile(r"(20\d\d)年(?:\d{1,2}月底?|第?[一二三四]季度末?)(?:之前|以前|前)")
"""A day by which something is due within the year that the document plans."""


def iso_date(date: str) -> str:
    """A written date as an ISO date; an empty string where it is none."""
    match = _DATE.search(plain(date))
    if not match:
        return ""
    year, month, day = (int(g) for g in match.groups())
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= 31 else ""


def signing_date(text: str, lines: Sequence[Line]) -> Span | None:
    """The last line that is a date and nothing else, brackets aside."""
    for line in reversed(lines):
        if _DATE.fullmatch(line.text.strip("（）()")):
            written = text[line.start : line.end]
            kept = written.strip("（）() \u3000")
            start = line.start + written.index(kept)
            return Span(start, start + len(kept), kept)
    for line in lines:
        if (match := _PRINTED.search(text, line.start, line.end)) and len(line.text) < 60:
            return Span(match.start(1), match.end(1), match[1])
    return None


def year_of(
    title: str, number: str, signed: str, published: str, opening: Sequence[Line]
) -> int | None:
    """The year that the head of a document gives: its title, number, dates, or a heading below.

    >>> year_of("人形机器人产业实施方案（2024—2027年）", "", "2024-09-02", "", [])
    2024
    """
    title = in_figures(plain(title))
    spoken = None if _RANGE.search(title) else _YEAR.search(title)
    match = (
        spoken
        or _FOUR_DIGITS.search(number)
        or _FOUR_DIGITS.search(signed)
        or _FOUR_DIGITS.search(title)
        or _FOUR_DIGITS.search(published)
        or next((m for x in opening if (m := _HEADING.match(in_figures(x.text)))), None)
    )
    return int(match.group(1)) if match else None


def year_in_name(name: str) -> int | None:
    """The year that the name of a file gives: 长宁区2020年重点工作, hangzhou_ai_2026.

    >>> year_in_name("plan_2026"), year_in_name("20260112_附件")
    (2026, None)
    """
    found = _YEAR.search(in_figures(plain(name))) or _FOUR_DIGITS.search(name)
    return int(found.group(1)) if found else None


def year_in_text(text: str, limit: int) -> int | None:
    """The year of a document whose head says none: since when it holds, or its first deadline.

    Figures of the past (2025年达4600亿元) are not its year: what counts until the end of a year
    was written in the next one.
    """
    head = in_figures(plain(text[: min(limit, 600)]))
    if mangled := _MANGLED.search(head):
        return int(mangled["number"] or mangled["date"])
    if match := _IN_FORCE.search(text):
        return int(match.group(1))
    tight = re.sub(r"\s", "", plain(text))
    reported = [int(y) + (not m or m == "12") for y, m in _REPORTED.findall(tight)]
    due = sorted(map(int, _DUE.findall(tight)))
    if reported:
        return max(reported)
    return due[0] if due else None


def in_figures(text: str) -> str:
    """The text with its years in figures.

    >>> in_figures("二〇二三年实事")
    '2023年实事'
    """
    return _IN_WORDS.sub(lambda m: f"20{m[1].translate(_FIGURES)}年", text)
