"""The front door: the command line, and the same for notebooks.

import tiaokuai

tk = tiaokuai.open("store folder or http address")
tk.query("place-targets", name="115街坊")
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands import asking, keeping, reading, reporting, serving
from commands.group import main

if TYPE_CHECKING:
    from notebooks.desk import Graph

__all__ = ["asking", "keeping", "main", "open", "reading", "reporting", "serving"]


def open(location: str | None = None, *, version: str | None = None) -> Graph:  # noqa: A001
    """The graph in a store folder, or behind the http address of a running server.

    By default the store of the command line (`$TIAOKUAI_STORE`, else the user's data folder) and
    its current version; an address may also be a frozen one, `http://…/v/4991db3ac74b`.
    """
    from notebooks.desk import Graph
    from notebooks.source import open_source

    return Graph(open_source(location, version))


if __name__ == "__main__":
    main()
