"""The JSON-LD context: our prefixes, and every property of the vocabulary by its bare name."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from pyoxigraph import NamedNode, RdfFormat, parse

from ontology.names import PREFIXES, RDF


@cache
def context() -> dict[str, str]:
    """What the keys of our JSON-LD mean. Values are always written out, so no key has a type.

    >>> context()["lead"], context()["skos"]
    ('tk:lead', 'http://www.w3.org/2004/02/skos/core#')
    """
    terms = (files("ontology") / "tiaokuai.ttl").read_bytes()
    names = sorted(
        triple.subject.value.removeprefix(PREFIXES["tk"])
        for triple in parse(terms, format=RdfFormat.TURTLE)
        if triple.predicate == RDF["type"]
        and triple.object == RDF["Property"]
        and isinstance(triple.subject, NamedNode)
        and triple.subject.value.startswith(PREFIXES["tk"])
    )
    keys = {name: f"tk:{name}" for name in names if name not in PREFIXES}
    return {"id": "@id", "type": "@type", **PREFIXES, **keys}
