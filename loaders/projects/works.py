"""The names of works in a clause: what is built, renewed, sold, taken, held or issued.

A name ends in a word of works (项目, 工程, 改造, …), precedes a verb of works (开工, 施工, …),
or is one of a list that a verb of land serves (完成甲、乙土地出让: one for each).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from loaders.text.clauses import sheltered
from loaders.text.quantities import figures

LAND = re.compile(
    r"(?:等(?:的)?(?:基地|地块|项目)?)?的?(?P<act>土地出让|出让|土地收储|收储|收地|房屋征收|土地征收|征收|动迁)"
)
_LAND_ACT = re.compile("土地出让|出让|土地收储|收储|收地|房屋征收|土地征收|征收|动迁")
_LAND_VERB = re.compile(
    r"^(?:力争|确保|争取|年内|继续|加快|基本|全面|抓紧|加紧|稳步|有序)*"
    r"(?:完成|推进|开展|启动|实施|做好|落实|办结|抓紧|加紧|加快|着手|组织|推动|抓好|统筹|收储|出让)"
)
LEADING = re.compile(
    r"^(?:\d{4}年(?!结转)(?:度|底|内)?|年内|年底前|\d{1,2}月(?:底)?前?|第?[一二三四]季度|其中|同时|并|确保|保证|力争|争取|"
    r"继续|持续|积极|全面|全力|加快|加强|大力|着力|有序|稳步|深入|进一步|基本|同步|合力|重点|"
    r"(?:配合|协调|会同)[^,、]{0,12}?(?=完成|推进|实施|推动|开展)|启动并完成|推进|推动|完成|实施|启动|开展|"
    r"做好|落实|组织|支持|促进|编制|办理|完善|对接|迎接|开工建设|新启动|牵头|协调|按照|对(?=\d)|实现|进行|深化|"
    r"引入|建立|推行|规划确认|提供|供应|筹措|抓紧|加紧|抓好|抓实|办结|着手(?:并办结)?|统筹|谋划|筹建|筹划|促成|"
    r"扎实|高质量|高标准|高水平|如期|按期|按时|适时|尽快|提前|逐步|陆续|力促|强力|强化|督促|指导|"
    r"(?:新建|改建|扩建|新增|改造|建设|建成|更新整新|拆除|设置|打造|安装|开设|竣工)(?:[、和](?:新建|改建|扩建))?(?=\d))+"
)
_BUILDING = re.compile(
    r"^(?:新建|改建|扩建|改造|建成|竣工|开工建设|开工|启动建设|建设|打造|打通)(?:[、和](?:新建|改建|扩建))?(?![设的、和])"
)
# Each alternative begins with a character, so that the engine leaps from one to the next.
_MONTH = "|".join(rf"{digit}\d?月(?:底|份)?" for digit in range(10))
_PREDICATE = re.compile(
    rf"第一季度|第二季度|第三季度|第四季度|一季度|二季度|三季度|四季度|{_MONTH}|完成|开工|竣工|完工|取得|进行|办理|实施(?!方案|意见|办法|规划|细则)|"
    r"办结|着手|抓紧|组织(?!机构|领导|部|架构)|落地|顺利|力争|整体验收|整体竣工|验收|交付|封顶|通车|收尾|挂牌|内装修|施工|招标|招投标|功能形态|规划确认|进场|基本显现"
)
_TAIL = re.compile(
    r"(?:商办|商业|综合|整体|升级|适老化|重点|道路)*"
    r"(?:新建|改建|改扩建|扩建|迁建|改造|勾连|整治|修缮|建设|更新|贯通|大修)*"
    r"(?:项目(?!标|责任|进度|管理|资金|库)|工程(?!师|招|量))|"
    r"(?:升级|综合|整体|适老化|城市|混接|保护式|更新)*(?:改造|更新|整治|修缮)(?:提升)?|"
    r"(?<!规划)建设(?!单位|者|用地|方案|标准|规划)|(?:全线)?贯通|入地|规划调整|节点(?:打造|设计)|搬迁|迁建|大修|加装电梯|慢行系统|绿道|步道"
)
_TAIL_WORD = re.compile(
    "项目|工程|改造|更新|整治|修缮|建设|贯通|入地|规划调整|节点|搬迁|迁建|大修|加装电梯|慢行系统|绿道|步道"
)
"""A part of every match of `_TAIL`; a quick search for it rules out most texts."""
_END_WORDS = (
    r"段|步道|绿道|通道|地道|隧道|大桥|桥|楼|中心|公园|绿地|车站|站|馆|医院|学校|幼儿园|校区|地块|区块|"
    r"号线(?:土建|机电|车站)?|快线|铁路|高速|水库|水厂|电厂|基地|市场|菜场|路|弄|号|厂|园区|广场|小区|小学|中学|泵站|河|浜|港|立交|枢纽|一期|二期|三期|四期"
)
_ENDS = re.compile(rf"(?:{_END_WORDS})(?:\([^()]*\))?$")
_SIGN = re.compile(
    rf"{_TAIL_WORD.pattern}|{_END_WORDS}|0|1|2|3|4|5|6|7|8|9|零|两|二|三|四|五|六|七|八|九|十|百"
)
"""A part of every clause that names works: a word that a name ends in, or a count."""
PHYSICAL = re.compile(
    r"轨道|地铁|号线|铁路|高速|水库|污水|供水|供热|燃气|变电站|工程|地块|区块|街坊|小区|房屋|住房|旧改|里弄|架空线|合杆|管线|绿化|绿地|绿道|公园|道路|路|桥|步道|"
    r"慢行|通道|地道|隧道|河道|雨污|管网|泵站|违法建筑|违建|菜场|菜市场|垃圾|车站|停车|学校|幼儿园|校舍|医院|"
    r"卫生中心|养老|床位|助餐|日间|无障碍|健身|体育|场馆|厂房|楼|大厦|商办|载体|园区|基地|仓库|设施|电梯|加装|"
    r"安防|摄像机|改造|修缮|整治|扩建|新建|服务中心|公共空间|贯通|延伸段|标段|城市更新|示范区|试验区|集聚区|结转项目"
)
_DUTY = re.compile(
    r"(?:体系|机制|队伍|制度|能力|作风|环境|品牌|内涵|文化|信用|标准化|规范化|信息化|实体化|法治|组织|人才队伍|专业|"
    r"学科|干部|思想|党风|诚信|学习|精神文明|平安|质量|智库|文明)(?:的)?建设$|(?<!改造)提升$|^(?:街道|城区|社区|经济|社会)?建设$"
)
_NO_NAME = re.compile(
    r"^(?:配合|协助|会同|制定|拟定|起草|对照|围绕|根据|第三方|依托|结合|排摸|总结|发动|具有|通过|加大|提升|提高|为|对|与|在|以|按|将|把|从|向|引进|明确)"
)
_GENERIC = re.compile(
    r"^(?:市区|全区|区内|市级|区级|市|区|各|各类|相关|其他|重点|重大|本|该|此项|所有|一批|区域|具体|有关|类|新|"
    r"政府|实事|工作|年度|开工|竣工|续建|储备|上述|等|的|\d+个?)*(?:工程|项目|建设|改造|更新|整治|工作|任务)+$"
)
EVENT = re.compile(
    r"(?:大赛|马拉松赛?|锦标赛|公开赛|邀请赛|联赛|巡回赛|大奖赛|博览会|进博会|博会|上交会|文采会|交易会|峰会|论坛|"
    r"时装周|时尚周|创意周|活动周|嘉年华|艺术节|文化节|社群节|旅游节|购物节|音乐节|电影节|生活季|时装周\w*展|"
    r"艺术展|书画展|双年展|MODE展|书展|展览会|展会|分会场|运动会|灯会)$"
)
EVENT_WORD = re.compile(
    "大赛|马拉松|锦标赛|公开赛|邀请赛|联赛|巡回赛|大奖赛|博览会|进博会|博会|上交会|文采会|交易会|峰会|"
    "论坛|时装周|时尚周|创意周|活动周|嘉年华|艺术节|文化节|社群节|旅游节|购物节|音乐节|电影节|生活季|"
    "艺术展|书画展|双年展|MODE展|书展|展览会|展会|分会场|运动会|灯会"
)
"""A part of every match of `EVENT`."""
_EVENT_VERB = re.compile(
    r"(?:支持|举办|举行|组织|开展|承办|协办|做好|对接|配合|参加|启动|办好|保障|召开|迎接|全力|积极|主动|推动|承接|"
    r"服务|筹备|主要|成功|继续|第?[一二三四]季度|\d{4}年)+"
)
_IN_NAME = re.compile(r"和(?=平|谐|路|里|苑|村|坊|园(?!区)|小学|中学)")
"""和 as a part of a name: 云和路, 和平公园."""
_LOTS = re.compile(r"、\d+/\d+(?:、\d+/\d+)*丘")
_ROAD = re.compile(r"[\u4e00-\u9fff]{1,4}[路街道]")
_SHARED_GROUND = re.compile(r"[\u4e00-\u9fff]{2}地块")
_PLOT = re.compile(r"\d+街坊|地块$|[A-Z]+-?\d")
_RENEWED = re.compile(r"(?:新建|改建|新增|改造|更新)")
_RENEWING = re.compile(r"(?:新建|改建|新增|更新整新|更新|改造)+")
_ADDING = re.compile(r"(?:新建|改建|新增|更新整新)+")
_NAME_END = re.compile(r"等(?=[^,]{0,7}$)|相关工作$|(?:的)?工作$")
_EVENT_END = re.compile(r"等|相关|前期|综合|保障|溢出|及以?|举办|活动|系列(?!论坛)|[“《(:]")
_DIGIT = re.compile(r"\d")
_FIGURE_FIRST = frozenset("0123456789零两二三四五六七八九十百")
"""The first character of a figure."""
_LISTED_WORKS = re.compile(r"等[^,]{0,2}(?:项目|工程)")
_PLAN = re.compile(
    r"(?:制定|编制|发布|出台|印发|修订|制订|拟定|编写)(?:并(?:发布|实施|下发|印发|出台|推进))?(?P<plan>《[^》]+》)"
)
_PLAN_MADE = re.compile(
    r"(?P<plan>[^,、;。:]{4,24}?(?:行动计划|规划|白皮书|控详|详细规划))(?:\([^()]*\))?的?(?:编制|制定)"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name of works at its place in the folded text; `act` is the land act that serves it."""

    start: int
    end: int
    name: str
    act: str = ""
    listed: bool = False


