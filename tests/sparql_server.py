"""A server over the shipped graph with small limits, which several tests ask."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from graph.store import Store

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
    """A server with so many seconds for a query."""
    settings = {
        "TIAOKUAI_DEADLINE": str(deadline),
        "TIAOKUAI_MEMORY": "200M",
        "TIAOKUAI_ROWS": str(ROWS),
        "TIAOKUAI_CORS": "https://maps.example",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "tiaokuai", "serve", "--port", "0", "--workers", "2"],
        env={**os.environ, **settings, "TIAOKUAI_STORE": str(store.folder)},
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        found = next(m[0] for line in lines if (m := re.search(r"http://\S+", line)))
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        yield found
        process.terminate()
        assert process.wait(20) == 0
        drain.join(5)


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=20) as made:
        yield made


def ask(client: httpx.Client, query: str, **given: Any) -> httpx.Response:
    return client.get("/sparql", params={"query": query, **given})
