"""The page of the map in Chromium: buttons, keys, the list, links; and no request outside."""

from __future__ import annotations

import re
from collections.abc import Iterator

import made_ground as made
import pytest
from browsing import silent_page
from playwright.sync_api import Page
from serving import serving

from graph.store.store import Store

pytestmark = pytest.mark.chromium

_TRANSFORM = "document.querySelector('.pane').firstElementChild.getAttribute('transform') || ''"


@pytest.fixture(scope="module")
def page(grounded: Store) -> Iterator[Page]:
    with serving(grounded.folder) as root, silent_page(root) as opened:
        yield opened


def scale(page: Page) -> float:
    """The scale at which the map is shown."""
    found = re.findall(r"matrix\(([\d.]+)", page.evaluate(_TRANSFORM))
    return float(found[0]) if found else 1.0


def test_a_map_is_moved_and_scaled(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/views/map?lang=zh")
    page.get_by_role("button", name="放大").click()
    assert scale(page) == 1.5
    page.locator("figure.picture").focus()
    page.keyboard.press("+")
    assert scale(page) == 2.25
    before = page.evaluate(_TRANSFORM)
    page.keyboard.press("ArrowRight")
    assert page.evaluate(_TRANSFORM) != before
    page.keyboard.press("0")
    assert scale(page) == 1
    places = page.get_by_label("找地点").locator("option").all_inner_texts()
    assert len(places) >= 1 + len(made.STREETS) + 5
    page.get_by_label("找地点").select_option(index=1)
    assert scale(page) > 1
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("#sentences h2").inner_text() == places[1].split(" ")[0]


def test_the_front_page_has_the_map_where_there_is_ground(page: Page) -> None:
    page.goto("/?lang=zh")
    assert page.locator("#streets h2").inner_text() == "街镇地图"
    assert page.locator("#streets .wide-screen a").count() > 50
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.locator("#streets .narrow-screen svg").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
