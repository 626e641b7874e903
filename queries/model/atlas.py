"""A version as the pages need it: targets with their bodies, places, steps and sentences.

Read once for each version by a dozen queries; a page then only picks and counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import QuerySolutions

from graph.store.snapshot import Snapshot
from queries.model.records import (
    Atlas,
    Body,
    Edge,
    Evidence,
    Figure,
    Mention,
    Notice,
    Place,
    Step,
    Target,
    Work,
)

_by_version: dict[str, Atlas] = {}
_KEPT = 8
"""Scopes of a version, and of an earlier one that it is compared with."""


def atlas(snapshot: Snapshot) -> Atlas:
    """The atlas of a version or of a scope of it, read once while it is in use."""
    key = snapshot.key
    found = _by_version.pop(key, None)
    if found is None:
        while len(_by_version) >= _KEPT:
            del _by_version[next(iter(_by_version))]
        found = _read(snapshot)
    _by_version[key] = found
    return found


def rows(snapshot: Snapshot, query: str) -> Iterator[tuple[str, ...]]:
    """The rows of a SELECT as strings, empty where a variable is unbound."""
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    width = len(result.variables)
    for solution in result:
        yield tuple("" if solution[i] is None else solution[i].value for i in range(width))


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]


_EVIDENCE = """?e oa:hasSource ?source ; oa:hasSelector ?pos . ?pos oa:start ?start ; oa:end ?end ;
  oa:refinedBy ?qu . ?qu oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix .
  OPTIONAL { ?e tk:cell ?cell }"""


def _evidence(snapshot: Snapshot) -> dict[str, Evidence]:
    query = f"SELECT ?e ?source ?start ?end ?exact ?prefix ?suffix ?cell {{ {_EVIDENCE} }}"
    return {
        e: Evidence(source, int(start), int(end), exact, prefix, suffix, cell)
        for e, source, start, end, exact, prefix, suffix, cell in rows(snapshot, query)
    }


def _read(snapshot: Snapshot) -> Atlas:
    spans = _evidence(snapshot)
    targets = _targets(snapshot, spans)
    for target, body, label, role, named, inferred, via, sure, e in rows(
        snapshot,
        """SELECT ?t ?b ?label ?role ?named ?inferred ?via ?sure ?e { ?a tk:target ?t ; tk:body ?b ;
        tk:role ?role ; tk:inferred ?inferred . ?b skos:prefLabel ?label .
        OPTIONAL { ?a tk:namedAs ?named } OPTIONAL { ?a tk:confidence ?sure }
        OPTIONAL { ?a tk:via/skos:prefLabel ?via } OPTIONAL { ?a tk:ordinal ?n }
        OPTIONAL { ?a prov:wasDerivedFrom ?o } BIND(COALESCE(?o, ?a) AS ?w) ?w tk:evidence ?e }
        ORDER BY ?inferred ?n ?label""",
    ):
        if target in targets:
            targets[target].edges.append(
                Edge(
                    target,
                    body,
                    label,
                    _local(role),
                    named,
                    inferred == "true",
                    via,
                    float(sure or 1),
                    spans.get(e),
                )
            )
    labels = rows(snapshot, "SELECT ?w ?l { ?w a tk:Project ; skos:prefLabel ?l }")
    names = {work: label for work, label in labels}  # noqa: C416 (rows are of any width)
    for target, quarter, text, stage, promise, work, e in rows(
        snapshot,
        """SELECT ?t ?q ?text ?stage ?c ?w ?e { ?m a tk:Milestone ; tk:target ?t ; tk:due/tk:quarter ?q ;
        tk:text ?text ; tk:stage ?stage ; tk:evidence ?e . OPTIONAL { ?m tk:commitment ?c }
        OPTIONAL { ?m tk:ofProject ?w } } ORDER BY ?q ?m""",
    ):
        if target in targets:
            targets[target].steps.append(
                Step(
                    int(quarter),
                    text,
                    _local(stage),
                    _local(promise),
                    names.get(work, ""),
                    spans.get(e),
                )
            )
    places = _places(snapshot)
    mentioned: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for target, place, e in rows(
        snapshot,
        "SELECT ?t ?p ?e { ?m a tk:Mention ; tk:target ?t ; tk:place ?p ; tk:evidence ?e }",
    ):
        mentioned[target, place].append(spans[e])
    for (target, place), found in sorted(
        mentioned.items(), key=lambda m: min(e.start for e in m[1])
    ):
        if target in targets and place in places:
            spot = places[place]
            ordered = tuple(sorted(found, key=lambda e: e.start))
            targets[target].mentions.append(Mention(target, place, spot.label, spot.kind, ordered))
    for target, measure, value, unit, comparator, quarter, written in rows(
        snapshot,
        """SELECT ?t ?m ?v ?u ?c ?q ?w { ?t tk:indicator ?i . ?i tk:measure/skos:prefLabel ?m ;
        schema:unitText ?u ; tk:asWritten ?w OPTIONAL { ?i schema:value ?one }
        OPTIONAL { ?i schema:minValue ?low ; schema:maxValue ?high }
        BIND(COALESCE(STR(?one), CONCAT(STR(?low), "–", STR(?high))) AS ?v)
        OPTIONAL { ?i tk:growth true ; tk:comparator tk:Equal BIND("Growth" AS ?growth) }
        OPTIONAL { ?i tk:comparator ?how } BIND(COALESCE(?growth, ?how) AS ?c)
        OPTIONAL { ?i tk:due/tk:quarter ?q } } ORDER BY ?i""",
    ):
        if target in targets:
            figure = Figure(measure, value, unit, _local(comparator), int(quarter or 0), written)
            targets[target].figures.append(figure)
    works = _works(snapshot, targets)
    bodies = _bodies(snapshot)
    return Atlas(targets, bodies, places, works, _notices(snapshot), _groups(targets, bodies))


def _targets(snapshot: Snapshot, spans: dict[str, Evidence]) -> dict[str, Target]:
    nones: dict[str, list[str]] = defaultdict(list)
    for target, cell in rows(snapshot, "SELECT ?t ?c { ?t tk:noneStated ?c }"):
        nones[target].append(cell)
    found: dict[str, Target] = {}
    for iri, name, title, text, domain, mark, theme, notice, e in rows(
        snapshot,
        """SELECT ?t ?n ?title ?text ?d ?dn ?th ?notice ?e { ?t a tk:Target ; skos:notation ?n ;
        skos:prefLabel ?title ; tk:text ?text ; tk:ordinal ?o ; dcterms:isPartOf ?notice ; tk:evidence ?e .
        ?e tk:cell "text" .
        OPTIONAL { ?t tk:domain ?dom . ?dom skos:prefLabel ?d FILTER(LANG(?d) = "zh") OPTIONAL { ?dom skos:notation ?dn } }
        OPTIONAL { ?t tk:theme/skos:prefLabel ?th FILTER(LANG(?th) = "zh") } } ORDER BY ?notice ?o""",
    ):
        found.setdefault(
            iri,
            Target(
                iri, name, title, text, domain, mark, theme, notice, tuple(nones[iri]), spans.get(e)
            ),
        )
    return found


def _gathered(snapshot: Snapshot, query: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, value in rows(snapshot, query):
        found[key].append(value)
    return {k: tuple(v) for k, v in found.items()}


def _places(snapshot: Snapshot) -> dict[str, Place]:
    within = _gathered(snapshot, "SELECT ?p ?q { ?p geo:sfWithin ?q } ORDER BY ?q")
    roads = _gathered(snapshot, "SELECT ?p ?q { ?p tk:onRoad ?q } ORDER BY ?q")
    same = _gathered(snapshot, "SELECT ?p ?q { ?p tk:samePlace ?q } ORDER BY ?q")
    other = _gathered(snapshot, "SELECT ?p ?l { ?p a tk:Place ; skos:altLabel ?l } ORDER BY ?l")
    grid = {
        iri: (int(row), int(column))
        for iri, row, column in rows(
            snapshot, "SELECT ?p ?r ?c { ?p tk:gridRow ?r ; tk:gridColumn ?c }"
        )
    }
    found: dict[str, Place] = {}
    for iri, label, kind in rows(
        snapshot,
        """SELECT ?p ?l ?k { ?p a tk:Place ; skos:prefLabel ?l ; a ?k .
        FILTER(STRSTARTS(STR(?k), STR(tk:)) && ?k != tk:Place) } ORDER BY ?l""",
    ):
        found[iri] = Place(
            iri,
            label,
            _local(kind),
            within.get(iri, ()),
            roads.get(iri, ()),
            same.get(iri, ()),
            other.get(iri, ()),
            grid.get(iri),
        )
    return found


def _works(snapshot: Snapshot, targets: dict[str, Target]) -> dict[str, Work]:
    inside = _gathered(snapshot, "SELECT ?w ?t { ?w tk:inTarget ?t } ORDER BY ?t")
    where = _gathered(snapshot, "SELECT ?w ?p { ?w a tk:Project ; tk:location ?p } ORDER BY ?p")
    found: dict[str, Work] = {}
    for iri, name, kind in rows(
        snapshot,
        """SELECT ?w ?l ?k { ?w a tk:Project ; skos:prefLabel ?l ; tk:kind/skos:prefLabel ?k FILTER(LANG(?k) = "zh") }
        ORDER BY ?l""",
    ):
        work = Work(iri, name, kind, inside.get(iri, ()), where.get(iri, ()))
        found[iri] = work
        for target in work.targets:
            if target in targets:
                targets[target].works.append(work)
    return found


def _bodies(snapshot: Snapshot) -> dict[str, Body]:
    other = _gathered(snapshot, "SELECT ?b ?l { ?b skos:altLabel|skos:hiddenLabel ?l } ORDER BY ?l")
    members = _gathered(snapshot, "SELECT ?b ?m { ?b org:hasMember ?m } ORDER BY ?m")
    found: dict[str, Body] = {}
    for iri, label, english, street, unit, group, company in rows(
        snapshot,
        """SELECT ?b ?l ?en ?street ?unit ?group ?company { ?b skos:prefLabel ?l ; a ?k .
        FILTER(?k IN (tk:Body, tk:Collective)) BIND(?k = tk:Collective AS ?group)
        OPTIONAL { ?b rdfs:label ?en FILTER(LANG(?en) = "en") } OPTIONAL { ?b tk:jurisdiction ?street }
        OPTIONAL { ?b org:unitOf ?unit } BIND(EXISTS { ?b org:classification tk:Company } AS ?company) }
        ORDER BY ?l""",
    ):
        kind = (
            "collective"
            if group == "true"
            else "street"
            if street
            else "sub-unit"
            if unit
            else ("company" if company == "true" else "body")
        )
        found[iri] = Body(
            iri, label, kind, english, other.get(iri, ()), street, unit, members.get(iri, ())
        )
    return found


def _notices(snapshot: Snapshot) -> dict[str, Notice]:
    return {
        r[0]: Notice(*r)
        for r in rows(
            snapshot,
            """SELECT ?n ?title ?number ?index ?signed ?published ?j ?source ?year { ?n a tk:Notice ;
            skos:prefLabel ?title . OPTIONAL { ?n eli:id_local ?number }
            OPTIONAL { ?n dcterms:identifier ?index } OPTIONAL { ?n eli:date_document ?signed }
            OPTIONAL { ?n eli:date_publication ?published } OPTIONAL { ?n tk:jurisdiction/skos:prefLabel ?j }
            OPTIONAL { ?source eli:realizes ?n } OPTIONAL { ?n tk:year ?year } } ORDER BY ?n""",
        )
    }


def _groups(targets: dict[str, Target], bodies: dict[str, Body]) -> dict[str, str]:
    """The domain of each body: where it leads most, else coordinates most, ties by order."""
    order = list(dict.fromkeys(t.domain for t in targets.values()))
    counts: dict[str, dict[str, dict[str, int]]] = defaultdict(
        lambda: {"Lead": defaultdict(int), "Coordinate": defaultdict(int)}
    )
    for target in targets.values():
        for edge in target.edges:
            if not edge.inferred:
                role = "Coordinate" if edge.role == "Coordinate" else "Lead"
                counts[edge.body][role][target.domain] += 1
    found = {}
    for iri in bodies:
        by_role = counts.get(iri)
        if by_role is None:
            continue
        best = by_role["Lead"] or by_role["Coordinate"]
        found[iri] = min(best, key=lambda d: (-best[d], order.index(d)))
    return found
