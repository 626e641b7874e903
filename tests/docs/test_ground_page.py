"""The queries of the page on ground, on made ground."""

from __future__ import annotations

import re

import pytest
from folders import ROOT
from pyoxigraph import QuerySolutions

from graph.store.store import Store

PAGE = (ROOT / "docs" / "ground.md").read_text(encoding="utf-8")
QUERIES = re.findall(r"^```sparql\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_a_query_of_ground_answers(grounded: Store, number: int) -> None:
    found = grounded.open().query(QUERIES[number])
    assert isinstance(found, QuerySolutions)
    rows = [[term.value if term else "" for term in row] for row in found]
    assert rows
    assert all(all(row) for row in rows)


def test_what_the_page_says_does_not_work_gives_nothing(grounded: Store) -> None:
    """When an engine learns it, the page should say so."""
    for call in ("geof:area(?w)", 'geof:distance(?w, "POINT(121 31)"^^geo:wktLiteral)'):
        found = grounded.open().query(
            f"SELECT ({call} AS ?n) {{ ?p geo:hasGeometry/geo:asWKT ?w }}"
        )
        assert isinstance(found, QuerySolutions)
        assert all(row["n"] is None for row in found)
