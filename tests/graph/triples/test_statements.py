"""What the graph of the shipped notice states, a query a sentence; and what a newcomer guesses."""

from __future__ import annotations

import pytest
from pyoxigraph import Literal, QueryBoolean, QuerySolutions

from graph.store.snapshot import Snapshot


def column(snapshot: Snapshot, query: str) -> list[str]:
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    return [solution[0].value for solution in result]


def holds(snapshot: Snapshot, pattern: str) -> bool:
    result = snapshot.query(f"ASK {{ {pattern} }}")
    assert isinstance(result, QueryBoolean)
    return bool(result)


OFFICE = '?office skos:prefLabel "区府办"@zh'
GOVERNMENT = '?government skos:prefLabel "上海市长宁区人民政府"@zh'
TRUE = {
    "the first quarter starts its year": "?q tk:quarter 1 ; time:intervalStarts ?y . ?y a time:ProperInterval",
    "the second lies inside it": "?q tk:quarter 2 ; time:intervalDuring ?y",
    "the last finishes it": "?q tk:quarter 4 ; time:intervalFinishes ?y",
    "quarters have days": '?q tk:year 2019 ; tk:quarter 2 ; time:hasBeginning/time:inXSDDate "2019-04-01"^^xsd:date ; time:hasEnd/time:inXSDDate "2019-06-30"^^xsd:date',
    "a year has days": '?y tk:year 2019 ; time:hasEnd/time:inXSDDate "2019-12-31"^^xsd:date FILTER NOT EXISTS { ?y tk:quarter ?n }',
    "the issuer is 区府办, which leads targets": f"?notice dcterms:publisher ?office . {OFFICE} . ?target tk:lead|tk:coordinate ?office",
    "its long name is another name of it": f'{OFFICE} ; skos:altLabel "上海市长宁区政府办公室"@zh',
    "the signatory is a body and passed the notice": f"?notice eli:passed_by ?government . {GOVERNMENT} ; a tk:Body, org:FormalOrganization",
    "a collective with unknown members is incomplete": '?c skos:prefLabel "国资委(相关国企)"@zh ; a tk:Collective ; tk:complete false',
    "a sub-unit is a unit": '?b skos:prefLabel "人社局(医保办)"@zh ; a org:OrganizationalUnit, org:Organization ; org:classification tk:SubUnit',
    "leads keep the order of the cell": '?t skos:notation "1" ; tk:leadNames "金融办、商务委、临空办、财政局、税务局"@zh',
    "a block holds what was taken for it": '?p skos:prefLabel "临空12号"@zh ; geo:sfWithin/skos:prefLabel "226街坊"@zh',
    "the kinds of places are disjoint": "tk:Block owl:disjointWith tk:Parcel, tk:Lot, tk:Address, tk:Junction",
    "actors are what leads": "tk:lead rdfs:range tk:Actor . tk:Body rdfs:subClassOf tk:Actor . tk:Collective rdfs:subClassOf tk:Actor",
    "one measure joins the year and its quarters": '?m skos:prefLabel "楼宇税收落地率"@zh . ?year tk:measure ?m FILTER NOT EXISTS { ?year tk:due ?any } ?q1 tk:measure ?m ; tk:quote ?words ; tk:due/tk:quarter 1 . ?q4 tk:measure ?m ; tk:due/tk:quarter 4',
    "a range is one number": '?i tk:asWritten "1-2家" ; schema:minValue ?low ; schema:maxValue ?high FILTER(?low = 1 && ?high = 2) FILTER NOT EXISTS { ?i schema:value ?any }',
    "growth keeps its comparator": "?i tk:growth true ; tk:comparator tk:Equal",
    "a share of the year points at the year": '?share tk:asWritten "25%" ; tk:due/tk:quarter 1 ; tk:shareOf ?year . ?year tk:asWritten "169.36亿元左右"',
    "a domain has an English label": '?d skos:prefLabel "经济发展"@zh, "economic development"@en ; rdfs:label "经济发展"@zh',
    "roles and stages have labels": 'tk:Lead skos:prefLabel "Lead"@en . tk:Done skos:prefLabel "完成"@zh . ?k a tk:ProjectKind ; skos:prefLabel "land sale"@en',
}
FALSE = {
    "no first or last quarter lies inside its year": "?q tk:quarter ?n ; time:intervalDuring ?y FILTER(?n IN (1, 4))",
    "no block is the same place as another": "?b a tk:Block ; tk:samePlace ?p",
    "nothing is of two kinds of places": "?p a ?one, ?other . ?one owl:disjointWith ?other",
    "no sub-unit is a formal organization": "?b a org:OrganizationalUnit, org:FormalOrganization",
    "every body is an organization and an actor": "?b a tk:Body FILTER NOT EXISTS { ?b a org:Organization, tk:Actor, org:Organization }",
    "the issuer stands under one name": '?b skos:prefLabel "上海市长宁区政府办公室"@zh',
    "every quarter's number says how it adds up": "?i a tk:Indicator ; tk:due ?q FILTER NOT EXISTS { ?i tk:accumulation ?how }",
    "whatever has evidence has its words": "?x tk:evidence ?e FILTER NOT EXISTS { ?x tk:quote ?q }",
    "whatever has a class of ours has a label": "?x a ?c FILTER(STRSTARTS(STR(?c), STR(tk:))) FILTER NOT EXISTS { ?x rdfs:label ?l }",
    "evidence has a label": "?x a oa:SpecificResource FILTER NOT EXISTS { ?x rdfs:label ?l }",
    "a preferred label is a label": "?x skos:prefLabel ?l FILTER NOT EXISTS { ?x rdfs:label ?l }",
}


