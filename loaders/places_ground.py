"""Places of the cadastre and of the street plan: streets, blocks, lots, roads, addresses, parcels.

A name has no mark at its left side, so each rule says where a name may begin: at a mark of
punctuation, at the end of another place, at a known name, or behind a word that is never part
of a name (推进, 完成, 与, …).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.records import PlaceKind
from ontology.places import PlaceNames

HAN = "\u4e00-\u9fff"
_BEFORE_NAME = (
    "推进|推动|完成|实施|开展|启动|落实|加快|继续|积极|打造|建设|改造|新建|改建|整治|涉及|包括|"
    "力争|争取|确保|配合|做好|组织|支持|着力推进|围绕|对接|办理|进行|规划|保障|拆除|重点|其中|"
    "确认|筹备|迎检|探索|促进|编制|加强|提升|深化|建立|健全|完善|举办|参与|协调|督促|研究|制定|"
    "优化|巩固|持续|全面|着手|基本|正式|开工|竣工|验收|实现|发挥|引导|鼓励|培育|服务|管理|综合|"
    "签订|召开|联系|走访|帮助|助力|依托|利用|结合|根据|按照|通过|位于|地处|临近|毗邻|"
    "对|在|与|和|及|至|到|沿|由|从|将|为|的|于|经|等|除|以|按|就|向|把|使|或|第|成"
)
BOUNDARY = re.compile(rf"(?:^|[^{HAN}]|{_BEFORE_NAME})$")
_NO_ROAD = re.compile(
    r"(?:道|公|铁|线|思|出|网|马|沿|各|多|电|通|岔|半|大|小|支|主|辅|套|老|新|之|快速|高速|断头|"
    r"全|两|水|陆|气|管|回|有|无|同|该|本|每|条|门|类|架空线|路)路$|^[一二三四五六七八九十]+路$"
)
_LOT = r"\d{1,4}(?:/\d{1,4})?"
_BLOCK = re.compile(rf"(\d{{1,4}})街坊(?:({_LOT}(?:、{_LOT})*)丘)?")
_PLAN = re.compile(r"[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]-[A-Z]\d*-\d{1,3}|(?<![A-Z0-9-])[A-Z]\d{0,2}-\d{1,3}[A-Z]?(?!\d)")
_TRADE = re.compile(
    rf"(?:(?<=\()|(?<![{HAN}]))([{HAN}]{{2,3}}(?<![周月年第约每日])\d{{1,3}}-\d{{1,3}})(?![\d/%家个次人天年月日])"
)
_HOUSE = re.compile(r"\d{1,5}(?:弄(?:\d{1,4}号)?|号(?!线|楼|院|文|厅|馆))")
_NO_PARCEL = re.compile(
    r"(?:各|该|本|此|相关|有关|重点|储备|产业|成熟|零星|闲置|意向|优质|出让|每块|两|三|几|个|落实|商业|"
    r"住宅|工业|经营性|旧改|一批|更新|待建|的)$"
)


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
    """The form of the name where it is not the name itself."""


def begins_name(text: str, start: int) -> bool:
    """Whether a name may begin at `start`: something parts it from its left, and it is no verb."""
    return BOUNDARY.search(text[:start]) is not None and not VERB.match(text, start)


VERB = re.compile(rf"(?:{_BEFORE_NAME}){{1,2}}")


def streets(text: str, names: PlaceNames) -> Iterator[Found]:
    """Street-level units, in any known form; a list may share its tail (仙霞、程家桥街道)."""
    forms = sorted(names.streets, key=len, reverse=True)
    if not forms:
        for match in re.finditer(rf"([{HAN}]{{2,4}})(?:街道|镇)(?![{HAN}]?办)", text):
            if BOUNDARY.search(text[: match.start()]) and not re.match(
                "各|相关|有关|部分|全", match[0]
            ):
                yield Found(match.start(), match.end(), match[0], "street")
        return
    for match in re.finditer("|".join(map(re.escape, forms)), text):
        name = names.streets[match[0]]
        yield Found(match.start(), match.end(), name, "street", written=_other(match[0], name))
        end = match.start()
        while listed := re.search(rf"([{HAN}]{{2,4}})、$", text[:end]):
            form = next(
                (
                    listed[1][i:]
                    for i in range(len(listed[1]))
                    if listed[1][i:] + "街道" in names.streets
                ),
                None,
            )
            if form is None:
                break
            start = end - 1 - len(form)
            name = names.streets[form + "街道"]
            yield Found(start, end - 1, name, "street", written=form + "街道")
            end = start


def _other(form: str, name: str) -> str | None:
    return None if form == name else form


def blocks_and_lots(text: str, above: Sequence[Found]) -> Iterator[Found]:
    """街坊 and their 丘; a list of lots shares the block before it and the 丘 after it."""
    for match in _BLOCK.finditer(text):
        block = f"{match[1]}街坊"
        street = next((f.name for f in above if f.end == match.start()), None)
        yield Found(match.start(), match.start() + len(block), block, "block", street)
        if match[2] is None:
            continue
        numbers = match[2].split("、")
        whole = match[0] if len(numbers) > 1 else None
        at = match.start(2)
        for i, number in enumerate(numbers):
            last = i == len(numbers) - 1
            start = match.start() if i == 0 else at
            end = at + len(number) + last
            yield Found(start, end, f"{block}{number}丘", "lot", block, written=whole)
            at += len(number) + 1


def roads(text: str, names: PlaceNames, taken: Sequence[Found]) -> Iterator[Found]:
    """Roads, known ones anywhere, others where their left side shows that a name begins."""
    ends = {f.end for f in taken}
    last = 0
    for match in re.finditer(r"大道|公路|路|道|大街", text):
        end = match.end()
        if text.startswith(("街道", "网", "线", "径", "牌"), end) or end <= last:
            continue
        if text.startswith("口", end) and last == match.start():
            continue
        start = next(
            (s for s in range(max(last, end - 7), end - 1) if text[s:end] in names.roads), None
        )
        if start is None and match[0] != "道":
            start = _road_start(text, end, last, ends)
        if start is None or any(f.start <= start < f.end and f.kind == "street" for f in taken):
            continue
        yield Found(start, end, text[start:end], "road")
        for form in _sharing(text, start, names):
            yield form
        last = end


def _road_start(text: str, end: int, last: int, ends: set[int]) -> int | None:
    for start in range(max(last, end - 6), end - 2):
        name = text[start:end]
        if not re.fullmatch(rf"[{HAN}]+", name) or _NO_ROAD.search(name):
            continue
        begins = start == last > 0 or start in ends or BOUNDARY.search(text[:start]) is not None
        if begins and not re.match(_BEFORE_NAME, name):
            return start
    return None


def _sharing(text: str, start: int, names: PlaceNames) -> Iterator[Found]:
    """Roads before this one that share its 路: 新华、番禺路."""
    while listed := re.search(rf"([{HAN}]{{1,5}})、$", text[:start]):
        form = next(
            (listed[1][i:] for i in range(len(listed[1])) if listed[1][i:] + "路" in names.roads),
            None,
        )
        if form is None:
            return
        start -= 1 + len(form)
        yield Found(start, start + len(form), form + "路", "road", written=form + "路")


def junctions(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Two roads and 路口."""
    ordered = sorted(f for f in found if f.kind == "road")
    for one, two in zip(ordered, ordered[1:], strict=False):
        if text[one.end : two.start] in ("", "与", "和", "、", "/") and (
            corner := re.match(r"(?:路口|交叉口|口)", text[two.end :])
        ):
            end = two.end + corner.end()
            name = text[one.start : end]
            yield Found(one.start, end, name, "junction", on_road=(one.name, two.name))


