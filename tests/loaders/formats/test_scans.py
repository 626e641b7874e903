"""Scans: pages that are pictures give the rows and cells of the pages that they show."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from folders import TESTS
from PIL import Image, ImageChops, ImageDraw

from graph.exports.document_json import document_json
from graph.quality import quality_of, reasons
from graph.records import Document
from loaders.errors import Unreadable
from loaders.formats.pdf import scans
from loaders.formats.source import source_of
from loaders.notice import read, read_text

PRINTED = TESTS / "cases" / "reading" / "merged_cell_over_page.pdf"


def stamped(page: Image.Image) -> Image.Image:
    """Press a red seal on a page: in print its ink and that of the text darken each other."""
    seal = Image.new("RGB", page.size, "white")
    pen, wide = ImageDraw.Draw(seal), page.width
    pen.ellipse((0.55 * wide, 0.15 * wide, 0.8 * wide, 0.4 * wide), outline=(225, 40, 50), width=8)
    pen.regular_polygon((0.675 * wide, 0.275 * wide, 60), 5, fill=(225, 60, 70))
    return ImageChops.multiply(page, seal)


def scan_of(data: bytes, *, skew: float, quality: int) -> bytes:
    """Print a PDF, stamp and scan it: a PDF of pictures at 150 dpi, turned by some degrees."""
    pages = []
    for page in pypdfium2.PdfDocument(data):
        picture = stamped(page.render(scale=150 / 72).to_pil().convert("RGB"))
        turned = picture.rotate(skew, resample=Image.Resampling.BICUBIC, fillcolor="white")
        lossy = io.BytesIO()
        turned.save(lossy, "JPEG", quality=quality)
        pages.append(Image.open(lossy))
    made = io.BytesIO()
    pages[0].save(made, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return made.getvalue()


def rows(document: Document) -> list[tuple[object, ...]]:
    """Return the targets of a document as people would compare them."""
    printed = document_json(document)["targets"]
    return [(t["id"], t["domain"], t["text"], t["lead"], t["coordinate"]) for t in printed]


def test_a_skewed_and_stamped_scan_reads_as_the_print() -> None:
    """A table over two pages: all its cells, what was unclear, and that it is from a scan."""
    scan = scan_of(PRINTED.read_bytes(), skew=-1.5, quality=50)
    document = read_text(source_of("scan.pdf", scan))
    assert rows(document) == rows(read(PRINTED))
    doubts = [d for d in document.review if d.kind == "scan"]
    assert [d.span.start for d in doubts] == [0]
    for doubt in document.review:
        assert document.text[doubt.span.start : doubt.span.end] == doubt.span.quote
        if doubt.kind == "scan-unclear":
            assert doubt.why.startswith(("第1页（", "第2页（"))
    said = reasons(quality_of(document).why, "en")
    assert any(reason.startswith("read from a scan") for reason in said)


def test_a_picture_without_text_is_refused() -> None:
    blank = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(blank, "PNG")
    with pytest.raises(Unreadable, match="no text was found in its pictures"):
        source_of("photo.png", blank.getvalue())


def test_without_the_extra_the_command_that_brings_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scans, "is_available", lambda: False)
    scan = scan_of(PRINTED.read_bytes(), skew=0, quality=50)
    with pytest.raises(Unreadable, match=r"pip install 'tiaokuai\[ocr\]'"):
        source_of("scan.pdf", scan)
    with pytest.raises(Unreadable, match=r"pip install 'tiaokuai\[ocr\]'"):
        source_of("scan.png", b"\x89PNG\r\n\x1a\n")
