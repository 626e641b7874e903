"""The district of a document: the place whose government speaks in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from loaders.text.normalize import plain

UNKNOWN = "未知"
NATIONAL = "全国"
MAX_LINE_CHARS = 60
_PLACE = re.compile(
    r"((?:[\u4e00-\u9fff]{2,4}?(?:省|自治区))?(?:[\u4e00-\u9fff]{2,6}?(?:市|自治州|州|盟|地区))?"
    r"(?:[\u4e00-\u9fff]{1,7}?(?:新区|开发区|区|自治县|县|自治旗|旗))?"
    r"(?:[\u4e00-\u9fff]{2,5}?(?:镇|乡|街道)(?=人民政府|政府|党委|党工委|办事处|关于|20\d\d年))?)"
)
_DISTRICT = re.compile(r"([\u4e00-\u9fff]{1,7}?(?:新区|开发区|区|自治县|县|自治旗|旗))")
"""Where a city seems to stand, and does not: 汉阳湖区城市管理."""
_NOT_A_PLACE = re.compile(
    r"各|号|级|关于|印发|通知|社区|园区|我|全|本|市场|(?<![\u4e00-\u9fff])城市|[大小新老]城市|[\u4e00-\u9fff]{2}城市|建立|成立|组建|办公|中共|中国|地区市|城镇|乡镇|小镇|[返下城家回]乡|机构|文号|发布|单位|制定|推进|推动|支持|促进|加快|加强|鼓励|深化|规范|是|^[与及为在对将向由以按据经]|^和[省市县国]|[与及的]|省委|示范|试验|试点"
)
_SPEAKS = re.compile(
    r"人民政府|政府|委|办公|发展|科技|财政|[\u4e00-\u9fff]{2,16}(?:局|办公室|委员会|厅)(?:$|[\d（(关等、])|关于|20\d\d|"
    r"支持|民生实事|十[大件]|加快|促进|推进|推动|贯彻|落实|重点|深化|进一步|[^。；：:]{0,30}(?:行动|方案|分解表?|任务表|责任表|一览表|规划|纲要|十条|措施|计划|意见|要点|举措|清单|任务|分工|公报|报告|规定|条例|办法|公告)"
)
"""What follows the name of a place whose government speaks, or that a document is about."""
_LEAD_IN = re.compile(
    r"(?:[\"'|｜#]|中共|20\d\d年(?:度)?|附件\d*[:：]?|《|关于(?:印发|公布|下达)?(?:《)?|国家级|省级)+"
)
_NATIONAL_ISSUER = re.compile(
    r"(?:国务院|中共中央|全国人民代表大会|国家[\u4e00-\u9fff]{2,8}[委局署]|中国[\u4e00-\u9fff]{2,8}[委局会]"
    r"|(?!\S{0,12}[省市区县州])[\u4e00-\u9fff]{2,10}部(?!门))(?:办公厅)?(?:等\S{1,4}部门)?"
)
"""An organ of the state, which speaks to the whole country."""
_PROVINCES = (
    "北京市|天津市|上海市|重庆市|河北省|山西省|辽宁省|吉林省|黑龙江省|江苏省|浙江省|安徽省|福建省|江西省|山东省|"
    "河南省|湖北省|湖南省|广东省|海南省|四川省|贵州省|云南省|陕西省|甘肃省|青海省|台湾省|内蒙古自治区|"
    "广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区"
).split("|")
_SHORT_FORMS = {re.sub(r"省|市|(?:壮族|回族|维吾尔)?自治区", "", name): name for name in _PROVINCES}
_PROVINCE = re.compile("|".join(sorted(_SHORT_FORMS, key=len, reverse=True)))
_PROVINCIAL = re.compile(
    r"(?<![\u4e00-\u9fff])省(?:委|政府|发展|经信|科技|财政|教育|数据|工业|政务|级|直|有关)|我省|全省"
)
MIN_PROVINCIAL_WORDS = 3
_CITY = re.compile(r"(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2}市(?![\u4e00-\u9fff])")
MIN_CITIES = 4
_LOCAL = re.compile(r"[我全本][市区县]")


def district_of(title: str, issuer: str, lines: Iterable[str]) -> str:
    """The place whose government speaks, as fully as the document names it at the head of a line.

    `lines` are those of the opening and the signatures; sentences tell of other places too.

    >>> district_of("罗湖区支持人工智能发展若干措施", "", ["深圳市罗湖区人民政府"])
    '深圳市罗湖区'
    >>> district_of("国务院关于四川省有关问题的批复", "国务院", [])
    '全国'
    >>> district_of("关于印发重点工作的通知", "", ["各镇人民政府："])
    '未知'
    """
    title, issuer = _tight(title), _tight(issuer)
    speaks = "关于" in title or "印发" in title
    if _NATIONAL_ISSUER.match(issuer) or (speaks and _NATIONAL_ISSUER.match(title)):
        return NATIONAL
    heads = [title, issuer, *map(_tight, lines)]
    names = [n for line in heads if len(line) <= 2 * MAX_LINE_CHARS and (n := place_of(line))]
    if issuer and (body := _PLACE.match(issuer)) and _is_place(body[1]):
        names.append(body[1])
    if not names:
        return UNKNOWN
    first = place_of(title) or names[0]
    fuller = [n for n in names if n.endswith(first)]
    return max(fuller, key=len) if fuller else first


def province_of(text: str) -> str:
    """The one province that a document names which speaks for a province; else an empty string.

    >>> province_of("省发展改革委牵头。全省建成10家。省科技厅配合。支持浙江大学开展研究。")
    '浙江省'
    """
    cities = set() if _LOCAL.search(text) else set(_CITY.findall(text))
    if len(_PROVINCIAL.findall(text)) < MIN_PROVINCIAL_WORDS and len(cities) < MIN_CITIES:
        return ""
    named = Counter(_SHORT_FORMS[m] for m in _PROVINCE.findall(text))
    return next(iter(named)) if len(named) == 1 else ""


def place_of(line: str) -> str:
    """The place with whose name a line begins: of its government, or of what it is about."""
    lead_in = _LEAD_IN.match(line)
    line = line[lead_in.end() :] if lead_in else line
    return next((place for pattern in (_PLACE, _DISTRICT) if (place := _speaks(line, pattern))), "")


def _speaks(line: str, pattern: re.Pattern[str]) -> str:
    """The place at the beginning of a line, if what follows is its government or its document."""
    name = pattern.match(line)
    if name is None or not _is_place(name.group(1)):
        return ""
    return name.group(1) if _SPEAKS.match(line[name.end() :]) else ""


def _is_place(name: str) -> bool:
    return len(name) >= 3 and _NOT_A_PLACE.search(name) is None


def _tight(text: str) -> str:
    return re.sub(r"\s", "", plain(text))
