"""Places by their proper names: sites, zones, waters, lines, counties.

An ending (市场, 医院, 示范区, 河, 通道, 县) makes a candidate; what stands before it decides
whether it is the name of one spot or a word for a kind of thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from loaders.places_ground import BOUNDARY, HAN, VERB, Found, begins_name
from ontology.places import PlaceNames

_SITE = re.compile(
    r"(?:市场|酒店|宾馆|派出所|医院|卫生中心|体操中心|体育中心|体育场|幼儿园|中学|小学|大学|学校|大厦|"
    r"公园|图书馆|文化馆|博物馆|剧院|有限公司|一站式服务中心|展览中心|会展中心|火车站|机场|码头)"
)
_GENERIC_SITE = re.compile(
    r"(?:各|区属|基层|社区|重点|部分|相关|有关|所有|全区|中小学|我区|本区|农贸|标准化|菜|资本|人才|"
    r"消费|租赁|要素|金融|二手车|公立|民营|综合|专科|三级|二级|中|小|大|集团内|开展|建设|推进|校|网络|"
    r"其他|支持|全国|示范性|智慧|国际|国内|主体|家|所|个|类|区域|区级|市级|级|优质|与|和|等|的|对|在)$"
)
_NO_MARKET = re.compile(
    r"(?:农贸|标准化|菜|资本|人才|消费|租赁|要素|金融|二手车|网络|劳动力|技术|住房|国际|国内)市场"
    r"|市场(?:监管|化|准入|主体|环境|规模|秩序|开拓|价格)"
)
_NAME_END = re.compile(
    r"收储|收地|土地|出让|商办|商业|住宅|项目|工作|的|等|完成|办理|进行|开工|竣工|改造|综合|建设|工程|清退|区块|地块|房屋|基地"
)
_ZONE = re.compile(
    r"(?:示范区|集聚区|开发区|商务区|高新区|自贸区|产业园|科技园|工业园|园区|度假区)"
)
_PARK = re.compile(rf"^(?![{HAN}]*(?:和|与|及|片区))[{HAN}]{{4,}}(?:产业园|科技园|工业园)$")
_LINE = re.compile(
    rf"轨(?:道)?交(?:通)?\d+号线|地铁\d+号线|(?:[{HAN}]{{2}})(?:横|纵)?(?:通道|快速路|立交|高架|隧道|林带|绿道|大桥)"
)
_NO_LINE = re.compile(r"人行|绿色|安全|消防|快速|应急|生态|地下|服务|专用|沟通|投诉|健身|林带")
_PROVINCES = (
    "北京|天津|河北|山西|内蒙古|辽宁|吉林|黑龙江|上海|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|"
    "广西|海南|重庆|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆"
)


def after_ground(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """The name that stands right behind a block, lot or address, or in brackets behind it."""
    parcels = {f.start for f in found if f.kind == "parcel"}
    for ground in found:
        if ground.kind not in ("block", "lot", "address") or ground.end in parcels:
            continue
        bracket = re.compile(r"\(([^()]+)\)").match(text, ground.end)
        if bracket:
            known = any(bracket.start(1) <= f.start and f.end <= bracket.end(1) for f in found)
            if not known and re.fullmatch(rf"[{HAN}]{{2,12}}", bracket[1]):
                yield Found(bracket.start(1), bracket.end(1), bracket[1], "site")
            continue
        if any(f.start <= ground.end < f.end and f is not ground for f in found):
            continue
        run = re.compile(rf"[{HAN}]+").match(text, ground.end)
        if run:
            stop = _NAME_END.search(run[0])
            name = run[0][: stop.start()] if stop else run[0]
            if 2 <= len(name) <= 12:
                yield Found(ground.end, ground.end + len(name), name, "site")


def sites(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Named buildings, works, markets, hospitals, schools, by their ending and a bounded name."""
    ends = {f.end for f in found}
    for match in _SITE.finditer(text):
        if match[0] == "市场" and _NO_MARKET.search(
            text[max(0, match.start() - 6) : match.end() + 2]
        ):
            continue
        start = _start(text, match.start(), ends, 14)
        if start is None:
            continue
        road = next((f for f in found if f.kind == "road" and f.end == start), None)
        if road and text.startswith("第", start):
            start = road.start
        while verb := VERB.match(text, start, match.start()):
            start = verb.end()
        stem = text[start : match.start()]
        if len(stem) < 2 or _GENERIC_SITE.search(stem):
            continue
        yield Found(start, match.end(), text[start : match.end()], "site")
    for match in re.finditer(
        rf"(?:(?<=[和与、:;。])|^)[{HAN}]{{3,10}}(?:坊|厂|苑|广场|园|城|里|大楼)(?=项目)", text
    ):
        yield Found(match.start(), match.end(), match[0], "site")
    for match in re.finditer(rf"([{HAN}]{{3,10}}?)(?=(?:商办|商业|整体改造|改扩建)项目)", text):
        name = re.sub(r"^.*(?:和|与|、|推进|完成)", "", match[1])
        start = match.end(1) - len(name)
        inside = any(f.start < match.end(1) and start < f.end for f in found)
        if not inside and len(name) >= 4 and BOUNDARY.search(text[:start]):
            yield Found(start, match.end(1), name, "site")


