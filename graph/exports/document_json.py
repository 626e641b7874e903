"""A read document as JSON: what `tiaokuai extract` prints, keys fixed."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

from graph.quality import quality_of, sure_of
from graph.records import (
    Cell,
    Document,
    Doubt,
    Indicator,
    Part,
    Place,
    PlaceLink,
    Project,
    Span,
    Target,
)  # fmt: skip
from graph.triples.corrections import doubt_id
from graph.triples.terms import SAME_PLACE_FROM

Json = dict[str, Any]


def document_json(document: Document) -> Json:
    """`{"document", "targets", "same", "review"}`; evidence is `{"start", "end", "quote"}`."""
    head = document.head
    return {
        "document": {
            "title": head.title,
            "number": head.number,
            "index": head.index,
            "issuer": head.issuer,
            "jurisdiction": head.jurisdiction,
            "year": head.year,
            "sha256": document.sha256,
            "text_id": document.text_id,
            "dates": {"signed": head.signed or None, "published": head.published or None},
            "kind": document.kind,
            "parts": [_part(p) for p in document.parts],
            "sure": float(quality_of(document).sure),
            "sure_of": {reason: float(share) for reason, share in sure_of(document).items()},
        },
        "targets": [_target(t) for t in document.targets],
        "same": same_groups(document.links),
        "review": [_doubt(document, d) for d in document.review],
    }


def document_csv(document: Document) -> str:
    """One line a row of the notice, for a spreadsheet."""
    keys = (
        "id",
        "domain",
        "project",
        "text",
        "q1",
        "q2",
        "q3",
        "q4",
        "lead",
        "coordinate",
        "places",
    )
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(keys)
    for target in document_json(document)["targets"]:
        flat = dict(target, **{f"q{i}": q or "" for i, q in enumerate(target["q"], 1)})
        for key in ("lead", "coordinate"):
            flat[key] = "、".join(target[key])
        flat["places"] = "、".join(p["name"] for p in target["places"])
        table.writerow([flat[key] for key in keys])
    return out.getvalue()


def _target(target: Target) -> Json:
    row = target.row
    leads = target.bodies("lead") or target.bodies("responsible")
    others = target.bodies("coordinate")
    day = next((m.deadline for m in target.milestones if m.deadline), None)
    return {
        "id": row.id,
        "domain": row.domain.text if row.domain else "",
        "project": row.theme.text if row.theme else "",
        "text": row.text.text,
        "q": [_text(c) for c in row.quarters],
        "lead": [a.label for a in leads],
        "coordinate": [a.label for a in others],
        "places": [_place(p) for p in target.places],
        "projects": [_project(p) for p in target.projects],
        "indicators": [_indicator(i) for i in target.indicators],
        "roles": target.roles,
        "part": row.part,
        "due": f"{day.year}Q{(day.month + 2) // 3}" if day else None,
        "deadline": day.isoformat() if day else None,
        "other": {a.heading: a.text for a in row.other},
        "evidence": _span(row.text.span),
        "q_evidence": [_span(c.span) if c else None for c in row.quarters],
        "lead_evidence": [_span(a.evidence) for a in leads],
        "coordinate_evidence": [_span(a.evidence) for a in others],
    }


def _part(part: Part) -> Json:
    return {
        "id": part.id,
        "kind": part.kind,
        "heading": part.heading,
        "start": part.span.start,
        "end": part.span.end,
        "rows": part.rows,
        "read": part.read,
        "why": part.why,
    }


def _text(cell: Cell | None) -> str | None:
    return cell.text if cell else None


def _span(span: Span) -> Json:
    return {"start": span.start, "end": span.end, "quote": span.quote}


def _place(place: Place) -> Json:
    found: Json = {"name": place.name, "kind": place.kind, "cells": list(place.cells)}
    if place.named_as and place.named_as != (place.name,):
        found["as"] = list(place.named_as)
    found["evidence"] = [_span(e) for e in place.evidence]
    return found


def _project(project: Project) -> Json:
    return {
        "name": project.name,
        "kind": project.kind,
        "places": list(project.places),
        "q": ["".join(c.quote.split()) if c else None for c in project.clauses],
        "evidence": [_span(e) for e in project.evidence],
    }


def _indicator(one: Indicator) -> Json:
    found: Json = {
        "what": one.what,
        "value": _number(one.value),
        "unit": one.unit,
        "op": one.op,
        "when": one.when,
        "quote": "".join("".join(e.quote.split()) for e in one.evidence[:1]),
    }
    if one.growth:
        found["growth"] = True
    if one.year is not None:
        found["year"] = one.year
    found["evidence"] = [_span(e) for e in one.evidence]
    return found


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def _doubt(document: Document, doubt: Doubt) -> Json:
    return {
        "id": doubt_id(document, doubt),
        **_span(doubt.span),
        "row": doubt.row,
        "cell": doubt.cell,
        "kind": doubt.kind,
        "why": doubt.why,
        "reading": doubt.reading,
    }


def same_groups(links: tuple[PlaceLink, ...]) -> list[Json]:
    """The links from the threshold up, as groups of names that denote one spot, with reasons."""
    group: dict[str, set[str]] = {}
    why: dict[frozenset[str], list[str]] = {}
    strong = [link for link in links if link.confidence >= SAME_PLACE_FROM]
    for link in strong:
        joined = group.get(link.left, {link.left}) | group.get(link.right, {link.right})
        for name in joined:
            group[name] = joined
    order: list[frozenset[str]] = []
    for link in strong:
        members = frozenset(group[link.left])
        if members not in why:
            order.append(members)
        why.setdefault(members, []).append(link.reason)
    return [
        {"members": sorted(members), "why": "；".join(dict.fromkeys(why[members]))}
        for members in order
    ]
