"""Places by their proper names: buildings, works and institutions (sites), and named areas (zones).

An ending (市场, 医院, 示范区) makes a candidate; it is a place if what stands before it is more
than words for a kind of thing: 江苏卫生中心 is one, 社区卫生服务中心 is not.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from loaders.places.boundaries import HAN, before_works, begin_of, is_han, is_proper, parted
from loaders.places.cadastre import Found
from loaders.places.words import (
    is_classic,
    is_lone_name,
    name_begin,
    name_begin_before,
    nouns_begin,
)
from ontology.places import PlaceNames

_NO_MARKET = (
    "(?!监管|化|准入|主体|环境|规模|秩序|开拓|价格|经济|需求|资源|竞争|运作|机制|潜力|调节)"
)
# Each alternative begins with a character, so that the engine leaps from one to the next.
_SITE = re.compile(
    rf"(?:菜市场{_NO_MARKET}|市场{_NO_MARKET}|大酒店|酒店|宾馆|"
    r"饭店|派出所|医院|卫生中心|体操中心|体育中心|体育馆|体育场|游泳馆|文化中心|艺术中心|会展中心|展览中心|"
    r"博览中心|一站式服务中心|服务中心(?<=一站式服务中心)|幼儿园|中学|小学|学校|附中|附小|大厦|公园|图书馆|文化馆|"
    r"美术馆|博物馆|纪念馆|大剧院|剧院|剧场|影城|敬老院|养老院|福利院|厂(?=[、,;。:()收出改搬迁动征拆扩的和及土]|地块|项目|建设|$)|火车站|高铁站|客运站|机场|"
    r"码头|泵站|水闸|船闸|水利枢纽|水电站|枢纽(?=工程)|水厂|电厂|污水处理厂|变电站|消防站|故居|名邸|公馆|新村|花园|花苑|家园|广场|大楼|商城|绿地)"
    r"(?!式|型|化|路|街|镇|弄|们|生|德育|教育|联盟|名单|管理|集团)"
)
_ORDINARY_SITE = re.compile(
    r".*(?:农贸|标准化|菜|资本|人才|租赁|要素|金融|网络|劳动力|技术|国际|国内|海外|境外|城乡|消费|外部)市场|"
    r".*(?:公共|社区|口袋|街心|大型|示范性)绿地|(?:美丽|和谐|幸福|平安|书香|智慧|文明)家园"
)
_PUBLIC = re.compile(
    r"公园|广场|大剧院|剧院|剧场|新村|泵站|水闸|船闸|水利枢纽|枢纽|水电站|码头|机场|口岸|花园|花苑|家园|商城|大楼|宾馆|酒店|饭店"
)
"""Works and houses that are called after a word (胜利公园), and then need no name of their own."""
_SPECIALITY = re.compile(
    r"[省市区县]?(?:皮肤病|精神病|精神卫生|传染病|结核病|肿瘤|胸科|口腔|眼科|妇幼保健|骨科|职业病)"
)
"""What a district has one hospital for."""
MAX_SITE_CHARS = 16
_FOUR_WALLS = re.compile(r"大厦|机场|公馆")
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]+")
_NUMBERED = re.compile(
    r"(?:[省市区县])?第[一二三四五六七八九十]+(?:人民|中心|实验|高级|初级|职业|社会)?"
)
"""第三人民医院, 第二中学: an ordinal makes a name of a word for a kind."""
_WORKS_NAME = re.compile(
    rf"([{HAN}]{{3,14}}?)(?=(?:商办|商业|住宅|办公|综合|整体改造|改扩建|改造|新建|扩建)?项目)"
)
_WORKS_END = re.compile(r".*(?:坊|厂|苑|广场|城|里|大楼|大厦|楼|中心|馆|院|园)$")
_NO_NAME = re.compile(
    r".*(?:等|的|内|外|旁|侧|东|西|南|北|期|块|段|号|类|项|余|剩余|整体|范围|零星|收尾|部分|路|街坊|丘|弄|家|亩|米)"
    r"|(?:含|即|原|暂|共|约|其中|除|包括).*"
)
_AREA = re.compile(
    r"(?:示范区|集聚区|开发区|商务区|高新区|自贸区|自贸试验区|试验区|新区|新城|新片区|保税区|度假区|"
    r"风景区|景区|合作区|创新区|功能区|片区|走廊|科技城|科学城|大学城|组团|湾区|商圈|园区|小镇|街区|古镇|口岸区|口岸(?!区)|港区|矿区|林场|农场)"
    r"(?![级长域市镇乡]|管委会|委员会|政府)"
)
_SIDE = re.compile(r"(?<![东西南北中])[东西南北中]片区")
_NO_ZONE = re.compile(r".*(?:[全本该此各我其两三几个]|历史风貌|特色商业|开放|主城|旧|老城|中心城)")
_PARK = re.compile(
    r"(?:产业园|科技园|工业园|创业园|创新园|科创园|软件园|物流园|文创园|科学园|创意园)(?!区|林|丁|长)"
)
_AS_PROJECT = re.compile(r"(?:等|[两三四五六][大个])?(?:重[大点])?项目")
"""A park that is a project has a name, even of plain words: 智慧出行产业园等项目."""
MAX_ZONE_CHARS = 14
_NO_PARK = re.compile(
    r".*(?:[各类个家等座批处]|现有|特色|传统|老旧|国家级|市级|省级|区级|县级|现代|示范|重点|相关|专业|利用|OPC)"
    r"|(?:现代|都市|绿色|特色)?农业"
)
_VILLAGE = re.compile(
    rf"(?![和与及等的]|城中村)([{HAN}]{{2,4}}?)(?:社区|村)(?![级民庄镇委落务居道卫史街])"
)
"""A community or a village, right behind the street or town that it belongs to."""
_IN_BRACKETS = re.compile(rf"\((?:原)?([{HAN}]{{2,12}})\)")
_RUN = re.compile(rf"([{HAN}]+)")
_SPELLED_BLOCK = re.compile(r"[一二三四五六七八九十]街坊")
_SHORT_PARK = re.compile(
    r"(?<![校家田花果菜茶乐庄公业技创件流学意幼儿])园(?=等|[、,。;)“”]|$)|(?<![硅山低稻五])谷(?=等|[、,。;)·]|$)|(?<![香进出海])港(?=等|[、,。;)“”]|$)|"
    r"(?:智算|算力|数智|超算)中心"
)
"""Parks and works with a made-up name (鹿芯园, 南湾智谷, 浙东南智算中心), before a mark or 等."""
_QUOTED = re.compile(
    rf"“([{HAN}]{{2,8}}(?:街区|谷|小镇|湾|新城))”(?!品牌|计划|行动|工程|活动|赛|理念|模式|服务)"
)


def after_ground(text: str, found: Sequence[Found]) -> Iterator[Found]:
    """The name that stands right behind a block, lot or address, or in brackets behind it."""
    starts = {f.start for f in found}
    for ground in found:
        kinds = ("block", "lot", "address", "parcel")
        if ground.kind not in kinds or ground.end in starts:
            continue
        bracket = _IN_BRACKETS.match(text, ground.end)
        run = bracket or _RUN.match(text, ground.end)
        if run is None or (bracket is None and ground.kind == "parcel"):
            continue
        start = run.start(1)
        inside = min((f.start for f in found if start <= f.start < run.end(1)), default=None)
        name = run[1] if bracket else before_works(run[1]).rstrip("的等")
        if inside is not None or not 2 <= len(name) <= 14:
            continue
        if is_proper(name) and not _NO_NAME.fullmatch(name):
            yield Found(start, start + len(name), name, "site")


def sites(text: str, found: Sequence[Found], names: PlaceNames) -> Iterator[Found]:
    """Named buildings, works, markets, hospitals, schools, by their ending and a bounded name."""
    ends = {f.end for f in found}
    leads = {f.end: f.start for f in found if f.kind in ("road", "street")}
    last: Found | None = None
    for match in _SITE.finditer(text):
        at, start = match.start(), None
        if last is not None and last.end == at:
            start = last.start
        elif (begin := _site_start(text, at, {*ends, last.end if last else 0})) is not None:
            start = _named_from(text, begin, match, leads.get(begin))
        if start is not None and text[start] == "原":
            start += 1
        if start is not None:
            last = Found(start, match.end(), text[start : match.end()], "site")
            yield last
    for match in _before_works(text):
        yield from _works(text, match, found, ends, names)


def _before_works(text: str) -> Iterator[re.Match[str]]:
    """The matches of `_WORKS_NAME`: each lies close before a 项目."""
    at = 0
    for works in re.finditer("项目", text):
        while match := _WORKS_NAME.search(text, max(at, works.start() - 18), works.end()):
            yield match
            at = match.end()


def tells_its_kind(name: str) -> bool:
    """Return whether a site's name ends in a word for its kind (市场, 医院); 上钢褐石 does not."""
    return any(m.end() == len(name) for m in _SITE.finditer(name)) or bool(_WORKS_END.match(name))


