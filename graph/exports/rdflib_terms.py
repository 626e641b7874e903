"""Terms of the store as rdflib has them."""

from __future__ import annotations

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode


def rdflib_term(term: object) -> rdflib.term.Node:
    """The same term in rdflib; a plain string has no datatype there, as rdflib reads it.

    Raises TypeError for a quoted triple, which rdflib lacks.
    """
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if isinstance(term, Literal):
        if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        kind = rdflib.URIRef(term.datatype.value)
        return rdflib.Literal(term.value, datatype=None if kind == rdflib.XSD.string else kind)
    raise TypeError(term)
