"""Bodies of requests: no right, no body; many uploads at once; what a publication leaves behind."""

from __future__ import annotations

import asyncio
import os
import re
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from notice_files import Sheet, html, table
from serving import serving

from api.http.problems import Problem
from api.write.multipart import parts_of
from graph.store.store import Store

TOKEN = "a-token"
BEARER = {"authorization": f"Bearer {TOKEN}"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("bodies")
    Store(folder).publish([], shared=[], extractor="test")
    given = {"TIAOKUAI_TOKEN": TOKEN, "TIAOKUAI_DEADLINE": "0.5"}
    with serving(folder, given, workers=1) as found:
        yield found


def server_of(address: str) -> Path:
    """The folder in /proc of the process that listens on a port."""
    port = urlsplit(address).port or 0
    wanted = f"{port:04X} 00000000:0000 0A"
    inode = next(
        line.split()[9] for line in Path("/proc/net/tcp").read_text().splitlines() if wanted in line
    )
    for process in Path("/proc").glob("[0-9]*"):
        try:
            held = [str(fd.readlink()) for fd in (process / "fd").iterdir()]
        except OSError:
            continue
        arguments = (process / "cmdline").read_bytes()
        if f"socket:[{inode}]" in held and b"serve" in arguments:
            return process
    raise AssertionError(f"nobody listens on {port}")


def resident_mb(process: Path) -> int:
    return int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


def test_a_body_without_a_right_is_not_held(address: str) -> None:
    """Thirty clients without a token, each of which sends 12 MB as one file."""
    process, split = server_of(address), urlsplit(address)
    before = resident_mb(process)
    head = (
        b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Length: 12000000\r\n"
        b"Content-Type: multipart/form-data; boundary=b\r\n\r\n"
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    )

    def post(_: int) -> tuple[bytes, int]:
        with socket.create_connection((split.hostname or "", split.port or 0), 60) as sock:
            sock.sendall(head + bytes(11_000_000))
            most = resident_mb(process)
            sock.sendall(bytes(1_000_000))
            return sock.recv(65_536), most

    with ThreadPoolExecutor(30) as pool:
        replies = list(pool.map(post, range(30)))
    assert {reply[:12] for reply, _ in replies} == {b"HTTP/1.1 401"}
    assert max(most for _, most in replies) - before < 60


def test_a_token_in_a_form_counts_where_it_comes_before_the_file(address: str) -> None:
    small, big = b"x", bytes(200_000)
    with httpx.Client(base_url=address, timeout=60) as client:
        for data, token, status in (
            (small, TOKEN, 422), (big, TOKEN, 422), (small, "", 401), (big, "wrong", 401),
        ):  # fmt: skip
            files = {"file": ("a.docx", data)}
            sent = client.post("/upload", data={"token": token}, files=files)
            assert sent.status_code == status, (len(data), token)


def test_uploads_beyond_the_limit_are_told_to_come_again(address: str) -> None:
    made = table(("序号", "工作目标", "牵头单位"), ("1", "新建停车位1000个。", "建交委"))
    data = html(Sheet(("某市青山区2021年任务分解表", "青府〔2021〕2号"), made.rows))

    async def post() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=address, timeout=120, headers=BEARER) as client:
            return await asyncio.gather(
                *(client.post("/upload", files={"file": ("a.html", data)}) for _ in range(12))
            )

    replies = asyncio.run(post())
    codes = [reply.status_code for reply in replies]
    assert codes.count(200) >= 8
    assert set(codes) <= {200, 503}
    assert all("retry-after" in reply.headers for reply in replies if reply.status_code == 503)


def test_a_failed_upload_is_shown_to_two_readers_without_a_fault(address: str) -> None:
    with httpx.Client(base_url=address, timeout=60, headers=BEARER) as client:
        page = {"accept": "text/html"}
        sent = client.post("/upload", files={"file": ("a.docx", b"PK no zip")}, headers=page)
        where = sent.headers["location"]
        codes: list[int] = []
        while not codes or set(codes) == {200}:  # the page that says it is being read
            with ThreadPoolExecutor(2) as pool:
                codes = [
                    reply.status_code
                    for reply in pool.map(lambda _: client.get(where, headers=page), range(2))
                ]
        assert set(codes) <= {200, 422, 404}
        assert 422 in codes
        assert "Max-Age=" in sent.headers["set-cookie"]


def test_nested_parts_are_one_part_and_a_bad_form_is_refused() -> None:
    nested = b"".join(
        b"--%d\r\nContent-Type: multipart/mixed; boundary=%d\r\n\r\n" % (n, n + 1)
        for n in range(450)
    )
    [part] = parts_of("multipart/form-data; boundary=0", nested + b"\r\n--0--\r\n")
    assert len(part.data) > 10_000
    for kind, body in (
        ("multipart/form-data", b"--b--\r\n"),
        ("multipart/form-data; boundary=b", b"no form at all"),
        ("multipart/form-data; boundary=b", b"--b\r\n\r\n\r\n" * 1200 + b"--b--\r\n"),
    ):
        with pytest.raises(Problem):
            parts_of(kind, body)


def test_publications_under_deadlines_leave_nothing_behind(address: str) -> None:
    process = server_of(address)

    def held() -> tuple[int, int]:
        maps = (process / "maps").read_text()
        return len(list((process / "fd").iterdir())), len(re.findall("memfd|deleted", maps))

    with httpx.Client(base_url=address, timeout=60) as client:

        def publish(number: int) -> None:
            text = f"INSERT DATA {{ <http://e/{number}> <http://e/p> {number} }}"
            kind = {"content-type": "application/sparql-update", **BEARER}
            assert client.post("/update", content=text, headers=kind).status_code == 204

        def run_away(_: int) -> int:
            return httpx.get(f"{address}/sparql", params={"query": RUNAWAY}, timeout=60).status_code

        found = []
        for number in range(4):
            with ThreadPoolExecutor(4) as pool:
                waiting = pool.map(run_away, range(4))
                publish(number)
                assert set(waiting) <= {200, 503}
            found.append(held())
    assert found[-1][0] <= found[0][0] + 2, found
    assert found[-1][1] <= found[0][1], found
