"""Many documents: a crew that outlives its documents, a Dask cluster, a publication by lines."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import tiaokuai
from graph.store.manifest import SourceEntry
from graph.store.store import Store
from loaders.corpus.pool import Crew, Limits
from loaders.corpus.read_all import read_all
from loaders.errors import LoadError
from loaders.notice import SHIPPED

HEAD = SHIPPED.read_text(encoding="utf-8").partition("\n2\n")[0]
"""The shipped notice with its first target only."""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Three small notices that cite the same things, and a file that is none."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    for year in ("2017", "2018", "2019"):
        (folder / f"{year}.txt").write_text(HEAD.replace("2019", year), encoding="utf-8")
    (folder / "letter.txt").write_text("这不是通知。", encoding="utf-8")
    return folder


def test_a_crew_builds_what_one_builds(corpus: Path, tmp_path: Path) -> None:
    alone = CliRunner().invoke(
        tiaokuai.main, ["build", str(corpus), "--store", str(tmp_path / "a")]
    )
    crew = ["build", str(corpus), "--store", str(tmp_path / "b"), "--jobs", "2"]
    done = CliRunner().invoke(tiaokuai.main, crew)
    assert (alone.exit_code, done.exit_code) == (3, 3)
    assert done.stderr.count("letter.txt") == 1
    one, other = Store(tmp_path / "a"), Store(tmp_path / "b")
    assert one.current().id == other.current().id  # type: ignore[union-attr]
    assert set(one.open().store) == set(other.open().store)


def test_a_build_goes_on_where_it_was(corpus: Path, tmp_path: Path) -> None:
    paths = sorted(corpus.glob("20*.txt"))
    first = {e for _, e in read_all(tmp_path, paths[:2], {}, jobs=1)}
    again = read_all(tmp_path, paths, {}, jobs=1, limits=Limits(seconds=0))
    found = [e for _, e in again]  # in no time nothing can be read, so the two were kept
    assert {e for e in found if isinstance(e, SourceEntry)} == first
    assert [str(e) for e in found if isinstance(e, LoadError)] == [
        "2019.txt: cannot be read, because reading it takes longer than 0 s"
    ]


def test_a_document_that_takes_too_much_is_named_and_the_next_is_read() -> None:
    small = Crew(Limits(memory=2**20))
    refused = small.read("n.txt", HEAD.encode(), {})
    small.dismiss()
    assert isinstance(refused, LoadError)
    crew = Crew(Limits(seconds=60))
    assert isinstance(crew.read("letter.txt", "这不是通知。".encode(), {}), LoadError)
    read = crew.read("n.txt", HEAD.encode(), {})
    crew.dismiss()
    assert not isinstance(read, LoadError)
    assert read.entry.name == "n.txt"


@pytest.fixture
def cluster() -> Iterator[str]:
    """A scheduler of Dask and a worker, in processes of their own."""
    dask = [sys.executable, "-W", "ignore", "-m", "distributed.cli.dask_scheduler"]
    with subprocess.Popen(
        [*dask, "--host", "127.0.0.1", "--port", "0", "--no-dashboard"],
        stderr=subprocess.PIPE, text=True,
    ) as scheduler:  # fmt: skip
        assert scheduler.stderr is not None
        lines = iter(scheduler.stderr.readline, "")
        address = next(m[0] for line in lines if (m := re.search(r"tcp://[\d.]+:\d+", line)))
        worker = [sys.executable, "-W", "ignore", "-m", "distributed.cli.dask_worker", address]
        with subprocess.Popen(
            [*worker, "--no-dashboard", "--no-nanny", "--host", "127.0.0.1"],
            stderr=subprocess.DEVNULL,
        ) as process:
            yield address
            process.terminate()
        scheduler.terminate()
        scheduler.stderr.read()


def test_a_cluster_reads(corpus: Path, tmp_path: Path, cluster: str) -> None:
    paths = sorted(corpus.glob("*.txt"))
    found = [e for _, e in read_all(tmp_path, paths, {}, jobs=1, dask=cluster)]
    assert len([e for e in found if isinstance(e, SourceEntry)]) == 3
    assert [e.source for e in found if isinstance(e, LoadError)] == ["letter.txt"]
