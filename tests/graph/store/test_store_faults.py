"""Faults of a store: a full disk, flipped bytes, two writers, removed versions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from folders import ROOT
from pyoxigraph import NamedNode, Quad

from api.sparql.dumps import made as dumped
from graph.checks.diff import diff
from graph.errors import BrokenStore, RemovedVersion, StoreError
from graph.store.manifest import Version
from graph.store.store import Store
from loaders.corpus import publish
from loaders.notice import SHIPPED, read
from tiaokuai import main

HERE = ROOT
QUADS = """
from pyoxigraph import NamedNode, Quad
def quads(count, graph="g"):
    p, g = NamedNode("http://e/p"), NamedNode("http://e/" + graph)
    return [Quad(NamedNode(f"http://e/{n}"), p, p, g) for n in range(count)]
"""


def quads(count: int, graph: str = "g") -> list[Quad]:
    """A number of quads in a graph."""
    p, g = NamedNode("http://e/p"), NamedNode(f"http://e/{graph}")
    return [Quad(NamedNode(f"http://e/{n}"), p, p, g) for n in range(count)]


FULL = (
    QUADS
    + """
import resource, signal, sys
from pathlib import Path
from graph.errors import BrokenStore, StoreError
from graph.store.store import Store
from graph.store.manifest import Version
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
try:
    store.publish([], shared=quads(20_000), extractor="t")
except BrokenStore as error:
    sys.exit(f"broken: {error}")
except StoreError as error:
    print(error)
again = Store(Path(sys.argv[1]))
print(again.current().quads, len(again.open().store))
"""
)


@pytest.mark.parametrize("room", [0, 5_000, 300_000])
def test_a_full_disk_loses_nothing_and_the_store_opens(tmp_path: Path, room: int) -> None:
    store = Store(tmp_path)
    store.publish([], shared=quads(300), extractor="t")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path), str(room)],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(HERE)}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    why, there = done.stdout.splitlines()
    assert "could not be written" in why
    assert there == "300 300"
    assert store.publish([], shared=quads(301), extractor="t").quads == 301


def test_a_disk_without_room_is_not_begun_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store(tmp_path)
    first = store.publish([], shared=quads(3), extractor="t")
    monkeypatch.setattr("graph.store.versions.MIN_FREE_BYTES", 2**60)
    with pytest.raises(StoreError, match="nothing was changed"):
        store.publish([], shared=quads(4), extractor="t")
    assert store.current() == first


def flip(store: Path, version: str) -> None:
    """Damages the tables of a version, and so those of the head, which shares them."""
    folders = (store / "versions" / version / "graph", store / "head")
    for file in (file for folder in folders for file in folder.glob("*.sst")):
        data = bytearray(file.read_bytes())
        for at in range(len(data) // 4, len(data) // 2, 97):
            data[at] ^= 0xFF
        file.write_bytes(data)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of the shipped notice and of a graph that somebody else wrote."""
    folder = tmp_path_factory.mktemp("built")
    store = Store(folder)
    publish.publish(store, [publish.contribution(read(SHIPPED), SHIPPED.read_bytes())])
    note = Quad(NamedNode("http://e/s"), NamedNode("http://e/p"), NamedNode("http://e/o"), NamedNode("http://e/theirs"))  # fmt: skip
    store.change(lambda head: head.add(note))
    return folder


@pytest.fixture
def copied(built: Path, tmp_path: Path) -> Store:
    shutil.copytree(built, tmp_path / "store")
    return Store(tmp_path / "store")


def test_flipped_bytes_are_named_and_rebuild_mends_them(copied: Store) -> None:
    before = copied.current()
    assert before is not None
    flip(copied.folder, before.id)
    for command in (["query", "all-targets"], ["export"], ["check"], ["build", str(SHIPPED)]):
        said = CliRunner().invoke(main, [*command, "--store", str(copied.folder)])
        assert said.exit_code in (2, 4), said.output
        if said.exit_code == 4:
            assert "broken" in said.stderr
            assert "rebuild" in said.stderr
            assert said.stderr.count("\n") == 1
    with pytest.raises(BrokenStore):
        copied.change(lambda head: head.clear())
    assert copied.current() == before
    mended = CliRunner().invoke(main, ["rebuild", "--store", str(copied.folder)])
    assert mended.exit_code == 0, mended.output
    assert len(copied.open().store) > 30_000
    assert copied.current() != before, "what others wrote could not be read any more"


