"""What documents share: bodies, collectives, places, domains and themes of a jurisdiction."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from itertools import permutations

from pyoxigraph import Quad, RdfFormat, parse

from graph.records import Assignment, Cell, Document, Place
from graph.triples.terms import (
    PLACE_KINDS,
    SAME_PLACE_FROM,
    Triples,
    boolean,
    en,
    integer,
    plain,
    zh,
)
from ontology.gazetteer import Entry, Gazetteer, gazetteer
from ontology.kinds import PROJECT_KINDS
from ontology.names import (
    DCTERMS,
    ELI,
    FOAF,
    GEO,
    ORG,
    RDFS,
    SKOS,
    TIME,
    TK,
    Iri,
    Names,
    quarter,
    shared_graph,
    year,
)  # fmt: skip

_CHAPTER = re.compile(r"([一二三四五六七八九十]+|第[一二三四五六七八九十]+[章部]分?)[、.．]?(.+)")


def body_node(names: Names, one: Assignment) -> Iri:
    """The address of a body or of a collective."""
    return names.thing("集合" if one.kind == "collective" else "部门", one.label)


def place_node(names: Names, name: str) -> Iri:
    """The address of a place."""
    return names.thing("地点", name)


def theme_parts(text: str) -> tuple[str, str]:
    """A chapter heading as its numeral and its name.

    >>> theme_parts("一、经济发展"), theme_parts("稳增长")
    (('一', '经济发展'), ('', '稳增长'))
    """
    match = _CHAPTER.fullmatch(text)
    return (match.group(1), match.group(2)) if match else ("", text)


def theme_node(names: Names, kind: str, text: str) -> Iri:
    """The address of a domain (领域) or of a theme (专题), its numeral left off."""
    return names.thing(kind, theme_parts(text)[1])


@cache
def vocabulary() -> tuple[Quad, ...]:
    """The vocabulary, as it stands in the shared graph of every version."""
    data = (files("ontology") / "tiaokuai.ttl").read_bytes()
    graph = shared_graph()
    parsed = parse(data, format=RdfFormat.TURTLE)
    return tuple(Quad(q.subject, q.predicate, q.object, graph) for q in parsed)


def shared(document: Document, names: Names) -> Triples:
    """A document's share of the shared graph."""
    said = Triples(shared_graph().value)
    known = gazetteer(document.head.jurisdiction)
    _district(said, known, names)
    _calendar(said, document)
    done: set[object] = set()

    def is_new(*what: object) -> bool:
        """Whether a thing of the jurisdiction is met for the first time: all rows name the same."""
        new = what not in done
        done.add(what)
        return new

    for target in document.targets:
        domain, theme = target.row.domain, target.row.theme
        if is_new("theme", domain and domain.text, theme and theme.text):
            _themes(said, domain, theme, names)
        for one in target.assignments:
            if is_new("body", one.kind, one.label, one.named_as, one.parent):
                _body(said, one, known, names)
        for place in target.places:
            if is_new("place", place.kind, place.name, place.named_as, place.within, place.on_road):
                _place(said, place, names)
        for project in target.projects:
            if is_new("kind", project.kind):
                _project_kind(said, project.kind, names)
    _changes(said, document, known, names)
    _same_bodies(said, document, known, names)
    places = {p.name for t in document.targets for p in t.places}
    for link in document.links:
        both = {link.left, link.right} <= places
        if both and link.confidence >= SAME_PLACE_FROM and link.left != link.right:
            left, right = place_node(names, link.left), place_node(names, link.right)
            said.say(left, TK("samePlace"), right)
            said.say(right, TK("samePlace"), left)
    if document.head.issuer:
        issuer = names.thing("部门", document.head.issuer)
        said.kind(issuer, TK("Body"), ORG("FormalOrganization"))
        said.label(issuer, document.head.issuer)
    for number in cited_in(document):
        cited = Names("未知", number).notice
        said.kind(cited, ELI("LegalResource"))
        said.label(cited, number)
    return said


def _project_kind(said: Triples, kind: str, names: Names) -> None:
    node = names.thing("类别", kind)
    said.kind(node, TK("ProjectKind"), SKOS("Concept"))
    said.label(node, kind)
    english = PROJECT_KINDS.get(kind)
    said.say(node, RDFS("label"), en(english) if english else None)


