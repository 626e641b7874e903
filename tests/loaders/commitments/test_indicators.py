"""The numbers of a row: which are promises, what they are worth, and how the quarters add up."""

from __future__ import annotations

import json
from collections import Counter
from cProfile import Profile
from itertools import pairwise
from typing import Any

import pytest
from folders import TESTS
from hypothesis import given
from hypothesis import strategies as st

from graph.records import Cell, Document, Row, Span
from loaders.commitments.indicators import indicators_of
from loaders.text.clauses import clauses, folded, sheltered
from loaders.text.offsets import Passage
from loaders.text.quantities import figures

EXPECTED = TESTS / "expected" / "indicators-changning-2019.json"


def row_of(text: str, *quarters: str) -> Row:
    """A row made of sentences, for the rules that need one."""
    whole = "\n\n".join((text, *quarters))
    found, at = [], 0
    for name, said in zip(("text", "q1", "q2", "q3", "q4"), (text, *quarters), strict=False):
        found.append(Cell(name, Span(at, at + len(said), said)) if said else None)  # type: ignore[arg-type]
        at += len(said) + 2
    found += [None] * (5 - len(found))
    assert found[0] is not None
    return Row(
        id="7",
        number="7",
        span=Span(0, len(whole), whole),
        domain=None,
        theme=None,
        text=found[0],
        quarters=(found[1], found[2], found[3], found[4]),
        lead=None,
        coordinate=None,
    )


@pytest.mark.parametrize(
    ("text", "promised"),
    [
        ("完成投资额不低于1,200万元", [("1200", "万元", ">=")]),
        ("引进企业300余家", [("300", "家", ">=")]),
        ("PM2.5年均浓度控制在35微克以内,下降5%左右", [("5", "%", "~")]),
        ("空气质量优良率达到８５％以上", [("85", "%", ">=")]),
        ("新建改建四座垃圾房和一所学校", [("4", "座", "=")]),
        ("新建一所学校", [("1", "所", "=")]),
        ("实现新增违法建筑零增长", [("0", "", "=")]),
        ("累计完成年度任务3/4", [("0.75", "", "=")]),
        ("办结率百分之九十五", [("95", "%", "=")]),
        ("万元GDP能耗下降3-5%", [("3", "%", ">="), ("5", "%", "<=")]),
        ("事故发生率2例以下/10万人口", [("2", "例/10万人口", "<=")]),
        ("每千人口床位6张", [("6", "张", "=")]),
        ("节约用水10吨", [("10", "吨", "=")]),
        ("接近50个", [("50", "个", "~")]),
        ("整改完成率达到百分之一百", [("100", "%", "=")]),
        ("审批时限压缩至5个工作日", [("5", "个工作日", "<=")]),
        ("供应住房1.2万套(其中公租房0.3万套)", [("1.2", "万套", "="), ("0.3", "万套", "=")]),
    ],
)
def test_figures(text: str, promised: list[tuple[str, str, str]]) -> None:
    assert [(str(f.value), f.unit, f.op) for f in figures(text)] == promised


@pytest.mark.parametrize(
    "name",
    [
        "按照沪府办发〔2017〕68号文件,推进2018-2020年三年行动计划",
        "推进轨交15号线、延安西路1289弄8号和22街坊22/1丘、71街坊1/2、16/2丘",
        "编制《发展规划(2018-2030)》,开展第3次普查、第四次全国经济普查",
        "推动“3+2”重点产业、“5.12”宣传和2.0版菜市场",
        "二、三级企业,一网通办,两大战略,五个方面,三个批次,9大类20个品种,24小时服务",
        "1.完成调查。2.开展普查。12月底前,3月15日,2019年度",
        "A3-02地块、Ⅳ-R-07地块、K1路、12345热线",
    ],
)
def test_names_are_no_figures(name: str) -> None:
    assert figures(name) == ()


def test_growth_is_marked_and_named_by_what_grows() -> None:
    level, growth, other = indicators_of(
        row_of("工业总产值达到80亿元(同比增长6%)。固定资产投资力争增长5%左右")
    )
    assert (level.what, level.growth) == ("工业总产值", False)
    assert (growth.what, growth.growth, growth.op) == ("工业总产值同比增长", True, "=")
    assert (other.what, other.op) == ("固定资产投资增长", "~")


