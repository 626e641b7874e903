"""Inference: members, parents, containing places, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal

from pyoxigraph import Literal, QuerySolutions, Store

from graph.records import Document
from graph.store.snapshot import Snapshot
from graph.triples.document import quads_of
from ontology.names import PREFIXES, TK


def select(snapshot: Snapshot | Store, query: str) -> Counter[tuple[str, ...]]:
    """The rows of a query as strings."""
    store = snapshot.store if isinstance(snapshot, Snapshot) else snapshot
    result = store.query(query, prefixes=PREFIXES, use_default_graph_as_union=True)
    assert isinstance(result, QuerySolutions)
    return Counter(
        tuple("" if x is None else str(getattr(x, "value", x)) for x in r) for r in result
    )


def test_each_member_of_a_complete_collective_and_each_parent_has_one_edge(
    snapshot: Snapshot,
) -> None:
    """Unless it is written in the same role; with what it follows from, and how sure it is."""
    inferred = select(
        snapshot,
        """SELECT ?t ?b ?role ?via ?from ?sure { ?a tk:inferred true ; tk:target ?t ; tk:body ?b ;
        tk:role ?role ; tk:via ?via ; prov:wasDerivedFrom ?from ; tk:confidence ?sure }""",
    )
    written = """?from tk:inferred false ; tk:target ?t ; tk:role ?role ; tk:body ?via .
        FILTER NOT EXISTS { ?other tk:inferred false ; tk:target ?t ; tk:role ?role ; tk:body ?b }"""
    members = select(
        snapshot,
        f"""SELECT ?t ?b ?role ?via ?from ?sure {{ {written} ?via tk:complete true ;
        org:hasMember ?b BIND("0.95" AS ?sure) }}""".replace(
            "?from tk:inferred false", "?via org:hasMember ?b . ?from tk:inferred false", 1
        ),
    )
    parents = select(
        snapshot,
        f"""SELECT ?t ?b ?role ?via ?from ?sure {{ ?via org:unitOf ?b . {written}
        BIND("0.9" AS ?sure) }}""",
    )
    assert members
    assert parents
    assert set(inferred) <= set(members) | set(parents)
    one_each = {row[:3] for row in (*members, *parents)}
    assert Counter(row[:3] for row in inferred) == Counter(one_each)


def test_all_is_what_is_written_and_what_follows(snapshot: Snapshot) -> None:
    for edge, every in (
        ("tk:lead|tk:responsible", "tk:leadAll"),
        ("tk:coordinate", "tk:coordinateAll"),
    ):
        direct = select(snapshot, f"SELECT DISTINCT ?t ?b {{ ?t a tk:Target ; {edge} ?b }}")
        through = select(
            snapshot,
            f"""SELECT DISTINCT ?t ?b {{ ?t a tk:Target ; {edge} ?c .
            {{ ?c org:unitOf ?b }} UNION {{ ?c tk:complete true ; org:hasMember ?b }} }}""",
        )
        found = select(snapshot, f"SELECT DISTINCT ?t ?b {{ ?t a tk:Target ; {every} ?b }}")
        assert through
        assert set(found) == set(direct) | set(through)


def test_a_project_has_the_bodies_of_its_target(snapshot: Snapshot) -> None:
    for every in ("tk:leadAll", "tk:coordinateAll"):
        found = select(snapshot, f"SELECT ?w ?b {{ ?w a tk:Project ; {every} ?b }}")
        wanted = select(snapshot, f"SELECT DISTINCT ?w ?b {{ ?w tk:inTarget ?t . ?t {every} ?b }}")
        assert found
        assert set(found) == set(wanted)


def test_a_target_concerns_what_its_places_lie_in_and_are_the_same_as(snapshot: Snapshot) -> None:
    found = select(snapshot, "SELECT ?t ?p { ?t a tk:Target ; tk:locationAll ?p }")
    above = select(
        snapshot,
        """SELECT DISTINCT ?t ?p { ?t a tk:Target ; tk:location ?q .
        ?q (geo:sfWithin|tk:onRoad|tk:samePlace)* ?p . ?p a tk:Place .
        FILTER NOT EXISTS { ?p a tk:District } }""",
    )
    assert set(select(snapshot, "SELECT ?t ?p { ?t a tk:Target ; tk:location ?p }")) < set(found)
    assert set(found) == set(above)


def test_small_places_that_lie_in_nothing_else_lie_in_the_district(snapshot: Snapshot) -> None:
    """Roads, rivers, lines and zones may leave it."""
    small = "FILTER(?k IN (tk:Block, tk:Lot, tk:Parcel, tk:Address, tk:Junction, tk:Site))"
    outside = select(
        snapshot,
        f"SELECT ?p {{ ?p a ?k . {small} FILTER NOT EXISTS {{ ?p geo:sfWithin+/a tk:District }} }}",
    )
    assert not outside
    large = select(
        snapshot,
        """SELECT ?p { GRAPH ?g { ?p geo:sfWithin ?d } ?d a tk:District . ?p a ?k
        FILTER(STRENDS(STR(?g), "/inferred") && ?k IN (tk:Road, tk:Water, tk:Line, tk:Zone)) }""",
    )
    assert not large


def test_a_share_belongs_to_the_number_of_its_year(snapshot: Snapshot) -> None:
    shares = select(
        snapshot,
        """SELECT ?n ?share ?unit ?year { ?t skos:notation ?n ; tk:indicator ?s, ?y . ?s tk:shareOf ?y ;
        tk:asWritten ?share ; tk:due ?quarter . ?y tk:asWritten ?year ; schema:unitText ?unit
        FILTER NOT EXISTS { ?y tk:due ?any } }""",
    )
    every = select(snapshot, "SELECT ?s { ?s tk:shareOf ?y }")
    assert len(shares) == len(every) > 0
    assert not any(unit == "%" for _, _, unit, _ in shares)
    assert all("%" in share or "/" in share for _, share, _, _ in shares)


def test_a_proposed_link_has_its_places_confidence_reason_and_evidence(notice: Document) -> None:
    """Left out: a place that no row names, a place with itself, and a block with what is in it."""
    places = {p.name for t in notice.targets for p in t.places if p.kind != "block"}
    first, *rest = notice.links
    odd = (replace(first, left=first.right), replace(first, left="无此地点"))
    weak = replace(first, confidence=Decimal("0.3"))
    changed = replace(notice, links=(weak, *rest, *odd))
    store = Store()
    store.extend(quads_of(changed))
    found = select(
        store,
        """SELECT ?l ?r ?sure ?why (COUNT(?e) AS ?n) { ?link a tk:PlaceLink ; tk:left/skos:prefLabel ?l ;
        tk:right/skos:prefLabel ?r ; tk:confidence ?sure ; tk:reason ?why ; tk:evidence ?e }
        GROUP BY ?l ?r ?sure ?why""",
    )
    wanted = Counter(
        (k.left, k.right, str(k.confidence.normalize()), k.reason, str(len(set(k.evidence))))
        for k in (weak, *rest)
        if {k.left, k.right} <= places
    )
    assert {(*r[:2], str(Decimal(r[2]).normalize()), *r[3:]) for r in found} == set(wanted)
    kinds = [q for q in quads_of(changed) if q.object == TK["PlaceLink"]]
    assert len(kinds) == len(wanted)
    assert all(isinstance(q.object, Literal) for q in store if q.predicate == TK["reason"])
