"""What gives nobody a task: kinds of documents, chapters of a plan, entries of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from loaders.prose.rules.outline import Level, OutlineLine

MAX_TITLE_CHARS = 60
MAX_TITLE_LINES = 4
"""The title stands among the first lines; below them such words only name other documents."""
_OTHER_TITLE = re.compile(
    r"(?:条例|规定|办法|细则|章程|公报|讲话|致辞|报告|决定|公告|批复|解读|发布会|任免职?|任职|通报"
    r"|公示|预案|推进会|现场会|座谈会|调度会|动员会|答复|表彰.{0,12})(?:的通知|的公告)?"
    r"(?:[（(].{1,12}[）)])?$"
)
"""Titles of documents that give nobody a task in their sentences."""
_REGULATION = re.compile(
    r"制[定订]本(?:办法|规定|条例|细则|规则|章程|规程)|本(?:办法|规定|条例|细则|规程)所称"
)
"""A regulation speaks of itself so; the duties that it gives are standing ones."""
_IDLE_CHAPTER = re.compile(
    r"总体要求|总体思路|指导思想|基本原则|现状|形势|基础条件|发展基础|背景|程序|流程|操作|对象|范围"
    r"|条件|标准|材料|资料|资格|附则|违规|监督管理|组织领导|组织保障|保障措施|组织实施|工作要求"
    r"|资金管理|资金分配|资金安排|有关说明|名词解释|名单|附表"
)
"""Headings of chapters that say for whom, why and how, and promise nothing."""
_ANNEX = re.compile(r"附\s*[件表录]\s*\d{0,2}\s*[:：.]?")
_TASK_TITLE = re.compile(r"任务|分解|分工|目标|要点|实事|计划|方案|措施|行动")
NOWHERE = Level.PLAIN + 1
MAX_ENTRY_CHARS = 24
_CLAUSE = re.compile(r"[，,。；;：:](?!$)")
_LIST_OPENS = re.compile(r"(?:下列|以下|如下)[^。；]{0,16}[:：]$")


def gives_no_task(text: str, every: Sequence[OutlineLine]) -> bool:
    """Return whether a document is of a kind whose sentences and items are no targets."""
    titles = [
        "".join(line.text.split())
        for line in every[:MAX_TITLE_LINES]
        if len(line.text) < MAX_TITLE_CHARS
    ]
    return any(map(_OTHER_TITLE.search, titles)) or is_regulation(text)


def is_regulation(text: str) -> bool:
    """Return whether a text lays down rules: 为规范…，制定本办法."""
    return _REGULATION.search(text) is not None


def promising(every: Sequence[OutlineLine]) -> Iterator[int]:
    """The numbered lines of a document that names nobody which may promise something.

    Left out are chapters of aims, procedure and supervision, the papers of a list that a line
    opens (提交下列资料：), its annexes, and entries that are no sentence (犁, 购机发票).
    """
    idle: int = NOWHERE  # the level of the chapter left out, or of the list that a line opened
    found = False
    for i, line in enumerate(every):
        if _ANNEX.match(line.text) and found and not line.is_numbered:
            titles = [below.text for below in every[i : i + MAX_TITLE_LINES]]
            if not any(map(_TASK_TITLE.search, titles)):
                return
        if not line.is_numbered or line.level > idle:
            continue
        idle = NOWHERE
        words = line.text[line.body - line.start :]
        named = _IDLE_CHAPTER.search(words) if line.is_heading else _IDLE_CHAPTER.match(words)
        if named or _LIST_OPENS.search(line.text):
            idle = line.level
        elif not _is_entry(every, i):
            found = True
            yield i


def _is_entry(every: Sequence[OutlineLine], at: int) -> bool:
    """Return whether a line is an entry of a list, no sentence, and nothing stands below it."""
    line = every[at]
    words = line.text[line.body - line.start :]
    below = every[at + 1] if at + 1 < len(every) else None
    alone = below is None or below.is_numbered or _ANNEX.match(below.text) is not None
    return alone and len(words) <= MAX_ENTRY_CHARS and _CLAUSE.search(words) is None
