"""The questions of the catalogue, each with an answer that a person can check in the notice."""

from __future__ import annotations

import pytest
from made_ground import touching

from graph.store.snapshot import Snapshot
from graph.store.store import Store
from queries.catalogue import Answer, ask, choices, questions, term
from queries.errors import BadParameter, UnknownQuestion, UnknownThing
from queries.formats import FORMATS, plain


def cells(answer: Answer, *columns: str) -> list[tuple[str, ...]]:
    at = [answer.columns.index(c) for c in columns]
    return [tuple(plain(row[i]) for i in at) for row in answer.rows]


CASES = [
    # name, parameters, columns, rows that must be among the answer, how many rows in all (or None)
    ("body-leads", {"name": "规土局"}, ("notation",), [("15",), ("16",), ("20",), ("22",), ("58",)], 5),
    ("body-coordinates", {"name": "江苏街道"}, ("notation", "inferred"), [("18", "false"), ("22", "false"), ("2", "true")], None),
    ("co-workers", {"name": "外专局"}, ("other", "targets", "notations"), [("商务委", "1", "4"), ("检察院", "1", "4")], 20),
    ("due-in-quarter", {"quarter": "2"}, ("notation", "project"), [("15", "22街坊22/1丘(飞乐地块)土地出让")], None),
    ("same-spot", {"name": "飞乐地块"}, ("notation", "written"), [("15", "飞乐地块"), ("15", "22街坊22/1丘")], None),
    ("within-place", {"name": "115街坊"}, ("quarter", "notation"), [("1", "15"), ("2", "16")], None),
    ("bought-then-sold", {}, ("spot", "boughtIn", "soldIn", "gap"), [("澳华市场", "1", "4", "3"), ("临空12号红双喜地块", "1", "4", "3")], 2),
    ("edge-evidence", {"notation": "15", "name": "规土局"}, ("role", "quote", "start", "end"), [("主责", "规土局", "8334", "8337")], 1),
    ("no-coordinator", {}, ("notation", "lead"), [("15", "规土局"), ("46", "教育局")], 2),
    ("indicators", {}, ("notation", "value", "unit"), [("1", "169.36", "亿元"), ("2", "310", "家"), ("26", "3.1", "万平方米")], None),
    ("agreeing-quarters", {}, ("one", "other", "quarter1", "quarter2", "agree"), [("15", "22", "2", "2", "true")], None),
    ("milestones-by-quarter", {}, ("year", "quarter", "targets"), [("2019", "1", "60"), ("2019", "4", "54")], 4),
    ("asserted-edges", {}, ("notation", "role", "name"), [("46", "主责", "教育局")], None),
    ("unexpanded-collectives", {}, ("name", "targets"), [("各部门", "2"), ("相关街镇", "1")], None),
    ("find-body", {"text": "周桥"}, ("form", "how", "name"), [("周桥街道", "别名", "周家桥街道")], None),
    ("busiest-roads", {}, ("name",), [("新华路",)], None),
    ("body-load", {}, ("name", "leads"), [("建交委", "8")], None),
    ("body-agenda", {"name": "教育局"}, ("quarter", "notation", "role"), [("1", "46", "主责")], None),
    ("joint-leads", {}, ("notation",), [("1",), ("22",), ("28",), ("29",), ("41",), ("58",)], 6),
    ("sub-units", {}, ("unit", "parent", "notation"), [("人社局(医保办)", "人社局", "37")], 7),
    ("part-of-the-year", {}, ("notation", "quarters"), [("51", "1"), ("14a", "3")], 6),
    ("soft-commitments", {}, ("notation", "quarter", "word"), [("32", "4", "力争")], None),
    ("duties-by-year", {"name": "教育局"}, ("year", "role", "notation"), [("2019", "主责", "46")], None),
    ("successors", {}, ("year", "old", "new"), [("2019", "规土局", "规划资源局")], None),
    ("documents", {}, ("year", "layout", "roles", "targets"), [("2019", "flattened table", "marked", "60")], 1),
    ("leads-by-document", {}, ("name", "leads", "coordinates"), [("规土局", "5", "18")], None),
    ("review-queue", {}, ("what", "notation"), [("待核", "49"), ("分工", "2")], None),
    ("targets-about", {"text": "菜市场"}, ("notation", "lead"), [("38", "商务委")], None),
    ("targets-about", {"text": "垃圾分类", "quarter": "2"}, ("quarter", "notation"), [("2", "27"), ("2", "59")], 2),
    ("connections", {}, ("steps", "notation"), [("1", "22")], 1),
    ("connections", {"from": "教育局", "to": "115街坊"}, ("steps", "notation", "through", "notation2"), [("2", "33", "规土局", "16")], 7),
    ("shared-targets", {"names": "建交委、规划资源局，财政局"}, ("notation",), [("3",), ("13",), ("18",), ("23",), ("33",), ("49",), ("50",)], 7),
    ("closest-pairs", {}, ("name", "other", "targets"), [("发改委", "规土局", "15")], None),
    ("not-together", {}, ("other",), [("人社局(医保办)",)], 20),
    ("target", {}, ("part", "quarter", "name"), [("主责", "", "规土局"), ("节点", "2", "22街坊22/1丘(飞乐地块)土地出让"), ("地点", "", "115街坊")], None),
    ("domain-targets", {"quarter": "3"}, ("quarter", "notation", "text"), [("3", "33", "完成目标80%")], 4),
    ("domain-targets", {"item": "housing", "quarter": "3"}, ("notation",), [("31",), ("32",), ("33",), ("34",)], 4),
    ("places-by-kind", {}, ("name", "notations"), [("19街坊", "16"), ("71街坊", "14b 16")], 11),
    ("projects-by-kind", {"stage": "完成"}, ("project", "quarter"), [("115街坊(C3紫云西路娄山关路地块)土地出让", "1"), ("158街坊(澳华市场)土地出让", "4")], 6),
    ("most-coordinators", {}, ("notation", "named", "withMembers"), [("4", "21", "31")], 58),
    ("no-number", {}, ("notation",), [("17",), ("46",), ("51",)], 29),
    ("no-place", {}, ("notation",), [("1",), ("2",)], 39),
    ("bought-not-sold", {}, ("project", "quarter"), [("19街坊太平洋机电收储", "4"), ("115街坊天山派出所收地", "2")], 4),
    ("streets-without-works", {}, ("name", "office", "notations"), [("周家桥街道", "1", "49")], 8),
    ("due-in-month", {}, ("quarter", "notation"), [("2", "23")], 1),
    ("due-in-month", {"month": "九月"}, ("notation",), [("23",), ("45",)], 2),
    ("body-agenda", {"name": "房管局", "quarter": "三季度"}, ("quarter", "notation"), [("3", "32"), ("3", "33")], None),
    ("body-coordinates", {"name": "各街(镇)", "by": "市场监管局"}, ("notation", "lead"), [("42", "市场监管局")], 1),
    ("due-in-quarter", {"quarter": "4", "by": "规土局"}, ("notation", "project"), [("15", "158街坊(澳华市场)土地出让")], 5),
    ("indicators", {"notation": "1"}, ("notation", "value", "unit"), [("1", "169.36", "亿元")], 6),
    ("indicators", {"text": "一般公共预算收入"}, ("notation", "value"), [("1", "169.36")], 6),
    ("within-place", {"name": "愚园路1088弄", "quarter": "3"}, ("quarter", "notation", "text"), [("3", "22", "开工建设")], 1),
    ("within-place", {"name": "临空12号红双喜地块"}, ("quarter", "notation", "way"), [("1", "16", "within"), ("4", "15", "samePlace")], 3),
    ("within-place", {"name": "周桥街道"}, ("notation", "way"), [("49", "office")], 4),
    ("same-spot", {"name": "22街坊"}, ("written", "notation"), [("飞乐厂区块", "22"), ("22街坊22/1丘", "15")], 4),
    ("busiest-roads", {}, ("name", "notations"), [("娄山关路", "15 33 50")], 24),
    ("agreeing-quarters", {}, ("one", "other", "quarter1", "quarter2", "agree"), [("33", "50", "4", "2", "false")], 8),
    ("place-targets", {"name": "22街坊"}, ("notation", "way", "through"), [("15", "named", ""), ("15", "within", "22街坊22/1丘"), ("22", "samePlace", "飞乐厂区块")], 3),
    ("place-targets", {"name": "新华街道"}, ("notation", "way"), [("14b", "named"), ("14b", "within"), ("14b", "office"), ("14a", "office"), ("2", "collective")], None),
]  # fmt: skip

