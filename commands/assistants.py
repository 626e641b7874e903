"""The server for assistants: mcp."""

from __future__ import annotations

import asyncio
import importlib.util

from commands.cli import USAGE, fail, guarded, main, store_option
from graph.open import open_store


@main.command()
@store_option
@guarded
def mcp(location: str | None) -> None:
    """Serve the graph to an assistant over stdio (Model Context Protocol)."""
    if importlib.util.find_spec("mcp") is None:
        fail(USAGE, "the MCP server is an extra: pip install 'tiaokuai[mcp]'")
    from api.mcp.assistant_server import serve_stdio
    from api.settings import BadSetting, Settings

    try:
        settings = Settings.read()
    except BadSetting as error:
        fail(USAGE, str(error))
    asyncio.run(serve_stdio(open_store(location), settings))
