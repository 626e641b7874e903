"""The store: versions that never change, one step to publish them, and nothing lost on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import IO

import pytest
from click.testing import CliRunner
from folders import ROOT
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from graph.errors import BrokenStore, DoubledTriple, StoreError, UnknownVersion
from graph.store.bulk_load import Pieces, filled
from graph.store.manifest import content_id
from graph.store.store import Store
from ontology.names import XSD
from tiaokuai import main


def quads(count: int, graph: str = "g") -> list[Quad]:
    one = NamedNode("http://example.org/p")
    return [
        Quad(
            NamedNode(f"http://example.org/s{i}"),
            one,
            one,
            NamedNode(f"http://example.org/{graph}"),
        )
        for i in range(count)
    ]


def test_the_same_content_is_the_same_version(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    assert store.current() is None
    first = store.publish([], shared=quads(3), extractor="t")
    again = store.publish([], shared=reversed(quads(3)), extractor="t")
    assert again.id == first.id
    assert len(store.versions()) == 1
    second = store.publish([], shared=quads(2), extractor="t")
    assert [v.quads for v in store.versions()] == [2, 3]
    assert store.rollback(first.id).quads == 3
    assert len(store.open().store) == 3
    third = store.publish([], shared=quads(2), extractor="t")
    assert third.id == second.id
    assert len(store.memory().store) == 2


def test_the_order_of_versions_does_not_depend_on_the_clock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, times = Store(tmp_path), iter(("2026-01-02", "2019-01-01", "2020-01-01"))
    monkeypatch.setattr("graph.store.store.now", lambda: next(times))
    ids = [store.publish([], shared=quads(n), extractor="t").id for n in (1, 2, 3)]
    assert [v.id for v in store.versions()] == ids[::-1]
    store.rollback(ids[0])
    (store.folder / "current").unlink()
    assert store.remembered().id == ids[2]


@pytest.mark.parametrize(("shared", "allowed"), [("", 0), ("1", 0o055)])
def test_files_of_a_store_are_its_owner_s_alone(tmp_path: Path, shared: str, allowed: int) -> None:
    place = tmp_path / "store"
    subprocess.run(
        [sys.executable, "-m", "tiaokuai", "build", "--store", place],
        cwd=ROOT,
        env={**os.environ, "TIAOKUAI_SHARED_FILES": shared},
        umask=0o022,
        check=True,
    )
    modes = {path: path.stat().st_mode & 0o077 for path in (place, *place.rglob("*"))}
    assert len(modes) > 20
    assert {path for path, mode in modes.items() if mode & ~allowed} == set()
    assert not shared or max(modes.values()) == allowed


def test_a_triple_stands_in_one_graph(tmp_path: Path) -> None:
    store = Store(tmp_path)
    with pytest.raises(DoubledTriple):
        store.publish([], shared=[*quads(1, "g"), *quads(1, "h")], extractor="t")
    assert store.current() is None


def test_what_is_not_there_or_damaged_is_named(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    version = store.publish([], shared=quads(3), extractor="t")
    with pytest.raises(UnknownVersion, match="0123456789ab"):
        store.version("0123456789ab")
    (version.path / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(BrokenStore, match="rebuild"):
        store.current()
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="not a folder"):
        Store(tmp_path / "file")


WRITER = """
import sys
from pathlib import Path
from pyoxigraph import NamedNode, Quad
from graph.store.store import Store
store, p, g = Store(Path(sys.argv[1])), NamedNode("http://example.org/p"), NamedNode("http://example.org/g")
for n in range(int(sys.argv[2]), 10_000):
    made = store.publish([], shared=[Quad(NamedNode(f"http://example.org/s{i}"), p, p, g) for i in range(100 + n)], extractor="t")
    print(made.quads, flush=True)
