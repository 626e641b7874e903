"""Doubts as triples: the words, their present reading, and the things that depend on it."""

from __future__ import annotations

from graph.records import Document, Doubt, Span, Target
from graph.triples.corrections import doubt_id
from graph.triples.evidence import cite
from graph.triples.shared import place_node
from graph.triples.terms import ROLE_WORDS, Form, Triples, plain, zh
from ontology.names import DCTERMS, TK, Iri, Names, squeeze

_STOPS = "。；;\n"
_DOUBT = Form(
    [TK("Doubt")], DCTERMS("isPartOf"), TK("target"), TK("doubtId"), TK("doubtKind"), TK("cell"),
    TK("reason"), TK("reading"), TK("text"),
)  # fmt: skip


def _sentence(text: str, span: Span) -> str:
    """Return the sentence around a span, white space removed."""
    start = max((text.rfind(mark, 0, span.start) for mark in _STOPS), default=-1) + 1
    ends = [at for mark in _STOPS if (at := text.find(mark, span.end)) >= 0]
    return squeeze(text[start : min(ends, default=len(text))])


def _concerned(target: Target | None, doubt: Doubt, names: Names) -> list[Iri]:
    """Return the things that depend on a doubt: an assignment, a place, a project, a number."""
    if doubt.kind == "same-place":
        return [place_node(names, name) for name in doubt.about.split("＝")]
    if target is None:
        return []
    if doubt.kind == "place":
        return [place_node(names, doubt.about)]
    if doubt.kind in ("project", "clause"):
        return [names.inside("项目", doubt.about)]
    if doubt.kind == "number":
        return [
            names.inside("指标", f"{target.id}-{number}")
            for number, one in enumerate(target.indicators, 1)
            if one.evidence[0] == doubt.span and one.as_written == doubt.about
        ]
    return [
        names.inside("分工", f"{target.id}-{ROLE_WORDS[one.role]}-{one.label}")
        for one in target.assignments
        if one.evidence == doubt.span
    ]


def doubt_triples(triples: Triples, document: Document, doubt: Doubt, names: Names) -> None:
    """State a doubt and what it concerns."""
    where = f"{doubt.row or '文首'}-{doubt.kind}-{doubt.span.start}-{doubt.span.end}"
    where += f"-{doubt.about}" if doubt.about else ""
    node = names.inside("待核", where)
    target = next((t for t in document.targets if t.row.id == doubt.row), None)
    triples.fill(
        node,
        _DOUBT,
        names.notice,
        names.inside("目标", doubt.row) if target is not None else None,
        plain(doubt_id(document, doubt)),
        plain(doubt.kind),
        plain(doubt.cell),
        zh(doubt.why),
        zh(doubt.reading) if doubt.reading else None,
        zh(_sentence(document.text, doubt.span)),
    )
    triples.say(node, TK("concerns"), *_concerned(target, doubt, names))
    triples.caption(node, doubt.why)
    cite(triples, node, document, doubt.span, names, "")
