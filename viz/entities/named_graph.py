"""The page of a named graph: its kind, its size, and its downloads."""

from __future__ import annotations

from pyoxigraph import NamedNode, QuerySolutions

from ontology.names import PREFIXES, base
from viz.web.context import Desk
from viz.web.linked_data import missing


def graph(desk: Desk, iri: str) -> str:
    """A named graph, counted by classes. Raises Near where there is none."""
    counted = desk.snapshot.query(
        "SELECT ?class (COUNT(*) AS ?n) { ?s a ?class } GROUP BY ?class ORDER BY DESC(?n) ?class",
        default_graphs=[NamedNode(iri)],
    )
    assert isinstance(counted, QuerySolutions)
    classes = [(_short(row[0].value), _link(desk, row[0].value), row[1].value) for row in counted]
    size = sum(1 for _ in desk.snapshot.store.quads_for_pattern(None, None, None, NamedNode(iri)))
    if not size:
        raise missing(desk, iri)
    names = sorted(
        name.value for name in desk.snapshot.store.named_graphs() if isinstance(name, NamedNode)
    )
    kind, kind_zh = _kind(iri)
    return desk.page(
        "graph.html",
        desk.say("命名图：", "Named graph: ") + _label(iri),
        section="/sparql",
        crumbs=[("SPARQL", "/sparql"), (desk.say("命名图", "named graph"), "")],
        iri=iri,
        said=desk.say(f"{kind_zh}，共{size}条三元组。", f"{kind}: {size} triples."),
        classes=classes,
        forms=("ttl", "nt", "jsonld", "nq", "trig"),
        others=[(_label(n), desk.thing(n)) for n in names if n != iri],
    )


def _kind(iri: str) -> tuple[str, str]:
    rest = iri.removeprefix(base() + "graph/")
    if rest == "shared":
        return (
            "What documents share: bodies, places, gazetteer, vocabulary",
            "各文件共有的部门、地点、名录与词汇",
        )
    if rest == "corrections":
        return "What people decided about doubts", "人工对待核事项的决定"
    if rest.endswith("/inferred"):
        return "What follows from a document", "由一份文件推断的内容"
    return "What a document says", "一份文件写明的内容"


def _label(iri: str) -> str:
    return iri.removeprefix(base() + "graph/").replace("/", " › ")


def _link(desk: Desk, iri: str) -> str:
    href = desk.thing(iri)
    return href if href != iri else ""


def _short(iri: str) -> str:
    for prefix, home in PREFIXES.items():
        if iri.startswith(home):
            return f"{prefix}:{iri.removeprefix(home)}"
    return iri
