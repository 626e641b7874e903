"""Records' words as terms of N-Triples, and a set that collects triples into one graph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NewType

from ontology.names import RDF, SKOS, TK, XSD, Iri

Literal = NewType("Literal", bytes)
"""A literal as it stands in a line of N-Quads, with the space behind it."""

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
_SPECIAL = re.compile(r'["\\\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]')
"""What is escaped beside line feeds, which alone are common."""
_RARE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_RARE_ESCAPES = {"\b": "\\b", "\f": "\\f"}


def _quoted(text: str) -> str:
    if _SPECIAL.search(text):
        text = text.replace("\\", "\\\\").replace('"', '\\"')
        text = text.replace("\r", "\\r").replace("\t", "\\t")
        text = _RARE.sub(lambda m: _RARE_ESCAPES.get(m[0]) or f"\\u{ord(m[0]):04X}", text)
    text = text.replace("\n", "\\n")
    return f'"{text}"'


def plain(text: str) -> Literal:
    """A plain string."""
    return Literal(f"{_quoted(text)} ".encode())


def zh(text: str) -> Literal:
    """Words of the notice."""
    return Literal(f"{_quoted(text)}@zh ".encode())


def en(text: str) -> Literal:
    """Words in English."""
    return Literal(f"{_quoted(text)}@en ".encode())


def integer(value: int) -> Literal:
    """An xsd:integer."""
    return Literal(b'"%d"^^%b' % (value, _INTEGER))


def decimal(value: Decimal) -> Literal:
    """An xsd:decimal, without an exponent, as the store will say it: 0.90 is 0.9."""
    text = f"{value:f}"
    if "." in text and len(text.partition(".")[2]) <= _PLACES:
        text = text.rstrip("0").rstrip(".")
    return Literal(b'"%b"^^%b' % (text.encode(), _DECIMAL))


def boolean(value: bool) -> Literal:
    """An xsd:boolean."""
    return Literal(b'"%b"^^%b' % (b"true" if value else b"false", _BOOLEAN))


def date(value: str) -> Literal:
    """An xsd:date from its ISO form."""
    return Literal(b'"%b"^^%b' % (value.encode(), _DATE))


class Form:
    """What is said of each thing of a kind: its classes, and a value for each of its properties."""

    def __init__(self, classes: Iterable[Iri], *properties: Iri) -> None:
        self.classes = [_TYPE + one for one in classes]
        self.properties = properties


class Triples:
    """Distinct triples of one graph in the order in which they were said, as N-Quads has them.

    A document says tens of thousands: as text they cost a fifth of what they cost as objects of
    pyoxigraph, and less as bytes.
    """

    def __init__(self, graph: str) -> None:
        self._ending = f"<{graph}> .\n".encode()
        self._said: dict[bytes, bytes] = {}
        self.cells: dict[Iri, set[str]] = {}
        """The cells in which the evidence stands that was said."""

    def say(self, subject: Iri, predicate: Iri, *objects: Iri | Literal | None) -> None:
        """One triple for each object that is there."""
        for one in objects:
            if one is not None:
                line = b"".join((subject, predicate, one, self._ending))
                self._said[line] = line

    def fill(self, subject: Iri, form: Form, *values: Iri | Literal | None) -> None:
        """The classes of a form, and its properties with the values that are there."""
        said, ending = self._said, self._ending
        for tail in form.classes:
            line = subject + tail + ending
            said[line] = line
        for edge, one in zip(form.properties, values, strict=True):
            if one is not None:
                line = b"".join((subject, edge, one, ending))
                said[line] = line

    def about(self, begin: bytes, *tails: bytes) -> None:
        """Triples of a thing, said as one; they were not said before.

        All lines begin with `begin`, which is `<` and the thing's address; `tails` are the rest of
        them, and each ends with a space.
        """
        self._said[begin + tails[0]] = b"%b%b%b" % (
            begin, (self._ending + begin).join(tails), self._ending
        )  # fmt: skip

    def kind(self, subject: Iri, *classes: Iri) -> None:
        """The classes of a thing."""
        self.say(subject, _TYPE, *classes)

    def label(self, subject: Iri, name: str) -> None:
        """The one preferred label of a thing."""
        self.say(subject, _LABEL, zh(name))

    def lines(self) -> Iterable[bytes]:
        """The triples as N-Quads, a line or several each."""
        return self._said.values()
