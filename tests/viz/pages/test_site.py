"""Every page answers, shows its sentences, runs nothing hostile, and links to what answers."""

from __future__ import annotations

import html
import json
import re
from collections import Counter
from functools import partial
from urllib.parse import parse_qsl, unquote

import pytest

from graph.store.snapshot import Snapshot
from queries.catalogue import ask as asked
from queries.formats import plain
from queries.model.atlas import atlas
from viz.site import Request, answer
from viz.views.catalogue import VIEWS, picture
from viz.web.paging import paged

THING = "/id/上海市长宁区"
NOTICE = THING + "/长府〔2019〕5号"
PAGES = ["/", "/targets", "/bodies", "/places", "/projects", "/queries", "/views", "/review", "/sparql", "/ns",
         "/search?q=飞乐", "/queries/place-targets", "/views/lead-matrix", "/views/bodies", "/embed/lead-matrix",
         f"{NOTICE}/目标/14b", f"{THING}/部门/规土局", f"{THING}/集合/各街（镇）", f"{THING}/地点/115街坊",
         f"{THING}/地点/新华路街道", NOTICE, f"{NOTICE}/文本/d2aac1846414?at=8334-8337", f"{THING}/领域/经济发展"]  # fmt: skip


def ask(
    snapshot: Snapshot, address: str, accept: str = "text/html", prefix: str = ""
) -> tuple[int, str, str]:
    path, _, query = address.partition("?")
    reply = answer(
        snapshot, Request(unquote(path), tuple(parse_qsl(query)), accept=accept, prefix=prefix)
    )
    return reply.status, reply.media, reply.body.decode(errors="replace")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_pages_answer_without_anything_from_elsewhere(
    snapshot: Snapshot, address: str, language: str
) -> None:
    mark = "&" if "?" in address else "?"
    status, media, body = ask(snapshot, f"{address}{mark}lang={language}")
    assert (status, media) == (200, "text/html; charset=utf-8")
    own = re.sub(r'<a href="https?://[^"<>]*"', "<a", body) if address == "/ns" else body
    assert not re.search(r'(?:src|href)="(?:https?:)?//', own)
    assert not re.search(r"<script(?![^>]*(?:src=|application/(?:ld\+)?json))", body)
    assert not re.search(r"<[^<>]*\s(?:on\w+|style)=", body)  # code to copy is escaped


def test_every_link_on_every_page_answers(snapshot: Snapshot) -> None:
    """Two steps deep from the front page, RDF and downloads too; queries go to the SPARQL route."""
    seen: dict[str, int] = {}
    files: Counter[str] = Counter()
    frontier = PAGES
    for _ in range(2):
        found: set[str] = set()
        for address in frontier:
            if address not in seen:
                path = address.partition("?")[0]
                if path.startswith(("/static/", "/v/", "/api", "/docs", "/upload")):
                    continue
                if path.endswith((".png", ".xlsx")):
                    continue
                kind = re.match(
                    r"/(agenda|reports|views|queries|q|paths|editor|search)\b[^?]*|.*/文本/",
                    unquote(path),
                )
                files.update([kind[0]] if kind else [])
                if kind and files[kind[0]] > 3:
                    continue
                status, media, body = ask(snapshot, address)
                seen[address] = status
                if "html" in media:
                    found |= {m.replace("&amp;", "&") for m in re.findall(r'href="(/[^"#]*)', body)}
        frontier = sorted(found)
    assert len(seen) > 300
    assert {a: s for a, s in seen.items() if s != 200} == {}


def test_an_edge_shows_its_sentence_in_the_notice(snapshot: Snapshot) -> None:
    _, _, body = ask(snapshot, f"{THING}/部门/规土局")
    assert "<mark>规土局</mark>" in body
    assert "8334–8337" in body
    _, _, source = ask(snapshot, f"{NOTICE}/文本/d2aac1846414?at=8334-8337")
    assert '<mark id="at" tabindex="-1">规土局</mark>' in source


def test_the_planner_finds_a_street_by_its_short_name(snapshot: Snapshot) -> None:
    _, _, found = ask(snapshot, "/search?q=新华街道")
    link = re.search(r'href="([^"]+)">新华路街道</a>', found)
    assert link
    _, _, page = ask(snapshot, link[1])
    for way in ("地点写明", "范围之内", "街道参与", "集合称谓", "同一地点"):
        assert way in page
    assert "推断" in page


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        ("/nope", 404, "nope"),
        (f"{THING}/部门/规士局", 404, "规土局"),
        ("/queries/body-leads?name=规士局", 404, "规土局"),
        ("/queries/place-target", 404, "place-targets"),
        ("/views/bodys", 404, "bodies"),
        ("/views/lead-matrix?min=99", 400, "1, 2, 3"),
        ("/queries/due-in-quarter?quarter=7", 400, "1, 2, 3, 4"),
    ],
)
def test_what_is_not_there_names_what_is_near(
    snapshot: Snapshot, address: str, status: int, says: str
) -> None:
    found, _, body = ask(snapshot, address)
    assert found == status
    assert says in body
    found, media, body = ask(snapshot, address, accept="application/json")
    assert (found, media) == (status, "application/problem+json")
    assert json.loads(body)["status"] == status


