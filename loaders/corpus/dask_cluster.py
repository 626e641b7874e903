"""Documents read on a Dask cluster that is there already.

Each goes to a worker of the cluster with its bytes, so that no disk need be shared; there a
process of its own reads it under the same limits as at home.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from types import TracebackType

from graph.triples.corrections import Correction
from loaders.corpus.pool import Crew, Limits, Read
from loaders.errors import IsAReport, LoadError, Unreadable


class Cluster:
    """A connection to a scheduler. Raises OSError where none answers at the address."""

    def __init__(self, address: str, decisions: Mapping[str, Correction], limits: Limits) -> None:
        from distributed import Client

        self._client = Client(address, timeout=10, set_as_default=False)  # type: ignore[no-untyped-call]  # no types
        self._decisions = dict(decisions)
        self._limits = limits
        self.width = max(1, 2 * sum(self._client.nthreads().values()))  # type: ignore[no-untyped-call]  # no types

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self._client.close()  # type: ignore[no-untyped-call]  # no types

    def __call__(self, name: str, data: bytes) -> Read | LoadError:
        """What a worker of the cluster reads in a document."""
        try:
            said = self._client.submit(
                apart, name, data, self._decisions, self._limits, pure=False, retries=2
            ).result()
        except Exception as error:  # a worker that died, three times over
            return Unreadable(name, f"the cluster could not read it ({type(error).__name__})")
        if isinstance(said, tuple):
            return IsAReport(name, *said)
        assert isinstance(said, Read | str)
        return LoadError(name, said) if isinstance(said, str) else said


_here = threading.local()


def apart(
    name: str, data: bytes, decisions: Mapping[str, Correction], limits: Limits
) -> Read | tuple[str, int | None] | str:
    """On a worker: what a process beside it reads in a document, or why it cannot."""
    crew: Crew | None = getattr(_here, "crew", None)
    if crew is None or crew.limits != limits:
        crew = _here.crew = Crew(limits)
    read = crew.read(name, data, decisions)
    if isinstance(read, IsAReport):
        return read.plan, read.year  # an error of two arguments cannot be pickled
    return str(read).removeprefix(f"{name}: ") if isinstance(read, LoadError) else read
