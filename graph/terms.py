"""Records' words as terms of N-Triples, and a set that collects triples into one graph."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NewType

from ontology.names import RDF, SKOS, TK, XSD, Iri

Literal = NewType("Literal", str)
"""A literal as N-Triples writes it; it begins with a quotation mark, as no IRI does."""

ROLES = {"lead": TK("Lead"), "coordinate": TK("Coordinate"), "responsible": TK("Responsible")}
ROLE_EDGES = {
    "lead": TK("lead"),
    "coordinate": TK("coordinate"),
    "responsible": TK("responsible"),
}
ROLE_WORDS = {"lead": "主责", "coordinate": "配合", "responsible": "责任"}
PLACE_KINDS = {
    "street": TK("Street"), "block": TK("Block"), "lot": TK("Lot"), "parcel": TK("Parcel"),
    "address": TK("Address"), "junction": TK("Junction"), "road": TK("Road"),
    "site": TK("Site"), "zone": TK("Zone"), "water": TK("Water"), "line": TK("Line"),
    "county": TK("County"),
}  # fmt: skip
STAGES = {
    "prepare": TK("Prepare"), "start": TK("Start"), "progress": TK("Progress"),
    "done": TK("Done"), "none": TK("None"),
}  # fmt: skip
COMMITMENTS = {
    "ensure": TK("Ensure"), "complete": TK("Complete"), "strive": TK("Strive"),
    "promote": TK("Promote"), "assist": TK("Assist"),
}  # fmt: skip
COMPARATORS = {"=": TK("Equal"), ">=": TK("AtLeast"), "<=": TK("AtMost"), "~": TK("About")}
ACCUMULATIONS = {
    "cumulative": TK("Cumulative"), "increment": TK("Increment"), "state": TK("State"),
}  # fmt: skip

SAME_PLACE_FROM = Decimal("0.7")
"""The confidence from which two names count as one spot."""
_TYPE, _LABEL = RDF("type"), SKOS("prefLabel")
_INTEGER, _DECIMAL, _BOOLEAN, _DATE = XSD("integer"), XSD("decimal"), XSD("boolean"), XSD("date")


_PLACES = 18
"""The decimal places that the store reckons with; it keeps longer figures as they are written."""
_SPECIAL = re.compile(r'["\\\x00-\x1f\x7f\ufffe\uffff]')
_ESCAPES = {
    '"': '\\"',
    "\\": "\\\\",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\f": "\\f",
    "\r": "\\r",
}


def _quoted(text: str) -> str:
    if _SPECIAL.search(text):
        text = _SPECIAL.sub(lambda m: _ESCAPES.get(m[0]) or f"\\u{ord(m[0]):04X}", text)
    return f'"{text}"'


def plain(text: str) -> Literal:
    """A plain string."""
    return Literal(_quoted(text))


def zh(text: str) -> Literal:
    """Words of the notice."""
    return Literal(_quoted(text) + "@zh")


def en(text: str) -> Literal:
    """Words in English."""
    return Literal(_quoted(text) + "@en")


def integer(value: int) -> Literal:
    """An xsd:integer."""
    return Literal(f'"{value}"^^<{_INTEGER}>')


def decimal(value: Decimal) -> Literal:
    """An xsd:decimal, without an exponent, as the store will say it: 0.90 is 0.9."""
    text = f"{value:f}"
    if "." in text and len(text.partition(".")[2]) <= _PLACES:
        text = text.rstrip("0").rstrip(".")
    return Literal(f'"{text}"^^<{_DECIMAL}>')


def boolean(value: bool) -> Literal:
    """An xsd:boolean."""
    return Literal(f'"{"true" if value else "false"}"^^<{_BOOLEAN}>')


def date(value: str) -> Literal:
    """An xsd:date from its ISO form."""
    return Literal(f'"{value}"^^<{_DATE}>')


class Triples:
    """Distinct triples in the order in which they were said, as N-Triples writes them.

    A document says tens of thousands: as text they cost a fifth of what they cost as objects.
    """

    def __init__(self) -> None:
        self._said: dict[str, None] = {}
        self._kinds: set[Iri] = set()

    def say(self, subject: Iri, predicate: Iri, *objects: Iri | Literal | None) -> None:
        """One triple for each object that is there."""
        for one in objects:
            if one is not None:
                written = one if one[0] == '"' else f"<{one}>"
                self._said[f"<{subject}> <{predicate}> {written}"] = None

    def kind(self, subject: Iri, *classes: Iri) -> None:
        """The classes of a thing."""
        self._kinds.add(subject)
        self.say(subject, _TYPE, *classes)

    def has_kind(self, subject: Iri) -> bool:
        """Whether the class of a thing was said already."""
        return subject in self._kinds

    def label(self, subject: Iri, name: str) -> None:
        """The one preferred label of a thing."""
        self.say(subject, _LABEL, zh(name))

    def lines(self, graph: Iri) -> bytes:
        """The triples in a graph, as N-Quads."""
        ending = f" <{graph}> .\n"
        return "".join([triple + ending for triple in self._said]).encode()