def split_list(text: str, start: int, end: int, marks: str = "、和及") -> list[tuple[int, int]]:
    """The items of a list between `start` and `end`, parted by `marks` outside brackets.

    Lots of one block stay together (71街坊1/2、16/2丘); so do bare names that share a last
    word with what follows, which is left to the caller.

    >>> said = "甲路(乙、丙)、丁地块和戊工程"
    >>> [said[a:b] for a, b in split_list(said, 0, len(said))]
    ['甲路(乙、丙)', '丁地块', '戊工程']
    """
    found, at, inside = [], start, None
    for mark in _marks(marks).finditer(text, start, end):
        i = mark.start()
        inside = inside or sheltered(text[start:end])
        if _IN_NAME.match(text, i) or inside[i - start] or _LOTS.match(text, i, end):
            continue
        if i > at:
            found.append((at, i))
        at = i + 1
    if end > at:
        found.append((at, end))
    return found


@cache
def _marks(marks: str) -> re.Pattern[str]:
    return re.compile(f"[{marks}]")


def names_in(
    text: str, start: int, end: int, placed: Callable[[str], bool], *, works: bool
) -> Iterator[Name]:
    """The names of works in the clause `text[start:end]`, in order.

    `placed` returns whether a name holds a known place: a name without one must be physical.
    `works` includes names other than those of land, events and plans.
    """
    clause = text[start:end]
    land = list(_land(text, start, end, placed))
    yield from land
    if works and not land:
        yield from _works(text, start, end, placed)
    yield from _events(text, start, end)
    for pattern, sign in ((_PLAN, "《"), (_PLAN_MADE, "制")):
        for match in pattern.finditer(clause) if sign in clause else ():
            plan = match["plan"]
            name = plan if plan.startswith("《") else LEADING.sub("", plan) + "编制"
            at = start + match.start("plan")
            if len(name) > 5:
                yield Name(at, start + match.end("plan"), name)


