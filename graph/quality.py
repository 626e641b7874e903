"""The quality of a reading: its layout, how much was read, and how sure the reader is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from graph.records import Document, Part, Span
from ontology.gazetteer import gazetteer
from ontology.names import squeeze

FORMATS = {
    "text/plain": "text",
    "text/html": "html",
    "text/markdown": "markdown",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.ms-excel": "xls",
    "application/msword": "doc",
    "image/png": "png",
    "image/jpeg": "jpeg",
    "image/tiff": "tiff",
}
"""Everyday names for the media types of documents."""
ROLES_NONE = "none"
"""`roles` of a document that names no body in any of its targets, which is not an error."""
PART_KINDS = {
    "plan-table": ("任务表", "table of targets"),
    "plan-list": ("任务条目", "list of targets"),
    "duties": ("分工的段落", "duties in sentences"),
    "indicators": ("指标表", "indicators"),
    "register": ("名单或项目表", "register"),
    "report": ("进展情况", "report of progress"),
    "none": ("其他段落", "other text"),
}
"""Names of the kinds of parts of a document."""
WEIGHTS = {
    "names": Decimal(1),
    "parts": Decimal("0.5"),
    "numbers": Decimal("0.5"),
    "columns": Decimal("0.2"),
    "unknown": Decimal("0.1"),
    "uncovered": Decimal(1),
    "headings": Decimal(1),
    "silent": Decimal("0.7"),
    "doubts": Decimal("0.3"),
    "ways": Decimal("0.4"),
}
"""The weight of each share of `sure_of`: 1 for certain losses, less for readings that may
be right all the same (a new body, a row without a body, a place to review)."""
UNREAD_ROW_CHARS = 60
"""Characters of an unread part that weigh as one row, where it has no rows to count."""
UNREAD_ITEM_ROWS = Decimal("0.1")
"""The weight of an unread numbered paragraph in rows: most introduce tables that are read."""
MISSING_COLUMN_SHARE = Decimal("0.02")
"""The share of the whole table lost with a column of roles that the heading lacks."""
MAX_NUMBER_GAP = 30
"""A larger step between two numbers is another numbering, not a loss of rows."""
_JOINTS = re.compile(
    r"[\s、，,；;。：:/（）()—-]|牵头|主责|责任|配合|协办|协同|参与|参加|负责|单位|部门|按职责分工|等|和|及|与|会同"
)
"""Text between the names of a department cell or bracket."""
_DIGITS = "〇一二三四五六七八九"
_HEADING = re.compile(
    r"^[ \t\u3000]*([（(])?([一二三四五六七八九]?十?[一二三四五六七八九]?)(?(1)[）)]|、)(?=.)",
    re.MULTILINE,
)
"""A numbered heading at the beginning of a line."""
_BRACKET = re.compile(r"[（(][^（）()\n]{0,12}(?:牵头|责任|配合|负责)[^（）()]{0,200}[）)]")
"""A bracket that speaks of roles."""
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
    "scan": ("从扫描件识别，{0}处辨认不清", "read from a scan, unclear places: {0}"),
    "doubts": ("{0}处待核", "places to review: {0}"),
}
"""Why the reader is not wholly sure, in words; the figures go in."""


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of one document's reading. `sure` is from 0 to 1, with two decimals."""

    layout: str
    targets: int
    roles: str
    assignments: int
    doubts: int
    sure: str
    why: str
    """Codes with figures: `bare=3 unknown=20,4`; `reasons` puts them in words."""
    unread: str
    """The parts that were not read, a line each: kind, line number, rows, heading, reason."""


def unread_parts(unread: str, language: str) -> list[str]:
    """Put the parts of a document that were not read in words.

    >>> unread_parts("register\\t12\\t3\\t重大项目清单\\t是项目名单", "en")
    ['line 12: register “重大项目清单”, 3 rows: 是项目名单']
    """
    found = []
    for line in unread.splitlines():
        kind, at, rows, heading, why = line.split("\t")
        name = PART_KINDS[kind][language == "en"]
        words = ("第{}行：{}“{}”，{}行：{}", "line {}: {} “{}”, {} rows: {}")[language == "en"]
        found.append(words.format(at, name, heading, rows, why))
    return found


