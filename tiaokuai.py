"""The front door: the command line, and the same for notebooks.

import tiaokuai

tk = tiaokuai.open("store folder or http address")
tk.query("place-targets", name="115街坊")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands import build, query, report, serve
from commands import store as store_commands
from commands.cli import main

if TYPE_CHECKING:
    from notebooks.graph import Graph

__all__ = ["build", "main", "open", "query", "report", "serve", "store_commands"]


def open(location: str | None = None, *, version: str | None = None) -> Graph:  # noqa: A001
    """The graph in a store folder, or behind the http address of a running server.

    By default the store of the command line (`$TIAOKUAI_STORE`, else the user's data folder) and
    its current version; an address may also be a frozen one, `http://…/v/4991db3ac74b`.
    """
    from notebooks.graph import Graph
    from notebooks.source import open_source

    return Graph(open_source(location, version))


if __name__ == "__main__":
    main()
