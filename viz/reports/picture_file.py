"""One picture as a Word file, for people to copy from: a vector drawing, its caption, its source."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import docx
from docx.enum.section import WD_ORIENT
from docx.shared import Mm

from graph.store.snapshot import Snapshot
from queries.scope import scope_seen
from viz.drawing import finish
from viz.drawing.paper import SHEETS_MM, WIDTHS_MM
from viz.drawing.raster import sheet_parts
from viz.reports.word_drawing import add_drawing
from viz.views.report_mode import drawn_for

_USUAL_WIDTH = "160mm"


def frozen_address(
    snapshot: Snapshot, name: str, params: Mapping[str, str], language: str, url: str
) -> str:
    """The address of a picture at its version, from which it can be drawn again."""
    kept = {k: v for k, v in params.items() if v and k not in ("at", "scale", "lang")}
    kept |= scope_seen(snapshot).params | ({"lang": "en"} if language == "en" else {})
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{url}/v/{snapshot.version.id}/views/{name}{query}"


def picture_file(
    snapshot: Snapshot, name: str, params: Mapping[str, str], *, language: str, url: str
) -> bytes:
    """Write a picture as a Word file; a long one in parts of a page each."""
    width = params.get("width") or _USUAL_WIDTH
    asked = {**params, "width": width, "title": "0", "caption": "0"}
    drawn = drawn_for(snapshot, name, asked, language)
    document: Any = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    if WIDTHS_MM[width] > SHEETS_MM["A4"][0]:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    address = frozen_address(snapshot, name, asked, language, url)
    parts = sheet_parts(finish.linked(drawn.svg, None), width)
    for number, part in enumerate(parts, start=1):
        extra = f"#part={number}" if len(parts) > 1 else ""
        alt = f"{drawn.title}：{drawn.caption} {address}{extra}"
        add_drawing(document, part, WIDTHS_MM[width], drawn.title, alt, number)
    document.add_paragraph(f"{drawn.title}。{drawn.caption}", "Caption")
    notices = "；".join(d.name for d in scope_seen(snapshot).documents[:3])
    source = f"Source: {notices}. {address}" if language == "en" else f"来源：{notices}。{address}"
    document.add_paragraph(source, "Caption")
    out = BytesIO()
    document.save(out)
    return out.getvalue()
