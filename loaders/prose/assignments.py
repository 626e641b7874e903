"""The bodies of a row of prose: bodies in roles become assignments, and what is odd a doubt."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from graph.records import Assignment, Doubt, Span
from loaders.bodies.lists import is_body_name
from loaders.prose.cells import ProseRow


def assigned(text: str, read: ProseRow) -> tuple[Assignment, ...]:
    """The assignments of a row, each body once in each role, in the order in which they stand."""
    found: dict[tuple[str, str], Assignment] = {}
    for named in read.duty.named if read.duty else ():
        unit = named.body
        span = Span(unit.start, unit.end, text[unit.start : unit.end])
        confidence = min(read.sure, _name(unit.label))
        one = Assignment(
            named.role, unit.label, "".join(span.quote.split()), span, len(found) + 1, unit.kind,
            unit.parent, confidence, read.rule,
        )  # fmt: skip
        found.setdefault((named.role, unit.label), one)
    return tuple(found.values())


def doubts_of_bodies(read: ProseRow, said: Sequence[Assignment]) -> list[Doubt]:
    """What a person should look at: names that do not end like a body, rows without a doer."""
    row = read.row
    why = "没有规则能认作部门名称，照原文保留"
    doubts = [
        Doubt(a.evidence, row.id, _cell(a), "unknown-body", why)
        for a in said
        if not is_body_name(a.label)
    ]
    if read.duty is not None and not any(a.role != "coordinate" for a in said):
        doubts.append(Doubt(row.text.span, row.id, "lead", "no-lead", "这一行没有读到主责部门"))
    return doubts


def _name(label: str) -> Decimal:
    return Decimal(1) if is_body_name(label) else Decimal("0.6")


def _cell(one: Assignment) -> str:
    return "coordinate" if one.role == "coordinate" else "lead"
