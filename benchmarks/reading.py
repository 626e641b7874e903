"""Measure reading, and publishing compared with pyoxigraph's own bulk load.

    python -m benchmarks.reading [--notices 28] [--write docs/benchmarks.md]

Notices of the shipped one's size, each of a district of its own, are read one after the other:
documents a CPU second, reading and the writing of their quads apart. Half of them are notices
that this process has not seen the like of but for the words that all share; a memo helps them
only as far as cells of one notice repeat. Then their quads (28 notices: 10^6) are published as
`build` publishes them (each document kept, its lines checked for triples that occur twice,
loaded, summed up, copied), and loaded once more by `bulk_load` alone.
"""

from __future__ import annotations

import functools
import gc
import tempfile
import time
from pathlib import Path

import pyoxigraph

from benchmarks import page
from benchmarks.corpus import notice
from graph.store.bulk_load import write_lines
from graph.store.readings import Contribution
from graph.store.store import Store
from graph.triples.shared import vocabulary
from loaders.corpus import publish
from loaders.formats.source import source_of
from loaders.notice import SHIPPED, read_text

_DISTRICT = 20
"""Notices of `benchmarks.corpus` in one district."""


def _memos() -> list[functools._lru_cache_wrapper[object]]:
    """The memos that readers carry from one text to the next."""
    found = (o for o in gc.get_objects() if isinstance(o, functools._lru_cache_wrapper))
    return [o for o in found if o.__module__.startswith("loaders") and o.cache_info().maxsize]


def _read(number: int, memos: list[functools._lru_cache_wrapper[object]]) -> _Cost:
    data = notice(number * _DISTRICT).encode()
    for memo in memos:
        memo.cache_clear()
    began = time.process_time()
    document = read_text(source_of(f"{number:05}.txt", data))
    read = time.process_time()
    made = publish.contribution(document, data)
    return read - began, time.process_time() - read, made


_Cost = tuple[float, float, Contribution]


def report(count: int) -> str:
    """The section of the page."""
    read_text(source_of(SHIPPED.name, SHIPPED.read_bytes()))  # what is loaded once
    memos = _memos()
    cold = [_read(n, memos) for n in range(count)]
    warm = [_read(n, []) for n in range(count)]
    rows = []
    for name, costs in (("nothing remembered", cold), ("words remembered", warm)):
        reading, quads = (sum(c[i] for c in costs) / len(costs) for i in (0, 1))
        rows.append([
            name, page.number(1000 * reading), page.number(1000 * quads),
            page.number(1 / reading), page.number(1 / (reading + quads)),
        ])  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        store, lines = Store(Path(folder) / "store"), Path(folder) / "all.nq"
        parts = [made for _, _, made in cold]
        began = time.process_time()
        version = store.publish(parts, shared=vocabulary(), extractor="benchmark")
        published = time.process_time() - began
        with lines.open("wb") as out:
            write_lines(out, store.folder, version.sources, vocabulary())
        began = time.process_time()
        other = pyoxigraph.Store(f"{folder}/other")
        other.bulk_load(path=str(lines), format=pyoxigraph.RdfFormat.N_QUADS)
        loaded = time.process_time() - began
    head = "|reading, ms|quads, ms|notices read a CPU s|with their quads".split("|")
    rates = [f"{version.quads / seconds:,.0f}" for seconds in (published, loaded)]
    return (
        f"{count} notices of the shipped one's size. {page.circumstances()}\n\n"
        f"{page.table(head, rows)}\n{version.quads:,} quads published at {rates[0]} a CPU s, "
        f"loaded by `bulk_load` at {rates[1]}: {published / loaded:.2f} times its CPU."
    )


def main() -> None:
    """Prints the table, and writes it into a page."""
    given = page.options(__doc__, notices=28).parse_args()
    page.given(given.write, "reading", report(given.notices))


if __name__ == "__main__":
    main()
