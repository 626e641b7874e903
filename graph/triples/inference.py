"""What follows from a document by rule, always apart from what is written.

Four rules: a collective whose members are all known stands for each of them; what a sub-unit
does, its parent does; a target that names a place concerns what the place lies in and the same
place under another name; a project has the bodies of its target.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from graph.records import Assignment, Document, Target
from graph.triples.shared import body_node, place_node
from graph.triples.terms import (
    ROLE_WORDS,
    ROLES,
    SAME_PLACE_FROM,
    Form,
    Triples,
    boolean,
    decimal,
    zh,
)
from ontology.gazetteer import gazetteer
from ontology.names import PROV, TK, Iri, Names

_THROUGH_COLLECTIVE = Decimal("0.95")
_THROUGH_UNIT = Decimal("0.9")
_ASSIGNMENT = Form(
    [TK("Assignment")], TK("target"), TK("body"), TK("role"), TK("inferred"), TK("via"),
    PROV("wasDerivedFrom"), TK("confidence"),
)  # fmt: skip
_ALL = {"lead": TK("leadAll"), "coordinate": TK("coordinateAll"), "responsible": TK("leadAll")}


def inferred(document: Document, names: Names) -> Triples:
    """What follows from a document, for its inferred graph."""
    said = Triples(names.inferred)
    above, same = _geography(document)
    for target in document.targets:
        _bodies(said, target, names)
        _locations(said, target, above, same, names)
        everyone = _everyone(target, names) if target.projects else []
        for project in target.projects:
            works = names.inside("项目", project.name)
            for edge, body in everyone:
                said.say(works, edge, body)
    _links(said, document, names)
    return said


def _bodies(said: Triples, target: Target, names: Names) -> None:
    node = names.inside("目标", target.id)
    written = {(a.role, a.label) for a in target.assignments}
    for one in target.assignments:
        said.say(node, _ALL[one.role], body_node(names, one))
        origin = names.inside("分工", f"{target.id}-{ROLE_WORDS[one.role]}-{one.label}")
        for body, sure in _stands_for(one, names):
            said.say(node, _ALL[one.role], names.thing("部门", body))
            if (one.role, body) in written:
                continue
            edge = names.inside("分工", f"{target.id}-{ROLE_WORDS[one.role]}-{body}")
            said.fill(
                edge, _ASSIGNMENT, node, names.thing("部门", body), ROLES[one.role],
                boolean(True), body_node(names, one), origin, decimal(sure),
            )  # fmt: skip
            written.add((one.role, body))


def _stands_for(one: Assignment, names: Names) -> list[tuple[str, Decimal]]:
    """The bodies that an assignment concerns beside the one it names, and how surely."""
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
    """What each place lies in (a block, a street, a road), and its names elsewhere."""
    above: dict[str, set[str]] = defaultdict(set)
    same: dict[str, set[str]] = defaultdict(set)
    for target in document.targets:
        for place in target.places:
            above[place.name] |= {place.within} if place.within else set()
            above[place.name] |= set(place.on_road)
    for link in document.links:
        if link.confidence >= SAME_PLACE_FROM:
            same[link.left].add(link.right)
            same[link.right].add(link.left)
    return above, same


def _locations(
    said: Triples,
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
    said.say(node, TK("locationAll"), *(place_node(names, name) for name in sorted(reached)))


def _links(said: Triples, document: Document, names: Names) -> None:
    places = {p.name for t in document.targets for p in t.places}
    for link in document.links:
        if link.left == link.right or not {link.left, link.right} <= places:
            continue
        node = names.inside("同地", f"{link.left}＝{link.right}")
        said.kind(node, TK("PlaceLink"))
        said.say(node, TK("left"), place_node(names, link.left))
        said.say(node, TK("right"), place_node(names, link.right))
        said.say(node, TK("confidence"), decimal(link.confidence))
        said.say(node, TK("reason"), zh(link.reason))
        for span in link.evidence:
            said.say(node, TK("evidence"), names.evidence(span.start, span.end))
