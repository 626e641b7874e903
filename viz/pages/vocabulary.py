"""The page of the vocabulary: each term with its meaning, its use and an example."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, Triple

from ontology.names import DCTERMS, OWL, PREFIXES, RDF, RDFS, SKOS, base
from ontology.vocabulary import ONTOLOGY, vocabulary_triples
from queries.model.atlas import rows
from viz.web.context import Desk

_KINDS = {
    OWL["Class"].value: ("类", "class"),
    OWL["ObjectProperty"].value: ("对象属性", "object property"),
    OWL["DatatypeProperty"].value: ("数据属性", "datatype property"),
}
_RELATIONS = (
    (RDFS["subClassOf"], "上位类", "subclass of"),
    (RDFS["domain"], "定义域", "domain"),
    (RDFS["range"], "值域", "range"),
    (OWL["inverseOf"], "反向", "inverse of"),
    (OWL["disjointWith"], "不相交", "disjoint with"),
    (SKOS["scopeNote"], "说明", "note"),
    (SKOS["topConceptOf"], "概念表", "scheme"),
)
_MAX_EXAMPLE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Term:
    """A term as its entry shows it; links are (text, address)."""

    name: str
    label: str
    comment: str
    kind: str
    relations: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    uses: int
    example: tuple[tuple[str, str], ...]


def vocabulary_page(desk: Desk) -> str:
    """Render the vocabulary: its header, its classes, its properties, its individuals."""
    facts = _facts()
    uses, seen = _uses(desk), _examples(desk)
    groups: dict[str, list[Term]] = defaultdict(list)
    for iri, said in facts.items():
        if not iri.startswith(PREFIXES["tk"]):
            continue
        group = _group(said)
        groups[group].append(_term(desk, iri, said, uses.get(iri, 0), seen.get(iri, ())))
    order = (
        ("class", desk.say("类", "Classes")),
        ("property", desk.say("属性", "Properties")),
        ("individual", desk.say("个体与概念表", "Individuals and schemes")),
    )
    return desk.page(
        "vocabulary.html",
        _words(facts[ONTOLOGY.value], RDFS["label"], desk.language),
        data_links=True,
        iri=ONTOLOGY.value,
        about=_words(facts[ONTOLOGY.value], DCTERMS["description"], desk.language),
        edition=_words(facts[ONTOLOGY.value], OWL["versionInfo"], ""),
        modified=_words(facts[ONTOLOGY.value], DCTERMS["modified"], ""),
        licence=_words(facts[ONTOLOGY.value], DCTERMS["license"], ""),
        groups=[
            (key, title, sorted(groups[key], key=lambda term: term.name)) for key, title in order
        ],
    )


Facts = dict[NamedNode, list[object]]


@lru_cache(maxsize=1)
def _facts() -> dict[str, Facts]:
    found: dict[str, Facts] = {}
    for triple in vocabulary_triples():
        assert isinstance(triple.subject, NamedNode)
        found.setdefault(triple.subject.value, {}).setdefault(triple.predicate, []).append(
            triple.object
        )
    return found


def _group(said: Facts) -> str:
    kinds = said[RDF["type"]]
    if OWL["Class"] in kinds:
        return "class"
    return "property" if RDF["Property"] in kinds else "individual"


def _term(
    desk: Desk, iri: str, said: Facts, uses: int, example: tuple[tuple[str, bool], ...]
) -> Term:
    kinds = [str(getattr(kind, "value", "")) for kind in said[RDF["type"]]]
    kind = next((desk.say(*_KINDS[k]) for k in kinds if k in _KINDS), _short(kinds[0]))
    relations = [
        (desk.say(zh, en), tuple(_linked(desk, said[edge])))
        for edge, zh, en in _RELATIONS
        if edge in said and list(_linked(desk, said[edge]))
    ]
    return Term(
        iri.removeprefix(PREFIXES["tk"]),
        _words(said, RDFS["label"], desk.language),
        _words(said, RDFS["comment"], desk.language),
        kind,
        tuple(relations),
        uses,
        tuple(
            (_shortened(value), desk.thing(value) if is_iri else "") for value, is_iri in example
        ),
    )


def _linked(desk: Desk, values: list[object]) -> Iterator[tuple[str, str]]:
    for value in values:
        if isinstance(value, NamedNode):
            yield _short(value.value), desk.thing(value.value)
        elif isinstance(value, Literal) and value.language in (None, desk.language):
            yield value.value, ""


def _words(said: Facts, edge: NamedNode, language: str) -> str:
    for value in said.get(edge, []):
        if isinstance(value, NamedNode):
            return value.value
        if isinstance(value, Literal) and (value.language or "") in (language, ""):
            return value.value
    return ""


def _uses(desk: Desk) -> dict[str, int]:
    """Count the things of each class, the triples of each property, the uses of each individual."""
    counts: dict[str, int] = {}
    for query in (
        "SELECT ?x (COUNT(*) AS ?n) { ?s a ?x FILTER(STRSTARTS(STR(?x), STR(tk:))) } GROUP BY ?x",
        "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o FILTER(STRSTARTS(STR(?x), STR(tk:))) } GROUP BY ?x",
        """SELECT ?x (COUNT(*) AS ?n) { ?x skos:inScheme ?scheme . ?s ?p ?x
        FILTER(STRSTARTS(STR(?x), STR(tk:)) && !STRSTARTS(STR(?s), STR(tk:))) } GROUP BY ?x""",
    ):
        for iri, number in rows(desk.snapshot, query):
            counts[iri] = counts.get(iri, 0) + int(number)
    return counts


def _examples(desk: Desk) -> dict[str, tuple[tuple[str, bool], ...]]:
    """Return a triple that uses each property, and a thing of each class: values, whether IRIs."""
    found: dict[str, tuple[tuple[str, bool], ...]] = {}
    for iri, said in _facts().items():
        if _is_property(said):
            quads = desk.snapshot.store.quads_for_pattern(None, NamedNode(iri), None)
        elif OWL["Class"] in said[RDF["type"]]:
            quads = desk.snapshot.store.quads_for_pattern(None, RDF["type"], NamedNode(iri))
        else:
            continue
        quad = next(iter(quads), None)
        if quad is not None and not isinstance(quad.object, Triple):
            subject = (getattr(quad.subject, "value", ""), True)
            value = (quad.object.value, isinstance(quad.object, NamedNode))
            found[iri] = (subject, value) if _is_property(said) else (subject,)
    return found


def _is_property(said: Facts) -> bool:
    return RDF["Property"] in said[RDF["type"]]


def _short(iri: str) -> str:
    prefix = next((p for p, home in PREFIXES.items() if iri.startswith(home)), "")
    return f"{prefix}:{iri.removeprefix(PREFIXES[prefix])}" if prefix else iri


def _shortened(value: str) -> str:
    shown = value.removeprefix(base() + "id/")
    return shown if len(shown) <= _MAX_EXAMPLE_CHARS else f"{shown[:_MAX_EXAMPLE_CHARS]}…"