def _start(text: str, end: int, ends: set[int], longest: int) -> int | None:
    """Where the name that ends at `end` begins: the nearest boundary to its left."""
    for start in range(end, max(-1, end - longest - 1), -1):
        if start in ends or start == 0 or not re.match(f"[{HAN}]", text[start - 1]):
            return start
        if end - start >= 2 and begins_name(text, start):
            return start
    return None


def zones(text: str, names: PlaceNames) -> Iterator[Found]:
    """Named areas smaller than the district: they begin with a name of the district's ground."""
    stems = {
        re.sub(r"(?:[东西南北中]?路|街道|新村街道)$", "", n) for n in (*names.roads, *names.streets)
    }
    stems = {s for s in stems if len(s) >= 2} | {"上海", "临空"}
    for match in _ZONE.finditer(text):
        for start in range(max(0, match.start() - 14), match.start() - 1):
            run = text[start : match.end()]
            if re.fullmatch(rf"[{HAN}]+", run) and any(run.startswith(s) for s in stems):
                if not re.search(r"(?:与|和|对|在|推|建立|服务体系)", run[:-3]):
                    yield Found(start, match.end(), run, "zone")
                break
            if _PARK.search(run) and begins_name(text, start) and re.fullmatch(rf"[{HAN}]+", run):
                yield Found(start, match.end(), run, "zone")
                break
    for match in re.finditer(r"(?<![东西南北中\u4e00-\u9fff])?[东西南北中]片区", text):
        yield Found(match.start(), match.end(), match[0], "zone")
    for match in re.finditer(rf"[{HAN}]{{2,4}}[一二三四五六七八九十]街坊", text):
        for start in range(match.start(), match.end() - 4):
            if begins_name(text, start):
                yield Found(start, match.end(), text[start : match.end()], "zone")
                break


def waters(text: str, names: PlaceNames) -> Iterator[Found]:
    """Rivers and canals: known ones, and bounded names that end in 河, 浜 or 港."""
    for name in names.waters:
        for match in re.finditer(re.escape(name), text):
            yield Found(match.start(), match.end(), name, "water")
    for match in re.finditer(rf"[{HAN}]{{2,3}}(?:河|浜)(?!道|长|段|湖|流|水|县|区|市|省)", text):
        name = match[0]
        if begins_name(text, match.start()) and not re.match("各|骨干|界|全|中小", name):
            yield Found(match.start(), match.end(), name, "water")


def lines(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """Transport lines, tunnels, interchanges, greenways and paths along a water."""
    for match in _LINE.finditer(text):
        name = match[0]
        bounded = re.match(r"轨|地铁", name) or begins_name(text, match.start())
        if bounded and not _NO_LINE.match(name):
            yield Found(match.start(), match.end(), name, "line")
    for place in found:
        if place.kind == "water":
            path = re.compile(
                r"(?:\([^()]*\)|[^,;。;、()]){0,16}?(?:步道|慢行系统|[东西南北]延伸段)"
            ).match(text, place.end)
            if path:
                fit = "健身" if "健身" in path[0] else ""
                name, written = f"{place.name}{fit}步道", text[place.start : path.end()]
                yield Found(
                    place.start, path.end(), name, "line",
                    written=None if written == name else written,
                )  # fmt: skip
        if place.kind == "road":
            tunnel = re.compile(r"地道|隧道|高架").match(text, place.end)
            if tunnel:
                name = text[place.start : tunnel.end()]
                yield Found(place.start, tunnel.end(), name, "line", on_road=(place.name,))
    for match in re.finditer(rf"([{HAN}]{{2}})慢行系统", text):
        if BOUNDARY.search(text[: match.start()]):
            yield Found(match.start(), match.end(), match[0], "line")


def counties(text: str, names: PlaceNames) -> Iterator[Found]:
    """Counties and districts elsewhere; the province before a county is not part of its name."""
    for name in names.counties:
        for match in re.finditer(re.escape(name), text):
            yield Found(match.start(), match.end(), name, "county")
    for match in re.finditer(
        rf"(?:{_PROVINCES})?([{HAN}]{{2,4}}?)县(?!级|区|市|委|府|城|域)", text
    ):
        name = match[1] if len(match[1]) <= 3 else match[1][-2:]
        if len(match[1]) == 4:
            name = match[1][-2:]
        if re.search(r"小康|贫困|百强|对口|全|各|该|本|所在|受援", match[1]):
            continue
        start = match.start(1) + len(match[1]) - len(name)
        yield Found(start, match.end(), name + "县", "county")