_CITED = re.compile(r"[\u4e00-\u9fff]{2,8}〔\d{4}〕\d+号")
_CITED_YEAR = re.compile(r"〔\d{4}〕\d+号")


def cited_in(document: Document) -> list[str]:
    """The numbers of the other documents that a document names; several may name one."""
    found, at = set(), 0
    for bracket in _CITED_YEAR.finditer(document.text):  # the engine leaps to these
        if match := _CITED.search(document.text, max(at, bracket.start() - 8), bracket.end()):
            found.add(match[0])
            at = match.end()
    return sorted(found - {document.head.number})


def _district(said: Triples, known: Gazetteer, names: Names) -> None:
    """The jurisdiction and its streets, whether a row names them or not."""
    district = names.district
    said.kind(district, TK("District"), TK("Place"), GEO("Feature"), DCTERMS("Location"))
    said.label(district, names.jurisdiction)
    short = re.sub(r"^.*?(?:省|自治区|市)(?=.)", "", names.jurisdiction)
    if short != names.jurisdiction:
        said.say(district, SKOS("altLabel"), zh(short))
    for entry in known.streets():
        street, office = place_node(names, entry.name), names.thing("部门", entry.name)
        _typed_place(said, street, "street", entry.name)
        said.say(street, GEO("sfWithin"), district)
        said.say(street, SKOS("notation"), plain(entry.code) if entry.code else None)
        said.say(street, SKOS("altLabel"), *(zh(a) for a in entry.aliases))
        said.kind(office, TK("Body"), ORG("FormalOrganization"))
        said.label(office, entry.name)
        said.say(office, TK("jurisdiction"), street)
        _other_names(said, office, entry)


def _other_names(said: Triples, node: Iri, entry: Entry) -> None:
    said.say(node, SKOS("altLabel"), *(zh(a) for a in entry.aliases))
    said.say(node, SKOS("hiddenLabel"), *(zh(s) for s in entry.slips))
    said.say(node, RDFS("label"), en(entry.english) if entry.english else None)


def _calendar(said: Triples, document: Document) -> None:
    """The quarters of the document's year, and of the years in which it has deadlines."""
    days = [m.deadline for t in document.targets for m in t.milestones if m.deadline]
    for number in dict.fromkeys((document.head.year, *sorted({d.year for d in days}))):
        _year(said, number)


def _year(said: Triples, number: int | None) -> None:
    whole = year(number)
    said.kind(whole, TIME("ProperInterval"))
    said.label(whole, f"{number}年" if number else "未知年")
    for i in range(1, 5):
        node = quarter(number, i)
        said.kind(node, TIME("ProperInterval"))
        said.label(node, f"{number or '未知'}年第{'一二三四'[i - 1]}季度")
        said.say(node, TK("quarter"), integer(i))
        said.say(node, TIME("intervalDuring"), whole)
        if number:
            said.say(node, TK("year"), integer(number))
        if i < 4:
            said.say(node, TIME("intervalMeets"), quarter(number, i + 1))
    if number:
        said.say(whole, TK("year"), integer(number))


def _themes(said: Triples, domain: Cell | None, theme: Cell | None, names: Names) -> None:
    for cell, kind, cls in ((domain, "领域", "Domain"), (theme, "专题", "Theme")):
        if cell is not None:
            numeral, label = theme_parts(cell.text)
            node = theme_node(names, kind, cell.text)
            said.kind(node, TK(cls), SKOS("Concept"))
            said.label(node, label)
            if numeral:
                said.say(node, SKOS("notation"), plain(numeral))
    if domain is not None and theme is not None:
        above = theme_node(names, "领域", domain.text)
        said.say(theme_node(names, "专题", theme.text), SKOS("broader"), above)


