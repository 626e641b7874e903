"""Why a document was read as it was: the rule of each edge, and the text that no rule took."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from graph.records import Document

_LINE = re.compile(r"[^\r\n]+")


def explained(document: Document, printed: dict[str, Any]) -> dict[str, Any]:
    """The JSON of a document with an `explain` for each target, and `untaken`.

    `explain` lists role, body, rule and confidence of each edge; `untaken` the lines that lie in
    no row and no evidence.
    """
    rows = [
        dict(
            row,
            explain=[
                {
                    "role": one.role,
                    "body": one.label,
                    "rule": one.rule,
                    "basis": target.roles,
                    "confidence": float(one.confidence),
                }
                for one in target.assignments
            ],
        )
        for row, target in zip(printed["targets"], document.targets, strict=True)
    ]
    untaken = [
        {"start": start, "end": end, "quote": document.text[start:end]}
        for start, end in _untaken(document)
    ]
    return {**printed, "targets": rows, "untaken": untaken}


def _untaken(document: Document) -> Iterator[tuple[int, int]]:
    """Yield the offsets of lines of which no row and no evidence holds a character."""
    spans = [
        (span.start, span.end)
        for target in document.targets
        for span in (
            target.row.span,
            *(a.evidence for a in target.assignments),
            *(cell.span for cell in (*target.row.cells(), target.row.domain) if cell),
        )
    ]
    spans += [(span.start, span.end) for span in document.head.evidence.values()]
    spans.sort()
    reached, at = 0, 0
    for line in _LINE.finditer(document.text):
        while at < len(spans) and spans[at][0] < line.end():
            reached = max(reached, spans[at][1])
            at += 1
        quote = line.group().strip()
        if reached <= line.start() and quote:
            start = line.start() + line.group().index(quote)
            yield start, start + len(quote)
