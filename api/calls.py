"""What runs inside a worker on our own behalf: pages, views and lists of the REST interface."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from graph.snapshot import Snapshot


def page(snapshot: Snapshot, fields: Mapping[str, Any]) -> Any:
    """The reply of the pages to a request, given as the fields of `viz.site.Request`."""
    site = importlib.import_module("viz.site")
    return site.answer(snapshot, site.Request(**fields))
