"""The catalogue entry of a version: DCAT, its distributions, and how it was made (PROV)."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Triple

from graph.store.manifest import SourceEntry, Version
from ontology.names import DCTERMS, FOAF, HOME, PREFIXES, PROV, RDF, RDFS, XSD, Namespace

DCAT = Namespace(PREFIXES["dcat"])
LICENCE = NamedNode("https://creativecommons.org/licenses/by/4.0/")
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_LANGUAGE = NamedNode("http://publications.europa.eu/resource/authority/language/ZHO")
_THEME = NamedNode("http://publications.europa.eu/resource/authority/data-theme/GOVE")
_TITLE = ("条块：工作目标图谱", "tiaokuai: a graph of work targets")
_DESCRIPTION = (
    "地方政府工作目标通知中的目标、分工、节点、地点与指标，每一条都有原文凭据。",
    "Work targets of local governments: who leads and supports them, milestones, places, numbers.",
)
_KEYWORDS = (("工作目标", "work targets"), ("主责部门", "lead departments"), ("街道", "streets"))


def entry(me: NamedNode, version: Version, root: str) -> Iterator[Triple]:
    """Describe a version for a data catalogue (DCAT 3, DCAT-AP), with its provenance."""
    catalogue = _part(me, "catalogue")
    yield Triple(catalogue, RDF["type"], DCAT["Catalog"])
    yield from _both(catalogue, DCTERMS["title"], ("条块", "tiaokuai"))
    yield from _both(catalogue, DCTERMS["description"], _DESCRIPTION)
    yield Triple(catalogue, DCAT["dataset"], me)
    yield Triple(catalogue, DCAT["service"], _part(me, "sparql"))
    yield Triple(me, RDF["type"], DCAT["Dataset"])
    yield from _both(me, DCTERMS["title"], _TITLE)
    yield from _both(me, DCTERMS["description"], _DESCRIPTION)
    for words in _KEYWORDS:
        yield from _both(me, DCAT["keyword"], words)
    yield Triple(me, DCAT["theme"], _THEME)
    yield Triple(me, DCTERMS["language"], _LANGUAGE)
    yield Triple(me, DCAT["version"], Literal(version.id))
    yield Triple(me, DCTERMS["issued"], Literal(version.time, datatype=XSD["dateTime"]))
    yield Triple(me, DCAT["landingPage"], NamedNode(f"{root}/v/{version.id}/"))
    publisher = _part(me, "publisher")
    for thing in (catalogue, me):
        yield Triple(thing, DCTERMS["license"], LICENCE)
        yield Triple(thing, DCTERMS["publisher"], publisher)
    yield Triple(publisher, RDF["type"], FOAF["Agent"])
    yield Triple(publisher, FOAF["name"], Literal("tiaokuai"))
    yield from _distributions(me, version, root)
    yield from _activity(me, version)


def _distributions(me: NamedNode, version: Version, root: str) -> Iterator[Triple]:
    frozen = f"{root}/v/{version.id}"
    for name, address, media in (
        ("nquads", f"{frozen}/dump.nq.gz", "application/n-quads"),
        ("targets", f"{frozen}/queries/documents.csv", "text/csv"),
    ):
        node = _part(me, name)
        yield Triple(me, DCAT["distribution"], node)
        yield Triple(node, RDF["type"], DCAT["Distribution"])
        yield Triple(node, DCTERMS["title"], Literal(name, language="en"))
        yield Triple(node, DCAT["accessURL"], NamedNode(address))
        yield Triple(node, DCAT["downloadURL"], NamedNode(address))
        yield Triple(node, DCAT["mediaType"], NamedNode(_MEDIA_TYPES + media))
        yield Triple(node, DCTERMS["license"], LICENCE)
    packed = NamedNode(_MEDIA_TYPES + "application/gzip")
    yield Triple(_part(me, "nquads"), DCAT["compressFormat"], packed)
    service = _part(me, "sparql")
    yield Triple(service, RDF["type"], DCAT["DataService"])
    yield from _both(service, DCTERMS["title"], ("SPARQL 端点", "SPARQL endpoint"))
    yield Triple(service, DCAT["endpointURL"], NamedNode(f"{root}/sparql"))
    yield Triple(service, DCAT["endpointDescription"], NamedNode(f"{root}/sparql"))
    yield Triple(service, DCAT["servesDataset"], me)


def _activity(me: NamedNode, version: Version) -> Iterator[Triple]:
    """State when a version was made, by which program, from which documents."""
    activity, program = _part(me, "activity"), _part(me, "program")
    yield Triple(me, PROV["wasGeneratedBy"], activity)
    yield Triple(me, PROV["generatedAtTime"], Literal(version.time, datatype=XSD["dateTime"]))
    yield Triple(activity, RDF["type"], PROV["Activity"])
    yield Triple(activity, PROV["endedAtTime"], Literal(version.time, datatype=XSD["dateTime"]))
    yield Triple(activity, PROV["wasAssociatedWith"], program)
    yield Triple(program, RDF["type"], PROV["SoftwareAgent"])
    yield Triple(program, RDFS["label"], Literal(f"tiaokuai {version.extractor}"))
    for source in version.sources:
        node = _text(source)
        yield Triple(activity, PROV["used"], node)
        yield Triple(me, PROV["wasDerivedFrom"], node)
        yield Triple(node, RDF["type"], PROV["Entity"])
        yield Triple(node, DCTERMS["identifier"], Literal(source.sha256))
        yield Triple(node, DCTERMS["title"], Literal(source.name, language="zh"))
        media = NamedNode(_MEDIA_TYPES + source.format)
        yield Triple(node, DCTERMS["format"], media)


def _text(source: SourceEntry) -> NamedNode:
    """Return the address of the text that was read, from that of its graph."""
    graph = source.graphs[0] if source.graphs else f"{HOME}graph/{source.text_id}"
    head, _, text = graph.removesuffix("/inferred").rpartition("/")
    return NamedNode(f"{head.replace('/graph/', '/id/', 1)}/文本/{text}")


def _part(me: NamedNode, name: str) -> NamedNode:
    return NamedNode(f"{me.value}#{name}")


def _both(thing: NamedNode, edge: NamedNode, words: tuple[str, str]) -> Iterator[Triple]:
    yield Triple(thing, edge, Literal(words[0], language="zh"))
    yield Triple(thing, edge, Literal(words[1], language="en"))
