"""The router by a language model, against a server that replies as one does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from serving import serving

from api.rest.model_router import choice_in
from graph.store.store import Store

REPLIES = {
    "警察那边主要负责哪块": '```json\n{"name": "body-leads", "params": {"name": "公安分局"}}\n```',
    "帮扶谁家孩子最积极": '{"name": "body-leads", "params": {"name": "没有的局"}}',
    "那个谁谁谁的东西": "SELECT ?s { ?s ?p ?o }",
}


@contextmanager
def model() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A server with the interface of OpenAI's chat completions; yield its address and requests."""
    seen: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            seen.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
            content = REPLIES.get(body["messages"][-1]["content"], '{"name": null}')
            reply = json.dumps({"choices": [{"message": {"content": content}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, *args: object) -> None:
            """Keep the output of the tests clean."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", seen
    finally:
        server.shutdown()
        server.server_close()


def fetch(address: str, accept: str = "application/json") -> str:
    with urlopen(Request(address, headers={"Accept": accept, "Accept-Language": "zh"})) as reply:
        return str(reply.read().decode())


def test_a_model_chooses_only_from_the_catalogue(store: Store) -> None:
    with model() as (address, seen):
        settings = {
            "TIAOKUAI_LLM_URL": address, "TIAOKUAI_LLM_MODEL": "small", "TIAOKUAI_LLM_KEY": "k",
        }  # fmt: skip
        with serving(store.folder, settings) as server:
            said = {q: json.loads(fetch(f"{server}/api/ask?q={quote(q)}")) for q in REPLIES}
            page = fetch(f"{server}/ask?q={quote('警察那边主要负责哪块')}", "text/html")
            asked = len(seen)
            clear = json.loads(fetch(f"{server}/api/ask?q={quote('规土局牵头哪些目标')}"))
            code = json.loads(fetch(f"{server}/api/ask?q={quote('SELECT ?s { ?s ?p ?o }')}"))
            assert len(seen) == asked  # neither needs a model
    first, unknown, sparql = said.values()
    assert first["status"] == "answer"
    assert (first["name"], first["params"]) == ("body-leads", {"name": "公安分局"})
    assert first["rows"]
    assert first["model"]["used"]
    assert "语言模型" in page
    for other in (unknown, sparql):
        assert other["status"] in ("ask", "refuse")
        assert not other["model"]["used"]
        assert other["model"]["reply"]
    assert "model" not in clear
    assert "model" not in code
    assert seen[0]["path"] == "/v1/chat/completions"
    assert seen[0]["key"] == "Bearer k"
    assert seen[0]["model"] == "small"
    assert "body-leads(name: body)" in seen[0]["messages"][0]["content"]


@pytest.mark.parametrize(
    "reply",
    [
        "", "nonsense", "[]", '{"name": "drop"}', '{"name": "body-leads", "params": {"query": "x"}}',
        '{"name": "body-leads", "params": {"name": ["a"]}}', '{"name": null}', '{"name": "body-leads", "params": 3}',
    ],
)  # fmt: skip
def test_what_is_not_of_the_catalogue_is_dropped(reply: str) -> None:
    assert choice_in(reply) is None
