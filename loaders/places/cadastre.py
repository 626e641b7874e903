"""Places of the street plan and the cadastre: streets, blocks, lots, roads, addresses, corners."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from graph.records import PlaceKind
from loaders.places.boundaries import HAN, begin_of, is_proper, is_word_free
from loaders.places.words import name_begin_before
from ontology.places import PlaceNames

MAX_LISTED = 60
"""No list of blocks or lots is longer."""
_LOT = r"\d{1,4}(?:/\d{1,4})?"
_BLOCKS = re.compile(
    rf"(?<![\d/.A-Za-z-])(?P<numbers>\d{{1,4}}(?:[、和及]\d{{1,4}}){{0,{MAX_LISTED}}})街坊"
    rf"(?P<lots>{_LOT}丘?(?:[、,和及]{_LOT}丘?){{0,{MAX_LISTED}}}(?<=丘))?"
)
# Each alternative begins with a character, so that the engine leaps from one to the next.
_ROAD = re.compile(r"快速路|大道|公路|大街|路|街|道|巷(?![道战口尾])")
_NO_ROAD_AFTER = re.compile(
    r"[网线径演灯面桥况边侧名长权由基缘牌政障标途过程人径子]|街道|镇|区|坊|头|景(?!观)|巷"
)
_STRETCH = re.compile(r"[至到\-—~]")
_NO_ROAD = re.compile(
    r".*(?:[道铁思电网线公出马链]路|[公里中之]里路|农村路|(?<!民)主路|辅路|支路|环路|高架路|干路|断头路|一带一路|.*[街小里弄后老]巷)|"
    r"(?:创业|致富|旅游|产业|资源|机耕|美丽|示范|样板|景观|林荫|特色|精品|瓶颈|主干|次干|人行|内部|沿线|"
    r"成长|发展|改革|复兴|强国|长征|丝绸之|必由之|探索|市政|弄堂|小区|商业|步行|美食|临|沿|后|背|一条|老)"
    r"(?:路|街|大街|大道)"
)
_CLASSIC = frozenset(
    "人民 解放 和平 建设 文化 体育 健康 工业 农业 民主 团结 新建 公园 市民 青年 学府 科技 "
    "滨江 滨河 滨湖 滨海 沿江 沿河 迎宾 世纪 环城 幸福".split()
)
"""Ordinary words that name a road: every town has a 人民路."""
_KINDS_OF_STREET = re.compile(
    r"各|各个|相关|有关|部分|试点|所属|属地|沿线|所有|其他|其它|重点|中心|全区|全市|多个|个|两|三|十|本|该|每个"
)
_OFFICES = "局委办院会处部所队站校企司社区市县镇乡村路号道员人家坊块丘弄街"
_STREET = re.compile(
    r"街道|镇(?![江海乡街区域级政域海坪痛静守])|乡(?![镇村土愁亲情音贤风民里间人级创下居儿党政])"
)
_NO_TOWN = re.compile(
    r".*[街乡城小重集古名强村市各特色建制示范家老故水返回归下入离进他异同还思四返族之]$"
)
_COMPASS_TOWN = re.compile(r"[东西南北][乡城村集]")
"""A town that is called after a village: 东乡镇."""
_HOUSES = re.compile(
    r"(?P<first>\d{1,5}(?:-\d{1,5})?)(?P<more>(?:[、和及]\d{1,5}(?:-\d{1,5})?)*)"
    r"(?P<unit>弄(?:\d{1,4}号)?|号院?)(?![线楼院文厅馆桥])"
)
_JOINS = frozenset("、和与及")
_LISTED = re.compile(rf"([{HAN}]{{1,6}})[、和与及]$")
_SHARING = re.compile(rf"[{HAN}]{{2,8}}(?<![{_OFFICES}])、$")
MAX_LISTED_CHARS = 9
"""The longest name of a list that shares its tail, with the mark behind it."""
_CORNER = re.compile(r"路口|交叉口|交叉路口|交汇处|交界处|口")


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A place at squeezed characters `start` to `end` of a cell."""

    start: int
    end: int
    name: str
    kind: PlaceKind
    within: str | None = None
    on_road: tuple[str, ...] = ()
    written: str | None = None
    """Form in the text, if it differs from the name."""


