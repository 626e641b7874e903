"""The beginning of an item's text, given the statement that closes it."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from itertools import islice

from loaders.lexicon.numerals import last_number
from loaders.prose.cells import upwards
from loaders.prose.rules.outline import Level, OutlineLine
from loaders.prose.rules.statement import Statement

WRAPPED_SENTENCE = re.compile(r"[,，].{4,}[^。；：:;]$")
"""A numbered line whose sentence goes on in the next line, and which is not a heading."""
HEAD_OR_NOTE = re.compile(
    r"(?!.*[。；，,;]).{6,60}(?:方案|任务|分工|清单|安排|计划|措施|举措|意见|要点|通知|分解表?|实事|目标|行动|政策|办法)"
    r"(?:[（(].{2,20}[）)])?$|.{0,80}(?:如下|印发给你们.{0,20})[：:。]?$|.{0,40}[〔\[（(]20\d\d[〕\]）)].{0,8}号$|(?:注|说明)[:：].*|[（(]注[:：].*[）)]$"
)
"""A line that belongs to the head of a document or is a note, and begins no item."""


def start_of_item(
    text: str, every: Sequence[OutlineLine], one: Statement, done: int, taken: Set[int]
) -> int | None:
    """Offset at which the text begins that a statement closes; None where there is none."""
    line = every[one.line]
    if line.start < done < one.start:
        return _behind(text, done, one.start)
    whole = _of_steps(every, one, done)
    if whole is not None:
        return whole
    own = bool(text[line.start : one.start].strip(" （(【[〔"))
    if own and line.label:
        return line.start
    return _above(text, every, one, done, line.start if own else None, taken)


def _above(
    text: str,
    every: Sequence[OutlineLine],
    one: Statement,
    done: int,
    own: int | None,
    taken: Set[int],
) -> int | None:
    """The beginning of the text that goes on in line `at`, at `own` if it has words there.

    Up to the number, the label or the heading of its item, or the statement before it; without
    any of these above it, it is one paragraph.
    """
    best = near = own
    fields = False
    at = one.line
    for above in upwards(every, at - 1):
        if above.end <= done:
            return best
        if above.start < done:
            rest = _behind(text, done, above.end)
            return rest if rest < above.end else best
        if above.is_label_of_bodies:
            return best
        if above.is_aside:
            continue
        if best is not None and not above.is_numbered and HEAD_OR_NOTE.match(above.text):
            return near
        if above.is_heading and not (best is not None and WRAPPED_SENTENCE.search(above.text)):
            whole = best is None or fields or _is_only_one_below(every, one, taken)
            return above.start if whole else best
        if near is None or (near == best and above.text[-1] not in "。；;：:！）)"):
            near = above.start
        best, fields = above.start, above.is_field
        if above.is_numbered or above.level is Level.LABEL:
            return best
    return near


def _is_only_one_below(every: Sequence[OutlineLine], one: Statement, taken: Set[int]) -> bool:
    """Return whether no other statement and no other paragraph follows before the next number: the
    heading above is the title of this one item (an article whose title has a line of its own)."""
    for i in range(one.line + 1, len(every)):
        line = every[i]
        if line.is_numbered:
            return True
        if line.start >= one.end and (i in taken or line.text[-1] == "。"):
            return False
    return True


def _behind(text: str, done: int, end: int) -> int:
    """The offset at which text goes on behind a statement that ends at `done`."""
    rest = text[done:end]
    return done + len(rest) - len(rest.lstrip(" 。；;,，、\t\n"))


def _of_steps(every: Sequence[OutlineLine], one: Statement, done: int) -> int | None:
    """The beginning of the item whose steps （1）, （2） have lines of their own, if only a later
    one of them ends in a statement, which closes them all.

    So do label lines below the last of the items （一）, （二） of an article or of one title.
    """
    at = _last_above(every, one)
    after_all = (
        at == one.line and every[at].level is Level.PLAIN and at > 0 and _is_item(every[at - 1])
    )
    at -= after_all  # a statement on all steps, below the last of them
    line = every[at]
    if not Level.SUBSECTION <= line.level <= Level.STEP:
        return None
    apart = at < one.line or line.level > Level.ITEM
    after = next((b for b in islice(every, at + 1, None) if b.start >= one.end), None)
    if line.level < Level.SUBITEM and after is not None and after.level == line.level:
        return None
    steps, first = 1, line
    for above in upwards(every, at - 1):
        if (
            above.start < done
            or above.is_label_of_bodies
            or above.level in (Level.BULLET, Level.LABEL)
        ):
            return None
        if above.is_numbered and above.level < line.level:
            begun = last_number(first.label)
            if line.level in (Level.SUBSECTION, Level.ITEM):
                whole = (
                    above.level > Level.SECTION
                    and steps > 1
                    and begun == 1
                    and (apart or above.level is Level.ARTICLE)
                )
            else:  # numbers that run on through chapters are not steps; the first may be above
                whole = steps > 1 if begun == 1 else begun == 2 and not above.is_heading
            return above.start if whole else None
        if above.level == line.level:
            steps, first = steps + 1, above
            if after_all and not _is_item(above):
                return None
    return None


def _is_item(line: OutlineLine) -> bool:
    """Return whether a line is a whole numbered item, not the title of the lines below."""
    return Level.SUBSECTION <= line.level <= Level.STEP and line.text[-1] in "。；;"


def _last_above(every: Sequence[OutlineLine], one: Statement) -> int:
    """The line of a statement; that above it, where it has a line of its own."""
    at = one.line
    while at and (
        every[at].is_aside or (every[at].level is Level.PLAIN and every[at].start == one.start)
    ):
        at -= 1
    return at
