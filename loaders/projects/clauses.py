"""A project's part of a quarter's cell: under its heading, its list number, or in its clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from operator import add

from graph.records import Cell, Span
from loaders.projects.works import act_of, land_acts, split_list
from loaders.text.clauses import Clause, clauses, folded, sheltered
from loaders.text.offsets import Passage
from ontology.names import squeeze


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell with its folded text and its clauses, worked out once."""

    cell: Cell
    passage: Passage
    text: str
    clauses: tuple[Clause, ...]

    @classmethod
    def of(cls, cell: Cell) -> Reading:
        """The reading of a cell."""
        return _reading(cell)

    def span(self, start: int, end: int) -> Span:
        """The source span of a stretch, without the marks at its end."""
        while end > start + 1 and self.text[end - 1] in ",;。:":
            end -= 1
        return self.passage.span(start, end)


@lru_cache(maxsize=64)
def _reading(cell: Cell) -> Reading:
    """Projects and numbers read the same cell, one after the other."""
    passage = Passage.of(cell.span)
    return Reading(cell, passage, folded(passage.text), clauses(passage))


@dataclass(slots=True)
class Draft:
    """A project in the making; `keys` are what a cell may call it by, the surest first."""

    name: str
    where: Span
    keys: tuple[str, ...]
    act: str = ""
    item: str = ""
    head: bool = False
    topic: bool = False
    in_text: bool = True
    tail: str = ""
    """The last word of a name that no other project of the row shares."""
    works: bool = True
    """True for buildings and land: the text after its clause then goes on about it."""
    unsure: set[int] = field(default_factory=set)
    """The quarters whose clause does not name it."""
    also: str = ""
    """Other names of it in the row, as written."""
    sentences: set[int] = field(default_factory=set)
    """The sentences of the target text that name it."""
    confirmed: bool = False
    """True where the target text names a heading's project again below it."""
    spans: list[Span | None] = field(default_factory=lambda: [None, None, None, None])


_PREDICATES = (
    r"(?:完成|开工|竣工|完工|取得|进行|办理|实施|启动|推进|力争|确保|交付|结构|验收|功能|"
    r"规划确认|施工|开展|进场|基本|办结|着手|抓紧|加紧|组织|建成|投入)"
)
_SUBJECT_END = re.compile(r"(?:项目|工程|地块|区块)$")
_TITLE = re.compile(r"《[^》]*》")
_SCHEDULE = re.compile(r"^(?:第?[一二三四]季度|\d{1,2}月(?:份|底|上旬|中旬|下旬)?|年内|年底前)+")


def find(key: str, text: str) -> int:
    """The offset of `key` in `text`, or -1; 26街坊 is not in 226街坊.

    >>> find("26街坊", "完成226街坊、26街坊出让")
    8
    """
    at = text.find(key)
    while at > 0 and key[0].isdigit() and text[at - 1] in "0123456789/-":
        at = text.find(key, at + 1)
    return at


def holds(text: str, key: str) -> bool:
    """Return whether `find` finds `key` in `text`; a substring test first rules out most."""
    return key in text and find(key, text) >= 0


def span_of(draft: Draft, reading: Reading, drafts: Sequence[Draft]) -> Span | None:
    """The part of a cell about a draft; None where there is none.

    Its own numbered item or heading comes first. Else the first clause that names it, with the
    clauses of that sentence that follow and name no other; only its own verb, where
    the clause begins with its name or gives each of several names a verb of its own.
    """
    under = [c for c in reading.clauses if c.item == draft.item] if draft.item else []
    under = under or _under_heading(draft, reading, drafts)
    if under:
        return reading.span(under[0].start, under[-1].end)
    keys = [k for k in draft.keys if k in reading.text]
    for i, clause in enumerate(reading.clauses if keys else ()):
        key = next((k for k in keys if holds(clause.text, k)), "")
        if not key or _other_act(draft, clause.text):
            continue
        if clause.head and not draft.item and _owned(clause, draft, drafts):
            continue
        return _said(draft, key, reading, i, drafts)
    return None


