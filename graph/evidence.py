"""Evidence as triples: where in the text a fact stands, by offset and by quotation."""

from __future__ import annotations

from graph.records import Document, Span
from graph.terms import Triples, integer, plain
from ontology.names import OA, TK, Iri, Names

_CONTEXT = 16
"""How many characters of the source a quote carries before and after it."""


def evidence_node(said: Triples, document: Document, span: Span, names: Names, cell: str) -> Iri:
    """The node of a span, said once however many facts share it."""
    node = names.evidence(span.start, span.end)
    if said.has_kind(node):
        if cell:
            said.say(node, TK("cell"), plain(cell))
        return node
    position, quote = Iri(node + "#pos"), Iri(node + "#quote")
    text = document.text
    said.kind(node, OA("SpecificResource"))
    said.say(node, OA("hasSource"), names.version)
    said.say(node, OA("hasSelector"), position)
    if cell:
        said.say(node, TK("cell"), plain(cell))
    said.kind(position, OA("TextPositionSelector"))
    said.say(position, OA("start"), integer(span.start))
    said.say(position, OA("end"), integer(span.end))
    said.say(position, OA("refinedBy"), quote)
    said.kind(quote, OA("TextQuoteSelector"))
    said.say(quote, OA("exact"), plain(span.quote))
    said.say(quote, OA("prefix"), plain(text[max(0, span.start - _CONTEXT) : span.start]))
    said.say(quote, OA("suffix"), plain(text[span.end : span.end + _CONTEXT]))
    return node
