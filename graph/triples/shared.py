"""The shared graph: the places, domains, themes and measures of a jurisdiction, and its bodies."""

from __future__ import annotations

import re
from functools import cache

from pyoxigraph import Quad

from graph.records import Cell, Document, Place
from graph.triples.calendar import calendar_triples
from graph.triples.indicators import measure_node, measure_triples
from graph.triples.measures import measures_of
from graph.triples.organizations import (
    body_node,
    body_triples,
    defined_names,
    head_bodies,
    reforms,
    street_offices,
)
from graph.triples.terms import PLACE_KINDS, Triples, integer, plain, zh
from ontology.gazetteer import Gazetteer, gazetteer
from ontology.headings import HEADINGS
from ontology.kinds import PROJECT_KINDS
from ontology.names import DCTERMS, ELI, GEO, SKOS, TK, Iri, Names, shared_graph
from ontology.places import grid_of
from ontology.vocabulary import vocabulary_triples

__all__ = ["body_node"]

_CHAPTER = re.compile(r"([一二三四五六七八九十]+|第[一二三四五六七八九十]+[章部]分?)[、.．]?(.+)")


def place_node(names: Names, name: str) -> Iri:
    """Return the address of a place."""
    return names.thing("地点", name)


def theme_parts(text: str) -> tuple[str, str]:
    """Split a chapter heading into its numeral and its name.

    >>> theme_parts("一、经济发展"), theme_parts("稳增长")
    (('一', '经济发展'), ('', '稳增长'))
    """
    match = _CHAPTER.fullmatch(text)
    return (match.group(1), match.group(2)) if match else ("", text)


def theme_node(names: Names, kind: str, text: str) -> Iri:
    """Return the address of a domain (领域) or of a theme (专题), without its numeral."""
    return names.thing(kind, theme_parts(text)[1])


@cache
def vocabulary() -> tuple[Quad, ...]:
    """Return the vocabulary as quads of the shared graph, which every version holds."""
    graph = shared_graph()
    return tuple(Quad(t.subject, t.predicate, t.object, graph) for t in vocabulary_triples())


def shared(document: Document, names: Names) -> Triples:
    """Return a document's share of the shared graph."""
    triples = Triples(shared_graph().value)
    known = gazetteer(document.head.jurisdiction)
    jurisdiction_triples(triples, known, names)
    calendar_triples(triples, document)
    done: set[object] = set()

    def is_new(*key: object) -> bool:
        """Return whether a thing of the jurisdiction is met for the first time."""
        new = key not in done
        done.add(key)
        return new

    for target in document.targets:
        domain, theme = target.row.domain, target.row.theme
        if is_new("theme", domain and domain.text, theme and theme.text):
            _themes(triples, domain, theme, names)
        for one in target.assignments:
            if is_new("body", one.kind, one.label, one.named_as, one.parent):
                body_triples(triples, one, known, names)
        for place in target.places:
            if is_new("place", place.kind, place.name, place.named_as, place.within, place.on_road):
                _place(triples, place, names)
        for project in target.projects:
            if is_new("kind", project.kind):
                _concept(
                    triples, names, "ProjectKind", "类别", project.kind,
                    PROJECT_KINDS.get(project.kind, ""),
                )  # fmt: skip
        for measure in measures_of(target.indicators):
            if measure.general and is_new("measure", measure):
                measure_triples(triples, measure_node(names, target, measure), measure)
    reforms(triples, document, known, names)
    defined_names(triples, document, names)
    head_bodies(triples, document, names)
    for number in cited_in(document):
        cited = Names("未知", number).notice
        triples.kind(cited, ELI("LegalResource"))
        triples.label(cited, number)
    return triples


def jurisdiction_triples(triples: Triples, known: Gazetteer, names: Names) -> None:
    """State a jurisdiction, its streets and their offices, which each of its documents does."""
    _district(triples, known, names)
    street_offices(triples, known, names)


_CITED = re.compile(r"[\u4e00-\u9fff]{2,8}〔\d{4}〕\d+号")
_CITED_YEAR = re.compile(r"〔\d{4}〕\d+号")


