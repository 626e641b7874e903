"""Evidence as triples: where in the text a fact stands, by offset and by quotation.

Half of the lines of a document are those of its evidence, and all nodes have the same ones; so
they are put together from what follows the node's address in each.
"""

from __future__ import annotations

from graph.records import Document, Span
from graph.triples.terms import Triples, plain
from ontology.names import OA, RDF, TK, XSD, Iri, Names

_CONTEXT = 16
"""How many characters of the source a quote carries before and after it."""
_TYPE = RDF("type")
_INTEGER = b'"%d"^^' + XSD("integer")


def _tail(name: str, predicate: Iri, value: bytes = b"") -> bytes:
    """What stands in a line of a selector behind the address of the evidence, up to its value."""
    return b"%b> %b%b" % (name.encode(), predicate, value)


_NODE_KIND = _tail("", _TYPE, OA("SpecificResource"))
_SOURCE = _tail("", OA("hasSource"))
_SELECTOR = _tail("", OA("hasSelector"))
_POSITION_KIND = _tail("#pos", _TYPE, OA("TextPositionSelector"))
_START = _tail("#pos", OA("start"), _INTEGER)
_END = _tail("#pos", OA("end"), _INTEGER)
_REFINED_BY = _tail("#pos", OA("refinedBy"))
_QUOTE_KIND = _tail("#quote", _TYPE, OA("TextQuoteSelector"))
_EXACT = _tail("#quote", OA("exact"))
_PREFIX = _tail("#quote", OA("prefix"))
_SUFFIX = _tail("#quote", OA("suffix"))
_CELL = _tail("", TK("cell"))


def evidence_node(said: Triples, document: Document, span: Span, names: Names, cell: str) -> Iri:
    """The node of a span, said once however many facts share it."""
    text, start, end = document.text, span.start, span.end
    node = names.evidence(start, end)
    cells = said.cells.get(node)
    if cells is None:
        said.cells[node] = {cell}
        begin = node.removesuffix(b"> ")
        said.about(
            begin,
            _NODE_KIND,
            _SOURCE + names.version,
            b"%b%b#pos> " % (_SELECTOR, begin),
            *([_CELL + plain(cell)] if cell else ()),
            _POSITION_KIND,
            _START % start,
            _END % end,
            b"%b%b#quote> " % (_REFINED_BY, begin),
            _QUOTE_KIND,
            _EXACT + plain(span.quote),
            _PREFIX + plain(text[max(0, start - _CONTEXT) : start]),
            _SUFFIX + plain(text[end : end + _CONTEXT]),
        )
    elif cell and cell not in cells:
        cells.add(cell)
        said.say(node, TK("cell"), plain(cell))
    return node
