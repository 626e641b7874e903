"""The figures of a text that are promises: value, unit, comparator, and whether they are growth.

A figure counts when a unit of measure or a measure word follows it. Years, dates, document
numbers, addresses, codes, list numbers, and figures in titles and short quotations do not.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate

from graph.records import Comparator
from loaders.lexicon.numerals import number_of
from loaders.text.clauses import folded

_MEASURES = (
    "平方公里|平方千米|平方米|立方米|km²|m²|m³|㎡|㎥|公里|千米|公顷|厘米|千瓦时|兆瓦|千瓦|兆|吨|公斤|千克|斤|亩|米|"
    "美元|欧元|元|个百分点|百分点|个工作日|学时|课时|人次|人天|户次|家次|标准箱|标煤|吨标准煤"
)
_COUNTS = (
    "个|家|座|张|台|件|项|条段|条|场|处|所|辆|套|部|幢|栋|批次|户|名|位|人|例|起|宗|支|只|片|块|对|"
    "间|株|棵|盏|根|站|门|款|班|本|册|篇|份|枚|艘|架|口|组|类|种|轮次|次|倍|床|亿|万"
)
_TIMES = "天|小时|分钟|日"
_SCALE = "万亿|百万|千万|万|亿|千|百"
_FIGURE = r"\d(?<!\d\d)\d*+(?:,\d{3})*+(?:\.\d++)?+"
"""It begins with one digit, so that the engine leaps from digit to digit, and at no digit within a
number, so that a long one is gone through once."""
_PER = (
    r"/(?:\d+(?:\.\d+)?)?(?:[万千百十])?"
    r"(?:平方公里|平方米|立方米|公里|人口|人次|人|户|家|亩|天|日|年|月|吨|次|小时|辆|件|床|万元|元)"
)
_AFTER = r"(?:及?以上|及?以下|(?:之|以)内|左右|上下)"
_NUMBER = re.compile(
    rf"(?P<low>{_FIGURE})(?:(?:%|％)?[-~—至到](?P<high>{_FIGURE}))?(?P<odd>余|多)?"
    rf"(?P<unit>[%‰]|(?:{_SCALE})?(?:(?P<odd2>余|多)?(?:{_MEASURES})|(?:余|多)?(?:{_COUNTS})|路|(?:{_TIMES})))"
    rf"(?P<mid>{_AFTER})?(?P<per>{_PER})?(?P<after>{_AFTER})?"
)
_WORDS = re.compile(
    r"(?P<word>[两二三四五六七八九]|[二三四五六七八九]?十[一二三四五六七八九]?)"
    r"(?P<unit>座|家|所|条|个|处|场|台|套|辆|幢|栋|户|名|项)"
    r"(?!市场|规定|维护|确立|意识|自信|毫不|必须|务必|一体|倍增|方面|批次|阶段|层面|步骤|环节|维度|统一|结合|到位|重大|专项|月|季度|平台|体系|转变|行动|新|百分|工作)"
)
_ONE = re.compile(
    r"(?:新建|改建|建成|建设|打造|新增|开工|竣工)(?P<word>一)(?P<unit>座|所|条|幢|栋|处)"
)
_IN_WORDS = re.compile("[一两二三四五六七八九十](?:座|家|所|条|个|处|场|台|套|辆|幢|栋|户|名|项)")
"""The end of every match of these two; the engine leaps from numeral to numeral."""
_SHARE = re.compile(r"(?P<up>\d{1,2})/(?P<down>\d{1,2})(?![\d/])(?=[,;。:)、以左]|$)")
_SPOKEN = re.compile(r"(?P<down>[百二三四五六七八九十])分之(?P<up>[一二三四五六七八九十百]+)")
_ZERO = re.compile(r"零增长")

_HIDDEN = tuple(
    re.compile(p)
    for p in (
        r"《[^》]{0,200}》",
        r"[“「][^”」]{0,16}[”」]",
        r"[〔\[(]\d{4}[〕\])]\d*号?",
        r"(?:19|20)\d{2}[-~—至](?:19|20)?\d{2}(?:年度?)?",
        r"\d{2,4}年(?:度|代|底|初|末)?|\d{1,2}月(?:份|底|初|末)?(?:\d{1,2}日)?|\d{1,2}日(?!均)",
        r"\d{1,2}:\d{2}|\d{1,2}时",
        r"第(?:\d+|[一二三四五六七八九十百]+)",
        r"[A-Za-zⅠ-Ⅻ][A-Za-z0-9Ⅰ-Ⅻ]{0,30}[-—]?\d+(?:\.\d+)?(?:[-—]\d+)*",
        r"\d(?<!\d\d)\d*+(?:[/-]\d++){0,8}(?:街坊|丘|弄|号|室|版|期|级|届|轮|层|坊|单元|A级|A)",
        r"\d(?<!\d\d)\d*+[+×xX*]\d+",
        r"(?:24|7×24|7\*24)小时",
        r"(?<=[。;:])\d{1,2}[.、](?!\d)|^\d{1,2}[.、](?!\d)",
    )
)
_PROMISE = re.compile(r"“[^”]*\d%[^”]*”")
_OF_WHOLE = re.compile(r"(?:指标|任务|目标|总量|计划|工程量|进度|的)$")
_DESCRIBES = re.compile(r"(?:大类|品种|世纪|时代|周岁|岁)")
_SPEED = re.compile(r"压缩|缩短|不超过|控制|减少|平均|达到|提速|少于|内")
_AT_LEAST = re.compile(
    r"(?:不(?:得|能|可|应|准|许|宜|会|再)?(?:少于|低于|小于|下于)|至少|超过|超|突破|高于|大于|多于)(?:到|了)?$"
)
_AT_MOST = re.compile(
    r"(?:不(?:得|能|可|应|准|许|宜|会|再)?(?:超过|高于|多于|大于|超出|突破|超)|(?:严禁|禁止)超过|(?<!不)(?<!不[得能可应准许宜会再])(?:低于|少于|小于)|控制在|限定在|压缩至|压缩到|最高(?:给予|可获|可达|补助|奖励)?|上限(?:为)?)$"
)
_ABOUT = re.compile(r"(?:约|大约|左右|近|接近)(?:为)?$")
_NOT_NEAR = re.compile(r"(?:[附最邻就新远]近|[节签履违预公契]约)$")
_GROWTH = re.compile(
    r"(?:增长|增速|增幅|增加|提高|提升|上升|递增|下降|降低|减少|降幅|压减)(?:率|幅度|速度)?"
    r"(?:确保|力争|争取|预期|保持|控制)?(?:达到?|为|在|约|近|不低于|不少于|不超过|至少|超过|超)?$"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One promised figure; `start` to `end` holds its number, its unit and words after it."""

    start: int
    end: int
    value: Decimal
    unit: str
    op: Comparator
    growth: bool
    as_written: str


