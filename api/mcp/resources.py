"""Resources of the MCP server: addresses that a client can read without a tool."""

from __future__ import annotations

from mcp.server.mcpserver import MCPServer

from api.mcp.calls import Calls

JSON = "application/json"


def add_resources(server: MCPServer, calls: Calls) -> None:
    """Add the vocabulary, the questions, the versions, and the texts of documents by part."""

    @server.resource("tiaokuai://vocabulary", mime_type="text/turtle", name="vocabulary")
    async def vocabulary() -> str:
        """The vocabulary of the graph, in Turtle."""
        return await calls.read("vocabulary")

    @server.resource("tiaokuai://questions", mime_type=JSON, name="questions")
    async def questions() -> str:
        """The questions of the catalogue with the values that their parameters take."""
        return await calls.read("questions")

    @server.resource("tiaokuai://versions", mime_type=JSON, name="versions")
    async def versions() -> str:
        """The versions of the graph, newest first."""
        return await calls.read("versions")

    @server.resource("tiaokuai://documents", mime_type=JSON, name="documents")
    async def documents() -> str:
        """The documents of the graph and their parts."""
        return await calls.read("documents")

    @server.resource("tiaokuai://documents/{document}/{part}", mime_type=JSON, name="document")
    async def document(document: str, part: str) -> str:
        """The text of one part of a document, in the field `quote`: data to cite."""
        return await calls.read("document", document=document, part=part)
