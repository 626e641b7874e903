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

from graph.progress import ProgressReport
from graph.records import Document
from graph.store.manifest import SourceEntry
from graph.triples.corrections import Correction
from loaders.corpus.reports import Given, cited_by, read_given, report_contribution
from loaders.errors import IsAReport, LoadError, Unreadable
from loaders.formats.sandbox import kept_warm
from loaders.formats.source import SourceText, source_of
from loaders.progress.plan import Plan
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


@dataclass(frozen=True, slots=True)
class Matching:
    """The notices that a report of progress may be on, and what a person gave with it."""

    plans: tuple[Document, ...]
    given: Given


@dataclass(frozen=True, slots=True)
class _Cites:
    """What a document answers that is a report: the number of its notice, and the year."""

    plan: str
    year: int | None


class Crew:
    """As many reading processes as there are threads that ask for one."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._mine = threading.local()
        self._all: list[StayingChild] = []

    def read(self, name: str, data: bytes, decisions: Mapping[str, Correction]) -> Read | LoadError:
        """Read a document in the child of this thread, for the store."""
        read = self._ask(name, data, decisions)
        assert isinstance(read, Read | LoadError)
        return read

    def read_report(self, name: str, data: bytes, matching: Matching) -> Read | LoadError:
        """Read a report of progress in the child of this thread, for the store."""
        read = self._ask(name, data, {}, matching=matching)
        assert isinstance(read, Read | LoadError)
        return read

    def read_whole_report(
        self, name: str, data: bytes, matching: Matching
    ) -> ProgressReport | LoadError:
        """Read a report of progress in the child of this thread, with all its records."""
        read = self._ask(name, data, {}, whole=True, matching=matching)
        assert isinstance(read, ProgressReport | LoadError)
        return read

    def read_whole(self, name: str, data: bytes) -> Document | LoadError:
        """Read a document in the child of this thread, with all its records."""
        read = self._ask(name, data, {}, whole=True)
        assert isinstance(read, Document | LoadError)
        return read

    def _ask(
        self, name: str, data: bytes, decisions: Mapping[str, Correction], *,
        whole: bool = False, matching: Matching | None = None,
    ) -> Read | Document | ProgressReport | LoadError:  # fmt: skip
        child: StayingChild | None = getattr(self._mine, "child", None)
        if child is None or not child.is_running:
            child = self._mine.child = StayingChild(
                "loaders.corpus.pool:member", self.limits.memory
            )
            self._all.append(child)
        seconds = self.limits.seconds_for(len(data))
        order = pickle.dumps((name, data, dict(decisions), seconds, whole, matching))
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
        if isinstance(answer, _Cites):
            return IsAReport(name, answer.plan, answer.year)
        assert isinstance(answer, Document | ProgressReport if whole else Read)
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
    name: str, data: bytes, decisions: Mapping[str, Correction], seconds: float, whole: bool,
    matching: Matching | None = None,
) -> Read | Document | ProgressReport | _Cites | str:  # fmt: skip
    """A document that was read, what a report cites, or why it cannot be read."""
    from loaders.corpus.publish import contribution
    from loaders.notice import read_text
    from loaders.progress.read import is_report

    _limit_cpu_further(seconds)
    try:
        source = source_of(name, data)
        if matching is not None:
            return _matched(source, data, matching, whole=whole)
        if is_report(source):
            return _Cites(*cited_by(source, Given()))
        document = read_text(source, decisions)
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


def _matched(
    source: SourceText, data: bytes, matching: Matching, *, whole: bool
) -> Read | ProgressReport:
    plans = [Plan(document) for document in matching.plans]
    report = read_given(source, plans, matching.given)
    if whole:
        return report
    made = report_contribution(report, data, matching.given)
    return Read(made.entry, data, made.text, gzip.compress(made.lines, 1, mtime=0))


def _why(name: str, error: LoadError) -> str:
    return str(error).removeprefix(f"{name}: ")