@pytest.mark.parametrize(
    "address",
    [
        "/nope", f"{THING}/部门/无此部门", "/queries/nope", "/queries/place-targets?nme=x",
        "/queries/body-leads?name=无此部门", "/queries/due-in-quarter?quarter=7", "/views/nope",
        "/views/bodies.gif", "/views/lead-matrix?nme=x", "/views/body?name=无此部门",
        "/views/target?notation=999", "/targets?page=99",
        "/paths", "/paths?from=规土局&to=规土局", "/paths?from=规土局&to=无此部门",
        "/reports/street.gif?name=新华路街道", "/reports/street.docx?name=无此街道",
        "/agenda/street.ics", "/review?kind=无此类",
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_language_of_the_reader(
    snapshot: Snapshot, address: str
) -> None:
    between = "&" if "?" in address else "?"
    said = [
        json.loads(ask(snapshot, address + more, accept="application/json")[2])["detail"]
        for more in ("", f"{between}lang=en")
    ]
    sentence = re.compile("[a-z]{2,} [a-z]{2,}")
    assert not sentence.search(said[0]), said
    assert said[0] == said[1] or sentence.search(said[1]), said


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("text/turtle", "tk:lead"),
        ("application/n-triples", "ns#lead"),
        ("application/ld+json", "ns#lead"),
    ],
)
def test_things_answer_machines(snapshot: Snapshot, form: str, says: str) -> None:
    status, media, body = ask(snapshot, f"{NOTICE}/目标/15", accept=form)
    assert status == 200
    assert media.startswith(form)
    assert says in body


def test_links_stay_frozen(snapshot: Snapshot) -> None:
    _, _, body = ask(snapshot, "/", prefix="/v/abcdef012345")
    links = [m for m in re.findall(r'href="(/[^"]*)', body) if not m.startswith("/static/")]
    assert links
    assert all(m.startswith("/v/") for m in links)


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/targets",
        "/bodies",
        f"{NOTICE}/目标/14a",
        "/search?q=script",
        "/views/bodies",
        "/views/lead-matrix",
        "/queries/asserted-edges",
    ],
)
def test_hostile_words_are_shown_as_words(hostile: Snapshot, address: str) -> None:
    _, _, body = ask(hostile, address)
    assert "<script>alert" not in body
    assert "<img src=x" not in body
    assert "新长宁<script>" not in body
    _, _, table = ask(hostile, "/queries/asserted-edges.csv")
    assert "\n=HYPERLINK" not in table


def test_a_long_list_comes_in_pages_that_hold_everything_once(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viz.pages.lists.paged", partial(paged, size=25))
    _, _, whole = ask(snapshot, "/projects?lang=en")
    address, found, pages = "/projects?lang=en", list[str](), 0
    while address:
        status, _, body = ask(snapshot, address)
        assert status == 200
        found += re.findall(r'<li><a href="(/id/[^"]+)"', body)
        onward = re.search(r'<a rel="next" href="([^"]+)"', body)
        address = html.unescape(onward[1]) if onward else ""
        assert not address or "lang=en" in address
        pages += 1
    works = [work.iri for work in atlas(snapshot).works.values()]
    assert len(found) == len(set(found)) == len(works)
    assert pages == -(-len(works) // 25) > 3
    assert f"<small>{len(works)}</small></h1>" in whole
    for page in ("0", "-1", "x", str(pages + 1), "９"):
        status, _, body = ask(snapshot, f"/projects?page={page}")
        assert status == 400, page


def test_the_table_of_a_view_comes_in_pages(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viz.pages.view._ROWS", 25)
    rows = picture(snapshot, "timeline", {"quarter": "2"}).rows
    address, found = "/views/timeline?quarter=2", list[str]()
    while address:
        status, _, body = ask(snapshot, address)
        assert status == 200
        assert 'href="/views/timeline.csv?quarter=2&amp;bom=1&amp;download=1"' in body
        table = body[body.index('<table class="result"') :].partition("</table>")[0]
        found += re.findall(r"<tr><td>([^<]*)</td>", table)
        onward = re.search(r'<a rel="next" href="([^"#]+)#table"', body)
        address = html.unescape(onward[1]) if onward else ""
    assert found == [row[0] for row in rows]
    assert len(rows) > 25


def test_the_list_of_places_counts_what_the_question_finds(snapshot: Snapshot) -> None:
    _, _, page = ask(snapshot, "/places?lang=en")
    listed = dict(re.findall(r"<li><a [^>]*>([^<]+)</a> <small>([^<]*)</small>", page))
    streets = [p.label for p in atlas(snapshot).places.values() if p.kind == "Street"]
    for street in streets:
        found = asked(snapshot, "place-targets", {"name": street})
        way = found.columns.index("way")
        ways = Counter(plain(row[way]) for row in found.rows)
        said = listed[street]
        assert (f"its office takes part in {ways['office']}" in said) == bool(ways["office"]), said
        assert f"in {ways['collective']} through a collective" in said
    blocks = [int(n) for n in re.findall(r">(\d+)街坊</a>", page)]
    assert blocks == sorted(blocks)
    assert len(blocks) > 5


def test_the_list_of_views_has_a_picture_and_a_question_of_each(snapshot: Snapshot) -> None:
    _, _, page = ask(snapshot, "/views?lang=en")
    for view in VIEWS.values():
        assert f'src="/views/{view.name}.svg?lang=en"' in page
        assert html.escape(view.question) in page
