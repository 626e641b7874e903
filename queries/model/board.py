"""The board: what is due for a body, a place or all, a row a target or project, and what came back.

A row has its steps in the columns of their stages, each word by word. The clauses of a target that
a project of it repeats are shown once, in the project's row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from graph.store.snapshot import Snapshot
from ontology.names import squeeze
from queries.catalogue import resolve
from queries.errors import BadParameter, UnknownThing
from queries.model.atlas import atlas
from queries.model.months import dates_named
from queries.model.place_ties import ties
from queries.model.records import Atlas, Edge, Evidence, Step, Target
from queries.model.reported import (
    DONE,
    DROPPED,
    LATE,
    Entry,
    Progress,
    Silence,
    current,
    progress,
)

QUARTERS = ("1", "2", "3", "4", "all")
COLUMNS = ("Prepare", "Start", "Progress", "Done")
ALL = "all"
Mark = Literal["none", "begun", "half", "full", "dropped"]
"""Reported so far: nothing, that nothing was begun, some, all, or that it was dropped."""


@dataclass(frozen=True, slots=True)
class BoardStep:
    """A step that is due: its words, its quarter, and the days that they name."""

    step: Step
    words: str
    dates: tuple[str, ...]

    @property
    def column(self) -> str:
        """The column of its stage; a step without one is work in progress."""
        return self.step.stage if self.step.stage in COLUMNS else "Progress"


@dataclass(frozen=True, slots=True)
class BoardRow:
    """A target, or a project of it: its steps and its entries, the newest last."""

    target: Target
    project: str
    role: str
    """The reason for its place on this board: Lead, Coordinate, or a way of tying in."""
    through: tuple[str, ...]
    inferred: bool
    ground: Evidence | None
    steps: tuple[BoardStep, ...]
    entries: tuple[Entry, ...]
    now: Entry | None
    """The current entry: the newest, of several the worst."""
    carried: bool = False
    """True for what was due before the quarter and was not reported done."""
    silence: Silence | None = None
    """The report that should have spoken of the target since and did not."""

    def column(self, stage: str) -> list[BoardStep]:
        """Return the steps in a column."""
        return [s for s in self.steps if s.column == stage]

    @property
    def mark(self) -> Mark:
        """Mark of its current entry."""
        entry = self.now
        if entry is None:
            return "none"
        if entry.status in DROPPED:
            return "dropped"
        if entry.status in DONE:
            return "full"
        return "begun" if entry.status in ("NotStarted", "NotDue") else "half"

    @property
    def is_late(self) -> bool:
        """Return whether its current entry is behind the plan."""
        return self.now is not None and (
            self.now.status in LATE or (self.now.computed in LATE and not self.now.is_done)
        )


@dataclass(frozen=True, slots=True)
class Board:
    """A board and whom it is for."""

    who: str
    kind: Literal["all", "body", "place"]
    iri: str
    quarter: str
    until: str
    rows: tuple[BoardRow, ...]
    has_reports: bool

    @property
    def targets(self) -> list[Target]:
        """Its targets, each once."""
        return list({r.target.iri: r.target for r in self.rows}.values())

    def count(self, mark: Mark) -> int:
        """Return how many rows have a mark."""
        return sum(r.mark == mark for r in self.rows if r.steps or r.entries)

    @property
    def late(self) -> int:
        """Count of rows that are behind the plan."""
        return sum(r.is_late for r in self.rows)


def board(snapshot: Snapshot, who: str = "", quarter: str = ALL, until: str = "") -> Board:
    """Return the board of a body, a place or all; `until` is the day as of which it is shown.

    A name that is a street and its office is the street: its board has what the office does too.
    Raises UnknownThing with near names, BadParameter.
    """
    quarter = quarter or ALL
    if quarter not in QUARTERS:
        raise BadParameter("quarter", f"{quarter!r}", QUARTERS)
    if until and not re.fullmatch(r"\d{4}-\d\d-\d\d", until):
        raise BadParameter("until", f"{until!r}", ("2019-06-25",))
    a, told = atlas(snapshot), progress(snapshot)
    kind, label, iri = _who(snapshot, a, who)
    made = _Maker(a, told, quarter, until)
    if kind == "all":
        found = [r for t in a.targets.values() for r in made.rows(t, t.steps, "", (), None)]
    elif kind == "body":
        found = [r for e in strongest_edges(a, iri) for r in made.duty(e)]
    else:
        found = made.place(iri)
    return Board(label, kind, iri, quarter, until, tuple(found), bool(told.entries))


def _who(
    snapshot: Snapshot, a: Atlas, who: str
) -> tuple[Literal["all", "body", "place"], str, str]:
    if not who or who in (ALL, "全部"):
        return "all", "", ""
    try:
        label = resolve(snapshot, "place", who, "who")
    except UnknownThing as unknown:
        try:
            label = resolve(snapshot, "body", who, "who")
        except UnknownThing as other:
            near = list(dict.fromkeys([*other.near, *unknown.near]))[:8]
            raise UnknownThing("who", who, near) from None
        return "body", label, next(b.iri for b in a.bodies.values() if b.label == label)
    place = next(p for p in a.places.values() if p.label == label)
    bodies = [b for b in a.bodies.values() if b.label == label]
    if bodies and place.kind != "Street":
        return "body", label, bodies[0].iri
    return "place", label, place.iri


def strongest_edges(a: Atlas, body: str) -> list[Edge]:
    """Return the strongest edge of a body in each target: led, coordinated, inferred."""
    found: dict[str, Edge] = {}
    for edge in sorted(a.edges_of(body), key=lambda e: (e.inferred, e.role == "Coordinate")):
        found.setdefault(edge.target, edge)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes rows from targets, their steps and their entries."""

    a: Atlas
    told: Progress
    quarter: str
    until: str

    def duty(self, edge: Edge) -> list[BoardRow]:
        """The rows of a target that a body leads or coordinates."""
        target = self.a.targets[edge.target]
        through = (edge.via,) if edge.via else ()
        role = "Coordinate" if edge.role == "Coordinate" else "Lead"
        return self.rows(target, target.steps, role, through, edge.evidence, edge.inferred)

    def place(self, iri: str) -> list[BoardRow]:
        """The rows of the targets that tie to a place, by their first way."""
        found: dict[str, list[BoardRow]] = {}
        for tie in ties(self.a, iri):
            if tie.target.iri not in found:
                ground = tie.evidence[0] if tie.evidence else None
                steps = tie.target.steps if tie.whole else tie.steps
                found[tie.target.iri] = self.rows(
                    tie.target, steps, tie.way, tie.through, ground,
                    tie.way in ("samePlace", "collective"),
                )  # fmt: skip
        return [row for rows in found.values() for row in rows]

    def rows(
        self, target: Target, steps: Sequence[Step], role: str, through: tuple[str, ...],
        ground: Evidence | None, inferred: bool = False,
    ) -> list[BoardRow]:  # fmt: skip
        """The rows of a target: its own, then one for each project with a step or an entry."""
        entries = self.told.on(target.iri, self.until)
        projects = list(dict.fromkeys(s.project for s in steps if s.project))
        whole = not all(s.project for s in steps) or not steps
        told = dict.fromkeys(e.project for e in entries if e.project)
        if whole:
            projects += [p for p in told if p not in projects]
        names = ["", *projects] if whole else projects
        found = []
        for project in names:
            mine = [s for s in steps if s.project == project]
            others = [s for s in steps if s.project] if not project else []
            shown = tuple(self._steps(target, [s for s in mine if self._is_asked(s)], others))
            of = tuple(e for e in entries if e.project == project and self._is_told(e))
            late = tuple(self._carried(target, mine, entries, project))
            if late:
                shown = (*self._steps(target, late, others), *shown)
            if shown or of or (not project and self.quarter == ALL):
                of = of or self._of_carried(late, entries, project)
                found.append(
                    BoardRow(
                        target, project, role, through, inferred, ground, shown, of, _now(of),
                        bool(late), self._silence(target, entries) if not of else None,
                    )
                )  # fmt: skip
        has_more = any(r.project for r in found)
        return [r for r in found if r.project or r.steps or r.entries or not has_more]

    def _silence(self, target: Target, entries: Sequence[Entry]) -> Silence | None:
        """Return the newest silence on a target, if nothing was reported in that quarter or since."""
        last = max((e.as_of for e in entries), default="")
        found = [
            s for s in self.told.silences
            if s.target == target.iri and s.as_of > last and (not self.until or s.as_of <= self.until)
            and self.quarter in (ALL, str((int(s.as_of[5:7] or 0) + 2) // 3))
        ]  # fmt: skip
        return found[-1] if found else None

    def _is_asked(self, step: Step) -> bool:
        return self.quarter in (ALL, str(step.quarter))

    def _is_told(self, entry: Entry) -> bool:
        """Return whether an entry is on the quarter asked for, or on the year in its time."""
        if self.quarter == ALL or entry.quarter == int(self.quarter):
            return True
        month = int(entry.as_of[5:7]) if entry.as_of else 0
        return entry.quarter == 0 and (month + 2) // 3 == int(self.quarter)

    def _carried(
        self, target: Target, steps: Iterable[Step], entries: Sequence[Entry], project: str
    ) -> list[Step]:
        """Return steps of earlier quarters that were reported and never, nor a later one, as done."""
        if self.quarter in (ALL, "1"):
            return []
        found = []
        for step in steps:
            if step.quarter >= int(self.quarter):
                continue
            later = [e for e in entries if e.project == project and e.quarter >= step.quarter]
            now = current(e for e in later if e.quarter == step.quarter)
            if now and not any(e.is_done or e.status in DROPPED for e in later):
                found.append(step)
        return found

    def _of_carried(
        self, steps: Iterable[Step], entries: Sequence[Entry], project: str
    ) -> tuple[Entry, ...]:
        quarters = {s.quarter for s in steps}
        return tuple(e for e in entries if e.project == project and e.quarter in quarters)

    def _steps(
        self, target: Target, steps: Iterable[Step], others: Sequence[Step]
    ) -> Iterable[BoardStep]:
        """Return steps with their words; of a target's own those that no project repeats.

        An ellipsis parts clauses that have others between them.
        """
        notice = self.a.notices.get(target.notice)
        year = int(notice.year) if notice and notice.year.isdecimal() else 0
        for step in steps:
            same = [o for o in others if o.quarter == step.quarter]
            kept = (
                [None if _is_repeated(c, same) else c for c in step.clauses]
                if same
                else [step.text]
            )
            pieces = [
                "".join(c for c in run if c) for is_kept, run in groupby(kept, bool) if is_kept
            ]
            words = "…".join(pieces)
            if words.strip():
                days = dates_named(words, year, step.quarter) if year else ()
                yield BoardStep(step, words.strip(), tuple(d.isoformat() for d in days))


def _now(entries: Sequence[Entry]) -> Entry | None:
    newest = current(entries)
    return min(newest, key=lambda e: (e.is_done, not e.late)) if newest else None


def _is_repeated(clause: str, steps: Iterable[Step]) -> bool:
    """Return whether the steps of projects repeat a clause, but for the name of the project."""
    bare = squeeze(clause).strip(_MARKS)
    rest, names = bare, []
    for step in sorted(steps, key=lambda s: -len(s.text)):
        words = squeeze(step.text).strip(_MARKS)
        if bare in words:
            return True
        if words in bare:
            rest = rest.replace(words, "")
            names.append(squeeze(step.project))
    label = rest.strip(_MARKS)
    for name in names:
        rest = rest.replace(name, "")
    is_label = bare.startswith((f"{label}:", f"{label}："))
    return bool(names) and (not rest.strip(_MARKS) or is_label)


_MARKS = "。;；,，、:： "
