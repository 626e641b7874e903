"""Keep the layout of a network next to its version."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from pathlib import Path

from graph.store.derived_files import short_hash, write_derived
from graph.store.snapshot import Snapshot
from viz.drawing.network import Network, positions

Positions = dict[str, tuple[float, float]]


def kept_positions(
    snapshot: Snapshot, network: Network, filters: Mapping[str, str] | None = None
) -> Positions:
    """Read the positions of a network, or work them out and keep them.

    The store's folder `layouts/` has them by filters and by what they depend on.
    A version starts from the layout of the one before it under the same filters, so that a reader
    finds a body where it was. Where nothing can be written they are worked out each time.
    """
    said = repr(
        (
            [(n.key, n.label, n.group, n.targets) for n in network.nodes], network.edges,
            network.width,
        )
    )  # fmt: skip
    folder = snapshot.version.path.parent.parent / "layouts"
    asked = sorted((k, v) for k, v in (filters or {}).items() if v and k != "scale")
    asked.append(("width", str(network.width)))
    ending = f"{short_hash(repr(asked), 8)}-{short_hash(said, 16)}.json"
    name = f"{snapshot.version.id}-{ending}"
    kept = _read(folder / name)
    if kept.keys() == {n.key for n in network.nodes}:
        return kept
    found = positions(network, _before(snapshot, folder, ending.partition("-")[0]))
    write_derived(folder / name, found)
    return found


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
