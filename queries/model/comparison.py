"""Comparison of two notices: targets that came, went and changed: lead, deadline, numbers.

A target is found again by its words, a body by its name: without the 区 or 市 before it where
the other notice writes none, and under the name that the reform gave it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from graph.store.snapshot import Snapshot
from ontology.gazetteer import gazetteer
from queries.model.atlas import rows
from queries.model.months import dates_named, last_day
from queries.model.records import Figure, Target

_ALIKE = 62.0
"""The likeness of words, of 100, from which two targets are one target in two notices."""
_ANY_YEAR = 2020
"""Dates of two years are compared in one."""
_FIGURES = re.compile(r"[\d.]+|20\d\d年?")


CHANGES = ("lead", "earlier", "later", "number")
"""Kinds of difference of a target that stays, in the order in which pages list it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One difference of a target: its kind, and the words of each notice."""

    kind: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Pair:
    """One target in two notices, and how it differs."""

    before: Target
    after: Target
    changes: tuple[Change, ...]

    def has(self, kind: str) -> bool:
        """Return whether it differs in this way."""
        return any(c.kind == kind for c in self.changes)


@dataclass(frozen=True, slots=True)
class Duty:
    """The numbers of targets that one body leads and coordinates in each of two notices."""

    name: str
    leads: tuple[int, int]
    helps: tuple[int, int]

    @property
    def same(self) -> bool:
        """Return whether both numbers stayed."""
        return self.leads[0] == self.leads[1] and self.helps[0] == self.helps[1]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of two notices."""

    came: tuple[Target, ...]
    went: tuple[Target, ...]
    pairs: tuple[Pair, ...]
    duties: tuple[Duty, ...]

    @property
    def changed(self) -> tuple[Pair, ...]:
        """The targets that stayed and differ."""
        return tuple(p for p in self.pairs if p.changes)

    def count(self, kind: str) -> int:
        """Count the targets that differ in this way."""
        return sum(p.has(kind) for p in self.pairs)


def compared(
    before: Sequence[Target], after: Sequence[Target], renamed: Mapping[str, str]
) -> Comparison:
    """The comparison of two notices; `renamed` gives the new name of a body for an old one."""
    said = {e.label for t in (*before, *after) for e in t.edges}
    names = {name: same_name(name, said, renamed) for name in said}
    left, right = [_words(t) for t in before], [_words(t) for t in after]
    alike = sorted(
        (
            (-score, i, j)
            for i, one in enumerate(left)
            for j, other in enumerate(right)
            if (score := fuzz.ratio(one, other, score_cutoff=_ALIKE))
        ),
    )
    taken: set[int] = set()
    pairs: dict[int, Pair] = {}
    for _, i, j in alike:
        if i not in taken and j not in pairs:
            taken.add(i)
            pairs[j] = Pair(before[i], after[j], tuple(_changes(before[i], after[j], names)))
    return Comparison(
        came=tuple(t for j, t in enumerate(after) if j not in pairs),
        went=tuple(t for i, t in enumerate(before) if i not in taken),
        pairs=tuple(pair for _, pair in sorted(pairs.items())),
        duties=_duties(before, after, names),
    )


def compare_notices(
    snapshot: Snapshot, before: Sequence[Target], after: Sequence[Target], districts: Iterable[str]
) -> Comparison:
    """Compare the targets of two notices of these districts, under the names of the gazetteer.

    区卫健委 and 区卫生健康委 are one body, and so are 规土局 and its successor of a reform.
    """
    known = [gazetteer(d) for d in dict.fromkeys(districts)]
    labels = dict.fromkeys(e.label for t in (*before, *after) for e in t.edges)
    forms = {label: "".join(k.parts(label)) for k in known for label in labels}
    return compared(before, after, {**forms, **dict(rows(snapshot, _RENAMED))})  # type: ignore[arg-type]


