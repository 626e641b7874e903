"""The inferred graph of a document: what follows by rule, apart from what is written.

A collective whose members are all known stands for each of them. What a sub-unit does, its parent
does. A target that names a place concerns what the place lies in and the same place under another
name. A project has the bodies of its target. What a district writes of by block, lot, parcel,
house number, junction or building lies in the district. A share of the year's target is a share
of the number of the year.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from graph.records import Assignment, Document, PlaceLink, Target
from graph.triples.indicators import indicator_node
from graph.triples.measures import year_of_share
from graph.triples.organizations import body_node, same_bodies
from graph.triples.shared import place_node
from graph.triples.terms import (
    ROLE_WORDS,
    ROLES,
    SAME_PLACE_FROM,
    Form,
    Triples,
    boolean,
    decimal,
    plain,
    zh,
)
from ontology.gazetteer import gazetteer
from ontology.names import GEO, PROV, TK, Iri, Names

_THROUGH_COLLECTIVE = Decimal("0.95")
_THROUGH_UNIT = Decimal("0.9")
_ASSIGNMENT = Form(
    [TK("Assignment")], TK("target"), TK("body"), TK("role"), TK("inferred"), TK("via"),
    PROV("wasDerivedFrom"), TK("confidence"),
)  # fmt: skip
_ALL = {"lead": TK("leadAll"), "coordinate": TK("coordinateAll"), "responsible": TK("leadAll")}


def inferred(document: Document, names: Names) -> Triples:
    """Return what follows from a document by rule."""
    triples = Triples(names.inferred)
    above, same = _geography(document)
    for target in document.targets:
        _bodies(triples, target, names)
        _locations(triples, target, above, same, names)
        everyone = _everyone(target, names) if target.projects else []
        for project in target.projects:
            works = names.inside("项目", project.name)
            for edge, body in everyone:
                triples.say(works, edge, body)
        _shares(triples, target, names)
    _links(triples, document, names)
    _in_district(triples, document, names)
    same_bodies(triples, document, names)
    return triples


def _shares(triples: Triples, target: Target, names: Names) -> None:
    """Tie the shares of a year's target (完成25%) to the number of the year."""
    for position, one in enumerate(target.indicators):
        year = year_of_share(one, target.indicators)
        if year is not None:
            share = indicator_node(names, target, position + 1)
            triples.say(share, TK("shareOf"), indicator_node(names, target, year + 1))


_LOCAL = frozenset(("block", "lot", "parcel", "address", "junction", "site"))
"""Kinds of places too small to leave the district; a road, a river, a line or a zone may."""


def _in_district(triples: Triples, document: Document, names: Names) -> None:
    """Put the small places of a document that lie in nothing else into its district."""
    for target in document.targets:
        for place in target.places:
            if place.kind in _LOCAL and not place.within:
                triples.say(place_node(names, place.name), GEO("sfWithin"), names.district)


def _bodies(triples: Triples, target: Target, names: Names) -> None:
    node = names.inside("目标", target.id)
    written = {(a.role, a.label) for a in target.assignments}
    for one in target.assignments:
        triples.say(node, _ALL[one.role], body_node(names, one))
        origin = names.inside("分工", f"{target.id}-{ROLE_WORDS[one.role]}-{one.label}")
        for body, sure in _stands_for(one, names):
            triples.say(node, _ALL[one.role], names.thing("部门", body))
            if (one.role, body) in written:
                continue
            edge = names.inside("分工", f"{target.id}-{ROLE_WORDS[one.role]}-{body}")
            triples.fill(
                edge, _ASSIGNMENT, node, names.thing("部门", body), ROLES[one.role],
                boolean(True), body_node(names, one), origin, decimal(sure),
            )  # fmt: skip
            triples.say(node, TK("assignment"), edge)
            triples.caption(edge, f"目标{target.id}：{body}{ROLE_WORDS[one.role]}（推断）")
            written.add((one.role, body))


