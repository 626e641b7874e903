"""The days and months that a quarter's cell names (3月下旬, 5月), for lists and calendars."""

from __future__ import annotations

import calendar
import re
from datetime import date

_NAMED = re.compile(
    r"(?<![\d年.])(1[0-2]|[1-9])月(?:(\d{1,2})日|(上旬|中旬|下旬|初|中|底|末))?(?!份?起)"
)
_DAYS = {"上旬": 10, "初": 10, "中旬": 20, "中": 20}
_QUARTER_ENDS = {1: (3, 31), 2: (6, 30), 3: (9, 30), 4: (12, 31)}


def dates_named(text: str, year: int, quarter: int) -> tuple[date, ...]:
    """List the last days of the months and days that a cell names within its own quarter.

    >>> [str(d) for d in dates_named("4月推进施工；6月下旬完成安装；9月底前", 2019, 2)]
    ['2019-04-30', '2019-06-30']
    """
    found = []
    for month_text, day_text, part in _NAMED.findall(text):
        month = int(month_text)
        if (month - 1) // 3 + 1 != quarter:
            continue
        last = calendar.monthrange(year, month)[1]
        day = int(day_text) if day_text else _DAYS.get(part, last)
        if 1 <= day <= last:
            found.append(date(year, month, day))
    return tuple(sorted(dict.fromkeys(found)))


def last_day(year: int, quarter: int) -> date:
    """Return the last day of a quarter."""
    return date(year, *_QUARTER_ENDS[quarter])