def _body(said: Triples, one: Assignment, known: Gazetteer, names: Names) -> None:
    node = body_node(names, one)
    said.label(node, one.label)
    if one.named_as != one.label:
        said.say(node, SKOS("altLabel"), zh(one.named_as))
    prefix, name = known.parts(one.label)
    entry = known.entries.get(name)
    if one.kind == "collective":
        _collective(said, node, entry, names)
        return
    said.kind(node, TK("Body"), _ORG_KINDS.get(one.kind, ORG("FormalOrganization")))
    if one.parent:
        parent = names.thing("部门", one.parent)
        said.say(node, ORG("unitOf"), parent)
        said.kind(parent, TK("Body"), ORG("FormalOrganization"))
        said.label(parent, one.parent)
    elif entry is not None and entry.name == one.label:
        _other_names(said, node, entry)
    elif entry is not None:
        others = (entry.name, *entry.aliases) if prefix else (entry.name,)
        said.say(
            node, SKOS("altLabel"), *(zh(prefix + o) for o in others if prefix + o != one.label)
        )
        said.say(node, RDFS("label"), en(entry.english) if entry.english else None)


_ORG_KINDS = {"sub-unit": ORG("OrganizationalUnit"), "company": ORG("Organization")}


def _collective(said: Triples, node: Iri, entry: Entry | None, names: Names) -> None:
    said.kind(node, TK("Collective"), FOAF("Group"))
    if entry is None or entry.kind != "collective":
        said.say(node, TK("complete"), boolean(False))
        return
    said.say(node, TK("complete"), boolean(entry.complete))
    said.say(node, RDFS("label"), en(entry.english) if entry.english else None)
    if entry.members_as_of:
        said.say(node, TK("membersAsOf"), integer(entry.members_as_of))
    said.say(node, ORG("hasMember"), *(names.thing("部门", m) for m in entry.members))


def _typed_place(said: Triples, node: Iri, kind: str, name: str) -> None:
    said.kind(node, TK("Place"), PLACE_KINDS[kind], GEO("Feature"), DCTERMS("Location"))
    said.label(node, name)


def _place(said: Triples, place: Place, names: Names) -> None:
    node = place_node(names, place.name)
    _typed_place(said, node, place.kind, place.name)
    said.say(node, SKOS("altLabel"), *(zh(f) for f in place.named_as if f != place.name))
    if place.within:
        said.say(node, GEO("sfWithin"), place_node(names, place.within))
    said.say(node, TK("onRoad"), *(place_node(names, road) for road in place.on_road))


def _changes(said: Triples, document: Document, known: Gazetteer, names: Names) -> None:
    """The reforms that ended a body which this document names, at the level it names it on."""
    named = {a.label for t in document.targets for a in t.assignments}
    for before in sorted(named):
        prefix, base = known.parts(before)
        for change in known.changes:
            if change.old != base:
                continue
            after = prefix + change.new
            event = names.thing("变更", f"{change.year}-{before}-{after}")
            old, new = names.thing("部门", before), names.thing("部门", after)
            said.kind(event, ORG("ChangeEvent"))
            said.label(event, f"{before}→{after}")
            said.say(event, ORG("originalOrganization"), old)
            said.say(event, ORG("resultingOrganization"), new)
            said.say(event, TK("year"), integer(change.year))
            for body, name in ((old, before), (new, after)):
                said.kind(body, TK("Body"), ORG("FormalOrganization"))
                said.label(body, name)


def _same_bodies(said: Triples, document: Document, known: Gazetteer, names: Names) -> None:
    """Two names for one body in one document: defined in it, or forms of one known name."""
    said_of: dict[tuple[str, str], list[str]] = defaultdict(list)
    labels = dict.fromkeys(
        a.label for t in document.targets for a in t.assignments if a.kind != "collective"
    )
    short = {one.short: one.full for one in document.aliases}
    for label in labels:
        prefix, name = known.parts(short.get(label, label))
        said_of[prefix[-1:], name].append(label)
    for one in document.aliases:
        if one.short in labels and one.full not in labels:
            said.say(names.thing("部门", one.short), SKOS("altLabel"), zh(one.full))
        if one.full in labels and one.short not in labels:
            said.say(names.thing("部门", one.full), SKOS("altLabel"), zh(one.short))
    for forms in said_of.values():
        for left, right in permutations(forms, 2):
            said.say(names.thing("部门", left), TK("sameBody"), names.thing("部门", right))
