"""The views by name: what is drawn, from which filters, in which formats."""

from __future__ import annotations

import csv
import difflib
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.snapshot import Snapshot
from queries.formats import inert
from viz.chosen import Drawn, default_minimum, domains, speaker
from viz.raster import png
from viz.view_bodies import bodies
from viz.view_matrix import lead_matrix


class ViewError(Exception):
    """A view that cannot be drawn."""


class UnknownView(ViewError):
    """No view of this name."""

    def __init__(self, name: str) -> None:
        self.near = tuple(difflib.get_close_matches(name, VIEWS, 3, 0.3)) or tuple(VIEWS)
        super().__init__(f"there is no view {name!r}; there are {', '.join(VIEWS)}")


class BadView(ViewError):
    """A filter or a format that the view does not have."""

    def __init__(self, parameter: str, value: str, allowed: tuple[str, ...]) -> None:
        super().__init__(f"parameter {parameter}: {value!r} (allowed: {', '.join(allowed)})")
        self.parameter, self.allowed = parameter, allowed


@dataclass(frozen=True, slots=True)
class Rendered:
    """A file of a view."""

    media: str
    body: bytes


@dataclass(frozen=True, slots=True)
class View:
    """A view of the list."""

    name: str
    title_zh: str
    title: str
    draw: Callable[[Snapshot, Mapping[str, str], str], Drawn]


FORMATS = ("html", "svg", "png", "csv", "json")
_MINIMA, _QUARTERS = ("1", "2", "3", "4", "5"), ("all", "1", "2", "3", "4")


def picture(
    snapshot: Snapshot, name: str, params: Mapping[str, str], language: str = "zh"
) -> Drawn:
    """The view drawn. Raises UnknownView, BadView."""
    if name not in VIEWS:
        raise UnknownView(name)
    allowed = {"min": _MINIMA, "quarter": _QUARTERS, "domain": ("", *domains(snapshot))}
    for key, value in params.items():
        if key not in allowed and key != "scale":
            raise BadView(key, value, tuple(allowed))
        if key in allowed and value not in allowed[key]:
            raise BadView(key, value, tuple(v for v in allowed[key] if v))
    return VIEWS[name].draw(snapshot, params, language)


def render(
    snapshot: Snapshot, name: str, params: Mapping[str, str], form: str, *, language: str = "zh"
) -> Rendered:
    """The view as a file: svg, png (scale=1 to 4), csv, json, html. Raises ViewError."""
    if form not in FORMATS:
        raise BadView("format", form, FORMATS)
    drawn = picture(snapshot, name, params, language)
    if form == "svg":
        return Rendered("image/svg+xml", drawn.svg.encode())
    if form == "png":
        scale = params.get("scale", "2")
        if scale not in ("1", "2", "3", "4"):
            raise BadView("scale", scale, ("1", "2", "3", "4"))
        return Rendered("image/png", png(drawn.svg, float(scale)))
    if form == "csv":
        out = io.StringIO()
        table = csv.writer(out, lineterminator="\r\n")
        table.writerow(drawn.columns)
        table.writerows([inert(v) for v in row] for row in drawn.rows)
        return Rendered("text/csv; charset=utf-8", out.getvalue().encode())
    if form == "html":
        from viz.desk import Desk
        from viz.pages import embedded, whole

        desk = Desk(snapshot, f"/views/{name}", (), language, "", "")
        return Rendered(
            "text/html; charset=utf-8",
            (whole if drawn.live else embedded)(desk, name, dict(params)).encode(),
        )
    found = {
        "title": drawn.title,
        "caption": drawn.caption,
        "version": snapshot.version.id,
        "columns": drawn.columns,
        "rows": drawn.rows,
    }
    return Rendered(
        "application/json", (json.dumps(found, ensure_ascii=False, indent=1) + "\n").encode()
    )


def fields(
    snapshot: Snapshot, name: str, given: Mapping[str, str], language: str
) -> list[dict[str, Any]]:
    """The filters of a view as a plain form."""
    say = speaker(language)
    return [
        {
            "name": "min",
            "label": say("至少共担", "shared at least"),
            "value": given.get("min", default_minimum(name)),
            "choices": [(m, m) for m in _MINIMA],
        },
        {
            "name": "quarter",
            "label": say("季度", "quarter"),
            "value": given.get("quarter", "all"),
            "choices": [(q, say("全年", "whole year") if q == "all" else q) for q in _QUARTERS],
        },
        {
            "name": "domain",
            "label": say("领域", "domain"),
            "value": given.get("domain", ""),
            "choices": [("", say("全部", "all")), *((d, d) for d in domains(snapshot))],
        },
    ]


VIEWS: dict[str, View] = {
    "lead-matrix": View("lead-matrix", "谁主责、谁配合", "Who leads, who coordinates", lead_matrix),
    "bodies": View("bodies", "部门协同骨干网", "The backbone of departments", bodies),
}