REPORTED = [
    ("progress-by-target", {"notation": "26"}, ("status", "computed", "value", "day"), [("序时推进", "完成", "3.24", "2019-09-25")], 2),
    ("behind-schedule", {}, ("notation", "project", "computed", "late"), [("15", "115街坊(C3紫云西路娄山关路地块)土地出让", "逾期", "2"), ("28", "新泾港沿线51个小区混接改造", "逾期", "1")], None),
    ("behind-schedule", {"asOf": "2019-03-31"}, ("day",), [("2019-03-31",)], None),
    ("overdue-milestones", {"asOf": "2019年3月31日", "by": "规土局"}, ("quarter", "notation", "project", "computed"), [("1", "15", "115街坊(C3紫云西路娄山关路地块)土地出让", "逾期")], 8),
    ("not-reported", {"asOf": "2019-06-25", "by": "建交委"}, ("notation", "lastReport"), [("29", "2019-05-25")], 1),
    ("promise-and-result", {"notation": "1"}, ("measure", "promised", "expected", "value", "unit", "computed"), [("区级一般公共预算收入", "169.36亿元左右", "127.02", "133.2", "亿元", "序时推进")], None),
    ("said-and-computed", {}, ("notation", "project", "words", "computed", "rule"), [("14a", "金地商置华东长宁新华路商办项目", "基本达到", "欠进度", "R5c")], None),
    ("problems-by-body", {"by": "体育局"}, ("notation", "problem"), [("49", "夜间施工受限"), ("50", "用地边界")], 2),
    ("progress-of-place", {}, ("spot", "notation", "quote"), [("49街坊11/3丘", "14b", "延安西路1290弄商业项目正在办理竣工验收手续")], None),
    ("on-time-rate", {"by": "体育局"}, ("name", "due", "onTime", "rate"), [("体育局", "1", "1", "100")], 1),
    ("changed-plans", {}, ("notation", "words", "approved", "reporter"), [("25", "调整", "false", "绿化市容局"), ("53", "【调整】", "true", "虹桥街道")], 2),
    ("history-of-target", {}, ("day", "project", "status"), [("2019-03-31", "凯田路(凯旋路-淮海西路)道路新建工程", "欠进度"), ("2019-06-25", "凯田路(凯旋路-淮海西路)道路新建工程", "完成")], 6),
]  # fmt: skip
"""Questions that reports of progress answer: the same columns, over the made reports."""


