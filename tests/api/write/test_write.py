"""Writing over HTTP: who may, what it changes, and that each change is a version."""

from __future__ import annotations

import re
from collections.abc import Iterator

import httpx
import pytest
from serving import serving

from api.write.using import Conflict, using
from graph.store.store import Store
from loaders.corpus import publish
from loaders.notice import SHIPPED, read

TOKEN = "口令 with a space"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
GRAPH = {"graph": "http://people.example/notes"}
NOTE = '<http://people.example/1> <http://people.example/says> "街坊" .'.encode()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of the shipped notice that may be written to."""
    made = Store(tmp_path_factory.mktemp("written"))
    publish.publish(made, [publish.contribution(read(SHIPPED), SHIPPED.read_bytes())])
    return made


@pytest.fixture(scope="module")
def client(written: Store) -> Iterator[httpx.Client]:
    settings = {"TIAOKUAI_TOKEN": TOKEN, "TIAOKUAI_MEMORY": "256M"}
    headers = {b"authorization": b"Bearer " + TOKEN.encode()}
    with (
        serving(written.folder, settings) as address,
        httpx.Client(base_url=address, headers=headers, timeout=60) as made,
    ):
        yield made


def count(client: httpx.Client, query: str = COUNT) -> int:
    reply = client.get("/sparql", params={"query": query})
    return int(reply.json()["results"]["bindings"][0]["n"]["value"])


def test_an_update_is_a_version_and_rollback_undoes_it(
    client: httpx.Client, written: Store
) -> None:
    before = written.current()
    assert before is not None
    whole = count(client)
    text = "INSERT DATA { GRAPH <http://people.example/notes> { <http://people.example/0> tk:text '一' } }"
    done = client.post(
        "/update", content=text, headers={"content-type": "application/sparql-update"}
    )
    assert done.status_code == 204
    after = written.current()
    assert after is not None
    assert done.headers["tiaokuai-version"] == after.id != before.id
    assert count(client) == whole + 1
    assert (after.sources, after.graphs) == (before.sources, before.graphs)
    assert count(client, COUNT.replace("{", "FROM <http://people.example/notes> {")) == 1

    again = client.post("/update", data={"update": text})
    assert again.headers["tiaokuai-version"] == after.id, "nothing changed, so no new version"
    cleared = client.post("/update", data={"update": "CLEAR ALL"})
    assert cleared.status_code == 204
    assert count(client) == 0
    assert client.get(f"/v/{before.id}/sparql", params={"query": COUNT}).json()["results"][
        "bindings"
    ][0]["n"]["value"] == str(whole)
    written.rollback(before.id)
    while client.get("/healthz").json()["version"] != before.id:
        pass
    assert count(client) == whole


def test_a_graph_comes_grows_and_goes(client: httpx.Client) -> None:
    turtle = {"content-type": "text/turtle"}
    assert client.get("/graphs", params=GRAPH).status_code == 404
    assert client.put("/graphs", params=GRAPH, content=NOTE, headers=turtle).status_code == 201
    more = b"<http://people.example/2> <http://people.example/says> 1 ."
    assert client.post("/graphs", params=GRAPH, content=more, headers=turtle).status_code == 204
    got = client.get("/graphs", params=GRAPH, headers={"accept": "application/n-triples"})
    assert min(got.text.splitlines()) == NOTE.decode()
    assert len(got.text.splitlines()) == 2
    assert client.put("/graphs", params=GRAPH, content=NOTE, headers=turtle).status_code == 204
    assert client.get(
        "/graphs", params=GRAPH, headers={"accept": "application/n-triples"}
    ).text == (NOTE.decode() + "\n")
    bad = client.put("/graphs", params=GRAPH, content=b"<a> <b>\n  oops .", headers=turtle)
    assert (bad.status_code, bad.json()["line"]) == (400, 2)
    assert client.delete("/graphs", params=GRAPH).status_code == 204
    assert client.delete("/graphs", params=GRAPH).status_code == 404


@pytest.mark.parametrize(
    ("update", "status", "kind"),
    [
        ("INSERT DATA { <a> <b> }", 400, "bad-query"),
        ("LOAD <http://127.0.0.1:1/>", 400, "refused-query"),
        ("INSERT { <http://e/a> <http://e/b> 1 } WHERE { SERVICE <http://127.0.0.1:1/> {} }", 400, "refused-query"),
        ("INSERT DATA { <http://e/a> <http://e/b> " + "[ <http://e/b> " * 5000 + "1" + "]" * 5000 + "}", 400, "refused-query"),
    ],
)  # fmt: skip
def test_an_update_that_is_refused_changes_nothing(
    client: httpx.Client, written: Store, update: str, status: int, kind: str
) -> None:
    before = written.current()
    reply = client.post("/update", data={"update": update})
    assert (reply.status_code, reply.json()["type"].rpartition("/")[2]) == (status, kind)
    assert written.current() == before
    assert count(client) > 0


@pytest.mark.parametrize("depth", [1_000, 100_000])
def test_triples_in_triples_have_an_end(client: httpx.Client, written: Store, depth: int) -> None:
    before = written.current()
    deep = (
        "<http://e/a> <http://e/b> "
        + "<<( <http://e/a> <http://e/b> " * depth
        + "1"
        + " )>>" * depth
        + " ."
    )
    reply = client.put(
        "/graphs", params=GRAPH, content=deep.encode(), headers={"content-type": "text/turtle"}
    )
    assert (reply.status_code, reply.json()["type"].rpartition("/")[2]) == (400, "refused-query")
    assert written.current() == before


def test_data_that_would_take_all_memory_is_given_up(client: httpx.Client, written: Store) -> None:
    before = written.current()
    entities = "".join(f'<!ENTITY e{n + 1} "&e{n};&e{n};">' for n in range(40))
    bomb = (
        f'<!DOCTYPE r [<!ENTITY e0 "aaaaaaaaaaaaaaaa">{entities}]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        '<rdf:Description rdf:about="http://e/s"><e:p>&e40;</e:p></rdf:Description></rdf:RDF>'
    )
    reply = client.put(
        "/graphs", params=GRAPH, content=bomb, headers={"content-type": "application/rdf+xml"}
    )
    assert (reply.status_code, reply.json()["type"].rpartition("/")[2]) == (503, "memory")
    assert written.current() == before
    assert count(client) > 0


def test_who_may_write(client: httpx.Client) -> None:
    assert client.get("/update").status_code == 405
    for token in ("", "Bearer", "Bearer wrong", f"Basic {TOKEN}"):
        headers = {b"authorization": token.encode()}
        reply = client.post("/update", data={"update": "CLEAR ALL"}, headers=headers)
        assert reply.status_code == 401
        assert reply.headers["www-authenticate"].startswith("Bearer")
        assert client.put("/graphs", params=GRAPH, content=NOTE, headers=headers).status_code == 401
    assert count(client) > 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("INSERT { ?s ?p 1 } WHERE { ?s ?p 2 }", "INSERT { ?s ?p 1 } USING <g:> WHERE { ?s ?p 2 }"),
        ("DELETE WHERE { ?s ?p '}' }", "DELETE { ?s ?p '}' } USING <g:> WHERE { ?s ?p '}' }"),
        ("INSERT DATA { <a:> <b:> 'WHERE' }", "INSERT DATA { <a:> <b:> 'WHERE' }"),
        (
            "DELETE {} INSERT {} # WHERE\nWHERE {}; CLEAR ALL; DELETE DATA {}",
            "DELETE {} INSERT {} # WHERE\nUSING <g:> WHERE {}; CLEAR ALL; DELETE DATA {}",
        ),
    ],
)
def test_the_dataset_of_a_request_goes_into_the_update(text: str, wanted: str) -> None:
    assert using(text, ("g:",), ()) == wanted
    assert using(text, (), ()) == text


def test_two_datasets_are_one_too_many() -> None:
    with pytest.raises(Conflict):
        using("WITH <g:> DELETE {} WHERE {}", (), ("h:",))


def test_a_decision_on_the_review_page_makes_a_version(client: httpx.Client) -> None:
    """Named and kept with who; without the token, or of no doubt, nothing changes."""
    page = client.get("/review", headers={"accept": "text/html"}).text
    found = re.search(r'name="id" value="([0-9a-f]{8})"', page)
    assert found
    form = {"id": found[1], "decision": "accept", "who": "张三", "token": TOKEN}
    before = client.get("/healthz").json()
    for wrong, status in (
        ({"token": "no"}, 401),
        ({"decision": "maybe"}, 400),
        ({"id": "nope"}, 400),
    ):
        assert client.post("/review", data={**form, **wrong}).status_code == status
    assert client.get("/healthz").json()["version"] == before["version"]
    reply = client.post("/review", data=form, headers={"accept": "text/html"})
    assert (reply.status_code, reply.headers["location"]) == (303, f"/review?done={found[1]}")
    after = client.get(reply.headers["location"], headers={"accept": "text/html"}).text
    assert f'value="{found[1]}"' not in after
    assert "张三" in after
    cookies = {c.name: c for c in client.cookies.jar}
    assert {c.path for c in cookies.values()} == {"/review"}
    assert TOKEN not in str(cookies)
    assert 'name="token"' not in after  # name and token are asked once a sitting
    assert 'name="who" value="张三"' in after
    second = re.search(r'name="id" value="([0-9a-f]{8})"', after)
    assert second
    again = {"id": second[1], "decision": "accept", "who": "张三"}
    with httpx.Client(base_url=client.base_url, timeout=120) as stranger:
        assert stranger.post("/review", data=again).status_code == 401
        stranger.cookies.update(client.cookies)
        assert stranger.post("/review", data=again).status_code == 200
    assert client.get("/healthz").json()["version"] != before["version"]
