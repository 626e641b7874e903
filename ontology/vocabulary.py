"""The vocabulary as triples: `tiaokuai.ttl`, and what each of its terms repeats."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from ontology.names import HOME, OWL, PREFIXES, RDF, RDFS, SKOS

ONTOLOGY = NamedNode(HOME + "ns")
_RDFS_TYPES = {
    OWL["Class"]: RDFS["Class"],
    OWL["ObjectProperty"]: RDF["Property"],
    OWL["DatatypeProperty"]: RDF["Property"],
}


@cache
def vocabulary_triples() -> tuple[Triple, ...]:
    """Return the vocabulary, complete: every term has its rdfs:isDefinedBy.

    A class is an `rdfs:Class` too, a property an `rdf:Property`; an individual is a
    `skos:Concept` of its scheme with a `skos:prefLabel` in each language.
    """
    data = (files("ontology") / "tiaokuai.ttl").read_bytes()
    stated = [Triple(q.subject, q.predicate, q.object) for q in parse(data, RdfFormat.TURTLE)]
    return tuple(dict.fromkeys([*stated, *_repeated(stated)]))


@cache
def terms() -> dict[str, NamedNode]:
    """Return each term of ours by its local name with its first class.

    >>> terms()["lead"].value, terms()["Target"].value
    ('http://www.w3.org/2002/07/owl#ObjectProperty', 'http://www.w3.org/2002/07/owl#Class')
    """
    return {
        triple.subject.value.removeprefix(PREFIXES["tk"]): triple.object
        for triple in reversed(vocabulary_triples())
        if triple.predicate == RDF["type"]
        and isinstance(triple.subject, NamedNode)
        and isinstance(triple.object, NamedNode)
        and triple.subject.value.startswith(PREFIXES["tk"])
    }


def _repeated(stated: list[Triple]) -> Iterator[Triple]:
    concepts = {t.subject for t in stated if t.predicate == SKOS["topConceptOf"]}
    labelled = concepts | {t.subject for t in stated if t.object == SKOS["ConceptScheme"]}
    for triple in stated:
        term, value = triple.subject, triple.object
        if not isinstance(term, NamedNode) or not term.value.startswith(PREFIXES["tk"]):
            continue
        if triple.predicate == RDF["type"]:
            yield Triple(term, RDFS["isDefinedBy"], ONTOLOGY)
            if value in _RDFS_TYPES and isinstance(value, NamedNode):
                yield Triple(term, RDF["type"], _RDFS_TYPES[value])
            if term in concepts:
                yield Triple(term, RDF["type"], SKOS["Concept"])
        elif triple.predicate == SKOS["topConceptOf"]:
            yield Triple(term, SKOS["inScheme"], value)
        elif triple.predicate == RDFS["label"] and term in labelled:
            yield Triple(term, SKOS["prefLabel"], value)
