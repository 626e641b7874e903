"""The units of a list as prose writes it: 、 between names, a prefix said once, 等相关部门 last.

`省工业和信息化厅、财政厅` names 省财政厅 though only 财政厅 stands there: the label has the
prefix, the quote has not. What is a union of many (各区、县级市) is never split.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph.records import BodyKind
from loaders.brackets import outside

ENDING = re.compile(
    r"(?:[局委办院部署厅会社处站所室行]|街道|[镇乡区县]|办事处|管委会|委员会|指挥部|"
    r"公司|集团|中心|支队|总队|大队|队|学校|大学|学院|医院|银行|海关|联盟|协会|基金会|政府|专班|"
    r"单位|部门|企业|机构|社区|园区|平台|法院|检察院|分局|局属|街镇|镇街|镇办|团区委|团市委|武装部|"
    r"机关|工商联|残联|妇联|文联|科协|侨联|总工会|红十字会|供销社|省直|市直|区直|运营商|高校)$"
)
"""How the name of a unit ends."""
_COLLECTIVE = re.compile(r"各|相关|有关|其他|其它|全体|所有|全[省市区县]|涉及")
_MANY = re.compile(
    r"各(?:(?:地级以上)?市|设区市|区|县)[、和及,，](?:各)?[^、，,；;]{0,12}"
    r"(?:(?:人民)?政府|管委会|区|市|县)|(?<![\u4e00-\u9fff])区[、和]县(?:级市|（市）|\(市\)|〔市〕)?(?:人民)?政府"
)
"""A 、 inside one unit: 各区、县（市）政府."""
_TAIL = re.compile(
    r"(?:等)?(?:各|其他|其它)?(?:相关|有关)(?:职能|责任|成员|市直|区直|县直|省直)?(?:部门|单位|委办局)(?:和单位|及单位)?$"
)
_ETC = re.compile(
    r"等(?:\d+|[一二三四五六七八九十]+)?(?:个|家)?(?:各?(?:相关|有关))?(?:职能|成员|市级|区级|市直|区直|县直|省直)?"
    r"(?:部门|单位|委办局|企业)?(?:和单位|和部门)?$"
)
_AND = re.compile(
    r"(?<=[局委办厅院部会心团司府])(?:以及|和|及|与|会同)(?=(?:[省市区县各团]|[\u4e00-\u9fff]{2,12}(?:局|委|办|厅|政府|公司|集团|中心)))"
)
_LEVEL = re.compile(r"(?:自治区|自治州|市(?!场)|[省区县州旗])(?=[^级直属内外域])")
_PARTY = re.compile(r"((?:自治区|[省市区县州])委)(?:[组宣统政网编社老办党直机]|金融)")
_PARTS_OF_PARTY = re.compile(
    r"(?:组织部|宣传部|统战部|政法委|网信办|编办|社会工作部|老干部局|党校|直属机关工委|财经办|金融办|外办|台办)(?:[（(].*)?$"
)
_RESTORED = re.compile(r"(?:厅|局|委|办|院|部|中心|署|(?<!办事)处)(?:[（(].*[）)])?$")
_OWN = re.compile(
    r"[省区县州旗]|市(?!场)|各|相关|有关|其他|国家|中国|中央|中共|全国|团[省市区县]|驻|"
    r"北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|"
    r"云南|陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|广州|深圳|武汉|南京|杭州|成都|西安|郑州|长沙|苏州|"
    r"宁波|青岛|大连|厦门|济南|合肥|福州|石家庄|太原|沈阳|长春|哈尔滨|南昌|南宁|海口|贵阳|昆明|拉萨|兰州|西宁|银川|"
    r"乌鲁木齐|呼和浩特|东莞|佛山|珠海|无锡|温州|港口|铁路|高新|开发|自贸|海事|人民银行|法院|检察院"
)
"""A name that begins like this has its own level or place: no prefix is restored to it."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit named: the offsets of what is written, its full label, and whether that is longer."""

    start: int
    end: int
    label: str
    starred: bool = False

    @property
    def kind(self) -> BodyKind:
        """What sort of body the label shows."""
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


