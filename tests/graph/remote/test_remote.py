"""A store on an engine: a real Virtuoso answers as the embedded store does."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Triple

import tiaokuai
from benchmarks.corpus import notice as numbered
from benchmarks.processes import free_port
from benchmarks.virtuoso import virtuoso
from graph.errors import EngineTrouble
from graph.open import open_store
from graph.records import Document
from graph.remote.bundles import groups
from graph.remote.local_shaping import halves
from graph.remote.parts import read_parts
from graph.remote.query_text import with_bindings, with_graphs, with_prefixes
from graph.remote.store import RemoteStore
from graph.store.readings import Contribution
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from loaders.corpus import publish
from loaders.formats.source import SourceText
from loaders.notice import SHIPPED, read_text
from queries.catalogue import ask, questions

OTHERS = "https://example.org/theirs"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Virtuoso that also holds a graph of other people."""
    with virtuoso(tmp_path_factory.mktemp("virtuoso"), rows=20_000) as (port, _):
        origin = f"http://127.0.0.1:{port}"
        for _ in range(600):
            try:
                httpx.get(f"{origin}/sparql", timeout=5)
                break
            except httpx.HTTPError:
                time.sleep(0.1)
        httpx.put(
            f"{origin}/sparql-graph-crud-auth", params={"graph": OTHERS},
            content=f"<urn:x> a <https://w3id.org/tiaokuai/ns#Target> ; <{OTHERS}> 1 .",
            headers={"content-type": "text/turtle"}, auth=httpx.DigestAuth("dba", "dba"), timeout=60,
        ).raise_for_status()  # fmt: skip
        yield (
            f"sparql+http://dba:dba@127.0.0.1:{port}/sparql"
            "?update=/sparql-auth&graphs=/sparql-graph-crud-auth&auth=digest"
        )


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


@pytest.mark.virtuoso
def test_a_virtuoso_answers_as_the_embedded_store(
    engine: str, home: Path, store: Store, snapshot: Snapshot, notice: Document
) -> None:
    remote = open_store(engine)
    assert isinstance(remote, RemoteStore)
    made = publish.publish(remote, [publish.contribution(notice, SHIPPED.read_bytes())])
    assert made.id == store.current().id  # type: ignore[union-attr]
    theirs = remote.open()
    spots = list(_cells(snapshot, "SELECT DISTINCT ?l { ?s tk:samePlace ?o ; skos:prefLabel ?l }"))
    assert len(spots) > 5
    asked: list[tuple[str, dict[str, str]]] = [
        (n, {}) for n, q in questions().items() if not q.needs_geometry
    ]
    asked += [("place-targets", {"name": place.split('"')[1]}) for (place,) in spots]
    for name, params in asked:
        there, here = ask(theirs, name, params), ask(snapshot, name, params)
        assert (there.columns, there.rows) == (here.columns, here.rows), (name, params)
    for line in (
        'SELECT ?t { ?t tk:lead [ skos:prefLabel "规土局"@zh ] } ORDER BY ?t',
        'SELECT ?t { ?t tk:coordinate/skos:prefLabel "科委"@zh } ORDER BY ?t',
        'SELECT ?t { ?t tk:location/skos:prefLabel "115街坊"@zh } ORDER BY ?t',
        "SELECT ?n ?text { ?t a tk:Target ; skos:notation ?n ; tk:text ?text } ORDER BY ?n ?text",
        "ASK { ?t a tk:Target }",
        "ASK { <urn:x> ?p ?o }",  # theirs is not seen
        "SELECT DISTINCT ?g { GRAPH ?g { ?t a tk:Target } }",
    ):
        assert list(_cells(theirs, line)) == list(_cells(snapshot, line)), line
    with pytest.raises(EngineTrouble, match="cut or broken: it stops after 20000 rows"):
        theirs.query("SELECT ?s { ?s ?p ?o }")

    _commands(engine, home, snapshot)

    # another version, seen at once, and the first one again; nothing of others is touched
    extra = Quad(
        NamedNode("urn:a"), NamedNode("urn:b"), Literal("长“\n\\", language="zh"),
        NamedNode("https://example.org/mine"),
    )  # fmt: skip
    remote.prepare(made)
    second = remote.change(lambda head: head.add(extra))
    assert list(_cells(remote.open(), "SELECT ?o { <urn:a> ?p ?o }")) == [(str(extra.object),)]
    assert list(_cells(theirs, "SELECT ?o { <urn:a> ?p ?o }")) == []
    assert second.quads == made.quads + 1
    remote.rollback(made.id)
    assert remote.remove([second.id]) == [second.id]
    assert remote.client.count("https://example.org/mine") == 0
    assert remote.client.count(OTHERS) == 2

    def half(*_: object) -> None:
        raise EngineTrouble("the engine ended in the midst")

    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(remote.client, "put", half)
        with pytest.raises(EngineTrouble):
            remote.change(lambda head: head.add(extra))
    assert remote.current() == made
    wrong = engine.replace("dba:dba", "dba:wrong")
    elsewhere = {"XDG_DATA_HOME": str(home / "elsewhere")}  # where nothing was built yet
    given = ["build", str(SHIPPED), "--store", wrong]
    done = CliRunner().invoke(tiaokuai.main, given, env=elsewhere)
    assert done.exit_code == 4
    assert done.stderr.count("\n") == 1
    assert "refuses the user or the password" in done.stderr


