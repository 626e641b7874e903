"""Entity tags name the version: an answer of one version is never confirmed as that of another."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest
from serving import serving

from graph.records import Document
from graph.store.store import Store
from loaders.corpus import publish
from loaders.notice import SHIPPED

PATHS = [
    "/sparql?query=ASK%20%7B%7D",
    "/sparql?query=SELECT%20%28COUNT%28%2A%29%20AS%20%3Fn%29%20%7B%20%3Ft%20a%20tk%3ATarget%20%7D",
    "/queries/body-leads.json",
    "/queries/body-leads.csv",
    "/q.csv?query=" + quote("SELECT ?n { ?t skos:notation ?n } ORDER BY ?n"),
    "/api/targets?limit=3",
    "/api/bodies/规土局",
    "/views/lead-matrix.svg",
    "/views/lead-matrix.csv",
    "/dump.nq.gz",
    "/",
]
"""Addresses whose answer is the same in both versions, or differs only by the version's name."""


@pytest.fixture(scope="module")
def two_versions(
    notice: Document, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[httpx.Client, str, str]]:
    """A server over a store of two versions, in which only a triple of somebody else differs."""
    made = Store(tmp_path_factory.mktemp("versions"))
    first = publish.publish(made, [publish.contribution(notice, SHIPPED.read_bytes())])
    with (
        serving(made.folder, {"TIAOKUAI_TOKEN": "t"}) as address,
        httpx.Client(base_url=address, timeout=60) as client,
    ):
        added = client.post(
            "/update",
            content="INSERT DATA { GRAPH <http://example.com/g> { <http://example.com/s> tk:note 1 } }",
            headers={"authorization": "Bearer t", "content-type": "application/sparql-update"},
        )
        assert added.is_success, added.text
        current = client.get("/sparql", params={"query": "ASK {}"}).headers["tiaokuai-version"]
        assert current != first.id
        yield client, first.id, current


@pytest.mark.parametrize("path", PATHS)
def test_tags_of_two_versions_differ(
    two_versions: tuple[httpx.Client, str, str], path: str
) -> None:
    client, old, new = two_versions
    tags = []
    for version in (old, new):
        reply = client.get(f"/v/{version}{path}")
        assert (reply.status_code, reply.headers["tiaokuai-version"]) == (200, version)
        again = client.get(f"/v/{version}{path}", headers={"if-none-match": reply.headers["etag"]})
        assert again.status_code == 304
        tags.append(reply.headers["etag"])
    assert tags[0] != tags[1]
    stale = client.get(f"/v/{new}{path}", headers={"if-none-match": tags[0]})
    assert stale.status_code == 200
