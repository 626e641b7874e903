"""The numbers that a row promises, for the year and by quarter, and how the quarters add up."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from graph.records import Cell, Indicator, Row, When
from loaders.commitments.accumulation import Read, accumulations
from loaders.projects.clauses import Reading
from loaders.text.clauses import Clause, sheltered
from loaders.text.quantities import Figure, figures

_BEGINNING = re.compile(
    r"^(?:其中|同时|并且?|全面|着力|加快|继续|进一步|积极|深入|持续|有序|基本|确保|保证|力争|争取|实现|完成|"
    r"推进|推动|实施|开展|组织|落实|帮助|开设|协调|牵头|做到|累计|配合[^,、]{2,8}?(?=实施|完成|推进)|到?\d{4}年(?:度|底|末)?|年内|年底前?|全年|本年度|"
    r"全区|全市|辖区内|共计?|总计|合计|第?[一二三四]季度|[、:])+"
)
_ENDING = re.compile(
    r"(?:达到?|为|至|到|共计?|计|累计|总计|合计|约|大约|近|超过|超|不少于|不低于|不小于|不超过|不高于|至少|"
    r"控制在|保持在?|稳定在|维持在|完成|实现|预期|预计|力争|确保|争取|落实|提供|的|等|以内|[、:(])+$"
)
_HOPED = re.compile(r"(?:力争|预期|预计|确保|争取)(?=增|下降|提|降|减)")
_TRAILING = re.compile(r"^(?:及?以上|及?以下|以内|之内|左右|上下|的)+|(?:等?工作|等)$")
_BARE = re.compile(
    r"(?:同比|环比|比上年|较上年)?(?:增长|增加|提高|提升|下降|降低)?(?:率|幅)?|总?(?:建筑|占地|用地)?面积|"
    r"新增增长|总量|任务量|(?:工作|年度|全年)?目标任务?|上传率|数量|新?竣工|新?开工|实施|投资|总投资|突破|超过"
)
_RATED = re.compile(r"率(?:达到?|为|超过)?$")
_NAMED_YEAR = re.compile(
    r"(?<![较比自从])(?<!截至)(?<!截止)(?<![《〔\[(\d])(?<!\d[-—–~至])(20\d{2})年(?!以来|起|版|第|修订|的)"
)
_LONGEST = 40
MAX_QUOTE_CHARS = 400
"""The evidence of a number reaches no further than this to either side."""
YEAR_CHARS = len("2026年")


def indicators_of(row: Row) -> tuple[Indicator, ...]:
    """The numbers of a row: those of its text (`year`), then those of its milestone cells."""
    found: list[Read] = []
    for cell in row.cells():
        found += _in_cell(cell, _when(cell))
    return tuple(
        replace(one.indicator, accumulation=how)
        for one, how in zip(found, accumulations(found), strict=True)
    )


def _when(cell: Cell) -> When:
    names: dict[str, When] = {"q1": "q1", "q2": "q2", "q3": "q3", "q4": "q4"}
    return names.get(cell.name, "year")


def _in_cell(cell: Cell, when: When) -> Iterator[Read]:
    """The promised numbers of one cell, in order.

    A count that only describes what a rate is about (9大类20个品种…覆盖率达到100%) is none.
    """
    reading = Reading.of(cell)
    passage = reading.passage
    all_figures = figures(passage.text)
    starts = [f.start for f in all_figures]
    previous = ""
    for clause in reading.clauses if all_figures else ():
        own = all_figures[bisect_left(starts, clause.start) : bisect_left(starts, clause.end)]
        inside, begins = _without_described(clause, own)
        marks = _Marks(clause)
        of_clause = _Figures(inside)
        for figure in inside:
            left, right = marks.quote(figure)
            before = of_clause.before(clause, figure, max(left, begins))
            what = _what(before, of_clause.after(clause, figure, right), figure)
            what = _in_context(what, clause, left, previous)
            if left == clause.start:
                previous = re.sub(r"(?:同比)?(?:增长|下降|提高)$", "", what)
            if left == clause.start and figure.start == clause.start and clause.head:
                bare = figure.end >= right
                left = clause.head_start if bare else left
            yield Read(
                Indicator(
                    what=what,
                    value=figure.value,
                    unit=figure.unit,
                    op=figure.op,
                    when=when,
                    evidence=(passage.span(left, right),),
                    as_written=figure.as_written,
                    growth=figure.growth,
                    year=year_beside(passage.text, figure.start),
                ),
                before,
                clause.text,
            )


def year_beside(text: str, at: int) -> int | None:
    """The year that the words before a number give it, as far as its sentence goes.

    A year that is only compared with, or where something began, is not that of the number.

    >>> [year_beside("到2026年30人,到2028年40人,较2025年增长", i) for i in (8, 18)]
    [2026, 2028]
    """
    sentences, years, named = _years(text)
    last = bisect_right(years, at) - 1
    sentence = bisect_right(sentences, at - 1) - 1
    begins = sentences[sentence] + 1 if sentence >= 0 else 0
    return named[last] if last >= 0 and years[last] - YEAR_CHARS >= begins else None


@lru_cache(maxsize=64)
def _years(text: str) -> tuple[list[int], list[int], list[int]]:
    """Return where the sentences of a text end, where its named years end, and these years."""
    found = list(_NAMED_YEAR.finditer(text))
    sentences = [mark.start() for mark in re.finditer("[。；;]", text)]
    return sentences, [m.end() for m in found], [int(m[1]) for m in found]


def _without_described(clause: Clause, inside: Sequence[Figure]) -> tuple[Sequence[Figure], int]:
    """The figures of a clause without the counts before its rate, and where its words begin."""
    rates = [
        f
        for f in inside
        if f.unit == "%"
        and _RATED.search(clause.text[max(0, f.start - clause.start - 8) : f.start - clause.start])
    ]
    last = rates[-1].start if rates else -1
    kept: list[Figure] = []
    begins = clause.start
    for figure in inside:
        if figure.unit != "%" and "/" not in figure.unit and figure.end <= last:
            begins = max(begins, figure.end)
        else:
            kept.append(figure)
    return kept, begins


class _Marks:
    """The marks and brackets of a clause, by which the words of each of its figures end."""

    def __init__(self, clause: Clause) -> None:
        self.clause = clause
        text = clause.text
        self.inside = inside = sheltered(text)
        self.opens = [m.start() for m in re.finditer("[(《“,;]", text) if inside[m.start()]]
        self.closes = [m.start() for m in re.finditer("[)》”,;]", text)]
        self.round = [m.start() for m in re.finditer("[)]", text)]
        self.brackets = [at for at in self.opens if text[at] == "(" and at and not inside[at - 1]]

    def quote(self, figure: Figure) -> tuple[int, int]:
        """Return the stretch that promises a figure: its clause, or its part of its brackets.

        In a clause without end, `MAX_QUOTE_CHARS` on each side.
        """
        base, end = self.clause.start, self.clause.end
        at = figure.start - base
        left, right = base, end
        if self.inside[at]:
            opened, closed = (
                bisect_left(self.opens, at),
                bisect_left(self.closes, figure.end - base),
            )
            left = base + self.opens[opened - 1] + 1 if opened else base
            right = base + self.closes[closed] if closed < len(self.closes) else end
        elif self.inside[-1]:
            opened = bisect_left(self.brackets, at)
            if opened < len(self.brackets):
                first = bisect_left(self.round, self.brackets[opened])
                is_only = first == len(self.round) - 1
                if is_only and self.round[first] == len(self.inside) - 1:
                    right = base + self.brackets[opened]
        return max(left, figure.start - MAX_QUOTE_CHARS), min(right, figure.end + MAX_QUOTE_CHARS)


class _Figures:
    """The figures of a clause in order, by which the words around each of them end."""

    def __init__(self, figures: Sequence[Figure]) -> None:
        self.figures = figures
        self.starts = [f.start for f in figures]

    def before(self, clause: Clause, figure: Figure, left: int) -> str:
        """Return the words that lead to a figure, without those of the figures before it."""
        text, base = clause.text, clause.start
        first = bisect_left(self.starts, left)
        last = bisect_left(self.starts, figure.start) - 1
        while last >= first and self.figures[last].end > figure.start:
            last -= 1
        if last < first or self.figures[first].end > figure.start:
            return text[left - base : figure.start - base]
        between = text[self.figures[last].end - base : figure.start - base]
        mark = max(between.rfind(c) for c in "、和及")
        if mark >= 0:
            return between[mark + 1 :]
        return text[left - base : self.starts[first] - base]

    def after(self, clause: Clause, figure: Figure, right: int) -> str:
        """Return the words after a figure, up to the next one."""
        text, base = clause.text, clause.start
        following = bisect_left(self.starts, figure.end)
        until = self.starts[following] if following < len(self.starts) else right
        words = text[figure.end - base : max(figure.end, min(until, right)) - base]
        words = words if ")" in words else words.partition("(")[0]
        mark = words.rfind("、") if until < right else -1
        return words[:mark] if mark >= 0 else words


def _what(before: str, after: str, figure: Figure) -> str:
    """What a number counts, in the words around it, without the verbs of promising."""
    begin = _HOPED.sub("", _BEGINNING.sub("", before))
    begin = begin if figure.growth else _ENDING.sub("", begin)
    begin = re.sub(r"(?:增长|下降|提高)\w{0,3}$", lambda m: m[0][:2], begin)
    if begin.startswith("对") and after.startswith(("进行", "开展", "实施")):
        begin, after = begin[1:], after[2:]
    if len(begin) > 24:
        begin = max((p for p in re.split(r"[的》]", begin) if p), key=begin.rfind)
    end = _TRAILING.sub("", _TRAILING.sub("", after))
    if figure.unit == "" and figure.value == 0:
        end = "增长"
    return (begin + end).strip("、:的")[:_LONGEST]


def _in_context(what: str, clause: Clause, left: int, previous: str) -> str:
    """A measure that is too bare to stand alone, with the heading or the measure it belongs to."""
    if what and not _BARE.fullmatch(what):
        return what
    if left > clause.start:
        owner = clause.text[: left - 1 - clause.start][-MAX_QUOTE_CHARS:]
        owner = previous or _ENDING.sub("", _BEGINNING.sub("", owner))
    elif clause.head:
        owner = _BEGINNING.sub("", clause.head)
    else:
        owner = previous
    if what.endswith("率") and owner.endswith("率"):
        owner = re.sub(r"(?:建设)?[^的、]{2,3}率$", "", owner)
    joined = owner if what and owner.endswith(what) else owner + what
    head = clause.text[:_LONGEST]
    return joined[-_LONGEST:] or re.sub(r"\d.*", "", head) or head