@pytest.mark.parametrize(
    ("text", "quarters", "accumulation"),
    [
        ("引进企业40家", ("引进企业10家", "引进企业20家", "", "引进企业40家"), "cumulative"),
        ("拆除违建6万平方米", ("拆除违建3万平方米", "拆除违建3万平方米"), "increment"),
        ("演练8万人次", ("学生演练3万人次", "居民演练5万人次"), "increment"),
        ("投诉办结率达到98%", ("办结率98%", "办结率98%"), "state"),
        ("达标率100%", ("达标率50%", "达标率70%", "达标率100%"), "state"),
        ("种树900株", ("完成全年任务的30%", "完成全年任务的60%"), None),
    ],
)
def test_accumulation(text: str, quarters: tuple[str, ...], accumulation: str | None) -> None:
    year, *rest = indicators_of(row_of(text, *quarters))
    assert year.accumulation == accumulation
    assert {i.accumulation for i in rest} == {accumulation or "cumulative"}


@pytest.mark.parametrize(
    ("text", "quarters", "accumulation"),
    [
        # A series is cumulative only where it grows ...
        ("引进企业", ("引进企业10家", "引进企业20家"), ["cumulative", "cumulative"]),
        ("引进企业", ("引进企业30家", "引进企业20家"), [None, None]),
        ("引进企业100家", ("引进企业10家", "引进企业30家", "引进企业20家"), [None] * 4),
        # ... and has two numbers at least: one alone decides nothing.
        ("引进企业40家", ("引进企业20家",), [None, None]),
        ("培训500人", ("培训100人", "招聘500人"), [None, None, None]),
        # Increments add up to the year's figure, not to another one.
        ("演练8万人次", ("学生演练3万人次", "居民演练5万人次"), ["increment"] * 3),
        ("演练9万人次", ("学生演练3万人次", "居民演练5万人次"), [None] * 3),
        # Equal figures are a state unless they add up.
        ("引进企业", ("引进企业10家", "引进企业10家"), ["state", "state"]),
        ("引进企业20家", ("引进企业10家", "引进企业10家"), ["increment"] * 3),
        # A rate that falls is a state still, as is one alone; a share of the target is none.
        ("达标率100%", ("达标率70%", "达标率50%"), ["state"] * 3),
        ("达标率100%", ("达标率50%",), ["state", "state"]),
        ("优良率85%", ("完成年度任务的30%", "完成年度任务的20%"), ["state", "cumulative", "cumulative"]),
        # 累计 decides against the figures, growth never adds up.
        ("引进企业", ("累计引进企业30家", "累计引进企业20家"), ["cumulative", "cumulative"]),
        ("收入增长8%", ("收入增长6%", "收入增长7%", "收入增长8%"), [None] * 4),
        # What no rule explains in one measure leaves the other alone.
        (
            "拆违4万平方米",
            ("拆违2万平方米", "拆违2万平方米,整治1万平方米"),
            ["increment", "increment", "increment", None],
        ),
    ],
)  # fmt: skip
def test_each_rule_of_accumulation_has_a_counter_example(
    text: str, quarters: tuple[str, ...], accumulation: list[str | None]
) -> None:
    assert [i.accumulation for i in indicators_of(row_of(text, *quarters))] == accumulation


def test_a_share_of_the_target_is_cumulative_for_the_year_too() -> None:
    year, quarter = indicators_of(row_of("财政收入达到169亿元", "财政收入完成年度目标的25%"))
    assert (year.accumulation, quarter.accumulation) == ("cumulative", "cumulative")


