"""Servers: serve, and mcp for assistants."""

from __future__ import annotations

import asyncio
import importlib.util

import click

from commands.build import build_from
from commands.cli import USAGE, fail, guarded, main, store_option, written_store_option
from graph.open import open_store


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--workers", default=None, type=click.IntRange(1), help="Query workers; default: cores."
)
@written_store_option
@guarded
def serve(host: str, port: int, workers: int | None, location: str | None) -> None:
    """Serve the graph: pages, SPARQL and the API. An empty store is built first."""
    from api.server import serve as run
    from loaders.notice import SHIPPED

    store = open_store(location)
    if store.current() is None:
        click.echo("the store is empty: building the graph from the shipped notice", err=True)
        build_from(store, (SHIPPED,))
    run(store, host=host, port=port, workers=workers)


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
