"""Comparison of two notices: targets that came, went and moved, and their leads.

A target is found again by its words, a body by its name: without the 区 or 市 before it where
the other notice writes none, and under the name that the reform gave it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from queries.model.records import Target

_ALIKE = 62.0
"""The likeness of words, of 100, from which two targets are one target in two notices."""
_FIGURES = re.compile(r"[\d.]+|20\d\d年?")


@dataclass(frozen=True, slots=True)
class Pair:
    """One target in two notices; `moved` where other bodies lead it now."""

    before: Target
    after: Target
    moved: bool


@dataclass(frozen=True, slots=True)
class Duty:
    """The numbers of targets that one body leads and coordinates in each of two notices."""

    name: str
    leads: tuple[int, int]
    helps: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences of two notices."""

    came: tuple[Target, ...]
    went: tuple[Target, ...]
    pairs: tuple[Pair, ...]
    duties: tuple[Duty, ...]

    @property
    def moved(self) -> tuple[Pair, ...]:
        """The targets that other bodies lead now."""
        return tuple(p for p in self.pairs if p.moved)


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
            now = _leads(after[j], names)
            pairs[j] = Pair(before[i], after[j], bool(now) and now != _leads(before[i], names))
    return Comparison(
        came=tuple(t for j, t in enumerate(after) if j not in pairs),
        went=tuple(t for i, t in enumerate(before) if i not in taken),
        pairs=tuple(pair for _, pair in sorted(pairs.items())),
        duties=_duties(before, after, names),
    )


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
