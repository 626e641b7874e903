"""The JSON-LD context: our prefixes, and every property of the vocabulary by its bare name."""

from __future__ import annotations

from functools import cache

from ontology.names import OWL, PREFIXES
from ontology.vocabulary import terms

_PROPERTIES = (OWL["ObjectProperty"], OWL["DatatypeProperty"])


@cache
def context() -> dict[str, str]:
    """Return the meaning of the keys of our JSON-LD. Values are written out, so no key has a type.

    >>> context()["lead"], context()["skos"]
    ('tk:lead', 'http://www.w3.org/2004/02/skos/core#')
    """
    names = sorted(name for name, kind in terms().items() if kind in _PROPERTIES)
    keys = {name: f"tk:{name}" for name in names if name not in PREFIXES}
    return {"id": "@id", "type": "@type", **PREFIXES, **keys}
