"""SVG to PNG and PDF, with the fonts of the project so that every machine draws the same."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from functools import cache
from typing import Any
from xml.etree import ElementTree

import resvg_py

from viz.drawing.finish import sheets, size_of
from viz.drawing.paper import SHEETS_MM, WIDTHS_MM
from viz.frontend import HEI, VENDOR, fonts

_TEXT = "{http://www.w3.org/2000/svg}text"


def png(svg: str, scale: float) -> bytes:
    """The picture at `scale` pixels a unit. Without our fonts the system's are taken."""
    files = [str(f) for f in fonts()]
    made = resvg_py.svg_to_bytes(
        svg_string=svg, zoom=scale, font_files=files or None, skip_system_fonts=bool(files),
        font_family="Noto Sans SC" if files else None,
        sans_serif_family="Noto Sans SC" if files else None,
    )  # fmt: skip
    return bytes(made)


def sheet_parts(svg: str, width: str) -> list[str]:
    """Cut a picture that is drawn at a width into what fits on one sheet each."""
    units, _ = size_of(svg)
    _, room_mm = SHEETS_MM["A4-landscape" if WIDTHS_MM[width] > SHEETS_MM["A4"][0] else "A4"]
    return sheets(svg, room_mm * units / WIDTHS_MM[width])


def pdf_sheets(parts: Sequence[str], width: str) -> bytes:
    """Lay parts of a picture on sheets of A4: fonts inside, words to be found and copied."""
    import pypdfium2
    import vl_convert

    _register(vl_convert)
    wide_mm = WIDTHS_MM[width]
    sheet = (297.0, 210.0) if wide_mm > SHEETS_MM["A4"][0] else (210.0, 297.0)
    made = pypdfium2.PdfDocument.new()
    for part in parts:
        page = pypdfium2.PdfDocument(bytes(vl_convert.svg_to_pdf(_on_sheet(part, sheet, wide_mm))))
        made.import_pages(page)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _on_sheet(part: str, sheet: tuple[float, float], wide_mm: float) -> str:
    """Return a sheet with a part of a picture between its margins."""
    box = re.search(
        r'viewBox="([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+)" width="[^"]+" height="[^"]+"', part
    )
    assert box
    left, top, wide, high = (float(n) for n in box.groups())
    one = wide / wide_mm
    room_mm = SHEETS_MM["A4-landscape" if sheet[0] > sheet[1] else "A4"][1]
    placed = (
        f'viewBox="{left:g} {top:g} {wide:g} {high:g}" x="{(sheet[0] - wide_mm) / 2 * one:.2f}" '
        f'y="{(sheet[1] - room_mm) / 2 * one:.2f}" width="{wide:g}" height="{high:g}"'
    )
    inner = part[: box.start()] + placed + part[box.end() :]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{sheet[0] * 72 / 25.4:.3f}" '
        f'height="{sheet[1] * 72 / 25.4:.3f}" viewBox="0 0 {sheet[0] * one:.2f} '
        f'{sheet[1] * one:.2f}">{inner}</svg>'
    )


def pdf(svg: str) -> bytes:
    """The picture as one page of PDF: its fonts inside, its words to be found and copied."""
    import vl_convert

    _register(vl_convert)
    return bytes(vl_convert.svg_to_pdf(svg))


def missing_glyphs(svg: str) -> list[str]:
    """Return the characters of a picture that our font lacks; none without a font."""
    known = _held()
    if not known:
        return []
    words = "".join("".join(e.itertext()) for e in ElementTree.fromstring(svg).iter(_TEXT))
    return sorted({c for c in words if ord(c) not in known and not c.isspace()})


@cache
def _held() -> frozenset[int]:
    from fontTools.ttLib import TTFont

    path = VENDOR / HEI
    if not path.is_file():
        return frozenset()
    with TTFont(path, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _register(vl_convert: Any) -> None:
    if fonts():
        vl_convert.register_font_directory(str(VENDOR))
