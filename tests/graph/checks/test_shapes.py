"""The shapes catch thirty mutations of the shipped notice's graph, and reasoning adds no class."""

from __future__ import annotations

import re

import owlrl
import pyoxigraph
import rdflib
from pyoxigraph import NamedNode, Triple

from graph.checks.shacl import Result, results
from graph.exports.rdflib_terms import rdflib_term
from graph.store.snapshot import Snapshot
from ontology.names import OA, PREFIXES, RDF, RDFS, TK

HERE = "https://w3id.org/tiaokuai/id/上海市长宁区/"
NOTICE = HERE + "长府〔2019〕5号/"
GRAPH = "https://w3id.org/tiaokuai/graph/test"

MUTATIONS: dict[str, tuple[str, str]] = {
    "a confidence of 7": ("分工/15-主责-规土局", "DELETE { <S> tk:confidence ?x } INSERT { <S> tk:confidence 7.0 }"),
    "an invented comparator": ("指标/1-2", "DELETE { <S> tk:comparator ?x } INSERT { <S> tk:comparator tk:Roughly }"),
    "a term that is not there": ("目标/2", "INSERT { <S> tk:leed <H部门/规土局> }"),
    "a place within itself": ("地点/115街坊", "INSERT { <S> geo:sfWithin <S> }"),
    "a lead edge without an assignment": ("目标/3", "INSERT { <S> tk:lead <H部门/体育局> }"),
    "two labels of one language": ("目标/4", 'INSERT { <S> skos:prefLabel "另一个"@zh }'),
    "one way to a target": ("地点/飞乐地块", "INSERT { <S> tk:samePlace <N目标/5> }"),
    "a body that is a place": ("部门/教育局", "INSERT { <S> a tk:Place }"),
    "two commitments": ("节点/15-Q1", "INSERT { <S> tk:commitment tk:Ensure, tk:Strive }"),
    "a target as a kind": ("项目/115街坊天山派出所收地", "INSERT { <S> tk:kind <N目标/5> }"),
    "an assignment without its edge": ("目标/5", "DELETE { <S> tk:lead ?x }"),
    "an assignment without its target": ("分工/6-主责-科委", "DELETE { <S> tk:target ?x }"),
    "a role of another scheme": ("分工/7-主责-发改委", "INSERT { <S> tk:role tk:Done }"),
    "an inferred assignment without its way": ("分工/8-配合-江苏路街道", "DELETE { <S> tk:via ?x }"),
    "a quote that the evidence does not have": ("分工/16-主责-规土局", 'DELETE { <S> tk:quote ?x } INSERT { <S> tk:quote "规上局" }'),
    "a span that ends before it begins": ("文本/d2aac1846414/证据/8334-8337#pos", "DELETE { <S> oa:start ?x } INSERT { <S> oa:start 9000 }"),
    "evidence without a source": ("文本/d2aac1846414/证据/8334-8337", "DELETE { <S> oa:hasSource ?x }"),
    "a fifth quarter": ("节点/20-Q1", "DELETE { <S> tk:quarter ?x } INSERT { <S> tk:quarter 5 }"),
    "a quarter that is not the one due": ("节点/20-Q2", "DELETE { <S> tk:quarter ?x } INSERT { <S> tk:quarter 3 }"),
    "a stage of another scheme": ("节点/20-Q3", "DELETE { <S> tk:stage ?x } INSERT { <S> tk:stage tk:Lead }"),
    "a number that is no number": ("指标/2-1", 'DELETE { <S> schema:value ?x } INSERT { <S> schema:value "三百" }'),
    "a measure in words": ("指标/2-2", 'DELETE { <S> tk:measure ?x } INSERT { <S> tk:measure "产税"@zh }'),
    "a quarter that does not say how it adds up": ("指标/2-7", "DELETE { <S> tk:accumulation ?x }"),
    "bounds the wrong way round": ("指标/6-1", "DELETE { <S> schema:maxValue ?x } INSERT { <S> schema:maxValue 0.5 }"),
    "a lot outside every block": ("地点/261街坊6丘", "DELETE { <S> geo:sfWithin ?x } INSERT { <S> geo:sfWithin <H> }"),
    "a block that is a parcel": ("地点/226街坊", "INSERT { <S> tk:samePlace <H地点/临空12号> }"),
    "a circle of three places": ("地点/49街坊", "INSERT { <S> geo:sfWithin <H地点/c> . <H地点/c> a tk:Place ; geo:sfWithin <H地点/d> . <H地点/d> a tk:Place ; geo:sfWithin <S> }"),
    "a sub-unit that is a formal organization": ("部门/人社局（医保办）", "INSERT { <S> a org:FormalOrganization }"),
    "a collective that does not say whether it is whole": ("集合/各部门", "DELETE { <S> tk:complete ?x }"),
    "a link of a place with itself": ("同地/飞乐地块＝飞乐厂区块", "DELETE { <S> tk:right ?x } INSERT { <S> tk:right <H地点/飞乐地块> }"),
}  # fmt: skip


