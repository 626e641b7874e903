"""A publication that changes little is what one from nothing is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import RdfFormat
from sparql_engine import Engine, running

from graph.open import open_store
from graph.remote.parts import read_parts
from graph.remote.store import RemoteStore
from graph.store.manifest import SourceEntry, content_id
from graph.store.readings import Contribution
from graph.store.store import Store
from ontology.names import Names

WORDS = ("甲", "乙", "丙", "丁")


def document(number: int, text: str, *shared: str) -> Contribution:
    """A document with a triple of its own, and some that others may have too."""
    key = f"{number:02}"
    names = Names("未知", key, text)
    entry = SourceEntry(
        key, "未知", f"{key}.txt", text * 2, text, "text/plain", (names.asserted, names.inferred)
    )
    notice = names.notice.decode().removesuffix("> ")
    own = f'{notice}/目标/1> <urn:p> "{text}" <{names.asserted}> .\n'
    said = (
        f"<urn:{word}> <urn:p> <urn:{word}> <{names.asserted}> .\n"
        for word in shared
        if word < "乙"
    )
    common = (f"<urn:{word}> <urn:p> <urn:x> <urn:shared> .\n" for word in shared)
    return Contribution(entry, text.encode(), text, "".join((own, *said, *common)).encode())


FIRST = [document(n, f"a{n}", *WORDS[n % 3 : n % 3 + 2]) for n in range(40)]
STEPS: list[dict[int, Contribution | None]] = [
    {3: document(3, "b3", "甲", "丁")},  # one changes
    {0: document(0, "b0")},  # the first document with a triple loses it
    {0: document(0, "c0", "甲", "乙", "丙", "丁")},  # and has it again, before others that had it
    {40: document(40, "a20", "甲"), 19: document(19, "b19", "戊")},  # one comes, one changes
    {19: document(19, "c19")},  # a triple without another document goes
    {5: replace(FIRST[5], data=b"other bytes")},  # a text that is read again
    {n: document(n, f"d{n}", "甲") for n in range(9)},  # many: everything is rebuilt
    {9: None},  # one goes
]


def lines(store: Store) -> list[bytes]:
    """The quads of the current version."""
    said = store.open().store.dump(format=RdfFormat.N_QUADS)
    assert said is not None
    return sorted(said.splitlines())


def published(store: Store, held: dict[int, Contribution], fresh: set[int]) -> None:
    """Publishes documents, those that are not fresh as they are kept."""
    parts = [one if n in fresh else one.entry for n, one in held.items()]
    store.publish(parts, shared=(), extractor="t")


@pytest.fixture(params=["folder", "engine", "bundles"])
def store(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Store]:
    """A store of each kind."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    if request.param == "folder":
        yield Store(tmp_path / "store")
        return
    if request.param == "bundles":
        monkeypatch.setattr("graph.remote.bundles.BUNDLES", 3)
    with running() as engine:
        made = open_store(engine.address())
        assert isinstance(made, RemoteStore)
        yield made
        _on_the_engine(engine, made)


def _on_the_engine(engine: Engine, store: RemoteStore) -> None:
    """Compare each part on the engine with the manifest."""
    for part in read_parts(store.must_have()):
        assert store.client.count(part.held) == part.quads
        assert part.held in engine.graphs()


def test_what_little_changes_is_what_is_made_anew(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anew: list[int] = []
    filled = Store._filled

    def noted(*given: Any) -> Any:
        anew.append(1)
        return filled(*given)

    monkeypatch.setattr(Store, "_filled", noted)
    held = dict(enumerate(FIRST))
    published(store, held, set(held))
    for number, step in enumerate(STEPS):
        for n, one in step.items():
            held.pop(n, None)
            if one is not None:
                held[n] = one
        anew.clear()
        published(store, held, set(step) & set(held))
        patched = not anew
        other = Store(tmp_path / f"other{number}")
        published(other, held, set(held))
        here, there = store.must_have(), other.must_have()
        assert (here.id, here.quads, here.graphs) == (there.id, there.quads, there.graphs), number
        assert here.total == there.total
        memory = store.memory().store
        assert content_id(memory) == (here.id, here.quads)
        assert {str(g) for g in memory.named_graphs()} == {f"<{g}>" for g in here.graphs}
        assert (here.path / "claims").read_bytes() == (there.path / "claims").read_bytes()
        assert patched == (number not in (5, 6)), number
