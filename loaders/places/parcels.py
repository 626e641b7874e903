"""Parcels: pieces of land with a name or a number of their own."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from string import ascii_letters, digits

from loaders.places.boundaries import HAN, begin_of, is_han, is_proper, parted
from loaders.places.cadastre import Found
from ontology.places import PlaceNames

_NUMBER_OR_LETTER = re.compile(r"[\dA-Z]")
_PARCEL = re.compile(r"地块|(?<=厂)区块|宗地")
_PLAN = re.compile(
    r"(?<![A-Za-z0-9-])(?:[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]-[A-Z]\d{0,2}-\d{1,3}|[A-Z]\d{1,2}[A-Z]?-\d{1,3}[A-Z]?(?:-\d{1,3})?|"
    r"(?<=[(坊丘])[A-Z]-\d{1,3})(?![A-Za-z0-9-]|[级类型轮股签档])"
)
_OFFER = re.compile(
    r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,4}[〔\[(](?:19|20)\d{2}[〕\])]\d{1,4}号(?:地块|宗地)"
)
"""Number of an offer of land."""
_OFFERED = re.compile("号地块|号宗地")
"""Endings of all matches of `_OFFER`."""
_LAND_FOLLOWS = r"(?:\)|土地|地块|项目|商办|商业|住宅|出让|收储|收地|开工|竣工|规划|控详|供地)"
_TRADE = re.compile(rf"(\d{{1,3}}-\d{{1,3}})(?={_LAND_FOLLOWS})")
_NUMBERED = re.compile(rf"(\d{{1,3}}号)(?={_LAND_FOLLOWS})")
_CODE = frozenset(f"{ascii_letters}{digits}ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩⅪⅫ/-")
"""Letters, digits and marks of plan numbers."""
_LISTED_PLAN = re.compile(rf"({_PLAN.pattern})[、和与及]$")
_LISTED_NAME = re.compile(rf"[{HAN}]{{2,12}}(?<![路街弄号块区坊丘里村苑厂])[、和与]$")
_LISTED_NUMBERS = re.compile(rf"([{HAN}]{{2,6}})((?:\d{{1,3}}[、和及])+)$")
MAX_STEM_CHARS = 60
MAX_LIST_CHARS = 200
"""How far back a list of numbers before a parcel is looked for."""
_NO_PARCEL = re.compile(
    r".*(?:各|该|本|此|其|相关|有关|储备|成熟|零星|闲置|意向|优质|出让|每块|[两三几个幅宗块]|商业|住宅|"
    r"工业|经营性|旧改|一批|更新|的|类|上市|净|动迁|征收|建设|开发|周边|等|控制性|产业|重点|待建|意愿)$"
)
_TRANSPORT = re.compile(r"(?:轨交|轨道交通|地铁|线路|第|共|约|至)$")


def parcels(text: str, found: Sequence[Found], names: PlaceNames) -> Iterator[Found]:
    """…地块, …厂区块, plan numbers (A3-02) and trade numbers (古北5-2, 郑政出〔2019〕12号)."""
    covered: set[int] = set()
    for match in _OFFER.finditer(text) if _OFFERED.search(text) else ():
        covered.update(range(match.start(), match.end()))
        yield Found(match.start(), match.end(), match[0], "parcel")
    roads = _Roads.of(found)
    every_end = {f.end for f in found}
    ends = {f.end for f in found if f.kind in ("block", "lot", "street")}
    ends |= {f.end for f in found if f.kind == "address" and text[f.end - 1] == "弄"}
    for match in _PARCEL.finditer(text):
        start = _begin(text, match.start(), ends, names)
        if start is None or start in covered:
            continue
        start = _past_road(text, start, match.start(), roads)
        stem = text[start : match.start()]
        beside = text[start - 1 : start] == "(" or start in every_end
        if not _named(stem, beside):
            continue
        listed = list(_listed(text, start, match, roads))
        covered.update(range(listed[0].start, match.end()))
        yield from listed
    for match in _PLAN.finditer(text) if "-" in text else ():
        if match.start() not in covered:
            covered.update(range(match.start(), match.end()))
            yield Found(match.start(), match.end(), match[0], "parcel")
    for pattern, sign in ((_TRADE, "-"), (_NUMBERED, "号")):
        for match in pattern.finditer(text) if sign in text else ():
            begin = _head(text, match.start(), every_end, names)
            if begin is not None and begin not in covered:
                yield Found(begin, match.end(), text[begin : match.end()], "parcel")


def _named(stem: str, beside: bool) -> bool:
    """Return whether a stem names one parcel: some letter or number of a plan, or a proper word.

    Next to a lot or an address, or in brackets (`beside`), any word is a name.
    """
    if _NO_PARCEL.match(stem) or len(stem) > 18:
        return False
    if re.search(r"[A-ZⅠ-Ⅻ]\d*|\d号|\d-\d", stem):
        return True
    return (is_proper(stem) or (beside and len(stem) >= 2)) and not re.search(r"\d", stem)


@lru_cache(maxsize=64)
def _stems(text: str) -> tuple[list[int], list[int]]:
    """Return for each offset where the stem begins that ends there, and where its word ends."""
    stems, words = [0], [len(text)] * (len(text) + 1)
    for at, char in enumerate(text, 1):
        stems.append(stems[-1] if char in _CODE or is_han(char) else at)
    for at in range(len(text) - 1, -1, -1):
        words[at] = words[at + 1] if is_han(text[at]) else at
    return stems, words


def _begin(text: str, end: int, ends: Collection[int], names: PlaceNames) -> int | None:
    """The left side: the end of a block, lot, street or lane, a mark, or a word before names."""
    stems, words = _stems(text)
    low, least = end, max(0, end - MAX_STEM_CHARS, stems[end])
    while low > least and low not in ends:
        low -= 1
    stop = min(words[low], end)
    if stop - low < 2 or (stop < end and parted(text[low:stop], names.own)):
        return stop if stop - low >= 2 else (low if low < end else None)
    return begin_of(text, stop, ends, 14, also=names.own)


@dataclass(frozen=True, slots=True)
class _Roads:
    """The roads of a text, by where they begin and where they end."""

    at: dict[int, Found]
    ending: dict[int, Found]
    names: frozenset[str]

    @classmethod
    def of(cls, found: Sequence[Found]) -> _Roads:
        """Index the roads among the places of a text; the first of several at one offset."""
        roads = sorted((f for f in found if f.kind == "road"), reverse=True)
        names = frozenset(r.name for r in roads)
        return cls({r.start: r for r in roads}, {r.end: r for r in roads}, names)

    def within(self, start: int, end: int) -> tuple[str, ...]:
        """Return the names of the roads that lie in a stretch, in order."""
        road = self.at.get
        found = (r for i in range(start, end) if (r := road(i)) is not None and r.end <= end)
        return tuple(r.name for r in found)

    def begin(self, name: str) -> tuple[str, ...]:
        """Return the roads with whose names a name begins: a list gives its road once."""
        heads = (name[:length] for length in range(2, len(name) + 1))
        return tuple(head for head in heads if head in self.names)


def _past_road(text: str, start: int, end: int, roads: _Roads) -> int:
    """Past a road that only says where the parcel lies: 淞虹路 in 淞虹路临空24号地块.

    A number right behind the road (武夷路1号地块), or nothing but roads, belongs to the name.
    """
    head = roads.at.get(start)
    if head is None or head.end >= end or _NUMBER_OR_LETTER.match(text, head.end):
        return start
    if head.end in roads.at:
        return start
    rest = text[head.end : end]
    return head.end if is_proper(rest) or re.search(r"\d", rest) else start


def _listed(text: str, start: int, match: re.Match[str], roads: _Roads) -> Iterator[Found]:
    """A parcel and those before it in a list that share its tail, or its head and tail."""
    stem, tail = text[start : match.start()], match[0]
    others = list(_numbers_before(text, start, stem)) or list(_names_before(text, start, stem))
    first = others[0][0] if others else start
    written = text[first : match.end()] if others else None
    head = roads.ending.get(start)
    if others and re.fullmatch(r"\d{1,3}号", stem):
        stem = re.sub(r"\d+号$", "", others[0][2]) + stem
    for left, right, name in [*others, (start, match.end(), stem)]:
        on = roads.within(left, right) or roads.begin(name)
        yield Found(
            left, right, name + tail, "parcel",
            on_road=on or ((head.name,) if head else ()), written=written,
        )  # fmt: skip


def _numbers_before(text: str, start: int, stem: str) -> Iterator[tuple[int, int, str]]:
    """武夷路1、2号地块: the first number has the head, the last one has the tail."""
    if re.fullmatch(r"\d{1,3}号", stem) is None:
        return
    before = _LISTED_NUMBERS.search(text, max(0, start - MAX_LIST_CHARS), start)
    if before is None:
        return
    at = before.start(1)
    for number in re.finditer(r"\d+", before[2]):
        left = at if number.start() == 0 else before.start(2) + number.start()
        yield left, before.start(2) + number.end(), f"{before[1]}{number[0]}号"


def _names_before(text: str, start: int, stem: str) -> Iterator[tuple[int, int, str]]:
    """武夷、愚园地块: short names, or plan numbers, in a row."""
    spans: list[tuple[int, int, str]] = []
    if _PLAN.fullmatch(stem):
        while listed := _LISTED_PLAN.search(text, max(0, start - 24), start):
            start = listed.start(1)
            spans.insert(0, (start, listed.end(1), listed[1]))
    elif re.fullmatch(rf"[{HAN}]{{2,4}}(?<!路)", stem):
        while listed := _LISTED_NAME.search(text, max(0, start - 13), start):
            begin = begin_of(text, listed.end() - 1, (), 4)
            if begin is None or not is_proper(text[begin : listed.end() - 1]):
                break
            start = begin
            spans.insert(0, (begin, listed.end() - 1, text[begin : listed.end() - 1]))
    yield from spans


def _head(text: str, end: int, ends: Collection[int], names: PlaceNames) -> int | None:
    """Where the place name begins that stands before a bare number (临空 in 临空12号)."""
    if end in ends or _TRANSPORT.search(text, max(0, end - 4), end):
        return None
    begin = begin_of(text, end, ends, 4, also=names.own)
    return begin if begin is not None and is_proper(text[begin:end]) else None