def mutated(snapshot: Snapshot) -> Snapshot:
    """The graph with every mutation at once: each is about a thing of its own."""
    store = pyoxigraph.Store()
    store.extend(snapshot.store)
    for subject, change in MUTATIONS.values():
        where = subject if subject.startswith(("地点", "部门", "集合")) else None
        node = (HERE if where else NOTICE) + subject
        assert any(store.quads_for_pattern(NamedNode(node), None, None)), node
        deletes, _, inserts = change.partition("INSERT")
        text = deletes.replace("DELETE {", "DELETE { GRAPH ?g {").replace("}", "} }")
        if inserts:
            inserts = inserts.strip().removeprefix("{").removesuffix("}")
            text += f" INSERT {{ GRAPH <{GRAPH}> {{ {inserts} }} }}"
        edge = change.split("?x")[0].split()[-1] if deletes else ""
        text += f" WHERE {{ GRAPH ?g {{ <S> {edge} ?x }} }}" if deletes else " WHERE {}"
        for short, full in (
            ("<S>", f"<{node}>"),
            ("<H>", f"<{HERE[:-1]}>"),
            ("<H", f"<{HERE}"),
            ("<N", f"<{NOTICE}"),
        ):
            text = text.replace(short, full)
        before = len(store)
        store.update(text, prefixes=PREFIXES)
        assert inserts or len(store) < before, f"{node}: {text}"
    return Snapshot(store, snapshot.version)


def test_every_mutation_is_caught(snapshot: Snapshot) -> None:
    found: dict[str, list[Result]] = {}
    for result in results(mutated(snapshot)):
        found.setdefault(result.subject, []).append(result)
    assert len(MUTATIONS) == 30
    missed = [
        name
        for name, (subject, _) in MUTATIONS.items()
        if not {HERE + subject, NOTICE + subject} & found.keys()
    ]
    assert missed == []
    assert {r.violation for r in found[NOTICE + "目标/2"]} == {False}


STANDARDS = """
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix time: <http://www.w3.org/2006/time#> . @prefix geo: <http://www.opengis.net/ont/geosparql#> .
@prefix prov: <http://www.w3.org/ns/prov#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
org:unitOf rdfs:domain org:OrganizationalUnit ; rdfs:range org:Organization .
org:subOrganizationOf rdfs:domain org:Organization ; rdfs:range org:Organization .
org:classification rdfs:domain org:Organization ; rdfs:range skos:Concept .
org:originalOrganization rdfs:domain org:ChangeEvent ; rdfs:range org:Organization .
org:resultingOrganization rdfs:domain org:ChangeEvent ; rdfs:range org:Organization .
skos:broader rdfs:domain skos:Concept ; rdfs:range skos:Concept .
skos:inScheme rdfs:range skos:ConceptScheme .
skos:topConceptOf rdfs:domain skos:Concept ; rdfs:range skos:ConceptScheme .
oa:hasSelector rdfs:domain oa:SpecificResource .
oa:start rdfs:domain oa:TextPositionSelector . oa:exact rdfs:domain oa:TextQuoteSelector .
time:hasBeginning rdfs:domain time:TemporalEntity ; rdfs:range time:Instant .
time:hasEnd rdfs:domain time:TemporalEntity ; rdfs:range time:Instant .
time:inXSDDate rdfs:domain time:Instant .
time:intervalDuring rdfs:domain time:ProperInterval ; rdfs:range time:ProperInterval .
time:intervalStarts rdfs:domain time:ProperInterval ; rdfs:range time:ProperInterval .
time:intervalFinishes rdfs:domain time:ProperInterval ; rdfs:range time:ProperInterval .
eli:realizes rdfs:domain eli:LegalExpression ; rdfs:range eli:LegalResource .
eli:passed_by rdfs:domain eli:LegalResource ; rdfs:range foaf:Agent .
"""
"""Domains and ranges of the standards that the graph uses, as their documents give them."""


_WORDS = {TK["quote"], TK["text"], RDFS["label"], OA["prefix"], OA["suffix"]}


def _is_one_of_many(node: object) -> bool:
    """Return whether a node is evidence or an inferred assignment like hundreds of others."""
    value = str(getattr(node, "value", node))
    return bool(re.search(r"/证据/(?!8334-8337)|/分工/\d*[2-9].*街道", value))


def test_reasoning_adds_no_class(snapshot: Snapshot) -> None:
    """RDFS over the graph, the vocabulary and the standards: nothing becomes what it is not."""
    graph = rdflib.Graph().parse(data=STANDARDS, format="turtle")
    for quad in snapshot.store:
        if quad.predicate in _WORDS or _is_one_of_many(quad.subject):
            continue
        assert not isinstance(quad.subject, Triple)
        assert not isinstance(quad.object, Triple)
        graph.add(
            (rdflib_term(quad.subject), rdflib_term(quad.predicate), rdflib_term(quad.object))
        )
    stated = set(graph.subject_objects(rdflib.RDF.type))
    superclasses = rdflib.Graph()
    superclasses += graph.triples((None, rdflib.RDFS.subClassOf, None))
    owlrl.DeductiveClosure(owlrl.RDFS_Semantics).expand(graph)
    closed = {
        (thing, kind)
        for thing, kind in graph.subject_objects(rdflib.RDF.type)
        if isinstance(thing, rdflib.URIRef)
        and not str(kind).startswith((RDFS["x"].value[:-1], RDF["x"].value[:-1]))
        and not str(thing).startswith(PREFIXES["tk"])
        and not _is_one_of_many(thing)
    }
    assert closed - stated == set()
    disjoint = set(graph.subject_objects(rdflib.OWL.disjointWith))
    assert len(disjoint) > 78
    clashes = [
        thing
        for one, other in disjoint
        for thing in set(graph.subjects(rdflib.RDF.type, one))
        & set(graph.subjects(rdflib.RDF.type, other))
    ]
    assert clashes == []
