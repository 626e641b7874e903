"""The graph of the shipped notice: traced, each triple once, written and inferred apart."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pyoxigraph
import pytest
from folders import ROOT
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions

from graph.checks.audit import audit
from graph.checks.shacl import results
from graph.exports.document_json import same_groups
from graph.records import Document
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from graph.triples.document import quads_of
from graph.triples.shared import vocabulary
from graph.triples.terms import SAME_PLACE_FROM, plain, zh
from ontology.names import GEO, OA, PREFIXES, RDF, SKOS, TK, Names, address_of, slug

PREF = SKOS["prefLabel"]


def column(snapshot: Snapshot, query: str) -> list[str]:
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    return sorted(s[0].value for s in result)


def test_the_audit_finds_nothing(store: Store, snapshot: Snapshot) -> None:
    """Shapes, every quote at its offsets, milestones in their cells, no triple in two graphs."""
    assert list(audit(snapshot, store.texts(snapshot.version))) == []


def test_the_audit_finds_a_forged_quote(store: Store, snapshot: Snapshot) -> None:
    texts = {
        e.text_id: t.replace("规土局", "规上局") for e, _, t in store.sources(snapshot.version)
    }
    rules = {finding.rule for finding in audit(snapshot, texts)}
    assert {"quote", "hash"} <= rules


_ASSERTED = TK["inferred"], str(Literal(False))


def damaged(snapshot: Snapshot) -> Snapshot:
    """The graph with things that lost a quad, or their class, and some that others wrote."""
    quads = sorted(snapshot.store, key=str)
    store = pyoxigraph.Store()
    store.extend(q for number, q in enumerate(quads) if number % 61)
    theirs = NamedNode("http://example.com/theirs")
    said = (q for q in quads[::611] if q.predicate not in (OA["start"], OA["end"]))
    store.extend(Quad(q.subject, q.predicate, BlankNode(), theirs) for q in said)
    store.extend([Quad(BlankNode(), RDF["type"], TK["Target"], theirs)] * 3)
    return Snapshot(store, snapshot.version)


def test_the_shapes_find_the_same_in_pieces(snapshot: Snapshot) -> None:
    broken = damaged(snapshot)
    whole = Counter(results(broken, 10**9, 10**9))
    assert len({r.path for r in whole}) > 10
    assert {r.violation for r in whole} == {True, False}
    assert Counter(results(broken, 1000, 3000)) == whole


def test_the_audit_finds_triples_in_two_graphs_and_lost_assignments(
    store: Store, snapshot: Snapshot
) -> None:
    quads = list(snapshot.store)
    edges = [q for q in quads if q.predicate == TK["coordinate"]][:3]
    gone = [q for q in quads if q.predicate == TK["lead"]][:2]
    direct = {q.subject for q in quads if (q.predicate, str(q.object)) == _ASSERTED}
    gone += [q for q in quads if q.predicate == TK["role"] and q.subject in direct][:3]
    lies = next(q for q in quads if q.predicate == GEO["sfWithin"])
    made = pyoxigraph.Store()
    made.extend(q for q in quads if q not in gone)
    for graph in (DefaultGraph(), NamedNode("http://example.com/a"), NamedNode("http://e.com/b")):
        made.extend(Quad(q.subject, q.predicate, q.object, graph) for q in edges)
    assert isinstance(lies.object, NamedNode)
    made.extend([Quad(lies.object, lies.predicate, lies.subject, lies.graph_name)])
    found = list(audit(Snapshot(made, snapshot.version), store.texts(snapshot.version)))
    rules = Counter(finding.rule for finding in found)
    assert rules["one-graph"] == len(edges)
    assert rules["assignment"] == len(gone)
    assert {f.subject for f in found if f.rule == "containment"} == {
        str(place)[1:-1] for place in (lies.subject, lies.object)
    }


def test_count_equals_distinct_triples(snapshot: Snapshot) -> None:
    counted = column(snapshot, "SELECT (COUNT(*) AS ?n) {?s ?p ?o}")
    distinct = {(q.subject, q.predicate, q.object) for q in snapshot.store}
    assert counted == [str(len(distinct))]


@pytest.mark.parametrize(
    ("query", "answers"),
    [
        ('SELECT ?n { ?t tk:lead [ skos:prefLabel "规土局"@zh ] ; skos:notation ?n }', ["15", "16", "20", "22", "58"]),
        ('SELECT ?n { ?t tk:location/skos:prefLabel "115街坊"@zh ; skos:notation ?n }', ["15", "16"]),
        ('SELECT ?n { ?t tk:coordinate/skos:prefLabel "外专局"@zh ; skos:notation ?n }', ["4"]),
        ('SELECT ?n { ?t a tk:Target ; skos:notation ?n ; tk:text ?x FILTER(CONTAINS(?x, "马拉松")) }', ["51"]),
        ('SELECT ?l { ?d skos:notation "一" ; a tk:Domain ; skos:prefLabel ?l FILTER(LANG(?l) = "zh") }', ["经济发展"]),
        ("SELECT (COUNT(?s) AS ?n) { ?s a tk:Street ; geo:sfWithin [ a tk:District ] }", ["10"]),
        ('SELECT ?l { ?b org:unitOf/skos:prefLabel "人社局"@zh ; skos:prefLabel ?l }', ["人社局(医保办)"]),
    ],
)  # fmt: skip
def test_questions_in_one_line(snapshot: Snapshot, query: str, answers: list[str]) -> None:
    assert column(snapshot, query) == answers


def test_what_is_inferred_stands_apart(snapshot: Snapshot, notice: Document) -> None:
    names = Names(notice.head.jurisdiction, notice.key, notice.text_id)
    graphs = column(
        snapshot, "SELECT DISTINCT ?g { GRAPH ?g { ?a a tk:Assignment ; tk:inferred true } }"
    )
    assert graphs == [names.inferred]
    graphs = column(
        snapshot, "SELECT DISTINCT ?g { GRAPH ?g { ?t tk:lead|tk:coordinate|tk:location ?x } }"
    )
    assert graphs == [names.asserted]


def test_one_label_and_no_blank_nodes(snapshot: Snapshot) -> None:
    twice = """SELECT ?x { ?x skos:prefLabel ?l BIND(LANG(?l) AS ?in) } GROUP BY ?x ?in
        HAVING(COUNT(DISTINCT ?l) > 1)"""
    assert column(snapshot, twice) == []
    assert column(snapshot, "SELECT ?x { ?x ?p ?o FILTER(ISBLANK(?x) || ISBLANK(?o)) }") == []
    named_twice = """SELECT ?l { ?x skos:prefLabel ?l FILTER(LANG(?l) != "zh")
        FILTER NOT EXISTS { ?x a skos:Concept } FILTER NOT EXISTS { ?x a skos:ConceptScheme } }"""
    assert column(snapshot, named_twice) == []


def test_every_term_is_in_the_vocabulary(snapshot: Snapshot) -> None:
    """The vocabulary explains each tk: term of the graph in two languages."""
    home = PREFIXES["tk"]
    used = {
        node.value
        for quad in snapshot.store
        for node in (quad.predicate, quad.object)
        if getattr(node, "value", "").startswith(home) and node != Literal(home)
    }
    assert used <= {getattr(quad.subject, "value", "") for quad in vocabulary()}
    untold = """SELECT ?x { ?x a ?kind FILTER(?kind IN (rdfs:Class, rdf:Property)) OPTIONAL {
        ?x rdfs:label ?zh, ?en ; rdfs:comment ?czh, ?cen
        FILTER(LANG(?zh) = "zh" && LANG(?en) = "en" && LANG(?czh) = "zh" && LANG(?cen) = "en") }
        FILTER(!BOUND(?zh)) }"""
    assert column(snapshot, untold) == []


SCRIPT = """
import hashlib
from graph.triples.document import quads_of
from loaders.notice import SHIPPED, read
print(hashlib.sha256("\\n".join(sorted(map(str, quads_of(read(SHIPPED))))).encode()).hexdigest())
"""


def test_two_builds_are_equal_line_by_line() -> None:
    """Under two hash seeds: nothing depends on the order of a set."""
    found = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert len(found.pop().strip()) == len(hashlib.sha256().hexdigest())


def test_slugs_keep_iris_readable() -> None:
    assert slug("71街坊 1/2丘") == "71街坊1／2丘"
    group = address_of(Names("上海市长宁区").thing("集合", "各街(镇)"))
    assert group.endswith("id/上海市长宁区/集合/各街（镇）")


@given(st.text())
def test_a_literal_is_written_as_the_store_writes_it(text: str) -> None:
    """Lines that mean the same are the same: a triple of two documents is found by its line."""
    assert plain(text).decode() == f"{Literal(text)} "
    assert zh(text).decode() == f"{Literal(text, language='zh')} "


@pytest.mark.parametrize(("confidence", "same"), [("0.7", True), ("0.69", False), ("0.71", True)])
def test_two_names_are_one_place_from_the_threshold_on(
    notice: Document, confidence: str, same: bool
) -> None:
    """At 0.7 exactly too, in all three answers: samePlace, locationAll, and groups in JSON."""
    named = [{p.name for p in t.places} for t in notice.targets]
    link = next(
        one
        for one in notice.links
        if one.confidence >= SAME_PLACE_FROM
        and any({one.left, one.right} & n == {one.left} for n in named)
    )
    changed = replace(notice, links=(replace(link, confidence=Decimal(confidence)),))
    quads = {(q.subject, q.predicate, q.object) for q in quads_of(changed)}
    labels = ((s, o) for s, p, o in quads if p == PREF and isinstance(o, Literal))
    label = {o.value: s for s, o in labels}
    left, right = label[link.left], label[link.right]
    assert ((left, TK["samePlace"], right) in quads) is same
    assert ((right, TK["samePlace"], left) in quads) is same
    assert bool(same_groups(changed.links)) is same
    here, there, reached = (
        {s for s, p, o in quads if (p, o) == edge}
        for edge in (
            (TK["location"], left), (TK["location"], right), (TK["locationAll"], right),
        )
    )  # fmt: skip
    only = {s for s in here - there if (s, RDF["type"], TK["Target"]) in quads}
    assert only
    assert (only <= reached) is same
    assert bool(only & reached) is same
