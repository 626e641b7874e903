"""Every address in the graph answers: a page for people, RDF in their format for machines."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from graph.store.snapshot import Snapshot
from graph.store.store import Store
from ontology.context import context
from ontology.names import HOME, base
from viz.site import Reply, Request, answer
from viz.web.context import Desk
from viz.web.linked_data import VOCABULARY

TARGET = "/id/上海市长宁区/长府〔2019〕5号/目标/15"
FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "jsonld": RdfFormat.JSON_LD,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
}


def addresses(snapshot: Snapshot) -> set[str]:
    """Every address of ours in the graph, in any position of a quad."""
    return {
        term.value
        for quad in snapshot.store
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name)
        if isinstance(term, NamedNode) and term.value.startswith((base(), HOME))
    }


def asked(snapshot: Snapshot, iri: str, accept: str = "text/html", form: str = "") -> Reply:
    path = "/ns" if iri.startswith(VOCABULARY) else "/" + iri.removeprefix(base())
    params = (("format", form),) if form else ()
    return answer(snapshot, Request(path.partition("#")[0], params, accept=accept))


def test_every_address_has_a_page(snapshot: Snapshot) -> None:
    found = {iri.partition("#")[0] for iri in addresses(snapshot)}
    assert len(found) > 3000
    bad = []
    for iri in sorted(found):
        reply = asked(snapshot, iri)
        if reply.status != 200 or reply.media != "text/html; charset=utf-8":
            bad.append((iri, reply.status))
    assert not bad


def test_every_address_is_described_where_it_answers(snapshot: Snapshot) -> None:
    """A fragment is described by the document in front of its #."""
    documents: dict[str, set[str]] = {}
    for iri in addresses(snapshot):
        documents.setdefault(iri.partition("#")[0], set()).add(iri)
    graphs = {name.value for name in snapshot.store.named_graphs()}
    for document, iris in documents.items():
        reply = asked(snapshot, document, "application/n-triples")
        assert (reply.status, reply.media) == (200, "application/n-triples"), document
        subjects = set(re.findall(r"^<([^>]*)>", reply.body.decode(), re.MULTILINE))
        assert document in graphs or iris - {VOCABULARY} <= subjects, document


@pytest.mark.parametrize("form", FORMATS)
def test_the_formats_say_the_same(snapshot: Snapshot, form: str) -> None:
    plain = asked(snapshot, base() + TARGET[1:], form="nt")
    wanted = {quad.triple for quad in parse(plain.body, format=RdfFormat.N_TRIPLES)}
    reply = asked(snapshot, base() + TARGET[1:], form=form)
    assert {q.triple for q in parse(reply.body, format=FORMATS[form])} == wanted
    evidence = next(iri for iri in addresses(snapshot) if iri.endswith("/证据/8334-8337"))
    spot = asked(snapshot, evidence, form=form)
    triples = {q.triple for q in parse(spot.body, format=FORMATS[form])}
    assert {"8334", "8337"} <= {getattr(t.object, "value", "") for t in triples}


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "text/html"),
        ("*/*", "text/html"),
        ("", "text/html"),
        ("text/turtle", "text/turtle"),
        ("text/html;q=0.3, text/turtle;q=0.9", "text/turtle"),
        ("application/ld+json, text/turtle;q=0.5", "application/ld+json"),
        ("application/json", "application/ld+json"),
        ("application/n-triples;q=0.1, image/png", "application/n-triples"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("text/*;q=0.2, application/n-triples", "application/n-triples"),
    ],
)
def test_the_best_of_what_is_accepted_is_sent(snapshot: Snapshot, accept: str, media: str) -> None:
    reply = answer(snapshot, Request(TARGET, accept=accept))
    assert (reply.status, reply.media.partition(";")[0]) == (200, media)
    assert ("vary", "accept") in reply.headers or media == "text/html"


def test_what_cannot_be_had_names_what_can(snapshot: Snapshot) -> None:
    refused = answer(snapshot, Request(TARGET, accept="image/png"))
    assert (refused.status, refused.media) == (406, "application/problem+json")
    assert "text/turtle" in json.loads(refused.body)["detail"]
    bad = answer(snapshot, Request(TARGET, (("format", "docx"),), accept="application/json"))
    assert bad.status == 400
    assert "jsonld" in json.loads(bad.body)["detail"]
    nobody = answer(snapshot, Request("/id/上海市长宁区/部门/规士局", accept="text/turtle"))
    assert nobody.status == 404
    assert "规土局" in json.loads(nobody.body)["near"]
    none = answer(snapshot, Request("/graph/nothing", accept="text/turtle"))
    assert none.status == 404


def test_a_graph_is_all_that_it_says(snapshot: Snapshot) -> None:
    for name in snapshot.store.named_graphs():
        assert isinstance(name, NamedNode)
        quads = set(snapshot.store.quads_for_pattern(None, None, None, name))
        reply = asked(snapshot, name.value, form="nq")
        assert set(parse(reply.body, format=RdfFormat.N_QUADS)) == quads
        turtle = asked(snapshot, name.value, "text/turtle")
        assert {q.triple for q in parse(turtle.body, RdfFormat.TURTLE)} == {q.triple for q in quads}


def test_the_vocabulary_and_its_context(snapshot: Snapshot) -> None:
    reply = answer(snapshot, Request("/ns", accept="text/turtle"))
    terms = {q.subject.value for q in parse(reply.body, RdfFormat.TURTLE)}
    used = {iri for iri in addresses(snapshot) if iri.startswith(HOME + "ns#")}
    assert used <= terms
    told = json.loads(answer(snapshot, Request("/ns/context.jsonld")).body)
    assert told == {"@context": context()}
    assert told["@context"]["lead"] == "tk:lead"


def test_a_local_server_can_resolve_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a base of its own the things move; the vocabulary never does."""
    home = "http://127.0.0.1:8199/"
    monkeypatch.setenv("TIAOKUAI_BASE", home)
    command = [sys.executable, "-m", "tiaokuai", "build", "--store", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    snapshot = Store(tmp_path).memory()
    things = {iri for iri in addresses(snapshot) if not iri.startswith(HOME + "ns")}
    assert len(things) > 3000
    assert all(iri.startswith(home) for iri in things)
    for iri in sorted(things)[::97]:
        assert asked(snapshot, iri, "text/turtle").status == 200, iri
    assert 'href="/id/' in asked(snapshot, f"{home}id/上海市长宁区/部门/规土局").body.decode()
    assert "tk:Target" in asked(snapshot, home + TARGET[1:], "text/turtle").body.decode()


def test_an_iri_is_a_link_only_where_it_is_a_web_address(snapshot: Snapshot) -> None:
    """The graph may hold an IRI of any scheme, `javascript:` too."""
    desk = Desk(snapshot, "/", (), "zh", "http://127.0.0.1", "")
    assert desk.thing("javascript:alert(1)") == ""
    assert desk.thing("data:text/html,x") == ""
    assert desk.thing("https://example.org/x") == "https://example.org/x"
    assert desk.thing(f"{base()}id/x") == "/id/x"


def test_a_page_follows_the_header_and_a_choice_of_language_stays(snapshot: Snapshot) -> None:
    english = answer(snapshot, Request("/about", language="en")).body.decode()
    assert '<html lang="en">' in english
    assert "lang=en" in english
    chosen = answer(snapshot, Request("/about", (("lang", "zh"),), language="en")).body.decode()
    assert '<html lang="zh-CN">' in chosen
    assert "lang=zh" in chosen
