"""The bodies of a list in prose: 、 between names, a prefix given once, 等相关部门 at the end.

`省工业和信息化厅、财政厅` names 省财政厅, though only 财政厅 is written: the label has the
prefix, the quote has not. A union of many (各区、县级市) is never split.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from graph.records import BodyKind
from loaders.lexicon.body_endings import BODY_ENDING, RARE_ENDING
from loaders.lexicon.collectives import UNION
from loaders.lexicon.party_organs import PARTY_ORGAN, PARTY_ORGAN_ALONE
from loaders.text.brackets import outside

_COLLECTIVE = re.compile(r"各|相关|有关|其他|其它|全体|所有|全[省市区县]|涉及")
_TAIL = re.compile(
    r"(?:等)?(?:各|其他|其它)?(?:相关|有关)(?:职能|责任|成员|市直|区直|县直|省直)?(?:部门|单位|委办局)(?:和单位|及单位)?$"
)
_ETC = re.compile(
    r"等(?:\d+|[一二三四五六七八九十]+)?(?:个|家)?(?:各?(?:相关|有关))?(?:职能|成员|市级|区级|市直|区直|县直|省直)?"
    r"(?:部门|单位|委办局|企业)?(?:和单位|和部门)?$"
)
_KIND = re.compile(
    r"(?:龙头|链主|骨干|领军|头部|重点|核心|国有|民营|外资|中小|大型|上市|科技|平台|运营|运维|承运|建设|设计|施工|监理|业主|项目|实施|"
    r"承担|承办|申报|申请|牵头|参与|所在|用人|主办|入驻|使用|研发|生产|服务|专业|第三方|社会|行业|投资|金融|保险|担保|银行业?|银行业金融|"
    r"新型|创新|孵化|培训|检测|认证|评估|中介|咨询|公证|仲裁|调解|教学|教育|医疗|卫生|养老|托育|物业|市场|技术|产业|各类|本市|国内|国际|"
    r"高水平|优势|优秀|相应|符合条件的|具备条件的|有条件的|有实力的|专门|职能|主管|行政|相关|有关|各|等|、|和|及|与|或|OPC|AI|人工智能)*"
    r"(?:企业|高校|高等院校|高等学校|院校|学校|大学|学院|机构|机构组织|院所|研究院|科研院所|研究机构|研发机构|协会|学会|商会|联盟|平台|园区|社区|医院|"
    r"公司|团队|主体|组织|单位|人员|个人|基金|银行|联合体|创新体|创业者|运营商|服务商|经营者|负责人|家庭|市场|集团|基地|实验室|中心|载体|主管部门|"
    r"工作人员|专家|领导|机关|农户|合作社)"
)
"""Kinds of doers, which are not bodies: 由企业、高校牵头 gives no body a task."""
_PERSON = re.compile(r".*(?:领导|负责人|主任|局长|市长|区长|县长|书记|同志|人员|专家|代表|委员)$")
_ALIAS = re.compile(
    r"[（(〔](?:[^（）()〔〕]*(?:简称|下称|以下称)[^（）()〔〕]*"
    r"|以?下均?同|以下[^（）()〔〕]*(?:均|都)[^（）()〔〕]*|[^（）()〔〕]*(?:为|是|系)(?:牵头|主责)(?:责任)?(?:单位|部门)[^（）()〔〕]*|[^（）()〔〕]*不再(?:一一)?列出)[）)〕]$"
)
"""A short name defined after a name: （以下简称“市文旅局”）, not a part of the name."""
_MARKED = re.compile(
    r"[（(〔\[【](?:(?P<lead>(?P<joint>共同|联合|分别|均|都)?(?:总?牵头|主责|主办)(?:负责)?)(?:单位|部门)?|(?:配合|协办|参与|负责|统筹|落实)[^（）()]{0,20}"
    r"|[^（）()]{0,4}\d{1,2}月[^（）()]{0,8})[）)〕\]】]$"
)
"""A role in brackets behind a name: 市科技局（牵头）; 共同牵头 speaks of all before it as well."""
_BY = re.compile(r"[^、，,（(]{0,10}?由(?=[省市区县镇乡各])")
"""The words before the first name of a sentence: 以上措施由市科技局."""
_OTHERS = re.compile(
    r"等(?:(?:[省市区县](?:级|直)?)?(?:各)?(?:相关|有关|其他|其它)(?:职能|成员)?(?:部门|单位)|部门|单位)?"
    r"(?:以及|及|和|与|、)(?=[^\s、，,；;。]{2})(?!(?:相关|有关)?(?:部门|单位)(?:[、，,；;。）)\s按分]|$))"
)
"""Words between a list and more names: 市财政局等相关部门及各区, 市财政局等和各区."""
_AND = re.compile(
    r"(?:(?<=[局委办厅院部会心团司府])|(?<=部门)|(?<=单位)|(?<=专班))(?:以及|和|及|与|会同)(?=(?:[省市区县各团]|相关|有关|其他|其它|属地|[\u4e00-\u9fff]{2,12}(?:局|委|办|厅|政府|公司|集团|中心)))"
)
_LEVEL = re.compile(r"(?:自治区|自治州|市(?!场)|[省区县州旗])(?=[^级直属内外域])")
_RESTORED = re.compile(
    r"(?:厅|局|委|办|(?<!学)院|部|中心|署|供销社|总社|联社|妇联|残联|科协|文联|侨联|工商联|总工会|红十字会|贸促会|档案馆|(?<!办事)处)"
    r"(?:[（(].*[）)])?$"
)
_OWN = re.compile(
    r"[省区县州旗]|市(?!场)|各|相关|有关|其他|国家|中国|证监|银保监|海关|金融监督|国网|中央|中共|全国|团[省市区县]|驻|"
    r"[\u4e00-\u9fff]{2,8}总局|北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|"
    r"云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|广州|深圳|武汉|南京|杭州|成都|西安|郑州|长沙|苏州|"
    r"宁波|青岛|大连|厦门|济南|合肥|福州|石家庄|太原|沈阳|长春|哈尔滨|南昌|南宁|海口|贵阳|昆明|拉萨|兰州|西宁|银川|"
    r"乌鲁木齐|呼和浩特|东莞|佛山|珠海|无锡|温州|港口|铁路|高新|开发|自贸|海事|人民银行|人行|街道|中科院|军分区|武警|[\u4e00-\u9fff]{2,4}(?:生态环境|供电|(?<!地方)金融监管)|[\u4e00-\u9fff]{2}(?:海事|海警|边检|航道|铁路)"
)
"""A name that begins like this has its own level or place: no prefix is restored to it."""


@dataclass(frozen=True, slots=True)
class ListedBody:
    """A body named: the offsets of what is written, its full label, and whether that is longer."""

    start: int
    end: int
    label: str
    starred: bool = False
    joint: bool = False
    """True where its mark applies to all names before it in the list as well."""

    @property
    def kind(self) -> BodyKind:
        """The kind of body that the label shows."""
        if _COLLECTIVE.match(self.label):
            return "collective"
        if re.search(r"(?:集团|公司)$", self.label):
            return "company"
        if re.fullmatch(r"[^（(]{2,}[（(][^（）()]+[）)]", self.label):
            return "sub-unit"
        if re.search(r"(?:街道|街道办事处)$", self.label):
            return "street"
        return "body"

    @property
    def parent(self) -> str | None:
        """The body of a sub-unit."""
        return re.split(r"[（(]", self.label)[0] if self.kind == "sub-unit" else None


def bodies_in(text: str, start: int, end: int) -> list[ListedBody]:
    """The bodies of the list from `start` to `end`, in order.

    >>> text = "省发展改革委、财政厅，各区、县（市）政府等相关单位"
    >>> [u.label for u in bodies_in(text, 0, len(text))]
    ['省发展改革委', '省财政厅', '各区、县（市）政府']
    """
    found: list[ListedBody] = []
    for run in _runs(text, start, end):
        prefix = party = ""
        mine: list[ListedBody] = []
        for left, right in run:
            one = _body(text, left, right)
            if one is None:
                continue
            label = one.label
            level = _LEVEL.match(label)
            if level:
                prefix = level.group()
                organ = PARTY_ORGAN.match(label)
                party = organ["committee"] if organ else ""
            elif party and PARTY_ORGAN_ALONE.match(label):
                label = party + label
            elif prefix and _RESTORED.search(label) and not _OWN.match(label):
                label = prefix + label
            if one.joint:
                mine = [replace(before, starred=True) for before in mine]
            mine.append(one if label == one.label else replace(one, label=label))
        found += with_shared_suffix(mine)
    return found


def _runs(text: str, start: int, end: int) -> list[list[tuple[int, int]]]:
    """The pieces between separators, those between the same commas together."""
    free = outside(text[start:end])
    for many in UNION.finditer(text, start, end):
        free[many.start() - start : many.end() - start] = [False] * (many.end() - many.start())
    joints = {
        joint.start(): joint.end()
        for pattern in (_OTHERS, _AND)
        for joint in pattern.finditer(text, start, end)
        if free[joint.start() - start]
    }
    runs: list[list[tuple[int, int]]] = [[]]
    at = start
    i = start
    while i <= end:
        char = text[i] if i < end else "\n"
        if i in joints:
            runs[-1].append((at, i))
            at = i = joints[i]
            continue
        parts = char in "、,，;；。" or (
            (char.isspace() or char in "/／")
            and BODY_ENDING.search(text[max(at, i - 12) : i].strip())
            and not (char in "\r\n" and _is_wrapped(text, at, i, end))
        )
        if i == end or (free[i - start] and parts):
            runs[-1].append((at, i))
            if char in ",，;；。":
                runs.append([])
            at = i + 1
        i += 1
    return [run for run in runs if run]


def _is_wrapped(text: str, start: int, at: int, end: int) -> bool:
    """Return whether a line break is within a name (市人力资源和社会 / 保障局): the name before has
    a level, the rest has none."""
    rest = re.match(r"\s*(?![省市区县州各团]|相关|有关)[\u4e00-\u9fff]", text[at:end])
    return rest is not None and re.match(r"\s*[省市区县]", text[start:at]) is not None


_BEFORE_NAME = ' \u3000\t\xa0\u200b\ufeff*＊★☆▲△●#·:：由“"—–─-'
MAX_UNIT_CHARS = 200
"""The largest length of a body's name; a longer piece of a list is not one."""


