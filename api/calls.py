"""What runs inside a worker on our own behalf: pages, views and lists of the REST interface."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graph.snapshot import Snapshot
from viz import site


def page(snapshot: Snapshot, fields: Mapping[str, Any]) -> site.Reply:
    """The reply of the pages to a request, given as the fields of `viz.site.Request`."""
    return site.answer(snapshot, site.Request(**fields))