@lru_cache(maxsize=1024)
def figures(text: str) -> tuple[Figure, ...]:
    """The promised figures of a squeezed text, in order; a range gives its two ends.

    >>> [(str(f.value), f.unit, f.op) for f in figures("达到169.36亿元左右,新增不少于40家")]
    [('169.36', '亿元', '~'), ('40', '家', '>=')]
    >>> figures("2019年推进轨交15号线和第3次普查(长府〔2019〕5号)")
    ()
    """
    text = folded(text)
    hidden = _Hidden(text)
    found: list[Figure] = []
    for match in _NUMBER.finditer(text):
        if not hidden.holds(match.start(), match.end("unit")):
            found += _counted(text, match)
    for pattern in (_WORDS, _ONE) if _IN_WORDS.search(text) else ():
        for match in pattern.finditer(text):
            start = match.start("word")
            if text[start - 1 : start] not in "第、周" and not hidden.holds(start, match.end()):
                value = Decimal(number_of(match["word"]) or 0)
                found.append(_figure(text, start, match.end(), value, match["unit"]))
    for match in _SHARE.finditer(text) if "/" in text else ():
        before = text[max(0, match.start() - 4) : match.start()]
        if _OF_WHOLE.search(before) and not hidden.holds(*match.span()):
            share = Decimal(match["up"]) / Decimal(match["down"])
            found.append(_figure(text, match.start(), match.end(), share, ""))
    for match in _SPOKEN.finditer(text) if "分之" in text else ():
        up, down = number_of(match["up"]), number_of(match["down"])
        if up is not None and down:
            percent = down == 100
            share = Decimal(up) if percent else Decimal(up) / down
            found.append(_figure(text, *match.span(), share, "%" if percent else ""))
    found += [_figure(text, *m.span(), Decimal(0), "") for m in _ZERO.finditer(text)]
    return tuple(sorted(found, key=lambda f: (f.start, f.value)))


