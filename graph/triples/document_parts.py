"""Parts of a document, and columns without a property of their own, as triples."""

from __future__ import annotations

from graph.records import Document, Part, Span, Target
from graph.triples.evidence import cite
from graph.triples.terms import Form, Triples, boolean, integer, plain, zh
from ontology.names import DCTERMS, TK, Iri, Names

_PART = Form([TK("Part")], DCTERMS("isPartOf"), TK("partKind"), TK("rows"), TK("read"))
_ATTRIBUTE = Form([TK("Attribute")], TK("text"))
_MAX_EVIDENCE_CHARS = 200
"""A part is cited by its first line: its whole text would repeat the document."""


def part_node(names: Names, part: str) -> Iri:
    """Return the address of a part by its id."""
    return names.inside("部分", part)


def part_triples(triples: Triples, document: Document, part: Part, names: Names) -> None:
    """State a part: its kind, its heading, how many rows it holds, whether and why not read."""
    node = part_node(names, part.id)
    triples.fill(
        node, _PART, names.notice, plain(part.kind), integer(part.rows), boolean(part.read)
    )
    triples.caption(
        node, f"第{part.id}部分：{part.heading}" if part.heading else f"第{part.id}部分"
    )
    triples.say(node, TK("heading"), zh(part.heading) if part.heading else None)
    triples.say(node, TK("reason"), zh(part.why) if part.why else None)
    line = part.span.quote.split("\n", 1)[0][:_MAX_EVIDENCE_CHARS]
    opening = Span(part.span.start, part.span.start + len(line), line)
    cite(triples, node, document, opening, names, "")


def attribute_triples(triples: Triples, document: Document, target: Target, names: Names) -> None:
    """State the part of a target, and the cells of its row that no rule knows."""
    whole = names.inside("目标", target.id)
    if target.row.part:
        triples.say(whole, TK("part"), part_node(names, target.row.part))
    for number, one in enumerate(target.row.other, 1):
        node = names.inside("属性", f"{target.id}-{number}")
        triples.say(whole, TK("attribute"), node)
        triples.fill(node, _ATTRIBUTE, zh(one.text))
        triples.say(node, TK("heading"), zh(one.heading) if one.heading else None)
        triples.caption(node, f"目标{target.id}：{one.heading}")
        cite(triples, node, document, one.span, names, "")
