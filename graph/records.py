"""Facts of a notice as records: the middle of the house, between reading and triples.

Every record is frozen and carries the spans of the source that it follows. A span counts code
points of the decoded text, half open: `text[span.start:span.end] == span.quote`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from ontology.names import squeeze

Role = Literal["lead", "coordinate", "responsible"]
CellName = Literal[
    "domain", "theme", "text", "q1", "q2", "q3", "q4", "lead", "coordinate", "due"
]  # fmt: skip
BodyKind = Literal["body", "street", "sub-unit", "company", "collective"]
PlaceKind = Literal[
    "street", "block", "lot", "parcel", "address", "junction", "road",
    "site", "zone", "water", "line", "county",
]  # fmt: skip
Stage = Literal["prepare", "start", "progress", "done", "none"]
Commitment = Literal["ensure", "complete", "strive", "promote", "assist"]
Comparator = Literal["=", ">=", "<=", "~"]
Said = Literal[
    "", "bracket", "line", "spoken", "bare", "lone", "cut", "closer", "inherited", "sentence"
]
"""Forms in which a text names who does a task: a bracket or line with labels or verbs, a sentence
that closes its item; a bracket of bare units among its like, or alone; one that lost its end; a
sentence for a group of items; a bullet's heading; a sentence that only mentions it."""
PartKind = Literal["plan-table", "plan-list", "duties", "indicators", "register", "report", "none"]
"""Kinds of parts of a document: targets in a table, a list or sentences that give duties;
figures to reach; projects or members without a task; progress made; text without any of these."""
DocumentKind = Literal["notice", "report", "register", "other"]
Accumulation = Literal["cumulative", "increment", "state"]
When = Literal["year", "q1", "q2", "q3", "q4"]

QUARTERS: tuple[CellName, ...] = ("q1", "q2", "q3", "q4")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of the decoded text, in code points, half open."""

    start: int
    end: int
    quote: str

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end or self.end - self.start != len(self.quote):
            raise ValueError(f"not a span: {self.start}-{self.end} {self.quote!r}")

    def holds(self, other: Span) -> bool:
        """Return whether `other` lies inside this span."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of a row as written in the document; `carried` from a merged cell above."""

    name: CellName
    span: Span
    carried: bool = False

    @property
    def text(self) -> str:
        """The cell verbatim, white space removed."""
        return squeeze(self.span.quote)


@dataclass(frozen=True, slots=True)
class Attribute:
    """A cell of a column that has no property of its own, kept with its heading."""

    heading: str
    span: Span

    @property
    def text(self) -> str:
        """The cell verbatim, white space removed."""
        return squeeze(self.span.quote)


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a document that one reader reads: a table, a list, a passage of prose."""

    id: str
    """Its ordinal in the document, from "1"."""
    kind: PartKind
    heading: str
    """Its title, else the headings of its columns; empty where it has none."""
    span: Span
    rows: int
    """The number of its rows or items, read or not."""
    read: bool
    """True where its rows are targets of the document."""
    why: str = ""
    """Why it was not read, in words."""
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table of targets, before its cells are read.

    `quarters` always has four items; `None` where the cell is empty or a dash. `number` is
    as printed ("14"), `id` tells the rows of one number apart ("14a").
    """

    id: str
    number: str
    span: Span
    domain: Cell | None
    theme: Cell | None
    text: Cell
    quarters: tuple[Cell | None, Cell | None, Cell | None, Cell | None]
    lead: Cell | None
    coordinate: Cell | None
    none_stated: tuple[CellName, ...] = ()
    """Cells that hold a dash: the notice states that there are none."""
    due: Cell | None = None
    """By when it is to be done, where the table has a column for that (完成时限)."""
    part: str = ""
    """The id of its part of the document."""
    other: tuple[Attribute, ...] = ()
    """The cells of columns that no rule knows."""

    def cells(self) -> tuple[Cell, ...]:
        """The target text and the four quarters, those that are there, in order."""
        return tuple(c for c in (self.text, *self.quarters) if c is not None)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something the reader was not sure of, for a person to look at."""

    span: Span
    row: str
    cell: str
    kind: str
    why: str
    about: str = ""
    """Its subject, where one stretch of text gives several doubts of a kind."""
    reading: str = ""
    """The reading now; `correct` replaces it."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """One body named in one role, as written in its cell."""

    role: Role
    label: str
    """The name under which the body is known: spacing removed, streets in official form."""
    named_as: str
    """The name as this cell writes it, white space removed."""
    evidence: Span
    ordinal: int
    kind: BodyKind = "body"
    parent: str | None = None
    """The body that a sub-unit belongs to."""
    confidence: Decimal = Decimal(1)
    rule: str = ""
    """The rule of reading that made it: one of prose, or how its cell was segmented."""


@dataclass(frozen=True, slots=True)
class Place:
    """A named spot on the ground, as one row names it; one evidence for each cell."""

    name: str
    kind: PlaceKind
    cells: tuple[CellName, ...]
    evidence: tuple[Span, ...]
    named_as: tuple[str, ...] = ()
    """Other forms of the name in this row, as written."""
    within: str | None = None
    """The place around it according to the notice: the block of a lot, the street of a block."""
    on_road: tuple[str, ...] = ()
    """The roads that an address, a parcel or a junction lies on."""


@dataclass(frozen=True, slots=True)
class PlaceLink:
    """Two names proposed as one spot, with the reason; never a silent merge."""

    left: str
    right: str
    confidence: Decimal
    reason: str
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    """A named piece of work; `clauses` are verbatim runs of each quarter's cell about it."""

    name: str
    kind: str
    """One of the concept scheme: 土地出让, 土地收储, 城市更新, 道路, 商办, 住房, 活动, …"""
    places: tuple[str, ...]
    clauses: tuple[Span | None, Span | None, Span | None, Span | None]
    evidence: tuple[Span, ...]
    unsure: tuple[int, ...] = ()
    """The quarters whose clause does not name it."""