def addresses(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """A road and its 弄 or 号; where 地块 follows, it is the name of a parcel."""
    for road in found:
        if road.kind != "road":
            continue
        house = _HOUSE.match(text, road.end)
        if house and not text.startswith("地块", house.end()):
            name = text[road.start : house.end()]
            yield Found(road.start, house.end(), name, "address", on_road=(road.name,))


def parcels(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Parcels: …地块, …区块 without a building's name, plan numbers and trade numbers."""
    ends = {f.end for f in found if f.kind in ("block", "lot", "street")}
    ends |= {f.end for f in found if f.kind == "address" and text[f.end - 1] == "弄"}
    by_road = sorted(f for f in found if f.kind == "road")
    covered: list[tuple[int, int]] = []
    for match in re.finditer(r"地块|(?<=厂)区块", text):
        start = _parcel_start(text, match.start(), ends)
        head = next((r for r in by_road if r.start == start and r.end < match.start()), None)
        if (
            head
            and not re.match(r"\d", text[head.end :])
            and not _only_roads(head.end, match.start(), by_road)
        ):
            start = head.end
        name = text[start : match.end()]
        stem = text[start : match.start()]
        if not stem or _NO_PARCEL.search(stem) or len(stem) > 16:
            continue
        inside = tuple(r.name for r in by_road if start <= r.start and r.end <= match.end())
        head_road = (head.name,) if head and head.end == start else ()
        whole = _shared_parcels(text, start)
        if whole:
            written = text[whole[0][0] : match.end()]
            for left, right in whole:
                yield Found(left, right, text[left:right] + match[0], "parcel", written=written)
            yield Found(start, match.end(), name, "parcel", on_road=inside, written=written)
        else:
            yield Found(start, match.end(), name, "parcel", on_road=inside or head_road)
        covered.append((start, match.end()))
    for pattern in (_PLAN, _TRADE):
        for match in pattern.finditer(text):
            if not any(a <= match.start() < b for a, b in covered):
                covered.append(match.span())
                yield Found(match.start(), match.end(), match[0], "parcel")
    for match in re.finditer(rf"\(([{HAN}]{{2,4}}\d{{1,3}}号)\)", text):
        if not any(a <= match.start(1) < b for a, b in covered):
            yield Found(match.start(1), match.end(1), match[1], "parcel")


def _parcel_start(text: str, end: int, ends: set[int]) -> int:
    start = end
    while start and start not in ends and re.match(rf"[{HAN}A-Za-z0-9Ⅰ-Ⅻ/-]", text[start - 1]):
        if re.search(rf"(?:{_VERBS})$", text[:start]):
            break
        start -= 1
    return start


_VERBS = "推进|推动|完成|实施|开展|启动|落实|加快|办理|进行|出让|收储|收地|拆除|和|与|及|对"


def _only_roads(start: int, end: int, by_road: Sequence[Found]) -> bool:
    return any(r.start == start and r.end == end for r in by_road)


def _shared_parcels(text: str, start: int) -> list[tuple[int, int]]:
    """Names before this parcel that share its 地块: 武夷、愚园地块."""
    spans: list[tuple[int, int]] = []
    while listed := re.search(rf"([{HAN}]{{2,6}})、$", text[:start]):
        stem = re.sub(rf"^.*(?:{_VERBS})", "", listed[1])
        begins = start - 1 - len(stem)
        if not 2 <= len(stem) <= 4 or not BOUNDARY.search(text[:begins]):
            break
        spans.insert(0, (begins, start - 1))
        start = begins
    return spans
