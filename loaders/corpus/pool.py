"""Many documents read at once, each by a process that may fail without harm to the others.

A member of the crew is a process that reads one document after the other, with a limit on its
memory and on the seconds of each; one that overruns is ended and another takes its place. What
was read goes at once into the folder of the store, by the hash of the file and of who reads, so
that memory stays flat and a build that was broken off goes on where it was.
"""

from __future__ import annotations

import gzip
import json
import os
import pickle
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass

from graph.store.manifest import SourceEntry
from graph.triples.corrections import Correction
from loaders.errors import LoadError, Unreadable
from loaders.formats.framing import received, send
from loaders.formats.sandbox import kept_warm

_START = """
import json, sys
sys.path[:] = json.loads(sys.argv[1])
from loaders.corpus.pool import member
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
    from loaders.corpus.publish import contribution
    from loaders.formats.source import source_of
    from loaders.notice import read_text

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
