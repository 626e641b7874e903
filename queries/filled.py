"""A question of the catalogue as a query that stands by itself, its parameters put in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import Literal

from graph.snapshot import Snapshot
from ontology.names import XSD
from queries.catalogue import question, term

_WHERE = re.compile(r"\bWHERE \{")


def filled(snapshot: Snapshot, name: str, given: Mapping[str, str]) -> str:
    """The query with each parameter bound in a VALUES clause where its WHERE begins.

    Raises UnknownQuestion, BadParameter, UnknownThing.
    """
    asked = question(name)
    lines = []
    for parameter in asked.params:
        value = term(snapshot, parameter, given.get(parameter.name, parameter.default))
        whole = isinstance(value, Literal) and value.datatype == XSD["integer"]
        shown = value.value if isinstance(value, Literal) and whole else value
        lines.append(f"  VALUES ?{parameter.name} {{ {shown} }}")
    text = "\n".join(line for line in asked.query.splitlines() if not line.startswith("#+"))
    if lines:
        text = _WHERE.sub("WHERE {\n" + "\n".join(lines).replace("\\", "\\\\"), text, count=1)
    return f"# {asked.summary_zh}\n{text}\n"
