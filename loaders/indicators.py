"""The numbers that a row promises: measure, value, unit, comparator; for the year and by quarter.

A number is an indicator when a unit of a promise follows it. Years, dates, document numbers,
addresses, list numbers and numbers inside names, titles and quotation marks are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from graph.records import Accumulation, Cell, Comparator, Indicator, Row, When
from loaders.passage import Passage

_UNITS = (
    "个/平方公里|元/平方米|元/平方公里|例/10万人口|件/千人|人/平方公里|万平方米|平方公里|平方米|亿元|万元|"
    "亿美元|万美元|万人次|人次|万户|万人|万吨|万辆|万套|万个|万件|公里|千米|公顷|千瓦时|课时|小时|立方米|吨|亩|米|元|"
    "个百分点|百分点|%|‰|家次|家|户|张|套|座|台|辆|件|场|人|名|位|例|起|条|项|处|所|次|幢|栋|间|只|株|棵|"
    "部|片|对|门|支|批次|路|类|篇|期|班|床|千人|个"
)
_DIGITS = r"\d+(?:\.\d+)?"
_CHINESE = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "十": 10,
}
_NUMBER = re.compile(
    rf"(?P<about>约|近|大约)?(?P<value>{_DIGITS}|[一二两三四五六七八九十](?=座|所|家公园|条道路))"
    rf"(?:[-—~至]{_DIGITS})?(?P<over>余|多)?(?P<unit>{_UNITS})(?![\u4e00-\u9fff]?〔)"
)
_PER = re.compile(r"(?:以上|以下|以内)(?P<per>/\d*[万千百]?(?:人口|人|平方米|平方公里))")
_FRACTION = re.compile(r"(?P<up>\d)/(?P<down>\d)(?![\d/丘街弄号])")
_ZERO = re.compile(r"(?:零增长|零发案|零事故)")
_NAMES = re.compile(
    r"《[^》]*》|〔[^〕]*〕|\d{2,4}-\d{2,4}年?|\d{4}年度?|\d{1,2}月(?:\d{1,2}日)?|[一二三四]季度"
)
_QUOTED = re.compile(r"“[^”]{0,12}”")
_LIST_NUMBER = re.compile(r"(?:^|(?<=[。;；,，:：]))\d{1,2}[.．、](?!\d)")
_NOT_AFTER = re.compile(
    r"^(?:行动计划|计划|号线|街坊|丘|弄|号|地块|批|轮|届|类标准|级|代|版|月|日|季度|年|小区|委办局|街镇|重点单位)"
)
_NOT_BEFORE = re.compile(r"(?:第|前|共同|这|每|“|星期|十三|十四)$")
_AT_LEAST = re.compile(r"不少于|不低于|超过|至少|不小于|突破|高于")
_GROWTH = re.compile(r"(?:增长|提高|增加|上升|增幅|下降|降低)(?:率)?(?:达到?|为|约|力争|至)?$")
_RATE = re.compile(r"率|比例|比重|覆盖|水平|占比")
_SENTENCE = re.compile(r"[,;。:,;:]")


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    value: Decimal
    unit: str
    about: bool


def indicators_of(row: Row) -> tuple[Indicator, ...]:
    """The numbers of a row: those of its text (`year`), then those of its milestone cells."""
    found: list[Indicator] = []
    for cell in row.cells():
        when: When = "year" if cell.name == "text" else cell.name  # type: ignore[assignment]
        found += _in_cell(cell, when)
    return tuple(replace(one, accumulation=_accumulation(one, found)) for one in found)


def _in_cell(cell: Cell, when: When) -> Iterator[Indicator]:
    passage = Passage.of(cell.span)
    text = passage.text
    for hit in _hits(text):
        left, right = _clause(text, hit)
        before = text[left : hit.start]
        yield Indicator(
            what=_measure(text, left, hit, right),
            value=hit.value,
            unit=hit.unit,
            op=_comparator(before, text[hit.start : right], hit),
            when=when,
            evidence=(passage.span(left, max(right, hit.end)),),
            as_written=text[hit.start : hit.end],
            growth=_GROWTH.search(before) is not None,
        )


def _hits(text: str) -> Iterator[_Hit]:
    """The numbers of a squeezed text that are promises, in order."""
    hidden = [m.span() for m in _NAMES.finditer(text)]
    hidden += [m.span() for m in _LIST_NUMBER.finditer(text)]
    hidden += [m.span() for m in _QUOTED.finditer(text) if not re.search(_UNITS_ONLY, m[0])]

    def is_hidden(start: int, end: int) -> bool:
        return any(a < end and start < b for a, b in hidden)

    for match in _NUMBER.finditer(text):
        start, end = match.start("value"), match.end()
        if is_hidden(start, end) or _NOT_BEFORE.search(text[:start]):
            continue
        if re.search(r"[A-Za-z\d.\-/+]$", text[:start]) or _NOT_AFTER.match(
            text[match.end("value") :]
        ):
            continue
        unit = match["unit"]
        if unit == "类" or (unit in ("批次", "项", "路", "级") and not match["value"].isdigit()):
            continue
        if unit == "路" and not text.startswith("道路", end):
            continue
        if unit == "个" and re.match(r"(?:品种|批次|方面|委办局|街镇|月|阶段|百分点)", text[end:]):
            continue
        per = _PER.match(text, end)
        if per:
            unit, end = unit + per["per"], per.end()
        value = _CHINESE.get(match["value"])
        yield _Hit(
            match.start(), end, Decimal(value if value is not None else match["value"]), unit,
            bool(match["about"] or match["over"]),
        )  # fmt: skip
    for match in _FRACTION.finditer(text):
        if not is_hidden(*match.span()) and re.search(
            r"(?:指标|任务|目标|总量)$", text[: match.start()]
        ):
            share = Decimal(match["up"]) / Decimal(match["down"])
            yield _Hit(match.start(), match.end(), share.normalize(), "", False)
    for match in _ZERO.finditer(text):
        if match[0] == "零增长":
            yield _Hit(match.start(), match.end(), Decimal(0), "", False)


_UNITS_ONLY = re.compile(rf"^“{_DIGITS}(?:{_UNITS})”$")


def _clause(text: str, hit: _Hit) -> tuple[int, int]:
    """The clause around a number: between the marks of punctuation next to it."""
    left = max((m.end() for m in _SENTENCE.finditer(text, 0, hit.start)), default=0)
    listed = _LIST_NUMBER.search(text, left, hit.start)
    if listed:
        left = listed.end()
    bracket = text.rfind("(", left, hit.start)
    if bracket >= left and text.find(")", bracket, hit.start) < 0:
        left = bracket + 1
    ends = [m.start() for m in _SENTENCE.finditer(text, hit.end)]
    right = ends[0] if ends else len(text)
    closing = text.find(")", hit.end, right)
    if closing >= 0 and text.count("(", left, closing) == 0:
        right = closing
    return left, right


def _measure(text: str, left: int, hit: _Hit, right: int) -> str:
    """What the number counts, in the words of its clause."""
    before = re.sub(r"^(?:\d{4}年|其中|全面|共计?|累计|同时|并)+", "", text[left : hit.start])
    before = re.sub(
        r"(?:达到?|控制在|完成|为|约|共|计|实现|不少于|不低于|不超过|力争|预期|至|到|提高|左右)+$",
        "",
        before,
    )
    after = re.sub(r"^(?:以上|以下|以内|左右|的)+", "", text[hit.end : right])
    if (
        before
        and len(before) >= 2
        and not re.fullmatch(r"(?:推进|推动|完成|新建|改建|新增|实现|开展|配送|更新)+", before)
    ):
        return before[-30:]
    return (before + after)[:30] or text[left:right][:30]


def _comparator(before: str, after: str, hit: _Hit) -> Comparator:
    near = before[-8:]
    number = rf"^(?:约|近|大约)?[\d.一二两三四五六七八九十]+(?:{_UNITS})(?:及)?"
    if _AT_LEAST.search(near) or re.search(number + "以上", after):
        return ">="
    if re.search(number + "(?:以内|以下|之内)", after) or re.search("不超过|不高于|控制在", near):
        return "<="
    if hit.about or re.search(number + "(?:左右|上下)", after):
        return "~"
    return "="


def _accumulation(one: Indicator, all_of_row: list[Indicator]) -> Accumulation | None:
    """How the quarters add up: cumulative toward the year, increments, or a state.

    The same measure in the quarters decides: equal each time is a state, rising to the year's
    number is cumulative, adding up to it is increments. Rates are states unless they rise.
    """
    same = [i for i in all_of_row if i.unit == one.unit and _alike(i.what, one.what)]
    quarters = [i for i in same if i.when != "year"]
    values = [i.value for i in quarters]
    years = [i.value for i in all_of_row if i.when == "year" and i.unit == one.unit]
    year = next((i.value for i in same if i.when == "year"), None)
    if year is None and sum(values) in years:
        year = sum(values)
    if len(values) >= 2:
        if all(v == values[0] for v in values) and (year is None or year == values[0]):
            return "state"
        if year is not None and sum(values) == year:
            return "increment"
        if values == sorted(values):
            return "cumulative"
        return "increment"
    if one.when == "year" and not quarters:
        return "state" if _RATE.search(one.what) else None
    if "累计" in "".join(e.quote for e in one.evidence):
        return "cumulative"
    return "state" if _RATE.search(one.what) else None


def _alike(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    pairs = {short[i : i + 2] for i in range(len(short) - 1)}
    return bool(pairs) and sum(p in long for p in pairs) / len(pairs) >= 0.6
