"""A server over the shipped graph with small limits, which several tests ask."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from serving import serving

from graph.store.store import Store

DEADLINE, ROWS = 1.5, 40
LEADS = 'SELECT ?t { ?t tk:lead [ skos:prefLabel "规土局"@zh ] } ORDER BY ?t'
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
QUERY = {"content-type": "application/sparql-query"}


@pytest.fixture(scope="module")
def address(store: Store) -> Iterator[str]:
    """The address of a server over the shipped graph."""
    with served(store, DEADLINE) as found:
        yield found


@contextmanager
def served(store: Store, deadline: float) -> Iterator[str]:
    """A server with a deadline in seconds."""
    settings = {
        "TIAOKUAI_DEADLINE": str(deadline),
        "TIAOKUAI_MEMORY": "200M",
        "TIAOKUAI_ROWS": str(ROWS),
        "TIAOKUAI_CORS": "https://maps.example",
    }
    with serving(store.folder, settings, workers=2) as found:
        yield found


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=20) as made:
        yield made


def ask(client: httpx.Client, query: str, **given: Any) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **given})
