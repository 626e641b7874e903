"""Candidates for names of other people's tables: bodies, places and targets, with a score.

A name that resolves as the questions resolve it (short form, alias, slip, code) scores 95 or 100
and is a match where nothing else bears it; what is merely alike scores up to 90 and never is.
Numbers must agree: 115街坊 is not like 116街坊.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode, QuerySolutions
from rapidfuzz.distance import OSA

from graph.store.snapshot import Snapshot, Term
from ontology.names import base, squeeze
from queries.errors import UnknownThing
from queries.known_names import forms_of, meaning_of
from queries.model.atlas import atlas
from queries.model.records import Atlas
from queries.model.search import search

TYPES = {"Body": ("部门", "body"), "Place": ("地点", "place"), "Target": ("目标", "target")}
MAX_NAME_CHARS = 200
_EXACT, _OTHER_NAME, _SEVERAL, _ALIKE, _IN_TEXT = 100.0, 95.0, 85.0, 90.0, 50.0
_BEGINS, _LEAST_ALIKE = 0.75, 0.55
_NUMBER = re.compile(r"\d+")
_TARGET = re.compile(r"(?:第|目标|target)?\s*(\d+[a-z]?)\s*(?:项|号)?(?:目标)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that a name may mean."""

    iri: str
    label: str
    type: str
    description: str
    score: float
    match: bool = False


@dataclass(frozen=True, slots=True)
class Property:
    """A property that a table may be extended by: a path from the thing to its values."""

    id: str
    zh: str
    en: str
    types: tuple[str, ...]
    path: str


PROPERTIES = {
    p.id: p
    for p in (
        Property(
            "otherName",
            "其他名称",
            "other name",
            ("Body", "Place"),
            "skos:altLabel|skos:hiddenLabel",
        ),
        Property("leads", "主责目标", "leads", ("Body",), "^tk:lead|^tk:responsible"),
        Property("supports", "配合目标", "supports", ("Body",), "^tk:coordinate"),
        Property("parent", "上级", "part of", ("Body",), "org:unitOf"),
        Property("street", "辖区", "area of the office", ("Body",), "tk:jurisdiction"),
        Property("within", "位于", "lies in", ("Place",), "geo:sfWithin"),
        Property("road", "临路", "on the road", ("Place",), "tk:onRoad"),
        Property("samePlace", "同一地点", "same place", ("Place",), "tk:samePlace"),
        Property("targets", "写到它的目标", "targets that name it", ("Place",), "^tk:location"),
        Property("number", "目标号", "number", ("Target",), "skos:notation"),
        Property("text", "目标任务", "text", ("Target",), "tk:text"),
        Property("lead", "主责", "lead", ("Target",), "tk:lead|tk:responsible"),
        Property("support", "配合", "support", ("Target",), "tk:coordinate"),
        Property("place", "地点", "place", ("Target",), "tk:location"),
        Property("domain", "领域", "domain", ("Target",), "tk:domain/skos:prefLabel"),
        Property("theme", "重要项目", "theme", ("Target",), "tk:theme/skos:prefLabel"),
        Property("deadline", "完成时限", "deadline", ("Target",), "tk:deadline"),
    )
}


def candidates(
    snapshot: Snapshot, text: str, types: Sequence[str] = tuple(TYPES), limit: int = 10
) -> list[Candidate]:
    """List what a name may mean, best first; at most one is a match."""
    value = squeeze(text)[:MAX_NAME_CHARS]
    if not value:
        return []
    known = atlas(snapshot)
    found: dict[str, Candidate] = {}
    for one in (*_resolved(snapshot, known, value, types), *_alike(snapshot, known, value, types)):
        if one.iri not in found or found[one.iri].score < one.score:
            found[one.iri] = one
    ordered = sorted(
        found.values(), key=lambda c: (-c.score, len(c.label), list(TYPES).index(c.type), c.iri)
    )
    sure = [c for c in ordered if c.score >= _OTHER_NAME]
    best = [c for c in sure if c.score == sure[0].score]
    if len(best) == 1:
        ordered[0] = replace(ordered[0], match=True)
    return ordered[:limit]


