"""Paths in a graph of few things, made by hand: links, order, and what counts."""

from __future__ import annotations

import pytest

from queries.errors import UnknownThing
from queries.model.paths import connected, found, label, network
from queries.model.records import Atlas, Body, Edge, Evidence, Mention, Place, Target


def quote(words: str) -> Evidence:
    return Evidence("src", 0, len(words), words, "", "", "lead")


@pytest.fixture(scope="module")
def few() -> Atlas:
    """A and B share targets 1 and 2; the parcel of target 2 is in a block of a street with an office."""
    targets = [Target(f"t{n}", n, f"题{n}", "", "", "", "", "n", (), None) for n in ("1", "2", "3")]
    one, two, three = targets
    one.edges += [
        Edge("t1", "a", "甲局", "Lead", "", False, "", 1.0, quote("甲局")),
        Edge("t1", "b", "乙局", "Coordinate", "", False, "", 1.0, quote("乙局")),
        Edge("t1", "b", "乙局", "Coordinate", "", False, "", 1.0, quote("乙局二")),
    ]
    two.edges += [
        Edge("t2", "a", "甲局", "Coordinate", "", False, "", 1.0, quote("甲")),
        Edge("t2", "b", "乙局", "Responsible", "", False, "", 1.0, quote("乙")),
    ]
    three.edges += [
        Edge("t3", "a", "甲局", "Lead", "", False, "", 1.0, quote("甲局")),
        Edge("t3", "c", "丙局", "Coordinate", "", True, "各局", 0.9, quote("各局")),
    ]
    two.mentions.append(Mention("t2", "p", "某地块", "Parcel", (quote("某地块"),)))
    places = [
        Place("p", "某地块", "Parcel", ("k",), (), ("x",), ()),
        Place("k", "9街坊", "Block", ("s", "d"), (), (), ("九街坊",)),
        Place("s", "某街道", "Street", ("d",), (), (), ()),
        Place("x", "某厂", "Site", (), ("r",), ("p", "gone"), ()),
        Place("r", "某路", "Road", (), (), (), ()),
        Place("d", "某区", "District", (), (), (), ()),
    ]
    bodies = [
        Body("a", "甲局", "body", "", ("甲委", "乙局"), "", "", ()),
        Body("b", "乙局", "body", "", (), "", "", ()),
        Body("c", "丙局", "body", "", (), "", "", ()),
        Body("o", "某街道办", "street", "", (), "s", "", ()),
        Body("u", "甲局分局", "sub-unit", "", (), "", "a", ()),
        Body("g", "各局", "collective", "", (), "", "", ("c", "b")),
    ]
    return Atlas(
        {t.iri: t for t in targets}, {b.iri: b for b in bodies}, {p.iri: p for p in places},
        {}, {}, {},
    )  # fmt: skip


def test_the_links_of_the_network(few: Atlas) -> None:
    written = {
        frozenset((x, y)): [(k.kind, k.via, k.evidence and k.evidence.quote) for k in data["links"]]
        for x, y, data in network(few, inferred=False).edges(data=True)
    }
    assert written == {
        frozenset(("a", "t1")): [("lead", "", "甲局")],
        frozenset(("b", "t1")): [("coordinate", "", "乙局")],
        frozenset(("a", "t2")): [("coordinate", "", "甲")],
        frozenset(("b", "t2")): [("lead", "", "乙")],
        frozenset(("a", "t3")): [("lead", "", "甲局")],
        frozenset(("t2", "p")): [("named", "", "某地块")],
        frozenset(("p", "k")): [("within", "", None)],
        frozenset(("k", "s")): [("within", "", None)],
        frozenset(("p", "x")): [("samePlace", "", None)],
        frozenset(("x", "r")): [("onRoad", "", None)],
        frozenset(("o", "s")): [("office", "", None)],
        frozenset(("u", "a")): [("unitOf", "", None)],
    }
    far = network(few, inferred=True)
    more = {frozenset(e) for e in far.edges} - set(written)
    assert more == {frozenset(("c", "t3")), frozenset(("c", "g")), frozenset(("b", "g"))}
    assert [k.via for k in far.edges["c", "t3"]["links"]] == ["各局"]


def test_the_shortest_paths_in_the_order_of_the_document(few: Atlas) -> None:
    paths = connected(few, "a", "b")
    assert (paths.start, paths.end, paths.length, paths.count) == ("a", "b", 2, 2)
    assert [[(s.before, s.after) for s in p] for p in paths.paths] == [
        [("a", "t1"), ("t1", "b")], [("a", "t2"), ("t2", "b")],
    ]  # fmt: skip
    assert [link.kind for link in paths.paths[1][1].links] == ["lead"]
    long = connected(few, "u", "o")
    assert long.length == 6
    assert [s.after for s in long.paths[0]] == ["a", "t2", "p", "k", "s", "o"]


def test_nothing_connects(few: Atlas) -> None:
    for end in ("c", "d", "nowhere"):
        none = connected(few, "a", end)
        assert (none.length, none.count, none.paths) == (0, 0, ())
    assert connected(few, "a", "c", inferred=True).length == 2


def test_names_and_labels(few: Atlas) -> None:
    assert [found(few, text, "to") for text in ("甲局", "甲委", "乙局", "9街坊", "九街坊", "2")] == [
        "a", "a", "b", "k", "k", "t2",
    ]  # fmt: skip
    assert [label(few, iri) for iri in ("t1", "a", "p", "z")] == ["1 题1", "甲局", "某地块", "z"]
    with pytest.raises(UnknownThing, match="甲局"):
        found(few, "甲周", "to")
