"""Keep the rows of a slow answer beside its version."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable

from graph.store.derived_files import short_hash, write_derived
from graph.store.snapshot import Snapshot

Rows = list[list[str]]


def kept_rows(snapshot: Snapshot, name: str, depends: str, make: Callable[[], Rows]) -> Rows:
    """Return the rows kept for `name` until `depends` changes, else make and keep them."""
    folder = snapshot.version.path.parent.parent / "layouts"
    path = folder / f"{snapshot.version.id}-{name}-{short_hash(snapshot.key + depends, 16)}.rows"
    with contextlib.suppress(OSError, ValueError):
        found: Rows = json.loads(path.read_text(encoding="utf-8"))
        return found
    made = make()
    write_derived(path, made)
    return made