def heads(text: str, start: int, known: Collection[str], tail: str) -> list[tuple[int, int]]:
    """The spans before `start` that share a tail with it: 仙霞 in 仙霞、程家桥街道.

    Only names that are known with that tail count; 教育、新华路 shares nothing.
    """
    spans: list[tuple[int, int]] = []
    while text[start - 1 : start] in _JOINS and (
        listed := _LISTED.search(text, max(0, start - MAX_LISTED_CHARS), start)
    ):
        run = listed[1]
        at = next((i for i in range(len(run)) if run[i:] + tail in known), None)
        if at is None:
            break
        end = listed.end(1)
        start = end - len(run) + at
        spans.append((start, end))
    return spans


def streets(text: str, names: PlaceNames) -> Iterator[Found]:
    """Street-level units by any known form, else by 街道 and 镇 behind a bounded name."""
    forms = sorted((f for f in names.streets if f in text), key=len, reverse=True)
    known = "|".join(map(re.escape, forms))
    taken: set[int] = set()
    for match in re.finditer(known, text) if forms else ():
        name = names.streets[match[0]]
        taken.update(range(match.start(), match.end()))
        yield Found(match.start(), match.end(), name, "street", written=_other(match[0], name))
        for start, end in heads(text, match.start(), names.streets, "街道"):
            form = text[start:end] + "街道"
            taken.update(range(start, end))
            yield Found(start, end, names.streets[form], "street", written=form)
    for match in _STREET.finditer(text):
        if match.start() in taken:
            continue
        begin = name_begin_before(text, match.start(), taken, 4, also=names.own, public=True)
        if begin is None and _COMPASS_TOWN.fullmatch(text, match.start() - 2, match.start()):
            begin = match.start() - 2
        if (
            begin is None
            or text[begin - 1 : begin] in ("“", '"')
            or (match[0] != "街道" and names.streets)
        ):
            continue
        stem = text[begin : match.start()]
        if (
            is_proper(stem)
            and not _KINDS_OF_STREET.fullmatch(stem)
            and not (
                match[0] != "街道" and _NO_TOWN.match(stem) and not _COMPASS_TOWN.fullmatch(stem)
            )
        ):
            yield Found(begin, match.end(), text[begin : match.end()], "street")
            if match[0] == "街道":
                yield from _sharing(text, begin, names)


def _sharing(text: str, start: int, names: PlaceNames) -> Iterator[Found]:
    """湖南 in 湖南、天平街道, where no file knows either."""
    while text[start - 1 : start] == "、" and (
        listed := _SHARING.search(text, max(0, start - MAX_LISTED_CHARS), start)
    ):
        end = listed.end() - 1
        begin = name_begin_before(text, end, (), 3, also=names.own, public=True)
        if begin is None or not is_proper(text[begin:end]):
            return
        yield Found(
            begin, end, text[begin:end] + "街道", "street", written=text[begin:end] + "街道"
        )
        start = begin


def _other(form: str, name: str) -> str | None:
    return None if form == name else form


def blocks_and_lots(text: str, above: Sequence[Found]) -> Iterator[Found]:
    """街坊 and their 丘; a list of lots shares the block before it and the 丘 after it."""
    ending = {f.end: f.name for f in reversed(above)}
    for match in _BLOCKS.finditer(text) if "街坊" in text else ():
        street = ending.get(match.start())
        numbers = list(re.finditer(r"\d+", match["numbers"]))
        shared = text[match.start() : match.end("numbers") + 2] if len(numbers) > 1 else None
        for number in numbers:
            start = match.start() + number.start()
            last = number is numbers[-1]
            end = match.end("numbers") + 2 if last else match.start() + number.end()
            yield Found(start, end, f"{number[0]}街坊", "block", street, written=shared)
        if match["lots"]:
            yield from _lots(match, f"{numbers[-1][0]}街坊", match.start() + numbers[-1].start())


def _lots(match: re.Match[str], block: str, start: int) -> Iterator[Found]:
    lots = list(re.finditer(rf"({_LOT})(丘?)", match["lots"]))
    whole = match[0] if len(lots) > 1 else None
    for lot in lots:
        begin = start if lot is lots[0] else match.start("lots") + lot.start()
        end = match.start("lots") + lot.end()
        yield Found(begin, end, f"{block}{lot[1]}丘", "lot", block, written=whole)


