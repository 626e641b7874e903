"""What several tests share: the shipped notice, read once, and a store that holds it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from graph.records import Document
from graph.snapshot import Snapshot
from graph.store import Store
from loaders import corpus
from loaders.notice import SHIPPED, read


@pytest.fixture(scope="session")
def notice() -> Document:
    """The shipped notice, read."""
    return read(SHIPPED)


@pytest.fixture(scope="session")
def gold() -> dict[str, Any]:
    """The rows of the shipped notice that people annotated, by their id."""
    path = Path(__file__).parent / "gold" / "changning-2019.part.json"
    found = json.loads(path.read_text(encoding="utf-8"))
    return {target["id"]: target for target in found["targets"]}


@pytest.fixture(scope="session")
def store(notice: Document, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store with one version: the graph of the shipped notice. Not to be written to."""
    made = Store(tmp_path_factory.mktemp("store"))
    corpus.publish(made, [corpus.contribution(notice, SHIPPED.read_bytes())])
    return made


@pytest.fixture(scope="session")
def snapshot(store: Store) -> Snapshot:
    """That version, in memory."""
    return store.memory()
