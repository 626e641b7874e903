"""Pictures: the same bytes twice, words that can be read and found, and no label on another."""

from __future__ import annotations

import html
import io
import os
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import networkx as nx
import pdfplumber
import pytest
from click.testing import CliRunner
from folders import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

import tiaokuai
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from ontology.names import squeeze
from viz.drawing.finish import collisions, size_of, smallest_text
from viz.drawing.network import Network, Node, boxes, positions
from viz.drawing.paper import WIDTHS_MM
from viz.drawing.raster import png
from viz.render import render
from viz.views.catalogue import FORMATS, VIEWS, picture
from viz.views.report_mode import TooNarrow, drawn_for

ONE_YEAR = [name for name, view in VIEWS.items() if not view.all_years]
"""Views that show something of a single notice."""
GROUPED = {"bodies", "lead-matrix", "domains", "streets", "timeline", "parcels", "place", "body"}


@pytest.mark.parametrize("name", ONE_YEAR)
def test_a_picture_says_what_it_is(snapshot: Snapshot, told: Snapshot, name: str) -> None:
    snapshot = told if VIEWS[name].of_reports else snapshot
    one = picture(snapshot, name, {})
    assert one.svg == picture(snapshot, name, {}).svg
    words = "".join(ElementTree.fromstring(one.svg).itertext())
    assert f"版本 {snapshot.version.id}" in words
    assert one.title in words
    assert "长府〔2019〕5号" in words
    assert len(one.rows) > 5
    assert one.strands
    assert one.caption in one.svg


@pytest.mark.parametrize("name", sorted(GROUPED - {"bodies"}))
def test_a_picture_of_nothing_says_so(snapshot: Snapshot, name: str) -> None:
    given = {"domain": "政府实事", "quarter": "2"}
    if "min" in VIEWS[name].params:
        given["min"] = "5"
    if name in ("place", "body"):
        given["name"] = {"place": "115街坊", "body": "审计局"}[name]
    if name == "timeline":
        given["domain"] = "公共安全"
        assert "没有可画的内容" not in picture(snapshot, name, given).svg
    else:
        assert "没有可画的内容" in picture(snapshot, name, given).svg


@pytest.mark.parametrize("name", [n for n, v in VIEWS.items() if v.of_reports])
def test_a_picture_of_reports_says_that_there_are_none(snapshot: Snapshot, name: str) -> None:
    for language, words in (("zh", "还没有进展报告"), ("en", "holds no report of progress")):
        one = picture(snapshot, name, {}, language)
        assert words in one.svg
        assert words in one.caption
        assert (one.rows, one.strands, one.cells) == ((), (), {})
        assert one.columns


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", ["", "160mm", "A4", "A4-landscape"])
@pytest.mark.parametrize("name", ONE_YEAR)
def test_no_two_words_of_a_picture_meet(
    snapshot: Snapshot, told: Snapshot, name: str, width: str, language: str
) -> None:
    """Nor are they smaller than 7 pt on paper, or 9 pixels on a page."""
    snapshot = told if VIEWS[name].of_reports else snapshot
    svg = drawn_for(snapshot, name, {"width": width}, language).svg
    assert collisions(svg) == []
    units, _ = size_of(svg)
    point = WIDTHS_MM[width] * 72 / 25.4 / units if width else 1.0
    assert smallest_text(svg) * point >= (6.99 if width else 9)
    assert not re.search("<a [^>]*>\\s*</a>", svg)


@pytest.mark.parametrize("name", ONE_YEAR)
def test_every_link_of_a_picture_opens_its_sentences(
    snapshot: Snapshot, told: Snapshot, name: str
) -> None:
    snapshot = told if VIEWS[name].of_reports else snapshot
    drawn = picture(snapshot, name, {})
    keys = [unquote(html.unescape(k)) for k in re.findall(r'<a href="#([^"]*)"', drawn.svg)]
    assert len(keys) > 20
    assert [k for k in keys if k not in drawn.cells] == []
    assert sum(bool(drawn.cells[k].proofs) for k in keys) > 15


def test_a_width_that_is_too_small_names_the_smallest_that_works(snapshot: Snapshot) -> None:
    with pytest.raises(TooNarrow, match="the smallest that works is 160mm"):
        drawn_for(snapshot, "streets", {"width": "80mm"})


def test_the_same_picture_whatever_the_order_of_hashing(store: Store) -> None:
    code = (
        "import hashlib\nfrom graph.open import open_store\nfrom viz.views.catalogue import VIEWS, picture\n"
        "s = open_store(None).open()\n"
        "print(hashlib.sha256(''.join(picture(s, n, {}).svg for n in VIEWS).encode()).hexdigest())"
    )
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "TIAOKUAI_STORE": str(store.folder)},
            cwd=ROOT, capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


