"""Scans: a page that is a picture gives the same cells as the page with text that it shows."""

from __future__ import annotations

import io

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2
import pytest
from fpdf import FPDF

from graph.quality import quality_of, reasons
from loaders.errors import Unreadable
from loaders.formats import sandbox
from loaders.formats.pdf.reader import MIN_PICTURE_SHARE
from loaders.formats.source import SourceText, source_of
from loaders.notice import read_text
from viz.frontend import HEI, VENDOR

Picture = npt.NDArray[np.uint8]
HEADING = ("序号", "目标任务", "第一季度", "第二季度", "主责部门", "配合部门")
ROWS = (
    ("1", "推进115街坊旧住房改造12万平方米", "完成方案", "开工建设", "房管局", "建交委、规土局"),
    ("2", "新增公共停车泊位1200个", "落实选址", "建成600个", "建交委", "公安分局"),
    ("3", "建成社区文化活动中心5家", "启动3家", "竣工2家", "文化局", "财政局"),
)


def _page(heading: str) -> bytes:
    pdf = FPDF(orientation="L", format=(148, 210))
    pdf.add_font("hei", "", VENDOR / HEI)
    pdf.add_page()
    pdf.set_font("hei", size=15)
    pdf.cell(0, 12, heading, align="C", new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("hei", size=10)
    widths = (12, 60, 30, 30, 24, 34)
    for row in (HEADING, *ROWS):
        for width, text in zip(widths, row, strict=True):
            pdf.cell(width, 12, text, border=1, new_x="RIGHT")
        pdf.ln()
    return bytes(pdf.output())


PAGE = _page("某市青山区人民政府2021年重点工作任务分解表")


def _picture(dpi: int = 200) -> Picture:
    page = pypdfium2.PdfDocument(PAGE)[0].render(scale=dpi / 72)
    return np.asarray(page.to_numpy()[..., :3].copy(), np.uint8)


def _skewed(picture: Picture, degrees: float) -> Picture:
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1)
    turned = cv2.warpAffine(picture, turn, (width, height), borderValue=(255, 255, 255))
    return np.asarray(turned, np.uint8)


def _stamped(picture: Picture) -> Picture:
    """A red ring and a star over the lower right cells (the array is BGR)."""
    over = picture.copy()
    cv2.circle(over, (1100, 560), 150, (40, 40, 220), 12)
    cv2.putText(over, "*", (1040, 640), cv2.FONT_HERSHEY_SIMPLEX, 5, (40, 40, 220), 16)
    return np.minimum(picture, over)


def _pdf_of(picture: Picture, quality: int = 90) -> bytes:
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    pdf = FPDF(orientation="L", format=(148, 210))
    pdf.add_page()
    pdf.image(io.BytesIO(data.tobytes()), 0, 0, 210, 148)
    return bytes(pdf.output())


def _cells(source: SourceText) -> list[list[str]]:
    assert len(source.grids) == 1
    return [
        ["".join(source.text[c.start : c.end].split()) if c else "" for c in row]
        for row in source.grids[0].rows
    ]


@pytest.mark.parametrize(
    "data",
    [
        _pdf_of(_stamped(_skewed(_picture(), 2))),
        _pdf_of(_picture(150), quality=40),
        cv2.imencode(".png", cv2.rotate(_picture(), cv2.ROTATE_90_CLOCKWISE))[1].tobytes(),
    ],
    ids=["skewed and stamped", "150 dpi, JPEG 40", "a picture turned sideways"],
)
def test_a_scan_has_the_cells_of_its_page(data: bytes) -> None:
    source = source_of("scan", data)
    assert _cells(source) == [list(HEADING), *map(list, ROWS)]
    document = read_text(source)
    assert [(a.label, a.role) for a in document.targets[0].assignments] == [
        ("房管局", "lead"), ("建交委", "coordinate"), ("规土局", "coordinate"),
    ]  # fmt: skip
    assert document.head.title.startswith("某市青山区人民政府2021年")
    assert not {"scan-unread", "scan-unclear"} & {r.kind for r in source.remarks}
    assert "read from a scan, unclear places: 0" in reasons(quality_of(document).why, "en")


def test_a_page_with_text_keeps_its_text_beside_one_that_is_scanned() -> None:
    both = pypdfium2.PdfDocument.new()
    for data in (PAGE, _pdf_of(_picture())):
        both.import_pages(pypdfium2.PdfDocument(data))
    out = io.BytesIO()
    both.save(out)
    source = source_of("both.pdf", out.getvalue())
    assert source.text.count("推进115街坊旧住房改造12万平方米") == 2
    assert [r.why for r in source.remarks if r.kind == "scan"] == ["1页由扫描图像识别，请对照原件"]


def test_what_is_not_clear_is_a_doubt() -> None:
    picture = _picture()
    at = picture[300:420, 140:700]
    at[...] = cv2.GaussianBlur(at, (0, 0), 3.2)
    source = source_of("blurred.pdf", _pdf_of(picture))
    kinds = {r.kind: r for r in source.remarks}
    unclear = kinds["scan-unclear"]
    assert unclear.why.startswith("扫描的第1页（")
    assert unclear.why.split("“")[1][0] in source.text[unclear.start : unclear.end]
    assert "字迹没有认出" in kinds["scan-unread"].why


def test_a_picture_without_text_is_refused() -> None:
    sky = np.tile(np.linspace(90, 250, 900, dtype=np.uint8)[:, None, None], (1, 1200, 3))
    for name, data in (
        ("sky.pdf", _pdf_of(sky)),
        ("sky.jpg", cv2.imencode(".jpg", sky)[1].tobytes()),
    ):
        with pytest.raises(Unreadable, match="no text was found"):
            source_of(name, data)


def test_a_logo_is_no_scanned_page() -> None:
    assert 0.1 < MIN_PICTURE_SHARE < 0.9
    assert "scan" not in {r.kind for r in source_of("page.pdf", PAGE).remarks}


def test_without_the_extra_the_command_that_brings_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "has_recogniser", lambda: False)
    for data in (_pdf_of(_picture()), b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(Unreadable, match=r"pip install 'tiaokuai\[ocr\]'"):
            source_of("scan", data)
