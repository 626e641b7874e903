"""Label lines that close a chapter: below its last item they speak of all of its items.

One chapter alone does not tell that from an item that says who does it, and others that do not;
where every chapter is written so, it is the way of the document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from loaders.prose.rules.outline import Level, OutlineLine
from loaders.prose.rules.statement import Statement

MIN_CHAPTERS = 2


def closing_chapters(every: Sequence[OutlineLine], said: list[Statement]) -> list[Statement]:
    """The statements, those that close a chapter made to speak of the group of its items."""
    heads = [i for i, line in enumerate(every) if line.is_heading and line.level <= Level.SECTION]
    if len(heads) < MIN_CHAPTERS or not said:
        return said
    closing: set[int] = set()
    several = 0
    for first, end in zip(heads, [*heads[1:], len(every)], strict=True):
        items = [i for i in range(first + 1, end) if every[i].is_numbered]
        mine = [s for s in said if first <= s.line < end]
        if not mine:
            continue
        one = mine[0]
        if len(mine) > 1 or one.how != "line" or not items or one.line <= items[-1]:
            return said
        if len({every[i].level for i in items}) > 1:
            return said
        several += len(items) > 1
        closing.add(one.start)
    if len(closing) < MIN_CHAPTERS or several < MIN_CHAPTERS:
        return said
    return [replace(s, scope="group") if s.start in closing else s for s in said]
