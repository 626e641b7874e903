"""A report of progress as JSON: what `tiaokuai progress` and `extract` print, keys fixed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from graph.progress import ProgressEntry, ProgressReport
from graph.records import Span

Json = dict[str, Any]


def report_json(report: ProgressReport) -> Json:
    """Return `{"document", "targets", "review", "report", "entries", "unmatched"}`.

    Each entry carries its quote with its offsets in the text; a share is a number of 0 to 100.
    """
    head = report.head
    told: Json = {
        "kind": report.kind,
        "plan": report.plan or head.plan or None,
        "as_of": head.as_of.isoformat() if head.as_of else None,
        "issued": head.issued.isoformat() if head.issued else None,
        "reporter": head.reporter or None,
        "issue": head.issue or None,
    }
    if report.not_reported is not None:
        told["not_reported"] = list(report.not_reported)
    if report.why:
        told["why"] = report.why
    return {
        "document": {
            "title": head.title,
            "kind": "report",
            "year": head.year,
            "as_of": head.as_of_written or None,
            "sha256": report.sha256,
            "text_id": report.text_id,
        },
        "targets": [],
        "review": [_doubt(e, d) for e in report.entries for d in e.doubts],
        "report": told,
        "entries": [_entry(e) for e in report.entries],
        "unmatched": [_unmatched(report, e) for e in report.unmatched],
    }


def _entry(entry: ProgressEntry) -> Json:
    said = entry.statement
    return {
        **_span(said.quote),
        "target": entry.target or None,
        "project": entry.project or None,
        "quarter": f"q{entry.quarter}" if entry.quarter else None,
        "indicator": entry.indicator or None,
        "status": said.written.status if said.written else "Unstated",
        "status_as_written": said.written.words if said.written else None,
        "percent": _number(said.percent),
        "value": _number(said.value),
        "unit": said.unit or None,
        "problem": said.problem.quote if said.problem else None,
        "next": said.next.quote if said.next else None,
        "matched_by": entry.matched_by or None,
        "confidence": _number(entry.confidence),
        "computed": {
            "status": entry.computed.status,
            "rule": entry.computed.rule or None,
            "late_quarters": entry.computed.late_quarters,
        }
        if entry.computed
        else None,
        "doubts": list(entry.doubts),
    }


def _unmatched(report: ProgressReport, entry: ProgressEntry) -> Json:
    """Return a statement that fits no target, with the file, sheet, row and cell to look at."""
    said = entry.statement
    place = (said.key_place if "unknown-key" in entry.doubts else None) or said.place
    found = _span(said.quote)
    if place:
        found |= {"file": report.name, "sheet": place.sheet or None, "row": place.row}
        found |= {"cell": place.cell or None}
    return found | ({"why": entry.doubts[0]} if entry.doubts else {})


def _doubt(entry: ProgressEntry, kind: str) -> Json:
    return {**_span(entry.statement.quote), "kind": kind, "target": entry.target or None}


def _span(span: Span) -> Json:
    return {"quote": span.quote, "start": span.start, "end": span.end}


def _number(value: Decimal | None) -> float | int | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
