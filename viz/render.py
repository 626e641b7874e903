"""A view as a file in each of its formats."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import networkx as nx

from graph.exports.files import network_file, whole
from graph.exports.networks import MEANINGS
from graph.store.snapshot import Snapshot
from queries.formats import inert
from viz.drawing.raster import missing_glyphs, pdf, png
from viz.drawing.svg import clean
from viz.pages.view import embedded, in_one_file
from viz.views.catalogue import FORMATS, BadView, picture
from viz.views.selection import Drawn, speaker
from viz.web.context import Desk

SCALES = ("1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file of a view; `warnings` name what its fonts cannot show."""

    media: str
    body: bytes
    warnings: tuple[str, ...] = ()


def render(
    snapshot: Snapshot, name: str, params: Mapping[str, str], form: str, *, language: str = "zh"
) -> Rendered:
    """The view as a file: svg, png (scale=1 to 4), pdf, csv, json, graphml, gexf, html.

    Raises ViewError, and UnknownThing for a name that is not there.
    """
    if form not in FORMATS:
        raise BadView("format", form, FORMATS)
    drawn = picture(snapshot, name, params, language)
    if form == "svg":
        return Rendered("image/svg+xml", drawn.svg.encode())
    if form == "png":
        scale = params.get("scale") or _usual_scale(drawn.svg)
        if scale not in SCALES:
            raise BadView("scale", scale, SCALES)
        return Rendered("image/png", png(drawn.svg, float(scale)), _missing(drawn, language))
    if form == "pdf":
        return Rendered("application/pdf", pdf(drawn.svg), _missing(drawn, language))
    if form in ("graphml", "gexf"):
        body = network_file(_network(drawn, snapshot.version.id), form)
        return Rendered(f"application/{form}+xml", body)
    if form == "csv":
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow(drawn.columns)
        table.writerows([inert(v) for v in row] for row in drawn.rows)
        return Rendered("text/csv; charset=utf-8", out.getvalue().encode())
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


def _usual_scale(svg: str) -> str:
    """Two pixels a unit; one where the picture is so large that it would take seconds."""
    wide, high = (float(n) for n in svg.split('viewBox="0 0 ', 1)[1].split('"', 1)[0].split())
    return "2" if wide * high < 2_500_000 else "1"


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
