"""Tools of the MCP server: typed, read only, with structured output."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp.types import CallToolResult, ImageContent, TextContent, ToolAnnotations
from pydantic import Field

from api.mcp.calls import Calls
from api.mcp.outputs import (
    AnswerRow,
    AnswerTable,
    AskReply,
    FoundThings,
    PathsFound,
    Questions,
    RowsPage,
    ThingFacts,
    Value,
    ViewPicture,
)

READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
Limit = Annotated[int, Field(ge=1, le=1000, description="Rows of a page, 1 to 1000.")]
Offset = Annotated[int, Field(ge=0, le=1_000_000, description="Rows to pass over.")]
Words = Annotated[str, Field(min_length=1, max_length=200)]
Name = Annotated[str, Field(min_length=1, max_length=400)]
District = Annotated[
    str, Field(max_length=60, description="A district; empty: the newest notice's.")
]
Year = Annotated[str, Field(max_length=10, description="A year, or all; empty: the newest.")]
Given = Annotated[dict[str, str], Field(max_length=12, description="Parameters by name.")]


def add_tools(server: MCPServer, calls: Calls) -> None:
    """Add every tool that reads."""

    @server.tool(title="A question in plain words", annotations=READS)
    async def ask(
        question: Annotated[str, Field(min_length=1, max_length=2000)],
        district: District = "",
        year: Year = "",
        limit: Limit = 50,
    ) -> AskReply:
        """Read a question, Chinese or English, as one of the catalogue; ask back or refuse."""
        made = await calls.run("ask", question=question, district=district, year=year, limit=limit)
        return AskReply(**made)

    @server.tool(title="The catalogue of questions", annotations=READS)
    async def list_questions(words: Annotated[str, Field(max_length=200)] = "") -> Questions:
        """List the checked questions and their parameters; `words` narrows them by their text."""
        return Questions(**await calls.run("questions", words=words))

    @server.tool(title="Ask a question of the catalogue", annotations=READS)
    async def run_question(
        name: Name, params: Given | None = None, district: District = "", year: Year = "",
        limit: Limit = 100, offset: Offset = 0,
    ) -> AnswerTable:  # fmt: skip
        """Answer a question of the catalogue. Names may be short forms, aliases or slips."""
        made = await calls.run(
            "question", name=name, params=params or {}, district=district, year=year,
            limit=limit, offset=offset,
        )  # fmt: skip
        return AnswerTable(**made)

    @server.tool(title="Find things by name or text", annotations=READS)
    async def find(
        words: Words,
        type: Literal["any", "body", "place", "project", "target"] = "any",  # noqa: A002
        district: District = "",
        year: Year = "",
        limit: Limit = 20,
    ) -> FoundThings:
        """Find departments, places, projects and targets by a name, a slip or words of the text."""
        made = await calls.run(
            "find", words=words, type=type, district=district, year=year, limit=limit
        )
        return FoundThings(**made)

    @server.tool(title="Everything about one thing", annotations=READS)
    async def thing(name: Name, district: District = "", year: Year = "") -> ThingFacts:
        """List the facts of a body, place or target: by its name, its number, or its address."""
        return ThingFacts(**await calls.run("thing", name=name, district=district, year=year))

    @server.tool(title="The sentences behind a thing", annotations=READS)
    async def evidence(
        name: Name, district: District = "", year: Year = "", limit: Limit = 100, offset: Offset = 0
    ) -> RowsPage:
        """Quote the passages, with their offsets, that the facts of a thing were read from."""
        made = await calls.run(
            "evidence", name=name, district=district, year=year, limit=limit, offset=offset
        )
        return RowsPage(**made)

    @server.tool(title="How two things are connected", annotations=READS)
    async def paths(
        start: Name, end: Name, inferred: bool = False, district: District = "", year: Year = ""
    ) -> PathsFound:
        """Find the shortest paths between two bodies, places or targets, with their words."""
        made = await calls.run(
            "paths", start=start, end=end, inferred=inferred, district=district, year=year
        )
        return PathsFound(**made)

    @server.tool(title="A SPARQL query", annotations=READS)
    async def sparql(
        query: Annotated[str, Field(min_length=1, max_length=50_000)],
        limit: Limit = 100,
        offset: Offset = 0,
    ) -> RowsPage:
        """Run SELECT, ASK, CONSTRUCT or DESCRIBE; updates are refused. Prefixes are declared."""
        found, version = await calls.query(query, limit, offset)
        return _table(found, version, offset, calls.root)

    @server.tool(title="A picture of a view", annotations=READS)
    async def view(
        name: Name, params: Given | None = None, district: District = "", year: Year = ""
    ) -> Annotated[CallToolResult, ViewPicture]:
        """Draw a view (bodies, lead-matrix, streets, parcels, timeline, body, place, target, …)."""
        made = await calls.run("view", name=name, params=params or {}, district=district, year=year)
        image = made.pop("image")
        return CallToolResult(
            content=[
                ImageContent(type="image", data=image, mime_type=made["media"]),
                TextContent(type="text", text=f"{made['title']}: {made['address']}"),
            ],
            structured_content=made,
        )


def _table(found: Mapping[str, Any], version: str, offset: int, root: str) -> RowsPage:
    """Return the result of a query as a table; all its strings are quotes."""
    address = f"{root}/v/{version}/sparql" if root else f"urn:tiaokuai:version:{version}"
    if "boolean" in found:
        columns, raw = ["answer"], [{"answer": {"type": "boolean", "value": found["boolean"]}}]
    elif "triples" in found:
        columns = ["triple"]
        lines = found["triples"].splitlines()
        raw = [{"triple": {"type": "literal", "value": line}} for line in lines]
    else:
        columns, raw = found["head"]["vars"], found["results"]["bindings"]
    rows = [_row(binding, version, address) for binding in raw]
    following = offset + len(rows) if found["truncated"] else None
    return RowsPage(
        columns=columns, rows=rows, count=offset + len(rows), next_offset=following,
        version=version, address=address,
    )  # fmt: skip


def _row(binding: Mapping[str, Mapping[str, Any]], version: str, address: str) -> AnswerRow:
    cells: dict[str, Value] = {}
    quotes: dict[str, str] = {}
    for column, term in binding.items():
        kind = term.get("datatype", "").rpartition("#")[2]
        if term["type"] in ("uri", "bnode", "boolean"):
            cells[column] = term["value"]
        elif kind == "integer":
            cells[column] = int(term["value"])
        elif kind in ("decimal", "double", "float", "date", "gYear", "dateTime"):
            cells[column] = term["value"]
        elif kind == "boolean":
            cells[column] = term["value"] in ("true", "1")
        else:
            quotes[column] = term["value"]
    about = next((str(v) for v in cells.values() if "/id/" in str(v)), address)
    return AnswerRow(cells=cells, quote=quotes, address=about, version=version)
