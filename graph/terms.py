"""Records' words as RDF terms, and a set that collects triples into one graph."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad, Triple

from ontology.names import RDF, SKOS, TK, XSD

ROLES = {"lead": TK["Lead"], "coordinate": TK["Coordinate"], "responsible": TK["Responsible"]}
ROLE_EDGES = {
    "lead": TK["lead"],
    "coordinate": TK["coordinate"],
    "responsible": TK["responsible"],
}
ROLE_WORDS = {"lead": "主责", "coordinate": "配合", "responsible": "责任"}
PLACE_KINDS = {
    "street": TK["Street"], "block": TK["Block"], "lot": TK["Lot"], "parcel": TK["Parcel"],
    "address": TK["Address"], "junction": TK["Junction"], "road": TK["Road"],
    "site": TK["Site"], "zone": TK["Zone"], "water": TK["Water"], "line": TK["Line"],
    "county": TK["County"],
}  # fmt: skip
STAGES = {
    "prepare": TK["Prepare"], "start": TK["Start"], "progress": TK["Progress"],
    "done": TK["Done"], "none": TK["None"],
}  # fmt: skip
COMMITMENTS = {
    "ensure": TK["Ensure"], "complete": TK["Complete"], "strive": TK["Strive"],
    "promote": TK["Promote"], "assist": TK["Assist"],
}  # fmt: skip
COMPARATORS = {"=": TK["Equal"], ">=": TK["AtLeast"], "<=": TK["AtMost"], "~": TK["About"]}
ACCUMULATIONS = {
    "cumulative": TK["Cumulative"], "increment": TK["Increment"], "state": TK["State"],
}  # fmt: skip

SAME_PLACE_FROM = Decimal("0.7")
"""The confidence from which two names count as one spot."""


def zh(text: str) -> Literal:
    """Words of the notice."""
    return Literal(text, language="zh")


def en(text: str) -> Literal:
    """Words in English."""
    return Literal(text, language="en")


def integer(value: int) -> Literal:
    """An xsd:integer."""
    return Literal(str(value), datatype=XSD["integer"])


def decimal(value: Decimal) -> Literal:
    """An xsd:decimal, without an exponent."""
    return Literal(format(value, "f"), datatype=XSD["decimal"])


def boolean(value: bool) -> Literal:
    """An xsd:boolean."""
    return Literal("true" if value else "false", datatype=XSD["boolean"])


def date(value: str) -> Literal:
    """An xsd:date from its ISO form."""
    return Literal(value, datatype=XSD["date"])


class Triples:
    """Distinct triples in the order in which they were said."""

    def __init__(self) -> None:
        self._said: dict[Triple, None] = {}
        self._kinds: set[NamedNode] = set()

    def say(
        self, subject: NamedNode, predicate: NamedNode, *objects: NamedNode | Literal | None
    ) -> None:
        """One triple for each object that is there."""
        for one in objects:
            if one is not None:
                self._said.setdefault(Triple(subject, predicate, one))

    def kind(self, subject: NamedNode, *classes: NamedNode) -> None:
        """The classes of a thing."""
        self._kinds.add(subject)
        self.say(subject, RDF["type"], *classes)

    def has_kind(self, subject: NamedNode) -> bool:
        """Whether the class of a thing was said already."""
        return subject in self._kinds

    def label(self, subject: NamedNode, name: str) -> None:
        """The one preferred label of a thing."""
        self.say(subject, SKOS["prefLabel"], zh(name))

    def quads(self, graph: NamedNode) -> Iterator[Quad]:
        """The triples, each in `graph`."""
        for triple in self._said:
            yield Quad(triple.subject, triple.predicate, triple.object, graph)

    def __contains__(self, triple: Triple) -> bool:
        return triple in self._said

    def __iter__(self) -> Iterator[Triple]:
        return iter(self._said)

    def __len__(self) -> int:
        return len(self._said)
