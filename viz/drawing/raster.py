"""SVG to PNG and PDF, with the fonts of the project so that every machine draws the same."""

from __future__ import annotations

from functools import cache
from typing import Any
from xml.etree import ElementTree

import resvg_py

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


def pdf(svg: str) -> bytes:
    """The picture as one page of PDF: its fonts inside, its words to be found and copied."""
    import vl_convert

    _register(vl_convert)
    return bytes(vl_convert.svg_to_pdf(svg))


def missing_glyphs(svg: str) -> list[str]:
    """Return the characters of a picture that our font lacks; none if there is no font."""
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
