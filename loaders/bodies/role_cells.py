"""Cells of a table that say who leads in words: `市发改委（牵头）、市财政局`, `A牵头，B配合`.

So does a rule that the notice states once for a column of responsible bodies (排名第一位的为牵头
单位). What the words do not tell apart stays as the column has it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from graph.records import Assignment, Cell, Span
from loaders.bodies.roles import Basis, RoleClause, RoleRule, bare, duty
from loaders.bodies.segmentation import BRACKETS

_SAID = re.compile(r"牵头|配合|协办|主办|主责|协助|参与|[*＊★☆▲△#]")


def spoken(text: str, cell: Cell, rule: RoleRule) -> tuple[tuple[Assignment, ...], Basis] | None:
    """Who does what by the words of a cell, and by what basis; None where it is a mere list.

    `rule` is that of the document, for a column that has no roles of its own.
    """
    marks = rule in ("comma", "semicolon")
    if not marks and not _SAID.search(cell.span.quote):
        return None
    start, end = cell.span.start, cell.span.end
    one = bare(text, start, end, rule if marks else "")
    if one is None or one.basis == "undifferentiated":
        one = duty(text, start, end)
    return (_assignments(text, one), one.basis) if one and one.basis != "undifferentiated" else None


def _assignments(text: str, one: RoleClause) -> tuple[Assignment, ...]:
    found: dict[tuple[str, str], Assignment] = {}
    for named in one.named:
        unit = named.body
        span = Span(unit.start, unit.end, text[unit.start : unit.end])
        label, said = unit.label.translate(BRACKETS), "".join(span.quote.split())
        made = Assignment(
            named.role, label, said, span, len(found) + 1, unit.kind, unit.parent,
            rule="words of a cell",
        )  # fmt: skip
        found.setdefault((named.role, label), made)
    return tuple(found.values())


def ruled(found: Sequence[Assignment], rule: RoleRule) -> tuple[tuple[Assignment, ...], Basis]:
    """Responsible bodies in the roles that a rule of the document gives them: the first leads."""
    if rule not in ("order", "alone"):
        return tuple(found), "undifferentiated"
    leads = 1 if rule == "order" else len(found)
    return tuple(
        replace(a, role="lead" if i < leads else "coordinate") for i, a in enumerate(found)
    ), "by rule"
