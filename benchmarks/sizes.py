"""The same look-up, and the same build, as the graph grows.

    python -m benchmarks.sizes [--folder FOLDER] [--quads 100000 1000000 10000000] [--jobs 2]
        [--seconds 3] [--rounds 3] [--write docs/benchmarks.md]

For each size FOLDER gets whole notices and a store built of them from nothing. A second publication
of the same readings separates reading from publishing; pyoxigraph's own bulk_load of the same quads
is the comparison. Then one server of ours for each size, in memory and on disk, all at once, gets
queries for all triples of one thing, as soon as its pages are prepared; each thing is new to it.
Stores that FOLDER already has are not built again.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import RdfFormat

from benchmarks import corpus, page
from benchmarks.engines import tiaokuai
from benchmarks.load import Figures, loaded, typical
from benchmarks.processes import quiet
from benchmarks.workloads import point
from graph.store.store import Store
from ontology.names import RDF

_A_NOTICE = 36_800
_SUBJECTS = 4_000
_BULK = """
import sys, pyoxigraph
pyoxigraph.Store(sys.argv[1]).bulk_load(path=sys.argv[2], format=pyoxigraph.RdfFormat.N_QUADS)
"""


@dataclass(frozen=True, slots=True)
class Built:
    """The cost of building a store: CPU seconds, and the peaks of memory in bytes."""

    notices: int
    quads: int
    whole: float
    publishing: float
    bulk: float
    peak: int
    bulk_peak: int
    subjects: tuple[str, ...]
    """Some things in it, for look-ups."""


def built(folder: Path, quads: int, jobs: int) -> Built:
    """Build a store of about this many quads, unless it exists."""
    note = folder / "built.json"
    if note.exists():
        said = json.loads(note.read_text(encoding="utf-8"))
        return Built(**{**said, "subjects": tuple(said["subjects"])})
    print(f"building {quads:,} quads", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    notices, store, again = max(1, round(quads / _A_NOTICE)), folder / "store", folder / "again"
    corpus.write(folder / "notices", notices)
    whole, count = corpus.build(folder / "notices", store, jobs)
    again.mkdir()
    for name in ("documents", "readings"):  # what was read is kept; only publishing is left
        shutil.copytree(store / name, again / name, copy_function=os.link)
    published, _ = corpus.build(folder / "notices", again, jobs)
    shutil.rmtree(again)
    lines, snapshot = folder / "quads.nq", Store(store).open()
    snapshot.store.dump(str(lines), format=RdfFormat.N_QUADS)
    bulk = corpus.run([sys.executable, "-c", _BULK, str(folder / "bulk"), str(lines)])
    shutil.rmtree(folder / "bulk")
    lines.unlink()
    made = Built(
        notices, count, whole.cpu, published.cpu, bulk.cpu, whole.peak, bulk.peak,
        _subjects(snapshot.store),
    )  # fmt: skip
    note.write_text(json.dumps(asdict(made), ensure_ascii=False), encoding="utf-8")
    return made


def _subjects(store: pyoxigraph.Store) -> tuple[str, ...]:
    """Things from all over a store, by chance and always the same ones."""
    chance, kept = random.Random(0), list[str]()
    typed = store.quads_for_pattern(None, RDF["type"], None, None)
    for number, quad in enumerate(typed):
        at = number if number < _SUBJECTS else chance.randrange(number + 1)
        if at < _SUBJECTS:
            kept[at : at + 1] = [str(quad.subject)[1:-1]]
    return tuple(kept)


def looked_up(
    folders: dict[int, Path], known: dict[int, Built], given: argparse.Namespace
) -> dict[tuple[int, str], Figures]:
    """The figures of look-ups by size, in memory and on disk."""
    found: dict[tuple[int, str], list[Figures]] = defaultdict(list)
    with ExitStack() as stack:
        running = {
            (size, where): stack.enter_context(tiaokuai(folder / "store", **settings))
            for size, folder in folders.items()
            for where, settings in (("memory", {}), ("disk", {"TIAOKUAI_IN_MEMORY": "1"}))
        }
        for server in running.values():
            quiet(server.pid)  # the summary for its pages does not belong to a look-up
        for turn in range(given.rounds):
            for (size, where), server in running.items():
                queries = list(point(known[size].subjects))
                for seconds in (*[1] * (turn == 0), given.seconds):
                    figures = loaded(
                        server.port, server.path, queries, server.pid, tag=str(time.time_ns()),
                        share=0, seconds=seconds, connections=4,
                    )  # fmt: skip
                found[size, where].append(figures)
    return {key: typical(rounds) for key, rounds in found.items()}


def report(given: argparse.Namespace, folder: Path) -> str:
    """The section of the page."""
    folders = {size: folder / str(size) for size in given.quads}
    known = {size: built(folder, size, given.jobs) for size, folder in folders.items()}
    rows = []
    for one in known.values():
        rows.append([
            f"{one.quads:,}", str(one.notices), page.number(one.whole),
            page.number(one.notices / one.whole), f"{one.quads / one.whole:,.0f}",
            page.number(one.publishing), page.number(one.bulk),
            page.number(one.publishing / one.bulk), f"{one.peak / 2**20:,.0f}",
            f"{one.bulk_peak / 2**20:,.0f}",
        ])  # fmt: skip
    head = (
        "quads|notices|build, CPU s|notices a CPU s|quads a CPU s|publishing, CPU s"
        "|bulk_load, CPU s|publishing : bulk_load|build, peak MB|bulk_load, peak MB"
    )
    builds = page.table(head.split("|"), rows)
    figures, rows = looked_up(folders, known, given), []
    for (size, where), f in figures.items():
        least = figures[min(folders), where]
        rows.append([
            f"{known[size].quads:,}", where, page.number(f.cpu), page.number(f.rate),
            page.number(f.middle), page.number(f.late), page.number(f.cpu / least.cpu),
            page.number(f.middle / least.middle),
        ])  # fmt: skip
    head = "quads|answers from|CPU ms|requests/s|p50 ms|p99 ms|CPU : smallest|p50 : smallest"
    return (
        f"{page.circumstances()} Building with {given.jobs} processes.\n\n{builds}\n"
        f"A look-up, never asked before; 4 connections, turns of {given.seconds} s, the median of "
        f"{given.rounds}:\n\n{page.table(head.split('|'), rows)}"
    )


def main() -> None:
    """Builds what is not there yet, looks things up, and prints the tables."""
    parser = page.options(__doc__, jobs=2, seconds=3, rounds=3)
    parser.add_argument("--folder", type=Path, help="by default one that is removed again")
    parser.add_argument("--quads", type=int, nargs="+", default=[10**5, 10**6, 10**7])
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        page.given(given.write, "sizes", report(given, given.folder or Path(folder)))


if __name__ == "__main__":
    main()
