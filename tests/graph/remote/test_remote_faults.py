"""Faults of an engine: each has a name, exit code 4 or status 502, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import httpx
import pyoxigraph
import pytest
from click.testing import CliRunner
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from rich.console import Console
from serving import serving
from sparql_engine import Engine, running

import tiaokuai
from graph.errors import EngineTrouble
from graph.open import open_store
from graph.remote.client import Client
from graph.remote.parts import read_parts
from graph.remote.query_text import with_dataset
from graph.remote.store import RemoteStore
from graph.store.manifest import Version
from loaders.notice import SHIPPED

MINE = "https://example.org/mine"


@pytest.fixture
def engine() -> Iterator[Engine]:
    with running() as made:
        yield made


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of its own."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def remote_at(engine: Engine, more: str = "&graphs=/graphs") -> RemoteStore:
    made = open_store(engine.address(more))
    assert isinstance(made, RemoteStore)
    return made


def quads(count: int, graph: str = MINE) -> list[Quad]:
    """A number of quads in a graph."""
    p, g = NamedNode("http://e/p"), NamedNode(graph)
    return [Quad(NamedNode(f"http://e/{n}"), p, p, g) for n in range(count)]


@pytest.mark.parametrize(
    ("path", "fault", "words"),
    [
        ("/sparql", "html", "answers a page of HTML instead of data (Welcome)"),
        ("/sparql", "500", "answers 500 (out of memory at line 1)"),
        ("/sparql", "503", "answers 503 (shutting down)"),
        ("/sparql", "cut", "its answer breaks off"),
        ("/sparql", "ended", "it ended in the midst"),
        ("/sparql", "slow", "did not answer within 0.5 s"),
        ("/sparql", "401", "refuses the user or the password of u"),
        ("/sparql", "400", "does not take what it is asked (no GROUP_CONCAT here)"),
        ("/sparql", "404", "lacks POST at /sparql"),
        ("/update", "403", "is read only for us at /update"),
        ("/graphs", "404", "lacks PUT at /graphs"),
        ("/graphs", "html", "holds 0 of the"),
    ],
)
def test_each_fault_ends_in_one_line_and_four(
    engine: Engine, home: Path, path: str, fault: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = remote_at(engine)
    first = store.publish([], shared=quads(3), extractor="t")
    monkeypatch.setenv("TIAOKUAI_DEADLINE", "0.5" if fault == "slow" else "60")
    monkeypatch.setattr("graph.remote.client.TRIES", (0.0,))
    engine.faults[path] = fault
    if path == "/sparql":
        given = ["query", "-", "--store", engine.address()]
        done = CliRunner().invoke(tiaokuai.main, given, input="SELECT ?s { ?s ?p ?o }")
    elif path == "/graphs":
        done = CliRunner().invoke(tiaokuai.main, ["rebuild", "--store", engine.address()])
    else:  # the graph that only an old version has goes by an update
        engine.faults = {}
        store.publish([], shared=quads(4), extractor="t")
        engine.faults[path] = fault
        given = ["versions", "--keep", "1", "--store", engine.address()]
        done = CliRunner().invoke(tiaokuai.main, given)
    assert (done.exit_code, done.stderr.count("\n")) == (4, 1), done.stderr
    assert words in done.stderr
    assert "secret" not in done.stderr
    engine.faults = {}
    assert remote_at(engine).memory(first if path == "/graphs" else None).version.quads >= 3


@pytest.mark.parametrize("terminal", [True, False])
def test_a_terminal_shows_how_far_sending_is(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch, terminal: bool
) -> None:
    shown = Console(stderr=True, file=StringIO(), force_terminal=terminal)
    monkeypatch.setattr("commands.build.errors", shown)
    given = ["build", str(SHIPPED), "--store", engine.address()]
    done = CliRunner().invoke(tiaokuai.main, given)
    assert done.exit_code == 0
    said = shown.file.getvalue()  # type: ignore[attr-defined]
    assert [step in said for step in ("publishing", "sending", "100%")] == [terminal] * 3
    assert "sending" not in done.stderr


def test_an_engine_without_the_graph_store_protocol_is_written_by_updates(
    engine: Engine, home: Path
) -> None:
    store = remote_at(engine, "")
    engine.faults["/graphs"] = "404"
    odd = [Quad(q.subject, q.predicate, Literal("长“\n\\{", language="zh")) for q in quads(9)]
    sent = {*quads(5001), *quads(9, f"{MINE}/2"), *odd}
    made = store.change(lambda head: head.extend(sent))
    assert made.quads == len(sent)
    assert set(store.memory().store) == sent


def test_a_query_may_name_a_graph_in_any_way(engine: Engine, home: Path) -> None:
    store = remote_at(engine)
    first = store.publish([], shared=quads(1), extractor="t")
    second = store.publish([], shared=quads(2), extractor="t")
    held = {p.graph: p.held for p in read_parts(second)}
    assert held[MINE] != MINE == read_parts(first)[0].held
    for version, count in ((first, 1), (second, 2)):
        for text in (
            f"SELECT ?s {{ GRAPH <{MINE}> {{ ?s ?p ?o }} }}",
            "PREFIX my: <https://example.org/> SELECT ?s { GRAPH my:mine { ?s ?p ?o } }",
            "BASE <https://example.org/> SELECT ?s { GRAPH <mine> { ?s ?p ?o } }",
            "PREFIX my: <https://example.org/> SELECT ?s FROM my:mine { ?s ?p ?o }",
            "PREFIX my: <https://example.org/> SELECT * FROM NAMED my:mine { GRAPH ?g { ?s ?p ?o } }",
            f"SELECT ?s {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?g = <{MINE}>) }}",
            f"SELECT ?s {{ VALUES ?g {{ <{MINE}> }} GRAPH ?g {{ ?s ?p ?o }} }}",
        ):
            found = store.open(version).query(text)
            assert len(list(found)) == count, text  # type: ignore[arg-type]
        made = store.open(version).query("CONSTRUCT { ?g ?p ?s } { GRAPH ?g { ?s ?p ?o } }")
        assert {t.subject for t in made} == {NamedNode(MINE)}  # type: ignore[union-attr]
    engine.store.extend(quads(9, "https://example.org/theirs"))
    for text in (
        "SELECT ?s FROM <https://example.org/theirs> { ?s ?p ?o }",
        "SELECT ?s FROM NAMED <https://example.org/theirs> { GRAPH ?g { ?s ?p ?o } }",
        "SELECT ?s { GRAPH <https://example.org/theirs> { ?s ?p ?o } }",
    ):
        assert list(store.open(second).query(text)) == [], text  # type: ignore[arg-type]
    asked = "SELECT ?o { ?s ?p ?o FILTER(?o != <https://example.org/mine>) }"
    assert len(list(store.open(second).query(asked))) == 2  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("SELECT (IF(1, 2, 3) AS ?x) { ?s ?p ?o }", "SELECT (IF(1, 2, 3) AS ?x) FROM <a> {"),
        ("ASK WHERE { ?s ?p ?o }", "ASK FROM <a> WHERE {"),
        ("CONSTRUCT { ?s ?p [] } { ?s ?p ?o }", "CONSTRUCT { ?s ?p [] } FROM <a> {"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT FROM <a> WHERE {"),
        ("DESCRIBE <x> LIMIT 1", "DESCRIBE <x> FROM <a> LIMIT 1"),
        ("DESCRIBE <x> # {", "DESCRIBE <x> # { FROM <a>"),
        ("SELECT * { GRAPH ?g { } }", "SELECT * FROM <a> FROM NAMED <b> { GRAPH"),
        ("SELECT * FROM <c> { }", "SELECT * FROM <c> { }"),
    ],
)
def test_a_query_says_which_graphs_it_asks(query: str, asked: str) -> None:
    made = with_dataset(query, ["a"], ["b"])
    pyoxigraph.Store().query(made, base_iri="http://e/")
    assert " ".join(made.split()).startswith(asked)


def test_what_a_writer_left_that_died_goes_with_the_next(
    engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = remote_at(engine)
    first = store.publish([], shared=quads(3), extractor="t")
    put = Client.put

    def half(client: Client, name: str, triples: object) -> None:
        put(client, name, [q.triple for q in quads(1)])
        raise EngineTrouble("the engine ended in the midst")

    monkeypatch.setattr(Client, "put", half)
    with pytest.raises(EngineTrouble, match="in the midst"):
        store.publish([], shared=quads(4), extractor="t")
    monkeypatch.undo()
    monkeypatch.setenv("XDG_DATA_HOME", str(home))
    (left,) = engine.graphs() - {MINE}
    assert store.current() == first
    blank = Quad(BlankNode("a"), NamedNode("http://e/p"), Literal(1), NamedNode(MINE))
    second = store.change(lambda head: head.add(blank))
    assert left not in engine.graphs()
    assert len(engine.graphs()) == 2
    assert store.remove([first.id]) == [first.id]
    assert engine.graphs() == {p.held for p in read_parts(second)}
    assert not any(isinstance(q.subject, BlankNode) for q in store.memory().store)

    # somebody changes what we wrote: it is noticed, and `rebuild` sends it again
    engine.store.remove(next(iter(engine.store)))
    with pytest.raises(EngineTrouble, match="3 of the 4 triples"):
        store.memory()
    store.publish([], shared=quads(5, "http://e/ours"), extractor="t", anew=True)
    assert len(store.memory().store) == 5


def test_a_server_writes_to_the_engine_and_answers_on_without_it(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running() as engine:
        store = remote_at(engine)
        first = store.publish([], shared=quads(3), extractor="t")
        store.change(lambda head: head.extend(quads(4)))
        with (
            serving(engine.address(), {"TIAOKUAI_TOKEN": "t"}, patience=60) as address,
            httpx.Client(base_url=address, timeout=120) as client,
        ):
            _written(client, engine, store)
            engine.faults = dict.fromkeys(("/sparql", "/update", "/graphs"), "html")
            _refused(client, first, "a page of HTML instead of data (Welcome)")
            engine.shutdown()
            engine.server_close()
            _refused(client, first, "is not there")
            with pytest.raises(EngineTrouble, match="is not there"):
                store.publish([], shared=quads(3), extractor="t")


UPDATE = "INSERT DATA { GRAPH <https://example.org/notes> { <http://e/n> tk:text [] } }"
ASKED = {"query": "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"}
RIGHT = {"authorization": "Bearer t"}


def _written(client: httpx.Client, engine: Engine, store: RemoteStore) -> None:
    before = client.get("/sparql", params=ASKED).json()["results"]["bindings"][0]["n"]["value"]
    assert client.post("/update", data={"update": UPDATE}).status_code == 401
    done = client.post("/update", data={"update": UPDATE}, headers=RIGHT)
    assert done.status_code == 204
    assert done.headers["tiaokuai-version"] == store.must_have().id
    after = client.get("/sparql", params=ASKED).json()["results"]["bindings"][0]["n"]["value"]
    assert int(after) == int(before) + 1 == len(store.memory().store)
    bad = client.post("/update", data={"update": "INSERT DATA { <a>"}, headers=RIGHT)
    assert (bad.status_code, bad.json()["line"]) == (400, 1)
    put = {"graph": "https://example.org/put"}
    sent = client.put(
        "/graphs", params=put, content="<urn:a> <urn:b> 1 .",
        headers={**RIGHT, "content-type": "text/turtle"},
    )  # fmt: skip
    assert (sent.status_code, "https://example.org/put" in engine.graphs()) == (201, True)
    assert client.delete("/graphs", params=put, headers=RIGHT).status_code == 204
    assert client.delete("/graphs", params=put, headers=RIGHT).status_code == 404


def _refused(client: httpx.Client, old: Version, words: str) -> None:
    """Requests that need the engine name its fault; the others are answered."""
    english = {"accept-language": "en"}
    for reply in (
        client.post("/update", data={"update": UPDATE}, headers={**RIGHT, **english}),
        client.get(f"/v/{old.id}/sparql", params=ASKED, headers=english),
    ):
        assert reply.status_code == 502
        assert reply.json()["type"].endswith("/problem/remote-engine")
        assert words in reply.json()["detail"]
        assert "secret" not in reply.text
    assert client.get("/sparql", params=ASKED).status_code == 200
    health = client.get("/healthz").json()
    assert health["version"]
