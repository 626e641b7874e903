"""The board and the pictures of reports on a screen, on a phone and on paper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from browsing import silent_page
from playwright.sync_api import Page
from serving import serving

from graph.store.store import Store
from viz.views.catalogue import VIEWS

pytestmark = pytest.mark.chromium
BOARD = "/board?who=建交委&quarter=2"


@pytest.fixture(scope="module")
def page(reported: Store) -> Iterator[Page]:
    """A page over a store with reports, whose console must stay silent."""
    with serving(reported.folder) as server, silent_page(server) as made:
        yield made


def test_on_a_phone_the_board_is_a_list(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(BOARD)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator(".board thead").is_hidden()
    row = page.locator(".board tr.first").first
    box, told = row.bounding_box(), row.locator("td.told").bounding_box()
    assert box
    assert told
    assert told["width"] > 300
    assert row.locator("td.empty").first.is_hidden()


def test_on_paper_the_board_lies_across(page: Page, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(BOARD)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.pdf(path=tmp_path / "board.pdf", prefer_css_page_size=True)
    printed = pypdfium2.PdfDocument(tmp_path / "board.pdf")
    assert [round(x / 72 * 25.4) for x in printed[0].get_size()] == [297, 210]
    words = "".join(sheet.get_textpage().get_text_range() for sheet in printed)
    assert "取得设计方案批复" in words
    assert "会议表" not in words  # buttons stay on the screen


@pytest.mark.parametrize("name", [n for n, v in VIEWS.items() if v.of_reports])
def test_a_picture_of_reports_is_a_list_on_a_phone_and_opens_sentences(
    page: Page, name: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"/views/{name}")
    assert page.locator(".list-form li").count() == page.locator("#table tbody tr").count() > 5
    assert page.locator("figure.picture").is_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 900})
    links = page.locator("figure.picture svg a")
    links.nth(links.count() // 2).dispatch_event("click")
    page.wait_for_url("**/views/**at=**")
    assert page.locator("#sentences mark").count() > 0
