"""Deadlines in a column of their own (完成时限).

A date, a month or a quarter has its quarter and its last day; 全年 and 年底 are due with the
year; 持续推进 and 长期 are due at no time.
"""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

from graph.records import Span
from loaders.lexicon.numerals import number_of

_N = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_YEAR = r"(?P<year>20\d{2})\s*[年./-]?"
_WHEN = re.compile(
    rf"(?:{_YEAR})?(?:至|[-—–~到])?"
    rf"(?:(?P<month>{_N})\s*(?:月份?|[./-](?=\d)|$|(?=[底末前]))(?:(?P<day>{_N})[日号]?)?"
    rf"|第?(?P<quarter>[一二三四1-4])季度?|Q(?P<q>[1-4])|(?P<half>[上下])半年"
    r"|(?P<whole>全年|年内|当年|年度内?|年底|年末|岁末))?"
    r"(?:[底末初]|[上中下]旬|全月)?(?:之?前|以前|内)?(?:完成|建成|竣工|到位|见效|启动|开工|落实)?"
)
_RANGE = re.compile(
    rf"20\d{{2}}年?[-—–~至到]+(?=20\d{{2}})|(?:20\d{{2}}年?)?{_N}月?(?:{_N}日)?(?:[-—–~至到]+)(?=(?:20\d{{2}}年?)?{_N}(?:月|季))"
    r"|第?[一二三1-3](?:季度?)?(?:[-—–~至到、和]+)(?=第?[二三四2-4]季)"
)
_ENDLESS = re.compile(
    r"(?:全年|每[年季月周](?:度)?|长期|持续|常态化?|经常|滚动|按(?:时|月|季|序|计划|时间)(?:节点|进度)?|按.{2,8}(?:要求|部署|节点|进度|计划))"
    r"(?:性|化)?(?:地)?(?:推进|开展|实施|坚持|落实|进行|推动|完成|执行|任务|工作|有效|跟踪|跟进|更新)*"
)
_GOES_ON = re.compile(
    r"(?<=[月季度日底末前])[并后，,]*(?:(?:长期|持续|常态化?|滚动)(?:性|化)?地?"
    r"(?:推进|开展|实施|坚持|落实|进行|推动|跟踪|跟进|更新|优化|完善|提升)+)$"
)
"""What goes on behind a deadline: 3月持续跟踪 is due in March."""
NUMBER = re.compile(r"[((（]?(\d{1,3})[))）]?[.．、]?$")
"""A running number: alone, it is not a month."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day on which a thing is due, and the quarter in which that day lies."""

    day: datetime.date

    @property
    def quarter(self) -> int:
        """1 to 4."""
        return (self.day.month + 2) // 3


def is_deadline(text: str) -> bool:
    """Return whether a cell is the time by which something is due, and nothing else.

    >>> [is_deadline(t) for t in ("2024年6月底前", "三季度", "持续推进", "6月", "发改委", "12")]
    [True, True, True, True, False, False]
    """
    if not 2 <= len(text) <= 24 or NUMBER.match(text):
        return False
    return bool(_ENDLESS.fullmatch(text)) or (_match(text) is not None)


def _match(text: str) -> re.Match[str] | None:
    """The time that a text is; of a range (3月至6月) its end."""
    last = re.split(r"[、,，;；和]|\n", text)[-1]
    range_ = _RANGE.match(last)
    said = _GOES_ON.sub("", last[range_.end() :] if range_ else last)
    found = _WHEN.fullmatch(said)
    if found is None or not any(
        found[n] for n in ("year", "month", "quarter", "q", "half", "whole")
    ):
        return None
    return found


def deadline_of(text: str, year: int | None) -> Deadline | None:
    """The last day that a cell of deadlines gives; None where it gives none (持续推进).

    What names no year is due in the year of its document.

    >>> str(deadline_of("2024年6月底前", None).day), deadline_of("三季度", 2024).quarter
    ('2024-06-30', 3)
    >>> str(deadline_of("全年", 2024).day), deadline_of("长期坚持", 2024)
    ('2024-12-31', None)
    >>> str(deadline_of("3月持续跟踪", 2024).day), deadline_of("每季度持续推进", 2024)
    ('2024-03-31', None)
    """
    found = _match("".join(text.split()))
    if found is None:
        return None
    first = re.search(r"20\d{2}", text)
    named = found["year"] or (first and first.group())
    within = int(named) if named else year
    if within is None:
        return None
    month = number_of(found["month"] or "")
    quarter = number_of(found["quarter"] or found["q"] or "")
    if month is None and quarter is not None:
        month = 3 * quarter
    if month is None:
        month = 6 if found["half"] == "上" else 12
    if not 1 <= month <= 12:
        return None
    last = calendar.monthrange(within, month)[1]
    day = number_of(found["day"] or "")
    return Deadline(datetime.date(within, month, day if day and day <= last else last))


_QUARTER = re.compile(r"第?([一二三四1-4])季度(?:末|底)?(?:前)?[,，:：、]?")


def quarters_told(cell: Span) -> tuple[Span | None, ...]:
    """The parts of a cell for each quarter (`第一季度…；第二季度…`); none unless two at least.

    >>> [s and s.quote for s in quarters_told(Span(0, 20, "一季度:开工;二季度:推进;四季度:竣工"))]
    ['开工', '推进', None, '竣工']
    """
    marks = list(_QUARTER.finditer(cell.quote))
    order = [number_of(m[1]) or 0 for m in marks]
    found: list[Span | None] = [None] * 4
    if len(marks) < 2 or order != sorted(set(order)):
        return tuple(found)
    ends = [*(m.start() for m in marks[1:]), len(cell.quote)]
    for quarter, mark, end in zip(order, marks, ends, strict=True):
        said = cell.quote[mark.end() : end].rstrip(" ；;。，,\n\t\u3000")
        words = said.lstrip()
        if words:
            start = cell.start + mark.end() + len(said) - len(words)
            found[quarter - 1] = Span(start, start + len(words), words)
    return tuple(found)


_IN_SENTENCE = re.compile(
    rf"(?P<whole>(?:(?:20\d{{2}}年)?(?:{_N}月(?:{_N}日|底|末|份)?|第?[一二三四]季度[末底]?|[上下]半年)"
    r"|(?:20\d{2})?年年?[底末内])"
    r"(?:之前|以前|前))|(?P<end>20\d{2}年(?:年?底|末|\d{1,2}月底))(?=[,，]|建成|完成|实现|达到|竣工)"
)
"""A deadline inside a sentence: 2026年7月底前, 年底前; or 到2026年底 before what is done."""
_REPORTED = re.compile(r"(?:截至|截止|从|自|较|比)$")
_YEAR_BEFORE = re.compile(r"(20\d{2})年[^。；;]{0,40}$")


def deadlines_in(text: str, year: int | None) -> list[tuple[int, int, Deadline]]:
    """The deadlines that a sentence names, with their places, in order.

    What names no year is due in the year named before it in its sentence, else in the document's.

    >>> [(s, e, str(d.day)) for s, e, d in deadlines_in("9月底前完成主体，12月底前通水", 2026)]
    [(0, 4, '2026-09-30'), (9, 14, '2026-12-31')]
    """
    found = []
    for match in _IN_SENTENCE.finditer(text):
        if _REPORTED.search(text, max(0, match.start() - 2), match.start()):
            continue
        named = _YEAR_BEFORE.search(text, max(0, match.start() - 48), match.start())
        deadline = deadline_of(match[0], int(named[1]) if named else year)
        if deadline is not None:
            found.append((*match.span(), deadline))
    return found
