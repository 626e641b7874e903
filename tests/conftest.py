"""Fixtures: the shipped notice, read once, and a store that holds it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import made_ground
import pytest
from many import store_of, texts
from reporting import reported_store
from serving import serving
from sparql_server import address, client
from two_years import two_years

from graph.ground.add import Wanted, add
from graph.records import Document
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from loaders.corpus import publish
from loaders.formats.source import SourceText
from loaders.ground.read import read_ground
from loaders.notice import SHIPPED, read, read_text

__all__ = ["address", "client"]


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
    publish.publish(made, [publish.contribution(notice, SHIPPED.read_bytes())])
    return made


@pytest.fixture(scope="session")
def snapshot(store: Store) -> Snapshot:
    """The version of that store, in memory."""
    return store.memory()


@pytest.fixture(scope="session")
def reported(notice: Document, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of that notice with made reports of progress. Not to be written to."""
    return reported_store(tmp_path_factory.mktemp("reported"), notice)


@pytest.fixture(scope="session")
def told(reported: Store) -> Snapshot:
    """The version of that store, in memory."""
    return reported.memory()


@pytest.fixture(scope="session")
def many_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A store of two districts and three years. Not to be written to."""
    return store_of(tmp_path_factory.mktemp("many"), texts())


@pytest.fixture(scope="session")
def both_years(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The shipped notice and the year before it, which differs in known places."""
    return two_years(tmp_path_factory.mktemp("both-years")).memory()


@pytest.fixture(scope="session")
def many(many_store: Store) -> Snapshot:
    """Its version, in memory."""
    return many_store.memory()


@pytest.fixture(scope="session")
def server(store: Store) -> Iterator[str]:
    """The address of a running server over that store, for tests that only read."""
    with serving(store.folder) as found:
        yield found


@pytest.fixture(scope="session")
def grounded(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The shipped notice on made ground: ten streets, and land in them. Not to be written to."""
    folder = tmp_path_factory.mktemp("ground") / "store"
    shutil.copytree(store.folder, folder)
    for shapes in (made_ground.streets(), made_ground.parcels()):
        text = made_ground.geojson(shapes, source="测绘院", license="CC0")
        add(Store(folder), read_ground("地.geojson", text.encode()), Wanted())
    return Store(folder)


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>=HYPERLINK("x")\u202eabc'


@pytest.fixture(scope="session")
def hostile(notice: Document, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """The notice with script in place of a department and a task."""
    text = notice.text.replace("开工项目:3个", HOSTILE + "开工项目:3个").replace(
        "新长宁集团", "新长宁<script>集团"
    )
    source = SourceText("hostile.txt", text.encode(), text, "text/plain")
    made = Store(tmp_path_factory.mktemp("hostile"))
    publish.publish(made, [publish.contribution(read_text(source), text.encode())])
    return made.memory()
