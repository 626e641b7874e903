"""Several documents in one graph: the confidence of each, and years compared."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner
from folders import TESTS
from notice_files import html, table

from graph.checks.audit import audit
from graph.open import open_store
from graph.records import Document
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from loaders.corpus import publish
from loaders.formats.source import source_of
from loaders.notice import SHIPPED, read_text
from tiaokuai import main
from viz.pages.notices import readings
from viz.site import Request, answer
from viz.web.context import Desk

LATER = (
    ("2019年", "2020年"), ("〔2019〕5号", "〔2020〕3号"), ("规土局", "规划资源局"),
    ("绿化市容局", "城管执法局"),
)  # fmt: skip


@pytest.fixture(scope="module")
def two_years(notice: Document, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    text = notice.text
    for old, new in LATER:
        text = text.replace(old, new)
    parts = text.split("\n\n")
    del parts[parts.index("16") : parts.index("17")]
    data = "\n\n".join(parts).encode()
    later = read_text(source_of("2020.txt", data))
    other = (
        html(table(("序号", "工作目标"), ("1", "完成旧住房改造8万平方米。")))
        .replace(b"<tr>", "<tr><th>牵头单位</th>".encode(), 1)
        .replace(b"<tr><td", b"<tr><td></td><td")
    )
    nobody = read_text(source_of("无单位.html", other))
    store = Store(tmp_path_factory.mktemp("corpus"))
    parts_ = [(notice, SHIPPED.read_bytes()), (later, data), (nobody, other)]
    publish.publish(store, [publish.contribution(d, b) for d, b in parts_])
    return store.memory()


def _page(snapshot: Snapshot, path: str, **params: str) -> str:
    reply = answer(snapshot, Request(path, tuple(params.items())))
    assert reply.status == 200, reply.body.decode()
    return reply.body.decode()


def test_two_documents_that_cite_one_stand_in_one_graph(two_years: Snapshot) -> None:
    texts = {s.text_id: two_years.version.text(s.text_id) for s in two_years.version.sources}
    assert [f for f in audit(two_years, texts) if f.severity == "violation"] == []
    assert len(two_years.version.sources) == 3


def test_each_document_says_how_well_it_was_read(two_years: Snapshot) -> None:
    found = {r.notice.number: r for r in readings(Desk(two_years, "/", (), "zh", "", ""))}
    assert (found["长府〔2020〕3号"].targets, found["长府〔2020〕3号"].roles) == (59, "写明")
    assert found[""].roles == "没有写单位"
    assert "没有写单位" in _page(two_years, "/notices")
    page = _page(two_years, "/id/上海市长宁区/长府〔2020〕3号")
    assert "59 项目标" in page
    assert "/compare" in page
    every_year = Request("/id/上海市长宁区", (("year", "all"),))
    assert "长府〔2019〕5号" in answer(two_years, every_year).body.decode()


def test_what_went_and_moved_between_two_years(two_years: Snapshot) -> None:
    page = _page(two_years, "/compare", a="长府〔2019〕5号", b="长府〔2020〕3号")
    assert "去掉1项，新增0项；换主责4项，提前0项，推后0项，数字变了0项，照旧55项" in page
    rows = [r for r in page.split("<tr>") if "<td>规划资源局" in r]
    assert len(rows) == 1  # the reform renamed 规土局: one body, one target less
    assert "-1" in rows[0]
    assert answer(two_years, Request("/compare", (("a", "长府〔1999〕1号"),))).status == 404


def test_build_reports_how_well_each_file_was_read(tmp_path: Path) -> None:
    folder = tmp_path / "公文"
    folder.mkdir()
    (folder / "a.txt").write_bytes(SHIPPED.read_bytes())
    (folder / "b.pdf").write_bytes(b"%PDF-1.7")
    done = CliRunner().invoke(main, ["build", str(folder), "--store", str(tmp_path / "store")])
    head, *rows = [line.split("\t") for line in done.stdout.splitlines()]
    said = [dict(zip(head, row, strict=True)) for row in rows]
    assert [(r["layout"], r["targets"], r["roles"]) for r in said][:1] == [
        ("flattened table", "60", "marked")
    ]
    assert 0.9 < float(said[0]["sure"]) <= 1
    assert "cannot be read, because" in said[1]["note"]


def test_a_part_that_is_not_read_is_named_by_build_and_on_the_page(tmp_path: Path) -> None:
    """A register behind the table of targets: what it is, where, how long, and why."""
    case = TESTS / "cases" / "reading" / "other_table_same_width.html"
    store = tmp_path / "store"
    done = CliRunner().invoke(main, ["build", str(case), "--store", str(store)])
    assert done.exit_code == 0, done.stderr
    unread = "line 25: register “附件2重点园区清单”, 2 rows: 是项目或成员名单"
    assert f"{case.name}: not read: {unread}" in done.stderr
    assert "parts not read: 1" in done.stdout
    snapshot = open_store(str(store)).memory()
    reading = readings(Desk(snapshot, "/", (), "zh", "", ""))[0]
    page = _page(snapshot, unquote(urlsplit(reading.notice.iri).path).replace("/tiaokuai", "", 1))
    row = next(r for r in page.split("<tr>") if "附件2重点园区清单" in r and "?at=" in r)
    assert "名单或项目表" in row
    assert "<td>2</td>" in row
    assert "没有读：是项目或成员名单" in row
    assert "已读" in page
