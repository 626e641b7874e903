"""Pictures inside Word files: an SVG with a PNG for programs that draw none, and its address."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Mm

from viz.drawing.finish import size_of
from viz.drawing.raster import png
from viz.drawing.svg import clean

SVG_EXTENSION = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
_DPI = 200


def zoom_for(svg: str, width_mm: float) -> float:
    """Return the pixels a unit of the picture that replaces an SVG."""
    return width_mm / 25.4 * _DPI / size_of(svg)[0]


def add_drawing(
    document: Any,
    svg: str,
    width_mm: float,
    title: str,
    alt: str,
    number: int,
    high_mm: float = 250,
) -> None:
    """Add a picture of this width at the end of a document."""
    image = BytesIO(png(svg, zoom_for(svg, width_mm)))
    shape = document.add_picture(image, width=Mm(width_mm))
    if shape.height > Mm(high_mm):
        shape.width = int(shape.width * Mm(high_mm) / shape.height)
        shape.height = Mm(high_mm)
    part = Part(
        PackURI(f"/word/media/drawing{number}.svg"), "image/svg+xml", svg.encode(),
        document.part.package,
    )  # fmt: skip
    relation = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    shape._inline.docPr.set("descr", clean(alt))
    shape._inline.docPr.set("title", clean(title))
    blip = next(shape._inline.iter(qn("a:blip")))
    blip.append(
        parse_xml(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            f'<a:ext uri="{SVG_EXTENSION}"><asvg:svgBlip '
            'xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
            f'r:embed="{relation}"/></a:ext></a:extLst>'
        )
    )