def roads(text: str, names: PlaceNames, taken: Sequence[Found]) -> Iterator[Found]:
    """Roads: known ones anywhere, others where their left side shows that a name begins."""
    ends = {f.end for f in taken}
    covered = {i for f in taken if f.kind == "street" for i in range(f.start, f.end)}
    last = 0
    for match in _ROAD.finditer(text):
        end = match.end()
        if match.start() in covered or end <= last:
            continue
        start = _known(text, end, last, names.roads)
        if start is None and match[0] != "道":
            start = _new_road(text, match, ends, names)
        if start is None:
            continue
        yield Found(start, end, text[start:end], "road")
        for left, right in heads(text, start, names.roads, text[end - 1 : end]):
            form = text[left:right] + text[end - 1 : end]
            yield Found(left, right, form, "road", written=form)
        last = end
        ends.add(end)


def _known(text: str, end: int, floor: int, known: Collection[str]) -> int | None:
    for start in range(max(floor, end - 8), end - 1):
        if text[start:end] in known:
            return start
    return None


def _new_road(
    text: str, match: re.Match[str], ends: Collection[int], names: PlaceNames
) -> int | None:
    """Where a road begins that no file knows: two to four characters before 路, bounded.

    Four characters that do not end in 东, 西, … are taken for a verb of two and a name of two:
    names of four are rare, and no list holds every verb.
    """
    end = match.end()
    if match[0] == "街" and text.startswith(("道", "坊"), end):
        return None
    if match.start() in ends or (
        _NO_ROAD_AFTER.match(text, end) and not text.startswith("路口", end)
    ):
        return None
    start = begin_of(text, match.start(), ends, 7, also=names.own)
    if start is None:
        return None
    stem = text[start : match.start()]
    if match[0] == "街" and len(stem) > 3:
        return None
    if cut := re.match(rf"[{HAN}]{{2,3}}[区县市](?=[{HAN}]{{2,4}}$)", stem):
        start, stem = start + cut.end(), stem[cut.end() :]
    longest = 4 if stem[-1] in "东西南北中支一二三四五六七八九十" else 3
    if len(stem) == 4 > longest:
        start, stem = start + 2, stem[2:]
    if len(stem) > longest:
        return None
    bare = stem.rstrip("东西南北中支一二三四五六七八九十")
    if text.startswith("段", end) and not (
        text.startswith("(", end + 1) or _STRETCH.match(text, start - 1)
    ):
        return None
    proper = is_proper(stem) or is_proper(bare) or bare in _CLASSIC or is_word_free(stem)
    return start if proper and not _NO_ROAD.fullmatch(text[start:end]) else None


def addresses(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """A road and its 弄 or 号; where 地块 follows, it is the name of a parcel.

    延安西路1289、1290弄 is two addresses.
    """
    for road in found:
        houses = _HOUSES.match(text, road.end) if road.kind == "road" else None
        if houses is None or text.startswith("地块", houses.end()):
            continue
        more = list(re.finditer(r"\d+(?:-\d+)?", houses["more"]))
        whole = text[road.start : houses.end()] if more else None
        end = houses.end("first") if more else houses.end()
        name = f"{road.name}{houses['first']}{houses['unit']}"
        yield Found(road.start, end, name, "address", on_road=(road.name,), written=whole)
        for one in more:
            begin = houses.start("more") + one.start()
            end = houses.end() if one is more[-1] else houses.start("more") + one.end()
            name = f"{road.name}{one[0]}{houses['unit']}"
            yield Found(begin, end, name, "address", on_road=(road.name,), written=whole)


def junctions(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Two roads and 路口, 交叉口, …"""
    ordered = sorted(f for f in found if f.kind == "road")
    for one, two in pairwise(ordered):
        corner = _CORNER.match(text, two.end)
        if corner and text[one.end : two.start] in ("", "与", "和", "、", "/", "-", "近"):
            end = corner.end()
            name = text[one.start : end]
            yield Found(one.start, end, name, "junction", on_road=(one.name, two.name))
