"""What machines are told about the endpoint: the SPARQL 1.1 Service Description."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from api.http import Exchange, Outgoing
from api.negotiate import RDF_FORMATS, TRIPLES, chosen
from api.problems import Problem
from graph.versions import Version
from ontology.names import PREFIXES, RDF, XSD, Namespace

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip


def service(exchange: Exchange, version: Version, root: str, *, writable: bool) -> Outgoing:
    """The description of the endpoint, in the format that is wanted. Raises Problem."""
    form = chosen(TRIPLES, exchange.accept)
    if form is None:
        known = ", ".join(f.media.partition(";")[0] for f in TRIPLES)
        raise Problem(406, "not-acceptable", f"可用的格式：{known}", f"formats to be had: {known}")
    prefixes = {**PREFIXES, "sd": SD.iri, "void": VOID.iri}
    lines = serialize(
        described(version, root, writable=writable),
        format=RDF_FORMATS[form.name],
        prefixes=prefixes,
    )
    headers = (
        ("cache-control", "no-cache"),
        ("vary", "Accept"),
        ("tiaokuai-version", version.id),
    )
    return Outgoing(200, form.media, lines or b"", headers)


def described(version: Version, root: str, *, writable: bool) -> Iterator[Triple]:
    """The triples of the service description; the endpoint names itself, as the standard wants."""
    endpoint = f"{root}/sparql"
    if writable:
        update = NamedNode(f"{root}/update")
        yield Triple(update, RDF["type"], SD["Service"])
        yield Triple(update, SD["endpoint"], update)
        yield Triple(update, SD["supportedLanguage"], SD["SPARQL11Update"])
    me, dataset, default = NamedNode(endpoint), BlankNode("dataset"), BlankNode("default")
    yield Triple(me, RDF["type"], SD["Service"])
    yield Triple(me, SD["endpoint"], me)
    yield Triple(me, SD["supportedLanguage"], SD["SPARQL11Query"])
    yield Triple(me, SD["feature"], SD["UnionDefaultGraph"])
    for name in _FORMATS:
        yield Triple(me, SD["resultFormat"], NamedNode("http://www.w3.org/ns/formats/" + name))
    yield Triple(me, SD["defaultDataset"], dataset)
    yield Triple(dataset, RDF["type"], SD["Dataset"])
    yield Triple(dataset, SD["defaultGraph"], default)
    yield Triple(default, RDF["type"], SD["Graph"])
    size = Literal(str(version.quads), datatype=XSD["integer"])
    yield Triple(default, VOID["triples"], size)
    for position, graph in enumerate(version.graphs):
        named = BlankNode(f"named{position}")
        yield Triple(dataset, SD["namedGraph"], named)
        yield Triple(named, RDF["type"], SD["NamedGraph"])
        yield Triple(named, SD["name"], NamedNode(graph))
