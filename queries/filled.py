"""A question of the catalogue as a query that stands by itself, its parameters put in."""

from __future__ import annotations

import re
from collections.abc import Mapping

from graph.snapshot import Snapshot
from queries.catalogue import question, term

_WHERE = re.compile(r"\bWHERE \{")


def filled(snapshot: Snapshot, name: str, given: Mapping[str, str]) -> str:
    """The query with each parameter bound in a VALUES clause where its WHERE begins.

    Raises UnknownQuestion, BadParameter, UnknownThing.
    """
    asked = question(name)
    lines = [
        f"  VALUES ?{p.name} {{ {term(snapshot, p, given.get(p.name, p.default))} }}"
        for p in asked.params
    ]
    text = "\n".join(line for line in asked.query.splitlines() if not line.startswith("#+"))
    if lines:
        text = _WHERE.sub("WHERE {\n" + "\n".join(lines).replace("\\", "\\\\"), text, count=1)
    return f"# {asked.summary_zh}\n{text}\n"
