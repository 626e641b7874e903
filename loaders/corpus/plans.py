"""The plans of a version, read again from the sources that its store keeps."""

from __future__ import annotations

from graph.store.manifest import Version
from graph.store.store import Store
from graph.triples.corrections import read_corrections
from loaders.corpus.publish import reread
from loaders.errors import LoadError
from loaders.progress.plan import Plan


def plans_of(store: Store, version: Version) -> list[Plan]:
    """Return what reports of progress may report on: the documents of a version that hold targets.

    Raises BrokenStore where a kept document is damaged.
    """
    found = []
    for read in reread(store, version, read_corrections(store.folder)):
        if not isinstance(read, LoadError) and read[0].targets:
            found.append(Plan(read[0]))
    return found
