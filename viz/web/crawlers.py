"""Describe the site to machines that walk it: robots.txt, a sitemap, schema.org JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable
from html import escape
from itertools import chain, islice
from typing import Any

from markupsafe import Markup

from viz.web.context import NAV, Desk

MAX_ADDRESSES = 50_000
"""Addresses of one sitemap (sitemaps.org)."""
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"


def robots(desk: Desk) -> bytes:
    """Name the paths that a crawler leaves alone: old versions, the query service, pages that write."""
    left = ("/v/", "/sparql", "/q", "/upload", "/update", "/graphs", "/search", "/ask")
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in left)]
    return "\n".join([*lines, f"Sitemap: {desk.root}/sitemap.xml", ""]).encode()


def sitemap(desk: Desk) -> bytes:
    """The pages and the things of all notices, with the day of the version."""
    a = desk.atlas
    pages = ("/", "/about", "/licence", "/accuracy", "/ns", *(path for path, *_ in NAV))
    things = chain(a.notices, a.bodies, a.places, a.works, a.targets)
    paths = chain((desk.url(p).partition("?")[0] for p in pages), map(desk.thing, things))
    day = desk.snapshot.version.time[:10]
    entries = (
        f"<url><loc>{escape(desk.root + path.partition('?')[0])}</loc><lastmod>{day}</lastmod></url>"
        for path in islice(dict.fromkeys(paths), MAX_ADDRESSES)
        if path.startswith("/")
    )
    opening = '<?xml version="1.0" encoding="UTF-8"?>\n'
    home = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{opening}<urlset xmlns="{home}">\n{chr(10).join(entries)}\n</urlset>\n'.encode()


def dataset(desk: Desk) -> Markup:
    """The version as a schema.org Dataset, for search engines of data."""
    version, scope = desk.snapshot.version, desk.scope
    frozen = f"{desk.root}/v/{version.id}"
    files = (("application/gzip", f"{frozen}/dump.nq.gz", "N-Quads"),)
    described: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": f"{scope.label('zh')}年度工作目标图谱",
        "alternateName": f"Graph of work targets, {scope.label('en')}",
        "description": (
            "Who leads, who supports, where and in which quarter: the work targets of local "
            "governments as a graph, every fact with the sentence that it is read from."
        ),
        "identifier": version.id,
        "version": version.id,
        "url": f"{desk.root}/",
        "license": _LICENCE,
        "isAccessibleForFree": True,
        "dateModified": version.time,
        "inLanguage": ["zh", "en"],
        "temporalCoverage": "/".join(_span(d.year for d in scope.documents)),
        "spatialCoverage": [{"@type": "Place", "name": d} for d in scope.districts],
        "isBasedOn": [
            {"@type": "Legislation", "name": d.title, "legislationIdentifier": d.number, "@id": d.iri}
            for d in scope.documents[:50]
        ],
        "distribution": [
            {"@type": "DataDownload", "encodingFormat": media, "contentUrl": url, "name": name}
            for media, url, name in files
        ],
        "includedInDataCatalog": {
            "@type": "DataCatalog", "name": "条块 tiaokuai", "url": f"{desk.root}/.well-known/void",
        },
    }  # fmt: skip
    text = json.dumps(described, ensure_ascii=False)
    for char in "<>&":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return Markup('<script type="application/ld+json">{}</script>').format(Markup(text))


def _span(years: Iterable[str]) -> list[str]:
    known = sorted({y for y in years if y})
    return [known[0], known[-1]] if len(known) > 1 else known