def _body(text: str, start: int, end: int) -> ListedBody | None:
    """One piece without the marks and words around its name; None where nothing is left."""
    starred = False
    while start < end and text[start] in _BEFORE_NAME:
        starred |= text[start] in "*＊★☆▲△●#"
        start += 1
    if starred:
        return _starred(text, start, end)
    while end > start and text[end - 1] in ' \u3000\t\xa0\u200b\ufeff。.;；,，、”"':
        end -= 1
    if end - start > MAX_UNIT_CHARS:
        return None
    free = outside(text[start:end])
    while end > start and text[end - 1] in "）)〕]】" and free[end - start - 1]:
        end -= 1
    if end > start and text[end - 1] in "*＊★☆▲△#":
        return _starred(text, start, end - 1)
    by = _BY.match(text, start, end)
    if by:
        return _body(text, by.end(), end)
    piece = text[start:end]
    marked = _MARKED.search(piece)
    if marked and marked.start():
        end = start + marked.start()
        if not marked["lead"]:
            return _body(text, start, end)
        return _starred(text, start, end, joint=marked["joint"] is not None)
    alias = _ALIAS.search(piece)
    if alias and alias.start():
        return _body(text, start, start + alias.start())
    tail = _TAIL.fullmatch(piece) if piece.startswith("等") else None
    if tail:
        return None
    etc = _ETC.search(piece)
    if etc and etc.start() > 0:
        end = start + etc.start()
    elif etc:
        return None
    label = re.sub(r"[\s\u200b\ufeff]", "", text[start:end])
    named = re.search(r"[\u4e00-\u9fff]", label) and label not in ("无", "暂无", "空")
    return ListedBody(start, end, label) if named else None


