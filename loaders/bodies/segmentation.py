"""The segmentation of a department cell that explains the whole of it at least cost.

In this order of trust: names of the gazetteer, names that fill a cell elsewhere in the same
document, collectives by their form, new names by their ending, and text that no rule explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from loaders.lexicon.body_endings import CELL_ENDING, CELL_ENDING_LAST_CHARS, CELL_ENDINGS
from loaders.lexicon.collectives import COLLECTIVE, COLLECTIVE_ENDS, COLLECTIVE_SIGN, UNION
from loaders.lexicon.party_organs import PARTY_ORGAN
from loaders.lexicon.roles import WORDS_BESIDE
from loaders.text.offsets import Passage, bridged
from ontology.gazetteer import Gazetteer

_BODY_SIGN = re.compile(f"{CELL_ENDINGS}|{COLLECTIVE_SIGN.pattern}")
_HEADLESS = re.compile(r"(?:各|区)?成员单位$")
SEPARATORS = "、,;\uff0c\uff1b"
_ENDING_LAST_OR_BRACKET = CELL_ENDING_LAST_CHARS | {")"}
_SEPARATOR = re.compile(f"[{SEPARATORS}]")
_PARTS = ("", "(", *SEPARATORS)
BRACKETS = str.maketrans("\uff08\uff09〔〕[]", "()()()")
_SUB_UNIT = re.compile(r"([^()]{2,})\(([^()]+)\)")
_UNIT = re.compile(r"\([^()]+\)")
_ZONE = re.compile(r"(?:开发|经开|高新|新|示范|度假|园)区$")
"""Endings of names only before a mark of a list: 高新区财政局 is one body."""
_HAS_BRANCHES = re.compile(r"(?:环境|资源|规划|公安|税务|环保|国土|社保|市场监管|规资)局$")
_BUREAU = re.compile("..局$")
"""A bureau within a name: in a list with marks, 市交通局东陵分局 is one name."""
_JOINS = re.compile("[、,，和及]")
_BODY_ENDS = re.compile(
    r"(?<!总)局(?!.{0,4}分局|.{0,5}[支大总]队|\()|镇(?=..{1,3}街道)|街道(?![办党社(])"
    r"|集团(?![公有股(])|办(?![公事理学案室会(])"
)
"""Endings that complete a name: a new name seldom goes on from there."""
_SEVERAL = 4.0
_PLACE = re.compile("[\u4e00-\u9fff]{2,4}")
_LEVELS = frozenset("区市县省")
"""Levels that a notice may put before the name of a body: 区发改委."""
_OF_THE_STATE = ("国务院", "国家", "全国", "中国", "中央")
"""Beginnings of the names of bodies of the state: 国务院国资委."""
_PRICES = {"name": 1.0, "alias": 1.02, "slip": 1.1}
_PRICE_OF_WORDS = 0.5
"""The price of words between names: less than any name, more than a mark."""
_PARTED = 30.0
"""The price of a segment that bridges a separator."""
_LONGEST = 40
_NEVER = float("inf")
_SLACK = 1e-6
"""Prices are sums of decimals: what seems dearer by less than this is priced all the same."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment of a cell: squeezed characters `start` to `end`, and what it was taken for."""

    start: int
    end: int
    form: str
    how: str
    """name, alias, slip, seen (alone elsewhere), collective, ending, unknown or separator."""


def sub_unit(form: str) -> tuple[str, str]:
    """A body and its body in brackets: "人社局(医保办)" is ("人社局", "医保办")."""
    match = _SUB_UNIT.fullmatch(form) if form.endswith(")") else None
    return (match.group(1), match.group(2)) if match else (form, "")


def segments(passage: Passage, known: Gazetteer, seen: frozenset[str]) -> tuple[Piece, ...]:
    """The segmentation of a cell at least cost; the forms spell the squeezed cell."""
    text = passage.text.translate(BRACKETS)
    if (form := known.forms.get(text)) and not _SEPARATOR.search(text):
        return (Piece(0, len(text), text, form[1]),)
    found: list[Piece] = []
    back = _Search(text, bridged(passage), known, seen).run()
    end = len(text)
    while end:
        start, how = back[end]
        if start == end:
            return (Piece(0, len(text), text, "unknown"),)
        found.append(Piece(start, end, text[start:end], how))
        end = start
    return tuple(reversed(found)) or (Piece(0, 0, "", "unknown"),)


