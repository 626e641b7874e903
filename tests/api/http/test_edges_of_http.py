"""Requests at the edges of HTTP get the same answer by each way in, and no 500."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving import serving

from api.http.exchange import parsed_form
from api.http.problems import Problem
from graph.store.store import Store

PATHS = ("/", "/sparql?query=ASK%7B%7D", "/api/targets", "/static/site.css")
BAD_HEADS = {
    "bare LF": "GET {} HTTP/1.1\nHost: x\n\n",
    "bare LF after a header": "GET {} HTTP/1.1\r\nHost: x\nA: b\r\n\r\n",
    "bare CR": "GET {} HTTP/1.1\r\nHost: x\r\nA: b\rc\r\n\r\n",
    "NUL": "GET {} HTTP/1.1\r\nHost: x\r\nA: b\0c\r\n\r\n",
    "control character": "GET {} HTTP/1.1\r\nHost: x\r\nA: b\x01c\r\n\r\n",
    "no Host": "GET {} HTTP/1.1\r\nAccept: */*\r\n\r\n",
    "empty Host": "GET {} HTTP/1.1\r\nHost:\r\n\r\n",
    "two Hosts": "GET {} HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "Host with a path": "GET {} HTTP/1.1\r\nHost: x/y\r\n\r\n",
}
GUARDS = (
    b"content-security-policy:", b"x-content-type-options: nosniff",
    b"cross-origin-opener-policy: same-origin", b"permissions-policy:",
)  # fmt: skip


@pytest.fixture(scope="module")
def address(store: Store) -> Iterator[str]:
    with serving(store.folder, {"TIAOKUAI_TOKEN": "secret"}, workers=1) as found:
        yield found


def exchanged(address: str, sent: bytes, *, half_close: bool = False) -> bytes:
    """All that comes back on a connection, which the request or this side ends."""
    split = urlsplit(address)
    with socket.create_connection((split.hostname or "", split.port or 0), timeout=20) as sock:
        sock.sendall(sent)
        if half_close:
            sock.shutdown(socket.SHUT_WR)
        found = bytearray()
        while part := sock.recv(65_536):
            found += part
        return bytes(found)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("head", BAD_HEADS.values(), ids=BAD_HEADS)
def test_a_head_that_is_not_http_is_refused_on_every_path(
    address: str, path: str, head: str
) -> None:
    reply = exchanged(address, head.format(path).encode())
    assert reply.startswith(b"HTTP/1.1 400 ")
    assert all(guard in reply for guard in GUARDS)
    assert b"application/problem+json" in reply


@pytest.mark.parametrize(
    ("target", "status"),
    [
        *((f"{path}{'&' if '?' in path else '?'}{'&'.join(['a=b'] * 1001)}", 400)
          for path in PATHS[:3]),
        ("/id/%22%3C%3E", 404),
        ("/id/a%0Ab%20c", 404),
        ("/graph/%7B%7D%5C%5E", 404),
        ("/v/000000000000/id/%7C", 404),
        ("/id/a]", 404),
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_meant_is_refused_with_all_guards(
    address: str, target: str, status: int
) -> None:
    head = f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    reply = exchanged(address, head.encode())
    assert int(reply[9:12]) == status, reply[:300]
    assert all(guard in reply for guard in GUARDS)


def test_a_cookie_that_is_not_ascii_is_no_pass(address: str) -> None:
    head = "GET /upload/x HTTP/1.1\r\nHost: x\r\nCookie: tiaokuai-upload=é条\r\nConnection: close\r\n\r\n"
    assert int(exchanged(address, head.encode())[9:12]) in (401, 404)


def test_a_body_that_would_be_refused_is_not_asked_for(address: str) -> None:
    head = (
        "POST /update HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 30000000\r\n"
        "Content-Type: application/sparql-update\r\n\r\n"
    )
    assert exchanged(address, head.encode()).startswith(b"HTTP/1.1 401 ")


def test_a_client_that_half_closes_gets_its_answer(address: str) -> None:
    for path in PATHS:
        head = f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n"
        assert b" 200 OK" in exchanged(address, head.encode(), half_close=True)[:20], path


def test_a_host_that_anybody_may_send_stays_out_of_shared_caches(
    address: str, store: Store
) -> None:
    version = store.current()
    assert version is not None
    for host, word in (("127.0.0.1:8000", b"public"), ("evil.example", b"private")):
        for path in PATHS[1:3]:
            target = f"/v/{version.id}{path}"
            head = f"GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
            reply = exchanged(address, head.encode())
            assert b"cache-control: " + word + b", max-age=31536000, immutable" in reply


def test_replies_come_in_the_order_of_the_requests(address: str) -> None:
    """In one piece, in pieces, one behind the other: the same replies."""
    one = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    reply = exchanged(address, one + one + last)
    assert reply.count(b"HTTP/1.1 200") == 3
    assert re.search(rb'(?s)boolean":true.*boolean":true.*"status"', reply)


@given(st.text("ab%4fF=&+2条 ;0", max_size=14))
def test_a_form_is_read_as_the_standard_library_reads_it(text: str) -> None:
    try:
        wanted = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(Problem):
            parsed_form(text)
    else:
        assert parsed_form(text) == wanted


def test_pages_follow_the_language_of_the_browser(address: str) -> None:
    for header, wanted in (("en-GB", b'<html lang="en">'), ("zh-CN", b'<html lang="zh-CN">')):
        for path in ("/", "/upload"):
            head = (
                f"GET {path} HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\n"
                f"Accept-Language: {header}\r\nConnection: close\r\n\r\n"
            )
            assert wanted in exchanged(address, head.encode()), (header, path)