def _resolved(
    snapshot: Snapshot, known: Atlas, value: str, types: Sequence[str]
) -> Iterator[Candidate]:
    for type_, (_, kind) in TYPES.items():
        if type_ not in types or type_ == "Target":
            continue
        try:
            labels = meaning_of(snapshot, kind, value).labels
        except UnknownThing:
            continue
        for label in labels:
            score = _EXACT if label == value else _OTHER_NAME
            yield from _things(known, type_, label, score if len(labels) == 1 else _SEVERAL)
    if "Target" in types and (match := _TARGET.fullmatch(value)):
        for target in known.targets.values():
            if target.id == match[1]:
                yield Candidate(
                    target.iri, f"{target.id} {target.title}", "Target", target.theme, _EXACT
                )


def _alike(
    snapshot: Snapshot, known: Atlas, value: str, types: Sequence[str]
) -> Iterator[Candidate]:
    numbers = _NUMBER.findall(value)
    for type_, (_, kind) in TYPES.items():
        if type_ not in types or type_ == "Target":
            continue
        for form, labels in forms_of(snapshot, kind).items():
            share = OSA.normalized_similarity(value, form, score_cutoff=_LEAST_ALIKE)
            if value in form or form in value:
                share = max(share, _BEGINS if form.startswith(value) else _LEAST_ALIKE)
            if share and (not numbers or _NUMBER.findall(form) == numbers):
                for label in labels:
                    yield from _things(known, type_, label, round(share * _ALIKE, 1))
    if "Target" in types:
        hits = search(known, value, {"type": "target"})
        for rank, hit in enumerate(hits[:20]):
            yield Candidate(hit.iri, hit.label, "Target", hit.note, _IN_TEXT - rank)


def _things(known: Atlas, type_: str, label: str, score: float) -> Iterator[Candidate]:
    if type_ == "Body":
        for body in known.bodies.values():
            if body.label == label:
                yield Candidate(body.iri, label, type_, body.english or body.kind, score)
    else:
        for place in known.places.values():
            if place.label == label:
                yield Candidate(place.iri, label, type_, place.kind, score)


def type_of(known: Atlas, iri: str) -> str:
    """Return the type of a thing, empty where it is none of these."""
    if iri in known.bodies:
        return "Body"
    if iri in known.places:
        return "Place"
    return "Target" if iri in known.targets else ""


def label_of(known: Atlas, iri: str) -> str:
    """Return the label of a thing, its IRI where it has none here."""
    if iri in known.targets:
        return f"{known.targets[iri].id} {known.targets[iri].title}"
    thing = known.bodies.get(iri) or known.places.get(iri)
    return thing.label if thing else iri


def property_values(
    snapshot: Snapshot, iris: Iterable[str], wanted: Sequence[str]
) -> Mapping[str, Mapping[str, list[Term]]]:
    """Map each thing and property to its values, in one order."""
    subjects = [iri for iri in iris if iri.startswith(base())]
    nodes = " ".join(str(NamedNode(iri)) for iri in subjects)
    found: dict[str, dict[str, list[Term]]] = {
        iri: {name: [] for name in wanted} for iri in subjects
    }
    for name in wanted:
        result = snapshot.query(
            f"SELECT DISTINCT ?thing ?value {{ VALUES ?thing {{ {nodes} }}"
            f" ?thing {PROPERTIES[name].path} ?value }} ORDER BY ?thing ?value"
        )
        assert isinstance(result, QuerySolutions)
        for row in result:
            value = row["value"]
            if not (isinstance(value, Literal) and value.language not in (None, "zh")):
                found[row["thing"].value][name].append(value)
    return found