def _site_start(text: str, end: int, ends: Collection[int]) -> int | None:
    """The left side of a site's name; the last of a list stands alone (医院、学校和同仁医院)."""
    if end in ends:
        return end
    start = begin_of(text, end, ends, MAX_SITE_CHARS)
    if start is None:
        return name_begin_before(text, end, ends, MAX_SITE_CHARS)
    if listed := re.search(r"[和与及]", text[start:end]):
        rest = text[start + listed.end() : end]
        return start + listed.end() if is_proper(rest) else start
    return start


def _named_from(text: str, start: int, match: re.Match[str], lead: int | None) -> int | None:
    """Where the name of a site begins, or None if it is a word for a kind of thing.

    A road or a street before an ordinary word is part of the name: 古北路第一幼儿园.
    """
    stem = text[start : match.start()]
    if lead is None and _NUMBERED.fullmatch(stem):
        return start
    if lead is not None and not is_proper(_ORDINAL.sub("", stem)):
        return lead
    if _ORDINARY_SITE.fullmatch(text[start : match.end()]):
        return None
    if match[0] == "市场" and len(stem) > 6:
        return None
    if _FOUR_WALLS.match(match[0]):
        begin = name_begin(stem, public=True)
        begin = nouns_begin(stem) if begin is None else begin
        whole = begin is not None and len(stem) - begin >= 2 and not parted(stem[begin:], ())
        return start + begin if begin is not None and whole else None
    public = _PUBLIC.match(match[0]) is not None
    begin = name_begin(stem, public=public)
    lone = public and not _SITE.fullmatch(stem) and _is_lone(text, start)
    if begin is None and ((lone and is_lone_name(stem)) or _SPECIALITY.fullmatch(stem)):
        begin = 0
    if begin is None or not (is_proper(stem[begin:]) or (public and is_classic(stem[begin:]))):
        return None
    return start + begin