def resembling(draft: Draft, reading: Reading, drafts: Sequence[Draft]) -> Span | None:
    """The clause that holds most of a draft's name in other words, where none names it exactly."""
    best, at = 0.6, -1
    whole = _untitled(reading.text)
    keys = [k for k in draft.keys if len(k) >= 4 and _overlap(k, whole) >= best]
    if not keys and not (draft.tail and draft.tail in whole):
        return None
    for i, clause in enumerate(reading.clauses):
        words = _untitled(clause.text)
        share = max((_overlap(k, words) for k in keys), default=0.0)
        if share >= best and _names_any(clause.text, draft, drafts):
            share = 0.0
        if share < best and draft.tail and draft.tail in words:
            share = best
        if share >= best and not _other_act(draft, clause.text):
            best, at = share + 0.001, i
    return _said(draft, "", reading, at, drafts) if at >= 0 else None


def _untitled(words: str) -> str:
    return _TITLE.sub("", words) if "《" in words else words


def says(draft: Draft, span: Span | None) -> bool:
    """Return whether a clause holds most of one of a draft's names, which leaves little doubt."""
    words = folded(squeeze(span.quote)) if span else ""
    return any(_overlap(k, words) >= 0.75 for k in draft.keys if len(k) >= 4)


def _names_any(words: str, draft: Draft, drafts: Sequence[Draft]) -> bool:
    return any(holds(words, k) for d in drafts if d is not draft for k in d.keys)


def _under_heading(draft: Draft, reading: Reading, drafts: Sequence[Draft]) -> list[Clause]:
    """The run of clauses under a heading that names the draft."""
    if draft.act or ":" not in reading.text:
        return []
    found: list[Clause] = []
    for clause in reading.clauses:
        named = clause.head and _names(draft, clause.head)
        if named and not (found and clause.head_start != found[0].head_start):
            found.append(clause)
        elif found:
            break
    return found


def _names(draft: Draft, head: str) -> bool:
    return any(holds(head, k) or (len(head) > 2 and holds(k, head)) for k in draft.keys)


