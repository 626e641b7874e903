"""How well a document was read: in which layout, how much of it, and how sure the reader is."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

from graph.records import Document, Target
from ontology.gazetteer import gazetteer

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
_UNKNOWN = Decimal("0.1")
"""What is taken off where no unit of a list is in the directory."""
_HALF_READ = Decimal("0.9")
"""What a list counts where more of its items name nobody than somebody."""
WHY = {
    "rule": ("{0}项的主次依全文的规则", "roles by a rule of the document: {0}"),
    "bare": ("{0}项只有括号里的单位名", "brackets of names alone: {0}"),
    "lone": ("{0}项的括号没有标签，与别处不同", "brackets without a label, unlike others: {0}"),
    "cut": ("{0}项的括号不完整", "brackets that lost their end: {0}"),
    "closer": ("{0}项由一句话合并说明", "targets that one sentence closes together: {0}"),
    "inherited": ("{0}项随上一级的单位", "targets with the units of the item above: {0}"),
    "sentence": ("{0}项从叙述的句子读出", "targets read from plain sentences: {0}"),
    "unknown": ("{0}个单位中{1}个不在名录", "units that are not in the directory: {1} of {0}"),
    "silent": ("{0}个编号条目没有写单位", "numbered items that name nobody: {0}"),
    "doubts": ("{0}处待核", "places to review: {0}"),
}
"""Why the reader is not wholly sure, in words; the figures go in."""


@dataclass(frozen=True, slots=True)
class Quality:
    """How well one document was read. `sure` is from 0 to 1, with two decimals."""

    layout: str
    targets: int
    roles: str
    assignments: int
    doubts: int
    sure: str
    why: str
    """Codes with figures: `bare=3 unknown=20,4`; `reasons` puts them in words."""


def reasons(why: str, language: str) -> list[str]:
    """Why the reader is not wholly sure of a document, in words.

    >>> reasons("bare=3 unknown=20,4", "en")
    ['brackets of names alone: 3', 'units that are not in the directory: 4 of 20']
    """
    said = []
    for part in why.split():
        code, _, figures = part.partition("=")
        words = WHY.get(code, (part, part))[language == "en"]
        said.append(words.format(*figures.split(",")))
    return said


def quality_of(document: Document) -> Quality:
    """What a person should know before believing what was read.

    How sure: the mean over the targets of how sure the names of their units are; a row with a
    doubt counts 0.8 at most, a row without units 0.5 where other rows have some. A list counts up
    to a tenth less as far as its units are unknown, and 0.9 where most of its items name nobody.
    """
    named = [t for t in document.targets if t.assignments]
    doubted = {d.row for d in document.review if d.row}
    sure = [_sure(t, bool(named), t.id in doubted) for t in document.targets]
    mean = sum(sure, Decimal(0)) / len(sure) if sure else Decimal(0)
    roles = sorted({t.roles for t in named})
    units, unknown = _unknown(document)
    if document.layout == "list" and units:
        mean *= 1 - _UNKNOWN * unknown / units
        mean *= _HALF_READ if document.silent > len(named) else 1
    return Quality(
        layout=document.layout,
        targets=len(document.targets),
        roles=", ".join(roles) if named else ROLES_NONE,
        assignments=sum(len(t.assignments) for t in document.targets),
        doubts=len(document.review),
        sure=f"{min(mean, MAX_SURE):.2f}",
        why=_why(document, units, unknown),
    )


MAX_SURE = Decimal("0.99")
"""No document is wholly sure: a reader cannot see what it overlooked."""


def sure_of(document: Document) -> dict[str, Decimal]:
    """Return the shares that lower the sureness of a document, by reason.

    `names` is missing confidence in bodies; `parts` the share of rows in unread parts; `numbers`
    that of rows lost between two running numbers; `unknown` that of bodies outside the directory.
    """
    named = [a.confidence for t in document.targets for a in t.assignments]
    unread = sum(p.rows for p in document.parts if not p.read and p.kind == "none")
    rows = len(document.targets)
    lost = sum(d.kind == "lost-number" for d in document.review)
    bodies, unknown = _unknown(document)
    shares = {
        "names": 1 - sum(named, Decimal(0)) / len(named) if named else Decimal(0),
        "parts": Decimal(unread) / (unread + rows) if unread + rows else Decimal(0),
        "numbers": Decimal(lost) / rows if rows else Decimal(0),
        "unknown": Decimal(unknown) / bodies if bodies else Decimal(0),
    }
    cent = Decimal("0.01")
    return {reason: share.quantize(cent) for reason, share in shares.items() if share >= cent}


def _why(document: Document, units: int, unknown: int) -> str:
    said = Counter(t.said for t in document.targets if t.said in WHY)
    rule = sum(t.roles == "by rule" for t in document.targets)
    found = {code: str(n) for code, n in (("rule", rule), *said.items()) if n}
    if unknown and document.layout == "list":
        found["unknown"] = f"{units},{unknown}"
    found |= {"silent": str(document.silent)} if document.silent else {}
    found |= {"doubts": str(len(document.review))} if document.review else {}
    return " ".join(f"{code}={found[code]}" for code in WHY if code in found)


def _unknown(document: Document) -> tuple[int, int]:
    """How many units a document names, and how many of them the directory does not know."""
    known = gazetteer(document.head.jurisdiction)
    units = {a.label: a for t in document.targets for a in t.assignments if a.kind != "collective"}
    unknown = sum(known.parts(a.parent or label)[1] not in known.entries
                  for label, a in units.items())  # fmt: skip
    return len(units), unknown


def _sure(target: Target, named: bool, doubted: bool) -> Decimal:
    if not target.assignments:
        return _SILENT if named else Decimal(1)
    mean = sum((a.confidence for a in target.assignments), Decimal(0)) / len(target.assignments)
    return min(mean, _DOUBTED) if doubted else mean
