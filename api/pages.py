"""Functions of ours that run inside a worker: pages, oEmbed, the description of the data."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from pyoxigraph import NamedNode, QuerySolutions, serialize

from api.http.negotiation import RDF_FORMATS
from api.sparql.service_description import dataset
from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.scope import KEYS, narrowed, scope_of
from viz import site
from viz.views.catalogue import VIEWS
from viz.views.report_mode import frame_size
from viz.web import context

_SHOWN = re.compile(r"(/v/[0-9a-f]{12})?/(?:views|embed)/([\w-]+)(?:\.\w+)?")
_WIDTH = 960


def warm(snapshot: Snapshot) -> None:
    """Read what the pages need once, before the first of them is asked for."""
    with contextlib.suppress(Exception):
        atlas(narrowed(snapshot, scope_of(snapshot, {})))
    context.warm()


def page(snapshot: Snapshot, fields: Mapping[str, Any]) -> site.Reply:
    """The reply of the pages to a request, given as the fields of `viz.site.Request`."""
    return site.answer(snapshot, site.Request(**fields))


def oembed(snapshot: Snapshot, asked: Mapping[str, Any]) -> site.Reply:
    """The oEmbed reply for a view of this server; 404 for any other address."""
    url, root = asked["url"], asked["root"]
    rest = url[len(root) :] if url.startswith(root + "/") else ""
    path, _, query = rest.partition("#")[0].partition("?")
    match = _SHOWN.fullmatch(unquote(path))
    if match is None or match[2] not in VIEWS:
        return site.Reply(404, "application/json", b"{}")
    view = VIEWS[match[2]]
    given = [(k, v) for k, v in parse_qsl(query) if k != "format"]
    address = f"{root}{match[1] or f'/v/{snapshot.version.id}'}/embed/{view.name}" + (
        "?" + urlencode(given) if given else ""
    )
    frozen = f"{root}/v/{snapshot.version.id}"
    taken = {k: v for k, v in given if k in (*view.params, *KEYS, "lang")}
    thumbnail = "?" + urlencode(taken) if taken else ""
    most = asked["maxwidth"] or _WIDTH, asked["maxheight"] or 0
    width, height = frame_size(snapshot, view.name, dict(given), asked["language"], most)
    title = view.title if asked["language"] == "en" else view.title_zh
    said = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "条块 tiaokuai",
        "provider_url": root + "/",
        "title": title,
        "width": width,
        "height": height,
        "thumbnail_url": f"{frozen}/views/{view.name}.png{thumbnail}",
        "thumbnail_width": width,
        "thumbnail_height": height,
        "html": (
            f'<iframe src="{escape(address)}" width="{width}" height="{height}" '
            f'title="{escape(title)}" sandbox="allow-scripts" loading="lazy"></iframe>'
        ),
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    return site.Reply(200, "application/json", body)


def void(snapshot: Snapshot, asked: Mapping[str, Any]) -> site.Reply:
    """The VoID description of the data, counted."""
    counts = {}
    for name, query in (
        ("classes", "SELECT ?x (COUNT(*) AS ?n) { ?s a ?x } GROUP BY ?x ORDER BY ?x"),
        ("properties", "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x ORDER BY ?x"),
        ("graphs", "SELECT ?x (COUNT(*) AS ?n) { GRAPH ?x { ?s ?p ?o } } GROUP BY ?x ORDER BY ?x"),
        ("subjects", "SELECT (<urn:x> AS ?x) (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"),
    ):
        result = snapshot.query(query)
        assert isinstance(result, QuerySolutions)
        counts[name] = [
            (row[0].value, int(row[1].value)) for row in result if isinstance(row[0], NamedNode)
        ]
    triples = dataset(snapshot.version, asked["root"], counts)
    body = serialize(triples, format=RDF_FORMATS[asked["format"]], prefixes=asked["prefixes"])
    return site.Reply(200, asked["media"], body or b"")