def land_acts(words: str) -> list[re.Match[str]]:
    """The land acts in some words, with what leads to each."""
    return list(LAND.finditer(words)) if _LAND_ACT.search(words) else []


def act_of(words: str) -> str:
    """The name of a land act, in its full form: 出让 is 土地出让."""
    match = LAND.search(words)
    if not match:
        return ""
    act = match["act"]
    return {"出让": "土地出让", "土地收储": "收储", "征收": "房屋征收"}.get(act, act)


def _land(text: str, start: int, end: int, placed: Callable[[str], bool]) -> Iterator[Name]:
    clause = text[start:end]
    verb = _LAND_VERB.match(clause)
    acts = land_acts(clause) if verb else []
    if not verb or not acts or acts[-1].start() < verb.end():
        return
    act = acts[-1]
    for a, b in split_list(text, start + verb.end(), start + act.start()):
        item = text[a:b]
        if placed(item) or _PLOT.search(item):
            yield Name(a, b, item + act_of(act[0]), act_of(act[0]), listed=True)


def _works(text: str, start: int, end: int, placed: Callable[[str], bool]) -> Iterator[Name]:
    clause = text[start:end]
    if not _SIGN.search(clause):
        return
    lead = LEADING.match(clause)
    begin = start + (lead.end() if lead else 0)
    begin, counted = _without_count(text, begin, end)
    if not counted and _RENEWED.match(text, begin, end):
        verb = _RENEWING.match(text, begin, end)
        counted = bool(verb and _DIGIT.search(text, verb.end(), end))
    verbs = _PREDICATE.finditer(text, begin + 2, end)
    predicate = next((m for m in verbs if not sheltered(clause)[m.start() - start]), None)
    zone = predicate.start() if predicate else end
    building = _BUILDING.match(text[begin:zone])
    begin += building.end() if building and building.end() < zone - begin else 0
    items = _of_roads(text, split_list(text, begin, zone))
    shared = _shared_tail(text, items, placed)
    for a, b in items:
        name = _name(text, a, b, counted, predicate is not None or building is not None)
        if name is None and shared and placed(text[a:b]):
            name = Name(a, b, text[a:b] + shared, listed=True)
        if name and _specific(name, placed, counted or _without_count(text, name.end, end)[1]):
            yield name