def _starred(text: str, start: int, end: int, *, joint: bool = False) -> ListedBody | None:
    one = _body(text, start, end)
    return (
        None
        if one is None
        else ListedBody(one.start, one.end, one.label, starred=True, joint=joint)
    )


_PLACE = re.compile(
    r"(?!各|相关|有关|高新|全|其他)[\u4e00-\u9fff]{1,5}(?:市|区|县|自治县|旗|镇|乡)"
)
MAX_PLACE_CHARS = 4
_GOVERNS = re.compile(r".{2,4}(?P<level>[市区县州])(?P<organ>(?:人民)?政府|委)")
_RULES = re.compile(r"(?!各|相关|有关|全|其他)[\u4e00-\u9fff]{1,5}[市区县旗镇乡]((?:人民)?政府)")


def with_shared_suffix(run: Sequence[ListedBody]) -> list[ListedBody]:
    """`广州、深圳市政府` names 广州市政府: what the last of a run ends in, given to bare places."""
    found = list(run)
    for i in range(len(found) - 2, -1, -1):
        one, shared = found[i], ""
        tail = _GOVERNS.fullmatch(found[i + 1].label)
        if tail and 2 <= len(one.label) <= MAX_PLACE_CHARS:
            placed = one.label[-1] in "市区县州" and len(one.label) > 2  # 广州 is a city
            alike = one.label[-1] == tail["level"] or tail["organ"].endswith("政府")
            if placed:
                shared = tail["organ"] if alike else ""
            elif not BODY_ENDING.search(one.label):
                shared = tail["level"] + tail["organ"]
        if shared:
            found[i] = replace(one, label=one.label + shared)
            continue
        rules = _RULES.fullmatch(found[i + 1].label)
        if rules and _PLACE.fullmatch(one.label):
            found[i] = ListedBody(one.start, one.end, one.label + rules.group(1), one.starred)
    return found


