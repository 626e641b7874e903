"""The endpoint and its data for machines: SPARQL Service Description, VoID, DCAT."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from api.http.exchange import Exchange
from api.http.negotiation import RDF_FORMATS, TRIPLES, Form, chosen
from api.http.outgoing import Outgoing
from api.http.problems import Problem
from api.sparql.catalogue_description import entry
from graph.store.manifest import Version
from ontology.names import DCTERMS, HOME, PREFIXES, RDF, RDFS, XSD, Namespace, base

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace(PREFIXES["void"])
_GEOF = PREFIXES["geof"]
ALL_PREFIXES = {**PREFIXES, "sd": SD.iri, "formats": "http://www.w3.org/ns/formats/"}
_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip


_GEO_FUNCTIONS = (
    "sfEquals sfDisjoint sfIntersects sfTouches sfCrosses sfWithin sfContains sfOverlaps ehEquals "
    "ehDisjoint ehMeet ehOverlap ehCovers ehCoveredBy ehInside ehContains rcc8eq rcc8dc rcc8ec "
    "rcc8po rcc8tppi rcc8tpp rcc8ntpp rcc8ntppi convexHull envelope getSRID asGeoJSON isEmpty "
    "centroid relate"
).split()
"""The GeoSPARQL functions of the engine, for CRS84 alone; there is no area and no buffer."""


def wanted(exchange: Exchange) -> Form:
    """The format of RDF that a request wants. Raises Problem where there is none that fits."""
    form = chosen(TRIPLES, exchange.accept, dict(exchange.params()).get("format", ""))
    if form is None:
        known = ", ".join(f.media.partition(";")[0] for f in TRIPLES)
        raise Problem(406, "not-acceptable", f"可用的格式：{known}", f"formats to be had: {known}")
    return form


def service(exchange: Exchange, version: Version, root: str, *, writable: bool) -> Outgoing:
    """Describe the endpoint in the format that is wanted. Raises Problem."""
    form = wanted(exchange)
    triples = described(version, root, writable=writable)
    lines = serialize(triples, format=RDF_FORMATS[form.name], prefixes=ALL_PREFIXES)
    headers = (
        ("cache-control", "no-cache"),
        ("vary", "Accept"),
        ("tiaokuai-version", version.id),
    )
    return Outgoing(200, form.media, lines or b"", headers)


def described(version: Version, root: str, *, writable: bool) -> Iterator[Triple]:
    """Yield the service description; the endpoint names itself, as the standard wants."""
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
    for name in _GEO_FUNCTIONS:
        yield Triple(me, SD["extensionFunction"], NamedNode(_GEOF + name))
        yield Triple(NamedNode(_GEOF + name), RDF["type"], SD["Function"])
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


def dataset(
    version: Version, root: str, counts: Mapping[str, Sequence[tuple[str, int]]]
) -> Iterator[Triple]:
    """Describe a version: counts of classes, properties and graphs (VoID), and for catalogues."""
    me = NamedNode(f"{root}/.well-known/void")

    def number(count: int) -> Literal:
        return Literal(str(count), datatype=XSD["integer"])

    yield Triple(me, RDF["type"], VOID["Dataset"])
    yield Triple(me, DCTERMS["identifier"], Literal(version.id))
    yield Triple(me, DCTERMS["modified"], Literal(version.time, datatype=XSD["dateTime"]))
    yield Triple(me, VOID["sparqlEndpoint"], NamedNode(f"{root}/sparql"))
    yield Triple(me, VOID["dataDump"], NamedNode(f"{root}/v/{version.id}/dump.nq.gz"))
    yield Triple(me, RDFS["seeAlso"], NamedNode(f"{root}/licence"))
    yield Triple(me, VOID["uriSpace"], Literal(f"{base()}id/"))
    yield Triple(me, VOID["vocabulary"], NamedNode(f"{HOME}ns"))
    yield Triple(me, VOID["triples"], number(version.quads))
    yield Triple(me, VOID["documents"], number(version.documents))
    for _, count in counts["subjects"]:
        yield Triple(me, VOID["distinctSubjects"], number(count))
    for graph, count in counts["graphs"]:
        named = NamedNode(graph)
        yield Triple(me, VOID["subset"], named)
        yield Triple(named, RDF["type"], VOID["Dataset"])
        yield Triple(named, RDF["type"], SD["NamedGraph"])
        yield Triple(named, VOID["triples"], number(count))
    for name, predicate, size in (
        ("classes", "class", "entities"),
        ("properties", "property", "triples"),
    ):
        for position, (iri, count) in enumerate(counts[name]):
            part = BlankNode(f"{predicate}{position}")
            yield Triple(me, VOID[f"{predicate}Partition"], part)
            yield Triple(part, VOID[predicate], NamedNode(iri))
            yield Triple(part, VOID[size], number(count))
    yield from entry(me, version, root)