class _Hidden:
    """The stretches of a text whose numbers are names; looked for once a number asks.

    A quotation that is wholly a promise hides nothing.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] | None = None
        self.reach: list[int] = []

    def holds(self, start: int, end: int) -> bool:
        """Return whether any of the characters `start` to `end` is in such a stretch."""
        if self.starts is None:
            spans = sorted(
                match.span()
                for pattern in _HIDDEN
                for match in pattern.finditer(self.text)
                if not _PROMISE.fullmatch(match[0])
            )
            self.starts = [left for left, _ in spans]
            self.reach = list(accumulate((right for _, right in spans), max))
        before = bisect_left(self.starts, end)
        return before > 0 and self.reach[before - 1] > start


def _counted(text: str, match: re.Match[str]) -> list[Figure]:
    """The figure, or the two ends of a range, that a number with a unit is; none for a name."""
    before = text[max(0, match.start() - 8) : match.start()]
    rest = text[match.end("unit") : match.end("unit") + 8]
    unit = re.sub("[余多]", "", match["unit"])
    if re.search(r"[\dA-Za-z.\-/+]$", before) or _DESCRIBES.match(rest):
        return []
    if match["unit"] in ("名", "位", "家", "强") and before.endswith("前"):
        return []
    if unit == "路" and not re.match(r"[\u4e00-\u9fff]", rest):
        return []
    if re.fullmatch(_TIMES, unit) and not _SPEED.search(before[-6:] + rest[:2]):
        return []
    if unit in ("个", "类", "种") and rest.startswith(("月", "品种", "百分")):
        return []
    unit += match["per"] or ""
    end = match.end()
    low, high = _decimal(match["low"]), match["high"]
    if high:
        one, other = _figure(text, match.start(), end, low, unit), _decimal(high)
        bounds: tuple[tuple[Decimal, Comparator], ...] = ((low, ">="), (other, "<="))
        return [
            Figure(one.start, end, value, unit, op, one.growth, one.as_written)
            for value, op in bounds
        ]
    figure = _figure(text, match.start(), end, low, unit)
    if (match["odd"] or "余" in match["unit"]) and figure.op == "=":
        return [Figure(figure.start, end, low, unit, ">=", figure.growth, figure.as_written)]
    return [figure]


def _figure(text: str, start: int, end: int, value: Decimal, unit: str) -> Figure:
    before, said = text[max(0, start - 12) : start], text[start:end]
    growth = unit in ("%", "个百分点", "百分点", "倍") and bool(_GROWTH.search(before))
    return Figure(start, end, value, unit, _comparator(before, said), growth, said)


def _comparator(before: str, said: str) -> Comparator:
    """The comparator from the words around a figure; those after it weigh more."""
    if "以上" in said:
        return ">="
    if "左右" in said or "上下" in said:
        return "~"
    if "以下" in said or "内" in said:
        return "<="
    if _AT_MOST.search(before):
        return "<="
    if _AT_LEAST.search(before):
        return ">="
    return "~" if _ABOUT.search(before) and not _NOT_NEAR.search(before) else "="


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", ""))
