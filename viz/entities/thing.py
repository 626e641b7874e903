"""The pages of one thing, at its own address: target, body, place, the notice, anything else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from pyoxigraph import Literal, NamedNode, QuerySolutions, QueryTriples

from ontology.names import PREFIXES, SKOS, base
from queries.model.atlas import rows
from queries.model.counts import completed, due, duties, role_of
from queries.model.records import Body, Edge, Target
from viz.entities.changes import since
from viz.entities.document_text import document_of, document_text
from viz.entities.ego_network import ego
from viz.entities.history import history
from viz.entities.place import place
from viz.entities.project import concept, project
from viz.pages.notices import district, districts, notice
from viz.web.context import Desk
from viz.web.linked_data import missing, names_of
from viz.web.marked_text import marked

COMPARATORS = {
    "Equal": ("等于", "equal"),
    "AtLeast": ("不少于", "at least"),
    "AtMost": ("不超过", "at most"),
    "About": ("约", "about"),
    "Growth": ("增长", "growth"),
    "": ("之间", "between"),
}


def thing(desk: Desk, iri: str) -> str:
    """The page of a thing. Raises Near where nothing is known of it."""
    a = desk.atlas
    if iri in a.targets:
        return target(desk, a.targets[iri])
    if iri in a.bodies:
        return body(desk, iri)
    if iri in a.places and a.places[iri].kind != "District":
        return place(desk, iri)
    if document := document_of(desk, iri):
        return document_text(desk, iri, *document)
    if iri in a.notices:
        return notice(desk, iri)
    if iri in districts(desk):
        return district(desk, iri)
    if iri in a.works:
        return project(desk, iri)
    label = next(
        (q.object.value for q in desk.snapshot.store.quads_for_pattern(NamedNode(iri), SKOS["prefLabel"], None)
         if isinstance(q.object, Literal)), "",
    )  # fmt: skip
    if label and ("/领域/" in iri or "/专题/" in iri):
        return concept(desk, iri, label)
    return facts(desk, iri)


def target(desk: Desk, t: Target) -> str:
    """A target: its words with their marks, who does it, its quarters, places and numbers."""
    everyone = list(desk.atlas.targets.values())
    at = everyone.index(t)
    leads = [*t.written("Lead"), *t.written("Responsible")]
    helps = t.written("Coordinate")
    quarters = sorted({s.quarter for s in t.steps})
    sentence = desk.say(
        f"{names_of(desk, leads) or '未写部门'}主责，{f'{len(helps)}个部门配合' if helps else '未写配合部门'}；"
        f"{len(quarters)}个季度有节点，写到{len(t.mentions)}个地点。",
        f"Led by {names_of(desk, leads) or 'nobody named'}, {len(helps) or 'no'} coordinators; steps in "
        f"{len(quarters)} quarters, {len(t.mentions)} places named.",
    )
    inferred = [e for e in t.edges if e.inferred]
    named = {m.place for m in t.mentions}
    places = desk.atlas.places
    return desk.page(
        "target.html",
        f"{t.id} {t.title}",
        section="/targets",
        data_links=True,
        crumbs=[(desk.say("目标", "Targets"), "/targets"), (t.id, "")],
        t=t,
        sentence=sentence,
        marked=marked(desk, t),
        before=everyone[at - 1] if at else None,
        after=everyone[at + 1] if at + 1 < len(everyone) else None,
        comparators={k: desk.say(*v) for k, v in COMPARATORS.items()},
        written=[e for e in t.edges if not e.inferred],
        inferred=inferred,
        vias=list(dict.fromkeys(e.via for e in inferred)),
        works=[(w, mine) for w in t.works if (mine := [s for s in t.steps if s.project == w.name])],
        places=places,
        same=[
            (places[m.place], places[o])
            for m in t.mentions
            if m.place in places
            for o in places[m.place].same
            if o in places and (o not in named or m.place < o)
        ],
        notes=_notes(desk, t),
        done=[s for s in t.steps if s.stage == "Done"],
        reported=history(desk, {t.iri}),
        since=since(desk, t.iri),
    )


def _notes(desk: Desk, t: Target) -> list[str]:
    """Notes on the reading of a row: other forms of names, roles, what is inferred."""
    notes = [
        desk.say(f"“{e.named_as}”读作{e.label}", f"“{e.named_as}” is read as {e.label}")
        for e in t.edges
        if not e.inferred and e.named_as and e.named_as != e.label
    ]
    for e in t.edges:
        if not e.inferred and e.confidence < 1:
            notes.append(
                desk.say(
                    f"{e.label}：置信{e.confidence:.2f}，待核",
                    f"{e.label}: confidence {e.confidence:.2f}, to be reviewed",
                )
            )
    both = {e.label for e in t.written("Lead")} & {e.label for e in t.written("Coordinate")}
    for label in sorted(both):
        notes.append(
            desk.say(
                f"{label}既在主责格，又在配合格，两处都照录",
                f"{label} stands in both cells; both are kept",
            )
        )
    return list(dict.fromkeys(notes))


def body(desk: Desk, iri: str) -> str:
    """A body: what it leads and coordinates, by quarter, with whom, and on what ground."""
    a = desk.atlas
    b = a.bodies[iri]
    edges = a.edges_of(iri)
    roles = duties(a, iri)
    leads = _strongest(edges, roles.leads, lambda e: role_of(e) == "Lead" and not e.inferred)
    helps = _strongest(edges, roles.supports, lambda e: role_of(e) != "Lead" and not e.inferred)
    inferred = _strongest(edges, roles.inferred, lambda e: e.inferred)
    mine = {t.iri for t in roles.written}
    shared: dict[str, list[Edge]] = defaultdict(list)
    for target_ in mine:
        for other in a.targets[target_].edges:
            if other.body != iri and not other.inferred:
                shared[other.body].append(other)
    order = {t: i for i, t in enumerate(a.targets)}
    together = sorted(
        (
            (o, es[0].label, desk.tone(o), sorted(es, key=lambda e: order[e.target]))
            for o, es in shared.items()
        ),
        key=lambda x: (-len({e.target for e in x[3]}), x[1]),
    )
    words = {
        "body": ("部门", "department"),
        "street": ("街镇机关", "street office"),
        "sub-unit": ("下属单位", "sub-unit"),
        "company": ("公司", "company"),
        "collective": ("集合称谓", "collective"),
    }
    first = a.targets[leads[0].target].title if leads else ""
    sentence = desk.say(
        f"主责{len(leads)}项"
        + (f"，如“{first}”" if first else "")
        + f"；配合{len(helps)}项；"
        + (f"另有{len(inferred)}项由规则推得。" if inferred else "没有一条靠推断。"),
        f"Leads {len(leads)}, coordinates {len(helps)}; {len(inferred)} more by inference.",
    )
    return desk.page(
        "body.html",
        b.label,
        section="/bodies",
        data_links=True,
        crumbs=[(desk.say("部门", "Bodies"), "/bodies"), (b.label, "")],
        b=b,
        tone=desk.tone(iri),
        kind=desk.say(*words[b.kind]),
        group=a.group_of.get(iri, ""),
        sentence=sentence,
        leads=leads,
        helps=helps,
        inferred=inferred,
        counts=_counts(desk, leads, helps, inferred),
        changes=_changes(desk, iri),
        same=_same(desk, iri),
        parent=a.bodies.get(b.unit_of),
        together=together,
        targets=a.targets,
        members=[a.bodies[m] for m in b.members if m in a.bodies],
        picture=ego(desk, iri),
        units=[x for x in a.bodies.values() if x.unit_of == iri],
        groups=[x for x in a.bodies.values() if iri in x.members],
        due=due(roles.written),
        completed=completed(roles.written),
        reported=history(desk, {e.target for e in leads}, reporter=b.label),
        since=since(desk, iri),
    )


def _strongest(
    edges: Iterable[Edge], targets: Iterable[Target], fits: Callable[[Edge], bool]
) -> list[Edge]:
    """One edge of the fitting ones for each target."""
    wanted = {t.iri for t in targets}
    return list({e.target: e for e in edges if e.target in wanted and fits(e)}.values())


def _counts(
    desk: Desk, leads: list[Edge], helps: list[Edge], inferred: list[Edge]
) -> list[tuple[int, str, bool, str, str]]:
    """The three counts of a body, never added up: led, coordinated, inferred."""
    targets = desk.atlas.targets

    def ids(edges: list[Edge]) -> str:
        return " ".join(targets[e.target].id for e in edges[:12])

    vias = desk.say("、", ", ").join(dict.fromkeys(e.via for e in inferred if e.via))
    return [
        (len(leads), "Lead", False, desk.say("主责", "leads"), ids(leads)),
        (len(helps), "Coordinate", False, desk.say("配合", "coordinates"), ids(helps)),
        (len(inferred), "Coordinate", True, desk.say("推断", "inferred"),
         desk.say(f"经{vias}", f"through {vias}") if vias else ""),
    ]  # fmt: skip


def _changes(desk: Desk, iri: str) -> list[tuple[Body, Body, str]]:
    """The reforms that touched a body: who it was, who took over, in which year."""
    known = desk.atlas.bodies
    return [
        (known[old], known[new], year)
        for old, new, year in rows(
            desk.snapshot,
            """SELECT ?old ?new ?year { ?e a org:ChangeEvent ; org:originalOrganization ?old ;
            org:resultingOrganization ?new ; tk:year ?year } ORDER BY ?year ?old ?new""",
        )
        if iri in (old, new) and old in known and new in known
    ]


def _same(desk: Desk, iri: str) -> list[Body]:
    """The same body under the other names that a document gives it."""
    known = desk.atlas.bodies
    pairs = rows(desk.snapshot, "SELECT ?a ?b { ?a tk:sameBody ?b } ORDER BY ?a ?b")
    return [known[other] for one, other in pairs if one == iri and other in known]


def facts(desk: Desk, iri: str) -> str:
    """Any other thing: the triples about it, and those that mention it."""
    said: dict[str, list[dict[str, str]]] = defaultdict(list)
    for quad in desk.snapshot.store.quads_for_pattern(NamedNode(iri), None, None):
        said[_short(quad.predicate.value)].append(_value(desk, quad.object))
    if not said and not iri.endswith("/ns"):
        raise missing(desk, iri)
    back = [
        {**_value(desk, q.subject), "note": _short(q.predicate.value)}
        for q in desk.snapshot.store.quads_for_pattern(None, None, NamedNode(iri))
    ][:200]
    if iri.endswith("/ns"):
        back = [{"text": f"{k} {zh}", "href": "", "note": c} for k, zh, c in _vocabulary(desk)]
    label = next(
        (v["text"] for v in said.get("skos:prefLabel", [])), iri.removeprefix(base() + "id/")
    )
    return desk.page(
        "thing.html",
        label,
        data_links=True,
        iri=iri,
        back=back,
        facts=[(k, sorted(v, key=lambda x: x["text"])) for k, v in sorted(said.items())],
    )


def _vocabulary(desk: Desk) -> list[tuple[str, str, str]]:
    language = desk.say("zh", "en")
    result = desk.snapshot.query(
        f"""SELECT ?x ?l ?c {{ ?x rdfs:label ?l . OPTIONAL {{ ?x rdfs:comment ?c FILTER(LANG(?c) = "{language}") }}
        FILTER(STRSTARTS(STR(?x), STR(tk:)) && LANG(?l) = "{language}") }} ORDER BY ?x"""
    )
    assert isinstance(result, QuerySolutions)
    assert not isinstance(result, QueryTriples)
    return [(_short(s[0].value), s[1].value, s[2].value if s[2] else "") for s in result]


def _short(iri: str) -> str:
    for prefix, home in PREFIXES.items():
        if iri.startswith(home):
            return f"{prefix}:{iri.removeprefix(home)}"
    return iri


def _value(desk: Desk, term: object) -> dict[str, str]:
    value = getattr(term, "value", str(term))
    if isinstance(term, NamedNode):
        href = desk.thing(value)
        shown = value.removeprefix(base() + "id/") if href != value else _short(value)
        return {"text": shown, "href": href if href != value else ""}
    return {"text": value, "href": ""}
