"""People's decisions applied to a document that was read: theirs go before what we read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from graph.records import (
    QUARTERS,
    Assignment,
    Document,
    Doubt,
    Indicator,
    Place,
    PlaceLink,
    Project,
    Span,
    Target,
)
from graph.triples.corrections import Correction, doubt_id
from loaders.commitments.milestones import milestones_of
from loaders.doubts import CLAUSE, NUMBER, PLACE, PROJECT, SAME_PLACE
from loaders.text.offsets import Passage
from ontology.names import squeeze

_SURE = Decimal(1)
_QUANTITY = re.compile(r"(-?\d+(?:\.\d+)?)\s*(\D*)")


def named_unit(target: Target, one: Assignment) -> Doubt:
    """An assignment as something a person may decide about, whether it is doubted or not."""
    cell = "coordinate" if one.role == "coordinate" else "lead"
    return Doubt(one.evidence, target.id, cell, f"unit-{one.role}", "")


def corrected(document: Document, decisions: Mapping[str, Correction]) -> Document:
    """The document as people have decided; doubts that are decided leave the queue.

    Accepting makes what was read certain. Rejecting takes it away. Correcting puts what is given
    in its place: a name, for a clause a run of its own cell, for a number a value and a unit. A
    correction that cannot stand leaves its doubt open.
    """
    if not decisions:
        return document
    after, still, decided = document, [], []
    for target in document.targets:
        for one in target.assignments:
            unit = named_unit(target, one)
            if decision := decisions.get(doubt_id(document, unit)):
                after = _decided(after, unit, decision) or after
    for doubt in document.review:
        decision = decisions.get(doubt_id(document, doubt))
        changed = _decided(after, doubt, decision) if decision else None
        if changed is None:
            still.append(doubt)
        else:
            after = changed
            decided.append(doubt)
    return replace(after, review=tuple(still), corrections=(*document.corrections, *decided))


def _decided(document: Document, doubt: Doubt, decision: Correction) -> Document | None:
    """The document after one decision; None where its value cannot stand."""
    if doubt.kind == SAME_PLACE:
        return _linked(document, doubt, decision)
    if decision.decision == "accept" and doubt.kind in (PLACE, PROJECT, CLAUSE, NUMBER):
        return document
    change = {PLACE: _place, PROJECT: _project, CLAUSE: _clause, NUMBER: _number}.get(
        doubt.kind, _assignment
    )
    at = next((i for i, t in enumerate(document.targets) if t.id == doubt.row), None)
    if at is None:
        return document
    value = squeeze(decision.value) if decision.decision == "correct" else ""
    changed = change(document.targets[at], doubt, decision, value)
    if changed is None:
        return None
    targets = (*document.targets[:at], changed, *document.targets[at + 1 :])
    after = replace(document, targets=targets)
    return _without_lost_names(after, doubt.about, value) if doubt.kind == PLACE else after


def _assignment(target: Target, doubt: Doubt, decision: Correction, value: str) -> Target | None:
    kept: list[Assignment] = []
    for one in target.assignments:
        if (one.evidence.start, one.evidence.end) != (doubt.span.start, doubt.span.end):
            kept.append(one)
        elif decision.decision != "reject":
            kept.append(replace(one, label=value or one.label, confidence=_SURE))
    return replace(target, assignments=tuple(kept))


def _place(target: Target, doubt: Doubt, decision: Correction, value: str) -> Target | None:
    """Without the place, or with its right name; its projects and what lies in it follow."""
    old = doubt.about

    def renamed(names: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value if n == old else n for n in names if value or n != old))

    places: list[Place] = []
    for place in target.places:
        if place.name == old and not value:
            continue
        within = (value or None) if place.within == old else place.within
        place = replace(place, within=within, on_road=renamed(place.on_road))
        if place.name == old:
            forms = tuple(f for f in dict.fromkeys((old, *place.named_as)) if f != value)
            place = replace(place, name=value, named_as=forms)
        if all(p.name != place.name for p in places):
            places.append(place)
    projects = tuple(replace(p, places=renamed(p.places)) for p in target.projects)
    return replace(target, places=tuple(places), projects=projects)


def _without_lost_names(document: Document, old: str, value: str) -> Document:
    """The links of a name that no row has any more go with it, or go over to the right name."""
    if any(p.name == old for t in document.targets for p in t.places):
        return document
    links = []
    for link in document.links:
        if value and old in (link.left, link.right):
            left, right = (value if n == old else n for n in (link.left, link.right))
            link = replace(link, left=left, right=right)
        if old not in (link.left, link.right) and link.left != link.right:
            links.append(link)
    return replace(document, links=tuple(links))


def _project(target: Target, doubt: Doubt, decision: Correction, value: str) -> Target | None:
    projects: list[Project] = []
    for project in target.projects:
        if project.name != doubt.about:
            projects.append(project)
        elif value and all(p.name != value for p in target.projects):
            projects.append(replace(project, name=value))
        elif value:
            return None
    return _with_projects(target, projects)


def _clause(target: Target, doubt: Doubt, decision: Correction, value: str) -> Target | None:
    at = next((i for i, q in enumerate(QUARTERS) if q == doubt.cell), None)
    cell = target.row.quarters[at] if at is not None else None
    if at is None or cell is None:
        return None
    span: Span | None = None
    if value:
        passage = Passage.of(cell.span)
        start = passage.text.find(value)
        if start < 0:
            return None
        span = passage.span(start, start + len(value))
    projects = []
    for project in target.projects:
        if project.name == doubt.about:
            clauses = list(project.clauses)
            clauses[at] = span
            spans = (project.evidence[0], *(c for c in clauses if c))
            project = replace(
                project,
                clauses=(clauses[0], clauses[1], clauses[2], clauses[3]),
                evidence=spans,
                unsure=tuple(q for q in project.unsure if q != at + 1),
            )
        projects.append(project)
    return _with_projects(target, projects)


def _with_projects(target: Target, projects: Sequence[Project]) -> Target:
    steps = milestones_of(target.row, projects)
    return replace(target, projects=tuple(projects), milestones=steps)


def _number(target: Target, doubt: Doubt, decision: Correction, value: str) -> Target | None:
    right = _QUANTITY.fullmatch(value)
    if value and right is None:
        return None
    when = "year" if doubt.cell == "text" else doubt.cell
    numbers: list[Indicator] = []
    for one in target.indicators:
        same = (one.when, one.evidence[0], one.as_written) == (when, doubt.span, doubt.about)
        if not same:
            numbers.append(one)
        elif right is not None:
            numbers.append(replace(one, value=Decimal(right[1]), unit=right[2]))
    return replace(target, indicators=tuple(numbers))


def _linked(document: Document, doubt: Doubt, decision: Correction) -> Document | None:
    """The links after a decision; to correct is to name the place that the first name denotes."""
    places = {p.name for t in document.targets for p in t.places}
    links: list[PlaceLink] = []
    for link in document.links:
        if f"{link.left}＝{link.right}" != doubt.about:
            links.append(link)
        elif decision.decision == "accept":
            links.append(replace(link, confidence=_SURE))
        elif decision.decision == "correct":
            if decision.value not in places - {link.left}:
                return None
            why = f"人工更正：原读作与“{link.right}”同一处"
            links.append(replace(link, right=decision.value, confidence=_SURE, reason=why))
    return replace(document, links=tuple(links))