@dataclass(frozen=True, slots=True)
class Milestone:
    """Work due in one quarter: of the target as a whole, or of one project of it."""

    quarter: int
    evidence: Span
    stage: Stage
    commitment: Commitment | None
    project: str | None = None
    deadline: date | None = None
    """Its last day, where it is the deadline of the target and no cell of a quarter."""

    @property
    def text(self) -> str:
        """The clause, white space removed."""
        return squeeze(self.evidence.quote)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A number promised, for the year or for a quarter."""

    what: str
    value: Decimal
    unit: str
    op: Comparator
    when: When
    evidence: tuple[Span, ...]
    as_written: str
    growth: bool = False
    accumulation: Accumulation | None = None
    year: int | None = None
    """The year written next to the number (到2028年…40人), if any."""


@dataclass(frozen=True, slots=True)
class Target:
    """One row, read."""

    row: Row
    assignments: tuple[Assignment, ...] = ()
    places: tuple[Place, ...] = ()
    projects: tuple[Project, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    roles: Literal["marked", "by rule", "undifferentiated"] = "marked"
    said: Said = ""
    """The form in which a text without a table names who does it."""

    @property
    def id(self) -> str:
        """The number under which the target is known: "15", "14a"."""
        return self.row.id

    def bodies(self, role: Role) -> tuple[Assignment, ...]:
        """The assignments in one role, in the order of the cell."""
        return tuple(a for a in self.assignments if a.role == role)


@dataclass(frozen=True, slots=True)
class Head:
    """The document's statements about itself; an empty string where it makes none."""

    title: str
    number: str
    index: str
    issuer: str
    jurisdiction: str
    year: int | None
    signed: str
    """ISO date."""
    published: str
    """ISO date."""
    signatory: str = ""
    """The organ named above the date at the end, or in front of 关于 in the title."""
    evidence: dict[str, Span] = field(default_factory=dict, hash=False, compare=False)


@dataclass(frozen=True, slots=True)
class Alias:
    """A short name that a document gives a body for later use: （以下简称“市文旅局”）."""

    full: str
    short: str
    evidence: Span


@dataclass(frozen=True, slots=True)
class Document:
    """A document, read: where it came from, its text, and what was found in it."""

    name: str
    """The file's name, without its folder."""
    sha256: str
    """Of the bytes."""
    text_id: str
    """Twelve hex digits of the sha256 of the decoded text."""
    format: str
    """A media type."""
    text: str
    head: Head
    targets: tuple[Target, ...]
    links: tuple[PlaceLink, ...] = ()
    review: tuple[Doubt, ...] = ()
    corrections: tuple[Doubt, ...] = ()
    """Doubts that a person has already decided."""
    aliases: tuple[Alias, ...] = ()
    """Short names that it defines for bodies."""
    silent: int = 0
    """The number of numbered items of a text without a body where others have one."""
    layout: str = ""
    """The arrangement of its targets: "table", "flattened table", …"""
    kind: DocumentKind = "notice"
    parts: tuple[Part, ...] = ()
    """All that it consists of, in order, read or not."""

    @property
    def key(self) -> str:
        """The document's own name: its number, else its title, else its file name."""
        return self.head.number or self.head.title or self.name.rsplit(".", 1)[0]
