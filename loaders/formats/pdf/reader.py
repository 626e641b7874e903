"""PDF with text to text and grids: lines joined to paragraphs, ruled tables over all their pages.

Page numbers and lines that every page repeats are left out; a row that a page break cuts is one
row. A page that is a picture is given to a recogniser (`loaders.formats.scan`) if there is one.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any, Protocol

import pdfplumber
import pypdfium2
from pdfplumber.utils.exceptions import PdfminerException

from loaders.formats.extracted import Flat, Refused, Remark, Scanned, Writing, label_lines
from loaders.formats.pdf.lines import Line, lines_of, paragraphs_of, without_furniture
from loaders.formats.pdf.page_marks import upright
from loaders.formats.pdf.ruled_tables import Ruled, joined, ruled
from loaders.formats.pdf.unruled_tables import Columns, columns_of, split_off, unruled

MEDIA = "application/pdf"
_PAGES = 1_000
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


MIN_PICTURE_SHARE = 0.3
"""The share of a page without text that a picture covers where the page is a scan."""
MIN_CURVES = 60
"""Curves on a page without text whose letters are drawn as outlines."""
_LEAST_CHARS = 10


class Page(Protocol):
    """A page as its reader takes it: upright, in points from the left and the top."""

    @property
    def width(self) -> float:
        """The width of the page."""

    @property
    def height(self) -> float:
        """The height of the page."""

    @property
    def edges(self) -> list[dict[str, Any]]:
        """The rules and the sides of boxes."""

    def find_tables(self, settings: dict[str, Any]) -> list[Any]:
        """The ruled tables."""

    def chars(self) -> list[dict[str, Any]]:
        """The characters."""


@dataclass(frozen=True, slots=True)
class _Page:
    lines: tuple[Line, ...]
    tables: tuple[Ruled, ...]
    height: float


def read(data: bytes, recognise: Callable[[int], Page] | None = None) -> Flat:
    """The text and grids of a PDF.

    `recognise` gives the page of a number whose content is a picture; without it such pages are
    left out with a remark. Raises Refused; Scanned where all pages are pictures, or where some
    are and a recogniser is installed.
    """
    pictures: list[int] = []
    try:
        flat = written(_pages(data, recognise, pictures))
    except PdfminerException as error:
        if "Password" in repr(error):
            raise Refused("it is a PDF that is protected by a password") from error
        raise Refused(f"it is a PDF that is damaged or cut off ({error})") from error
    is_empty = len("".join(flat.text.split())) < _LEAST_CHARS
    if is_empty and not pictures and recognise is None:
        raise Refused("it is a PDF without text and without pictures")
    if pictures and (is_empty or find_spec("rapidocr")):
        raise Scanned("it is a PDF of pictures without text")
    if flat.text.count("(cid:") * 25 > len(flat.text):
        raise Refused("it is a PDF whose fonts do not say which characters they show")
    return _without_pictures(flat, pictures) if pictures else flat


def _without_pictures(flat: Flat, pictures: Sequence[int]) -> Flat:
    """Add the remark that some pages were not read."""
    first = next(line for line in flat.text.split("\n") if line.strip())
    at = flat.text.index(first)
    pages = "、".join(str(number + 1) for number in pictures)
    why = f"第{pages}页是图片，没有读；装上 tiaokuai[ocr] 可读扫描件"
    return replace(flat, remarks=(*flat.remarks, Remark(at, at + len(first), "unread-page", why)))


def _pages(
    data: bytes, recognise: Callable[[int], Page] | None, pictures: list[int]
) -> Iterator[Page]:
    """The pages of a PDF, one after the other; numbers of pictures left out go to `pictures`."""
    try:
        count = len(pypdfium2.PdfDocument(data))
    except pypdfium2.PdfiumError as error:
        why = "protected by a password" if "assword" in str(error) else "damaged or cut off"
        raise Refused(f"it is a PDF that is {why}") from error
    if count > _PAGES:
        raise Refused(f"it is a PDF of {count:,} pages, more than {_PAGES:,}")
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages):
            if not _is_picture(page):
                yield upright(page)
            elif recognise is not None:
                yield recognise(number)
            else:
                pictures.append(number)
            page.close()


def _is_picture(page: Any) -> bool:
    """Return whether a page has next to no characters but a picture, or letters drawn as curves."""
    if sum(bool(c["text"].strip()) for c in page.chars) >= _LEAST_CHARS:
        return False
    area = float(page.width) * float(page.height)
    return len(page.curves) >= MIN_CURVES or any(
        float(i["width"]) * float(i["height"]) > MIN_PICTURE_SHARE * area for i in page.images
    )


class _Reading:
    """The pages of a document, one after the other: a table without rules may go on in the next."""

    def __init__(self) -> None:
        self._columns: Columns | None = None

    def page(self, page: Page) -> _Page:
        """Read the next page."""
        chars = [dict(c, text=c["text"].translate(_RADICALS)) for c in page.chars()]
        tables, rest = ruled(page, chars)
        if tables:
            self._columns = None
        elif rest:
            tables, rest = self._unruled(page, rest)
        return _Page(tuple(lines_of(rest)), tables, float(page.height))

    def _unruled(self, page: Page, chars: list[Any]) -> tuple[tuple[Ruled, ...], list[Any]]:
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


def written(views: Iterable[Page]) -> Flat:
    """Write pages out as text and grids."""
    reading = _Reading()
    pages = [reading.page(view) for view in views]
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
