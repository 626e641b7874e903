"""Things of the pages as records: targets, edges, steps, mentions, bodies, places."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby

STAGES = ("None", "Prepare", "Start", "Progress", "Done")
"""From nothing to completion."""


def furthest(stages: Iterable[str]) -> str:
    """Return the furthest of several stages; `None` of none."""
    return max(stages, key=lambda s: STAGES.index(s) if s in STAGES else 0, default="None")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span of the source with its offsets and the text around it."""

    source: str
    start: int
    end: int
    quote: str
    prefix: str
    suffix: str
    cell: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A quote and the words around it in its cell, runs of white space as one space."""

    before: str
    quote: str
    after: str
    cited: str
    """The document, for a citation."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A domain of a notice and its targets."""

    domain: str
    mark: str
    targets: list[Target]

    @property
    def done(self) -> list[int]:
        """The number of its targets completed in each quarter, by their furthest step."""
        return [sum(t.stage(q) == "Done" for t in self.targets) for q in (1, 2, 3, 4)]


@dataclass(frozen=True, slots=True)
class Edge:
    """One body in one role of a target; `via` names the fact that it was inferred through."""

    target: str
    body: str
    label: str
    role: str
    named_as: str
    inferred: bool
    via: str
    confidence: float
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Step:
    """A clause due in a quarter."""

    quarter: int
    text: str
    stage: str
    commitment: str
    project: str
    evidence: Evidence | None

    @property
    def clauses(self) -> list[str]:
        """The clauses of the cell, each verbatim with its mark of punctuation."""
        return re.findall(r"[^。;；]+[。;；]?", self.text)

    @property
    def first(self) -> str:
        """The first clause."""
        return self.clauses[0] if self.clauses else self.text

    @property
    def further(self) -> int:
        """The number of clauses after it."""
        return max(len(self.clauses) - 1, 0)


@dataclass(frozen=True, slots=True)
class Mention:
    """A place that a target names, with its evidence in each cell."""

    target: str
    place: str
    label: str
    kind: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number promised."""

    measure: str
    value: str
    unit: str
    comparator: str
    quarter: int
    as_written: str


@dataclass(frozen=True, slots=True)
class Work:
    """A project."""

    iri: str
    name: str
    kind: str
    targets: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(slots=True)
class Target:
    """One row with everything that is tied to it."""

    iri: str
    id: str
    title: str
    text: str
    domain: str
    domain_mark: str
    theme: str
    notice: str
    none_stated: tuple[str, ...]
    evidence: Evidence | None
    edges: list[Edge] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    works: list[Work] = field(default_factory=list)

    def written(self, role: str) -> list[Edge]:
        """The edges of a role that are written."""
        return [e for e in self.edges if e.role == role and not e.inferred]

    def stage(self, quarter: int) -> str:
        """The furthest step of the target and its projects in a quarter; `None` without one."""
        return furthest(s.stage for s in self.steps if s.quarter == quarter)

    def is_due(self, quarter: int) -> bool:
        """Return whether something falls due in a quarter."""
        return any(s.quarter == quarter for s in self.steps)

    def whole(self, quarter: int) -> Step | None:
        """The target's own step of a quarter."""
        return next((s for s in self.steps if s.quarter == quarter and not s.project), None)


@dataclass(frozen=True, slots=True)
class Place:
    """A place and how it lies."""

    iri: str
    label: str
    kind: str
    within: tuple[str, ...]
    roads: tuple[str, ...]
    same: tuple[str, ...]
    other_names: tuple[str, ...]
    grid: tuple[int, int] | None = None
    """Row and column of a street among the tiles of its district."""

    @property
    def order(self) -> list[str | int]:
        """The sort key of places: 19街坊 comes before 115街坊."""
        return [int(x) if x.isdecimal() else x for x in re.split(r"(\d+)", self.label)]


@dataclass(frozen=True, slots=True)
class Body:
    """A body or a collective."""

    iri: str
    label: str
    kind: str
    english: str
    other_names: tuple[str, ...]
    street: str
    unit_of: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A document."""

    iri: str
    title: str
    number: str
    index: str
    signed: str
    published: str
    jurisdiction: str
    source: str
    year: str


@dataclass(slots=True)
class Atlas:
    """Everything by its address, targets in the order of the document."""

    targets: dict[str, Target]
    bodies: dict[str, Body]
    places: dict[str, Place]
    works: dict[str, Work]
    notices: dict[str, Notice]
    group_of: dict[str, str]
    """The domain in which a body leads most, else coordinates most."""

    inside_of: dict[str, list[str]] = field(default_factory=dict)
    """The places that lie in each place or on each road."""

    def __post_init__(self) -> None:
        for place in self.places.values():
            for wide in (*place.within, *place.roads):
                self.inside_of.setdefault(wide, []).append(place.iri)

    @property
    def domains(self) -> list[str]:
        """The domains in the order of the documents."""
        return list(dict.fromkeys(t.domain for t in self.targets.values() if t.domain))

    def chapters(self, targets: Iterable[Target]) -> list[Chapter]:
        """Targets by domain, in their order."""
        return [
            Chapter(domain, mark, list(group))
            for (domain, mark), group in groupby(targets, key=lambda t: (t.domain, t.domain_mark))
        ]

    def edges_of(self, body: str) -> list[Edge]:
        """The edges of a body, in the order of the targets."""
        return [e for t in self.targets.values() for e in t.edges if e.body == body]
