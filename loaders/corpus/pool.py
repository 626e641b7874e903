"""Read documents in child processes that may fail without harm to the others.

A child reads one document after the other, with a limit on its memory and on the CPU seconds of
each; one that overruns is ended and another takes its place. What
was read goes at once into the folder of the store, by the hash of the file and of who reads, so
that memory stays flat and a build that was broken off goes on where it was.
"""

from __future__ import annotations

import gzip
import os
import pickle
import resource
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass

from graph.records import Document
from graph.store.manifest import SourceEntry
from graph.triples.corrections import Correction
from loaders.errors import LoadError, Unreadable
from loaders.formats.sandbox import kept_warm
from loaders.sandbox.framing import received, send
from loaders.sandbox.limits import limit_address_space
from loaders.sandbox.staying import Ended, StayingChild


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take: seconds of CPU, and bytes of memory."""

    seconds: float = 120.0
    memory: int = 2 * 2**30

    def seconds_for(self, size: int) -> float:
        """The CPU seconds that a document of so many bytes may take: a small one is refused soon.

        >>> Limits().seconds_for(20_000), Limits().seconds_for(2_000_000)
        (22.0, 120.0)
        """
        return min(self.seconds, 20 + size / 10_000)


WALL = 20
"""Seconds of the clock to each second of CPU: a busy machine is no reason to refuse a document."""


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
        self._all: list[StayingChild] = []

    def read(self, name: str, data: bytes, decisions: Mapping[str, Correction]) -> Read | LoadError:
        """Read a document in the child of this thread, for the store."""
        read = self._ask(name, data, decisions, whole=False)
        assert not isinstance(read, Document)
        return read

    def read_whole(self, name: str, data: bytes) -> Document | LoadError:
        """Read a document in the child of this thread, with all its records."""
        read = self._ask(name, data, {}, whole=True)
        assert not isinstance(read, Read)
        return read

    def _ask(
        self, name: str, data: bytes, decisions: Mapping[str, Correction], *, whole: bool
    ) -> Read | Document | LoadError:
        child: StayingChild | None = getattr(self._mine, "child", None)
        if child is None or not child.is_running:
            child = self._mine.child = StayingChild(
                "loaders.corpus.pool:member", self.limits.memory
            )
            self._all.append(child)
        seconds = self.limits.seconds_for(len(data))
        order = pickle.dumps((name, data, dict(decisions), seconds, whole))
        try:
            answer = pickle.loads(child.ask(order, seconds=WALL * seconds)[0])
        except TimeoutError:
            return Unreadable(name, f"reading it takes longer than {WALL * seconds:g} s")
        except Ended as error:
            if error.code == -signal.SIGXCPU:
                return Unreadable(name, f"reading it takes more than {seconds:g} s of CPU")
            return Unreadable(name, f"its reader ended without an answer ({error.code})")
        if isinstance(answer, str):
            return LoadError(name, answer)
        assert isinstance(answer, Document if whole else Read)
        return answer

    def dismiss(self) -> None:
        """End all children."""
        for child in self._all:
            child.end()


def member(memory: int) -> None:
    """Read the documents that come on standard input until there are no more."""
    limit_address_space(memory)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with kept_warm():
        while True:
            try:
                order = pickle.loads(received(sys.stdin.buffer))
            except EOFError:
                return
            send(out, pickle.dumps(answered(*order)))


def _limit_cpu_further(seconds: float) -> None:
    """Let this process use so many more CPU seconds; SIGXCPU ends it then."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def answered(
    name: str, data: bytes, decisions: Mapping[str, Correction], seconds: float, whole: bool
) -> Read | Document | str:
    """A document that was read, or why it cannot be."""
    from loaders.corpus.publish import contribution
    from loaders.formats.source import source_of
    from loaders.notice import read_text

    _limit_cpu_further(seconds)
    try:
        document = read_text(source_of(name, data), decisions)
        if whole:
            return document
        made = contribution(document, data)
        return Read(made.entry, data, made.text, gzip.compress(made.lines, 1, mtime=0))
    except LoadError as error:
        return _why(name, error)
    except MemoryError:
        return "it cannot be read, because it takes more memory than a document may"
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        return f"it cannot be read ({type(error).__name__}: {error})"


def _why(name: str, error: LoadError) -> str:
    return str(error).removeprefix(f"{name}: ")
