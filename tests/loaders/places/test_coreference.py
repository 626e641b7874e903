"""The same spot under two names: in a phrase, across rows, and what must stay apart."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from itertools import combinations

import pytest
from folders import TESTS

from graph.exports.document_json import same_groups
from graph.records import Assignment, Cell, Document, PlaceLink, Row, Span, Target
from loaders.places.coreference import links_of
from loaders.places.find import learnt, places_of
from ontology.places import place_names

HERE = TESTS
SURE = Decimal("0.7")


def targets(*rows: tuple[str, str, str]) -> list[Target]:
    """Rows of a target text, a first-quarter cell (may be empty) and a lead body."""
    read, at = [], 0
    for number, (text, quarter, lead) in enumerate(rows, 1):
        cells = []
        for name, content in (("text", text), ("q1", quarter), ("lead", lead)):
            span = Span(at, at + max(len(content), 1), content or " ")
            cells.append(Cell(name, span))  # type: ignore[arg-type]
            at = span.end + 1
        first = cells[1] if quarter else None
        whole = Span(cells[0].span.start, at, "x" * (at - cells[0].span.start))
        row = Row(
            str(number), str(number), whole, None, None, cells[0],
            (first, None, None, None), cells[2], None,
        )  # fmt: skip
        read.append((row, Assignment("lead", lead, lead, cells[2].span, 1)))
    names = learnt([row for row, _ in read], place_names("某市某区"))
    return [Target(row, (lead,), places_of(row, names)) for row, lead in read]


def sure(links: Iterable[PlaceLink]) -> set[frozenset[str]]:
    return {frozenset((link.left, link.right)) for link in links if link.confidence >= SURE}


def pairs(*groups: str) -> set[frozenset[str]]:
    return {frozenset(p) for group in groups for p in combinations(group.split(), 2)}


def test_notice(notice: Document) -> None:
    """The groups that people made, no pair more and no pair less."""
    wanted: set[frozenset[str]] = set()
    for file in ("gold/changning-2019.part.json", "expected/places-changning-2019.json"):
        for group in json.loads((HERE / file).read_text(encoding="utf-8"))["same"]:
            wanted |= {frozenset(pair) for pair in combinations(group["members"], 2)}
    assert sure(notice.links) == wanted
    members = {frozenset(group["members"]) for group in same_groups(notice.links)}
    assert {frozenset(p) for group in members for p in combinations(group, 2)} == wanted


def test_a_block_is_never_a_building_in_it(notice: Document) -> None:
    kinds = {p.name: p.kind for t in notice.targets for p in t.places}
    for group in same_groups(notice.links):
        found = {kinds[name] for name in group["members"]}
        assert not {"block", "site"} <= found
        assert sum(kinds[name] == "block" for name in group["members"]) <= 1


def test_links_say_why_and_where(notice: Document) -> None:
    for link in notice.links:
        assert link.reason
        assert link.evidence
        assert 0 < link.confidence <= 1
        assert all(notice.text[e.start : e.end] == e.quote for e in link.evidence)


SAME = [
    ("a lot and its bracket", [("8街坊3/1丘(宝华地块)出让", "", "甲")], ["8街坊3/1丘 宝华地块"]),
    ("lot, address, name in one run", [("8街坊3丘长乐路5号东方钟厂收储", "", "甲")],
     ["8街坊3丘 长乐路5号 东方钟厂"]),
    ("the only plot of a block", [("8街坊(Ⅱ-B-03长乐路富民路路口)出让", "", "甲")],
     ["8街坊 Ⅱ-B-03 长乐路富民路路口"]),
    ("one proper name in two rows",
     [("完成宝华地块出让", "宝华地块出让", "甲"), ("推进更新", "宝华厂区块完成出让", "乙")],
     ["宝华地块 宝华厂区块"]),
    ("a number, and the number with a name",
     [("9街坊(莘庄12号)出让", "", "甲"), ("莘庄12号红旗地块收地", "", "甲")],
     ["9街坊 莘庄12号 莘庄12号红旗地块"]),
    ("a slip of one character, the same bodies",
     [("推进长宁乐路45弄", "", "甲"), ("长乐路45弄改造、推进长宁乐路", "", "甲")],
     ["长宁乐路45弄 长乐路45弄"]),
    ("one line under two words", [("轨交15号线", "", "甲"), ("轨道交通15号线", "", "乙")],
     ["轨交15号线 轨道交通15号线"]),
]  # fmt: skip

APART = [
    ("a block and a building", [("8街坊(长风市场)、9街坊莫泰酒店收储", "", "甲")]),
    ("a block that holds two plots",
     [("8街坊(C3长乐路地块)出让", "", "甲"), ("8街坊天山派出所收地", "", "甲")]),
    ("one name for two lots", [("8街坊1/2、16/2丘(褐石花园)商办项目", "", "甲")]),
    ("a parcel and what it holds", [("武夷路3号地块:飞乐厂区块完成出让;皮肤病医院区块更新", "", "甲")]),
    ("two numbers", [("莘庄12号土地出让", "", "甲"), ("莘庄24号地块收地", "", "甲")]),
    ("a direction is no slip", [("推进天山路8弄", "", "甲"), ("推进天山西路8弄", "", "甲")]),
    ("another house number", [("推进长乐路8弄", "", "甲"), ("推进长安乐路9弄", "", "甲")]),
    ("a block whose plot has a building's name",
     [("8街坊(莘庄12号)出让", "", "甲"), ("莘庄12号地块(红星大厦)收地", "", "甲")]),
]  # fmt: skip


@pytest.mark.parametrize(("what", "rows", "groups"), SAME, ids=[case[0] for case in SAME])
def test_same(what: str, rows: list[tuple[str, str, str]], groups: list[str]) -> None:
    assert sure(links_of(targets(*rows))) == pairs(*groups)


@pytest.mark.parametrize(("what", "rows"), APART, ids=[case[0] for case in APART])
def test_apart(what: str, rows: list[tuple[str, str, str]]) -> None:
    kinds = {p.name: p.kind for t in targets(*rows) for p in t.places}
    found = sure(links_of(targets(*rows)))
    if what.startswith("a block whose"):
        assert all("block" not in {kinds[name] for name in pair} for pair in found)
    else:
        assert found == set()


@pytest.mark.parametrize(
    ("rows", "confidence"),
    [
        # Quarters and bodies in common each make one name in two rows surer.
        ([("宝华地块出让", "", "甲"), ("宝华厂区块出让", "", "乙")], "0.75"),
        ([("宝华地块出让", "", "甲"), ("宝华厂区块出让", "", "甲")], "0.80"),
        ([("推进", "宝华地块出让", "甲"), ("推进", "宝华厂区块出让", "乙")], "0.85"),
        ([("推进", "宝华地块出让", "甲"), ("推进", "宝华厂区块出让", "甲")], "0.90"),
        # A number that a longer name begins with.
        ([("莘庄12号收地", "", "甲"), ("莘庄12号红旗地块收地", "", "乙")], "0.8"),
        # The beginning of a name alone needs both, and stays below the threshold.
        ([("推进", "临空红旗地块出让", "甲"), ("推进", "临空红旗东方地块出让", "甲")], "0.6"),
        ([("临空红旗地块出让", "", "甲"), ("临空红旗东方地块出让", "", "甲")], None),
        ([("推进", "临空红旗地块出让", "甲"), ("推进", "临空红旗东方地块出让", "乙")], None),
        ([("推进", "红旗地块出让", "甲"), ("推进", "红旗东方地块出让", "甲")], None),
        ([("宝华地块出让", "", "甲"), ("华宝地块出让", "", "甲")], None),
    ],
)
def test_how_sure_a_common_name_is(
    rows: list[tuple[str, str, str]], confidence: str | None
) -> None:
    found = [link.confidence for link in links_of(targets(*rows))]
    assert found == ([Decimal(confidence)] if confidence else [])


def test_a_name_beside_several_lots_is_only_proposed_for_each() -> None:
    """It is larger than any of them; beside one lot in two rows it is sure."""
    several = targets(
        ("8街坊3/1丘(宝华地块)出让", "", "甲"), ("9街坊2/1丘(宝华地块)收储", "", "乙")
    )
    found = {
        frozenset((k.left, k.right)): k
        for k in links_of(several)
        if "宝华地块" in (k.left, k.right)
    }
    assert {lot for pair in found for lot in pair - {"宝华地块"}} == {"8街坊3/1丘", "9街坊2/1丘"}
    assert all(k.confidence < SURE and "不止一处" in k.reason for k in found.values())
    one = targets(("8街坊3/1丘(宝华地块)出让", "", "甲"), ("8街坊3/1丘(宝华地块)收储", "", "乙"))
    assert sure(links_of(one)) == pairs("8街坊3/1丘 宝华地块")


@pytest.mark.parametrize(
    ("one", "other", "linked"),
    [
        ("长宁乐路45弄", "长乐路45弄", True),
        ("长乐路45弄", "长宁乐路45弄", True),
        ("长乐安路45弄", "长乐宁路45弄", True),
        ("安乐路45弄", "宁乐路45弄", False),
        ("长乐路45弄", "长乐路46弄", False),
        ("长乐路45弄", "长乐路46号", False),
        ("长宁安乐路45弄", "长乐路45弄", False),
        ("长东乐路45弄", "长乐路45弄", False),
        ("天山东路8弄", "天山西路8弄", False),
    ],
)
def test_a_slip_is_one_character_of_a_road_with_the_same_house(
    one: str, other: str, linked: bool
) -> None:
    found = links_of(targets((f"推进{one}", "", "甲"), (f"推进{other}", "", "甲")))
    names = [{link.left, link.right} for link in found if "误写" in link.reason]
    assert names == ([{one, other}] if linked else [])


def test_a_slip_without_a_common_body_is_only_proposed() -> None:
    rows = targets(("推进长宁乐路45弄", "", "甲"), ("推进长乐路45弄", "", "乙"))
    assert [link.confidence < SURE for link in links_of(rows)] == [True]
