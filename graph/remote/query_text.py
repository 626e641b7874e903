"""A query as sent to a foreign engine.

Our prefixes are declared, parameters are bound, and graphs get the names that the engine has for
them. The query is tokenised first, so that strings, comments and IRIs stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from ontology.names import PREFIXES

Term = NamedNode | BlankNode | Literal | Triple

_TOKEN = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"""|\'\'\'(?:[^'\\]|\\.|'(?!\'\'))*\'\'\''''
    r"""|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*\'"""
    r"""|<[^<>"{}|^`\\\x00-\x20]*>|\#[^\n]*|[\w.-]*:(?:[\w:%-]|\\.|\.(?=[\w:%.\\-]))*|[?$]?\w+|\s+|.""",
    re.DOTALL,
)
NOWHERE = "urn:tiaokuai:nowhere"
"""A graph that never exists."""
_BEHIND = ("where", "group", "having", "order", "limit", "offset", "values")
_QUERY = ("select", "construct", "describe", "ask")


def tokens(text: str) -> Iterator[str]:
    """The words of a query: strings, IRIs, names and comments whole, the white space too."""
    return (match[0] for match in _TOKEN.finditer(text))


def with_prefixes(text: str) -> str:
    """The query with those of our prefixes declared that it uses and does not declare."""
    used, declared, before = set[str](), set[str](), ""
    for token in tokens(text):
        if token.isspace() or token.startswith("#"):
            continue
        if _is_name(token):
            (declared if before.lower() == "prefix" else used).add(token.partition(":")[0])
        before = token
    wanted = sorted((used - declared) & PREFIXES.keys())
    return "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in wanted) + text


def values(bindings: Mapping[str, Term]) -> str:
    """The clause that binds variables; empty where there are none."""
    if not bindings:
        return ""
    names = " ".join(f"?{name}" for name in bindings)
    row = " ".join(str(term) for term in bindings.values())
    return f" VALUES ({names}) {{ ({row}) }}\n "


def with_bindings(text: str, bindings: Mapping[str, Term]) -> str:
    """The query with variables bound at the beginning of its outermost pattern.

    A value becomes a term of N-Triples, escaped as such.
    """
    given = values(bindings)
    if not given:
        return text
    said, depth, begun, done = [], 0, False, False
    for token in tokens(text):
        said.append(token)
        begun = begun or token.lower() in _QUERY
        depth += (token == "(") - (token == ")")
        if token == "{" and begun and not depth and not done:
            said.append(given)
            done = True
    return "".join(said)


def with_graphs(text: str, names: Mapping[str, str]) -> str:
    """Replace the names of graphs in a query by those of `names`.

    A graph is named after GRAPH, FROM and NAMED, as an IRI, a relative one or with a prefix. With
    a variable after GRAPH, the query may name its values anywhere (VALUES, FILTER). A graph of
    other people after FROM counts as empty.
    """
    words = [t for t in tokens(text) if not t.isspace() and not t.startswith("#")]
    anywhere = any(a.lower() == "graph" and b[0] in "?$" for a, b in pairwise(words))
    said, prologue, before = [], Prologue(), ""
    for token in tokens(text):
        iri = None if before in ("prefix", "base") else prologue.iri(token)
        if iri is not None and iri in names and (anywhere or before in ("graph", "from", "named")):
            said.append(f"<{names[iri]}>")
        elif iri is not None and before in ("from", "named"):
            said.append(f"<{NOWHERE}>")
        else:
            said.append(token)
        if not token.isspace() and not token.startswith("#"):
            prologue.hear(token)
            before = token.lower()
    return "".join(said)


def names_graphs(text: str) -> bool:
    """Return whether a query contains GRAPH or FROM, and so distinguishes graphs.

    >>> names_graphs("SELECT ?graph { ?graph ?p 'GRAPH' } # FROM")
    False
    """
    return any(token.lower() in ("graph", "from") for token in tokens(text))


def with_dataset(text: str, default: Sequence[str], named: Sequence[str]) -> str:
    """Add FROM clauses for these graphs, unless the query has its own.

    Parameters of the request would do the same, but Virtuoso repeats them in the headers of its
    answer, which a hundred graphs fill. Only a query with GRAPH gets named graphs.
    """
    words = list(tokens(text))
    lower = [word.lower() for word in words]
    place = _dataset_place(words, lower)
    if "from" in lower[:place]:
        return text
    clause = "".join(f"FROM <{name}>\n" for name in default)
    if "graph" in lower:
        clause += "".join(f"FROM NAMED <{name}>\n" for name in named or [NOWHERE])
    return f"{''.join(words[:place])}\n{clause}{''.join(words[place:])}"


def _dataset_place(words: Sequence[str], lower: Sequence[str]) -> int:
    """The index at which FROM belongs: before the pattern, or after the terms of DESCRIBE."""
    form = next((i for i, word in enumerate(lower) if word in _QUERY), 0)
    at, depth = form + 1, 0
    if lower[form : form + 1] == ["construct"]:
        first = next((i for i in range(at, len(words)) if _speaks(words[i])), at)
        if words[first : first + 1] == ["{"]:  # the template
            for at in range(first, len(words)):
                depth += (words[at] == "{") - (words[at] == "}")
                if not depth:
                    break
            at += 1
    for i in range(at, len(words)):
        depth += (words[i] == "(") - (words[i] == ")")
        if not depth and (words[i] == "{" or lower[i] in _BEHIND):
            return i
    return len(words)


def _speaks(word: str) -> bool:
    return not word.isspace() and not word.startswith("#")


class Prologue:
    """The prefixes and base declared so far; our own prefixes are there from the start."""

    def __init__(self) -> None:
        self._prefixes = dict(PREFIXES)
        self._base = ""
        self._last = ("", "")

    def hear(self, token: str) -> None:
        """One more word of the query."""
        first, second = self._last
        if token.startswith("<"):
            if first.lower() == "prefix" and second.endswith(":"):
                self._prefixes[second[:-1]] = urljoin(self._base, token[1:-1])
            elif second.lower() == "base":
                self._base = urljoin(self._base, token[1:-1])
        self._last = (second, token)

    def iri(self, token: str) -> str | None:
        """The IRI that a word writes; None where it writes none."""
        if token.startswith("<") and token.endswith(">"):
            return urljoin(self._base, token[1:-1]) if self._base else token[1:-1]
        if not _is_name(token):
            return None
        prefix, _, local = token.partition(":")
        start = self._prefixes.get(prefix)
        return None if start is None else start + re.sub(r"\\(.)", r"\1", local)


def _is_name(token: str) -> bool:
    """Return whether a token is a prefixed name."""
    return ":" in token and token[0] not in "<\"'#" and not token.startswith("_:")


def form_of(text: str) -> str:
    """The form of a query: select, ask, construct or describe.

    >>> form_of("# SELECT?\\nPREFIX ask: <urn:ask> ASK { ?s ask:x 'select' }")
    'ask'
    """
    return next((t.lower() for t in tokens(text) if t.lower() in _QUERY), "select")
