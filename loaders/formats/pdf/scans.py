"""Scanned pages as characters and rules, so that the readers of other PDF pages read them.

A page is rendered, red seals are bleached and a skew of some degrees is turned back; rapidocr
(the extra `ocr`) gives characters with boxes and confidence, long dark runs are the rules.
"""

from __future__ import annotations

import importlib.util
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from loaders.formats.extracted import Flat, Refused, Remark

NO_TEXT = "it is a PDF of pictures without text"
A_PICTURE = "this is a picture"
HOW_TO_READ = "scans are read once `pip install 'tiaokuai[ocr]'` has brought what recognises text"
DOTS_PER_INCH = 150
MAX_PAGE_PIXELS = 12_000_000
MAX_PICTURE_PIXELS = 80_000_000
MAX_SCANNED_PAGES = 60
A4_POINTS = 595, 842
SURE_CHARACTER = 0.9
"""A character below this confidence is a doubt."""
MAX_SKEW_DEGREES = 4.0
SKEW_STEP_DEGREES = 0.25
MIN_SKEW_DEGREES = 0.3
"""A smaller skew does not move a line by its own height."""
SKEW_WIDTH_PIXELS = 700
RED_EXCESS = 60
"""A pixel is of a seal if red exceeds green and blue by this much."""
MIN_RULE_INCHES = 0.35
"""Shorter dark runs are strokes of characters."""
MAX_RULE_INCHES_THICK = 0.05
MAX_REMARKS = 200


@dataclass(frozen=True, slots=True)
class UnclearLine:
    """A line with characters of low confidence: its text, page, and box in points."""

    text: str
    page: int
    box: tuple[float, float, float, float]
    characters: str


@dataclass
class ScannedPage:
    """The parts of a pdfplumber page that the readers ask for, taken from a picture."""

    width: float
    height: float
    chars: list[dict[str, Any]]
    edges: list[dict[str, Any]]
    unclear: list[UnclearLine] = field(default_factory=list)


def is_available() -> bool:
    """Return whether the extra `ocr` is installed."""
    return importlib.util.find_spec("rapidocr") is not None


def scanned_pages(data: bytes) -> Iterator[ScannedPage]:
    """Recognise the pages of a PDF or of a picture, one after the other. Raises Refused."""
    pages = _pages_of_pdf(data) if data[:1024].find(b"%PDF-") >= 0 else _pages_of_picture(data)
    for number, (picture, scale) in enumerate(pages, 1):
        yield _recognised(_levelled(_without_seals(picture)), scale, number)


