"""Read many documents through the pool or a Dask cluster, and keep each reading at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict
from pathlib import Path

from graph.store.manifest import SourceEntry
from graph.store.readings import keep_packed, packed_reading
from graph.triples.corrections import Correction
from loaders.corpus.dask_cluster import Cluster
from loaders.corpus.pool import Crew, Limits
from loaders.corpus.publish import extractor
from loaders.errors import LoadError
from loaders.formats.source import file_bytes


def read_all(
    folder: Path,
    paths: Sequence[Path],
    decisions: Mapping[str, Correction],
    *,
    jobs: int,
    dask: str = "",
    limits: Limits | None = None,
) -> Iterator[tuple[Path, SourceEntry | LoadError]]:
    """Yield each path with the entry of its document, or why it cannot be read, as they come.

    What was read is kept in `folder`. Raises OSError where the Dask cluster is not there.
    """
    crew = Crew(limits or Limits())
    who = hashlib.sha256(f"{extractor()} {sorted(decisions.items())}".encode()).hexdigest()

    def one(path: Path) -> SourceEntry | LoadError:
        try:
            data = file_bytes(path)
        except LoadError as error:
            return error
        note = folder / "readings" / f"{_key(path.name, data, who)}.json"
        known = _noted(folder, note)
        if known is not None:
            return known
        read = crew.read(path.name, data, decisions) if not dask else cluster(path.name, data)
        if isinstance(read, LoadError):
            return read
        keep_packed(folder, read.entry, read.data, read.text, read.lines)
        said = {"entry": asdict(read.entry), "lines": hashlib.sha256(read.lines).hexdigest()}
        note.write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
        return read.entry

    if dask:
        with Cluster(dask, decisions, crew.limits) as cluster:
            yield from _in_turn(one, paths, cluster.width)
        return
    try:
        yield from _in_turn(one, paths, jobs)
    finally:
        crew.dismiss()


_One = Callable[[Path], SourceEntry | LoadError]


def _in_turn(
    one: _One, paths: Sequence[Path], width: int
) -> Iterator[tuple[Path, SourceEntry | LoadError]]:
    """The results of `one`, a bounded number of them on the way at any time."""
    with ThreadPoolExecutor(width) as threads:
        waiting = iter(paths)
        under_way: dict[Future[SourceEntry | LoadError], Path] = {}
        while True:
            for path in waiting:
                under_way[threads.submit(one, path)] = path
                if len(under_way) >= 2 * width:
                    break
            if not under_way:
                return
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                yield under_way.pop(future), future.result()


def _key(name: str, data: bytes, who: str) -> str:
    return hashlib.sha256(data + f"\n{name}\n{who}".encode()).hexdigest()[:24]


def _noted(folder: Path, note: Path) -> SourceEntry | None:
    """The entry of a document that was read before by the same program, if all is still there."""
    try:
        said = json.loads(note.read_text(encoding="utf-8"))
        entry = SourceEntry(**{**said["entry"], "graphs": tuple(said["entry"]["graphs"])})
        lines = packed_reading(folder, entry)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return entry if hashlib.sha256(lines).hexdigest() == said["lines"] else None
