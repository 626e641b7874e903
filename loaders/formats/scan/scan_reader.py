"""Scans to text and grids: pages without text are recognised, the rest is read as in any PDF."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pypdfium2

from loaders.formats.extracted import Flat, Refused, Remark
from loaders.formats.pdf import reader as pdf
from loaders.formats.scan.pictures import DPI, MAX_PAGES, pictures_in
from loaders.formats.scan.scanned_page import CONTEXT_CHARS, ScannedPage, scanned_page

_LEAST_CHARS = 10
MAX_REMARKS = 200


def read(data: bytes) -> Flat:
    """The text and grids of a PDF with scanned pages, or of a picture file.

    A remark says how many pages were recognised; one for each line with a character of low
    confidence shows that character. Raises Refused, also where a picture holds no text.
    """
    pages: list[ScannedPage] = []
    if data[:1024].find(b"%PDF-") >= 0:
        flat = pdf.read(data, recognise=partial(_recognise, pypdfium2.PdfDocument(data), pages))
    else:
        for number, picture in enumerate(pictures_in(data)):
            pages.append(scanned_page(picture, first=number == 0))
        flat = pdf.written(pages)
    if len("".join(flat.text.split())) < _LEAST_CHARS:
        raise Refused("no text was found in its pictures")
    return replace(flat, remarks=(*flat.remarks, *_remarks(flat.text, pages)))


def _recognise(
    document: pypdfium2.PdfDocument, pages: list[ScannedPage], number: int
) -> ScannedPage:
    if len(pages) == MAX_PAGES:
        raise Refused(f"it has more than {MAX_PAGES} scanned pages")
    picture = document[number].render(scale=DPI / 72, rev_byteorder=True).to_numpy()[..., :3]
    pages.append(scanned_page(picture, first=number == 0))
    return pages[-1]


def _remarks(text: str, pages: list[ScannedPage]) -> list[Remark]:
    if not pages:
        return []
    first = next(line for line in text.split("\n") if line.strip())
    at = text.index(first)
    whole = partial(Remark, at, at + len(first))
    found = [whole("scan", f"{len(pages)}页由扫描图像识别，请对照原件")]
    for number, page in enumerate(pages, 1):
        if page.unread:
            found.append(whole("scan-unread", f"扫描的第{number}页有{page.unread}处字迹没有认出"))
        for line, place in page.unclear():
            context = line.text[max(0, place - CONTEXT_CHARS) : place + CONTEXT_CHARS + 1].strip()
            if context and (at := text.find(context)) >= 0 and len(found) < MAX_REMARKS:
                char = line.chars[place]
                box = "，".join(f"{char[k]:.0f}" for k in ("x0", "top", "x1", "bottom"))
                why = (
                    f"扫描的第{number}页（{box}）里“{char['text']}”辨认不清（{char['score']:.0%}）"
                )
                found.append(Remark(at, at + len(context), "scan-unclear", why))
    return found
