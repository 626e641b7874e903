"""Waters, lines of transport, paths along a water, and counties elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from loaders.places.boundaries import HAN, begin_of, is_proper
from loaders.places.cadastre import Found
from loaders.places.words import name_begin_before, words_of
from ontology.places import PlaceNames

_NOT_WATER_AFTER = rf"(?![路县市省州区镇乡村桥湾新南北]|大道|公园|街|[{HAN}]?(?:医院|学校|酒店))"
_WATER = re.compile(
    r"[港塘泾渠溪江浦河浜湖](?:(?<=[港塘泾渠溪江浦])"
    r"(?=全线|沿线|两岸|沿岸|河道|水系|水质|整治|综合整治|贯通|健身|步道|疏浚|[一二三]期|\()"
    r"|(?<=[河浜湖])(?![道长流湖畔口段面床岸堤路县市省州区镇乡村桥湾新南北]|水(?!环境|生态|质|体|系)|大道|公园|街|高新))"
)
_RESERVOIR = re.compile(r"水库|湿地(?!公园|保护|生态|类|修复|面积|资源)|渠(?:道)?(?=首|节水|灌区)")
_NO_WATER = re.compile(
    r".*(?:[各全本该条骨干界内外中小沿滨临跨大两]|[沿滨临跨]江|黑臭|骨干|市管|区管|镇管|村级|断头)"
)
_RAIL = re.compile(r"(轨道?交通?|地铁)((?:\d+号?线?、)*\d+号线)")
_LINE = re.compile(
    r"(通道|立交|高架|高速公路|高速(?!公路|度|发展|增长|铁路|网络|率)|隧道|林带|绿道|步道|慢行系统|大桥|联络线|"
    r"铁路|城际线|有轨电车|天桥)"
)
_UNDER = re.compile(r"(?:越江|过江|下穿|人行)?(?:地道|隧道|高架|立交|天桥|通道)")
_GEOGRAPHIC = re.compile(r".*[东西南北横纵环江河虹桥山海湖港浦]")
_NEEDS_GROUND = ("通道", "步道", "绿道", "天桥")
_PATH = re.compile(
    rf"(?P<between>(?:\([^()]*\)|[{HAN}\d.]){{0,14}}?)"
    r"(?P<path>(?:健身|滨水|亲水|滨河|生态|骑行)?(?:步道|绿道)|慢行系统|[东西南北]延伸段)"
)
_MODIFIER = re.compile(
    r"\([^()]*\)|沿线|全线|沿岸|两岸|两侧|[一二三四五六七八九十\d]+期|[\d.]+公里|[东西南北]延伸段|"
    rf"[{HAN}]{{2,3}}段|滨江|的|、"
)
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|"
    "广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆"
)
_COUNTY = re.compile(r"(自治县|县)(?!级|区|市|委|府|城|域|政|长|属|直|校|内|外|乡|镇|中医)")
_NO_COUNTY = re.compile(
    r"[各全本该我].*|.*(?:小康|贫困|百强|对口|先行|示范|强|大|[全各该本我所在邻受援两几个每])|(?:县|区|市).*"
)
_DISTRICT = rf"[{HAN}]{{1,3}}?[^园社校城片辖地郊景牧灾、]区(?![域县委政内级])"
_PARTNER = re.compile(rf"(?:[与和赴向]|对口|支援|帮扶|协作)({_DISTRICT}(?:、{_DISTRICT})*)")
_HELP = re.compile(r"对口|帮扶|协作|支援|援建|结对")


def waters(text: str, names: PlaceNames) -> Iterator[Found]:
    """Rivers and canals: known ones, and bounded names that end in 河, 浜 or 湖."""
    taken: set[int] = set()
    for name in sorted((n for n in names.waters if n in text), key=len, reverse=True):
        for match in re.finditer(re.escape(name) + _NOT_WATER_AFTER, text):
            taken.add(match.end())
            yield Found(match.start(), match.end(), name, "water")
    for match in _RESERVOIR.finditer(text):
        start = name_begin_before(text, match.start(), taken, 6, also=names.own, public=True)
        if start is not None:
            taken.add(match.end())
            yield Found(start, match.end(), text[start : match.end()], "water")
    for match in _WATER.finditer(text):
        if text.endswith(names.own, 0, match.end()):
            continue
        start = name_begin_before(
            text, match.start(), (), 3, shortest=2, also=names.own, public=True
        )
        if match.end() in taken or start is None:
            continue
        stem = text[start : match.start()]
        if is_proper(stem) and not _NO_WATER.fullmatch(stem):
            yield Found(start, match.end(), text[start : match.end()], "water")


def lines(text: str, found: Sequence[Found], names: PlaceNames) -> Iterator[Found]:
    """Transport lines, tunnels, interchanges, greenways, and paths along a water."""
    for match in _RAIL.finditer(text):
        yield from _rail(match)
    paths = [p for f in found if f.kind == "water" for p in _paths(text, f)]
    yield from paths
    ends = {f.end for f in (*found, *paths)}
    roads = {f.end: f for f in found if f.kind == "road"}
    for match in _LINE.finditer(text):
        if any(p.start <= match.start() < p.end for p in paths):
            continue
        if match.start() in roads:
            continue
        start = name_begin_before(text, match.start(), ends, 5, also=names.own, public=True)
        stem = text[start : match.start()] if start is not None else ""
        if start is None or not is_proper(stem) or re.search(r"[和与及、]", stem):
            continue
        if match[0] in _NEEDS_GROUND and not _GEOGRAPHIC.match(stem):
            continue
        ends.add(match.end())
        yield Found(start, match.end(), text[start : match.end()], "line")
    for road in roads.values():
        if under := _UNDER.match(text, road.end):
            name = text[road.start : under.end()]
            yield Found(road.start, under.end(), name, "line", on_road=(road.name,))


def _rail(match: re.Match[str]) -> Iterator[Found]:
    """轨交15号线; a list shares its head: 轨交15、20号线."""
    numbers = list(re.finditer(r"\d+", match[2]))
    whole = match[0] if len(numbers) > 1 else None
    for number in numbers:
        start = match.start() if number is numbers[0] else match.start(2) + number.start()
        following = match.start(2) + number.end()
        end = match.end() if number is numbers[-1] else following
        yield Found(start, end, f"{match[1]}{number[0]}号线", "line", written=whole)


def _paths(text: str, water: Found) -> Iterator[Found]:
    """The path along a water: its stages and stretches are written between the two."""
    path = _PATH.match(text, water.end)
    if path is None:
        return
    if _MODIFIER.sub("", path["between"]):
        return
    kind = path["path"] if path["path"].endswith(("步道", "绿道")) else ""
    name, written = water.name + (kind or "步道"), text[water.start : path.end()]
    yield Found(water.start, path.end(), name, "line", written=None if written == name else written)


def counties(text: str, names: PlaceNames) -> Iterator[Found]:
    """Counties and districts elsewhere; the province before a county is not part of its name."""
    helped = _HELP.search(text) is not None
    for name in names.counties:
        stem = name.removesuffix("区").removesuffix("县")
        if stem not in text:
            continue
        for match in re.finditer(re.escape(name), text):
            yield Found(match.start(), match.end(), name, "county")
        for match in re.finditer(rf"(?:对口|支援|帮扶|协作)({re.escape(stem)})(?![路街])", text):
            if helped and not text.startswith(name, match.start(1)):
                yield Found(match.start(1), match.end(1), name, "county", written=stem)
    for begin, end in _partners(text) if helped else ():
        name = text[begin:end]
        if name not in names.own and name not in names.counties and is_proper(name[:-1]):
            yield Found(begin, end, name, "county")
    for match in _COUNTY.finditer(text):
        start = begin_of(text, match.start(), (), 12, also=names.own)
        if start is None:
            continue
        province = re.compile(rf"(?:{_PROVINCES})省?").match(text, start)
        if province and match.start() - province.end() >= 2:
            start = province.end()
        run = text[start : match.start()]
        stem = run.rsplit("州", 1)[-1].rsplit("市", 1)[-1] if len(run) > 3 else run
        stem = stem[-2:] if province and len(stem) == 4 and match[0] == "县" else stem
        name = stem + match[0]
        if _NO_COUNTY.fullmatch(stem) or name in names.own or len(stem) < 2:
            continue
        if any(kind != "name" for _, _, kind in words_of(stem)):
            continue
        begin = start if province is None or len(stem) < len(run) else match.start() - len(stem)
        written = text[begin : match.end()]
        other = None if written == name else written
        yield Found(begin, match.end(), name, "county", written=other)


def _partners(text: str) -> Iterator[tuple[int, int]]:
    """Districts that help is given to or shared with, in a row that speaks of help."""
    for match in _PARTNER.finditer(text):
        for part in re.finditer(rf"[{HAN}]+", match[1]):
            yield match.start(1) + part.start(), match.start(1) + part.end()
