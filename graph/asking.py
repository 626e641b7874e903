"""A query as it is sent to an engine that knows nothing of us.

Our prefixes are declared, parameters are bound, and the graphs that the query names are called
as the engine calls them. Strings, comments and IRIs of the query are told apart first, so that
nothing inside them is taken for something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ontology.names import PREFIXES

Term = NamedNode | BlankNode | Literal | Triple

_TOKEN = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!\'\'))*\'\'\''''
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*\'"""
    r"""|<[^<>"{}|^`\\\x00-\x20]*>|\#[^\n]*|[\w.-]*:|[?$]?\w+|\s+|.""",
    re.DOTALL,
)
_QUERY = ("select", "construct", "describe", "ask")


def tokens(text: str) -> Iterator[str]:
    """The words of a query: strings, IRIs and comments whole, the white space too."""
    return (match[0] for match in _TOKEN.finditer(text))


def with_prefixes(text: str) -> str:
    """The query with those of our prefixes declared that it uses and does not declare."""
    used, declared, before = set[str](), set[str](), ""
    for token in tokens(text):
        if token.isspace() or token.startswith("#"):
            continue
        if token.endswith(":") and not token.startswith(("<", '"', "'")):
            (declared if before.lower() == "prefix" else used).add(token[:-1])
        before = token
    wanted = sorted((used - declared) & PREFIXES.keys())
    return "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in wanted) + text


def with_bindings(text: str, bindings: Mapping[str, Term]) -> str:
    """The query with variables bound at the beginning of its outermost pattern.

    A value becomes a term of N-Triples, escaped as such.
    """
    if not bindings:
        return text
    names = " ".join(f"?{name}" for name in bindings)
    row = " ".join(str(term) for term in bindings.values())
    said, depth, begun, done = [], 0, False, False
    for token in tokens(text):
        said.append(token)
        begun = begun or token.lower() in _QUERY
        depth += (token == "(") - (token == ")")
        if token == "{" and begun and not depth and not done:
            said.append(f" VALUES ({names}) {{ ({row}) }}\n ")
            done = True
    return "".join(said)


def with_graphs(text: str, names: Mapping[str, str]) -> str:
    """The query with the graphs after GRAPH and FROM called as `names` has them."""
    said, before = [], ""
    for token in tokens(text):
        if token.startswith("<") and before in ("graph", "from", "named"):
            token = f"<{names.get(token[1:-1], token[1:-1])}>"
        said.append(token)
        if not token.isspace() and not token.startswith("#"):
            before = token.lower()
    return "".join(said)


def form_of(text: str) -> str:
    """What a query is: select, ask, construct or describe.

    >>> form_of("# SELECT?\\nPREFIX ask: <urn:ask> ASK { ?s ask:x 'select' }")
    'ask'
    """
    return next((t.lower() for t in tokens(text) if t.lower() in _QUERY), "select")
