"""Open a store: a folder, or the address of a SPARQL engine."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from graph.remote.store import RemoteStore
from graph.store.store import Store
from ontology.gazetteer import add_folder


def open_store(location: str | None) -> Store:
    """The store at `location`, else at $TIAOKUAI_STORE, else in the user's data folder.

    A location is a folder, or the address of a SPARQL engine (see `graph.remote.store`).
    """
    place = location or os.environ.get("TIAOKUAI_STORE")
    if place and place.startswith("sparql+"):
        store: Store = RemoteStore(place)
    else:
        store = Store(Path(place) if place else platformdirs.user_data_path("tiaokuai"))
    add_folder(store.folder / "gazetteer")
    return store
