"""Evidence as triples: the place of a fact in the text, by offset and by quotation.

Half of the lines of a document are evidence, and all nodes have the same ones; so each line is
joined from the node's address and a tail made once.
"""

from __future__ import annotations

from graph.progress import ProgressReport
from graph.records import Document, Span
from graph.triples.terms import Triples, plain, zh
from ontology.names import OA, RDF, RDFS, TK, XSD, Iri, Names, squeeze

_CONTEXT = 16
"""Characters of the source that a quote carries before and after it."""
_LABEL_CHARS = 30
_TYPE = RDF("type")
_INTEGER = b'"%d"^^' + XSD("integer")


def _tail(name: str, predicate: Iri, value: bytes = b"") -> bytes:
    """The part of a line between the address of the evidence and the value."""
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
_LABEL = _tail("", RDFS("label"))
_QUOTE = _tail("", TK("quote"))


def evidence_node(
    said: Triples, document: Document | ProgressReport, span: Span, names: Names, cell: str
) -> Iri:
    """Return the node of a span; facts that share a span share its node."""
    text, start, end = document.text, span.start, span.end
    node = names.evidence(start, end)
    cells = said.cells.get(node)
    if cells is None:
        said.cells[node] = {cell}
        begin, quote = node.removesuffix(b"> "), plain(span.quote)
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
            _EXACT + quote,
            _QUOTE + quote,
            _LABEL + zh(_short(span.quote)),
            _PREFIX + plain(text[max(0, start - _CONTEXT) : start]),
            _SUFFIX + plain(text[end : end + _CONTEXT]),
        )
    elif cell and cell not in cells:
        cells.add(cell)
        said.say(node, TK("cell"), plain(cell))
    return node


def cite(
    triples: Triples, subject: Iri, document: Document | ProgressReport, span: Span, names: Names,
    cell: str,
) -> None:  # fmt: skip
    """State the evidence of a fact, and its words as `tk:quote` for queries that want no more."""
    triples.say(subject, _EVIDENCE, evidence_node(triples, document, span, names, cell))
    triples.say(subject, _WORDS, plain(span.quote))


_EVIDENCE, _WORDS = TK("evidence"), TK("quote")


def _short(quote: str) -> str:
    """Return a quote as a label: one line, cut where it is long."""
    words = squeeze(quote)
    return words if len(words) <= _LABEL_CHARS else f"{words[:_LABEL_CHARS]}…"
