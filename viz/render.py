"""A view as a file in each of its formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import networkx as nx

from graph.exports.files import network_file, whole
from graph.exports.networks import MEANINGS
from graph.store.snapshot import Snapshot
from queries.formats import inert
from queries.model.geojson import MEDIA as GEOJSON
from queries.model.geojson import feature_collection
from queries.scope import KEYS, narrowed, scope_of, scope_seen
from viz.drawing import finish
from viz.drawing.raster import missing_glyphs, pdf_sheets, png, sheet_parts
from viz.drawing.svg import clean
from viz.pages.view import embedded, in_one_file
from viz.views.catalogue import FORMATS, BadView
from viz.views.report_mode import OPTIONS, TooNarrow, drawn_for, options_of
from viz.views.selection import Drawn, speaker
from viz.web.context import Desk

SCALES = ("1", "2", "3", "4")
MAX_DOUBLED = 2_500_000
"""Square units up to which a PNG has two pixels a unit."""
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file of a view; `warnings` name what its fonts cannot show."""

    media: str
    body: bytes
    warnings: tuple[str, ...] = ()


def render(
    snapshot: Snapshot,
    name: str,
    params: Mapping[str, str],
    form: str,
    *,
    language: str = "",
    root: str = "",
) -> Rendered:
    """Write a view as a file, by the options of report mode (viz.views.report_mode).

    `root` is the public address of the server, to which links and captions lead.

    Raises ViewError, and UnknownThing for a name that is not there.
    """
    language = language or params.get("lang") or "zh"
    snapshot = narrowed(snapshot, scope_of(snapshot, params))
    params = {k: v for k, v in params.items() if k not in (*KEYS, "lang")}
    if form not in (*FORMATS, "geojson"):
        raise BadView("format", form, FORMATS)
    if form == "pdf":
        return _pdf(snapshot, name, params, language)
    drawn = drawn_for(snapshot, name, params, language)
    options, _ = options_of(params)
    if form == "svg":
        address = _address(snapshot, name, params, language, root) if root else None
        svg = finish.linked(drawn.svg, address)
        svg = finish.sized(svg, options.width_mm) if options.width else svg
        return Rendered("image/svg+xml", svg.encode())
    still = finish.linked(drawn.svg, None)
    if form == "png":
        return Rendered("image/png", png(still, _zoom(still, params)), _missing(drawn, language))
    if form == "docx":
        from viz.reports.picture_file import picture_file

        made = picture_file(snapshot, name, params, language=language, url=root)
        return Rendered(DOCX, made, _missing(drawn, language))
    if form == "geojson":
        found_places = feature_collection(snapshot, drawn.columns, drawn.rows)
        return Rendered(GEOJSON, json.dumps(found_places, ensure_ascii=False).encode())
    if form in ("graphml", "gexf"):
        body = network_file(_network(drawn, snapshot.version.id), form)
        return Rendered(f"application/{form}+xml", body)
    if form == "csv":
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow(drawn.columns)
        table.writerows([inert(v) for v in row] for row in drawn.rows)
        mark = "\ufeff" if params.get("bom") == "1" else ""
        return Rendered("text/csv; charset=utf-8", (mark + out.getvalue()).encode())
    if form == "html":
        desk = Desk(snapshot, f"/views/{name}", (), language, "", "")
        return Rendered(
            "text/html; charset=utf-8",
            (in_one_file if drawn.live else embedded)(desk, name, dict(params)).encode(),
        )
    found: dict[str, Any] = {
        "title": drawn.title,
        "caption": drawn.caption,
        "version": snapshot.version.id,
        "columns": drawn.columns,
        "rows": drawn.rows,
    }
    if drawn.measured:
        found["measures"] = [{"id": k, **v} for k, v in drawn.measured.items()]
        found["meanings"] = {k: speaker(language)(*v) for k, v in MEANINGS.items()}
    return Rendered(
        "application/json", (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()
    )


def _address(
    snapshot: Snapshot, name: str, params: Mapping[str, str], language: str, root: str
) -> Callable[[str], str]:
    """Return the function that makes a file's links lead to their sentences at this version."""
    kept = {k: v for k, v in params.items() if v and k not in (*OPTIONS, "at", "scale")}
    kept |= scope_seen(snapshot).params | ({"lang": "en"} if language == "en" else {})

    def address(key: str) -> str:
        asked = urlencode({**kept, "at": key})
        return f"{root}/v/{snapshot.version.id}/views/{name}?{asked}#sentences"

    return address


def _zoom(svg: str, params: Mapping[str, str]) -> float:
    """Pixels a unit: by width and dpi, else by `scale`, else two, or one for a large picture."""
    width, height = finish.size_of(svg)
    options, _ = options_of(params)
    if options.width:
        return options.width_mm / 25.4 * options.dpi / width
    scale = params.get("scale") or ("2" if width * height < MAX_DOUBLED else "1")
    if scale not in SCALES:
        raise BadView("scale", scale, SCALES)
    return float(scale)


def _pdf(snapshot: Snapshot, name: str, params: Mapping[str, str], language: str) -> Rendered:
    """The picture on sheets of A4, upright unless lying takes fewer of them."""
    asked = options_of(params)[0].width
    tried = []
    for width in (asked,) if asked else ("A4", "A4-landscape"):
        try:
            drawn = drawn_for(snapshot, name, {**params, "width": width}, language)
        except TooNarrow:
            if asked or width == "A4-landscape":
                raise
            continue
        parts = sheet_parts(finish.linked(drawn.svg, None), width)
        tried.append((len(parts), width != "A4", width, parts, drawn))
    _, _, width, parts, drawn = min(tried, key=lambda t: t[:2])
    return Rendered("application/pdf", pdf_sheets(parts, width), _missing(drawn, language))


def _missing(drawn: Drawn, language: str) -> tuple[str, ...]:
    """A warning that names the characters of the picture that the font does not hold."""
    lacking = missing_glyphs(drawn.svg)
    if not lacking:
        return ()
    named = " ".join(f"{c} U+{ord(c):04X}" for c in lacking)
    return (
        speaker(language)(
            f"字体里没有这些字，图中看不到：{named}",
            f"the font lacks these characters, they are not seen: {named}",
        ),
    )


def _network(drawn: Drawn, version: str) -> nx.MultiDiGraph[str]:
    """The network of a picture, with the measures of its nodes where it has some."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(title=whole(drawn.title), version=version)
    for strand in drawn.strands:
        for key, label in (
            (strand.start, strand.start_label),
            (strand.end, strand.end_label),
        ):
            graph.add_node(key, label=whole(clean(label)), **drawn.measured.get(key, {}))
        graph.add_edge(strand.start, strand.end, role=strand.role, weight=strand.weight)
    return graph