def _shared_tail(text: str, items: list[tuple[int, int]], placed: Callable[[str], bool]) -> str:
    """The word of works that the last item of a list lends to those before it."""
    if len(items) < 2:
        return ""
    last = text[items[-1][0] : items[-1][1]].replace("等", "")
    tails = _tails(last)
    return tails[-1][0] if tails and tails[-1].start() > 1 and placed(last) else ""


def _tails(item: str) -> list[re.Match[str]]:
    return list(_TAIL.finditer(item)) if _TAIL_WORD.search(item) else []


def _without_count(text: str, begin: int, end: int) -> tuple[int, bool]:
    """The offset of a name after a count (15家智慧微菜场), and whether there was one."""
    if text[begin : begin + 1] in _FIGURE_FIRST:
        for figure in figures(text[begin:end]):
            if figure.start == 0:
                return begin + figure.end, True
    return begin, False


def _of_roads(text: str, items: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The items of a list, with those from its first mere road on as one: their work is one.

    So too names that share their last word: 武夷、愚园地块.
    """
    for i, (a, b) in enumerate(items[:-1]):
        following = text[items[i + 1][0] : items[i + 1][1]]
        roads = _ROAD.fullmatch(text[a:b]) and _ROAD.match(following)
        if roads or (b - a == 2 and _SHARED_GROUND.match(following)):
            return [*items[:i], (a, items[-1][1])]
    return items


def _name(text: str, a: int, b: int, counted: bool, before_verb: bool) -> Name | None:
    """The name at the beginning of `text[a:b]`: up to its last word of works, or all of it."""
    lead = LEADING.match(text[a:b])
    a += lead.end() if lead else 0
    a, more = _without_count(text, a, b)
    counted = counted or more
    if not (counted or before_verb or _TAIL_WORD.search(text, a, b)):
        return None
    listed = bool(_LISTED_WORKS.search(text[a:b]))
    item = _NAME_END.split(text[a:b], maxsplit=1)[0]
    tails = [m for m in _tails(item) if m.end() >= 3 and not sheltered(item)[m.start()]]
    if before_verb and _ENDS.search(item):
        pass
    elif tails:
        item = item[: tails[-1].end()]
    elif counted:
        verb = _ADDING.match(item)
        a, item = (a + verb.end(), item[verb.end() :]) if verb else (a, item)
        count = next(iter(figures(item)), None)
        item = item[: count.start] if count and count.start > 1 else item
    elif not listed:
        return None
    return Name(a, a + len(item), item, listed=listed) if len(item) >= 3 else None


def _specific(found: Name, placed: Callable[[str], bool], counted: bool) -> bool:
    """Return whether a name is one: not a duty, not a class of works, and placed or physical."""
    name = found.name
    if _NO_NAME.match(name) or _GENERIC.match(name) or _DUTY.search(name) or len(name) > 45:
        return False
    if placed(name) or found.listed:
        return True
    return bool(PHYSICAL.search(name)) and (counted or len(name) >= 5)


def _events(text: str, start: int, end: int) -> Iterator[Name]:
    if not EVENT_WORD.search(text, start, end):
        return
    verb = _EVENT_VERB.match(text, start, end)
    for a, b in split_list(text, verb.end() if verb else start, end):
        item = _EVENT_END.split(text[a:b], maxsplit=1)[0]
        lead = _EVENT_VERB.match(item)
        a, item = (a + lead.end(), item[lead.end() :]) if lead else (a, item)
        if EVENT.search(item) and len(item) >= 4 and not _NO_NAME.match(item):
            yield Name(a, a + len(item), item)
