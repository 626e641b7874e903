"""Match names of features to places of the graph: names, other names, slips, ways of writing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pyoxigraph import QuerySolutions

from graph.store.snapshot import Snapshot
from ontology.names import slug
from ontology.places import place_names

HOW = ("name", "alias", "form", "slip")
"""From the surest: its name, another name, its name written in another way, a known mistake."""
_KINDS = """SELECT ?p ?l ?k ?d { ?p a tk:Place ; skos:prefLabel ?l ; a ?k .
    FILTER(STRSTARTS(STR(?k), STR(tk:)) && ?k != tk:Place)
    OPTIONAL { ?p geo:sfWithin+ ?in . ?in a tk:District ; skos:prefLabel ?d } } ORDER BY ?p"""


@dataclass(frozen=True, slots=True)
class Known:
    """A place of the graph."""

    iri: str
    label: str
    kind: str
    district: str


@dataclass(slots=True)
class PlaceIndex:
    """All forms of the names of places, each with what it may mean."""

    places: dict[str, Known] = field(default_factory=dict)
    forms: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    """From a form to the places that it may mean, and how it means each."""

    def add(self, form: str, iri: str, how: str) -> None:
        """Let a form mean a place; the surest way counts."""
        ways = self.forms[slug(form)]
        ways[iri] = min(how, ways.get(iri, how), key=HOW.index)

    def find(
        self, name: str, kind: str = "", context: Iterable[str] = ()
    ) -> list[tuple[Known, str]]:
        """Return the places that a name may mean: of a kind, and of the district that the context names."""
        form = slug(name)
        ways = self.forms.get(form, {})
        if not ways and kind == "Block" and form.isdecimal():
            ways = dict.fromkeys(self.forms.get(f"{form}街坊", {}), "form")
        found = [(self.places[iri], how) for iri, how in ways.items()]
        if kind:
            found = [(p, how) for p, how in found if p.kind == kind]
        if len(found) > 1:
            said = set(context)
            near = [
                (p, how)
                for p, how in found
                if any(p.district.endswith(s) for s in said if len(s) > 1)
            ]
            found = near or found
        best = min((HOW.index(how) for _, how in found), default=0)
        return [(p, how) for p, how in found if HOW.index(how) == best]


def name_index(snapshot: Snapshot) -> PlaceIndex:
    """Read the names of all places of a version, and the slips that district files know."""
    index = PlaceIndex()
    for iri, label, kind, district in _rows(snapshot, _KINDS):
        index.places.setdefault(iri, Known(iri, label, kind.rpartition("#")[2], district))
    for known in index.places.values():
        index.add(known.label, known.iri, "name")
        for prefix in _prefixes(known.district):
            index.add(prefix + known.label, known.iri, "form")
    for iri, label in _rows(snapshot, "SELECT ?p ?l { ?p a tk:Place ; skos:altLabel ?l }"):
        if iri in index.places:
            index.add(label, iri, "alias")
    official = {(p.district, p.label): p.iri for p in index.places.values() if p.kind == "Street"}
    for district in sorted({p.district for p in index.places.values()} - {""}):
        for form, name in place_names(district).streets.items():
            if (district, name) in official:
                index.add(form, official[district, name], "name" if form == name else "slip")
    return index


def _prefixes(district: str) -> Iterable[str]:
    """Return the forms of a district that may precede the name of a place in it."""
    parts = re.findall(r".+?(?:自治区|自治州|省|市|区|县|旗)", district)
    return {district, "".join(parts[-1:])} - {""}


def best_field(
    fields: Sequence[str], rows: Sequence[dict[str, str]], index: PlaceIndex, kind: str
) -> str:
    """Return the field that holds most names of places; empty where none holds any."""
    counts = {
        f: len({r.get(f, "") for r in rows if index.find(r.get(f, ""), kind)}) for f in fields
    }
    return max(fields, key=lambda f: counts[f], default="") if any(counts.values()) else ""


def _rows(snapshot: Snapshot, query: str) -> Iterable[tuple[str, ...]]:
    found = snapshot.query(query)
    assert isinstance(found, QuerySolutions)
    for row in found:
        yield tuple("" if term is None else term.value for term in row)
