"""People's decisions applied to a document that was read: theirs go before what we read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from graph.corrections import Correction, doubt_id
from graph.records import Assignment, Document, Doubt, PlaceLink, Target

SAME_PLACE = "same-place"
_SURE = Decimal(1)


def place_doubts(document: Document) -> tuple[Doubt, ...]:
    """The proposals that two names are one spot, as doubts for a person to decide."""
    rows = {e: t.id for t in document.targets for p in t.places for e in p.evidence}
    return tuple(
        Doubt(link.evidence[0], rows.get(link.evidence[0], ""), "text", SAME_PLACE,
              f"“{link.left}”与“{link.right}”可能是同一处（置信度{link.confidence}）：{link.reason}")
        for link in document.links
        if link.evidence and link.confidence < Decimal("0.9")
    )  # fmt: skip


def named_unit(target: Target, one: Assignment) -> Doubt:
    """An assignment as something a person may decide about, whether it is doubted or not."""
    cell = "coordinate" if one.role == "coordinate" else "lead"
    return Doubt(one.evidence, target.id, cell, f"unit-{one.role}", "")


def corrected(document: Document, decisions: Mapping[str, Correction]) -> Document:
    """The document as people have decided; doubts that are decided leave the queue.

    Accepting makes what was read certain. Rejecting takes it away. Correcting puts the name
    given in its place.
    """
    if not decisions:
        return document
    open_doubts: list[Doubt] = []
    decided: list[Doubt] = []
    by_span: dict[tuple[str, int, int], Correction] = {}
    links = list(document.links)
    for target in document.targets:
        for one in target.assignments:
            if decision := decisions.get(doubt_id(document, named_unit(target, one))):
                by_span[(target.id, one.evidence.start, one.evidence.end)] = decision
    for doubt in document.review:
        decision = decisions.get(doubt_id(document, doubt))
        if decision is None:
            open_doubts.append(doubt)
            continue
        decided.append(doubt)
        if doubt.kind == SAME_PLACE:
            links = _links(links, doubt, decision)
        else:
            by_span[(doubt.row, doubt.span.start, doubt.span.end)] = decision
    return replace(
        document,
        targets=tuple(_target(t, by_span) for t in document.targets),
        links=tuple(links),
        review=tuple(open_doubts),
        corrections=(*document.corrections, *decided),
    )


def _target(target: Target, decisions: Mapping[tuple[str, int, int], Correction]) -> Target:
    kept: list[Assignment] = []
    for one in target.assignments:
        decision = decisions.get((target.id, one.evidence.start, one.evidence.end))
        if decision is None:
            kept.append(one)
        elif decision.decision == "accept":
            kept.append(replace(one, confidence=_SURE))
        elif decision.decision == "correct":
            kept.append(replace(one, label=decision.value, confidence=_SURE))
    return replace(target, assignments=tuple(kept))


def _links(links: list[PlaceLink], doubt: Doubt, decision: Correction) -> list[PlaceLink]:
    def about(link: PlaceLink) -> bool:
        named = f"“{link.left}”与“{link.right}”" in doubt.why
        return named and bool(link.evidence) and link.evidence[0] == doubt.span

    if decision.decision == "accept":
        return [replace(x, confidence=_SURE) if about(x) else x for x in links]
    return [x for x in links if not about(x)]
