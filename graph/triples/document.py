"""Triples of one document: asserted, inferred, and its share of the shared graph.

A triple stands in exactly one graph: facts about things of the document stand in the document's
graph, facts about things of the jurisdiction (a body, a place, a theme) in the shared graph, and
what follows by rule in the document's inferred graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from pyoxigraph import Quad, RdfFormat, parse

from graph.quality import quality_of, reasons
from graph.records import QUARTERS, Cell, Document, Milestone, Project, Span, Target
from graph.triples.document_parts import attribute_triples, part_triples
from graph.triples.doubts import doubt_triples
from graph.triples.evidence import cite, evidence_node
from graph.triples.indicators import indicator_triples
from graph.triples.inference import inferred
from graph.triples.organizations import issuer_of, signatory_of
from graph.triples.shared import body_node, cited_in, place_node, shared, theme_node
from graph.triples.terms import (
    COMMITMENTS,
    NAME_LISTS,
    ROLE_EDGES,
    ROLE_WORDS,
    ROLES,
    STAGES,
    Form,
    Triples,
    boolean,
    date,
    decimal,
    en,
    integer,
    plain,
    zh,
)  # fmt: skip
from ontology.names import (
    DCTERMS,
    ELI,
    PROV,
    SKOS,
    TK,
    Iri,
    Names,
    quarter,
    year,
)

_MENTION = Form([TK("Mention")], TK("target"), TK("place"))
_ASSIGNMENT = Form(
    [TK("Assignment")], TK("target"), TK("body"), TK("role"), TK("ordinal"), TK("namedAs"),
    TK("inferred"), TK("confidence"),
)  # fmt: skip
_PROJECT = Form([TK("Project"), PROV("Plan"), PROV("Entity")], TK("inTarget"), TK("kind"))
_MILESTONE = Form([TK("Milestone")], TK("target"), TK("due"), TK("quarter"), TK("year"))
_STEP = Form([], TK("text"), TK("stage"), TK("commitment"), TK("ofProject"))
_LABEL_CHARS = 40


def names_of(document: Document) -> Names:
    """Return the names of the things of a document."""
    return Names(document.head.jurisdiction, document.key, document.text_id)


def lines_of(document: Document) -> bytes:
    """Return all triples of a document as N-Quads: asserted, inferred and shared."""
    names = names_of(document)
    asserted = Triples(names.asserted)
    _document(asserted, document, names)
    for part in document.parts:
        part_triples(asserted, document, part, names)
    for number, target in enumerate(document.targets, 1):
        _target(asserted, document, number, target, names)
    for doubt in document.review:
        doubt_triples(asserted, document, doubt, names)
    for link in document.links:
        for span in link.evidence:
            evidence_node(asserted, document, span, names, "")
    graphs = (asserted, inferred(document, names), shared(document, names))
    return b"".join(chain.from_iterable(graph.lines() for graph in graphs))


def quads_of(document: Document) -> Iterator[Quad]:
    """Yield all triples of a document, each in its graph."""
    return iter(parse(lines_of(document), format=RdfFormat.N_QUADS))


def _document(triples: Triples, document: Document, names: Names) -> None:
    head, notice, version = document.head, names.notice, names.version
    title = head.title or document.key
    triples.kind(notice, TK("Notice"), ELI("LegalResource"))
    triples.label(notice, title)
    triples.say(notice, DCTERMS("title"), zh(title))
    triples.say(notice, TK("jurisdiction"), names.district)
    if head.number:
        triples.say(notice, ELI("id_local"), plain(head.number))
    if head.index:
        triples.say(notice, DCTERMS("identifier"), plain(head.index))
    issuer, signatory = issuer_of(document), signatory_of(document)
    if issuer:
        triples.say(notice, DCTERMS("publisher"), names.thing("部门", issuer))
    if signatory or issuer:
        triples.say(notice, ELI("passed_by"), names.thing("部门", signatory or issuer))
    if head.signed:
        triples.say(notice, ELI("date_document"), date(head.signed))
    if head.published:
        triples.say(notice, ELI("date_publication"), date(head.published))
    if head.published or head.signed:
        triples.say(notice, DCTERMS("issued"), date(head.published or head.signed))
    if head.year:
        triples.say(notice, TK("year"), integer(head.year))
    for span in head.evidence.values():
        cite(triples, notice, document, span, names, "head")
    for cited in cited_in(document):
        triples.say(notice, DCTERMS("references"), Names("未知", cited).notice)
    _version(triples, document, version, notice)


def _version(triples: Triples, document: Document, version: Iri, notice: Iri) -> None:
    triples.kind(version, TK("Version"), ELI("LegalExpression"), PROV("Entity"))
    triples.caption(version, f"{document.key} 文本 {document.text_id}")
    triples.say(version, ELI("realizes"), notice)
    triples.say(version, TK("sha256"), plain(document.sha256))
    triples.say(version, DCTERMS("format"), plain(document.format))
    quality = quality_of(document)
    if quality.layout:
        triples.say(version, TK("layout"), plain(quality.layout))
    triples.say(version, TK("rolesRead"), plain(quality.roles))
    triples.say(version, TK("readingConfidence"), decimal(Decimal(quality.sure)))
    triples.say(version, TK("reason"), *(zh(why) for why in reasons(quality.why, "zh")))
    triples.say(version, TK("reason"), *(en(why) for why in reasons(quality.why, "en")))


def title_of(target: Target) -> str:
    """Return the short title of a target: its text up to the first colon or stop.

    The words are those of the notice, cut at a mark of punctuation.
    """
    text = re.sub(r"^\d{1,2}[.．、]", "", target.row.text.text)
    head = re.match(r"[^:：。;；]{2,40}?(?=[:：。;；])", text) or re.match(
        r"[^:：。;；,，]{2,60}", text
    )
    return head.group() if head else text[:40]


def _target(
    triples: Triples, document: Document, number: int, target: Target, names: Names
) -> None:
    row, node = target.row, names.inside("目标", target.id)
    triples.kind(node, TK("Target"), PROV("Plan"), PROV("Entity"))
    triples.label(node, title_of(target))
    triples.say(node, DCTERMS("isPartOf"), names.notice)
    triples.say(node, SKOS("notation"), plain(target.id))
    triples.say(node, TK("text"), zh(row.text.text))
    cite(triples, node, document, row.text.span, names, row.text.name)
    triples.say(node, TK("ordinal"), integer(number))
    if document.head.year:
        triples.say(node, TK("period"), year(document.head.year))
    for cell, edge, kind in ((row.domain, "domain", "领域"), (row.theme, "theme", "专题")):
        if cell is not None:
            triples.say(node, TK(edge), theme_node(names, kind, cell.text))
            _cite_cell(triples, node, document, cell, names)
    for name in row.none_stated:
        triples.say(node, TK("noneStated"), plain(name))
    _assignments(triples, document, target, names)
    _mentions(triples, document, target, names)
    for project in target.projects:
        _project(triples, document, target, project, names)
    _milestones(triples, document, target, names)
    indicator_triples(triples, document, target, names)
    attribute_triples(triples, document, target, names)


def _cite_cell(triples: Triples, node: Iri, document: Document, cell: Cell, names: Names) -> None:
    """Cite a cell that may be merged: a value carried down does not come from its own row."""
    if cell.carried:
        where = evidence_node(triples, document, cell.span, names, cell.name)
        triples.say(node, TK("carriedFrom"), where)
    else:
        cite(triples, node, document, cell.span, names, cell.name)


def _mentions(triples: Triples, document: Document, target: Target, names: Names) -> None:
    node = names.inside("目标", target.id)
    for place in target.places:
        spot = place_node(names, place.name)
        mention = names.inside("提及", f"{target.id}-{place.name}")
        triples.say(node, TK("location"), spot)
        triples.fill(mention, _MENTION, node, spot)
        triples.caption(mention, f"目标{target.id}：{place.name}")
        for form in place.named_as or (place.name,):
            triples.say(mention, TK("namedAs"), plain(form))
        for cell_name, span in zip(place.cells, place.evidence, strict=True):
            cite(triples, mention, document, span, names, cell_name)


def _assignments(triples: Triples, document: Document, target: Target, names: Names) -> None:
    node = names.inside("目标", target.id)
    for one in target.assignments:
        body, word = body_node(names, one), ROLE_WORDS[one.role]
        edge = names.inside("分工", f"{target.id}-{word}-{one.label}")
        triples.say(node, ROLE_EDGES[one.role], body)
        triples.say(node, TK("assignment"), edge)
        triples.fill(
            edge, _ASSIGNMENT, node, body, ROLES[one.role], integer(one.ordinal),
            plain(one.named_as), boolean(False), decimal(one.confidence),
        )  # fmt: skip
        triples.caption(edge, f"目标{target.id}：{one.label}{word}")
        cell = "coordinate" if one.role == "coordinate" else "lead"
        cite(triples, edge, document, one.evidence, names, cell)
    for role, edge in NAME_LISTS.items():
        labels = [one.label for one in target.assignments if one.role == role]
        triples.say(node, edge, zh("、".join(dict.fromkeys(labels))) if labels else None)


def _project(
    triples: Triples, document: Document, target: Target, project: Project, names: Names
) -> None:
    node, works = names.inside("目标", target.id), names.inside("项目", project.name)
    triples.say(node, TK("project"), works)
    triples.label(works, project.name)
    triples.fill(works, _PROJECT, node, names.thing("类别", project.kind))
    for place in project.places:
        triples.say(works, TK("location"), place_node(names, place))
    for span in project.evidence:
        cite(triples, works, document, span, names, _cell_of(target, span))


def _cell_of(target: Target, span: Span) -> str:
    return next((c.name for c in target.row.cells() if c.span.holds(span)), "text")


def milestone_name(target: str, one: Milestone, year: int | None) -> str:
    """Return the name of a milestone in its address: 15-Q2, or 15-Q2-PROJECT."""
    due = one.deadline.year if one.deadline else year
    within = "" if due == year else str(due)
    return f"{target}-{within}Q{one.quarter}" + (f"-{one.project}" if one.project else "")


def _milestones(triples: Triples, document: Document, target: Target, names: Names) -> None:
    node = names.inside("目标", target.id)
    for one in target.milestones:
        due = one.deadline.year if one.deadline else document.head.year
        step = names.inside("节点", milestone_name(target.id, one, document.head.year))
        cell = QUARTERS[one.quarter - 1]
        if one.deadline:
            in_cell = target.row.due is not None and target.row.due.span.holds(one.evidence)
            cell = "due" if in_cell else "text"
        triples.say(node, TK("milestone"), step)
        triples.fill(
            step, _MILESTONE, node, quarter(due, one.quarter), integer(one.quarter),
            integer(due) if due else None,
        )  # fmt: skip
        words = one.text if len(one.text) <= _LABEL_CHARS else f"{one.text[:_LABEL_CHARS]}…"
        triples.caption(step, f"目标{target.id}第{'一二三四'[one.quarter - 1]}季度：{words}")
        if one.deadline:
            triples.say(step, TK("deadline"), date(one.deadline.isoformat()))
            triples.say(node, TK("deadline"), date(one.deadline.isoformat()))
        promise = COMMITMENTS[one.commitment] if one.commitment else None
        works = names.inside("项目", one.project) if one.project else None
        triples.fill(step, _STEP, zh(one.text), STAGES[one.stage], promise, works)
        cite(triples, step, document, one.evidence, names, cell)