@pytest.mark.parametrize("name", ["lead-matrix", "place", "timeline"])
def test_a_png_shows_its_words(snapshot: Snapshot, name: str) -> None:
    """The words are really drawn: without them the picture is another one."""
    svg = picture(snapshot, name, {}).svg
    whole = render(snapshot, name, {"scale": "1"}, "png")
    assert whole.media == "image/png"
    assert whole.body[:4] == b"\x89PNG"
    wordless = re.sub(r"<text[^>]*>[^<]*</text>", "", svg)
    assert len(whole.body) > 1.3 * len(png(wordless, 1))


@pytest.mark.parametrize("name", ONE_YEAR)
def test_the_words_of_a_pdf_can_be_found(snapshot: Snapshot, told: Snapshot, name: str) -> None:
    snapshot = told if VIEWS[name].of_reports else snapshot
    made = render(snapshot, name, {}, "pdf")
    with pdfplumber.open(io.BytesIO(made.body)) as sheets:
        assert len(sheets.pages) <= 2
        for page in sheets.pages:
            assert sorted(round(x) for x in (page.width, page.height)) == [595, 842]
            assert min(c["size"] for c in page.chars) >= 6.99
        words = squeeze("".join(page.extract_text() for page in sheets.pages))
    assert squeeze(picture(snapshot, name, {}).title) in words
    assert snapshot.version.id in words


@pytest.mark.parametrize("name", ONE_YEAR)
def test_the_network_of_a_picture_is_graphml(snapshot: Snapshot, told: Snapshot, name: str) -> None:
    snapshot = told if VIEWS[name].of_reports else snapshot
    made = render(snapshot, name, {}, "graphml").body
    graph = nx.read_graphml(io.BytesIO(made), force_multigraph=True)
    assert graph.number_of_edges() == len(picture(snapshot, name, {}).strands)
    assert all(data["label"] for _, data in graph.nodes(data=True))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["place", "--param", "name=新华陆街道"], "新华路街道"),
        (["body", "--param", "name=规土"], "规土局"),
        (["target", "--param", "notation=14"], "14a"),
        (["streets", "--param", "quarter=5"], "1, 2, 3, 4"),
        (["streets", "--param", "min=2"], "quarter"),
        (["no-such-view"], "lead-matrix"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    store: Store, tmp_path: Path, arguments: list[str], said: str
) -> None:
    given = ["view", "--store", str(store.folder), *arguments, "-o", str(tmp_path / "x.svg")]
    result = CliRunner().invoke(tiaokuai.main, given)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


def test_every_format_by_the_ending_of_the_file(store: Store, tmp_path: Path) -> None:
    for form in (*FORMATS, "PNG"):
        file = tmp_path / f"x.{form}"
        given = ["view", "place", "--store", str(store.folder), "-o", str(file)]
        assert CliRunner().invoke(tiaokuai.main, given).exit_code == 0
        assert file.stat().st_size > 500


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 40), st.data())
def test_no_two_labels_overlap(count: int, data: st.DataObject) -> None:
    nodes = tuple(
        Node(
            f"n{i}",
            data.draw(st.sampled_from(["发改委", "市场监管局", "区府办(电子政务办)", "法院"])),
            f"g{i % 4}",
            1 + i % 9,
            i % 2,
        )
        for i in range(count)
    )
    pairs = data.draw(
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), max_size=60)
    )
    edges = tuple(
        (f"n{a}", f"n{b}", 1 + (a + b) % 4, False)
        for a, b in sorted({(min(p), max(p)) for p in pairs if p[0] != p[1]})
    )
    drawn = Network("t", "c", "s", nodes, edges, ("g0", "g1", "g2", "g3"), {})
    at = positions(drawn)
    assert at == positions(drawn)
    room = list(boxes(nodes, at).values())
    for i, a in enumerate(room):
        for b in room[i + 1 :]:
            wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
            assert wide <= 0.5 or high <= 0.5


def test_several_districts_are_a_panel_each(many: Snapshot) -> None:
    """No picture mixes the bodies of two districts, and each row carries its district."""
    for name in VIEWS:
        drawn = picture(many, name, {"district": "all"})
        if VIEWS[name].of_reports:
            assert "还没有进展报告" in drawn.svg
            continue
        districts = {row[0] for row in drawn.rows}
        assert districts <= {"上海市长宁区", "上海市甲安区"}, name
        assert len(districts) == (1 if name in ("streets", "map", "tiles", "parcels") else 2), name
        assert "每区一幅" in drawn.caption
        assert collisions(drawn.svg) == [], name
        keys = [unquote(html.unescape(k)) for k in re.findall(r'<a href="#([^"]*)"', drawn.svg)]
        assert [k for k in keys if k not in drawn.cells] == [], name
