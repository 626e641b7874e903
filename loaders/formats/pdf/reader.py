"""PDF with text to text and grids: lines joined to paragraphs, ruled tables over all their pages.

Page numbers and lines that every page repeats are left out; a row that a page break cuts is one
row. A page of pictures has no text to read: scans are refused.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pdfplumber
import pypdfium2
from pdfplumber.utils.exceptions import PdfminerException

from loaders.formats.extracted import Flat, Refused, Writing, label_lines
from loaders.formats.pdf.lines import Line, lines_of, paragraphs_of, without_furniture
from loaders.formats.pdf.page_marks import upright
from loaders.formats.pdf.ruled_tables import Ruled, joined, ruled
from loaders.formats.pdf.scans import NO_TEXT, remarked, scanned_pages
from loaders.formats.pdf.unruled_tables import Columns, columns_of, split_off, unruled

MEDIA = "application/pdf"
_PAGES = 1_000
MIN_TEXT_CHARS = 10
_FORMS = (
    "⺁厂⺄乙⺈刀⺊卜⺌小⺎兀⺒巳⺓幺⺜日⺝月⺟母⺠民⺧牛⺩王⺪疋⺫目⺬示⺮竹⺶羊⺷羊⺻聿⺼肉⺽臼⻁虎⻄西⻅见⻆角⻉贝⻋车⻌辶"
    "⻑長⻓长⻔门⻗雨⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻧卤⻨麦⻩黄⻪黾⻬齐⻮齿⻰龙⻱龜⻳龟"
)
"""Radicals that are characters of their own, each before the character: NFKC leaves them."""
_RADICALS = (
    {
        c: unicodedata.normalize("NFKC", chr(c))
        for first, end in ((0x2E80, 0x2FE0), (0xF900, 0xFB00))
        for c in range(first, end)
    }
    | {0x2329: "〈", 0x232A: "〉"}
    | {ord(a): b for a, b in zip(_FORMS[::2], _FORMS[1::2], strict=True)}
)
"""Fonts often name a character by its radical or its compatibility form."""


@dataclass(frozen=True, slots=True)
class _Page:
    lines: tuple[Line, ...]
    tables: tuple[Ruled, ...]
    height: float


def read(data: bytes) -> Flat:
    """The text and grids of a PDF. Raises Refused."""
    try:
        reading = _Reading()
        pages = [reading.page(p) for p in _pages(data)]
    except PdfminerException as error:
        if "Password" in repr(error):
            raise Refused("it is a PDF that is protected by a password") from error
        raise Refused(f"it is a PDF that is damaged or cut off ({error})") from error
    said = [c for p in pages for line in p.lines for c in line.text]
    said += [c for p in pages for t in p.tables for cell in t.cells for c in cell.text]
    text = "".join(said)
    if len("".join(text.split())) < MIN_TEXT_CHARS:
        raise Refused(NO_TEXT)
    if text.count("(cid:") * 25 > len(text):
        raise Refused("it is a PDF whose fonts do not say which characters they show")
    return _written(pages)


def read_scan(data: bytes) -> Flat:
    """Return the text and grids of a PDF or picture of scanned pages. Raises Refused."""
    scans = list(scanned_pages(data))
    if sum(len(scan.chars) for scan in scans) < MIN_TEXT_CHARS:
        raise Refused("no text was found in its pictures")
    reading = _Reading()
    return remarked(_written([reading.page(scan) for scan in scans]), scans)


def _pages(data: bytes) -> Iterable[Any]:
    try:
        count = len(pypdfium2.PdfDocument(data))
    except pypdfium2.PdfiumError as error:
        why = "protected by a password" if "assword" in str(error) else "damaged or cut off"
        raise Refused(f"it is a PDF that is {why}") from error
    if count > _PAGES:
        raise Refused(f"it is a PDF of {count:,} pages, more than {_PAGES:,}")
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            yield page
            page.close()


class _Reading:
    """The pages of a document, one after the other: a table without rules may go on in the next."""

    def __init__(self) -> None:
        self._columns: Columns | None = None

    def page(self, page: Any) -> _Page:
        """What stands on the next page."""
        page = upright(page)
        chars = [dict(c, text=c["text"].translate(_RADICALS)) for c in page.chars()]
        tables, rest = ruled(page, chars)
        if tables:
            self._columns = None
        elif rest:
            tables, rest = self._unruled(page, rest)
        return _Page(tuple(lines_of(rest)), tables, float(page.height))

    def _unruled(self, page: Any, chars: list[Any]) -> tuple[tuple[Ruled, ...], list[Any]]:
        found = columns_of(page, chars)
        top = 0.0
        if found is not None and (self._columns is None or found[0].heads != self._columns.heads):
            self._columns, top = found
        if self._columns is None:
            return (), chars
        inside, outside = split_off(chars, self._columns, top, float(page.height))
        table = unruled(page, inside, self._columns, top) if inside else None
        if table is None:
            self._columns = None
            return (), chars
        if any(c["top"] > top for c in outside if c["top"] < 0.9 * page.height):
            self._columns = None  # text below it: the table ends here
        return (table,), outside


def _written(pages: list[_Page]) -> Flat:
    bare = without_furniture([(p.lines, p.height) for p in pages])
    writing = Writing()
    waiting: list[Line] = []
    open_table: list[Ruled] = []

    def end_lines() -> None:
        for paragraph in paragraphs_of(waiting):
            writing.paragraph(paragraph)
        waiting.clear()

    def end_table() -> None:
        if open_table:
            cells = joined(open_table).cells
            lines = label_lines(cells)
            for line in lines or ():
                writing.paragraph(line)
            if not lines:
                writing.table(cells)
        open_table.clear()

    for page, lines in zip(pages, bare, strict=True):
        parts: list[Line | Ruled] = [*lines, *page.tables]
        for first, part in enumerate(sorted(parts, key=lambda p: p.top)):
            if isinstance(part, Line):
                end_table()
                waiting.append(part)
                continue
            end_lines()
            if open_table and not (first == 0 and part.goes_on(open_table[-1])):
                end_table()
            open_table.append(part)
    end_lines()
    end_table()
    return writing.flat(MEDIA)
