"""Reported progress of a version: entries by target and day, silences, and promised numbers.

Of several entries on one thing the newest by the day of its facts is current; the others are its
history. A status is the one that the report writes; where it writes none, the computed one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.store.snapshot import Snapshot
from queries.model.atlas import rows
from queries.model.records import Evidence

STATUSES = (
    "Overdue", "Behind", "Stopped", "Cancelled", "NotStarted", "Changed", "PartlyDone", "Preparing",
    "Unstated", "NotDue", "OnTrack", "Ahead", "Done", "DoneEarly",
)  # fmt: skip
"""Statuses from worst to best."""
DONE = ("Done", "DoneEarly")
LATE = ("Overdue", "Behind")
DROPPED = ("Stopped", "Cancelled")


def worst(statuses: Iterable[str]) -> str:
    """Return the worst of several statuses; `Unstated` of none."""
    return min(
        statuses, key=lambda s: STATUSES.index(s) if s in STATUSES else 8, default="Unstated"
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One statement of a report on a target; empty strings and 0 where it is silent."""

    iri: str
    target: str
    project: str
    """The name of its project."""
    quarter: int
    """The quarter whose step it reports on; 0 for the year's target."""
    as_of: str
    reporter: str
    text: str
    written: str
    """The status that it writes: a local name of the scheme, `Unstated` where it writes none."""
    as_written: str
    percent: str
    problem: str
    next_step: str
    computed: str
    late: int
    expected: str
    value: str
    unit: str
    indicator: str
    """The address of the promised number that it reports on."""
    report: str
    title: str
    """The title of its report."""
    evidence: Evidence | None

    @property
    def status(self) -> str:
        """The status that counts: as written, else as computed."""
        return self.written if self.written != "Unstated" else self.computed or "Unstated"

    @property
    def is_done(self) -> bool:
        """Return whether it reports completion."""
        return self.status in DONE

    @property
    def is_disputed(self) -> bool:
        """Return whether the plan contradicts a good status that the report writes."""
        return self.computed in LATE and self.written in ("OnTrack", "Ahead", *DONE)


@dataclass(frozen=True, slots=True)
class Silence:
    """A target that a report owes and is silent on."""

    target: str
    reporter: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Promise:
    """A promised number: an indicator of a target."""

    iri: str
    target: str
    measure: str
    value: str
    unit: str
    comparator: str
    quarter: int
    """0 for the year's number."""
    as_written: str
    evidence: Evidence | None


@dataclass(frozen=True, slots=True)
class Progress:
    """All that was reported, the oldest first."""

    entries: tuple[Entry, ...]
    silences: tuple[Silence, ...]
    promises: Mapping[str, Promise]
    by_target: Mapping[str, tuple[Entry, ...]]

    @property
    def days(self) -> list[str]:
        """The days of the reports, the oldest first."""
        return sorted({e.as_of for e in self.entries if e.as_of})

    def on(self, target: str, until: str = "") -> list[Entry]:
        """Return the entries on a target, as of a day."""
        return [e for e in self.by_target.get(target, ()) if not until or e.as_of <= until]

    def of_step(self, target: str, quarter: int, until: str = "") -> list[Entry]:
        """Return the entries on the step of a quarter, as of a day."""
        return [e for e in self.on(target, until) if e.quarter == quarter]


def current(entries: Iterable[Entry]) -> list[Entry]:
    """Return the newest entries of each project, and of the target itself."""
    newest: dict[str, str] = {}
    every = list(entries)
    for entry in every:
        newest[entry.project] = max(newest.get(entry.project, ""), entry.as_of)
    return [e for e in every if e.as_of == newest[e.project]]


def is_step_done(entries: Iterable[Entry]) -> bool:
    """Return whether all that is current of a step is done; False where nothing was reported."""
    now = current(entries)
    return bool(now) and all(e.is_done for e in now)


_by_version: dict[str, Progress] = {}
_MAX_KEPT = 8
"""Scopes of a version, as of the atlas."""


def progress(snapshot: Snapshot) -> Progress:
    """Return the reported progress of a version or of a scope of it, read once while in use."""
    found = _by_version.pop(snapshot.key, None)
    if found is None:
        while len(_by_version) >= _MAX_KEPT:
            del _by_version[next(iter(_by_version))]
        found = _read(snapshot)
    _by_version[snapshot.key] = found
    return found


_EVIDENCE = """OPTIONAL {{ {of} tk:evidence ?e . ?e oa:hasSource ?source ; oa:hasSelector ?pos .
  ?pos oa:start ?start ; oa:end ?end ; oa:refinedBy ?qu .
  ?qu oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix . OPTIONAL {{ ?e tk:cell ?cell }} }}"""
_SPAN = "?source ?start ?end ?exact ?prefix ?suffix ?cell"


def _span(found: tuple[str, ...]) -> Evidence | None:
    source, start, end, exact, prefix, suffix, cell = found
    return Evidence(source, int(start), int(end), exact, prefix, suffix, cell) if source else None


def _local(iri: str) -> str:
    return iri.rpartition("#")[2]


