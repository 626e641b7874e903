"""Bodies as triples: departments, street offices, units, companies, collectives, governments."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import permutations

from graph.records import Assignment, Document
from graph.triples.terms import Triples, boolean, integer, zh
from ontology.gazetteer import Entry, Gazetteer, gazetteer
from ontology.names import FOAF, ORG, SKOS, TK, Iri, Names, squeeze

_BODY = (TK("Body"), TK("Actor"), ORG("Organization"), FOAF("Agent"))
_COLLECTIVE = (TK("Collective"), TK("Actor"), FOAF("Group"), FOAF("Agent"))
_CLASSIFICATIONS = {
    "government": TK("Government"), "body": TK("Department"), "street": TK("StreetOffice"),
    "sub-unit": TK("SubUnit"), "company": TK("Company"),
}  # fmt: skip
_GOVERNMENT = re.compile(r"(?:人民)?政府$")


def body_node(names: Names, one: Assignment) -> Iri:
    """Return the address of a body or of a collective."""
    return names.thing("集合" if one.kind == "collective" else "部门", one.label)


def issuer_of(document: Document) -> str:
    """Return the label of the body that published a document; empty where none is named."""
    return _known_label(document, document.head.issuer) if document.head.issuer else ""


def signatory_of(document: Document) -> str:
    """Return the label of the body that signed a document; empty where none is named."""
    return _known_label(document, document.head.signatory) if document.head.signatory else ""


def _known_label(document: Document, written: str) -> str:
    """Return the label under which the rows name a body that the head writes in full.

    上海市长宁区政府办公室 is 区政府办公室 there, another name of 区府办: the level (区) stays
    with the name, because 县政府办公室 is a body of its own.
    """
    jurisdiction, name = document.head.jurisdiction, squeeze(written)
    known = gazetteer(jurisdiction)
    labels = [a.label for t in document.targets for a in t.assignments if a.kind != "collective"]
    for prefix in (jurisdiction[:-1], jurisdiction):
        short = name.removeprefix(prefix)
        if not prefix or short == name:
            continue
        for form in (short, short.replace("人民政府", "政府")):
            found, how = known.forms.get(form, ("", ""))
            if found and how != "slip":
                same = (label for label in labels if known.forms.get(label, ("",))[0] == found)
                return next(same, found)
    return name


def head_bodies(triples: Triples, document: Document, names: Names) -> None:
    """State who published and who signed a document, and the government they belong to."""
    head = document.head
    for label, written in (
        (issuer_of(document), head.issuer),
        (signatory_of(document), head.signatory),
    ):
        if label:
            node = names.thing("部门", label)
            _classified(triples, node, _kind_of(label, gazetteer(head.jurisdiction)))
            triples.label(node, label)
            full = squeeze(written)
            triples.say(node, SKOS("altLabel"), zh(full) if full != label else None)


def named_body(triples: Triples, label: str, known: Gazetteer, names: Names) -> None:
    """State a body by its label alone, as the reporter of progress is named."""
    node = names.thing("部门", label)
    _classified(triples, node, _kind_of(label, known))
    triples.label(node, label)


def street_offices(triples: Triples, known: Gazetteer, names: Names) -> None:
    """State the street-level offices; a subdistrict office belongs to the district's government."""
    government = f"{names.jurisdiction}人民政府"
    for entry in known.streets():
        office = names.thing("部门", entry.name)
        _classified(triples, office, "street")
        triples.label(office, entry.name)
        triples.say(office, TK("jurisdiction"), names.thing("地点", entry.name))
        _other_names(triples, office, entry)
        if entry.name.endswith("街道"):
            above = names.thing("部门", government)
            triples.say(office, ORG("subOrganizationOf"), above)
            _classified(triples, above, "government")
            triples.label(above, government)


def body_triples(triples: Triples, one: Assignment, known: Gazetteer, names: Names) -> None:
    """State a body or collective that a row names."""
    node = body_node(names, one)
    triples.label(node, one.label)
    if one.named_as != one.label:
        triples.say(node, SKOS("altLabel"), zh(one.named_as))
    prefix, name = known.parts(one.label)
    entry = known.entries.get(name)
    if one.kind == "collective":
        _collective(triples, node, entry, names)
        return
    _classified(triples, node, "government" if _GOVERNMENT.search(one.label) else one.kind)
    if one.parent:
        parent = names.thing("部门", one.parent)
        triples.say(node, ORG("unitOf"), parent)
        triples.say(node, ORG("subOrganizationOf"), parent)
        _classified(triples, parent, _kind_of(one.parent, known))
        triples.label(parent, one.parent)
    elif entry is not None and entry.name == one.label:
        _other_names(triples, node, entry)
    elif entry is not None:
        others = (entry.name, *entry.aliases) if prefix else (entry.name,)
        triples.say(
            node, SKOS("altLabel"), *(zh(prefix + o) for o in others if prefix + o != one.label)
        )
        triples.english(node, entry.english)