@pytest.mark.parametrize("sentence", TRUE)
def test_the_graph_states(snapshot: Snapshot, sentence: str) -> None:
    assert holds(snapshot, TRUE[sentence])


@pytest.mark.parametrize("sentence", FALSE)
def test_the_graph_does_not_contradict(snapshot: Snapshot, sentence: str) -> None:
    assert not holds(snapshot, FALSE[sentence])


NEWCOMER: dict[str, tuple[str, int, str]] = {
    "targets and their labels": ("SELECT ?l { ?t a tk:Target ; rdfs:label ?l }", 60, "稳增长"),
    "targets each department leads": (
        'SELECT ?n { { SELECT ?b (COUNT(?t) AS ?n) { ?t tk:lead ?b } GROUP BY ?b } ?b rdfs:label "规土局"@zh }',
        1,
        "5",
    ),
    "all departments": (
        "SELECT DISTINCT ?l { ?o a org:Organization ; rdfs:label ?l }",
        60,
        "规土局",
    ),
    "a department by its label": ('SELECT ?b { ?b rdfs:label "规土局"@zh }', 1, "规土局"),
    "coordinators of a target": (
        'SELECT ?l { ?t skos:notation "4" ; tk:coordinate/rdfs:label ?l }',
        1,
        "外专局",
    ),
    "milestones of a target": (
        'SELECT ?x { ?t skos:notation "15" ; tk:milestone/tk:text ?x }',
        4,
        "土地出让",
    ),
    "milestones of a quarter": (
        "SELECT ?x { ?m a tk:Milestone ; tk:quarter 2 ; tk:text ?x }",
        50,
        "飞乐",
    ),
    "milestones due by a date": (
        'SELECT ?x { ?m a tk:Milestone ; tk:text ?x ; tk:due/time:hasEnd/time:inXSDDate ?d FILTER(?d <= "2019-06-30"^^xsd:date) }',
        100,
        "飞乐",
    ),
    "the sentence behind a fact": (
        'SELECT ?q { ?a tk:target/skos:notation "15" ; tk:body/rdfs:label "规土局"@zh ; tk:quote ?q }',
        1,
        "规土局",
    ),
    "targets inside a street": (
        'SELECT ?n { ?t tk:locationAll/rdfs:label "新华路街道"@zh ; skos:notation ?n }',
        1,
        "",
    ),
    "notices with title and date": (
        "SELECT ?title { ?n a tk:Notice ; dcterms:title ?title ; dcterms:issued ?d }",
        1,
        "重点工作目标",
    ),
    "places inside the district": (
        'SELECT ?l { ?p geo:sfWithin+/rdfs:label "上海市长宁区"@zh ; rdfs:label ?l }',
        60,
        "22街坊22/1丘",
    ),
}


@pytest.mark.parametrize("question", NEWCOMER)
def test_a_newcomers_query_is_answered(snapshot: Snapshot, question: str) -> None:
    query, least, part = NEWCOMER[question]
    found = column(snapshot, query)
    assert len(found) >= least
    assert any(part in value for value in found)


def test_whoever_leaves_out_the_inferred_graph_reads_what_is_written(snapshot: Snapshot) -> None:
    """Inferred graphs hold all triples of properties that follow by rule, and no others."""
    where = snapshot.query(
        """SELECT DISTINCT ?p (STRENDS(STR(?g), "/inferred") AS ?rule) { GRAPH ?g { ?s ?p ?o } }"""
    )
    assert isinstance(where, QuerySolutions)
    kinds: dict[str, set[bool]] = {}
    for solution in where:
        by_rule = solution["rule"] == Literal(True)
        kinds.setdefault(solution["p"].value.rsplit("#")[-1].rsplit("/")[-1], set()).add(by_rule)
    only = {name for name, found in kinds.items() if found == {True}}
    both = {name for name, found in kinds.items() if found == {True, False}}
    assert only == {
        "leadAll", "coordinateAll", "locationAll", "samePlace", "shareOf", "via",
        "wasDerivedFrom", "left", "right",
    }  # fmt: skip
    assert both == {
        "type", "label", "target", "body", "role", "inferred", "confidence", "assignment",
        "reason", "evidence", "quote", "sfWithin",
    }  # fmt: skip
    written = "GRAPH ?g { ?a tk:inferred true } FILTER(!STRENDS(STR(?g), '/inferred'))"
    assert not holds(snapshot, written)
    assert not holds(
        snapshot, "GRAPH ?g { ?a tk:inferred false } FILTER(STRENDS(STR(?g), '/inferred'))"
    )
