"""Match the geometry of a store again after documents were published, if it has any."""

from __future__ import annotations

from graph.errors import StoreError
from graph.store.manifest import Version
from graph.store.store import Store
from ontology.names import base


def has_ground(store: Store, version: Version) -> bool:
    """Return whether a version holds geometry that somebody added."""
    prefix = f"{base()}graph/places/"
    graphs = store.open(version).store.named_graphs()
    return any(graph.value.startswith(prefix) for graph in graphs)


def refresh_ground(store: Store, version: Version) -> Version:
    """Return the version in which geometry fits the documents that were just published.

    Raises StoreError where there is geometry and the extra `geo` is not installed: names of new
    places would be left without their shapes silently.
    """
    if not store.local or not has_ground(store, version):
        return version
    try:
        from graph.ground.add import refresh
    except ImportError as error:
        raise StoreError(
            f"version {version.id} is published, but its geometry needs the extra `geo` to be matched "
            "again: uv pip install 'tiaokuai[geo]', then `tiaokuai rebuild`"
        ) from error
    return refresh(store, version)
