"""Draw the pictures of a Word file again, from the addresses in their alternative texts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, unquote

import docx
from docx.oxml.ns import qn

from graph.errors import StoreError
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from queries.errors import QuestionError
from queries.scope import KEYS, narrowed, scope_of
from viz.drawing import finish
from viz.drawing.paper import WIDTHS_MM
from viz.drawing.raster import png, sheet_parts
from viz.drawing.svg import clean
from viz.reports.word_drawing import zoom_for
from viz.views.catalogue import VIEWS
from viz.views.report_mode import drawn_for
from viz.views.selection import Drawn

_ADDRESS = re.compile(r"(\S*?)/v/([0-9a-f]{12})/views/([\w-]+)(?:\?(\S*?))?(?:#part=(\d+))?$")
_EMU_PER_MM = 36_000


class NothingToRefresh(QuestionError):
    """A Word file without a picture of ours, or one whose picture cannot be drawn again."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A Word file with its pictures drawn again, and a line on the changes of each."""

    data: bytes
    notes: tuple[str, ...]


def refreshed(data: bytes, store: Store, version: str = "") -> Refreshed:
    """Draw the pictures of a Word file at a version, by default the current one.

    Raises NothingToRefresh, before anything is written.
    """
    try:
        document: Any = docx.Document(BytesIO(data))
    except (KeyError, ValueError, OSError) as error:
        raise NothingToRefresh(f"not a Word file: {error}", f"不是 Word 文件：{error}") from None
    snapshot = store.open(store.version(version)) if version else store.open()
    shapes = [
        (shape, match)
        for shape in document.inline_shapes
        if (match := _ADDRESS.search(shape._inline.docPr.get("descr") or ""))
    ]
    if not shapes:
        raise NothingToRefresh(
            "no picture of tiaokuai: none names an address /v/…/views/… in its alternative text",
            "没有条块的图：没有一张图在替代文字里写着 /v/…/views/… 地址",
        )
    notes = tuple(_redraw(document, shape, match, store, snapshot) for shape, match in shapes)
    out = BytesIO()
    document.save(out)
    return Refreshed(out.getvalue(), notes)


def _redraw(
    document: Any, shape: Any, match: re.Match[str], store: Store, snapshot: Snapshot
) -> str:
    root, before, name, query, part = match.groups()
    if name not in VIEWS:
        raise NothingToRefresh(
            f"{match[0]}: there is no view {name}", f"{match[0]}：没有视图 {name}"
        )
    params = dict(parse_qsl(unquote(query or ""), keep_blank_values=True))
    language = params.pop("lang", "zh")
    width_mm = shape.width / _EMU_PER_MM
    width = params.get("width") or min(WIDTHS_MM, key=lambda w: abs(WIDTHS_MM[w] - width_mm))
    asked = {**params, "width": width}
    try:
        drawn = _drawn(snapshot, name, asked, language)
    except QuestionError as error:
        raise NothingToRefresh(f"{match[0]}: {error}", f"{match[0]}：{error.zh}") from None
    parts = sheet_parts(finish.linked(drawn.svg, None), width)
    number = min(int(part or 1), len(parts))
    svg = parts[number - 1] if part else finish.linked(drawn.svg, None)
    _replace(document, shape, svg, WIDTHS_MM[width])
    properties = shape._inline.docPr
    kept = f"?{query}" if query else ""
    address = f"{root}/v/{snapshot.version.id}/views/{name}{kept}" + (
        f"#part={part}" if part else ""
    )
    properties.set("descr", clean(f"{drawn.title}：{drawn.caption} {address}"))
    properties.set("title", clean(drawn.title))
    return f"{drawn.title}: {_difference(store, before, name, asked, language, drawn)}"


def _drawn(snapshot: Snapshot, name: str, params: dict[str, str], language: str) -> Drawn:
    here = narrowed(snapshot, scope_of(snapshot, params))
    return drawn_for(here, name, {k: v for k, v in params.items() if k not in KEYS}, language)


def _replace(document: Any, shape: Any, svg: str, width_mm: float) -> None:
    blip = next(shape._inline.iter(qn("a:blip")))
    parts = document.part.related_parts
    parts[blip.get(qn("r:embed"))]._blob = png(svg, zoom_for(svg, width_mm))
    for element in blip.iter():
        if str(element.tag).endswith("}svgBlip"):
            parts[element.get(qn("r:embed"))]._blob = svg.encode()
    wide, high = finish.size_of(svg)
    shape.height = int(shape.width * high / wide)


def _difference(
    store: Store, before: str, name: str, params: dict[str, str], language: str, drawn: Drawn
) -> str:
    """The changes since the version of the picture: rows that came and went."""
    try:
        old = _drawn(store.open(store.version(before)), name, params, language)
    except (StoreError, QuestionError):
        return f"drawn again; version {before} is gone, so what changed is not known"
    came, went = set(drawn.rows) - set(old.rows), set(old.rows) - set(drawn.rows)
    if not came and not went:
        return "unchanged"
    return f"{len(came)} rows new or changed, {len(went)} rows gone or changed"
