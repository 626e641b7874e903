"""A briefing as a Word file: styles, real tables whose heads repeat, pictures as drawings.

Word shows an SVG and keeps a PNG for older programs; python-docx knows only the PNG,
so the SVG is added as a second part and named in the picture's properties, with its alt text.
"""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from viz.drawing.svg import clean
from viz.reports.briefing import Briefing, BriefingPicture, Proof
from viz.reports.html import above, cells, grounds, legend, named, place_of, quarters, who
from viz.reports.word_drawing import add_drawing

_HEI, _SONG, _LATIN = "微软雅黑", "宋体", "Arial"
_SECOND, _THIRD = RGBColor(0x50, 0x4D, 0x46), RGBColor(0x6B, 0x67, 0x5D)
_SVG = "{96DAC541-7B7A-43D3-8B79-37D633B846F1}"
"""The extension of DrawingML under which Office keeps an SVG (ECMA-376, [MS-ODRAWXML])."""


def word(briefing: Briefing) -> bytes:
    """The briefing as docx, the same bytes each time."""
    document: Any = docx.Document()
    _page(document, briefing)
    document.add_paragraph(clean(briefing.kind), "Caption")
    document.add_heading(clean(briefing.title), 0)
    for line in briefing.summary:
        document.add_paragraph(clean(line), "Lead")
    for number, figure in enumerate(briefing.figures, start=1):
        _picture(document, figure, number)
    if briefing.sections:
        _timeline(document, briefing)
        _sentences(document, briefing)
    _sources(document, briefing)
    out = BytesIO()
    document.save(out)
    return dated(out.getvalue())


def _page(document: Any, briefing: Briefing) -> None:
    page = document.sections[0]
    page.orientation = WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = Mm(18)
    page.top_margin = page.bottom_margin = Mm(18)
    for name, face, size in (
        ("Normal", _HEI, 10.5), ("Title", _SONG, 22), ("Heading 1", _HEI, 14),
        ("Heading 2", _HEI, 12), ("Heading 3", _HEI, 11), ("Caption", _HEI, 8.5),
    ):  # fmt: skip
        set_face(document.styles[name], face, size)
    for name, face, size in (("Lead", _SONG, 13), ("Evidence", _SONG, 11), ("Cell", _HEI, 8.5)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        set_face(style, face, size)
    document.styles["Caption"].font.bold = False
    document.styles["Caption"].font.color.rgb = _THIRD
    document.styles["Cell"].paragraph_format.space_after = Pt(2)
    document.styles["Evidence"].paragraph_format.left_indent = Mm(6)
    for name in ("Title", "Heading 1", "Heading 2", "Heading 3"):
        document.styles[name].font.color.rgb = RGBColor(0x1B, 0x1A, 0x17)
    said = document.core_properties
    said.title, said.author, said.language = clean(briefing.title), "tiaokuai", "zh-CN"
    said.comments = f"version {briefing.version}"
    said.created = said.modified = datetime.fromisoformat(briefing.time)
    foot = page.footer.paragraphs[0]
    foot.style = document.styles["Caption"]
    foot.add_run(
        clean(f"{briefing.title} · {briefing.say('版本', 'version')} {briefing.version} · ")
    )
    _field(foot, "PAGE")


def set_face(style: Any, face: str, size: float) -> None:
    """Sets a style in a face for Chinese and another for Latin; Word keeps them apart."""
    style.font.name, style.font.size = _LATIN, Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), face)


def _field(paragraph: Any, code: str) -> None:
    """A field that Word works out, such as the number of the page."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)


def _picture(document: Any, figure: BriefingPicture, number: int) -> None:
    """The picture as a drawing, with its address in the alternative text."""
    page = document.sections[0]
    room_mm = (page.page_width - page.left_margin - page.right_margin) / Mm(1)
    alt = f"{figure.alt} {figure.address}".strip()
    add_drawing(document, figure.svg, room_mm, figure.title, alt, number, high_mm=230)


def _timeline(document: Any, briefing: Briefing) -> None:
    document.add_heading(briefing.say("全年时间线", "The year by quarter"), 1)
    table = document.add_table(rows=1, cols=5)
    table.style = "Table Grid"
    draw_hairlines(table)
    heads = [briefing.say("目标", "target"), *quarters(briefing)]
    for cell, words in zip(table.rows[0].cells, heads, strict=True):
        _say(cell, words, bold=True)
    repeat = OxmlElement("w:tblHeader")
    repeat.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(repeat)
    for section in briefing.sections:
        band = table.add_row().cells
        _say(band[0].merge(band[4]), f"{section.label} {len(section.entries)}", bold=True)
        for entry in section.entries:
            row = table.add_row()
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, words in zip(row.cells, cells(briefing, section, entry), strict=True):
                _say(cell, words)
    document.add_paragraph(legend(briefing), "Caption")


def draw_hairlines(table: Any) -> None:
    """Thin grey lines between rows, none between columns."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        drawn = side in ("top", "bottom", "insideH")
        line.set(qn("w:val"), "single" if drawn else "nil")
        if drawn:
            line.set(qn("w:sz"), "4")
            line.set(qn("w:color"), "BFB9AA")
        borders.append(line)
    table._tbl.tblPr.append(borders)


def _say(cell: Any, words: str, *, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.style = "Cell"
    paragraph.add_run(clean(words)).bold = bold


def _sentences(document: Any, briefing: Briefing) -> None:
    document.add_heading(briefing.say("目标与原句", "Targets and their sentences"), 1)
    for section in briefing.sections:
        document.add_heading(clean(section.label), 2)
        if section.inferred:
            for line in grounds(briefing, section):
                document.add_paragraph(clean(line))
            continue
        for entry in section.entries:
            document.add_heading(clean(named(briefing, entry)), 3)
            doers = document.add_paragraph()
            doers.add_run(clean(who(briefing, entry))).font.color.rgb = _SECOND
            doers.paragraph_format.keep_with_next = True
            for proof in entry.proofs:
                _proof(document, proof, briefing)
            if not entry.proofs:
                document.add_paragraph(above(briefing), "Caption")


def _proof(document: Any, proof: Proof, briefing: Briefing) -> None:
    quotation = document.add_paragraph(style="Evidence")
    for words, quoted in proof.parts:
        run = quotation.add_run(clean(words))
        if quoted:
            shade = OxmlElement("w:shd")
            for key, value in (("val", "clear"), ("color", "auto"), ("fill", "FFEEAA")):
                shade.set(qn(f"w:{key}"), value)
            run._r.get_or_add_rPr().append(shade)
    quotation.paragraph_format.keep_with_next = True
    document.add_paragraph(
        clean(place_of(briefing, proof)), "Caption"
    ).paragraph_format.left_indent = Mm(6)


def _sources(document: Any, briefing: Briefing) -> None:
    say = briefing.say
    document.add_heading(say("来源与固定地址", "Sources and permanent addresses"), 1)
    version = f"{say('图谱版本', 'version of the graph')} {briefing.version}（{briefing.time}）"
    for line in (*briefing.sources, version, *(f"{k} {v}" for k, v in briefing.links)):
        document.add_paragraph(clean(line))


def dated(data: bytes) -> bytes:
    """The same file with one date on every part, so that it is the same bytes each time."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            entry = zipfile.ZipInfo(part.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(part))
    return out.getvalue()