def known_in(text: str, known: Gazetteer) -> list[tuple[int, int]]:
    """The offsets of names of the gazetteer in a squeezed text."""
    forms, lengths, size = known.forms, known.lengths, len(text)
    return [
        (start, start + length)
        for start, first in enumerate(text)
        if first in lengths
        for length in lengths[first]
        if start + length <= size and text[start : start + length] in forms
    ]


def may_name_bodies(text: str, known: Gazetteer) -> bool:
    """Return whether a squeezed text may name a body: many short texts of a table hold none of
    the characters that names end in."""
    return _BODY_SIGN.search(text) is not None or bool(known_in(text, known))


def inner(names: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The names of three characters and more: a new name must not swallow one."""
    return [(start, end) for start, end in names if 3 <= end - start <= 8]


class _Keys:
    """A growing list of keys that knows the least two from a position on.

    The position seldom moves, so mostly the last key alone is looked at.
    """

    def __init__(self) -> None:
        self.keys: list[float] = []
        self.first, self.at, self.low, self.second = 0, 0, _NEVER, _NEVER

    def add(self, key: float) -> None:
        """One key more."""
        if key < self.low:
            self.at, self.low, self.second = len(self.keys), key, self.low
        elif key < self.second:
            self.second = key
        self.keys.append(key)

    def begin(self, first: int) -> None:
        """Only the keys from `first` on count."""
        run = self.keys[first:]
        self.first, self.low = first, min(run)
        self.at = first + run.index(self.low)
        run[self.at - first] = _NEVER
        self.second = min(run)


class _Search:
    """The cheapest segments from the beginning of a text to each of its ends.

    For each end the names that end there come first. Any other segment costs a floor, a price for
    each character, and a fine for each gap that it bridges and each name that it swallows: the
    part of a start is known once it is reached, and only starts that may win are priced.
    """

    def __init__(
        self, text: str, gaps: list[float], known: Gazetteer, seen: frozenset[str]
    ) -> None:
        self.text, self.gaps, self.known, self.seen = text, [*gaps, 0], known, seen
        names = known_in(text, known)
        marks = [m.start() for m in _SEPARATOR.finditer(text)]
        self.parted = bool(marks)
        closed = _bracketed(text)
        self.inside = [*(closed or [False] * len(text)), False]
        self.named = self._named(names)
        self.swallowed = inner(names)
        ends, begins, reach = ([0] * (len(text) + 1) for _ in range(3))
        for start, end in self.swallowed:
            begins[start + 1] += 1
            ends[end] += 1
            reach[start + 1] = max(reach[start + 1], end)
        self.begun, self.over = list(accumulate(begins)), list(accumulate(ends))
        self.reach = list(accumulate(reach, max))
        self.signs = _latest(len(text), [m.start() for m in COLLECTIVE_SIGN.finditer(text)])
        self.cuts = _latest(len(text), [i for i in marks if closed and not closed[i]])
        ended = [0] * (len(text) + 1)
        for found in _BODY_ENDS.finditer(text):
            ended[found.end()] = 1
        self.ended = list(accumulate(ended))
        self.best: list[float] = []
        self.groups: list[float] = []
        self.endings, self.others = _Keys(), _Keys()
        self.least, self.start, self.how = 0.0, 0, ""

    def run(self) -> list[tuple[int, str]]:
        """For each end where its last segment starts, and what that was taken for."""
        inside, cuts, signs = self.inside, self.cuts, self.signs
        self._close(0)
        back = [(0, "")]
        for end in range(1, len(self.text) + 1):
            self.least, self.start, self.how = _NEVER, end, "unknown"
            if not inside[end]:
                low = end - _LONGEST if end > _LONGEST else 0
                for start in self.named[end]:
                    if start >= low and not inside[start]:
                        self._take(start, *self._price_of_name(start, end))
                first = max(low, cuts[end] + 1)
                if first <= signs[end]:
                    self._collective(first, end)
                if first < end:
                    self._new(first, end)
                if cuts[end] >= low:
                    self._bridging(low, end)
            self._close(end)
            back.append((self.start, self.how))
        return back

    def _named(self, names: Iterable[tuple[int, int]]) -> list[list[int]]:
        """For each end where a known segment starts, 区发改委 and 人社局(医保办) among them."""
        text, size = self.text, len(self.text)
        found: list[list[int]] = [[] for _ in range(size + 1)]
        for start, end in names:
            found[end].append(start)
            if start and text[start - 1] in _LEVELS and end - start > 1 and text[end - 1] != ")":
                found[end].append(start - 1)
            if state := next((x for x in _OF_THE_STATE if text.endswith(x, 0, start)), ""):
                found[end].append(start - len(state))
        for unit in _UNIT.finditer(text):
            at = unit.start()
            found[unit.end()] += [s for s in found[at] if "(" not in text[s:at]]
        for branch in re.finditer("分局", text):
            found[branch.end()] += self._branches(found, branch.start())
        for match in _SEPARATOR.finditer(text):
            found[match.end()].append(match.start())
        for words in WORDS_BESIDE.finditer(text):
            found[words.end()].append(words.start())
        for organ in PARTY_ORGAN.finditer(text):
            found[organ.end()].append(organ.start())
        for many in UNION.finditer(text) if _JOINS.search(text) else ():
            found[many.end()].append(many.start())
        lengths = {len(name) for name in self.seen}
        for length in lengths:
            for start in range(size - length + 1):
                if text[start : start + length] in self.seen:
                    found[start + length].append(start)
        return found

    def _branches(self, found: Sequence[Sequence[int]], end: int) -> list[int]:
        """The starts of bodies whose branch for a place ends here: 市生态环境局红枫分局."""
        starts: list[int] = []
        for at in range(max(0, end - 4), end):
            place = self.text[at:end]
            others = (self.text[at:to] for to in (end + 2, *range(at + 2, end)))  # 外办公安分局
            alone = place[0] in _LEVELS or any(name in self.known.forms for name in others)
            if _PLACE.fullmatch(place) and not alone:
                has = _BUREAU if self.parted else _HAS_BRANCHES
                starts += [s for s in found[at] if has.search(self.text, s, at)]
        return starts

    def _price_of_name(self, start: int, end: int) -> tuple[float, str]:
        form = self.text[start:end]
        if form in SEPARATORS:
            return 0.0, "separator"
        if WORDS_BESIDE.fullmatch(form):
            return _PRICE_OF_WORDS, "separator"
        if PARTY_ORGAN.fullmatch(form):
            return 1.05, "name"
        forms, (head, unit) = self.known.forms, sub_unit(form)
        known = forms.get(form) or (forms.get(head) if unit else None)
        if known is not None:
            return _PRICES[known[1]], known[1]
        if len(form) > 2 and form[0] in _LEVELS and head[1:] in forms:
            return 1.05, "name"
        if any(form.removeprefix(x) in forms for x in _OF_THE_STATE if form.startswith(x)):
            return 1.05, "name"
        if _SEPARATOR.search(form):
            return 1.2, "collective"  # 各街道、镇
        return 1.4 + 0.3 * (self.gaps[end - 1] - self.gaps[start]), "seen"

    def _collective(self, first: int, end: int) -> None:
        """Segments from `first` on that end at `end` and may be collectives."""
        if not self.text.endswith(COLLECTIVE_ENDS, 0, end):
            return
        floor = 1.2 + 0.12 * end + 0.2 * self.gaps[end - 1] + 1.5 * self.over[end]
        keys = self.groups[first : self.signs[end] + 1]
        nearest = min(keys)
        if floor + nearest > self.least + _SLACK:
            return
        nearest_at = first + keys.index(nearest)
        self._take(nearest_at, *self._price(nearest_at, end))
        room = self.least + _SLACK - floor
        for start in [i for i, key in enumerate(keys, first) if key <= room and i != nearest_at]:
            self._take(start, *self._price(start, end))

    def _new(self, first: int, end: int) -> None:
        """Segments that no list knows, from `first` on, that end at `end`."""
        gaps, over = self.gaps[end - 1], self.over[end]
        if self.text[end - 1] in _ENDING_LAST_OR_BRACKET and _may_end(self.text, end):
            keys, floor = self.endings, 3.0 + 0.25 * end + 1.5 * gaps + 2.0 * over
        else:
            keys, floor = self.others, 7.0 + end + 1.5 * gaps + 2.0 * over
        if first != keys.first:
            keys.begin(first)
        if floor + keys.low > self.least + _SLACK:
            return
        self._take(keys.at, *self._price(keys.at, end))
        room = self.least + _SLACK - floor
        if keys.second <= room:
            for start in [i for i, k in enumerate(keys.keys[first:end], first) if k <= room]:
                self._take(start, *self._price(start, end))

    def _bridging(self, low: int, end: int) -> None:
        """Segments that bridge a separator."""
        for start in range(low, self.cuts[end] + 1):
            length = end - start
            if length > 1 and self.best[start] + _PARTED + length <= self.least + _SLACK:
                self._take(start, *self._price(start, end))

    def _price(self, start: int, end: int) -> tuple[float, str]:
        """The price of a segment that no list knows, and what it is taken for."""
        form, length = self.text[start:end], end - start
        gaps = self.gaps[end - 1] - self.gaps[start]
        if self.parted and _SEPARATOR.search(form) and _SEPARATOR.search(_outside(form)):
            return _PARTED + length, "unknown"
        hidden = self.over[end] - self.begun[start]
        if self.reach[start] > end:
            hidden += sum(i < start and end < j for i, j in self.swallowed)
        if start <= self.signs[end]:
            if _HEADLESS.match(form):
                return 8.0, "collective"
            if COLLECTIVE.fullmatch(form):
                return 1.2 + 0.12 * length + 0.2 * gaps + 1.5 * hidden, "collective"
        head = start + len(sub_unit(form)[0]) if form[-1] == ")" else end
        if length >= 2 and _ends_as_body(self.text, start, head):
            price = 3.0 + 0.25 * length + 1.5 * gaps + 2.0 * hidden
            return price + _SEVERAL * (self.ended[head - 1] - self.ended[start]), "ending"
        return 7.0 + length + 1.5 * gaps + 2.0 * hidden, "unknown"

    def _take(self, start: int, price: float, how: str) -> None:
        """The segment, if it is the cheapest to this end so far; the longer one of equals."""
        total = self.best[start] + price
        if start and self.inside[start]:
            return
        if total < self.least or (total == self.least and start < self.start):
            self.least, self.start, self.how = total, start, how

    def _close(self, end: int) -> None:
        """Note the part of a segment's price that depends on its start, for each way of pricing."""
        gaps, begun, least = self.gaps[end], self.begun[end], self.least
        self.best.append(least)
        self.groups.append(least - 0.12 * end - 0.2 * gaps - 1.5 * begun)
        self.endings.add(least - 0.25 * end - 1.5 * gaps - 2.0 * begun)
        self.others.add(least - end - 1.5 * gaps - 2.0 * begun)


def _bracketed(text: str) -> list[bool] | None:
    """For each character, True inside brackets; None where they do not close."""
    if "(" not in text:
        return [False] * len(text)
    depth, inside = 0, []
    for char in text:
        inside.append(depth > 0)
        depth += (char == "(") - (char == ")" and depth > 0)
    return inside if depth == 0 else None


def _outside(form: str) -> str:
    inside = _bracketed(form) or [False] * len(form)
    return "".join(c for c, inner in zip(form, inside, strict=True) if not inner)


def _may_end(text: str, end: int) -> bool:
    """Return whether a segment that ends here may be taken for a body by its ending."""
    if text[end - 1] == ")":
        end = text.rfind("(", 0, end)
    return end > 0 and _ends_as_body(text, max(0, end - 6), end)


def _ends_as_body(text: str, start: int, end: int) -> bool:
    if text[end - 1] not in CELL_ENDING_LAST_CHARS:
        return False
    if CELL_ENDING.search(text, start, end) is not None:
        return True
    return text[end : end + 1] in _PARTS and _ZONE.search(text, start, end) is not None


def _latest(size: int, positions: Iterable[int]) -> list[int]:
    """For each end the last of the positions before it, -1 where there is none."""
    found = [-1] * (size + 1)
    for position in positions:
        found[position + 1] = position
    return list(accumulate(found, max))
