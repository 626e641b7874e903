"""What changes from one version to another, by thing: targets, edges and milestones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import QuerySolutions

from graph.snapshot import Snapshot

_THINGS = {
    "target": """SELECT ?key ?value { ?t a tk:Target ; skos:notation ?key ; tk:text ?value }""",
    "lead": """SELECT ?key ?value { ?t tk:lead/skos:prefLabel ?b ; skos:notation ?n
        BIND(CONCAT(?n, " ", STR(?b)) AS ?key) BIND("" AS ?value) }""",
    "coordinate": """SELECT ?key ?value { ?t tk:coordinate/skos:prefLabel ?b ; skos:notation ?n
        BIND(CONCAT(?n, " ", STR(?b)) AS ?key) BIND("" AS ?value) }""",
    "location": """SELECT ?key ?value { ?t tk:location/skos:prefLabel ?b ; skos:notation ?n
        BIND(CONCAT(?n, " ", STR(?b)) AS ?key) BIND("" AS ?value) }""",
    "milestone": """SELECT ?key ?value { ?m a tk:Milestone ; tk:text ?value
        BIND(REPLACE(STR(?m), "^.*/", "") AS ?key) }""",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that came, went or changed."""

    how: str
    """came, went or changed"""
    thing: str
    key: str
    before: str
    after: str

    def __str__(self) -> str:
        words = f"\t{self.before} → {self.after}" if self.how == "changed" else ""
        return f"{self.how}\t{self.thing}\t{self.key}{words}"


def diff(one: Snapshot, other: Snapshot) -> Iterator[Change]:
    """The changes from `one` to `other`, by kind of thing and then by name."""
    for thing, query in _THINGS.items():
        before, after = _values(one, query), _values(other, query)
        for key in sorted(before.keys() | after.keys()):
            if key not in before:
                yield Change("came", thing, key, "", after[key])
            elif key not in after:
                yield Change("went", thing, key, before[key], "")
            elif before[key] != after[key]:
                yield Change("changed", thing, key, before[key], after[key])


def _values(snapshot: Snapshot, query: str) -> dict[str, str]:
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    return {s["key"].value: s["value"].value for s in result}