def _owned(clause: Clause, draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Return whether the clause is under the heading of a draft that names this one as well."""
    heads = [d for d in drafts if d is not draft and d.head and _names(d, clause.head)]
    return any(_overlap(draft.keys[0], d.name) > 0.9 for d in heads)


def _other_act(draft: Draft, words: str) -> bool:
    """Return whether the words are of another land act than the draft's own."""
    if not draft.act:
        return False
    found = [act_of(m[0]) for m in land_acts(words)]
    land = {"收地": "收储"}
    return bool(found) and land.get(draft.act, draft.act) not in {land.get(f, f) for f in found}


def _said(draft: Draft, key: str, reading: Reading, i: int, drafts: Sequence[Draft]) -> Span:
    first = reading.clauses[i]
    start = first.start
    last = i
    while (
        draft.works
        and last + 1 < len(reading.clauses)
        and reading.clauses[last + 1].sentence == first.sentence
        and reading.clauses[last + 1].head_start == first.head_start
        and not _names_another(draft, reading.clauses[last + 1].text, drafts)
    ):
        last += 1
    end = reading.clauses[last].end
    if key:
        part = _own_part(key, first, reading.text)
        if part is not None:
            start = part[0]
            end = part[1] if part[1] < first.end else end
        start = _after_subject(draft, key, reading.text, start, end)
    return reading.span(start, end)


def _names_another(draft: Draft, words: str, drafts: Sequence[Draft]) -> bool:
    return any(
        holds(words, k) and k not in draft.keys for d in drafts if d is not draft for k in d.keys
    )


def _own_part(key: str, clause: Clause, text: str) -> tuple[int, int] | None:
    """The part of a clause in which each name has its own verb: 甲完成清退、乙实施改造."""
    parts = split_list(text, clause.start, clause.end, "、")
    if len(parts) < 2 or not all(re.search(_PREDICATES, text[a:b]) for a, b in parts):
        return None
    own = next(((a, b) for a, b in parts if holds(text[a:b], key)), None)
    if own is None or not re.search(rf"^.{{2,}}?{_PREDICATES}.", text[own[0] : own[1]]):
        return None
    return None if re.match(_PREDICATES, text[own[0] : own[1]]) else own


def _after_subject(draft: Draft, key: str, text: str, start: int, end: int) -> int:
    """The offset of the words about a subject: after 友乐路商办项目和红坊项目一季度, at 开工."""
    words = text[start:end]
    if not _SUBJECT_END.search(draft.name):
        return start
    at = find(draft.name, words)
    at, length = (at, len(draft.name)) if at >= 0 else (find(key, words), len(key))
    if at < 0:
        return start
    before, inside = words[:at], sheltered(words)
    if not re.fullmatch(r"(?:.*(?:项目|工程|地块|区块)[和、及])?[\u4e00-\u9fff]{0,8}?", before):
        return start
    if re.search(_PREDICATES, before):
        return start
    after = at + length
    rest = re.match(r"(?:[和、及][^,;。]*?(?:项目|工程|地块|区块))+", words[after:])
    after += rest.end() if rest else 0
    schedule = _SCHEDULE.match(words[after:])
    after += schedule.end() if schedule else 0
    own_verb = re.match(_PREDICATES, words[after:]) and not (after < len(inside) and inside[after])
    return start + after if own_verb else start


def _overlap(key: str, words: str) -> float:
    """The share of the pairs of characters of `key` that are in `words`."""
    pairs = _pairs(key)
    return len(pairs & _pairs(words)) / len(pairs) if pairs else 0.0


@lru_cache(maxsize=1024)
def _pairs(words: str) -> frozenset[str]:
    """Each key of a row is held against all clauses of its cells."""
    return frozenset(map(add, words, words[1:]))


_STEP = re.compile(r"施工|招标|招投标|开工|竣工|完工|进场|验收|土建|封顶|交付")


_TALK = re.compile(r"宣传|知名度|推介|品牌|媒体")


_PLAN_OF_YEAR = re.compile(
    r"(?:部署|制定|制订|下达|明确|启动)[^,;。]{0,10}(?:工作计划|年度计划|行动计划|推进计划)$"
    r"|推进情况|(?:年度|全年|阶段性?)总结|总结评估"
)


def give_unnamed(drafts: Sequence[Draft], cells: Sequence[Reading | None]) -> None:
    """Give drafts the clauses of their cells that are about them, though they name none."""
    for i, cell in enumerate(cells):
        for draft in drafts if cell else ():
            span = draft.spans[i]
            if span and draft.works and _TALK.search(span.quote) and not _STEP.search(span.quote):
                draft.spans[i] = None
        if cell is not None:
            before = [d.spans[i] for d in drafts]
            _give_steps(drafts, i, cell)
            _give_plans(drafts, i, cell)
            for draft, span in zip(drafts, before, strict=True):
                draft.unsure |= {i + 1} if draft.spans[i] != span else set()


def _give_steps(drafts: Sequence[Draft], i: int, cell: Reading) -> None:
    silent = [d for d in drafts if _goes_on(d, i) and not d.spans[i]]
    listed = [d for d in drafts if d.in_text and d.works and not d.topic]
    if not silent or (len(silent) > 1 and silent != listed):
        return
    begun = {span.start for d in drafts if (span := d.spans[i])}
    for span in _unclaimed(drafts, cell):
        if span.start in begun:
            continue
        for draft in listed if len(listed) > 1 else ():
            inner = draft.spans[i]
            if inner and span.holds(inner) and _goes_on(draft, i):
                draft.spans[i] = span
        for draft in silent:
            draft.spans[i] = draft.spans[i] or span


def _goes_on(draft: Draft, i: int) -> bool:
    """Return whether other quarters have clauses for a work without a list number."""
    others = [s for at, s in enumerate(draft.spans) if s and at != i]
    return draft.works and not draft.item and not draft.act and len(others) > 1


def _unclaimed(drafts: Sequence[Draft], cell: Reading) -> list[Span]:
    """The sentences of a cell that tell a step of works and name none."""
    found = []
    for _, group in groupby(cell.clauses, key=lambda c: c.sentence):
        run = list(group)
        said = cell.text[run[0].start : run[-1].end]
        named = any(find(key, said) >= 0 for d in drafts for key in d.keys)
        if not named and not run[0].head and not run[0].item and _STEP.search(said):
            found.append(cell.span(run[0].start, run[-1].end))
    return found


def _give_plans(drafts: Sequence[Draft], i: int, cell: Reading) -> None:
    """The plan and the summing up of the year are about the one work that a heading names."""
    named = [d for d in drafts if d.in_text]
    if len(named) != 1 or not named[0].topic or named[0].spans[i]:
        return
    for clause in cell.clauses:
        if _PLAN_OF_YEAR.search(clause.text) and not clause.item:
            named[0].spans[i] = cell.span(clause.start, clause.end)
            return
