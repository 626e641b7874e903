"""The SPARQL editor in a real browser, queries kept by address, and what the editor completes."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Iterator
from urllib.parse import quote

import httpx
import openpyxl
import pytest
from browsing import silent_page
from playwright.sync_api import Page, sync_playwright

from graph.store.snapshot import Snapshot
from queries.catalogue import ask, filled, questions
from queries.formats import plain
from viz import frontend
from viz.site import Request, answer

LED = 'SELECT ?n { ?t tk:lead [ skos:prefLabel "规土局"@zh ] ; skos:notation ?n } ORDER BY ?n'


@pytest.fixture(scope="module")
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=60) as made:
        yield made


@pytest.fixture
def page(server: str) -> Iterator[Page]:
    with silent_page(server) as made:
        yield made


def written(page: Page) -> str:
    """The query that the editor holds."""
    return str(page.evaluate("document.querySelector('.CodeMirror').CodeMirror.getValue()"))


def cells(page: Page) -> list[str]:
    page.wait_for_selector("#result td")
    return page.locator("#result td").all_inner_texts()


@pytest.mark.chromium
def test_a_researcher_types_a_query_and_sees_its_rows(page: Page) -> None:
    page.goto("/sparql")
    page.wait_for_selector("#editor[data-ready]")
    page.click(".CodeMirror")
    page.keyboard.press("Control+A")
    page.keyboard.type("SELECT ?n { ?t tk:le")
    page.wait_for_selector(".CodeMirror-hint >> text=tk:leadAll")
    page.keyboard.press("Enter")
    page.keyboard.type(' [ skos:prefLabel "规')
    page.wait_for_selector(".CodeMirror-hint >> text=规土局")
    page.keyboard.press("Enter")
    page.keyboard.type(" ] ; skos:notation ?n } ORDER BY ?n")
    page.keyboard.press("Control+Enter")
    assert cells(page) == ["15", "16", "20", "22", "58"]
    assert "PREFIX tk: <https://w3id.org/tiaokuai/ns#>" in written(page)
    assert "PREFIX skos:" in written(page)
    assert 'tk:lead [ skos:prefLabel "规土局"@zh ]' in written(page)
    before = written(page)
    page.goto(page.get_attribute("#permanent", "href") or "")
    assert "/v/" in page.url
    assert cells(page) == ["15", "16", "20", "22", "58"]
    assert written(page) == before


@pytest.mark.chromium
def test_what_the_editor_begins_with_has_no_mark_of_an_error(page: Page) -> None:
    page.goto("/editor")
    page.wait_for_selector("#editor[data-ready]")
    assert "PREFIX tk:" in written(page)
    page.wait_for_function("!document.querySelector('.parseErrorIcon')")
    page.click("#run")
    assert len(cells(page)) > 5


@pytest.mark.chromium
def test_a_question_of_the_catalogue_opens_and_a_graph_is_drawn(page: Page) -> None:
    page.goto("/queries/place-targets?name=新华街道")
    page.click("text=在编辑器里改")
    assert "新华路街道" in cells(page)
    assert 'VALUES ?name { "新华路街道"@zh }' in written(page)
    page.click("nav.catalogue >> text=这个地方涉及哪些目标")
    page.wait_for_url("**/editor?question=place-targets")
    assert "新华路街道" in cells(page)
    link = page.locator("#result td a").first
    assert (link.get_attribute("href") or "").startswith("/id/")
    query = "CONSTRUCT { ?t tk:lead ?b . ?b skos:prefLabel ?l } { ?t tk:lead ?b . ?b skos:prefLabel ?l }"
    page.goto(f"/editor?query={quote(query)}")
    assert len(cells(page)) > 300
    page.click("#tabs >> text=图")
    page.wait_for_selector("#graph canvas")
    assert page.locator("#result").is_hidden()
    page.click("#tabs >> text=表")
    assert page.locator("#result").is_visible()


@pytest.mark.chromium
def test_hostile_words_do_not_run_in_the_editor(page: Page) -> None:
    text = '<img src=x onerror="document.title=1"><script>document.title=2</script>'
    query = f"SELECT ?x ('</textarea><b>' AS ?y) {{ VALUES ?x {{ {json.dumps(text)} }} }}"
    page.goto(f"/editor?query={quote(query)}")
    assert cells(page) == [text, "</textarea><b>"]
    assert page.title().startswith("SPARQL")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto("/editor?question=due-in-quarter&quarter=2")
    assert cells(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


@pytest.mark.chromium
def test_a_query_that_cannot_be_read_is_marked_where(server: str) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(base_url=server, locale="zh-CN")
        page.goto(f"/editor?query={quote('SELECT ?n {' + chr(10) + ' ?t tk:lead }')}")
        page.wait_for_selector(".status.wrong")
        assert "第 2 行" in page.inner_text("#status") or "第 3 行" in page.inner_text("#status")
        page.wait_for_selector(".wrong-here")
        browser.close()


def test_the_editor_works_plainer_without_its_files(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frontend, "VENDOR", frontend.VENDOR / "nothing")
    for path in ("/sparql", "/editor"):
        body = answer(snapshot, Request(path, (("query", "ASK { <a&b> ?p ?o }"),))).body.decode()
        assert 'action="/q"' in body
        assert "ASK { &lt;a&amp;b&gt; ?p ?o }</textarea>" in body
        assert "yasgui" not in body


def test_a_query_is_kept_by_its_address(client: httpx.Client, snapshot: Snapshot) -> None:
    frozen = f"/v/{snapshot.version.id}/q"
    page = client.get(
        frozen, params={"query": LED, "title": "规土局<主责>"}, headers={"accept": "text/html"}
    )
    assert page.status_code == 200
    assert "<h1>规土局&lt;主责&gt;</h1>" in page.text
    assert "immutable" in page.headers["cache-control"]
    rows = [["15"], ["16"], ["20"], ["22"], ["58"]]
    found = client.get(f"{frozen}.json", params={"query": LED}).json()
    assert found == {
        "columns": ["n"],
        "rows": rows,
        "version": snapshot.version.id,
        "truncated": False,
    }
    assert client.get("/q.csv", params={"query": LED}).text.split() == ["n", *(r[0] for r in rows)]
    assert client.get("/q.tsv", params={"query": LED}).text.split() == ["n", *(r[0] for r in rows)]
    book = openpyxl.load_workbook(io.BytesIO(client.get("/q.xlsx", params={"query": LED}).content))
    assert [[c.value for c in row] for row in book["answer"].iter_rows()] == [["n"], *rows]
    asked = client.get("/q.json", params={"query": "ASK { ?t a tk:Target }"}).json()
    assert asked["rows"] == [[True]]
    graph = client.get("/q.json", params={"query": "CONSTRUCT { ?t tk:lead ?b } { ?t tk:lead ?b }"})
    assert len(graph.json()["rows"]) == 70


@pytest.mark.parametrize(
    ("path", "status", "kind"),
    [
        ("/q", 400, "bad-parameter"),
        ("/q?query=", 400, "bad-parameter"),
        (f"/q.csv?query={quote('SELECT ?x {')}", 400, "bad-query"),
        (
            f"/q?query={quote('SELECT * { SERVICE <http://e/> { ?s ?p ?o } }')}",
            400,
            "refused-query",
        ),
        (f"/q?offset=x&query={quote(LED)}", 400, "bad-parameter"),
        ("/q.pdf?query=x", 404, "not-found"),
        ("/editor?question=body-lead", 404, "not-found"),
    ],
)
def test_what_cannot_be_kept_is_a_problem(
    client: httpx.Client, path: str, status: int, kind: str
) -> None:
    reply = client.get(path, headers={"accept": "application/json"})
    assert (reply.status_code, reply.json()["type"].rsplit("/", 1)[-1]) == (status, kind)


def parts(cell: str) -> list[str]:
    """Split a list made by GROUP_CONCAT, which has no order."""
    return sorted(cell.replace("、", " ").split())


def test_a_filled_question_answers_what_the_question_answers(snapshot: Snapshot) -> None:
    for name, question in questions().items():
        found = snapshot.query(filled(snapshot, name, {}))
        answered = ask(snapshot, name)
        names = [v.value for v in found.variables]  # type: ignore[union-attr]
        at = [names.index(column) for column in answered.columns]
        rows = [[parts(plain(row[i])) for i in at] for row in found]  # type: ignore[union-attr]
        wanted = [[parts(plain(term)) for term in row] for row in answered.rows]
        assert sorted(rows) == sorted(wanted), name
        assert all(p.name in names for p in question.params)


def test_the_editor_completes_the_vocabulary_and_the_names(snapshot: Snapshot) -> None:
    found = json.loads(answer(snapshot, Request("/editor/terms.json")).body)
    assert ["tk:lead", "主责部门"] in found["terms"]
    assert ["tk:Lead", "主责"] in found["terms"]  # the role, which the property is not called after
    assert any(term == "skos:prefLabel" for term, _ in found["terms"])
    assert ["新华街道", "新华路街道"] in [names[:2] for names in found["names"]]
    assert any(name == "115街坊" for name, *_ in found["names"])