def _read(snapshot: Snapshot) -> Progress:
    entries = tuple(_entries(snapshot))
    by_target: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_target[entry.target].append(entry)
    silences = rows(
        snapshot,
        """SELECT ?t ?by ?day { ?s a tk:Silence ; tk:target ?t . ?t a tk:Target
        OPTIONAL { ?s tk:reporter/skos:prefLabel ?by } OPTIONAL { ?s tk:asOf ?day } }
        ORDER BY ?day ?by ?t""",
    )
    return Progress(
        entries,
        tuple(Silence(*row) for row in silences),
        _promises(snapshot),
        {t: tuple(es) for t, es in by_target.items()},
    )


def _entries(snapshot: Snapshot) -> list[Entry]:
    found: dict[str, Entry] = {}
    for row in rows(
        snapshot,
        f"""SELECT ?x ?t ?project ?q ?day ?by ?text ?status ?words ?percent ?problem ?next ?computed
        ?late ?expected ?value ?unit ?i ?report ?title {_SPAN} {{
        ?x a tk:ProgressEntry ; tk:target ?t ; dcterms:isPartOf ?report ; tk:ordinal ?n ;
          tk:text ?text . ?t a tk:Target . ?report dcterms:title ?title .
        OPTIONAL {{ ?x tk:ofProject/skos:prefLabel ?project }} OPTIONAL {{ ?x tk:quarter ?q }}
        OPTIONAL {{ ?x tk:asOf ?day }} OPTIONAL {{ ?x tk:reporter/skos:prefLabel ?by }}
        OPTIONAL {{ ?x tk:status ?status }} OPTIONAL {{ ?x tk:statusAsWritten ?words }}
        OPTIONAL {{ ?x tk:percent ?percent }} OPTIONAL {{ ?x tk:problem ?problem }}
        OPTIONAL {{ ?x tk:nextStep ?next }} OPTIONAL {{ ?x tk:statusComputed ?computed }}
        OPTIONAL {{ ?x tk:late ?late }} OPTIONAL {{ ?x tk:expected ?expected }}
        OPTIONAL {{ ?x tk:actual ?a . ?a schema:value ?value ; schema:unitText ?unit }}
        OPTIONAL {{ ?x tk:ofIndicator ?i }} {_EVIDENCE.format(of="?x")} }}
        ORDER BY ?day ?report ?n""",
    ):
        iri, target, project, quarter, day, by, text, status, words, percent, problem = row[:11]
        after, computed, late, expected, value, unit, indicator, report, title = row[11:20]
        found.setdefault(
            iri,
            Entry(
                iri, target, project, int(quarter or 0), day, by, text, _local(status) or "Unstated",
                words, percent, problem, after, _local(computed), int(late or 0), expected, value,
                unit, indicator, report, title, _span(row[20:]),
            ),
        )  # fmt: skip
    return list(found.values())


def _promises(snapshot: Snapshot) -> dict[str, Promise]:
    """Return the numbers that targets promise, those of a quarter too."""
    found: dict[str, Promise] = {}
    for iri, target, measure, value, unit, how, quarter, words, *span in rows(
        snapshot,
        f"""SELECT ?i ?t ?measure ?value ?unit ?how ?q ?words {_SPAN} {{ ?t tk:indicator ?i .
        ?i tk:measure/skos:prefLabel ?measure ; schema:unitText ?unit ; tk:asWritten ?words ;
          schema:value ?value . OPTIONAL {{ ?i tk:comparator ?how }}
        OPTIONAL {{ ?i tk:due/tk:quarter ?q }} {_EVIDENCE.format(of="?i")} }} ORDER BY ?i""",
    ):
        promise = Promise(
            iri, target, measure, value, unit, _local(how), int(quarter or 0), words,
            _span(tuple(span)),
        )  # fmt: skip
        found.setdefault(iri, promise)
    return found


@dataclass(frozen=True, slots=True)
class Slip:
    """A step of a target or project that was reported on, and when it was done."""

    target: str
    project: str
    planned: int
    """The quarter in which it was due."""
    done: str
    """The day of the first report that states it done; empty while none does."""
    last: str
    """The day of the newest report on its target, which may speak of other steps alone."""
    year: int

    @property
    def quarters(self) -> int:
        """Quarters by which it was late, or is by now if still open; negative where it was early."""
        day = self.done or self.last
        moved = (int(day[:4]) - self.year) * 4 + (int(day[5:7]) + 2) // 3 - self.planned
        return moved if self.done else max(moved, 0)

    @property
    def is_open_late(self) -> bool:
        """Return whether it was due by the day of the newest report, and is not done."""
        ends = f"{self.year}-{('03-31', '06-30', '09-30', '12-31')[self.planned - 1]}"
        return not self.done and self.last >= ends


def slips(told: Progress, years: Mapping[str, int]) -> list[Slip]:
    """Return the steps that were reported on, by target in the order of `years`.

    `years` gives the year of each target. Steps that were stopped or cancelled are left out.
    """
    found = []
    for target, year in years.items():
        steps: dict[tuple[str, int], list[Entry]] = defaultdict(list)
        for entry in told.on(target):
            if entry.quarter and entry.as_of:
                steps[entry.project, entry.quarter].append(entry)
        for (project, quarter), entries in sorted(steps.items(), key=lambda s: (s[0][1], s[0][0])):
            done = min((e.as_of for e in entries if e.is_done), default="")
            if done or not any(e.status in DROPPED for e in current(entries)):
                last = max(e.as_of for e in told.on(target))
                found.append(Slip(target, project, quarter, done, last, year))
    return found