BUNDLED = "https://w3id.org/tiaokuai/graph/bundle/"


@pytest.mark.virtuoso
def test_documents_share_graphs_where_a_version_has_many(
    engine: str, home: Path, notice: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.remote.bundles.BUNDLES", 3)
    texts = [SHIPPED.read_text(encoding="utf-8"), *(numbered(n, 1) for n in range(1, 8))]
    remote, local = open_store(engine), Store(home / "here")
    assert isinstance(remote, RemoteStore)
    for store in (remote, local):
        made = publish.publish(store, _contributions(texts))
    first, here = remote.must_have(), local.open()
    assert first.id == made.id
    there = remote.open()
    _same(there, here)

    # one document changes, and its bundle alone is sent; where that breaks off, nothing has changed
    sent: list[str] = []
    put = remote.client.put

    def broken(name: str, triples: Iterable[Triple]) -> None:
        put(name, islice(triples, 50))
        sent.append(name)
        raise EngineTrouble("the engine ended in the midst")

    changed = _contributions([texts[3].replace("完成", "推进")])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(remote.client, "put", broken)
        with pytest.raises(EngineTrouble, match="in the midst"):
            publish.publish(remote, changed)
    assert remote.current() == first
    (left,) = sent
    assert remote.client.count(left) == 50

    def noted(name: str, triples: Iterable[Triple]) -> None:
        sent.append(name)
        put(name, triples)

    monkeypatch.setattr(remote.client, "put", noted)
    second = publish.publish(remote, changed)
    # its measures stand in the shared graph, which is sent first, as in the attempt that broke off
    assert [name.startswith(BUNDLED) for name in sent] == [False, False, True]
    assert remote.client.count(left) == 0
    publish.publish(local, changed)
    _same(remote.open(), local.open(), few=True)
    _same(there, here, few=True)

    # an update of a document's graph, with a triple that another graph of its bundle has too
    parts = {p.graph: p for p in read_parts(second) if p.bundle}
    assert set(parts) == {f"{BUNDLED}{n:02}" for n in range(3)}
    bundles = groups(second.graphs, second.sources)
    one, other = next(members for _, members, bundle in bundles if bundle and len(members) > 2)[:2]
    said = next(iter(remote.memory().store.quads_for_pattern(None, None, None, NamedNode(one))))
    doubled = Quad(said.subject, said.predicate, said.object, NamedNode(other))
    third = remote.change(lambda head: head.add(doubled))
    assert third.quads == second.quads + 1
    asked = (
        f"SELECT ?g {{ GRAPH ?g {{ {said.subject} {said.predicate} {said.object} }} }} ORDER BY ?g"
    )
    assert list(_cells(remote.open(), asked)) == [(f"<{g}>",) for g in sorted((one, other))]
    assert remote.remove([first.id, second.id]) == [first.id, second.id]
    held = {p.held for p in read_parts(third)}
    assert set(remote._remembered()) == held  # what only they had is gone from the engine
    assert remote.rollback(third.id) == third


def _contributions(texts: Sequence[str]) -> list[Contribution]:
    return [
        publish.contribution(read_text(SourceText(f"{n}.txt", t.encode(), t, "text/plain")), t.encode())
        for n, t in enumerate(texts)
    ]  # fmt: skip


def _same(there: Snapshot, here: Snapshot, *, few: bool = False) -> None:
    """Compare a version whose documents share graphs with the embedded store."""
    if not few:
        for name in (n for n, q in questions().items() if not q.needs_geometry):
            one, other = ask(there, name), ask(here, name)
            assert (one.columns, one.rows) == (other.columns, other.rows), name
    graph = here.version.sources[3].graphs[0]
    for line in (
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g ORDER BY ?g",
        f"SELECT ?t ?text {{ GRAPH <{graph}> {{ ?t tk:text ?text }} }} ORDER BY ?t ?text",
        f"SELECT ?t ?text FROM <{graph}> {{ ?t tk:text ?text }} ORDER BY ?t ?text",
        f"SELECT ?t FROM NAMED <{graph}> {{ GRAPH ?g {{ ?t tk:text ?text }} }} ORDER BY ?t",
        "SELECT ?t FROM <https://example.org/theirs> { ?t ?p ?o }",
    ):
        assert list(_cells(there, line)) == list(_cells(here, line)), line
    more = there.query("SELECT ?s { ?s ?p ?o }")  # than the engine answers
    assert len(list(more)) == here.version.quads  # type: ignore[arg-type]
    given = {"default_graphs": [NamedNode(graph)]}
    found = [list(s.query("SELECT ?t { ?t tk:text ?x }", **given)) for s in (there, here)]  # type: ignore[arg-type]
    assert [str(r) for r in found[0]] == [str(r) for r in found[1]] != []


def test_each_side_of_a_union_is_asked_alone() -> None:
    text = (
        "SELECT ?x (COUNT(DISTINCT ?a) AS ?n) { OPTIONAL { ?x ?y ?z } "
        "{ ?a ?p ?x { ?q ?r ?s } UNION { } } # UNION\n UNION { ?b ?q ?x } MINUS { ?x ?y 1 } { } UNION { } } "
        "GROUP BY ?x"
    )
    parted = halves(text, {"x": NamedNode("urn:x")})
    assert parted is not None
    given = "VALUES (?x) { (<urn:x>) }"
    assert [" ".join(query.split()) for query in parted.matching] == [
        f"SELECT * WHERE {{ {given} OPTIONAL {{ ?x ?y ?z }} {{ {given} {side} }} "
        "MINUS { ?x ?y 1 } { } UNION { } }"
        for side in ("?a ?p ?x { ?q ?r ?s } UNION { }", "?b ?q ?x")
    ]
    assert halves("SELECT (COUNT(?a) AS ?n) { ?a ?p ?x }", {}) is None
    assert halves("SELECT ?a { { ?a ?p ?x } UNION { ?x ?p ?a } }", {}) is None


def test_a_query_inside_binds_the_parameters_that_it_selects() -> None:
    given = {"x": NamedNode("urn:x"), "y": NamedNode("urn:y")}
    bound = {
        "?s $x": "(?x) { (<urn:x>) }",
        "*": "(?x ?y) { (<urn:x> <urn:y>) }",
        "(COUNT(*) AS ?n) (MAX(?x) AS ?m)": "",
    }
    for selected, clause in bound.items():
        inside = f"SELECT {selected} WHERE {{ ?s ?p ?x , ?y }}"
        parted = halves(f"SELECT (SAMPLE(?s) AS ?t) {{ {{ {inside} }} ?x ?q ?y }}", given)
        assert parted is not None
        (query,) = parted.matching
        said = f"WHERE {{ VALUES {clause} ?s ?p" if clause else "WHERE { ?s ?p"
        assert said in " ".join(query.split())


def _commands(engine: str, home: Path, snapshot: Snapshot) -> None:
    """The commands that ask for more than a query, as on a folder."""

    def run(*given: str) -> str:
        done = CliRunner().invoke(tiaokuai.main, [*given, "--store", engine])
        assert done.exit_code == 0, (given, done.stderr)
        return done.stdout

    found = run("export").encode().splitlines()
    assert sorted(found) == sorted(snapshot.store.dump(format=RdfFormat.N_QUADS).splitlines())  # type: ignore[union-attr]
    doubts = run("review").splitlines()
    assert len(doubts) == 1 + len(ask(snapshot, "review-queue").rows)
    first = run("versions").split()[0]
    run("review", "accept", doubts[3].split("\t")[0])
    second = run("versions").split()[0]
    assert second != first
    assert run("diff", first, second) == run("diff", second, second) == ""  # only a doubt went
    for given in (
        ["check"],
        ["view", "target", "-o", str(home / "target.csv")],
        ["rollback", first],
        ["rebuild"],  # with the decision
    ):
        run(*given)
    assert run("versions").split()[0] == second
    run("rollback", first)


def _cells(snapshot: Snapshot, query: str) -> Iterator[tuple[str, ...]]:
    result = snapshot.query(query)
    if not isinstance(result, QuerySolutions):
        yield (str(bool(result)),)
        return
    for row in result:
        yield tuple(str(term) for term in row)


def test_an_engine_that_is_not_there_ends_with_four(home: Path) -> None:
    store = f"sparql+http://u:secret@127.0.0.1:{free_port()}/sparql"
    done = CliRunner().invoke(tiaokuai.main, ["build", str(SHIPPED), "--store", store])
    assert done.exit_code == 4
    assert "is not there" in done.stderr
    assert "secret" not in done.stderr
    odd = CliRunner().invoke(tiaokuai.main, ["versions", "--store", "sparql+http://h/s?auth=ntlm"])
    assert odd.exit_code == 4


def test_only_what_is_meant_is_written_into_a_query() -> None:
    text = "# GRAPH <a>\nSELECT ?n { GRAPH <a> { ?t tk:text ?n FILTER(?n != 'GRAPH <a> skos:x') } }"
    value = Literal('"} DROP ALL #\\', language="zh")
    made = with_graphs(with_prefixes(with_bindings(text, {"n": value})), {"a": "b"})
    assert made.startswith("PREFIX tk: <https://w3id.org/tiaokuai/ns#>\n# GRAPH <a>\n")
    assert "skos: <" not in made
    assert "GRAPH <b> {" in made
    assert "'GRAPH <a> skos:x'" in made
    assert r'VALUES (?n) { ("\"} DROP ALL #\\"@zh) }' in made
