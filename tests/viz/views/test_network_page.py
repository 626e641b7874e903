"""The interactive network in a real browser, alone and in a sandboxed frame; hostile labels."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import networkx as nx
import pytest
from browsing import silent_page
from click.testing import CliRunner
from playwright.sync_api import Page

import tiaokuai
from graph.exports.files import export
from graph.exports.networks import backbone, lead_to_coordinator, measures
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from viz.drawing.network import Network, Node, boxes, draw, positions
from viz.drawing.raster import missing_glyphs
from viz.pages.view import inert_json
from viz.views.bodies import BODIES, LINES, usual_minimum
from viz.views.catalogue import picture
from viz.views.interactive import told

ROWS = [("1", ("甲",), ("乙",)), ("2", ("甲",), ("乙", "丙")), ("3", ("丁",), ("丙",))]
HOSTILE = (
    '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
    "</script><script>alert(2)</script>",
    "javascript:alert(3)//\u202e\x07=1+1",
)


def test_projections_leave_what_they_are_given() -> None:
    directed = lead_to_coordinator(ROWS)
    assert directed["甲"]["乙"]["targets"] == ["1", "2"]
    assert not directed.has_edge("乙", "甲")
    kept = backbone(directed, 2)
    assert sorted(d["tree"] for *_, d in kept.edges(data=True)) == [False, True, True]
    assert set(kept) == set(directed)
    assert directed.number_of_edges() == 3


def test_measures_tell_who_stands_between() -> None:
    found = measures(lead_to_coordinator(ROWS), {"乙": "一", "丁": "二"})
    assert found["甲"] == {"degree": 2, "betweenness": 0.6667, "brokers": 1, "community": 2}
    assert found["丁"]["brokers"] == 0


def test_what_was_there_stays_where_it_was() -> None:
    nodes = tuple(Node(f"n{i}", "规土局", "g", 3, 1) for i in range(12))
    edges = tuple(("n0", f"n{i}", 2, False) for i in range(1, 12))
    before = positions(Network("t", "c", "s", nodes[:11], edges[:10], ("g",), {}))
    after = positions(Network("t", "c", "s", nodes, edges, ("g",), {}), before)
    moved = [k for k in before if before[k] != after[k]]
    assert len(moved) <= 3
    room = list(boxes(nodes, after).values())
    assert all(
        min(a[2], b[2]) - max(a[0], b[0]) <= 0.5 or min(a[3], b[3]) - max(a[1], b[1]) <= 0.5
        for i, a in enumerate(room)
        for b in room[i + 1 :]
    )


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_stays_a_label(label: str) -> None:
    nodes = (Node("a", label, "g", 1, 1), Node("b", "乙", label, 1, 0))
    drawn = Network(label, label, label, nodes, (("a", "b", 1, False),), (label,),
                    {"streets": "s", "marks": label})  # fmt: skip
    svg = ElementTree.fromstring(draw(drawn, positions(drawn)))
    kinds = {e.tag.rsplit("}", 1)[-1] for e in svg.iter()}
    assert kinds <= {"svg", "title", "desc", "rect", "text", "line", "circle", "path", "a"}
    assert not [a for e in svg.iter() for a in e.attrib if a.lower().startswith("on")]
    links = [(a, v) for e in svg.iter() for a, v in e.attrib.items() if "href" in a]
    assert links
    assert all(a == "href" and v.startswith("#") for a, v in links)
    assert not set("<>&") & set(inert_json({"label": label}))


def test_a_missing_glyph_is_named() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><text>规土局\U0002f81a</text></svg>'
    assert missing_glyphs(svg) == ["\U0002f81a"]


def test_ties_are_counted_whole_where_their_targets_are_not_all_told(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, few = picture(snapshot, "bodies", {}).live, 2
    monkeypatch.setattr("viz.views.interactive.told", lambda ties: few)
    less = picture(snapshot, "bodies", {}).live
    assert whole is not None
    assert less is not None
    assert "left" not in whole["words"]
    assert str(few) in less["words"]["left"]
    assert max(len(tie["targets"]) for tie in less["ties"]) == few
    for tie, said in zip(whole["ties"], less["ties"], strict=True):
        ends = [whole["nodes"][tie[end]]["label"] for end in ("from", "to")]
        assert ends == [less["nodes"][said[end]]["label"] for end in ("from", "to")]
        steps = [whole["targets"][t]["quarters"] for t in tie["targets"]]
        assert tie["counts"] == [len(steps), *(sum(q in s for s in steps) for q in range(1, 5))]
        assert said["counts"] == tie["counts"]
        told_of = [less["targets"][t]["href"] for t in said["targets"]]
        assert told_of == [whole["targets"][t]["href"] for t in tie["targets"][:few]]


def test_as_many_targets_of_each_tie_are_told_as_there_is_room_for() -> None:
    ties = [[f"{tie}-{n}" for n in range(60)] for tie in range(10)]
    assert [told(ties, most) for most in (600, 599, 200, 199, 31, 5)] == [60, 50, 20, 10, 3, 1]
    assert told([["a"], ["a", "b"]], 2) == 2
    assert told([], 0) == 0


@pytest.mark.parametrize(
    ("shared", "usual"),
    [
        ([3] * LINES, "3"),
        ([3] * LINES + [4], "4"),
        ([7] * (LINES + 1), "10"),
        ([999] * (LINES + 1), "200"),
    ],
)
def test_so_many_lines_are_drawn_as_can_be_told_apart(shared: list[int], usual: str) -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    for n, count in enumerate(shared):
        graph.add_edge(f"a{n}", f"b{n}", targets=[str(t) for t in range(count)])
    assert usual_minimum(graph) == usual


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_the_whole_network_as_a_file(snapshot: Snapshot, form: str) -> None:
    files = [io.BytesIO(), io.BytesIO()]
    for file in files:
        export(snapshot, form, file)
    assert files[0].getvalue() == files[1].getvalue()
    files[0].seek(0)
    if form == "graphml":
        graph = nx.read_graphml(files[0], force_multigraph=True)
    else:
        graph = nx.read_gexf(files[0], version="1.2draft")
    kinds = {data["kind"] for _, data in graph.nodes(data=True)}
    assert kinds == {"target", "body", "place", "project"}
    assert sum(d["kind"] == "target" for _, d in graph.nodes(data=True)) == 60


def test_no_empty_file_is_left(store: Store, tmp_path: Path) -> None:
    there = tmp_path / "none" / "x.nq"
    given = ["export", "--store", str(store.folder), "-o", str(there)]
    result = CliRunner().invoke(tiaokuai.main, given)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    given = ["export", "--store", str(tmp_path / "nothing"), "-o", str(tmp_path / "y.nq")]
    assert CliRunner().invoke(tiaokuai.main, given).exit_code == 4
    assert not (tmp_path / "y.nq").exists()


@pytest.fixture
def page(server: str) -> Iterator[Page]:
    with silent_page(server, "http://127.0.0.1") as made:
        yield made


@pytest.mark.chromium
def test_the_sentences_behind_a_body(page: Page) -> None:
    page.goto("/views/bodies#focus=" + quote("规土局"))
    panel = page.locator("#network-panel")
    panel.locator("h3", has_text="规土局").wait_for()
    row = panel.locator("details", has_text="建交委 → 规土局")
    row.locator("summary").click()
    assert "规土局" in row.locator("mark").all_inner_texts()
    page.select_option("#network-role", "lead")
    assert panel.locator("details", has_text="建交委 → 规土局").count() == 0
    assert "role=lead" in page.evaluate("location.hash")
    page.locator("#network").press("Escape")
    panel.locator("table").wait_for()
    assert "focus" not in page.evaluate("location.hash")
    page.fill("#network-find", "科委")
    page.press("#network-find", "Enter")
    panel.locator("h3", has_text="科委").wait_for()


@pytest.mark.chromium
def test_a_frame_without_an_origin_tells_its_height(page: Page, server: str) -> None:
    """Served from another origin, as somebody else's page is."""
    frame = f'<iframe src="{server}/embed/bodies" width="900" sandbox="allow-scripts"></iframe>'
    script = "<script>addEventListener('message', e => { document.title = `${e.origin} ${e.data.type} ${e.data.height}` })</script>"

    class Host(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(
                f"<!doctype html><link rel=icon href='data:,'>{script}{frame}".encode()
            )

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with HTTPServer(("127.0.0.1", 0), Host) as host:
        thread = threading.Thread(target=host.serve_forever)
        thread.start()
        try:
            page.goto(f"http://127.0.0.1:{host.server_port}/")
            page.wait_for_function("document.title.startsWith('null tiaokuai:height ')")
            inner = page.frame_locator("iframe")
            inner.locator("#network-panel table").wait_for()
            assert int(page.title().split()[-1]) > 400
        finally:
            host.shutdown()
            thread.join()


def test_a_hundred_bodies_find_room() -> None:
    """As many as a picture shows: pushing alone does not end there."""
    nodes = tuple(
        Node(f"n{i:03}", ("发改委", "市场监管局", "区府办(电子政务办)")[i % 3], f"g{i % 6}", 1 + i * 7 % 60, 1)
        for i in range(BODIES)
    )  # fmt: skip
    edges = tuple(
        (f"n{i * 7919 % 97 % i:03}", f"n{i:03}", 1 + i % 4, False) for i in range(1, BODIES)
    )
    room = list(boxes(nodes, positions(Network("t", "c", "s", nodes, edges, ("g",), {}))).values())
    for i, a in enumerate(room):
        for b in room[i + 1 :]:
            wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            assert wide <= 0.5 or high <= 0.5
