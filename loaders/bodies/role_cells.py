"""Cells of a table that name the lead in words: `市发改委（牵头）、市财政局`, `A牵头，B配合`.

A rule that the notice states once for a column of responsible bodies (排名第一位的为牵头单位) does
the same. Bodies without such words keep the role of the column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from graph.records import Assignment, Cell, Row, Span
from loaders.bodies.roles import Basis, RoleClause, RoleRule, bare, duty
from loaders.bodies.segmentation import BRACKETS
from loaders.lexicon.roles import LABEL
from loaders.text.brackets import brackets

_SAID = re.compile(r"牵头|配合|协办|主办|主责|协助|参与|[*＊★☆▲△#]")


def spoken(text: str, cell: Cell, rule: RoleRule) -> tuple[tuple[Assignment, ...], Basis] | None:
    """The assignments by the words of a cell, and their basis; None for a mere list.

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


def without_role_bracket(text: str, cell: Cell) -> tuple[Cell, RoleClause | None]:
    """Split a title that ends in a bracket of bodies: 医疗健康（牵头单位：省卫生健康委）.

    Return the title alone and what the bracket says; the cell as it is where there is none.
    """
    for pair in brackets(text, cell.span.start, cell.span.end):
        one = duty(text, *pair.inner) if LABEL.match(text, pair.start + 1) else None
        if (
            one is not None
            and one.basis == "marked"
            and text[pair.end : cell.span.end].strip() == ""
        ):
            title = text[cell.span.start : pair.start].rstrip()
            span = Span(cell.span.start, cell.span.start + len(title), title)
            return (replace(cell, span=span) if title else cell), one
    return cell, None


def with_titles_of_groups(text: str, row: Row) -> tuple[Row, tuple[Assignment, ...]]:
    """Read who does what in the brackets of a row's domain and theme, for each of its rows."""
    found: tuple[Assignment, ...] = ()
    domain, theme = row.domain, row.theme
    if domain is not None:
        domain, said = without_role_bracket(text, domain)
        found += _assignments(text, said) if said else ()
    if theme is not None:
        theme, said = without_role_bracket(text, theme)
        found += _assignments(text, said) if said else ()
    return replace(row, domain=domain, theme=theme), found


def beside_leads(
    titled: Sequence[Assignment], found: Sequence[Assignment]
) -> tuple[Assignment, ...]:
    """Join the bodies of a row to those that the title of its group names.

    Beside a lead, a responsible body supports; each body has one role.
    """
    leads = {a.label for a in titled if a.role == "lead"}
    own = [replace(a, role="coordinate") if a.role == "responsible" else a for a in found]
    every: dict[str, Assignment] = {}
    for one in [*titled, *own] if leads else [*found, *titled]:
        every.setdefault(one.label, one)
    return tuple(every.values())


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