def is_body_name(label: str) -> bool:
    """Return whether a name looks like a body's: it ends like one, and is not a sentence.

    >>> is_body_name("市政府办（金融）"), is_body_name("征求意见稿"), is_body_name("提高工作效率")
    (True, False, False)
    """
    plain = re.sub(r"[（(〔\[〈][^（）()]*[）)〕\]〉]", "", label)
    return (
        2 <= len(plain) <= 30
        and (BODY_ENDING.search(plain) or RARE_ENDING.search(plain)) is not None
        and not re.search(r"[。：:！？%]|\d", plain)
        and not _BEGINS_AS_TASK.match(plain)
    )


_BEGINS_AS_TASK = re.compile("积极|加快|打造|布局|进一步|大力|着力|深入|不断|切实|持续|稳步|有序")
"""How work begins, and no name: 积极布局算力产业集群核心区."""


def is_kind_of_doer(label: str) -> bool:
    """Return whether a name denotes a kind of doer or a person, not a body.

    >>> [is_kind_of_doer(x) for x in ("链主企业", "区主要领导", "市城投公司", "市第一人民医院")]
    [True, True, False, False]
    """
    if _COLLECTIVE.match(label) and label.endswith(("单位", "部门", "园区", "社区")):
        return False
    return _KIND.fullmatch(label) is not None or _PERSON.fullmatch(label) is not None
