"""Records of a report of progress: what was reported on which promise of which plan.

As in `graph.records`, every record is frozen and each quote is a span of the report's text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from graph.records import Accumulation, Milestone, Span
from ontology.names import squeeze

Status = Literal[
    "NotStarted", "Preparing", "OnTrack", "Ahead", "Behind", "Done", "DoneEarly", "PartlyDone",
    "Stopped", "Changed", "Cancelled", "Unstated",
]  # fmt: skip
ComputedStatus = Literal[
    "DoneEarly", "Done", "Ahead", "OnTrack", "NotDue", "Behind", "Overdue", "Unstated"
]
ReportKind = Literal["progress", "progress-other-plan", "not-a-report"]
StatusSource = Literal["text", "column", "fill", "symbol", "bracket", "heading", ""]
Ground = Literal["key", "name", "place", "number", "text", ""]
"""Grounds that tie an entry to its target, the strongest first."""


_EDITION_MARK = re.compile(
    r"[（(〔\[【][^（()）]{0,8}(?:更正|修订|修正|订正|勘误|更新|重报|补报)[^（()）]{0,4}[）)〕\]】]"
)
"""A bracket that marks a corrected issue: （更正）, （修订版）."""


@dataclass(frozen=True, slots=True)
class ReportHead:
    """Head of a report; an empty string or None where it is silent."""

    title: str
    plan: str
    """The number of the plan that it cites: 长府〔2019〕5号."""
    as_of: date | None
    """The day of the facts, not of the writing."""
    issued: date | None
    reporter: str
    """The body that reports, as written."""
    issue: str
    """The number of the issue: 2019年第3期."""
    year: int | None = None
    as_of_written: str = ""
    """The day of the facts as written: 9月底, 10月25日."""


@dataclass(frozen=True, slots=True)
class WrittenStatus:
    """A status as the report writes it, and what that is called in the scheme."""

    status: Status
    words: str
    source: StatusSource


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Place of a row in a report: sheet and cell of a workbook, else the row of a table."""

    sheet: str
    row: int
    cell: str
    """A7; empty in a file whose cells have no names."""


@dataclass(frozen=True, slots=True)
class ReportedStatement:
    """One clause or row of a report about one thing, before it is tied to a plan."""

    quote: Span
    subject: str
    """Subject of the row or clause: the text of its task, its indicator, its heading."""
    number: str = ""
    """The number of its row, which may be the plan's or the report's own."""
    key: str = ""
    """The address of a target in a hidden column."""
    body: str = ""
    """The body that its row names as lead."""
    row: int = -1
    """Which row it comes from; statements of one row share its columns."""
    written: WrittenStatus | None = None
    percent: Decimal | None = None
    percent_of_row: bool = False
    value: Decimal | None = None
    unit: str = ""
    promised: str = ""
    """The value that the report states was promised (目标值)."""
    problem: Span | None = None
    next: Span | None = None
    merged: bool = False
    """True where the number of its row was merged down from a row above."""
    carried: bool = False
    """True where the status is that of the row, and the clause has no word of its own."""
    doubts: tuple[str, ...] = ()
    place: CellPlace | None = None
    """Place of its row in a table; None in prose."""
    key_place: CellPlace | None = None


@dataclass(frozen=True, slots=True)
class Computed:
    """Status that follows from the plan and the day, and the rule that gives it."""

    status: ComputedStatus
    rule: str
    late_quarters: int | None = None
    expected: Decimal | None = None
    """The number that the plan asks for by that day, in the unit of the indicator."""


@dataclass(frozen=True, slots=True)
class ProgressEntry:
    """A statement tied to a target of a plan."""

    statement: ReportedStatement
    target: str
    """The number of the target: "14a"; empty where none fits."""
    project: str
    quarter: int | None
    indicator: str
    matched_by: Ground
    confidence: Decimal
    computed: Computed | None
    doubts: tuple[str, ...] = ()
    indicator_position: int = 0
    """The position of its indicator in the target, from 1; 0 where it has none."""
    milestone: Milestone | None = None
    """The milestone that it reports on."""
    accumulation: Accumulation | None = None
    """The accumulation of its value, that of the indicator."""
    is_growth: bool = False
    """True where its value is a growth."""


@dataclass(frozen=True, slots=True)
class ProgressReport:
    """A report, read: its head, what it states on targets of the plan, and what fits none."""

    name: str
    sha256: str
    text_id: str
    format: str
    text: str
    kind: ReportKind
    head: ReportHead
    plan: str
    """The key of the plan that it was matched with; empty where there is none."""
    entries: tuple[ProgressEntry, ...]
    not_reported: tuple[str, ...] | None
    """Targets that the reporter leads and is silent on, of a report that covers its whole list."""
    why: str = ""
    """Why it is not a report, or of another plan."""
    jurisdiction: str = ""
    """The jurisdiction of its plan, else the one that it names; empty where it names none."""
    plan_year: int | None = None
    knows_reporter: bool = False
    """True where the plan names the reporter, and so describes it."""

    @property
    def key(self) -> str:
        """The report's own name: its title, its reporter and its day.

        A corrected issue has the same name, so that it takes the place of the earlier one.
        """
        title = _EDITION_MARK.sub("", squeeze(self.head.title)) or self.name.rsplit(".", 1)[0]
        reporter = "" if self.head.reporter in title else self.head.reporter
        day = self.head.as_of.isoformat() if self.head.as_of else ""
        return f"{title}（{'，'.join(filter(None, (reporter, day))) or '进展'}）"

    @property
    def tied(self) -> tuple[ProgressEntry, ...]:
        """The entries that have a target."""
        return tuple(e for e in self.entries if e.target)

    @property
    def unmatched(self) -> tuple[ProgressEntry, ...]:
        """The entries that fit no target of the plan."""
        return tuple(e for e in self.entries if not e.target)
