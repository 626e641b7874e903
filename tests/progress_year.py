"""A year of monthly reports on the shipped notice, with what is true on any day.

Each month the office reports on all departments in one table. Chance, with a seed, decides which
targets are silent that month, how each of the others stands, and who names a problem.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from html import escape

from graph.records import Document

SEED = 2019
SILENT_SHARE = 0.15
STATUSES = {
    "序时推进": "OnTrack", "滞后": "Behind", "已完成": "Done", "超进度": "Ahead", "未启动": "NotStarted",
    "暂缓": "Stopped",
}  # fmt: skip
"""Words of the status column, and their concepts."""
WORDS = tuple(STATUSES)
WEIGHTS = (50, 15, 20, 5, 5, 5)
PROBLEMS = ("", "", "", "资金未到位", "居民意见不一")


@dataclass(frozen=True, slots=True)
class Told:
    """What one month's report states of one target."""

    day: date
    target: str
    words: str
    problem: str


@dataclass(slots=True)
class Year:
    """Twelve reports as web pages, and what they state."""

    pages: dict[date, bytes] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)

    def newest(self, day: date) -> dict[str, Told]:
        """The newest statement about each target on a day."""
        return {t.target: t for t in sorted(self.told, key=lambda t: t.day) if t.day <= day}

    def owing(self, day: date, targets: list[str]) -> set[str]:
        """Targets without a statement of the last month that is closed on a day."""
        closed = day.month if day.day >= 25 else day.month - 1
        return {
            t for t in targets if (n := self.newest(day).get(t)) is None or n.day.month < closed
        }


def year_of(notice: Document, address: str) -> Year:
    """Play a year through; `address` is that of the notice."""
    chance, made = random.Random(SEED), Year()
    for month in range(1, 13):
        day = date(notice.head.year or 2019, month, 25)
        rows = []
        for target in notice.targets:
            if chance.random() < SILENT_SHARE:
                continue
            words = chance.choices(WORDS, WEIGHTS)[0]
            told = Told(day, target.id, words, chance.choice(PROBLEMS))
            made.told.append(told)
            lead = "、".join(a.label for a in target.assignments if a.role == "lead")
            cells = (
                f"{address}/目标/{target.id}", target.row.number, target.row.text.text[:60], lead,
                f"本月各项工作情况见{month}月台账", words, told.problem or "无",
            )  # fmt: skip
            rows.append("".join(f"<td>{escape(c)}</td>" for c in cells))
        made.pages[day] = _page(day, rows)
    return made


def _page(day: date, rows: list[str]) -> bytes:
    headings = ("目标地址", "序号", "目标任务", "牵头单位", "进展情况", "状态", "存在问题")
    head = "".join(f"<th>{h}</th>" for h in headings)
    body = "".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f"<html><body><h1>区政府{day.year}年重点工作目标{day.month}月进展情况</h1>"
        f"<p>填报单位：区府办</p><p>依据长府〔2019〕5号，截至{day.year}年{day.month}月{day.day}日。</p>"
        f"<table><tr>{head}</tr>{body}</table></body></html>"
    ).encode()