def test_every_number_of_the_notice(notice: Document) -> None:
    """All figures that a careful reader listed for the 60 rows, none besides, compared by value."""
    expected: dict[str, list[dict[str, Any]]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    for target in notice.targets:
        found = Counter((i.when, float(i.value), i.unit, i.op) for i in target.indicators)
        listed = Counter(
            (i["when"], float(i["value"]), i["unit"], i["op"]) for i in expected.get(target.id, [])
        )
        assert found == listed, target.id


def test_the_year_as_annotated(notice: Document, gold: dict[str, Any]) -> None:
    for target in notice.targets:
        if target.id in gold:
            found = Counter((float(i.value), i.unit) for i in target.indicators if i.when == "year")
            listed = gold[target.id]["indicators"]
            assert found == Counter((float(i["value"]), i["unit"]) for i in listed), target.id


def test_evidence_stands_in_its_own_cell(notice: Document) -> None:
    for target in notice.targets:
        cells = {c.name: c.span for c in target.row.cells()}
        for one in target.indicators:
            cell = cells["text" if one.when == "year" else one.when]
            for span in one.evidence:
                assert cell.holds(span)
                assert notice.text[span.start : span.end] == span.quote
                assert one.as_written in folded(Passage.of(span).text)


CELL = st.text(alphabet="甲乙路,,。;;:(())《》“”完成1２3.%个家年\n 、", max_size=40)


@given(CELL.filter(lambda said: said.strip()))
def test_clauses_keep_their_place(said: str) -> None:
    """Clauses of any cell are at their offsets, in order, without overlap."""
    passage = Passage.of(Span(5, 5 + len(said), said))
    found = clauses(passage)
    text = folded(passage.text)
    assert all(text[c.start : c.end] == c.text for c in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert len(sheltered(text)) == len(text)
    for figure in figures(passage.text):
        assert folded(passage.text)[figure.start : figure.end] == figure.as_written


SERIES = st.lists(st.integers(2, 99), min_size=2, max_size=4)


@given(st.lists(SERIES, min_size=14, max_size=20))
def test_a_measure_adds_up_as_it_does_alone(series: list[list[int]]) -> None:
    """Among many measures, too, for which the words are looked up in an index."""

    def cells(numbers: list[tuple[int, list[int]]]) -> list[str]:
        names = [f"新建{''.join(chr(0x4E00 + 40 * n + i) for i in range(4))}" for n, _ in numbers]
        return [
            ",".join(
                f"{name}{values[q]}座" for name, (_, values) in zip(names, numbers, strict=True)
                if q < len(values)
            )
            for q in range(4)
        ]  # fmt: skip

    numbered = list(enumerate(series))
    together = indicators_of(row_of("推进建设", *cells(numbered)))
    by_name: dict[str, list[str | None]] = {}
    for one in together:
        by_name.setdefault(one.what, []).append(one.accumulation)
    for number in numbered:
        alone = indicators_of(row_of("推进建设", *cells([number])))
        if sum(number[1]) not in {sum(values) for n, values in numbered if n != number[0]}:
            assert by_name[alone[0].what] == [i.accumulation for i in alone]


@pytest.mark.parametrize(("one", "other"), [("引进科技企业", "引进科技型企业")])
@pytest.mark.parametrize("turned", [False, True])
def test_another_writing_is_found_among_many_measures(one: str, other: str, turned: bool) -> None:
    fillers = "".join(
        f"新建{chr(0x4E00 + 9 * i)}{chr(0x4E01 + 9 * i)}{i + 2}家," for i in range(20)
    )
    first, second = (other, one) if turned else (one, other)
    found = indicators_of(row_of("推进工作", f"{fillers}{first}10家", f"{second}20家"))
    assert [i.accumulation for i in found if "引进" in i.what] == ["cumulative"] * 2
    assert {i.accumulation for i in found if "引进" not in i.what} == {None}


@pytest.mark.parametrize(
    ("text", "quarters", "accumulation"),
    [
        # Another writing of a measure shares three pairs of characters in five with it.
        ("引进企业", ("引进科技企业10家", "引进科技型企业20家"), ["cumulative"] * 2),
        ("引进企业", ("引进科技企业10家", "引进外资项目20家"), [None, None]),
        # The year's number is found by the clause that it is written in, or as its share.
        ("拆除违法建筑40处", ("拆除违法建筑10处", "拆除违法建筑40处"), ["cumulative"] * 3),
        ("种树900株,养花500株", ("种树任务完成30%", "养花任务完成60%"), ["cumulative"] * 4),
    ],
)
def test_another_writing_of_a_measure(
    text: str, quarters: tuple[str, ...], accumulation: list[str | None]
) -> None:
    assert [i.accumulation for i in indicators_of(row_of(text, *quarters))] == accumulation


def test_twice_the_numbers_take_twice_the_steps() -> None:
    """Counted in calls, not in time: no number is compared with each other one."""

    def steps(count: int) -> int:
        said = "".join(f"新建{chr(0x4E00 + i)}{chr(0x5E00 + i)}{i + 2}座," for i in range(count))
        row = row_of("推进建设", said, said.replace("新建", "改建"))
        profile = Profile()
        assert len(profile.runcall(indicators_of, row)) == 2 * count
        profile.create_stats()
        return sum(calls for calls, *_ in profile.stats.values())

    assert steps(800) < 2.5 * steps(400)