def test_rebuild_needs_no_manifest_and_keeps_what_others_wrote(copied: Store) -> None:
    before = copied.current()
    assert before is not None
    (before.path / "manifest.json").write_bytes(b"\0" * 100)
    with pytest.raises(BrokenStore):
        copied.current()
    assert CliRunner().invoke(main, ["rebuild", "--store", str(copied.folder)]).exit_code == 0
    after = copied.current()
    assert after is not None
    assert (after.id, after.sources) == (before.id, before.sources)


def test_a_damaged_document_is_not_taken_for_what_it_was(copied: Store) -> None:
    version = copied.current()
    assert version is not None
    (copied.folder / "documents" / version.sources[0].sha256).write_bytes(b"something else")
    said = CliRunner().invoke(main, ["rebuild", "--store", str(copied.folder)])
    assert said.exit_code == 4
    assert "build it again" in said.stderr
    assert copied.current() == version


def test_what_is_unchanged_is_neither_read_nor_published(copied: Store, tmp_path: Path) -> None:
    command = ["build", str(SHIPPED), "--store", str(copied.folder)]
    first = copied.rollback(copied.versions()[1].id)
    shutil.rmtree(copied.folder / "readings")
    said = CliRunner().invoke(main, command)
    assert (said.exit_code, copied.current()) == (0, first)
    assert "1 documents, 1 unchanged" in said.stderr
    copied.change(lambda head: head.clear())
    said = CliRunner().invoke(main, command)
    assert said.exit_code == 4, "its reading is gone, and the store says so"


def test_a_changed_text_replaces_its_graph_and_diff_tells_by_thing(
    copied: Store, tmp_path: Path
) -> None:
    before = copied.current()
    assert before is not None
    changed = tmp_path / SHIPPED.name
    text = SHIPPED.read_text(encoding="utf-8")
    assert "促进产业融合" not in text
    target = "制定并部署2019年长宁区稳增长举措实施方案"
    assert text.count(target) == 1
    changed.write_text(text.replace(target, target + "，促进产业融合"), encoding="utf-8")
    command = ["build", str(changed), "--store", str(copied.folder)]
    assert CliRunner().invoke(main, command).exit_code == 0
    after = copied.current()
    assert after is not None
    assert after.documents == 1
    assert len(set(after.graphs) & set(before.graphs)) == 1, "only the shared graph is the same"
    found = list(diff(copied.open(before), copied.open(after)))
    assert [(c.how, c.thing, c.key) for c in found] == [
        ("changed", "document", "上海市长宁区 长府〔2019〕5号"),
        ("changed", "target", "1"),
    ]
    assert "促进产业融合" in str(found[1])
    gone = list(diff(copied.open(after), copied.open(_cleared(copied))))
    assert {"target", "lead", "location", "milestone", "indicator"} <= {c.thing for c in gone}
    assert {c.how for c in gone} == {"went"}


def _cleared(store: Store) -> Version:
    return store.change(lambda head: head.clear())


def test_versions_that_were_removed_are_gone_and_the_current_one_stays(tmp_path: Path) -> None:
    store = Store(tmp_path)
    made = [store.publish([], shared=quads(n), extractor="t") for n in (1, 2, 3, 4)]
    for version in made:
        assert dumped(store.open(version), {}).status == 200
    store.rollback(made[0].id)
    said = CliRunner().invoke(main, ["versions", "--keep", "2", "--store", str(tmp_path)])
    assert said.exit_code == 0
    assert [line.split("\t")[0] for line in said.stdout.splitlines()] == [
        made[3].id, made[2].id, made[0].id,
    ]  # fmt: skip
    with pytest.raises(RemovedVersion):
        store.version(made[1].id)
    kept = {file.name.partition(".")[0] for file in (tmp_path / "dumps").iterdir()}
    assert kept == {made[n].id for n in (0, 2, 3)}
    assert store.publish([], shared=quads(2), extractor="t").id == made[1].id
    assert len(store.open(store.version(made[1].id)).store) == 2, "what comes again is there again"


WRITER = (
    QUADS
    + """
import sys
from pathlib import Path
from graph.store.store import Store
from graph.store.manifest import Version
for n in range(5):
    Store(Path(sys.argv[1])).change(lambda head: head.extend(quads(1 + n, sys.argv[2])))
"""
)


def test_two_writers_take_turns_and_lose_nothing(tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONPATH": str(HERE)}
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path), graph], env=env)
        for graph in ("one", "other")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    store = Store(tmp_path)
    version = store.current()
    assert version is not None
    assert version.quads == 10
    assert len(store.versions()) == 10
