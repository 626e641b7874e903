"""Rules of brackets: with labels or verbs, with bodies alone, inside a sentence."""

from __future__ import annotations

import re
from decimal import Decimal

from graph.records import Said
from loaders.bodies.roles import bare, duty
from loaders.lexicon.roles import LABEL
from loaders.prose.rules.certainty import all_placed, ends_like_a_body, only_helps, says_no_more
from loaders.prose.rules.closers import CLOSER, closing
from loaders.prose.rules.outline import OutlineLine
from loaders.prose.rules.page import ProsePage
from loaders.prose.rules.statement import Statement

_CN = "[一二三四五六七八九十]"
NEXT_ITEM = re.compile(rf"[。；;]\s*(?:\d{{1,2}}[.．、](?!\d)|[（(](?:{_CN}|\d){{1,3}}[）)])")
_HELPS = re.compile(r"(?:配合|协助|协办|参与|支持|协同)(?:落实|实施|推进|做好|完成)?[。；;]?\s*$")
"""Brackets that assign a supporting role. “（市科技局参加）” is none: it reports who attended."""
_BODY_BEFORE = re.compile(r"(?:[局委办厅署]|街道|政府)$")
_CREW_BEFORE = re.compile(r"(?:专班|小组|工作组|指挥部|机制|联盟|会议|平台|公司|集团|基金|实验室)$")
"""A crew has somebody who leads it, and is no task."""
CUT_SURE = Decimal("0.8")
"""A bracket that lost its end may hold less than it held."""
MAX_BODY_ENDING_CHARS = 4
MAX_CREW_CHARS = 8
_STOPS = ("", "。", "；", ";")
_STOPS_BEFORE = (*_STOPS, "！", "”", "：", ":")


def closing_brackets(page: ProsePage, i: int) -> list[Statement]:
    """Brackets that fill the beginning of a line and close a group: （以上3项由市科技局负责）."""
    text, line = page.text, page.lines[i]
    return [
        one
        for start, end, left, right in page.brackets_of(i)
        if not text[line.start : start].strip() and (closer := CLOSER.match(text, left, right))
        for one in closing(page, i, start, end, closer)
    ]


def brackets_of_roles(page: ProsePage, i: int) -> list[Statement]:
    """Brackets with labels, wherever they stand, or with verbs at the end of a sentence."""
    text, line = page.text, page.lines[i]
    found: list[Statement] = []
    for start, end, left, right in page.brackets_of(i):
        labelled = LABEL.search(text, left, right)
        if not labelled and not _closes(text, start, end, line):
            continue
        one = duty(text, left, right, page.stated_at(i))
        if one is None or (
            not text[line.start : start].strip() and CLOSER.match(text, left, right)
        ):
            continue
        helps = _HELPS.search(text[left:right]) and all_placed(one)
        if labelled or not only_helps(one) or helps:
            cut = end == right
            sure = CUT_SURE if cut else Decimal(1)
            how: Said = "cut" if cut else "bracket"
            found.append(Statement(i, start, end, one, how=how, sure=sure))
    return found


def brackets_of_bodies(page: ProsePage, i: int) -> list[Statement]:
    """Brackets that hold nothing but bodies and close their item."""
    text, line = page.text, page.lines[i]
    found: list[Statement] = []
    for start, end, left, right in page.brackets_of(i):
        before = text[line.start : start].rstrip()[-1:]
        named = _BODY_BEFORE.search(text[max(line.start, start - MAX_BODY_ENDING_CHARS) : start])
        if named or not _closes(text, start, end, line) or LABEL.search(text, left, right):
            continue
        ends_line = text[end : line.end].strip(" 。；;") == ""
        if not (ends_line or before in ("。", "；", ";") or NEXT_ITEM.match(text, end)):
            continue
        if duty(text, left, right):
            continue
        listed = bare(text, left, right, page.stated_at(i))
        if listed and (before in "。；;!" or len(listed.named) > 1 or ends_like_a_body(listed)):
            found.append(Statement(i, start, end, listed))
    return found


def brackets_in_sentences(page: ProsePage, i: int) -> list[Statement]:
    """Brackets within a sentence that say who does what stands before them, and nothing else."""
    text, line = page.text, page.lines[i]
    found: list[Statement] = []
    for start, end, left, right in page.brackets_of(i):
        goes_on = text[end : line.end].lstrip()[:1] in "，,、" and end < line.end
        if not goes_on or _closes(text, start, end, line) or LABEL.search(text, left, right):
            continue
        before = text[max(line.start, start - MAX_CREW_CHARS) : start]
        if _BODY_BEFORE.search(before) or _CREW_BEFORE.search(before):
            continue
        one = duty(text, left, right, page.stated_at(i))
        if one and one.basis == "marked" and says_no_more(text, left, right, one):
            found.append(Statement(i, start, end, one))
    return found


def _closes(text: str, start: int, end: int, line: OutlineLine) -> bool:
    """Whether a bracket ends a sentence: something ends before it, or its line ends behind it."""
    before = text[line.start : start].rstrip()[-1:]
    after = text[end : line.end].lstrip()[:1] if end < line.end else ""
    return before in _STOPS_BEFORE or after in _STOPS
