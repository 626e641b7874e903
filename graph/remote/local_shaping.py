"""A SELECT in two halves: an engine matches the pattern, the embedded engine shapes the answer.

Engines differ in joining strings (Virtuoso loses a separator that is not ASCII, and the
language), in comparisons of a SELECT clause, and in the types of computed values. So a query that
joins or computes is reduced to its solutions; grouping, computing and ordering happen here.
Virtuoso also counts an unbound variable of a UNION as one more, and does not end on large
patterns around a UNION: such a query counts here, and each side of its UNION is sent alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import pyoxigraph
from pyoxigraph import QuerySolutions

from graph.remote.query_text import Term, tokens, values
from ontology.names import PREFIXES

_COMPUTES = re.compile(r"GROUP_CONCAT|SAMPLE|AVG|[-+*/<>=]\s*\?|\bIF\b", re.IGNORECASE)
_COUNTS = re.compile(r"COUNT\s*\(\s*(DISTINCT\s*)?[?$]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Halves:
    """The solutions that an engine is asked for by some queries, and what is made of them all."""

    matching: tuple[str, ...]
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


def halves(text: str, bindings: Mapping[str, Term]) -> Halves | None:
    """The two halves of a SELECT that joins or computes; None where an engine may do it all.

    Variables are bound in each pattern, once more in a side of a UNION, where Virtuoso begins, and
    in a query inside it that selects them: with a value outside only, Virtuoso loses its rows.
    """
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
    given = values(bindings)
    sides = _sides(_bound_inside(pattern[1:-1], bindings), given)
    shaped = _COMPUTES.search(clause) or (len(sides) > 1 and _COUNTS.search(clause))
    if not pattern or "from" in (t.lower() for t in select) or not shaped:
        return None
    head = "".join(prologue)
    asked = tuple(f"{head} SELECT * WHERE {{{given}{side}}}" for side in sides)
    return Halves(asked, head, clause, "".join(modifiers))


def _bound_inside(pattern: Sequence[str], bindings: Mapping[str, Term]) -> list[str]:
    """A pattern in which each query inside it binds those variables that it selects."""
    made: list[str] = []
    told: set[str] | None = None
    depth = 0
    for token in pattern:
        made.append(token)
        if token.lower() == "select":
            told, depth = set(), 0
        elif told is not None:
            depth += (token == "(") - (token == ")")
            if token == "{" and not depth:
                selected = {k: v for k, v in bindings.items() if told & {"*", "?" + k, "$" + k}}
                made.append(values(selected))
                told = None
            elif not depth:
                told.add(token)
    return made


def _sides(pattern: Sequence[str], given: str) -> list[str]:
    """A pattern with each side of its first UNION in place of all: a join goes over each alone."""
    blocks: list[tuple[int, int]] = []
    depth = start = 0
    for i, token in enumerate(pattern):
        if token == "{" and not depth:
            start = i
        depth += (token == "{") - (token == "}")
        if token == "}" and not depth:
            blocks.append((start, i + 1))
    sides: list[tuple[int, int]] = []
    for one, other in pairwise(blocks):
        if "".join(pattern[one[1] : other[0]]).strip().lower() == "union":
            sides = [*(sides or [one]), other]
        elif sides:
            break
    if not sides:
        return ["".join(pattern)]
    before, behind = "".join(pattern[: sides[0][0]]), "".join(pattern[sides[-1][1] :])
    return [f"{before}{{{given}{''.join(pattern[a + 1 : b])}{behind}" for a, b in sides]


def _open(said: Sequence[str]) -> bool:
    return said.count("(") > said.count(")")
