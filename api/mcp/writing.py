"""The one tool of the MCP server that writes: a report of progress handed in.

It is there only where the server has a token and `TIAOKUAI_MCP_WRITE=1`; over HTTP the request
must show the token, and without `publish` nothing is written.
"""

from __future__ import annotations

from typing import Annotated, Any

from mcp.server.mcpserver import MCPServer
from mcp.types import ToolAnnotations
from pydantic import Field

from api.mcp.calls import Calls
from api.mcp.outputs import ReportedEntry, ReportReceipt

WRITES = ToolAnnotations(
    read_only_hint=False, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)
MAX_REPORT_CHARS = 200_000


def add_writing(server: MCPServer, calls: Calls) -> None:
    """Add the tool where the operator lets assistants write."""
    if not calls.may_write:
        return

    @server.tool(title="Hand in a report of progress", annotations=WRITES)
    async def report_progress(
        text: Annotated[str, Field(min_length=1, max_length=MAX_REPORT_CHARS)],
        name: Annotated[str, Field(max_length=200, description="A file name.")] = "report.txt",
        as_of: Annotated[str, Field(max_length=10, description="The day of the facts.")] = "",
        by: Annotated[str, Field(max_length=100, description="Who reports.")] = "",
        plan: Annotated[str, Field(max_length=100, description="The number of the plan.")] = "",
        publish: bool = False,
    ) -> ReportReceipt:
        """Tie the statements of a report to targets; publish them only where `publish` is true."""
        made = await calls.report(text, name, as_of=as_of, by=by, plan=plan, is_dry=not publish)
        return ReportReceipt(
            published=bool(made["version"]),
            version=made["version"],
            plan=made["report"]["plan"],
            as_of=made["report"]["as_of"],
            entries=[_entry(entry) for entry in made["entries"]],
            unmatched=len(made["unmatched"]),
        )


def _entry(entry: dict[str, Any]) -> ReportedEntry:
    quarter = (entry["quarter"] or "").removeprefix("q")
    return ReportedEntry(
        target=entry["target"],
        project=entry["project"],
        quarter=int(quarter) if quarter.isdecimal() else None,
        status=entry["status"],
        confidence=entry["confidence"],
        quote=entry["quote"],
    )
