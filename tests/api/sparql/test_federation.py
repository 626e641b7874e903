"""SERVICE: only allowed endpoints are asked; their answers replace the clause."""

from __future__ import annotations

import asyncio
import json
import socket

import pyoxigraph
import pytest
from pyoxigraph import QuerySolutions

from api.http.problems import Problem
from api.settings import Settings
from api.sparql.federation import federated, joined

ENDPOINT = "https://query.example/sparql"


def endpoint(*rows: dict[str, str]) -> bytes:
    """The JSON results of an endpoint with one column, ?name."""
    bindings = [{"name": row} for row in rows]
    return json.dumps({"head": {"vars": ["name"]}, "results": {"bindings": bindings}}).encode()


def test_the_answer_of_an_endpoint_takes_the_place_of_the_clause() -> None:
    asked: list[tuple[str, str]] = []

    def fetch(address: str, query: str) -> bytes:
        asked.append((address, query))
        return endpoint(
            {"type": "literal", "value": '规"土\n局', "xml:lang": "zh"},
            {"type": "literal", "value": "7", "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
            {"type": "uri", "value": "http://e/x"},
            {"type": "bnode", "value": "b0"},
        )  # fmt: skip

    text = (
        f"PREFIX e: <{ENDPOINT.removesuffix('sparql')}> PREFIX x: <http://x/>\n"
        "SELECT ?name { sErViCe SILENT e:sparql { ?s x:name ?name { ?s x:b '}' } } FILTER(true) }"
    )
    result = pyoxigraph.Store().query(joined(text, (ENDPOINT,), fetch))
    assert isinstance(result, QuerySolutions)
    assert [str(row[0]) for row in result] == [
        '"规\\"土\\n局"@zh', '"7"^^<http://www.w3.org/2001/XMLSchema#integer>',
        "<http://e/x>", "<urn:tiaokuai:blank:b0>",
    ]  # fmt: skip
    ((address, query),) = asked
    assert address == ENDPOINT
    assert query.endswith("SELECT * WHERE { ?s x:name ?name { ?s x:b '}' } }")
    assert "PREFIX x: <http://x/>" in query


def test_an_endpoint_that_fails_fails_the_query_unless_it_is_silent() -> None:
    def fetch(address: str, query: str) -> bytes:
        raise OSError("nobody there")

    silent = joined(f"ASK {{ SERVICE SILENT <{ENDPOINT}> {{}} }}", (ENDPOINT,), fetch)
    assert pyoxigraph.Store().query(silent)
    with pytest.raises(Problem) as caught:
        joined(f"ASK {{ SERVICE <{ENDPOINT}> {{}} }}", (ENDPOINT,), fetch)
    assert caught.value.status == 502


@pytest.mark.parametrize(
    "clause",
    [
        "SERVICE <https://query.example/sparql/other> {}",
        "SERVICE <http://query.example/sparql> {}",
        "SERVICE ?where {}",
        f"SERVICE <{ENDPOINT}> {{ SERVICE <{ENDPOINT}> {{}} }}",
        f"SERVICE <{ENDPOINT}> {{}} " * 9,
    ],
)
def test_whoever_is_not_allowed_is_not_asked(clause: str) -> None:
    def fetch(address: str, query: str) -> bytes:
        raise AssertionError("it was asked")

    with pytest.raises(Problem) as caught:
        joined(f"ASK {{ {clause} }}", (ENDPOINT,), fetch)
    assert caught.value.kind == "refused-query"


def test_a_private_address_is_not_asked_even_where_it_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        address = f"http://localhost:{listener.getsockname()[1]}/sparql"
        settings = Settings(services=(address,))
        with pytest.raises(Problem) as caught:
            asyncio.run(federated(f"ASK {{ SERVICE <{address}> {{}} }}", settings))
        assert "private" in caught.value.en
        with pytest.raises(TimeoutError):
            listener.accept()