def _unread(document: Document) -> str:
    """List the parts that hold rows or items and gave no target, as `Quality.unread`."""
    parts = [p for p in document.parts if not p.read and p.rows and p.kind != "plan-list"]
    return "\n".join(
        "\t".join((p.kind, str(_line_of(document, p)), str(p.rows), squeeze(p.heading), p.why))
        for p in parts
    )


def _line_of(document: Document, part: Part) -> int:
    return document.text.count("\n", 0, part.span.start) + 1


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
    """Measure a reading: what a person should know before relying on it."""
    named = [t for t in document.targets if t.assignments]
    roles = sorted({t.roles for t in named})
    units, unknown = _unknown(document)
    return Quality(
        layout=document.layout,
        targets=len(document.targets),
        roles=", ".join(roles) if named else ROLES_NONE,
        assignments=sum(len(t.assignments) for t in document.targets),
        doubts=len(document.review),
        sure=f"{sureness(document):.2f}",
        why=_why(document, units, unknown),
        unread=_unread(document),
    )


MAX_SURE = Decimal("0.99")
"""No document is wholly sure: a reader cannot see what it overlooked."""


def sureness(document: Document) -> Decimal:
    """Return how sure the reading of a document is: what was explained of what is there.

    Each share of `sure_of` takes off its weight of what the others leave; see decision 17.
    """
    left = MAX_SURE if document.targets else Decimal(0)
    for reason, share in _shares(document).items():
        left *= 1 - WEIGHTS[reason] * min(share, Decimal(1))
    return left


def sure_of(document: Document) -> dict[str, Decimal]:
    """Return the shares that lower the sureness of a document, by reason.

    `names`: missing confidence in bodies; `parts`: rows in unread parts; `numbers`: rows lost
    between two running numbers; `headings`: numbered headings lost
    so; `columns`: cells of columns that are not understood,
    and role columns that are missing;
    `unknown`: bodies outside the directory;
    `uncovered`: characters of
    department cells and brackets that no name covers; `silent`: rows without a body; `doubts`:
    rows to review; `ways`: rows read in a way other than that of most rows of the document.
    """
    cent = Decimal("0.01")
    shares = _shares(document).items()
    return {reason: share.quantize(cent) for reason, share in shares if share >= cent}


def _shares(document: Document) -> dict[str, Decimal]:
    targets = document.targets
    named = [a.confidence for t in targets for a in t.assignments]
    rows = len(targets)
    silent = sum(not t.assignments for t in targets) + document.silent
    unread = sum(_weight(p) for p in document.parts if not p.read and p.kind == "none")
    lost = _lost_rows(document)
    bodies, unknown = _unknown(document)
    doubted = {d.row for d in document.review if d.row and d.kind in _ROW_DOUBTS}
    ways = Counter(t.said for t in targets if t.assignments)
    usual = max(ways.values(), default=0)
    return {
        "names": 1 - sum(named, Decimal(0)) / len(named) if named else Decimal(0),
        "parts": _share(unread, rows + unread),
        "numbers": _share(lost, rows + lost),
        "headings": _lost_headings(document.text),
        "columns": _columns(document),
        "unknown": _share(unknown, bodies),
        "uncovered": _uncovered(document),
        "silent": _share(silent, rows + document.silent),
        "doubts": _share(len(doubted), rows),
        "ways": _share(sum(ways.values()) - usual, rows),
    }


_ROW_DOUBTS = frozenset(
    {
        "unknown-body",
        "no-lead",
        "lost-number",
        "long-cell",
        "contradiction",
        "scan-unclear",
    }
)
"""Doubts about who does a row; those about places and clauses do not concern its bodies."""


