"""Many documents read at once, each by a process that may fail without harm to the others.

A member of the crew is a process that reads one document after the other, with a limit on its
memory and on the seconds of each; one that overruns is ended and another takes its place. What
was read goes at once into the folder of the store, by the hash of the file and of who reads, so
that memory stays flat and a build that was broken off goes on where it was.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import pickle
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from graph.store.manifest import SourceEntry
from graph.store.readings import keep_packed, packed_reading
from graph.triples.corrections import Correction
from loaders.apart import kept_warm
from loaders.errors import LoadError, Unreadable
from loaders.wire import received, send

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from loaders.crew import member
member(int(sys.argv[2]))
"""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: seconds, and bytes of memory."""

    seconds: float = 120.0
    memory: int = 2 * 2**30


@dataclass(frozen=True, slots=True)
class Read:
    """A document that was read: its entry, its bytes, its text, and its quads as packed lines."""

    entry: SourceEntry
    data: bytes
    text: str
    lines: bytes


def read_all(
    folder: Path,
    paths: Sequence[Path],
    decisions: Mapping[str, Correction],
    *,
    jobs: int,
    dask: str = "",
    limits: Limits | None = None,
) -> Iterator[SourceEntry | LoadError]:
    """The entries of documents, in the order in which they are read, and what could not be read.

    What was read is kept in `folder`. Raises OSError where the Dask cluster is not there.
    """
    from loaders.corpus import extractor

    crew = Crew(limits or Limits())
    who = hashlib.sha256(f"{extractor()} {sorted(decisions.items())}".encode()).hexdigest()

    def one(path: Path) -> SourceEntry | LoadError:
        try:
            data = path.read_bytes()
        except OSError as error:
            return Unreadable(path.name, (error.strerror or "cannot be read").lower())
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
        from loaders.cluster import Cluster

        with Cluster(dask, decisions, crew.limits) as cluster:
            yield from _in_turn(one, paths, cluster.width)
        return
    try:
        yield from _in_turn(one, paths, jobs)
    finally:
        crew.dismiss()


def _in_turn(one: Any, paths: Sequence[Path], width: int) -> Iterator[SourceEntry | LoadError]:
    """The results of `one`, a bounded number of them on the way at any time."""
    with ThreadPoolExecutor(width) as threads:
        waiting = iter(paths)
        under_way: set[Future[SourceEntry | LoadError]] = set()
        while True:
            for path in waiting:
                under_way.add(threads.submit(one, path))
                if len(under_way) >= 2 * width:
                    break
            if not under_way:
                return
            done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()


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


class Crew:
    """As many reading processes as there are threads that ask for one."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._mine = threading.local()
        self._all: list[subprocess.Popen[bytes]] = []

    def read(self, name: str, data: bytes, decisions: Mapping[str, Correction]) -> Read | LoadError:
        """What a member of the crew reads in a document."""
        process: subprocess.Popen[bytes] | None = getattr(self._mine, "process", None)
        if process is None or process.poll() is not None:
            process = self._mine.process = self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            send(process.stdin, pickle.dumps((name, data, dict(decisions))))
            answer = pickle.loads(received(process.stdout, time.monotonic() + self.limits.seconds))
        except TimeoutError:
            self._end(process)
            return Unreadable(name, f"reading it takes longer than {self.limits.seconds:g} s")
        except (EOFError, OSError):
            self._end(process)
            return Unreadable(name, f"its reader ended without an answer ({process.returncode})")
        if isinstance(answer, str):
            return LoadError(name, answer)
        assert isinstance(answer, Read)
        return answer

    def dismiss(self) -> None:
        """Ends all processes."""
        for process in self._all:
            self._end(process)

    def _started(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-c", _START, json.dumps(sys.path), str(self.limits.memory)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._all.append(process)
        return process

    def _end(self, process: subprocess.Popen[bytes]) -> None:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was on its way to a process that has ended
                    continue


def member(memory: int) -> None:
    """Reads the documents that come on standard input until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with kept_warm():
        while True:
            try:
                order = pickle.loads(received(sys.stdin.buffer))
            except EOFError:
                return
            send(out, pickle.dumps(answered(*order)))


def answered(name: str, data: bytes, decisions: Mapping[str, Correction]) -> Read | str:
    """A document that was read, or why it cannot be."""
    from loaders.corpus import contribution
    from loaders.notice import read_text
    from loaders.source import source_of

    try:
        made = contribution(read_text(source_of(name, data), decisions), data)
        return Read(made.entry, data, made.text, gzip.compress(made.lines, 1, mtime=0))
    except LoadError as error:
        return _why(name, error)
    except MemoryError:
        return "it cannot be read, because it takes more memory than a document may"
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        return f"it cannot be read ({type(error).__name__}: {error})"


def _why(name: str, error: LoadError) -> str:
    return str(error).removeprefix(f"{name}: ")
