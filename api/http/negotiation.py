"""Which format and which language a client has asked of the SPARQL routes and the rest."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import QueryResultsFormat, RdfFormat

from viz.web.accept import Form, chosen, quality, ranges, wants_page

SOLUTIONS = (
    Form("json", "application/sparql-results+json", ("application/json",)),
    Form("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    Form("csv", "text/csv; charset=utf-8; header=present", ("csv",)),
    Form("tsv", "text/tab-separated-values; charset=utf-8", ("tsv",)),
)
TRIPLES = (
    Form("ttl", "text/turtle; charset=utf-8", ("turtle", "application/x-turtle")),
    Form("nt", "application/n-triples", ("ntriples", "n-triples", "text/plain")),
    Form("rdf", "application/rdf+xml", ("xml", "rdfxml", "application/xml", "text/xml")),
    Form("jsonld", "application/ld+json", ("json-ld", "json", "application/json")),
    Form("trig", "application/trig"),
    Form("nq", "application/n-quads", ("nquads", "n-quads")),
    Form("n3", "text/n3; charset=utf-8"),
)
RESULT_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
RDF_FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
    "n3": RdfFormat.N3,
}
MEDIA = {form.name: form.media for form in (*SOLUTIONS, *TRIPLES)}


def language(headers: Mapping[str, str]) -> str:
    """Choose zh or en by Accept-Language; Chinese by default."""
    best, most = "zh", 0.0
    for tag, q in ranges(headers.get("accept-language", "")):
        found = tag.partition("-")[0]
        if found in ("zh", "en") and q > most:
            best, most = found, q
    return best


__all__ = (
    "MEDIA", "RDF_FORMATS", "RESULT_FORMATS", "SOLUTIONS", "TRIPLES",
    "Form", "chosen", "language", "quality", "ranges", "wants_page",
)  # fmt: skip
