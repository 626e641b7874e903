"""`POST /api/progress` publishes a report; the lists show it and filter it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from folders import TESTS
from serving import serving

from graph.records import Document
from graph.store.store import Store
from loaders.corpus import publish
from loaders.notice import SHIPPED

TOKEN = {"authorization": "Bearer a-token"}
REPORTS = TESTS / "progress" / "reports"
CIRCULAR = REPORTS / "05_ducha_tongbao_2019Q1.docx"
STREET = REPORTS / "17_hongqiao_street_2019.html"


@pytest.fixture(scope="module")
def client(notice: Document, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    folder: Path = tmp_path_factory.mktemp("store")
    publish.publish(Store(folder), [publish.contribution(notice, SHIPPED.read_bytes())])
    with (
        serving(folder, {"TIAOKUAI_TOKEN": "a-token"}) as address,
        httpx.Client(base_url=address, timeout=60) as made,
    ):
        yield made


def test_a_report_is_shown_then_published_then_listed(client: httpx.Client) -> None:
    body = CIRCULAR.read_bytes()
    asked = {"name": CIRCULAR.name, "dry_run": "1"}
    shown = client.post("/api/progress", params=asked, content=body, headers=TOKEN)
    assert (shown.status_code, shown.json()["version"]) == (200, None)
    assert client.get("/api/reports").json()["items"] == []

    made = client.post("/api/progress", files={"file": (CIRCULAR.name, body)}, headers=TOKEN)
    assert made.status_code == 201
    assert made.headers["tiaokuai-version"] == made.json()["version"]
    assert made.json()["entries"] == shown.json()["entries"]
    (report,) = client.get("/api/reports").json()["items"]
    assert (report["notice"], report["as_of"], report["issue"], report["entries"]) == (
        "长府〔2019〕5号", "2019-03-31", "2019年第3期", 13,
    )  # fmt: skip

    again = client.post("/api/progress", files={"file": (CIRCULAR.name, body)}, headers=TOKEN)
    assert again.json()["version"] == made.json()["version"]


def test_entries_are_filtered_by_status_target_and_day(client: httpx.Client) -> None:
    file = {"file": (STREET.name, STREET.read_bytes())}
    client.post("/api/progress", files=file, headers=TOKEN).raise_for_status()

    def texts(**given: str) -> list[str]:
        return [i["text"] for i in client.get("/api/progress", params=given).json()["items"]]

    overdue = texts(computed="Overdue", target="15")
    assert [text for text in overdue if "娄山关路地块出让" in text] == overdue != []
    assert any("城运中心" in text for text in texts(status="Changed", reporter="虹桥街道"))
    assert not any("城运中心" in text for text in texts(as_of="2019-03-31"))
    assert client.get("/api/progress", params={"as_of": "三月"}).status_code == 400


@pytest.mark.parametrize(
    ("headers", "params", "body", "status"),
    [
        ({}, {}, b"x", 401),
        (TOKEN, {}, b"", 400),
        (TOKEN, {"as_of": "June"}, b"x", 400),
        (TOKEN, {"name": "a.txt"}, "今天天气很好。".encode(), 422),
    ],
)
def test_what_is_no_report_is_refused_with_a_reason(
    client: httpx.Client,
    headers: dict[str, str],
    params: dict[str, str],
    body: bytes,
    status: int,
) -> None:
    before = client.get("/api/reports").json()
    reply = client.post("/api/progress", params=params, content=body, headers=headers)
    assert reply.status_code == status
    assert reply.json()["detail"]
    assert client.get("/api/reports").json() == before


def test_the_upload_page_shows_a_report_row_by_row_and_publishes_it(client: httpx.Client) -> None:
    path = REPORTS / "18_minzheng_2019-10.pdf"
    file = {"file": (path.name, path.read_bytes())}
    sent = client.post("/upload", files=file, headers={**TOKEN, "accept": "application/json"})
    assert sent.status_code == 200
    address = sent.json()["publish"]
    page = client.get(address, headers={**TOKEN, "accept": "text/html"}).text
    assert "对上目标 7 条，没有对上 1 条" in page
    made = client.post(
        address, headers={**TOKEN, "accept": "application/json",
        "content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip
    assert made.status_code == 201
    assert any(r["reporter"] == "民政局" for r in client.get("/api/reports").json()["items"])