def _stands_for(one: Assignment, names: Names) -> list[tuple[str, Decimal]]:
    """Return the bodies that an assignment concerns besides the one it names, and how surely."""
    if one.kind == "sub-unit" and one.parent:
        return [(one.parent, _THROUGH_UNIT)]
    if one.kind != "collective":
        return []
    known = gazetteer(names.jurisdiction)
    form = known.forms.get(one.label)
    entry = known.entries[form[0]] if form else None
    if entry is None or not entry.complete:
        return []
    return [(member, _THROUGH_COLLECTIVE) for member in entry.members]


def _everyone(target: Target, names: Names) -> list[tuple[Iri, Iri]]:
    return [
        (_ALL[one.role], node)
        for one in target.assignments
        for node in (
            body_node(names, one),
            *(names.thing("部门", body) for body, _ in _stands_for(one, names)),
        )
    ]


def _geography(document: Document) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Return what each place lies in (a block, a street, a road), and its other names."""
    above: dict[str, set[str]] = defaultdict(set)
    same: dict[str, set[str]] = defaultdict(set)
    for target in document.targets:
        for place in target.places:
            above[place.name] |= {place.within} if place.within else set()
            above[place.name] |= set(place.on_road)
    kinds = _kinds(document)
    for link in document.links:
        if link.confidence < SAME_PLACE_FROM:
            continue
        block, other = _block_first(link, kinds)
        if block:
            above[other].add(block)
        else:
            same[link.left].add(link.right)
            same[link.right].add(link.left)
    return above, same


def _kinds(document: Document) -> dict[str, str]:
    return {place.name: place.kind for target in document.targets for place in target.places}


def _block_first(link: PlaceLink, kinds: dict[str, str]) -> tuple[str, str]:
    """Return the block of a link and what lies in it; empty where it does not tie the two.

    A block is larger than a lot, a parcel, an address or a junction in it: never the same place.
    """
    for block, other in ((link.left, link.right), (link.right, link.left)):
        if kinds.get(block) == "block" and kinds.get(other) != "block":
            return block, other
    return "", ""


def _locations(
    triples: Triples,
    target: Target,
    above: dict[str, set[str]],
    same: dict[str, set[str]],
    names: Names,
) -> None:
    node = names.inside("目标", target.id)
    reached = {place.name for place in target.places}
    frontier = list(reached)
    while frontier:
        name = frontier.pop()
        for further in above.get(name, set()) | same.get(name, set()):
            if further not in reached:
                reached.add(further)
                frontier.append(further)
    triples.say(node, TK("locationAll"), *(place_node(names, name) for name in sorted(reached)))


def _links(triples: Triples, document: Document, names: Names) -> None:
    """State the links between names of one spot, and the edges that follow from the sure ones."""
    kinds = _kinds(document)
    for link in document.links:
        if link.left == link.right or not {link.left, link.right} <= kinds.keys():
            continue
        left, right = place_node(names, link.left), place_node(names, link.right)
        block, other = _block_first(link, kinds)
        sure = link.confidence >= SAME_PLACE_FROM
        if block:
            if sure:
                triples.say(place_node(names, other), GEO("sfWithin"), place_node(names, block))
            continue
        node = names.inside("同地", f"{link.left}＝{link.right}")
        triples.kind(node, TK("PlaceLink"))
        triples.caption(node, f"{link.left}＝{link.right}")
        triples.say(node, TK("left"), left)
        triples.say(node, TK("right"), right)
        triples.say(node, TK("confidence"), decimal(link.confidence))
        triples.say(node, TK("reason"), zh(link.reason))
        if sure:
            triples.say(left, TK("samePlace"), right)
            triples.say(right, TK("samePlace"), left)
        for span in link.evidence:
            triples.say(node, TK("evidence"), names.evidence(span.start, span.end))
            triples.say(node, TK("quote"), plain(span.quote))
