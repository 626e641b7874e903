"""A planner hands in a document: who may, what is shown, what is corrected, what is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from notice_files import Sheet, html, table
from serving import serving

from graph.store.store import Store
from graph.triples.corrections import read_corrections
from loaders.corpus import publish as corpus
from loaders.formats.source import source_of
from loaders.notice import read_text

TOKEN = "a-token"
PAGE = {"accept": "text/html"}


def sheet() -> Sheet:
    made = table(
        ("序号", "工作目标", "牵头单位", "配合单位"),
        ("1", "完成旧住房改造8万平方米。", "房管局", "规土局、青蓝局"),
        ("2", "新建停车位1000个。", "建交委", ""),
    )
    return Sheet(("某市青山区人民政府2021年重点工作任务分解表", "青府〔2021〕2号"), made.rows)


@contextmanager
def connected(store: Path, token: str) -> Iterator[httpx.Client]:
    with (
        serving(store, {"TIAOKUAI_TOKEN": token}) as address,
        httpx.Client(base_url=address, timeout=60) as made,
    ):
        yield made


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = Store(tmp_path_factory.mktemp("store"))
    data = html(sheet()).replace(b"2021", b"2020")
    corpus.publish(made, [corpus.contribution(read_text(source_of("a", data)), data)])
    return made.folder


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    with connected(folder, TOKEN) as made:
        yield made


def _shown(client: httpx.Client, address: str) -> str:
    """The page of a document once it is read."""
    for _ in range(60):
        reply = client.get(address, headers=PAGE)
        if "refresh" not in reply.headers:
            return reply.text
    raise AssertionError(reply.text)


def test_a_planner_sees_corrects_and_publishes(client: httpx.Client, folder: Path) -> None:
    form = client.get("/upload", headers=PAGE).text
    assert 'type="file"' in form
    before = Store(folder).current()
    file = {"file": ("任务表.txt", html(sheet()))}
    sent = client.post("/upload", data={"token": TOKEN}, files=file, headers=PAGE)
    assert sent.status_code == 303
    page = _shown(client, sent.headers["location"])
    assert "2 项目标" in page
    assert "<mark>青蓝局</mark>" in page
    assert Store(folder).current() == before  # nothing is published yet
    names = dict(re.findall(r'name="(unit-\w+)" value="([^"]*)"', page))
    assert sorted(names.values()) == ["建交委", "房管局", "规土局", "青蓝局"]
    fields = {k: {"青蓝局": "水务局", "规土局": ""}.get(v, v) for k, v in names.items()}
    done = client.post(sent.headers["location"], data={**fields, "who": "小王"}, headers=PAGE)
    assert done.status_code == 303  # the cookie stood for the token
    notice = client.get(done.headers["location"], headers=PAGE)
    assert "青府〔2021〕2号" in notice.text
    said = client.get("/queries/leads-by-document.json").json()["rows"]
    mine = {r[3]: (r[4], r[5]) for r in said if r[1] == 2021}
    assert mine == {"房管局": (1, 0), "建交委": (1, 0), "水务局": (0, 1)}
    kept = read_corrections(folder).values()
    assert {(c.decision, c.value, c.who) for c in kept} == {
        ("correct", "水务局", "小王"), ("reject", "", "小王"),
    }  # fmt: skip
    assert client.get(sent.headers["location"], headers=PAGE).status_code == 404


def test_a_program_gets_the_json_of_extract(client: httpx.Client) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}"}
    file = {"file": ("a.html", html(sheet()))}
    said = client.post("/upload", files=file, headers=bearer).json()
    assert [t["lead"] for t in said["targets"]] == [["房管局"], ["建交委"]]
    made = client.post(said["publish"], headers=bearer, data={"who": ""})
    assert made.status_code == 201
    assert made.json()["notice"].endswith("青府〔2021〕2号")


def test_another_document_does_not_take_a_place_unasked(client: httpx.Client) -> None:
    bearer = {"authorization": f"Bearer {TOKEN}"}
    other = html(
        Sheet(("某市青山区人民政府2020年实事项目任务分解表", "青府〔2020〕2号"), sheet().rows)
    )
    said = client.post("/upload", files={"file": ("b.html", other)}, headers=bearer).json()
    assert said["replaces"]["targets"] == {"come": 0, "gone": 0, "changed": 0}
    refused = client.post(said["publish"], headers=bearer, data={"who": ""})
    assert refused.status_code == 409
    assert "标题不同" in refused.json()["detail"]
    made = client.post(said["publish"], headers=bearer, data={"replace": "1"})
    assert made.status_code == 201


def test_what_cannot_be_read_is_said_and_nothing_is_kept(
    client: httpx.Client, folder: Path
) -> None:
    before = Store(folder).current()
    bearer = {"authorization": f"Bearer {TOKEN}"}
    file = {"file": ("旧.doc", b"\xd0\xcf\x11\xe0" + bytes(600))}
    refused = client.post("/upload", files=file, headers=bearer)
    assert refused.status_code == 422
    assert "旧.doc: cannot be read, because this is an old Office file" in refused.json()["detail"]
    sent = client.post("/upload", data={"token": TOKEN}, files=file, headers=PAGE)
    assert "old Office file" in _shown(client, sent.headers["location"])
    assert Store(folder).current() == before


@pytest.mark.parametrize(
    ("token", "headers", "status"),
    [
        ("wrong", {}, 401),
        ("", {"authorization": "Bearer wrong"}, 401),
        ("", {"cookie": "tiaokuai-upload=abc"}, 401),
    ],
)
def test_who_has_no_token_hands_nothing_in(
    folder: Path, client: httpx.Client, token: str, headers: dict[str, str], status: int
) -> None:
    client.cookies.clear()
    file = {"file": ("a.html", html(sheet()))}
    reply = client.post("/upload", data={"token": token}, files=file, headers=headers)
    assert reply.status_code == status


def test_a_server_without_a_token_says_that_it_only_reads(folder: Path) -> None:
    with connected(folder, "") as client:
        assert "本服务器只读" in client.get("/upload", headers=PAGE).text
        reply = client.post("/upload", files={"file": ("a.html", html(sheet()))})
        assert reply.status_code == 403