def cited_in(document: Document) -> list[str]:
    """Return the numbers of the other documents that a document cites."""
    found, at = set(), 0
    for bracket in _CITED_YEAR.finditer(document.text):  # the engine leaps to these
        if match := _CITED.search(document.text, max(at, bracket.start() - 8), bracket.end()):
            found.add(match[0])
            at = match.end()
    return sorted(found - {document.head.number})


def _district(triples: Triples, known: Gazetteer, names: Names) -> None:
    """State the jurisdiction and its streets, named by a row or not."""
    district = names.district
    triples.kind(district, TK("District"), TK("Place"), GEO("Feature"), DCTERMS("Location"))
    triples.label(district, names.jurisdiction)
    short = re.sub(r"^.*?(?:省|自治区|市)(?=.)", "", names.jurisdiction)
    if short != names.jurisdiction:
        triples.say(district, SKOS("altLabel"), zh(short))
    for name, (row, column) in grid_of(names.jurisdiction).items():
        street = place_node(names, name)
        _typed_place(triples, street, "street", name)
        triples.say(street, GEO("sfWithin"), district)
        triples.say(street, TK("gridRow"), integer(row))
        triples.say(street, TK("gridColumn"), integer(column))
    for entry in known.streets():
        street = place_node(names, entry.name)
        _typed_place(triples, street, "street", entry.name)
        triples.say(street, GEO("sfWithin"), district)
        triples.say(street, SKOS("notation"), plain(entry.code) if entry.code else None)
        triples.say(street, SKOS("altLabel"), *(zh(a) for a in entry.aliases))


def _themes(triples: Triples, domain: Cell | None, theme: Cell | None, names: Names) -> None:
    for cell, kind, cls in ((domain, "领域", "Domain"), (theme, "专题", "Theme")):
        if cell is not None:
            numeral, label = theme_parts(cell.text)
            node = _concept(triples, names, cls, kind, label, HEADINGS.get(label, ""))
            if numeral:
                triples.say(node, SKOS("notation"), plain(numeral))
    if domain is not None and theme is not None:
        above = theme_node(names, "领域", domain.text)
        triples.say(theme_node(names, "专题", theme.text), SKOS("broader"), above)


_SCHEMES = {
    "领域": ("领域", "domains"),
    "专题": ("专题", "themes"),
    "类别": ("项目类别", "project kinds"),
}


def _concept(triples: Triples, names: Names, cls: str, kind: str, label: str, english: str) -> Iri:
    """State a domain, a theme or a project kind in the scheme of its jurisdiction."""
    node, scheme = names.thing(kind, label), names.scheme(kind)
    triples.kind(node, TK(cls), SKOS("Concept"))
    triples.label(node, label)
    triples.english(node, english, preferred=True)
    chinese, plural = _SCHEMES[kind]
    triples.kind(scheme, SKOS("ConceptScheme"))
    triples.label(scheme, f"{names.jurisdiction}的{chinese}")
    triples.english(scheme, f"{plural} of {names.jurisdiction}", preferred=True)
    triples.say(scheme, SKOS("hasTopConcept"), node)
    triples.say(node, SKOS("topConceptOf"), scheme)
    triples.say(node, SKOS("inScheme"), scheme)
    return node


def _typed_place(triples: Triples, node: Iri, kind: str, name: str) -> None:
    triples.kind(node, TK("Place"), PLACE_KINDS[kind], GEO("Feature"), DCTERMS("Location"))
    triples.label(node, name)


def _place(triples: Triples, place: Place, names: Names) -> None:
    node = place_node(names, place.name)
    _typed_place(triples, node, place.kind, place.name)
    triples.say(node, SKOS("altLabel"), *(zh(f) for f in place.named_as if f != place.name))
    if place.within:
        triples.say(node, GEO("sfWithin"), place_node(names, place.within))
    triples.say(node, TK("onRoad"), *(place_node(names, road) for road in place.on_road))
