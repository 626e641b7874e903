"""Public entry point: the command line, and the graph for notebooks.

    import tiaokuai

    tk = tiaokuai.open("store folder or http address")
    tk.query("place-targets", name="115街坊")

`__all__` is the public API. Other modules may change their names in any release.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from commands import (  # noqa: F401  (they register commands)
    ask,
    build,
    matching,
    places,
    progress,
    query,
    report,
    self_check,
    serve,
    site,
    store,
)
from commands.cli import main

if TYPE_CHECKING:
    from notebooks.graph import Graph

__all__ = ["main", "open"]


def open(location: str | None = None, *, version: str | None = None) -> Graph:  # noqa: A001
    """Open the graph in a store folder, or at the HTTP address of a running server.

    Default: the store of the command line (`$TIAOKUAI_STORE`, else the user's data folder), at its
    current version. An address may be a frozen one: `http://…/v/4991db3ac74b`.
    """
    from notebooks.graph import Graph
    from notebooks.source import open_source

    return Graph(open_source(location, version))


if __name__ == "__main__":
    main()
