"""Tasks in a real browser: a planner's, a researcher's, by keyboard, on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, quote, unquote, urlsplit

import pytest
from axe import axe
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from api.http.standing_headers import POLICY
from graph.store.snapshot import Snapshot
from viz.site import Request, answer
from viz.views.catalogue import VIEWS

pytestmark = pytest.mark.chromium
THING = "/id/上海市长宁区"
NOTICE = THING + "/长府〔2019〕5号"
KINDS = {
    "home": "/",
    "street": f"{THING}/地点/新华路街道",
    "block": f"{THING}/地点/115街坊",
    "road": f"{THING}/地点/延安西路",
    "body": f"{THING}/部门/规土局",
    "street-office": f"{THING}/部门/新华路街道",
    "collective": f"{THING}/集合/各街（镇）",
    "target": f"{NOTICE}/目标/14b",
    "project": f"{NOTICE}/项目/友乐路商办项目",
    "notice": NOTICE,
    "source": f"{NOTICE}/文本/d2aac1846414?at=8334-8337",
    "domain": f"{THING}/领域/经济发展",
    "targets": "/targets",
    "bodies": "/bodies",
    "places": "/places",
    "projects": "/projects",
    "search": "/search?q=规土局",
    "no-hit": "/search?q=魑魅",
    "questions": "/queries",
    "question": "/queries/place-targets",
    "paths": "/paths?from=规土局&to=115街坊",
    "views": "/views",
    "about": "/about",
    "compare": "/compare",
    "board": "/board",
    "network": "/views/bodies",
    "view": "/views/place?name=115街坊",
    "review": "/review",
    "missing": f"{THING}/部门/规士局",
    "english": f"{THING}/地点/新华路街道?lang=en",
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def page(browser: Browser, server: str) -> Iterator[Page]:
    """A page that fails the test at its end when anything went wrong or went elsewhere."""
    context = browser.new_context(
        base_url=server, viewport={"width": 1280, "height": 900}, locale="zh-CN"
    )
    opened = context.new_page()
    opened.set_default_timeout(20_000)
    yield opened
    context.close()


@pytest.fixture
def faults(page: Page, server: str) -> Iterator[list[str]]:
    """Errors of the page during a test; there must be none."""
    found: list[str] = []

    def said(message: object) -> None:
        if getattr(message, "type", "") == "error" and "404" not in getattr(message, "text", ""):
            found.append(str(getattr(message, "text", "")))

    def asked(request: object) -> None:
        url = str(getattr(request, "url", ""))
        if not url.startswith((server, "data:", "blob:")):
            found.append(url)

    def failed(error: object) -> None:
        found.append(str(error))

    page.on("console", said)
    page.on("request", asked)
    page.on("pageerror", failed)
    yield found
    page.remove_listener("console", said)
    page.remove_listener("request", asked)
    page.remove_listener("pageerror", failed)
    assert found == []


def go(page: Page, path: str) -> None:
    page.goto(quote(path, safe="/?=&%#"))


@pytest.mark.parametrize(
    ("words", "shows"),
    [
        (
            "新华路街道",
            ("地点写明", "范围之内", "街道参与", "集合称谓", "第一季度", "第四季度", "建交委"),
        ),
        ("115街坊", ("地点写明", "第一季度", "规土局", "完成115街坊")),
        ("规土局", ("主责", "配合", "第一季度", "第四季度", "土地出让")),
    ],
)
def test_the_planner_finds_it_by_one_search(
    page: Page, faults: list[str], words: str, shows: tuple[str, ...]
) -> None:
    go(page, "/")
    page.get_by_role("search").get_by_role("combobox").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(words)  # a name alone is answered at once
    go(page, f"/search?q={words}")
    page.locator("main section.hits li a").first.click()
    expect(page.locator("h1")).to_have_text(words)
    for text in shows:
        expect(page.locator("main")).to_contain_text(text)
    assert page.locator("main .proofs mark").count() >= 1
    page.locator("main .proofs").get_by_role("link", name="在原文中看").first.click()
    expect(page.locator("mark#at")).to_be_in_viewport()


def test_names_are_suggested_and_chosen_by_keyboard(page: Page, faults: list[str]) -> None:
    go(page, "/")
    page.keyboard.press("/")
    field = page.get_by_role("combobox").first
    expect(field).to_be_focused()
    page.keyboard.type("新华")
    expect(page.get_by_role("option").first).to_contain_text("新华路街道")
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", re.compile("near"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("新华路街道")


def test_the_keyboard_goes_past_the_menu_and_opens_what_is_folded(
    page: Page, faults: list[str]
) -> None:
    go(page, KINDS["street"])
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    folded = page.locator("details.far > summary")
    expect(page.locator("details.far tbody")).to_be_hidden()
    folded.focus()
    page.keyboard.press("Enter")
    expect(page.locator("details.far tbody")).to_be_visible()
    go(page, KINDS["review"])
    page.keyboard.press("j")
    page.keyboard.press("1")
    opened = page.locator("details.doubt[open]")
    assert opened.count() == 1
    expect(opened.locator("input[type=radio]").first).to_be_checked()
    expect(page.locator("details.doubt").nth(1)).to_have_attribute("open", "")


def test_the_researcher_changes_a_question_and_takes_it_away(page: Page, faults: list[str]) -> None:
    go(page, "/queries")
    page.get_by_role("link", name="某部门主责哪些目标").first.click()
    page.get_by_label("部门", exact=True).fill("建交委")
    page.get_by_role("button", name="问", exact=True).click()
    expect(page.get_by_role("status").first).to_contain_text("8项目标")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").first.evaluate("a => { a.download = ''; a.click(); }")
    assert download.value.path().read_text(encoding="utf-8").startswith("\ufeffnotation,")
    page.locator("details.fold > summary").first.click()
    expect(page.locator("details.fold pre")).to_contain_text('"建交委"@zh')
    href = page.get_by_role("link", name="在编辑器里改").get_attribute("href")
    assert href is not None
    assert "建交委" in dict(parse_qsl(urlsplit(href).query))["query"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_page_is_sound(page: Page, faults: list[str], kind: str) -> None:
    """On a phone in the dark nothing scrolls sideways; at a desk axe finds nothing serious."""
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 390, "height": 800})
    go(page, KINDS[kind])
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    wrong = _violations(page, "color-contrast") if kind in ("street", "target", "review") else []
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    assert wrong + _violations(page) == []


def _violations(page: Page, rule: str = "") -> list[str]:
    """Serious and critical findings of axe: the rule and the first elements."""
    page.evaluate(axe())
    asked = {"resultTypes": ["violations"], **({"runOnly": [rule]} if rule else {})}
    found = page.evaluate("asked => axe.run(document, asked).then(r => r.violations)", asked)
    return [
        f"{v['id']}: {[n['html'][:120] for n in v['nodes'][:3]]}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def test_all_of_it_works_without_script(browser: Browser, server: str) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    go(page, "/")
    page.locator("input[type=search]").fill("新华街道")
    page.locator("form.search button").click()
    page.locator("main section.hits li a").first.click()
    page.locator("details.far > summary").click()
    expect(page.locator("details.far tbody tr").first).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    "path", ["/", f"{NOTICE}/目标/14a", "/search?q=script", "/queries/asserted-edges", "/review"]
)
def test_hostile_words_run_nothing(browser: Browser, hostile: Snapshot, path: str) -> None:
    """Under the policy of every page; the words are shown as words."""
    ran: list[str] = []

    def reply(route: Route) -> None:
        asked = urlsplit(route.request.url)
        made = answer(hostile, Request(unquote(asked.path), tuple(parse_qsl(asked.query))))
        headers = {"content-type": made.media, "content-security-policy": POLICY}
        route.fulfill(status=made.status, headers=headers, body=made.body)

    page = browser.new_page(locale="zh-CN")
    page.route("**/*", reply)
    page.on("dialog", lambda d: ran.append(d.message))
    page.on("pageerror", lambda e: ran.append(str(e)))
    page.goto("http://hostile.example" + quote(path, safe="/?=&"))
    assert page.locator("script:not([src], [type='application/ld+json'])").count() == 0
    assert page.locator("img[src=x]").count() == 0
    assert "<script>" in page.locator("main").inner_text() or path == "/review"
    assert ran == []
    page.close()


def test_print_leaves_out_what_paper_cannot_do(page: Page, faults: list[str]) -> None:
    page.emulate_media(media="print")
    go(page, KINDS["street"])
    for part in ("header.top", "main form", "main .buttons"):
        expect(page.locator(part).first).to_be_hidden()
    expect(page.locator("footer code").first).to_be_visible()
    page.emulate_media(media="screen")


@pytest.mark.parametrize("name", [n for n, v in VIEWS.items() if not (v.all_years or v.of_reports)])
def test_a_cell_of_every_picture_opens_its_sentence(page: Page, name: str) -> None:
    """One click on a link inside the picture, and the notice's words are below it."""
    page.goto(f"/views/{name}")
    links = page.locator("figure.picture svg a")
    assert links.count() > 20
    links.nth(links.count() // 2).dispatch_event("click")
    page.wait_for_url("**/views/**at=**")
    assert page.locator("figure.picture svg a.at").count() >= 1
    assert page.locator("#sentences h2").inner_text()
    assert page.locator("#sentences mark, #sentences p.quiet").count() > 0