def _is_lone(text: str, start: int) -> bool:
    """Return whether nothing but a mark stands before a name."""
    return start == 0 or not is_han(text[start - 1])


def _works(
    text: str,
    match: re.Match[str],
    found: Sequence[Found],
    ends: Collection[int],
    names: PlaceNames,
) -> Iterator[Found]:
    """上钢十厂红坊 in 上钢十厂红坊项目: a work is called after the place where it is done."""
    start = name_begin_before(text, match.end(1), ends, 12, shortest=3, also=names.own)
    if start is None or start < match.start(1) - 12:
        return
    name = text[start : match.end(1)]
    overlaps = any(f.start < match.end(1) and start < f.end for f in found)
    if not overlaps and is_proper(name[:-1]) and _WORKS_END.fullmatch(name):
        yield Found(start, match.end(1), name, "site")


def zones(text: str, found: Sequence[Found], names: PlaceNames) -> Iterator[Found]:
    """Named areas smaller than the district."""
    ends = {f.end for f in found}
    leads = {f.end: f.start for f in found if f.kind == "road"}
    for name in sorted((n for n in names.zones if n in text), key=len, reverse=True):
        alone = rf"{re.escape(name)}(?![{HAN}]*(?:基金|中心|发布厅|学院|委会))"
        for match in re.finditer(alone, text):
            if begin_of(text, match.end(), ends, 9, also=names.own) is not None:
                yield Found(match.start(), match.end(), name, "zone")
    for pattern, generic in ((_AREA, _NO_ZONE), (_PARK, _NO_PARK)):
        for match in pattern.finditer(text):
            if match.start() in leads and match[0] in ("片区", "商圈", "功能区"):
                road = leads[match.start()]
                yield Found(road, match.end(), text[road : match.end()], "zone")
                continue
            start = name_begin_before(text, match.start(), ends, MAX_ZONE_CHARS)
            if start is None and pattern is _PARK and _AS_PROJECT.match(text, match.end()):
                start = begin_of(text, match.start(), ends, MAX_ZONE_CHARS)
                if start is not None and match.start() - start >= 4:
                    yield Found(start, match.end(), text[start : match.end()], "zone")
                    ends.add(match.end())
                    continue
            stem = text[start : match.start()] if start is not None else ""
            if start is None:
                ends.add(match.end())
            if start is None or generic.fullmatch(stem) or re.search(r"[与和及]", stem):
                continue
            if not is_proper(stem):
                ends.add(match.end())
            if is_proper(stem):
                yield Found(start, match.end(), text[start : match.end()], "zone")
    for match in _SHORT_PARK.finditer(text):
        start = name_begin_before(text, match.start(), ends, 8, also=names.own)
        if start is not None and match.end() - start >= 3:
            yield Found(start, match.end(), text[start : match.end()], "zone")
    for match in _SIDE.finditer(text) if "片区" in text else ():
        yield Found(match.start(), match.end(), match[0], "zone")
    for match in _SPELLED_BLOCK.finditer(text) if "街坊" in text else ():
        start = name_begin_before(text, match.start(), ends, 6, also=names.own)
        if start is not None and is_proper(text[start : match.start()]):
            yield Found(start, match.end(), text[start : match.end()], "zone")
    for street in (f for f in found if f.kind == "street"):
        village = _VILLAGE.match(text, street.end)
        if village and is_proper(village[1]):
            yield Found(street.end, village.end(), village[0], "zone", within=street.name)
    for match in _QUOTED.finditer(text):
        yield Found(match.start(1), match.end(1), match[1], "zone")