GROUNDED = [
    ("street-neighbours", {"name": "江苏路街道"}, ("neighbour", "notation"), [("新华路街道", "22"), ("华阳路街道", "18")], None),
    ("near-place", {"name": "22街坊", "metres": "800"}, ("place", "distance", "notation"), [("22街坊22/1丘", "58", "15"), ("虹桥街道", "43", "14b")], None),
    ("in-polygon", {}, ("place", "whole", "notation"), [("115街坊", "true", "15")], None),
    ("in-polygon", {"polygon": "POLYGON((121.34 31.18,121.345 31.18,121.345 31.21,121.34 31.21,121.34 31.18))"}, ("place", "whole"), [("115街坊", "false")], None),
    ("targets-per-km2", {}, ("name", "km2", "targets"), [("华阳路街道", "1", "7")], 10),
    ("written-against-ground", {}, ("place", "written", "ground"), [("49街坊", "新华路街道", "程家桥街道")], 1),
]  # fmt: skip
"""Questions that need geometry: the same columns, over made ground whose truth is known."""


@pytest.mark.parametrize(
    ("name", "params", "columns", "rows", "count"),
    GROUNDED,
    ids=[f"{c[0]} {' '.join(c[1].values())}" for c in GROUNDED],
)
def test_answers_from_geometry(
    grounded: Store,
    name: str,
    params: dict[str, str],
    columns: tuple[str, ...],
    rows: list[tuple[str, ...]],
    count: int | None,
) -> None:
    test_answers(grounded.open(), name, params, columns, rows, count)


def test_neighbours_are_those_of_the_ground(grounded: Store) -> None:
    answer = ask(grounded.open(), "street-neighbours", {"name": "虹桥街道"})
    truth = {other for pair in touching() if "虹桥街道" in pair for other in pair - {"虹桥街道"}}
    assert {n for (n,) in cells(answer, "neighbour")} == truth


def test_a_question_of_geometry_says_that_there_is_none(snapshot: Snapshot) -> None:
    answer = ask(snapshot, "targets-per-km2")
    assert answer.rows == ()
    assert "places add" in answer.notes[0].zh


@pytest.mark.parametrize(
    ("name", "params", "columns", "rows", "count"),
    REPORTED,
    ids=[f"{c[0]} {' '.join(c[1].values())}" for c in REPORTED],
)
def test_answers_from_reports(
    reported: Store,
    name: str,
    params: dict[str, str],
    columns: tuple[str, ...],
    rows: list[tuple[str, ...]],
    count: int | None,
) -> None:
    test_answers(reported.open(), name, params, columns, rows, count)


@pytest.mark.parametrize(
    ("name", "params", "columns", "rows", "count"),
    CASES,
    ids=[f"{c[0]} {' '.join(c[1].values())}" for c in CASES],
)
def test_answers(
    snapshot: Snapshot,
    name: str,
    params: dict[str, str],
    columns: tuple[str, ...],
    rows: list[tuple[str, ...]],
    count: int | None,
) -> None:
    found = cells(ask(snapshot, name, params), *columns)
    assert set(rows) <= set(found)
    if count is not None:
        assert len(found) == count