def _kind_of(label: str, known: Gazetteer) -> str:
    """Return the kind of a body that no row names, from its name alone."""
    entry = known.entries.get(label)
    if entry is not None and entry.kind in _CLASSIFICATIONS:
        return entry.kind
    if _GOVERNMENT.search(label):
        return "government"
    return "company" if label.endswith(("公司", "集团")) else "body"


def _classified(triples: Triples, node: Iri, kind: str) -> None:
    """State the classes of a body and its kind: only a sub-unit is no formal organization."""
    unit = kind == "sub-unit"
    triples.kind(node, *_BODY, ORG("OrganizationalUnit" if unit else "FormalOrganization"))
    triples.say(node, ORG("classification"), _CLASSIFICATIONS[kind])


def _other_names(triples: Triples, node: Iri, entry: Entry) -> None:
    triples.say(node, SKOS("altLabel"), *(zh(a) for a in entry.aliases))
    triples.say(node, SKOS("hiddenLabel"), *(zh(s) for s in entry.slips))
    triples.english(node, entry.english)


def _collective(triples: Triples, node: Iri, entry: Entry | None, names: Names) -> None:
    triples.kind(node, *_COLLECTIVE)
    if entry is None or entry.kind != "collective":
        triples.say(node, TK("complete"), boolean(False))
        return
    triples.say(node, TK("complete"), boolean(entry.complete))
    triples.english(node, entry.english)
    if entry.members_as_of:
        triples.say(node, TK("membersAsOf"), integer(entry.members_as_of))
    triples.say(node, ORG("hasMember"), *(names.thing("部门", m) for m in entry.members))


def reforms(triples: Triples, document: Document, known: Gazetteer, names: Names) -> None:
    """State the reforms that ended a body of this document, at the level it names it on."""
    named = {a.label for t in document.targets for a in t.assignments}
    for before in sorted(named):
        prefix, base = known.parts(before)
        for change in known.changes:
            if change.old != base:
                continue
            after = prefix + change.new
            event = names.thing("变更", f"{change.year}-{before}-{after}")
            old, new = names.thing("部门", before), names.thing("部门", after)
            triples.kind(event, ORG("ChangeEvent"))
            triples.label(event, f"{before}→{after}")
            triples.say(event, ORG("originalOrganization"), old)
            triples.say(event, ORG("resultingOrganization"), new)
            triples.say(event, TK("year"), integer(change.year))
            for body, name in ((old, before), (new, after)):
                _classified(triples, body, _kind_of(name, known))
                triples.label(body, name)


def defined_names(triples: Triples, document: Document, names: Names) -> None:
    """State the short names that a document defines (以下简称) as other names of their bodies."""
    labels = _labels(document)
    for one in document.aliases:
        if one.short in labels and one.full not in labels:
            triples.say(names.thing("部门", one.short), SKOS("altLabel"), zh(one.full))
        if one.full in labels and one.short not in labels:
            triples.say(names.thing("部门", one.full), SKOS("altLabel"), zh(one.short))


def same_bodies(triples: Triples, document: Document, names: Names) -> None:
    """State which names of a document mean one body: defined in it, or forms of one known name."""
    known = gazetteer(document.head.jurisdiction)
    forms: dict[tuple[str, str], list[str]] = defaultdict(list)
    short = {one.short: one.full for one in document.aliases}
    for label in _labels(document):
        prefix, name = known.parts(short.get(label, label))
        forms[prefix[-1:], name].append(label)
    for group in forms.values():
        for left, right in permutations(group, 2):
            triples.say(names.thing("部门", left), TK("sameBody"), names.thing("部门", right))


def _labels(document: Document) -> list[str]:
    return list(
        dict.fromkeys(
            a.label for t in document.targets for a in t.assignments if a.kind != "collective"
        )
    )