def units(text: str, start: int, end: int) -> list[Unit]:
    """The units of a list that stands at `start` to `end`, in order.

    >>> text = "省发展改革委、财政厅，各区、县（市）政府等相关单位"
    >>> [u.label for u in units(text, 0, len(text))]
    ['省发展改革委', '省财政厅', '各区、县（市）政府']
    """
    found: list[Unit] = []
    for run in _runs(text, start, end):
        prefix = party = ""
        mine: list[Unit] = []
        for left, right in run:
            one = _unit(text, left, right)
            if one is None:
                continue
            label = one.label
            level = _LEVEL.match(label)
            if level:
                prefix = level.group()
                committee = _PARTY.match(label)
                party = committee.group(1) if committee else ""
            elif party and _PARTS_OF_PARTY.match(label):
                label = party + label
            elif prefix and _RESTORED.search(label) and not _OWN.match(label):
                label = prefix + label
            mine.append(Unit(one.start, one.end, label, one.starred))
        found += _tails(mine)
    return found


def _runs(text: str, start: int, end: int) -> list[list[tuple[int, int]]]:
    """The pieces between separators, those between the same commas together."""
    free = outside(text[start:end])
    for many in _MANY.finditer(text, start, end):
        free[many.start() - start : many.end() - start] = [False] * (many.end() - many.start())
    joints = {
        joint.start(): joint.end()
        for joint in _AND.finditer(text, start, end)
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
        parts = char in "、,，;；。" or (char.isspace() and ENDING.search(text[at:i].strip()))
        if i == end or (free[i - start] and parts):
            runs[-1].append((at, i))
            if char in ",，;；。":
                runs.append([])
            at = i + 1
        i += 1
    return [run for run in runs if run]


def _unit(text: str, start: int, end: int) -> Unit | None:
    """One piece without the marks and words around its name; None where nothing is left."""
    while start < end and text[start] in ' \u3000\t\xa0\u200b\ufeff*＊★☆▲△●#·:：由“"':
        if text[start] in "*＊★☆▲△●#":
            return _starred(text, start + 1, end)
        start += 1
    while end > start and text[end - 1] in ' \u3000\t\xa0\u200b\ufeff。.;；,，、”"':
        end -= 1
    if end > start and text[end - 1] in "*＊★☆▲△#":
        return _starred(text, start, end - 1)
    piece = text[start:end]
    tail = _TAIL.fullmatch(piece) if piece.startswith("等") else None
    if tail:
        return None
    etc = _ETC.search(piece)
    if etc and etc.start() > 0:
        end = start + etc.start()
    elif etc:
        return None
    label = re.sub(r"[\s\u200b\ufeff]", "", text[start:end])
    return Unit(start, end, label) if label else None


def _starred(text: str, start: int, end: int) -> Unit | None:
    one = _unit(text, start, end)
    return None if one is None else Unit(one.start, one.end, one.label, starred=True)


def _tails(run: Sequence[Unit]) -> list[Unit]:
    """`广州、深圳市政府` names 广州市政府: what the last of a run ends in, given to bare places."""
    found = list(run)
    for i in range(len(found) - 2, -1, -1):
        tail = re.fullmatch(
            r".{2,4}((?:市|区|县|州)(?:人民)?政府|(?:市|区|县)委)", found[i + 1].label
        )
        one = found[i]
        if tail and 2 <= len(one.label) <= 4 and not ENDING.search(one.label):
            found[i] = Unit(one.start, one.end, one.label + tail.group(1), one.starred)
    return found


def is_unit(label: str) -> bool:
    """Whether a name looks like that of a unit: it ends like one, and is no sentence.

    >>> is_unit("市政府办（金融）"), is_unit("征求意见稿"), is_unit("提高工作效率")
    (True, False, False)
    """
    plain = re.sub(r"[（(〔\[〈][^（）()]*[）)〕\]〉]", "", label)
    return (
        2 <= len(plain) <= 30
        and bool(ENDING.search(plain))
        and not re.search(r"[。：:！？%]|\d", plain)
    )
