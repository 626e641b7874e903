"""Search finds short words, other names, slips and traditional characters, and can be narrowed."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from urllib.parse import quote_plus

import pytest

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.records import Atlas, Body, Place, Target
from queries.model.search import counted, nearest_searches, search
from viz.site import Request, answer


@pytest.mark.parametrize(
    ("words", "kind", "label"),
    [
        ("规土局", "body", "规土局"),
        ("規土局", "body", "规土局"),
        ("规士局", "body", "规土局"),
        ("规划和土地管理局", "body", "规土局"),
        ("科  委", "body", "科委"),
        ("新华街道", "place", "新华路街道"),
        ("115街坊", "place", "115街坊"),
        ("飞乐", "place", "飞乐地块"),
        ("飞东地块", "place", "飞乐地块"),
        ("15", "target", "15 土地出让"),
        ("１１５街坊", "place", "115街坊"),
    ],
)
def test_the_first_hit(snapshot: Snapshot, words: str, kind: str, label: str) -> None:
    first = search(atlas(snapshot), words)[0]
    assert (first.type, first.label) == (kind, label)


def test_an_exact_other_name_is_as_good_as_the_name(snapshot: Snapshot) -> None:
    """It beats names that only hold the words, and brings the targets that the name brings."""
    a = atlas(snapshot)
    things: list[Body | Place] = [*a.bodies.values(), *a.places.values()]
    bearers = Counter(n for t in things for n in (t.label, *t.other_names))
    bearers.update(work.name for work in a.works.values())
    tied = 0
    for thing in things:
        for other in thing.other_names:
            if bearers[other] > 1 or other == thing.label:
                continue
            hits = search(a, other)
            assert hits[0].iri == thing.iri, other
            by_name = {h.iri for h in search(a, thing.label) if h.type == "target" and not h.said}
            assert by_name <= {h.iri for h in hits}, other
            tied += bool(by_name)
    assert tied > 10


def test_a_name_that_holds_an_other_name_comes_later() -> None:
    """临空 is another name of the first body and part of the shorter name of the second."""
    bodies = {
        iri: Body(iri, label, "body", "", others, "", "", ())
        for iri, label, others in (("a", "虹桥商务区管理办公室", ("临空",)), ("b", "临空办", ()))
    }
    hits = search(Atlas({}, bodies, {}, {}, {}, {}), "临空")
    assert [hit.iri for hit in hits] == ["a", "b"]


def test_a_number_is_no_slip(snapshot: Snapshot) -> None:
    assert not [h for h in search(atlas(snapshot), "117街坊") if h.slip]


def test_sentences_are_verbatim_and_marked(snapshot: Snapshot) -> None:
    hits = [h for h in search(atlas(snapshot), "力争") if h.said]
    assert len(hits) > 5
    for hit in hits:
        target = atlas(snapshot).targets[hit.iri]
        cells = [target.text, *(s.text for s in target.steps)]
        for said in hit.said:
            assert said.words == "力争"
            assert any(said.before + said.words + said.after in cell for cell in cells)


def test_several_words_must_all_stand_in_a_row(snapshot: Snapshot) -> None:
    a = atlas(snapshot)
    found = {a.targets[h.iri].id for h in search(a, "规土局 武夷") if h.type == "target"}
    assert "22" in found
    assert "15" not in found


def test_facets_count_what_they_leave(snapshot: Snapshot) -> None:
    a = atlas(snapshot)
    every = search(a, "规土局")
    for facet, counts in counted(every).items():
        for value, n in counts:
            assert len(search(a, "规土局", {facet: value})) == n
    leads = search(a, "规土局", {"role": "lead", "type": "target"})
    assert [a.targets[h.iri].id for h in leads] == ["15", "16", "20", "22", "58"]


def test_suggestions_and_interface_are_the_search(snapshot: Snapshot) -> None:
    reply = answer(snapshot, Request("/search/suggest.json", (("q", "新华"),)))
    labels = [item["label"] for item in json.loads(reply.body)["items"]]
    assert labels[0] == "新华路街道"


def test_a_facet_that_is_not_there_is_named(snapshot: Snapshot) -> None:
    reply = answer(snapshot, Request("/search", (("q", "规土局"), ("role", "boss"))))
    assert reply.status == 400
    assert "role" in reply.body.decode()
    assert "coordinate" in reply.body.decode()


def test_two_words_mean_both_and_a_quarter_is_understood(snapshot: Snapshot) -> None:
    a = atlas(snapshot)
    first = search(a, "规土局 出让")[0]
    assert first.type == "target"
    assert "规土局" in {e.label for e in a.targets[first.iri].edges}
    assert "出让" in a.targets[first.iri].title + a.targets[first.iri].text
    due = [h for h in search(a, "第二季度 新华路") if h.type == "target"]
    assert due
    assert all(a.targets[h.iri].is_due(2) for h in due)


def test_months_and_years_are_understood(snapshot: Snapshot) -> None:
    """A month is one that a quarter's cell names; a year is that of the notice."""
    a = atlas(snapshot)
    april = [a.targets[h.iri] for h in search(a, "4月")]
    assert {t.id for t in april} == {t.id for t in a.targets.values() if _names_april(t)}
    assert len(search(a, "2019年 规土局")) == len(search(a, "规土局"))
    assert not search(a, "2018年 规土局")


def _names_april(target: Target) -> bool:
    return any(re.search(r"(?<!\d)4月", s.text) for s in target.steps if s.quarter == 2)


def test_what_finds_nothing_says_how_it_was_understood_and_what_finds_something(
    snapshot: Snapshot,
) -> None:
    near = nearest_searches(atlas(snapshot), "第三季度 竣工 魑魅")
    assert near[0][0] == "第三季度 竣工"
    assert all(len(search(atlas(snapshot), words)) == n > 0 for words, n in near)
    body = answer(snapshot, Request("/search", (("q", "第三季度 竣工 魑魅"),))).body.decode()
    assert "理解为：季度 第三季度 且 “竣工” 且 “魑魅”" in html.unescape(body)
    assert "q=" + quote_plus("第三季度 竣工") in html.unescape(body)
