"""A question of the catalogue as a query that stands by itself, its parameters put in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import Literal

from graph.store.snapshot import Snapshot
from ontology.names import XSD
from queries.catalogue import question, term

_WHERE = re.compile(r"\bWHERE \{")
_SIDE = re.compile(r"\{(\s+)(?=\?\w+ \S+ \?(\w+) )")
"""Where a group begins with a pattern that ends in a variable."""


def filled(snapshot: Snapshot, name: str, given: Mapping[str, str]) -> str:
    """The query with each parameter bound in a VALUES clause where its WHERE begins.

    So it is in each side of a UNION that begins with it: engines do not carry it in there, and
    would go through the whole graph. (People read this text, so its lines stay as they are;
    `graph.remote.local_shaping` asks an engine each side by itself.)

    Raises UnknownQuestion, BadParameter, UnknownThing.
    """
    asked = question(name)
    clauses = {}
    for parameter in asked.params:
        value = term(snapshot, parameter, given.get(parameter.name, parameter.default))
        whole = isinstance(value, Literal) and value.datatype == XSD["integer"]
        shown = value.value if isinstance(value, Literal) and whole else value
        clauses[parameter.name] = f"VALUES ?{parameter.name} {{ {shown} }}"
    text = "\n".join(line for line in asked.query.splitlines() if not line.startswith("#+"))
    if clauses:
        begin = "WHERE {\n" + "\n".join(f"  {clause}" for clause in clauses.values())
        text = _WHERE.sub(lambda _: begin, text, count=1)
        text = _SIDE.sub(lambda m: m[0] + clauses[m[2]] + m[1] if m[2] in clauses else m[0], text)
    return f"# {asked.summary_zh}\n{text}\n"
