"""People's decisions about doubts: kept as Turtle next to the documents, applied on every build.

A decision names its doubt by a short id made of the doubt's subject, so that it survives
reading the document again; it records the decider and the time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal as Choice
from typing import get_args

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from graph.errors import StoreError
from graph.records import Document, Doubt
from ontology.names import PREFIXES, PROV, RDF, TK, XSD, base, corrections_graph

Decision = Choice["accept", "reject", "correct"]
FILE = "corrections.ttl"


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision. `value` is the right name where the decision is to correct."""

    doubt: str
    decision: Decision
    value: str
    who: str
    when: str
    """ISO 8601, in UTC."""


def doubt_id(document: Document, doubt: Doubt) -> str:
    """Eight hex digits that stay the same as long as the doubt is about the same words."""
    about = (
        document.head.jurisdiction,
        document.key,
        doubt.row,
        doubt.cell,
        doubt.kind,
        doubt.span.quote,
        *filter(None, (doubt.about,)),
    )
    return hashlib.sha256("\n".join(about).encode()).hexdigest()[:8]


def _node(doubt: str) -> NamedNode:
    return NamedNode(f"{base()}id/更正/{doubt}")


def correction_triples(corrections: Iterable[Correction]) -> Iterator[Triple]:
    """Decisions as triples, for the file and for the graph of corrections."""
    for one in corrections:
        node = _node(one.doubt)
        yield Triple(node, RDF["type"], TK["Correction"])
        yield Triple(node, TK["doubtId"], Literal(one.doubt))
        yield Triple(node, TK["decision"], Literal(one.decision))
        if one.value:
            yield Triple(node, TK["correctValue"], Literal(one.value))
        yield Triple(node, PROV["wasAttributedTo"], Literal(one.who))
        yield Triple(node, PROV["generatedAtTime"], Literal(one.when, datatype=XSD["dateTime"]))


def correction_quads(corrections: Iterable[Correction]) -> Iterator[Quad]:
    """Decisions in the graph of corrections."""
    for triple in correction_triples(corrections):
        yield Quad(triple.subject, triple.predicate, triple.object, corrections_graph())


def read_corrections(folder: Path) -> dict[str, Correction]:
    """The decisions kept in a store's folder, by doubt. Raises StoreError for a damaged file."""
    path = folder / FILE
    if not path.exists():
        return {}
    said: dict[str, dict[str, str]] = {}
    try:
        for quad in parse(path.read_bytes(), format=RdfFormat.TURTLE):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
                name = quad.predicate.value.rsplit("#", 1)[-1]
                said.setdefault(quad.subject.value, {})[name] = quad.object.value
        found = [_correction(facts) for facts in said.values()]
    except (OSError, SyntaxError, KeyError, ValueError) as error:
        raise StoreError(f"{path} cannot be read: {error}") from error
    return {one.doubt: one for one in found}


def _correction(facts: dict[str, str]) -> Correction:
    decision = facts["decision"]
    for known in get_args(Decision):
        if decision == known:
            return Correction(
                facts["doubtId"], known, facts.get("correctValue", ""),
                facts["wasAttributedTo"], facts["generatedAtTime"],
            )  # fmt: skip
    raise ValueError(f"{decision!r} is no decision")


def write_corrections(folder: Path, corrections: Iterable[Correction]) -> None:
    """Writes the file of decisions, whole or not at all."""
    ordered = sorted(corrections, key=lambda c: c.doubt)
    used = {p: PREFIXES[p] for p in ("tk", "prov", "xsd")}
    data = serialize(correction_triples(ordered), format=RdfFormat.TURTLE, prefixes=used) or b""
    folder.mkdir(parents=True, exist_ok=True)
    new = folder / f".{FILE}-{os.getpid()}"
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.rename(folder / FILE)