_RENAMED = """SELECT ?old ?new { ?e a org:ChangeEvent ; org:originalOrganization/skos:prefLabel ?old ;
  org:resultingOrganization/skos:prefLabel ?new } ORDER BY ?old ?new"""


def _changes(before: Target, after: Target, names: Mapping[str, str]) -> Iterator[Change]:
    was, now = _leads(before, names), _leads(after, names)
    if now and was != now:
        yield Change("lead", _lead_labels(before), _lead_labels(after))
    first, then = finish_of(before), finish_of(after)
    if first and then and first[0] != then[0]:
        yield Change("earlier" if then[0] < first[0] else "later", first[1], then[1])
    numbers = {_series(f): f for f in before.figures}
    changed = [
        Change("number", *(f"{f.measure} {f.value}{f.unit}".strip() for f in (old, figure)))
        for figure in after.figures
        if (old := numbers.get(_series(figure)))
        and (old.value, old.comparator) != (figure.value, figure.comparator)
    ]
    yield from dict.fromkeys(changed)  # the year and its last quarter often promise the same


def _series(figure: Figure) -> tuple[str, str, int]:
    """Return the key of a series of numbers: the measure, its unit, the quarter or 0 for the year."""
    return _FIGURES.sub("", figure.measure), figure.unit, figure.quarter


def finish_of(target: Target) -> tuple[tuple[int, int], str] | None:
    """Return the month and day of completion, and the quarter in words; None without one.

    The first quarter with a completion of the whole target counts, else the last of a project;
    a day or month that its cell names goes above the end of the quarter.
    """
    done = [s for s in target.steps if s.stage == "Done"]
    whole = [s.quarter for s in done if not s.project]
    if not done:
        return None
    quarter = min(whole) if whole else max(s.quarter for s in done)
    named = [
        (d.month, d.day)
        for s in done
        if s.quarter == quarter
        for d in dates_named(s.text, _ANY_YEAR, quarter)
    ]
    last = last_day(_ANY_YEAR, quarter)
    if named and max(named) != (last.month, last.day):
        return max(named), f"Q{quarter} {max(named)[0]}-{max(named)[1]}"
    return (last.month, last.day), f"Q{quarter}"


def _lead_labels(target: Target) -> str:
    return "、".join(e.label for e in (*target.written("Lead"), *target.written("Responsible")))


def _words(target: Target) -> str:
    return _FIGURES.sub("", target.text)[:80]


def same_name(name: str, said: Collection[str], renamed: Mapping[str, str]) -> str:
    """The name under which a body is compared; `said` are all names of both notices.

    >>> same_name("区规土局", (), {"规土局": "规划资源局"})
    '规划资源局'
    >>> same_name("市场监管局", (), {}), same_name("区财政局", ("财政局",), {})
    ('市场监管局', '财政局')
    """
    bare = name[1:] if name[0] in "省市区县" else name
    bare = bare if bare in said or bare in renamed or bare in renamed.values() else name
    for _ in range(3):
        bare = renamed.get(bare, bare)
    return bare


def _leads(target: Target, names: Mapping[str, str]) -> set[str]:
    edges = [*target.written("Lead"), *target.written("Responsible")]
    return {names[e.label] for e in edges}


def _duties(
    before: Iterable[Target], after: Iterable[Target], names: Mapping[str, str]
) -> tuple[Duty, ...]:
    counts: list[tuple[Counter[str], Counter[str]]] = []
    for targets in (before, after):
        leads: Counter[str] = Counter()
        helps: Counter[str] = Counter()
        for target in targets:
            leads.update(_leads(target, names))
            helps.update({names[e.label] for e in target.written("Coordinate")})
        counts.append((leads, helps))
    (leads_a, helps_a), (leads_b, helps_b) = counts
    bodies = {*leads_a, *leads_b, *helps_a, *helps_b}
    duties = [Duty(n, (leads_a[n], leads_b[n]), (helps_a[n], helps_b[n])) for n in bodies]
    return tuple(sorted(duties, key=lambda d: (-max(d.leads), -max(d.helps), d.name)))
