"""Terms of N-Triples for the words of records, and the triples of one graph."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import NewType

from ontology.names import RDF, RDFS, SKOS, TK, XSD, Iri

Literal = NewType("Literal", bytes)
"""A literal of a line of N-Quads, with the space after it."""

ROLES = {"lead": TK("Lead"), "coordinate": TK("Coordinate"), "responsible": TK("Responsible")}
ROLE_EDGES = {
    "lead": TK("lead"),
    "coordinate": TK("coordinate"),
    "responsible": TK("responsible"),
}
NAME_LISTS = {
    "lead": TK("leadNames"), "coordinate": TK("coordinateNames"),
    "responsible": TK("responsibleNames"),
}  # fmt: skip
"""The literal that keeps the order of the cell, which the edges of a graph do not have."""
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
    None: TK("NotStated"),
}  # fmt: skip

SAME_PLACE_FROM = Decimal("0.7")
"""The confidence from which two names count as one spot."""
_TYPE, _NAME, _LABEL = RDF("type"), SKOS("prefLabel"), RDFS("label")
_INTEGER, _DECIMAL, _BOOLEAN, _DATE = XSD("integer"), XSD("decimal"), XSD("boolean"), XSD("date")


_PLACES = 18
"""Decimal places up to which the store normalises a number; it keeps longer ones as written."""
_SPECIAL = re.compile(r'["\\\x00-\x09\x0b-\x1f\x7f\ufffe\uffff]')
"""Characters to escape; line feeds, the one common case, are handled apart."""
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
    """An xsd:decimal without an exponent, in the form of the store: 0.90 is 0.9."""
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
    """The classes of a kind of thing and its properties, one value each."""

    def __init__(self, classes: Iterable[Iri], *properties: Iri) -> None:
        self.classes = [_TYPE + one for one in classes]
        self.properties = properties


class Triples:
    """The distinct triples of one graph in the order of their making, as lines of N-Quads.

    A document has tens of thousands: bytes cost a fifth of what objects of pyoxigraph cost.
    """

    def __init__(self, graph: str) -> None:
        self._ending = f"<{graph}> .\n".encode()
        self._said: dict[bytes, bytes] = {}
        self.cells: dict[Iri, set[str]] = {}
        """The cells of each node of evidence made so far."""

    def say(self, subject: Iri, predicate: Iri, *objects: Iri | Literal | None) -> None:
        """Add one triple for each object that is not None."""
        for one in objects:
            if one is not None:
                line = b"".join((subject, predicate, one, self._ending))
                self._said[line] = line

    def fill(self, subject: Iri, form: Form, *values: Iri | Literal | None) -> None:
        """Add the classes of a form, and its properties whose value is not None."""
        said, ending = self._said, self._ending
        for tail in form.classes:
            line = subject + tail + ending
            said[line] = line
        for edge, one in zip(form.properties, values, strict=True):
            if one is not None:
                line = b"".join((subject, edge, one, ending))
                said[line] = line

    def about(self, begin: bytes, *tails: bytes) -> None:
        """Add the triples of a new thing in one go.

        All lines begin with `begin`, which is `<` and the thing's address; `tails` are the rest of
        them, and each ends with a space.
        """
        self._said[begin + tails[0]] = b"%b%b%b" % (
            begin, (self._ending + begin).join(tails), self._ending
        )  # fmt: skip

    def kind(self, subject: Iri, *classes: Iri) -> None:
        """Add the classes of a thing."""
        self.say(subject, _TYPE, *classes)

    def label(self, subject: Iri, name: str) -> None:
        """Give a thing its one preferred label, repeated as `rdfs:label`."""
        words = zh(name)
        self.say(subject, _NAME, words)
        self.say(subject, _LABEL, words)

    def english(self, subject: Iri, name: str, *, preferred: bool = False) -> None:
        """Give a thing its English name, where there is one.

        It is a preferred label of concepts only: a query for the labels of bodies or places
        gets one row each.
        """
        words = en(name) if name else None
        self.say(subject, _LABEL, words)
        if preferred:
            self.say(subject, _NAME, words)

    def caption(self, subject: Iri, words: str) -> None:
        """Describe a thing that has no name of its own, such as an assignment."""
        self.say(subject, _LABEL, zh(words))

    def lines(self) -> Iterable[bytes]:
        """Return the triples as N-Quads, one line or several an item."""
        return self._said.values()
