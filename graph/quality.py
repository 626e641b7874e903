"""How well a document was read: in which layout, how much of it, and how sure the reader is."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from graph.records import Document, Target

FORMATS = {
    "text/plain": "text",
    "text/html": "html",
    "text/markdown": "markdown",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
}
"""What people call the media types of documents."""
ROLES_NONE = "none"
"""Said where a document names no unit in any of its targets; that is no error."""
_DOUBTED = Decimal("0.8")
_SILENT = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one document was read. `sure` is from 0 to 1, with two decimals."""

    layout: str
    targets: int
    roles: str
    assignments: int
    doubts: int
    sure: str


def quality_of(document: Document) -> Quality:
    """What a person should know before believing what was read.

    How sure: the mean over the targets of how sure the names of their units are; a row with a
    doubt counts 0.8 at most, a row without units 0.5 where other rows have some.
    """
    named = any(t.assignments for t in document.targets)
    doubted = {d.row for d in document.review if d.row}
    sure = [_sure(t, named, t.id in doubted) for t in document.targets]
    mean = sum(sure, Decimal(0)) / len(sure) if sure else Decimal(0)
    roles = sorted({t.roles for t in document.targets if t.assignments})
    return Quality(
        layout=document.layout,
        targets=len(document.targets),
        roles=", ".join(roles) if named else ROLES_NONE,
        assignments=sum(len(t.assignments) for t in document.targets),
        doubts=len(document.review),
        sure=f"{mean:.2f}",
    )


def _sure(target: Target, named: bool, doubted: bool) -> Decimal:
    if not target.assignments:
        return _SILENT if named else Decimal(1)
    mean = sum((a.confidence for a in target.assignments), Decimal(0)) / len(target.assignments)
    return min(mean, _DOUBTED) if doubted else mean
