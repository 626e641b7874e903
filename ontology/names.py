"""IRIs by name: the vocabulary's terms, the prefixes, and how a thing gets its address.

The scheme is readable on purpose: `https://w3id.org/tiaokuai/id/上海市长宁区/部门/规土局`.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import NewType
from urllib.parse import quote

from pyoxigraph import NamedNode

Iri = NewType("Iri", bytes)
"""An address as a part of a line of N-Quads, with the space behind it. Lines are joined from
encoded parts, since making an object of pyoxigraph for each costs more."""

HOME = "https://w3id.org/tiaokuai/"
"""The base of the vocabulary, which never moves, even if that of the things does."""

PREFIXES = {
    "tk": HOME + "ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "schema": "http://schema.org/",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "time": "http://www.w3.org/2006/time#",
    "eli": "http://data.europa.eu/eli/ontology#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "void": "http://rdfs.org/ns/void#",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "sh": "http://www.w3.org/ns/shacl#",
    "vann": "http://purl.org/vocab/vann/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wd": "http://www.wikidata.org/entity/",
    "sf": "http://www.opengis.net/ont/sf#",
}
"""The prefixes that need no PREFIX line in a query of ours."""


@dataclass(frozen=True, slots=True)
class Namespace:
    """A prefix; `TK["lead"]` is the term as a node.

    >>> TK["lead"].value
    'https://w3id.org/tiaokuai/ns#lead'
    """

    iri: str

    def __getitem__(self, name: str) -> NamedNode:
        return _term(self.iri + name)

    def __call__(self, name: str) -> Iri:
        """The term as it is written in bulk."""
        return _term_iri(self.iri, name)


@lru_cache(maxsize=4096)
def _term(iri: str) -> NamedNode:
    return NamedNode(iri)


@lru_cache(maxsize=4096)
def _term_iri(iri: str, name: str) -> Iri:
    return iri_written(iri + name)


def iri_written(address: str) -> Iri:
    """Write an address as a part of a line."""
    return Iri(f"<{address}> ".encode())


def address_of(iri: Iri) -> str:
    """The address alone."""
    return iri.decode()[1:-2]


TK, SKOS, OA, ORG, GEO, SCHEMA, DCTERMS, PROV, TIME, ELI, FOAF, XSD, RDF, RDFS, OWL = (
    Namespace(PREFIXES[p])
    for p in (
        "tk", "skos", "oa", "org", "geo", "schema", "dcterms",
        "prov", "time", "eli", "foaf", "xsd", "rdf", "rdfs", "owl",
    )
)  # fmt: skip

_SPACE = re.compile(r"[\s\u00a0\u200b\ufeff]+")
_FORBIDDEN = re.compile(r"[\x00-\x20<>\"{}|\\^`%?#\[\]]")
_FULLWIDTH = str.maketrans({"/": "／", "(": "（", ")": "）"})


def squeeze(text: str) -> str:
    """`text` without any white space: spacing in these notices is layout.

    >>> squeeze("科  委\\u00a0")
    '科委'
    """
    text = "".join(text.split())
    return _SPACE.sub("", text) if "\u200b" in text or "\ufeff" in text else text


@lru_cache(maxsize=16384)
def slug(name: str) -> str:
    """The form of a name in an IRI: no white space, `/ ( )` in full width.

    Characters that an IRI segment forbids are percent-encoded; NFKC is never applied, since it
    would fold the full-width forms back.

    >>> slug("71街坊 1/2丘"), slug("各街(镇)"), slug('a"b')
    ('71街坊1／2丘', '各街（镇）', 'a%22b')
    """
    text = squeeze(name).translate(_FULLWIDTH)
    return _FORBIDDEN.sub(lambda m: quote(m.group(), safe=""), text)


@lru_cache(maxsize=16384)
def _last(name: str) -> bytes:
    """The end of an address that a name closes."""
    return f"{slug(name)}> ".encode()


@lru_cache(maxsize=1024)
def _within(whole: Iri, kind: str = "") -> bytes:
    """The beginning of the addresses within something: of all things, or those of a kind."""
    return whole.removesuffix(b"> ") + (f"/{kind}/" if kind else "/").encode()


def _below(whole: Iri, kind: str, name: str) -> Iri:
    return Iri(_within(whole, kind) + _last(name))


def base() -> str:
    """The address before `id/` and `graph/`: `$TIAOKUAI_BASE`, by default ours."""
    return os.environ.get("TIAOKUAI_BASE") or HOME


@dataclass(frozen=True)
class Names:
    """The addresses of things of one jurisdiction, and of one document of it.

    `document` is the document's own name (its number, else its title, else its file name),
    `text_id` twelve hex digits of the sha256 of its decoded text.
    """

    jurisdiction: str
    document: str = ""
    text_id: str = ""

    def thing(self, kind: str, name: str) -> Iri:
        """A thing of the jurisdiction: `thing("部门", "规土局")`."""
        return _below(self.district, kind, name)

    def scheme(self, kind: str) -> Iri:
        """The concept scheme that holds the things of a kind: `scheme("领域")`."""
        return Iri(_within(self.district) + _last(kind))

    @cached_property
    def district(self) -> Iri:
        """The jurisdiction itself, as a place."""
        return iri_written(f"{base()}id/{slug(self.jurisdiction)}")

    @cached_property
    def notice(self) -> Iri:
        """The document, independent of its text."""
        return Iri(_within(self.district) + _last(self.document))

    def inside(self, kind: str, name: str) -> Iri:
        """A thing of the document: `inside("目标", "15")`."""
        return _below(self.notice, kind, name)

    @cached_property
    def version(self) -> Iri:
        """The text of the document that was read."""
        return self.inside("文本", self.text_id)

    def evidence(self, start: int, end: int) -> Iri:
        """A span of that text, in code points, half open."""
        return Iri(b"%b%d-%d> " % (_within(self.version, "证据"), start, end))

    @property
    def asserted(self) -> str:
        """The graph of the document's statements."""
        where = f"{slug(self.jurisdiction)}/{slug(self.document)}/{self.text_id}"
        return f"{base()}graph/{where}"

    @property
    def inferred(self) -> str:
        """The graph of what follows from it."""
        return f"{self.asserted}/inferred"


def shared_graph() -> NamedNode:
    """The graph of what documents share: bodies, places, gazetteer, vocabulary."""
    return NamedNode(base() + "graph/shared")


def corrections_graph() -> NamedNode:
    """The graph of what people decided about doubts."""
    return NamedNode(base() + "graph/corrections")


def year(number: int | None) -> Iri:
    """A year: `id/2019`; a document that names none gets `id/未知年`."""
    return iri_written(f"{base()}id/{number or '未知年'}")


def day(iso: str) -> Iri:
    """A calendar day as an instant: `id/2019-06-30`."""
    return iri_written(f"{base()}id/{iso}")


def quarter(number_of_year: int | None, number: int) -> Iri:
    """A quarter of a year: `quarter(2019, 2)` is `id/2019Q2`."""
    return Iri(b"%bQ%d> " % (year(number_of_year).removesuffix(b"> "), number))
