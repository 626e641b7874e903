"""Where the nodes of a network stand, worked out once for each version and kept beside it."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os

from graph.snapshot import Snapshot
from viz.network import Network, positions


def kept_positions(snapshot: Snapshot, network: Network) -> dict[str, tuple[float, float]]:
    """The positions of a network: read where they were kept, else worked out and kept.

    They stand in the store's folder `layouts/`, named by what they depend on. Where nothing can
    be written there they are worked out each time, and are the same.
    """
    said = repr(([(n.key, n.label, n.group, n.targets) for n in network.nodes], network.edges))
    name = f"{snapshot.version.id}-{hashlib.sha256(said.encode()).hexdigest()[:16]}.json"
    path = snapshot.version.path.parent.parent / "layouts" / name
    with contextlib.suppress(OSError, ValueError):
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept.keys() == {n.key for n in network.nodes}:
            return {key: (x, y) for key, (x, y) in kept.items()}
    found = positions(network)
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(f".{name}-{os.getpid()}")
        new.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        new.rename(path)
    return found
