"""The page of a document's text: of a notice or a report, a span marked at its place."""

from __future__ import annotations

import re

from pyoxigraph import Literal, NamedNode

from ontology.names import DCTERMS, ELI, RDF, TK
from viz.web.context import Desk


def document_of(desk: Desk, iri: str) -> tuple[str, str] | None:
    """Return the title and the number of the notice or report whose text it is; None for others."""
    notice = next((n for n in desk.atlas.notices.values() if n.source == iri), None)
    if notice:
        return notice.title, notice.number
    if "/文本/" not in iri:
        return None
    for report in _objects(desk, NamedNode(iri), ELI["realizes"]):
        if isinstance(report, NamedNode) and TK["ProgressReport"] in _objects(
            desk, report, RDF["type"]
        ):
            title = _words(desk, report, DCTERMS["title"])
            return title, _words(desk, report, TK["issue"])
    return None


def _objects(desk: Desk, subject: NamedNode, predicate: NamedNode) -> list[object]:
    return [q.object for q in desk.snapshot.store.quads_for_pattern(subject, predicate, None)]


def _words(desk: Desk, subject: NamedNode, predicate: NamedNode) -> str:
    found = _objects(desk, subject, predicate)
    return next((o.value for o in found if isinstance(o, Literal)), "")


def document_text(desk: Desk, iri: str, title: str, number: str) -> str:
    """Show the text of a document, the span that `at` names marked."""
    text = desk.snapshot.version.text(iri.rsplit("/", 1)[-1])
    at = re.fullmatch(r"(\d{1,9})-(\d{1,9})", desk.parameter("at"))
    start, end = (int(at[1]), int(at[2])) if at else (len(text), len(text))
    start, end = min(start, len(text)), min(end, len(text))
    return desk.page(
        "source.html",
        title,
        crumbs=[(number or title, ""), (desk.say("原文", "text"), "")],
        number=number,
        at=at[0] if at else "",
        before=text[:start] if at else text,
        marked=text[start:end],
        after=text[end:],
    )
