"""What questions of the catalogue answer, for the laws that views are held to."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import QuerySolutions

from graph.store.snapshot import Snapshot
from queries.catalogue import ask
from queries.formats import plain
from viz.views.selection import Drawn

SVG = "{http://www.w3.org/2000/svg}"
Params = Mapping[str, str]


def rows(snapshot: Snapshot, asked: str, columns: str, **params: str) -> list[tuple[str, ...]]:
    """Columns of the answer to a question."""
    answer = ask(snapshot, asked, params)
    at = [answer.columns.index(column) for column in columns.split()]
    return [tuple(plain(row[i]) for i in at) for row in answer.rows]


def select(snapshot: Snapshot, query: str) -> list[tuple[str, ...]]:
    """The rows of a query that no question of the catalogue asks."""
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    return [tuple(plain(term) for term in row) for row in result]


def within(snapshot: Snapshot, params: Params) -> set[str]:
    """The targets of a domain that have a step in a quarter."""
    asked = select(
        snapshot,
        """SELECT ?n ?d ?q { ?t a tk:Target ; skos:notation ?n ; tk:domain/skos:prefLabel ?d .
        ?m tk:target ?t ; tk:due/tk:quarter ?q FILTER(LANG(?d) = "zh") }""",
    )
    domain, quarter = params.get("domain", ""), params.get("quarter", "all")
    return {n for n, d, q in asked if domain in ("", d) and quarter in ("all", q)}


def tips(drawn: Drawn) -> list[str]:
    """The titles of the rectangles of a picture."""
    return re.findall(r"<rect [^>]*><title>([^<]*)</title>", drawn.svg)
