"""The questions of the catalogue, each with an answer that a person can check in the notice."""

from __future__ import annotations

import pytest

from graph.store.snapshot import Snapshot
from queries.catalogue import Answer, ask, questions
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
    ("place-targets", {"name": "22街坊"}, ("notation", "way", "through"), [("15", "named", ""), ("15", "within", "22街坊22/1丘"), ("22", "samePlace", "飞乐厂区块")], 3),
    ("place-targets", {"name": "新华街道"}, ("notation", "way"), [("14b", "named"), ("14b", "within"), ("14b", "office"), ("14a", "office"), ("2", "collective")], None),
]  # fmt: skip


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


def test_every_question_has_an_answer_with_its_defaults(snapshot: Snapshot) -> None:
    assert {name for name, *_ in CASES} == set(questions())
    for name, question in questions().items():
        answer = ask(snapshot, name)
        assert answer.rows, name
        assert question.summary
        assert question.summary_zh
        for form in FORMATS.values():
            assert form.write(answer)


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
