"""A SELECT in two halves: an engine matches the pattern, the embedded engine shapes the answer.

Engines differ in how they join strings (Virtuoso loses a separator that is not ASCII, and the
language), compare in a SELECT clause, and name the types of what they compute. So a question that
joins or computes is asked for its solutions; grouping, computing and ordering happen here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import QuerySolutions

from graph.asking import tokens
from ontology.names import PREFIXES

_COMPUTES = re.compile(r"GROUP_CONCAT|SAMPLE|AVG|[-+*/<>=]\s*\?|\bIF\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Halves:
    """The solutions that an engine is asked for, and what is made of them."""

    matching: str
    prologue: str
    select: str
    modifiers: str

    def shaped(self, found: QuerySolutions) -> QuerySolutions:
        """The answer, from the solutions that an engine has found."""
        names: Sequence[str] = [v.value for v in found.variables]
        rows = "\n".join(
            "(" + " ".join("UNDEF" if term is None else str(term) for term in row) + ")"
            for row in found
        )
        given = f"VALUES ({' '.join('?' + n for n in names)}) {{\n{rows}\n}}" if names else ""
        text = f"{self.prologue} {self.select} WHERE {{ {given} }} {self.modifiers}"
        made = pyoxigraph.Store().query(text, prefixes=PREFIXES)
        assert isinstance(made, QuerySolutions)
        return made


def halves(text: str) -> Halves | None:
    """The two halves of a SELECT that joins or computes; None where an engine may do it all."""
    prologue: list[str] = []
    select: list[str] = []
    pattern: list[str] = []
    modifiers: list[str] = []
    part: list[str] = prologue
    depth = 0
    for token in tokens(text):
        if token.startswith("#"):
            part.append("\n")
            continue
        if part is prologue and token.lower() == "select":
            part = select
        elif part is select and token == "{" and not _open(select):
            part = pattern
        part.append(token)
        if part is pattern:
            depth += (token == "{") - (token == "}")
            if not depth:
                part = modifiers
    clause = re.sub(r"\bWHERE\s*$", "", "".join(select), flags=re.IGNORECASE)
    if not pattern or "from" in (t.lower() for t in select) or not _COMPUTES.search(clause):
        return None
    head = "".join(prologue)
    return Halves(f"{head} SELECT * WHERE {''.join(pattern)}", head, clause, "".join(modifiers))


def _open(said: Sequence[str]) -> bool:
    return said.count("(") > said.count(")")