def _share(count: Decimal | int, whole: Decimal | int) -> Decimal:
    return Decimal(count) / whole if whole else Decimal(0)


def _weight(part: Part) -> Decimal:
    """Return how many rows an unread part weighs."""
    if not part.is_table:
        return part.rows * UNREAD_ITEM_ROWS
    return Decimal(part.rows or len(part.span.quote) // UNREAD_ROW_CHARS)


def _lost_rows(document: Document) -> int:
    """Count the numbers that are left out between the numbers of one part's rows."""
    lost = 0
    by_part: dict[str, list[int]] = {}
    for target in document.targets:
        if target.row.number.isdecimal():
            by_part.setdefault(target.row.part, []).append(int(target.row.number))
    for numbers in by_part.values():
        for before, number in pairwise(numbers):
            if before + 1 < number <= before + MAX_NUMBER_GAP:
                lost += number - before - 1
    return lost


def _lost_headings(text: str) -> Decimal:
    """Return the share of headings (一、 or （一）) that are left out between their neighbours."""
    lost = there = 0
    last = {True: 0, False: 0}
    for found in _HEADING.finditer(text):
        bracketed = bool(found[1])
        tens, ten, ones = found[2].rpartition("十")
        number = (_DIGITS.find(tens or "一") * 10 if ten else 0) + _DIGITS.find(ones or "〇")
        step = number - last[bracketed]
        lost += step - 1 if last[bracketed] and 1 < step <= MAX_NUMBER_GAP else 0
        there += 1
        last[bracketed] = number
    return _share(lost, lost + there)


def _columns(document: Document) -> Decimal:
    """Return the share of cells whose column is not understood, with missing role columns."""
    cells = [t.row for t in document.targets if t.row.part]
    other = sum(len(row.other) for row in cells)
    known = sum(len(row.cells()) + bool(row.lead) + bool(row.coordinate) for row in cells)
    missing = sum(d.kind == "missing-column" for d in document.review)
    return _share(other, other + known) + missing * MISSING_COLUMN_SHARE


def _uncovered(document: Document) -> Decimal:
    """Return the share of the characters of department cells and brackets that no name covers."""
    spans = {c.span for t in document.targets for c in (t.row.lead, t.row.coordinate) if c}
    spans |= {
        Span(m.start(), m.end(), m.group())
        for m in _BRACKET.finditer(document.text)
        if not any(s.start <= m.start() < s.end for s in spans)
    }
    covered = {
        i for t in document.targets for a in t.assignments
        for i in range(a.evidence.start, a.evidence.end)
    }  # fmt: skip
    whole = bare = 0
    for span in spans:
        kept = "".join(
            "、" if span.start + i in covered else char for i, char in enumerate(span.quote)
        )
        whole += len(_JOINTS.sub("", span.quote))
        bare += len(_JOINTS.sub("", kept))
    return _share(bare, whole)


def _why(document: Document, units: int, unknown: int) -> str:
    said = Counter(t.said for t in document.targets if t.said in WHY)
    rule = sum(t.roles == "by rule" for t in document.targets)
    found = {code: str(n) for code, n in (("rule", rule), *said.items()) if n}
    if unknown and document.layout == "list":
        found["unknown"] = f"{units},{unknown}"
    if any(d.kind == "scan" for d in document.review):
        found["scan"] = str(sum(d.kind == "scan-unclear" for d in document.review))
    found |= {"silent": str(document.silent)} if document.silent else {}
    found |= {"doubts": str(len(document.review))} if document.review else {}
    return " ".join(f"{code}={found[code]}" for code in WHY if code in found)


def _unknown(document: Document) -> tuple[int, int]:
    """Count the bodies that a document names, and those of them not in the directory."""
    known = gazetteer(document.head.jurisdiction)
    units = {a.label: a for t in document.targets for a in t.assignments if a.kind != "collective"}
    unknown = sum(known.parts(a.parent or label)[1] not in known.entries
                  for label, a in units.items())  # fmt: skip
    return len(units), unknown
