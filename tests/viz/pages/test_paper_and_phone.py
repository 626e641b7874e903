"""Pages on A4 and on a phone, in Chromium: sheets, lists in place of pictures, room for a finger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pypdfium2
import pytest
from axe import axe
from browsing import silent_page
from playwright.sync_api import Page

from viz.views.catalogue import VIEWS

pytestmark = pytest.mark.chromium

THING = "/id/上海市长宁区"
NAMED = {"place": "?name=新华路街道", "body": "?name=建交委", "target": "?notation=15"}
"""What the views of one thing show here."""


@pytest.fixture(scope="module")
def page(server: str) -> Iterator[Page]:
    with silent_page(server) as opened:
        yield opened


def go(page: Page, path: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(quote(path, safe="/?=&%#"))


@pytest.mark.parametrize(
    ("path", "most", "millimetres"),
    [
        (f"{THING}/地点/新华路街道", 5, (210, 297)),
        ("/views/lead-matrix", 1, (297, 210)),
        ("/views/timeline", 1, (297, 210)),
    ],
)
def test_a_page_fits_its_paper(
    page: Page, tmp_path: Path, path: str, most: int, millimetres: tuple[int, int]
) -> None:
    go(page, path, 1280)
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    printed = pypdfium2.PdfDocument(tmp_path / "page.pdf")
    assert len(printed) <= most
    assert [round(x / 72 * 25.4) for x in printed[0].get_size()] == list(millimetres)
    words = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
    assert "iframe" not in words
    if "地点" in path:
        assert words.index("凭据") > words.index("集合称谓")
        assert "各部门 各街(镇)" in words  # the sentence of the last piece of evidence but one


@pytest.mark.parametrize("name", [n for n, v in VIEWS.items() if not (v.all_years or v.of_reports)])
def test_a_phone_gets_every_picture_as_a_list(page: Page, name: str) -> None:
    go(page, f"/views/{name}{NAMED.get(name, '')}", 390)
    lines = page.locator(".list-form li")
    assert lines.count() == page.locator("#table tbody tr").count() > 0
    assert page.locator("figure.picture").is_hidden()
    assert lines.first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if page.locator("figure.picture a").count() and lines.locator("a").count():
        lines.locator("a").first.click()
        assert page.locator("#sentences h2").is_visible()


@pytest.mark.parametrize(
    "path",
    [
        "/", f"{THING}/地点/新华路街道", f"{THING}/部门/建交委", f"{THING}/长府〔2019〕5号/目标/15",
        "/queries/place-targets?name=新华路街道", "/views/streets", "/review", "/search?q=建交委",
    ],
)  # fmt: skip
def test_a_finger_finds_room(page: Page, path: str) -> None:
    """WCAG 2.5.8: a target of 24 by 24 pixels, or as much room around it."""
    go(page, path, 390)
    page.evaluate(axe())
    found = page.evaluate(
        "axe.run(document, {runOnly: ['target-size']}).then(r => r.violations.flatMap(v => v.nodes))"
    )
    assert [n["html"] for n in found] == []
