"""A briefing as PDF: A4, our own fonts cut to what is written, text that can be selected.

The words are set by fpdf2. A picture is turned into a page of PDF of its own and laid into the
room that was left for it, so it stays a drawing with text that can be found.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import pypdfium2
from fpdf import FPDF
from fpdf.enums import TableBordersLayout, VAlign, WrapMode, XPos, YPos
from fpdf.fonts import FontFace
from pypdfium2 import raw as pdfium

from viz.drawing.raster import pdf as drawn
from viz.drawing.svg import clean
from viz.frontend import HEI, HEI_BOLD, SONG, vendored
from viz.reports.briefing import Briefing, BriefingPicture, Proof, Section
from viz.reports.html import above, cells, grounds, legend, named, place_of, quarters, who

_INK, _SECOND, _THIRD, _WASH, _EVIDENCE = (
    (0x1B, 0x1A, 0x17), (0x50, 0x4D, 0x46), (0x6B, 0x67, 0x5D), (0xF4, 0xF1, 0xE9), (0xFF, 0xEE, 0xAA),
)  # fmt: skip
_MARGIN, _WIDTH = 16.0, 178.0
_MM = 72 / 25.4


class NoFonts(Exception):
    """A PDF in Chinese cannot be set without the fonts of the project."""


@dataclass(frozen=True, slots=True)
class _Room:
    """The place of a picture: page, and its box in millimetres from the top left."""

    page: int
    x: float
    y: float
    width: float
    height: float
    source: bytes


class _BriefingPdf(FPDF):
    """A page with its foot: name, version, number."""

    foot = ""

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("hei", size=7.5)
        self.set_text_color(*_THIRD)
        self.cell(_WIDTH * 0.85, 5, self.foot)
        self.cell(_WIDTH * 0.15, 5, f"{self.page_no()}", align="R")


def pdf(briefing: Briefing) -> bytes:
    """The briefing as PDF. Raises NoFonts where the fonts were not fetched."""
    sheet = _sheet(briefing)
    _opening(sheet, briefing)
    rooms = [_room(sheet, figure) for figure in briefing.figures]
    if briefing.sections:
        _timeline(sheet, briefing)
        _sentences(sheet, briefing)
    _sources(sheet, briefing)
    return _filled(bytes(sheet.output()), rooms)


def _sheet(briefing: Briefing) -> _BriefingPdf:
    sheet = _BriefingPdf(format="A4")
    faces = {"hei": (HEI, HEI_BOLD), "song": (SONG, SONG)}
    for family, names in faces.items():
        for style, name in zip(("", "B"), names, strict=True):
            path = vendored(name)
            if path is None:
                raise NoFonts(f"the font {name} is not there; `make frontend` fetches it")
            sheet.add_font(family, style, str(path))
    sheet.foot = clean(f"{briefing.title} · {briefing.say('版本', 'version')} {briefing.version}")
    sheet.set_margins(_MARGIN, 16, _MARGIN)
    sheet.set_auto_page_break(True, 18)
    sheet.set_title(clean(briefing.title))
    sheet.set_lang("zh-CN" if briefing.language == "zh" else "en")
    sheet.set_creator("tiaokuai")
    sheet.set_creation_date(datetime.fromisoformat(briefing.time).replace(tzinfo=UTC))
    sheet.add_page()
    return sheet


def _words(
    sheet: FPDF,
    words: str,
    *,
    size: float,
    family: str = "hei",
    style: str = "",
    colour: tuple[int, int, int] = _INK,
    leading: float = 1.6,
    indent: float = 0,
) -> None:
    sheet.set_font(family, style, size)
    sheet.set_text_color(*colour)
    sheet.set_x(_MARGIN + indent)
    sheet.multi_cell(
        _WIDTH - indent, size / _MM * leading, clean(words), wrapmode=WrapMode.CHAR, align="L",
        new_x=XPos.LMARGIN, new_y=YPos.NEXT,
    )  # fmt: skip


def _heading(sheet: FPDF, words: str) -> None:
    if sheet.will_page_break(30):
        sheet.add_page()
    sheet.ln(5)
    sheet.set_draw_color(*_INK)
    sheet.set_line_width(0.5)
    sheet.line(_MARGIN, sheet.get_y(), _MARGIN + _WIDTH, sheet.get_y())
    sheet.ln(1.5)
    sheet.start_section(clean(words))
    _words(sheet, words, size=12, style="B")
    sheet.ln(1)


def _opening(sheet: FPDF, briefing: Briefing) -> None:
    _words(sheet, briefing.kind, size=9, colour=_THIRD)
    _words(sheet, briefing.title, size=20, family="song", leading=1.4)
    sheet.ln(2)
    for line in briefing.summary:
        _words(sheet, line, size=11.5, family="song")
    sheet.ln(3)


def _room(sheet: FPDF, figure: BriefingPicture) -> _Room:
    """Leaves room for a picture: as wide as the text, no higher than a page."""
    source = drawn(figure.svg)
    page = pypdfium2.PdfDocument(source)[0]
    width, height = page.get_size()
    scale = min(_WIDTH / width, 240 / height, 1 / _MM)
    width, height = width * scale, height * scale
    if sheet.will_page_break(height):
        sheet.add_page()
    room = _Room(sheet.page_no() - 1, _MARGIN, sheet.get_y(), width, height, source)
    sheet.set_y(sheet.get_y() + height + 2)
    return room


def _filled(document: bytes, rooms: Sequence[_Room]) -> bytes:
    """The document with the pictures laid into their rooms."""
    whole = pypdfium2.PdfDocument(document)
    for room in rooms:
        source = pypdfium2.PdfDocument(room.source)
        width, height = source[0].get_size()
        page = whole[room.page]
        picture = source.capture_page_as_xobject(0, whole) if hasattr(
            source, "capture_page_as_xobject"
        ) else source.page_as_xobject(0, whole)  # fmt: skip
        laid = picture.as_pageobject()
        x, y = room.x * _MM, page.get_height() - (room.y + room.height) * _MM
        matrix = pypdfium2.PdfMatrix()
        laid.set_matrix(
            matrix.scale(room.width * _MM / width, room.height * _MM / height).translate(x, y)
        )
        page.insert_obj(laid)
        page.gen_content()
    out = BytesIO()
    whole.save(out, flags=pdfium.FPDF_NO_INCREMENTAL)
    return out.getvalue()


def _timeline(sheet: FPDF, briefing: Briefing) -> None:
    _heading(sheet, briefing.say("全年时间线", "The year by quarter"))
    for section in briefing.sections:
        if sheet.will_page_break(32):
            sheet.add_page()
        sheet.ln(1.5)
        _words(sheet, f"{section.label} {len(section.entries)}", size=9, style="B")
        _table(sheet, briefing, section)
    sheet.ln(1)
    _words(sheet, legend(briefing), size=7.5, colour=_THIRD)


def _table(sheet: FPDF, briefing: Briefing, section: Section) -> None:
    sheet.set_font("hei", size=7.5)
    sheet.set_text_color(*_INK)
    sheet.set_draw_color(0xDF, 0xDB, 0xD0)
    sheet.set_line_width(0.2)
    head = FontFace(emphasis="BOLD", color=_INK, fill_color=_WASH)
    with sheet.table(
        width=int(_WIDTH), col_widths=(24, 19, 19, 19, 19), text_align="LEFT", line_height=4.2,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES, headings_style=head, padding=1,
        wrapmode=WrapMode.CHAR, v_align=VAlign.T,
    ) as table:  # fmt: skip
        table.row([briefing.say("目标", "target"), *quarters(briefing)])
        for entry in section.entries:
            table.row([clean(cell) for cell in cells(briefing, section, entry)])


def _sentences(sheet: FPDF, briefing: Briefing) -> None:
    _heading(sheet, briefing.say("目标与原句", "Targets and their sentences"))
    for section in briefing.sections:
        _words(sheet, section.label, size=10.5, style="B")
        if section.inferred:
            for line in grounds(briefing, section):
                _words(sheet, line, size=8.5, colour=_SECOND)
            continue
        for entry in section.entries:
            if sheet.will_page_break(28):
                sheet.add_page()
            _words(sheet, named(briefing, entry), size=10, style="B")
            _words(sheet, who(briefing, entry), size=8.5, colour=_SECOND)
            for proof in entry.proofs:
                _quotation(sheet, proof)
                _words(sheet, place_of(briefing, proof), size=7.5, colour=_THIRD, indent=5)
            if not entry.proofs:
                _words(sheet, above(briefing), size=7.5, colour=_THIRD, indent=5)
            sheet.ln(1.5)


def _quotation(sheet: FPDF, proof: Proof) -> None:
    """A sentence as one paragraph, its quotes underlined and heavier."""
    sheet.set_text_color(*_INK)
    with sheet.text_columns(
        ncols=1, l_margin=_MARGIN + 5, r_margin=_MARGIN, line_height=1.6, text_align="LEFT"
    ) as column, column.paragraph(wrapmode=WrapMode.CHAR) as paragraph:  # fmt: skip
        for words, quoted in proof.parts:
            sheet.set_font("song", "U" if quoted else "", size=9.5)
            paragraph.write(clean(words))


def _sources(sheet: FPDF, briefing: Briefing) -> None:
    say = briefing.say
    _heading(sheet, say("来源与固定地址", "Sources and permanent addresses"))
    for source in briefing.sources:
        _words(sheet, source, size=9, colour=_SECOND)
    version = f"{say('图谱版本', 'version of the graph')} {briefing.version}（{briefing.time}）"
    _words(sheet, version, size=9, colour=_SECOND)
    for label, address in briefing.links:
        _words(sheet, f"{label} {address}", size=9, colour=_SECOND)