def _pages_of_pdf(data: bytes) -> Iterator[tuple[Any, float]]:
    """Render the pages of a PDF, each with its dots per point."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Refused("it is a PDF that is damaged or cut off") from error
    _cap_pages(len(document))
    for page in document:
        width, height = page.get_size()
        most = (MAX_PAGE_PIXELS / max(1.0, width * height)) ** 0.5
        scale = min(DOTS_PER_INCH / 72, most)
        yield page.render(scale=scale).to_pil().convert("RGB"), scale


def _pages_of_picture(data: bytes) -> Iterator[tuple[Any, float]]:
    """Return the frames of a picture, each taken for a page of A4."""
    from PIL import Image, ImageSequence

    try:
        picture = Image.open(io.BytesIO(data))
        if picture.width * picture.height > MAX_PICTURE_PIXELS:
            raise Refused(f"it is a picture of more than {MAX_PICTURE_PIXELS // 10**6} megapixels")
        _cap_pages(getattr(picture, "n_frames", 1))
        for frame in ImageSequence.Iterator(picture):
            page = frame.convert("RGB")
            short, long = A4_POINTS
            scale = page.width / (short if page.width < page.height else long)
            wanted = min(DOTS_PER_INCH / 72, scale)
            size = round(page.width * wanted / scale), round(page.height * wanted / scale)
            yield page.resize(size, Image.Resampling.LANCZOS), wanted
    except (OSError, ValueError, SyntaxError) as error:
        raise Refused(f"it is a picture that is damaged ({error})") from error


def _cap_pages(count: int) -> None:
    if count > MAX_SCANNED_PAGES:
        raise Refused(f"it has {count:,} scanned pages, more than {MAX_SCANNED_PAGES:,}")


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params={"Global.log_level": "error", "Global.max_side_len": 4000, **threads})


def _without_seals(picture: Any) -> Any:
    """Bleach the red of seals and heads: in red light it is white, and ink below it stays dark."""
    import numpy
    from PIL import Image

    pixels = numpy.asarray(picture).astype(numpy.int16)
    red, others = pixels[..., 0], pixels[..., 1:].max(axis=2)
    grey = numpy.where(red - others > RED_EXCESS, red, pixels.mean(axis=2))
    return Image.fromarray(grey.astype(numpy.uint8))


def _levelled(picture: Any) -> Any:
    """Turn a page back by the angle at which its rows of ink are sharpest."""
    import numpy

    small = picture.resize((SKEW_WIDTH_PIXELS, SKEW_WIDTH_PIXELS * picture.height // picture.width))
    ink = small.point(lambda value: 255 if value < 128 else 0)

    def sharpness(angle: float) -> float:
        rows = numpy.asarray(ink.rotate(angle)).sum(axis=1, dtype=float)
        return float(((rows[1:] - rows[:-1]) ** 2).sum())

    steps = int(MAX_SKEW_DEGREES / SKEW_STEP_DEGREES)
    angles = [step * SKEW_STEP_DEGREES for step in range(-steps, steps + 1)]
    best = max(angles, key=lambda angle: (sharpness(angle), -abs(angle)))
    if abs(best) < MIN_SKEW_DEGREES:
        return picture
    from PIL import Image

    return picture.rotate(best, resample=Image.Resampling.BICUBIC, fillcolor=255)


def _recognised(picture: Any, scale: float, number: int) -> ScannedPage:
    import numpy

    pixels = numpy.stack([numpy.asarray(picture)] * 3, axis=2)
    found = _engine()(pixels, return_word_box=True, return_single_char_box=True, use_cls=False)
    page = ScannedPage(picture.width / scale, picture.height / scale, [], _rules(picture, scale))
    for line in found.word_results if found.txts else ():
        _add_line(page, [word for word in line if word[0].strip()], scale, number)
    return page


def _add_line(page: ScannedPage, words: list[Any], scale: float, number: int) -> None:
    """Add the characters of a line, all at its height: boxes of single ones differ a little."""
    if not words:
        return
    boxes = [[[x / scale, y / scale] for x, y in box] for _, _, box in words]
    top = min(y for box in boxes for _, y in box)
    bottom = max(y for box in boxes for _, y in box)
    size = (bottom - top) * 0.8
    for (text, _, _), box in zip(words, boxes, strict=True):
        left, right = min(x for x, _ in box), max(x for x, _ in box)
        step = (right - left) / len(text)
        for at, char in enumerate(text):
            page.chars.append({
                "text": char, "x0": left + at * step, "x1": left + (at + 1) * step,
                "top": top, "bottom": bottom, "size": size, "width": step,
                "height": bottom - top, "matrix": (1, 0, 0, 1, 0, 0), "upright": True,
            })  # fmt: skip
    unclear = "".join(text for text, score, _ in words if score < SURE_CHARACTER)
    if unclear:
        said = "".join(text for text, _, _ in words)
        left = min(x for box in boxes for x, _ in box)
        right = max(x for box in boxes for x, _ in box)
        page.unclear.append(UnclearLine(said, number, (left, top, right, bottom), unclear))


def _rules(picture: Any, scale: float) -> list[dict[str, Any]]:
    """Find the ruled lines of a page: long dark runs, across and upright."""
    import cv2
    import numpy

    dark = (numpy.asarray(picture) < 140).astype(numpy.uint8)
    least = round(MIN_RULE_INCHES * 72 * scale)
    thickest = MAX_RULE_INCHES_THICK * 72 * scale
    found = []
    for orientation, kernel in (("h", (least, 1)), ("v", (1, least))):
        runs = cv2.morphologyEx(
            dark, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, kernel)
        )
        runs = cv2.dilate(runs, numpy.ones((3, 3), numpy.uint8))
        count, _, boxes, _ = cv2.connectedComponentsWithStats(runs)
        for x, y, width, height, _ in boxes[1:count].tolist():
            thickness = height if orientation == "h" else width
            if thickness <= thickest + 4:
                found.append(_edge(orientation, x, y, width, height, scale))
    return found


def _edge(
    orientation: str, x: int, y: int, width: int, height: int, scale: float
) -> dict[str, Any]:
    left, right, top, bottom = (v / scale for v in (x, x + width, y, y + height))
    if orientation == "h":
        top = bottom = (top + bottom) / 2
    else:
        left = right = (left + right) / 2
    return {
        "object_type": "line", "orientation": orientation, "x0": left, "x1": right, "top": top,
        "bottom": bottom, "width": right - left, "height": bottom - top,
    }  # fmt: skip


def remarked(flat: Flat, pages: Iterable[ScannedPage]) -> Flat:
    """Add remarks: that the text is read from a scan, and the lines that are unclear."""
    first = flat.text.find("\n") if "\n" in flat.text else len(flat.text)
    remarks = [
        Remark(0, first, "scan", "从扫描的图像识别出来，请对照原件 read from a scan"),
        *flat.remarks,
    ]
    at = 0
    for line in (line for page in pages for line in page.unclear):
        start = flat.text.find(line.text, at)
        start = start if start >= 0 else flat.text.find(line.text)
        if start < 0 or len(remarks) > MAX_REMARKS:
            continue
        at = start + len(line.text)
        box = "，".join(f"{value:.0f}" for value in line.box)
        why = f"第{line.page}页（{box}）里“{line.characters}”辨认不清"
        remarks.append(Remark(start, at, "scan-unclear", why))
    return Flat(flat.text, flat.grids, tuple(remarks), flat.attachments, flat.media, flat.titles)
