"""Records to triples: what one document says, and its share of what all documents share.

A triple stands in exactly one graph: what is said of a thing of the document stands in the
document's graph, what is said of a thing of the jurisdiction (a body, a place, a theme) in the
shared graph, and what follows by rule in the document's inferred graph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain

from pyoxigraph import Quad, RdfFormat, parse

from graph.quality import quality_of, reasons
from graph.records import QUARTERS, Cell, Document, Indicator, Project, Span, Target
from graph.triples.doubts import doubt_triples
from graph.triples.evidence import evidence_node
from graph.triples.inference import inferred
from graph.triples.shared import body_node, cited_in, place_node, shared, theme_node
from graph.triples.terms import (
    ACCUMULATIONS,
    COMMITMENTS,
    COMPARATORS,
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
    SCHEMA,
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
_PROJECT = Form([TK("Project"), PROV("Plan")], SKOS("prefLabel"), TK("inTarget"), TK("kind"))
_MILESTONE = Form([TK("Milestone")], TK("target"), TK("due"))
_STEP = Form([], TK("text"), TK("stage"), TK("commitment"), TK("ofProject"))
_INDICATOR = Form(
    [TK("Indicator"), SCHEMA("QuantitativeValue")], TK("target"), TK("measure"), SCHEMA("value"),
    SCHEMA("unitText"), TK("comparator"), TK("growth"), TK("due"), TK("accumulation"),
    TK("asWritten"),
)  # fmt: skip


def names_of(document: Document) -> Names:
    """How the things of a document are called."""
    return Names(document.head.jurisdiction, document.key, document.text_id)


def lines_of(document: Document) -> bytes:
    """All that a document brings, as N-Quads: asserted, inferred and shared."""
    names = names_of(document)
    said = Triples(names.asserted)
    _document(said, document, names)
    for number, target in enumerate(document.targets, 1):
        _target(said, document, number, target, names)
    for doubt in document.review:
        doubt_triples(said, document, doubt, names)
    for link in document.links:
        for span in link.evidence:
            evidence_node(said, document, span, names, "")
    parts = (said, inferred(document, names), shared(document, names))
    return b"".join(chain.from_iterable(part.lines() for part in parts))


def quads_of(document: Document) -> Iterator[Quad]:
    """All that a document brings, each triple in one graph."""
    return iter(parse(lines_of(document), format=RdfFormat.N_QUADS))


def _document(said: Triples, document: Document, names: Names) -> None:
    head, notice, version = document.head, names.notice, names.version
    said.kind(notice, TK("Notice"), ELI("LegalResource"))
    said.label(notice, head.title or document.key)
    said.say(notice, TK("jurisdiction"), names.district)
    if head.number:
        said.say(notice, ELI("id_local"), plain(head.number))
    if head.index:
        said.say(notice, DCTERMS("identifier"), plain(head.index))
    if head.issuer:
        said.say(notice, ELI("passed_by"), names.thing("部门", head.issuer))
    if head.signed:
        said.say(notice, ELI("date_document"), date(head.signed))
    if head.published:
        said.say(notice, ELI("date_publication"), date(head.published))
    if head.year:
        said.say(notice, TK("year"), integer(head.year))
    for span in head.evidence.values():
        said.say(notice, TK("evidence"), evidence_node(said, document, span, names, "head"))
    for cited in cited_in(document):
        said.say(notice, DCTERMS("references"), Names("未知", cited).notice)
    said.kind(version, TK("Version"), ELI("LegalExpression"), PROV("Entity"))
    said.say(version, ELI("realizes"), notice)
    said.say(version, TK("sha256"), plain(document.sha256))
    said.say(version, DCTERMS("format"), plain(document.format))
    quality = quality_of(document)
    if quality.layout:
        said.say(version, TK("layout"), plain(quality.layout))
    said.say(version, TK("rolesRead"), plain(quality.roles))
    said.say(version, TK("readingConfidence"), decimal(Decimal(quality.sure)))
    said.say(version, TK("reason"), *(zh(why) for why in reasons(quality.why, "zh")))
    said.say(version, TK("reason"), *(en(why) for why in reasons(quality.why, "en")))


def title_of(target: Target) -> str:
    """The short title of a target: its text up to the first colon or stop.

    The words are those of the notice; what is cut off is cut at a mark of punctuation.
    """
    text = re.sub(r"^\d{1,2}[.．、]", "", target.row.text.text)
    head = re.match(r"[^:：。;；]{2,40}?(?=[:：。;；])", text) or re.match(
        r"[^:：。;；,，]{2,60}", text
    )
    return head.group() if head else text[:40]


def _target(said: Triples, document: Document, number: int, target: Target, names: Names) -> None:
    row, node = target.row, names.inside("目标", target.id)

    def shown(cell: Cell) -> Iri:
        return evidence_node(said, document, cell.span, names, cell.name)

    said.kind(node, TK("Target"), PROV("Plan"))
    said.label(node, title_of(target))
    said.say(node, DCTERMS("isPartOf"), names.notice)
    said.say(node, SKOS("notation"), plain(target.id))
    said.say(node, TK("text"), zh(row.text.text))
    said.say(node, TK("evidence"), shown(row.text))
    said.say(node, TK("ordinal"), integer(number))
    if document.head.year:
        said.say(node, TK("period"), year(document.head.year))
    for cell, edge, kind in ((row.domain, "domain", "领域"), (row.theme, "theme", "专题")):
        if cell is not None:
            said.say(node, TK(edge), theme_node(names, kind, cell.text))
            said.say(node, TK("carriedFrom") if cell.carried else TK("evidence"), shown(cell))
    for name in row.none_stated:
        said.say(node, TK("noneStated"), plain(name))
    _assignments(said, document, target, names)
    for place in target.places:
        spot = place_node(names, place.name)
        mention = names.inside("提及", f"{target.id}-{place.name}")
        said.say(node, TK("location"), spot)
        said.fill(mention, _MENTION, node, spot)
        for form in place.named_as or (place.name,):
            said.say(mention, TK("namedAs"), plain(form))
        for cell_name, span in zip(place.cells, place.evidence, strict=True):
            said.say(mention, TK("evidence"), evidence_node(said, document, span, names, cell_name))
    for project in target.projects:
        _project(said, document, target, project, names)
    _milestones(said, document, target, names)
    for i, indicator in enumerate(target.indicators, 1):
        _indicator(said, document, target, i, indicator, names)


def _assignments(said: Triples, document: Document, target: Target, names: Names) -> None:
    node = names.inside("目标", target.id)
    for one in target.assignments:
        body = body_node(names, one)
        edge = names.inside("分工", f"{target.id}-{ROLE_WORDS[one.role]}-{one.label}")
        said.say(node, ROLE_EDGES[one.role], body)
        said.fill(
            edge, _ASSIGNMENT, node, body, ROLES[one.role], integer(one.ordinal),
            plain(one.named_as), boolean(False), decimal(one.confidence),
        )  # fmt: skip
        cell = "coordinate" if one.role == "coordinate" else "lead"
        said.say(edge, TK("evidence"), evidence_node(said, document, one.evidence, names, cell))


def _project(
    said: Triples, document: Document, target: Target, project: Project, names: Names
) -> None:
    node, works = names.inside("目标", target.id), names.inside("项目", project.name)
    said.say(node, TK("project"), works)
    said.fill(works, _PROJECT, zh(project.name), node, names.thing("类别", project.kind))
    for place in project.places:
        said.say(works, TK("location"), place_node(names, place))
    for span in project.evidence:
        cell = _cell_of(target, span)
        said.say(works, TK("evidence"), evidence_node(said, document, span, names, cell))


def _cell_of(target: Target, span: Span) -> str:
    return next((c.name for c in target.row.cells() if c.span.holds(span)), "text")


def _milestones(said: Triples, document: Document, target: Target, names: Names) -> None:
    node = names.inside("目标", target.id)
    for one in target.milestones:
        year = one.deadline.year if one.deadline else document.head.year
        within = "" if year == document.head.year else str(year)
        name = f"{target.id}-{within}Q{one.quarter}" + (f"-{one.project}" if one.project else "")
        step = names.inside("节点", name)
        cell = "due" if one.deadline else QUARTERS[one.quarter - 1]
        said.fill(step, _MILESTONE, node, quarter(year, one.quarter))
        if one.deadline:
            said.say(step, TK("deadline"), date(one.deadline.isoformat()))
            said.say(node, TK("deadline"), date(one.deadline.isoformat()))
        promise = COMMITMENTS[one.commitment] if one.commitment else None
        works = names.inside("项目", one.project) if one.project else None
        said.fill(step, _STEP, zh(one.text), STAGES[one.stage], promise, works)
        said.say(step, TK("evidence"), evidence_node(said, document, one.evidence, names, cell))


def _indicator(
    said: Triples,
    document: Document,
    target: Target,
    number: int,
    one: Indicator,
    names: Names,
) -> None:
    node, whole = names.inside("指标", f"{target.id}-{number}"), names.inside("目标", target.id)
    grows_exactly = one.growth and one.op == "="
    when = "" if one.when == "year" else one.when
    said.say(whole, TK("indicator"), node)
    said.fill(
        node,
        _INDICATOR,
        whole,
        zh(one.what),
        decimal(one.value),
        plain(one.unit),
        TK("Growth") if grows_exactly else COMPARATORS[one.op],
        boolean(True) if one.growth else None,
        quarter(document.head.year, QUARTERS.index(when) + 1) if when else None,
        ACCUMULATIONS[one.accumulation] if one.accumulation else None,
        plain(one.as_written),
    )
    for span in one.evidence:
        where = evidence_node(said, document, span, names, when or "text")
        said.say(node, TK("evidence"), where)