"""


def test_kill_9_leaves_the_old_version_or_the_new_one(tmp_path: Path) -> None:
    """Ten times at another moment of writing: what was acknowledged is there, nothing is half."""
    said = 0
    for attempt in range(10):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path), str(max(said - 100 + 1, 0))],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert writer.stdout is not None
        said = max(said, int(writer.stdout.readline()))
        time.sleep(0.013 * attempt)
        writer.send_signal(signal.SIGKILL)
        said = max([said, *(int(line) for line in writer.stdout.read().split())])
        writer.stdout.close()
        writer.wait()
        store = Store(tmp_path)
        current = store.current()
        assert current is not None
        assert current.quads in (said, said + 1)
        assert len(store.open(current).store) == current.quads
        said = current.quads


def test_an_id_is_that_of_what_is_stored(tmp_path: Path) -> None:
    """It is summed up from what is written; the store writes numbers and dates in its own way."""
    store = Store(tmp_path)
    said = ("0.90", "decimal"), ("05", "integer"), ("2019-01-05T08:00:00.100+00:00", "dateTime")
    fresh = [
        Quad(NamedNode("x:s"), NamedNode("x:p"), Literal(v, datatype=XSD[t]), NamedNode("x:g"))
        for v, t in said
    ]
    assert CliRunner().invoke(main, ["build", "--store", str(tmp_path)]).exit_code == 0
    theirs = Quad(BlankNode("b"), NamedNode("x:p"), Literal("a\n\u0007\uffff"), NamedNode("x:t"))
    store.change(lambda head: head.add(theirs))
    version = store.publish(store.current().sources, shared=fresh, extractor="t")  # type: ignore[union-attr]
    held = store.open(version).store
    assert content_id(held) == (version.id, version.quads)
    assert theirs in held


class Heap:
    """Takes pieces as a store does, and keeps them."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def bulk_load(self, piece: IO[bytes], **_: object) -> None:
        self.pieces.append(piece.read())


@given(
    lines=st.lists(st.text("ab", max_size=30)),
    cuts=st.lists(st.integers(0, 40)),
    size=st.integers(1, 200),
)
def test_a_piece_is_of_whole_lines(lines: list[str], cuts: list[int], size: int) -> None:
    said = [f"{line}\n".encode() for line in lines]
    heap = Heap()
    with pytest.MonkeyPatch.context() as patch, ThreadPoolExecutor(1) as threads:
        patch.setattr("graph.store.bulk_load.PIECE", size)
        pieces = Pieces(heap, threads)  # type: ignore[arg-type]
        for start, end in pairwise(sorted({0, len(said), *(c for c in cuts if c < len(said))})):
            pieces.write(b"".join(said[start:end]))
        pieces.end()
    *full, last = heap.pieces
    assert b"".join(heap.pieces) == b"".join(said)
    assert all(piece.endswith(b"\n") for piece in full)
    assert all(size <= len(piece) < size + 31 for piece in full)
    assert len(last) < size


def test_many_pieces_are_the_same_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other people's blank nodes keep their names, however many pieces there are."""
    node, p = BlankNode("b"), NamedNode("x:p")
    theirs = [Quad(node, p, Literal(f"{n}\n"), NamedNode("x:t")) for n in range(5)]
    made = []
    for folder, piece, batch in (("one", 2**20, 100), ("many", 1000, 2)):
        monkeypatch.setattr("graph.store.bulk_load.PIECE", piece)
        monkeypatch.setattr("graph.store.bulk_load._BATCH", batch)
        store = Store(tmp_path / folder)
        store.change(lambda head: head.extend(theirs))
        version = store.publish([], shared=quads(500), extractor="t")
        held = store.open(version).store
        assert content_id(held) == (version.id, version.quads)
        made.append((version.id, set(held)))
    assert made[0] == made[1]
    assert {*theirs, *quads(500)} == made[1][1]


def test_a_piece_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.store.bulk_load.PIECE", 10)
    with pytest.raises(SyntaxError), filled(tmp_path / "new") as pieces:
        pieces.write(b"<x:s> <x:p> <x:o> .\nno quad is here\n<x:s> <x:p> <x:q> .\n")
    assert not (tmp_path / "new").exists()