@pytest.mark.parametrize(
    ("name", "params", "said", "columns", "rows"),
    [
        ("body-leads", {"name": "卫健委"}, "以“卫计委”作答", ("notation",), [("47",)]),
        ("body-leads", {"name": "区府办"}, "另主责3项（40 56 57）", ("notation",), [("55",)]),
        ("body-leads", {"name": "统计局"}, "配合1项目标（4）", (), []),
        ("body-leads", {"name": "新泾镇"}, "推断涉及", (), []),
        (
            "place-targets",
            {"name": "71街坊1/2、16/2丘"},
            "指71街坊1/2丘、71街坊16/2丘",
            ("name",),
            [("71街坊1/2丘",), ("71街坊16/2丘",)],
        ),
        (
            "place-targets",
            {"name": "261街坊6丘A3-02地块"},
            "指261街坊6丘、A3-02地块",
            ("notation",),
            [("14b",), ("14b",)],
        ),
        ("place-targets", {"name": "49街坊（49街坊11/3丘）"}, "", ("notation",), [("14b",)]),
        (
            "body-leads",
            {"name": "規土局"},
            "",
            ("notation",),
            [("15",), ("16",), ("20",), ("22",), ("58",)],
        ),
    ],
)
def test_an_answer_says_how_a_name_was_understood(
    snapshot: Snapshot,
    name: str,
    params: dict[str, str],
    said: str,
    columns: tuple[str, ...],
    rows: list[tuple[str, ...]],
) -> None:
    """A body that has nothing here is told apart from one that is answered under another name."""
    answer = ask(snapshot, name, params)
    assert cells(answer, *columns) == rows
    assert said in "".join(note.zh for note in answer.notes)
    assert bool(answer.notes) == bool(said)


@pytest.mark.parametrize(
    "name",
    [n for n, q in questions().items() if any(p.is_optional for p in q.params) and not q.needs],
)
def test_an_optional_parameter_narrows(snapshot: Snapshot, name: str) -> None:
    whole = ask(snapshot, name)
    for parameter in questions()[name].params:
        if not parameter.is_optional or not (values := choices(snapshot, parameter.kind)):
            continue
        parts = [ask(snapshot, name, {parameter.name: value}) for value in values[:2]]
        assert all(len(part.rows) <= len(whole.rows) for part in parts)
        assert any(len(part.rows) < len(whole.rows) for part in parts)


def test_every_question_has_an_answer_with_its_defaults(
    snapshot: Snapshot, reported: Store, grounded: Store
) -> None:
    assert {name for name, *_ in (*CASES, *REPORTED, *GROUNDED)} == set(questions())
    by_need = {"": snapshot, "reports": reported.open(), "geometry": grounded.open()}
    for name, question in questions().items():
        answer = ask(by_need[question.needs], name)
        assert answer.rows, name
        assert question.summary
        assert question.summary_zh
        for form in FORMATS.values():
            assert form.write(answer)


def test_without_reports_an_answer_says_that_there_are_none(snapshot: Snapshot) -> None:
    answer = ask(snapshot, "behind-schedule")
    assert answer.rows == ()
    assert [note.zh for note in answer.notes] == [
        "图谱里还没有进展报告；`tiaokuai progress 文件` 读入。"
    ]


def test_a_query_runs_as_it_stands(snapshot: Snapshot) -> None:
    for question in questions().values():
        snapshot.query(question.query)


def test_collective_and_office_are_ways_of_streets_only(snapshot: Snapshot) -> None:
    ways = {way for (way,) in cells(ask(snapshot, "place-targets", {"name": "115街坊"}), "way")}
    assert ways == {"named"} or ways == {"named", "within"}


@pytest.mark.parametrize(
    ("name", "params", "error", "says"),
    [
        ("body-lead", {}, UnknownQuestion, "body-leads"),
        ("body-leads", {"nmae": "规土局"}, BadParameter, "name"),
        ("due-in-quarter", {"quarter": "5"}, BadParameter, "1, 2, 3, 4"),
        ("body-leads", {"name": "规士局"}, UnknownThing, "规土局"),
        ("edge-evidence", {"notation": "99"}, UnknownThing, "99"),
    ],
)
def test_bad_questions_say_what_would_be_right(
    snapshot: Snapshot, name: str, params: dict[str, str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        ask(snapshot, name, params)


def test_every_default_is_a_term(snapshot: Snapshot) -> None:
    """Programs resolve all parameters of a question, those that stay open too."""
    for question in questions().values():
        for parameter in question.params:
            found = term(snapshot, parameter, parameter.default)
            assert bool(plain(found)) != parameter.is_optional
