"""Calls of the MCP tools to the workers, with the deadlines and caps of every other query."""

from __future__ import annotations

import json
from contextvars import ContextVar
from typing import Any

from mcp.server.mcpserver.exceptions import ResourceError, ToolError

from api.errors import EngineError
from api.http.problems import Problem
from api.http.query_problems import refused, trouble
from api.query.job import CallJob, QueryJob
from api.workers.engine import Engine
from api.write.report_upload import ReportUploads
from graph.errors import StoreError

ROOT: ContextVar[str] = ContextVar("root", default="")
"""The public address of the server that a request came to; empty over stdio."""

AUTHORIZED: ContextVar[bool] = ContextVar("authorized", default=True)
"""Whether a request showed the token of writers; over stdio the environment has it."""


class Calls:
    """Runs the functions of `api.mcp.answers` and `api.mcp.documents` over an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reports = ReportUploads(engine)

    @property
    def root(self) -> str:
        """The address that answers are cited at, without a slash at its end."""
        return ROOT.get() or self._engine.settings.url

    async def run(self, function: str, /, **asked: Any) -> dict[str, Any]:
        """Return what a tool's function found. Raises ToolError."""
        asked |= {"function": function, "root": self.root}
        status, found = await self._call("api.mcp.answers:answered", asked)
        if status != 200:
            raise ToolError(found["error"])
        return found

    async def read(self, resource: str, /, **asked: Any) -> str:
        """Return the text of a resource. Raises ResourceError."""
        try:
            status, found = await self._call(
                "api.mcp.documents:read", asked | {"resource": resource}
            )
        except ToolError as error:
            raise ResourceError(str(error)) from None
        if status != 200:
            raise ResourceError(found["error"])
        return str(found["text"])

    @property
    def may_write(self) -> bool:
        """Return whether the operator lets assistants hand in reports."""
        settings = self._engine.settings
        return bool(settings.token) and settings.mcp_write

    async def report(self, text: str, name: str, **given: Any) -> dict[str, Any]:
        """Publish a report of progress, or try it. Raises ToolError."""
        if not AUTHORIZED.get():
            raise ToolError("handing in needs the header Authorization: Bearer TOKEN")
        try:
            return await self._reports.publish(text.encode(), name, **given)
        except Problem as problem:
            raise ToolError(problem.en) from None
        except (EngineError, StoreError) as error:
            raise ToolError(_reason(error)) from None

    async def query(self, text: str, limit: int, offset: int) -> tuple[dict[str, Any], str]:
        """Return the result of a query as SPARQL JSON or a graph, and its version.

        Raises ToolError.
        """
        settings = self._engine.settings
        job = QueryJob(
            text=text, solutions="json", triples="nt", rows=min(limit, settings.rows),
            size=settings.size, offset=offset, complexity=settings.complexity,
        )  # fmt: skip
        until = self._engine.until()
        try:
            async with self._engine.use() as pool:
                found = await pool.run(job, until)
                version = pool.version.id
        except (EngineError, StoreError) as error:
            raise ToolError(_reason(error)) from None
        if found.head["is"] != "ok":
            raise ToolError(refused(found.head).en)
        is_graph = "n-triples" in found.head["media"]
        body: Any = {"triples": found.body.decode()} if is_graph else json.loads(found.body)
        return {**body, "truncated": bool(found.head["truncated"])}, version

    async def _call(self, function: str, asked: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        until = self._engine.until()
        try:
            async with self._engine.use(whole=True) as pool:
                found = await pool.run(CallJob(function, asked), until)
        except (EngineError, StoreError) as error:
            raise ToolError(_reason(error)) from None
        if found.head["is"] != "ok":
            raise ToolError("an error inside the server")
        return found.head["status"], json.loads(found.body)


def _reason(error: Exception) -> str:
    problem = trouble(error)
    return problem.en if isinstance(problem, Problem) else str(error)
