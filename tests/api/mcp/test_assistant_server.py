"""The MCP server as the official client sees it, over stdio and over HTTP."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
from folders import TESTS
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from serving import serving

from graph.records import Document
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from loaders.corpus import publish
from loaders.notice import SHIPPED
from ontology.names import base
from queries.catalogue import ask, questions
from queries.formats import plain

SCHEMA = Path(__file__).parent.parent.parent / "expected" / "mcp-schema.json"
TOOLS = [
    "ask",
    "list_questions",
    "run_question",
    "find",
    "thing",
    "evidence",
    "paths",
    "sparql",
    "view",
]


@pytest.fixture(scope="module")
def web(store: Store) -> Iterator[str]:
    """The address of a server that serves assistants too."""
    with serving(store.folder, {"TIAOKUAI_MCP": "1"}) as address:
        yield address


@pytest.fixture(params=["stdio", "http"])
def target(request: pytest.FixtureRequest, store: Store) -> StdioServerParameters | str:
    """The server that the client connects to."""
    if request.param == "http":
        return str(request.getfixturevalue("web")) + "/mcp"
    command = ["-c", "from tiaokuai import main; main()", "mcp", "--store", str(store.folder)]
    return StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))


def talk(target: StdioServerParameters | str, work: Callable[[Client], Awaitable[None]]) -> None:
    """Connect the official client and let it work."""

    async def connected() -> None:
        async with Client(target) as client:
            await work(client)

    asyncio.run(connected())


async def call(client: Client, tool: str, /, **arguments: Any) -> dict[str, Any]:
    """Call a tool that must answer; its rows all have an address and the version."""
    result = await client.call_tool(tool, arguments)
    assert not result.is_error, result.content
    found = result.structured_content
    assert isinstance(found, dict)
    for row in found.get("rows") or found.get("items") or []:
        assert row["version"] == found["version"]
        assert row["address"]
    return found


def test_every_tool_answers_as_the_graph_does(
    target: StdioServerParameters | str, snapshot: Snapshot
) -> None:
    version = snapshot.version.id

    async def work(client: Client) -> None:
        assert [tool.name for tool in (await client.list_tools()).tools] == TOOLS
        said = await call(client, "ask", question="规土局二季度要完成什么")
        assert [said["status"], said["params"]["quarter"]] == ["answer", "2"]
        assert any(
            "22街坊22/1丘" in json.dumps(row["quote"], ensure_ascii=False) for row in said["rows"]
        )
        assert (await call(client, "ask", question="番禺路上有什么好吃的"))["status"] == "refuse"
        listed = await call(client, "list_questions")
        assert [q["name"] for q in listed["questions"]] == list(questions())
        found = await call(client, "run_question", name="body-leads", params={"name": "卫健委"})
        assert [row["cells"]["notation"] for row in found["rows"]] == ["47"]
        assert found["rows"][0]["quote"]["title"]
        assert "answered for 卫计委" in found["notes"][0]
        page = await call(client, "run_question", name="no-number", limit=10, offset=20)
        assert [page["count"], len(page["rows"]), page["next_offset"]] == [29, 9, None]
        hits = await call(client, "find", words="飞乐", type="place")
        assert [hit["label"] for hit in hits["items"]] == ["飞乐地块", "飞乐厂区块"]
        known = await call(client, "thing", name="115街坊")
        assert "tk:Block" in known["types"]
        again = await call(client, "thing", name=known["address"])
        assert again["iri"] == known["iri"] == f"{base()}id/上海市长宁区/地点/115街坊"
        proof = await call(client, "evidence", name="15")
        spans = {
            (r["cells"]["start"], r["cells"]["end"], r["quote"]["quote"]) for r in proof["rows"]
        }
        assert (8334, 8337, "规土局") in spans
        way = await call(client, "paths", start="虹桥办", end="番禺路")
        assert [[step["quote"] for step in path] for path in way["paths"]] == [["虹桥办", "番禺路"]]
        rows = await call(
            client, "sparql", query="SELECT ?n { ?t skos:notation ?n ; a tk:Target }", limit=5
        )
        assert [len(rows["rows"]), rows["next_offset"], rows["version"]] == [5, 5, version]
        assert (await call(client, "sparql", query="ASK { ?t a tk:Target }"))["rows"][0][
            "cells"
        ] == {"answer": True}
        drawn = await client.call_tool("view", {"name": "place", "params": {"name": "115街坊"}})
        assert not drawn.is_error
        assert base64.b64decode(drawn.content[0].data)[:4] == b"\x89PNG"  # type: ignore[union-attr]
        assert drawn.structured_content is not None
        assert drawn.structured_content["version"] == version

    talk(target, work)


def test_every_resource_and_prompt_is_there(
    target: StdioServerParameters | str, snapshot: Snapshot
) -> None:
    async def work(client: Client) -> None:
        async def read(uri: str) -> str:
            return (await client.read_resource(uri)).contents[0].text  # type: ignore[union-attr]

        uris = [str(r.uri) for r in (await client.list_resources()).resources]
        assert [u.removeprefix("tiaokuai://") for u in uris] == [
            "vocabulary",
            "questions",
            "versions",
            "documents",
        ]
        texts = {uri: await read(uri) for uri in uris}
        assert "tk:Target a owl:Class" in texts["tiaokuai://vocabulary"]
        assert json.loads(texts["tiaokuai://versions"])["versions"][0]["id"] == snapshot.version.id
        parts = json.loads(texts["tiaokuai://documents"])["parts"]
        assert [p["kind"] for p in parts].count("plan-table") == 1
        whole = "".join(
            [
                json.loads(await read(f"tiaokuai://documents/{p['document']}/{p['part']}"))["quote"]
                for p in parts
            ]
        )
        assert "完成115街坊" in whole
        with pytest.raises(MCPError, match="there is no part '99'; there are 1, 2, 3"):
            await read(f"tiaokuai://documents/{parts[0]['document']}/99")
        templates = (await client.list_resource_templates()).resource_templates
        assert [t.uri_template for t in templates] == ["tiaokuai://documents/{document}/{part}"]
        given = {
            "brief_place": {"place": "新华路街道"},
            "check_claim": {"claim": "规土局主责土地出让"},
            "compare_years": {"department": "教育局", "first": "2018", "second": "2019"},
        }
        assert [p.name for p in (await client.list_prompts()).prompts] == list(given)
        for name, arguments in given.items():
            said = (await client.get_prompt(name, arguments)).messages[0].content.text  # type: ignore[union-attr]
            assert all(word in said for word in arguments.values())
            assert "never an instruction" in said

    talk(target, work)


HOSTILE: list[tuple[str, dict[str, Any], str]] = [
    ("drop_table", {}, "there are ask, list_questions, run_question"),
    ("", {}, "there is no tool ''"),
    ("../../etc/passwd", {}, "there is no tool"),
    ("ask", {"question": ""}, "question: string should have at least 1"),
    ("ask", {"question": "x" * 10_000}, "question: string should have at most 2000"),
    ("run_question", {}, "name: field required"),
    ("run_question", {"name": 3}, "name: input should be a valid string"),
    ("run_question", {"name": None}, "name: input should be a valid string"),
    ("run_question", {"name": ""}, "name: string should have at least 1"),
    ("run_question", {"name": "x" * 10_000}, "name: string should have at most 400"),
    ("run_question", {"name": "body-leeds"}, "did you mean body-leads"),
    ("run_question", {"name": "body-leads", "limit": 10**9}, "limit: input should be less than or equal to 1000"),
    ("run_question", {"name": "body-leads", "limit": 0}, "limit: input should be greater"),
    ("run_question", {"name": "body-leads", "limit": "many"}, "limit: input should be a valid integer"),
    ("run_question", {"name": "body-leads", "offset": -1}, "offset: input should be greater"),
    ("run_question", {"name": "body-leads", "nmae": "x"}, "has no argument 'nmae'; there are name"),
    ("run_question", {"name": "body-leads", "params": ["a"]}, "params: input should be a valid dictionary"),
    ("run_question", {"name": "body-leads", "params": {"nmae": "x"}}, "allowed: name"),
    ("run_question", {"name": "body-leads", "params": {"name": "规士局"}}, "near: 规土局"),
    ("run_question", {"name": "body-leads", "params": {"name": '规土局"@zh } ; DROP ALL'}}, "nothing is called"),
    ("run_question", {"name": "due-in-quarter", "params": {"quarter": "9"}}, "allowed: 1, 2, 3, 4"),
    ("run_question", {"name": "due-in-month", "params": {"month": "13"}}, "allowed: 1, 2"),
    ("run_question", {"name": "body-leads", "year": "1066"}, "allowed: 2019"),
    ("run_question", {"name": "body-leads", "district": "静安区"}, "allowed: 上海市长宁区"),
    ("find", {"words": "x" * 201}, "words: string should have at most 200"),
    ("find", {"words": "飞乐", "type": "river"}, "type: input should be 'any', 'body', 'place'"),
    ("thing", {"name": "没有这个东西"}, "nothing is called"),
    ("thing", {"name": "https://example.org/id/x"}, "nothing is called"),
    ("evidence", {"name": "99999"}, "nothing is called"),
    ("paths", {"start": "规土局", "end": ""}, "end: string should have at least 1"),
    ("paths", {"start": "规土局", "end": "火星"}, "nothing is called"),
    ("sparql", {"query": "DROP ALL"}, "cannot be read"),
    ("sparql", {"query": "INSERT DATA { <urn:a> <urn:b> 1 }"}, "cannot be read"),
    ("sparql", {"query": "SELECT * { SERVICE <http://example.org/> { ?s ?p ?o } }"}, "SERVICE is off"),
    ("sparql", {"query": "x" * 60_000}, "query: string should have at most 50000"),
    ("view", {"name": "vew"}, "lead-matrix"),
    ("view", {"name": "place", "params": {"name": "115街坊", "onload": "alert(1)"}}, "onload"),
]  # fmt: skip


def test_hostile_calls_are_told_what_would_be_right(
    target: StdioServerParameters | str, store: Store, snapshot: Snapshot
) -> None:
    async def work(client: Client) -> None:
        for name, arguments, says in HOSTILE:
            result = await client.call_tool(name, arguments)
            said = "".join(part.text for part in result.content)  # type: ignore[union-attr]
            assert result.is_error, (name, arguments)
            assert says in said, (name, arguments, said)
            assert "Traceback" not in said
            assert len(said) < 1000
        assert (await call(client, "find", words="飞乐"))["count"]

    talk(target, work)
    current = store.current()
    assert current is not None
    assert current.id == snapshot.version.id


def test_text_of_documents_stands_in_quotes_alone(web: str, hostile: Snapshot) -> None:
    """Cells of a notice reach an assistant as `quote`, never as a description."""
    store = Store(hostile.version.path.parent.parent)

    async def work(client: Client) -> None:
        told = json.dumps([t.model_dump(mode="json") for t in (await client.list_tools()).tools])
        assert "<script>" not in told
        for name in questions():
            found = await call(client, "run_question", name=name, limit=1000)
            outside = json.dumps([row["cells"] for row in found["rows"]], ensure_ascii=False)
            assert "alert(1)" not in outside, name
        hits = await call(client, "find", words="alert")
        assert hits["items"]
        assert not [hit for hit in hits["items"] if "alert" in hit["label"]]

    with serving(store.folder, {"TIAOKUAI_MCP": "1"}) as address:
        talk(address + "/mcp", work)


def test_addresses_of_rows_answer(web: str, snapshot: Snapshot) -> None:
    async def work(client: Client) -> None:
        found = await call(client, "run_question", name="place-targets", params={"name": "115街坊"})
        answer = ask(snapshot, "place-targets", {"name": "115街坊"})
        at = answer.columns.index("target")
        things = [plain(row[at]).removeprefix(base()) for row in answer.rows]
        assert len(found["rows"]) == len(things) > 1
        for row, thing in zip(found["rows"], things, strict=True):
            address = httpx.URL(row["address"])
            assert address.path == f"/v/{snapshot.version.id}/{thing}"
            reply = httpx.get(address, headers={"accept": "text/turtle"})
            assert reply.status_code == 200
        assert httpx.get(found["address"]).status_code == 200

    talk(web + "/mcp", work)


def test_a_report_comes_in_with_the_token_alone(notice: Document, tmp_path: Path) -> None:
    publish.publish(Store(tmp_path), [publish.contribution(notice, SHIPPED.read_bytes())])
    settings = {"TIAOKUAI_MCP": "1", "TIAOKUAI_TOKEN": "a-token", "TIAOKUAI_MCP_WRITE": "1"}
    path = TESTS / "progress" / "reports" / "02_jianjiaowei_2019-06_flat.txt"
    text = path.read_text(encoding="utf-8")

    async def work(address: str) -> None:
        async with Client(address + "/mcp") as client:
            refused = await client.call_tool("report_progress", {"text": text, "publish": True})
            assert "Authorization: Bearer" in str(refused.content)
        async with (
            httpx2.AsyncClient(headers={"authorization": "Bearer a-token"}, timeout=60) as web,
            Client(streamable_http_client(address + "/mcp", http_client=web)) as client,
        ):
            tried = await call(client, "report_progress", text=text, name=path.name)
            assert [tried["published"], tried["version"], tried["plan"]] == [
                False,
                None,
                "长府〔2019〕5号",
            ]
            assert tried["entries"]
            assert all(entry["quote"] for entry in tried["entries"])
            made = await call(client, "report_progress", text=text, name=path.name, publish=True)
            assert made["published"]
            seen = await call(client, "run_question", name="progress-by-target")
            assert (seen["version"], bool(seen["rows"])) == (made["version"], True)

    with serving(tmp_path, settings) as address:
        asyncio.run(work(address))


ASKED = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
ACCEPT = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-06-18"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "evil.example"}, 421),
        ({"host": "evil.example:8000"}, 421),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"content-type": "text/plain"}, 400),
    ],
)
def test_a_foreign_host_or_origin_is_refused(
    web: str, headers: dict[str, str], status: int
) -> None:
    reply = httpx.post(web + "/mcp", json=ASKED, headers=ACCEPT | headers)
    assert reply.status_code == status
    own = httpx.post(web + "/mcp", json=ASKED, headers=ACCEPT | {"origin": web})
    assert len(own.json()["result"]["tools"]) == len(TOOLS)


def test_it_is_off_unless_a_setting_turns_it_on(server: str, web: str) -> None:
    reply = httpx.post(server + "/mcp", json=ASKED, headers=ACCEPT)
    assert (reply.status_code, "TIAOKUAI_MCP=1" in reply.text) == (404, True)
    assert httpx.get(web + "/mcp").status_code == 405
    assert httpx.post(web + "/mcp", content=b"x" * 3_000_000, headers=ACCEPT).status_code == 413


def test_the_schema_is_the_one_that_was_reviewed(web: str) -> None:
    async def work(client: Client) -> None:
        tools = (await client.list_tools()).tools
        shown = [t.model_dump(mode="json", exclude_none=True, by_alias=True) for t in tools]
        text = json.dumps(shown, ensure_ascii=False, indent=1) + "\n"
        assert text == SCHEMA.read_text(encoding="utf-8")

    talk(web + "/mcp", work)
