"""Search over a graph of few things, made by hand: order, misspellings, sentences, facets."""

from __future__ import annotations

import pytest

from queries.model.records import Atlas, Body, Edge, Mention, Place, Step, Target, Work
from queries.model.search import counted, search, values


def body(iri: str, label: str, *others: str, kind: str = "body", street: str = "") -> Body:
    return Body(iri, label, kind, "", others, street, "", ())


def place(iri: str, label: str, *others: str, kind: str = "Road", within: str = "") -> Place:
    return Place(iri, label, kind, (within,) if within else (), (), (), others)


def target(number: str, title: str, text: str, domain: str, *steps: tuple[int, str, str]) -> Target:
    found = Target(f"t{number}", number, title, text, domain, "", f"主题{number}", "n", (), None)
    found.steps += [Step(q, words, "Done", "", project, None) for q, words, project in steps]
    return found


@pytest.fixture(scope="module")
def few() -> Atlas:
    """Two targets; the second is coordinated by inference only, and named in the first's street."""
    one = target(
        "1", "道路整修", "整修天山路；完成绿化。改造三处公园", "建设", (2, "天山路开工", ""),
        (3, "天山路完工", "某项目"),
    )  # fmt: skip
    two = target("2", "民生服务", "办好天山养老院，改造公园", "民生", (4, "全部完成", ""))
    street = place("s", "天山路街道", kind="Street")
    places = [
        street, place("p", "天山路", within="s"), place("q", "天山支路"), place("k", "115街坊", kind="Block"),
    ]  # fmt: skip
    bodies = [
        body("b", "建设交通委员会", "建交委"), body("o", "天山街道办", kind="street", street="s"),
        body("g", "规划局"), body("u", "规划和土地管理局"),
    ]  # fmt: skip
    one.edges += [
        Edge("t1", "b", "建设交通委员会", "Lead", "建交委", False, "", 1.0, None),
        Edge("t1", "o", "天山街道办", "Coordinate", "", False, "", 1.0, None),
    ]
    two.edges += [
        Edge("t2", "g", "规划局", "Responsible", "", False, "", 1.0, None),
        Edge("t2", "b", "建设交通委员会", "Coordinate", "", True, "各部门", 0.95, None),
    ]
    one.mentions.append(Mention("t1", "p", "天山路", "Road", ()))
    works = {w.iri: w for w in (Work("w", "天山路整修项目", "道路", ("t1", "gone"), ("p",)),)}
    return Atlas(
        {t.iri: t for t in (one, two)}, {b.iri: b for b in bodies}, {p.iri: p for p in places},
        works, {}, {"b": "建设"},
    )  # fmt: skip


def found(few: Atlas, words: str, **chosen: str) -> list[str]:
    return [hit.iri for hit in search(few, words, chosen)]


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        # The whole name, then what begins with it (streets first), holds it, is tied, tells of it.
        ("天山路", ["p", "s", "w", "t1"]),
        ("建交委", ["b", "t1"]),
        ("建设交通委员会", ["b", "t1"]),
        ("规划局", ["g", "t2"]),
        ("公园", ["t1", "t2"]),
        ("1", ["t1", "k"]),
        ("", []),
        (" ", []),
    ],
)
def test_the_order_of_hits(few: Atlas, words: str, hits: list[str]) -> None:
    assert found(few, words) == hits


@pytest.mark.parametrize(
    ("words", "hit"),
    [
        ("建交娄", "b"),  # one of three characters
        ("规局", "g"),  # two characters: the first must be right
        ("划局", None),
        ("规划句", "g"),
        ("规句句", None),
        ("划规", None),
        ("建设交通委员汇", "b"),
        ("建设交通委圆汇", "b"),  # from five characters on, two
        ("建设交同委圆汇", None),
        ("天山支鲁", "q"),
        ("天三支鲁", None),
        ("116街坊", None),  # another number is another block
        ("115街房", "k"),
        ("规", None),
    ],
)
def test_a_misspelling(few: Atlas, words: str, hit: str | None) -> None:
    slips = [h.iri for h in search(few, words) if h.slip]
    assert (slips[0] if slips else None) == hit, slips


def test_nothing_is_misspelt_where_something_is_found(few: Atlas) -> None:
    assert not [h for h in search(few, "规划") if h.slip]
    assert not [h for h in search(few, "天山 路街到") if h.slip]


def test_a_clause_is_verbatim_with_its_cell(few: Atlas) -> None:
    (hit,) = (h for h in search(few, "天山路") if h.iri == "t1")
    assert [(s.cell, s.before, s.words, s.after) for s in hit.said] == [
        ("text", "整修", "天山路", "；"), ("q2", "", "天山路", "开工"),
    ]  # fmt: skip
    (middle,) = (h for h in search(few, "绿化") if h.iri == "t1")
    assert [(s.before, s.words, s.after) for s in middle.said] == [("完成", "绿化", "。")]
    (last,) = (h for h in search(few, "三处") if h.iri == "t1")
    assert [(s.before, s.words, s.after) for s in last.said] == [("改造", "三处", "公园")]


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("天山 公园", ["t1", "t2"]),
        ("公园 养老", ["t2"]),
        ("主题2 公园", ["t2"]),
        ("规划局 公园", ["t2"]),
        ("建设交通委员会 养老", []),  # takes part by inference only
        ("全部 开工", []),
    ],
)
def test_several_words_all_occur_in_a_target(few: Atlas, words: str, hits: list[str]) -> None:
    assert [iri for iri in found(few, words) if iri.startswith("t")] == hits


def test_words_of_the_theme_alone_show_the_text(few: Atlas) -> None:
    (hit,) = search(few, "主题2 规划局")
    assert [(s.words, s.after) for s in hit.said] == [("", "办好天山养老院，改造公园")]


def test_facets_narrow_and_count(few: Atlas) -> None:
    every = counted(search(few, "天山路"))
    assert every["type"] == [("place", 2), ("project", 1), ("target", 1)]
    assert every["domain"] == [("建设", 3)]
    assert every["theme"] == [("主题1", 3)]
    assert every["quarter"] == [("2", 3), ("3", 3)]
    assert every["street"] == [("天山街道办", 3), ("天山路街道", 3)]  # by its office, by a place
    assert found(few, "天山路", type="target") == ["t1"]
    assert found(few, "公园", quarter="4") == ["t2"]
    assert found(few, "建交委", role="lead") == ["b", "t1"]
    assert found(few, "天山街道办", role="coordinate") == ["o", "t1"]
    assert found(few, "天山街道办", role="lead") == []
    assert found(few, "规划局", role="lead") == ["g", "t2"]
    assert found(few, "公园", street="天山路街道") == ["t1"]


def test_the_values_of_facets(few: Atlas) -> None:
    assert values(few, "type") == ["body", "place", "project", "target"]
    assert values(few, "role") == ["coordinate", "lead"]
    assert values(few, "quarter") == ["2", "3", "4"]
    assert values(few, "domain") == sorted(["建设", "民生"])
