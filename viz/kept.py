"""Where the nodes of a network stand, worked out once for each version and kept beside it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from graph.store.snapshot import Snapshot
from viz.network import Network, positions

Positions = dict[str, tuple[float, float]]


def kept_positions(
    snapshot: Snapshot, network: Network, filters: Mapping[str, str] | None = None
) -> Positions:
    """The positions of a network: read where they were kept, else worked out and kept.

    They stand in the store's folder `layouts/`, named by the filters and by what they depend on.
    A version starts from the layout of the one before it under the same filters, so that a reader
    finds a body where it was. Where nothing can be written they are worked out each time.
    """
    said = repr(([(n.key, n.label, n.group, n.targets) for n in network.nodes], network.edges))
    folder = snapshot.version.path.parent.parent / "layouts"
    asked = sorted((k, v) for k, v in (filters or {}).items() if v and k != "scale")
    ending = f"{_short(repr(asked), 8)}-{_short(said, 16)}.json"
    name = f"{snapshot.version.id}-{ending}"
    kept = _read(folder / name)
    if kept.keys() == {n.key for n in network.nodes}:
        return kept
    found = positions(network, _before(snapshot, folder, ending.partition("-")[0]))
    _keep(folder / name, found)
    return found


Rows = list[list[str]]


def kept_rows(snapshot: Snapshot, name: str, depends: str, make: Callable[[], Rows]) -> Rows:
    """The rows of an answer that takes long, kept beside the layouts until `depends` changes."""
    folder = snapshot.version.path.parent.parent / "layouts"
    path = folder / f"{snapshot.version.id}-{name}-{_short(depends, 16)}.rows"
    with contextlib.suppress(OSError, ValueError):
        found: Rows = json.loads(path.read_text(encoding="utf-8"))
        return found
    made = make()
    _keep(path, made)
    return made


def _keep(path: Path, value: object) -> None:
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(f".{path.name}-{os.getpid()}")
        new.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        new.rename(path)


def _short(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _read(path: Path) -> Positions:
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(path.read_text(encoding="utf-8"))
        return {key: (x, y) for key, (x, y) in kept.items()}
    return {}


def _before(snapshot: Snapshot, folder: Path, filters: str) -> Positions:
    """The layout of the newest version before this one that was laid out under these filters."""
    if not folder.is_dir():
        return {}
    times = {}
    for path in sorted(folder.glob(f"*-{filters}-*.json")):
        manifest = snapshot.version.path.parent / path.name[:12] / "manifest.json"
        with contextlib.suppress(OSError, ValueError, KeyError):
            times[json.loads(manifest.read_text(encoding="utf-8"))["time"], path.name] = path
    earlier = [at for at in times if at[0] < snapshot.version.time]
    return _read(times[max(earlier)]) if earlier else {}
