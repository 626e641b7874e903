"""Formats with native or greedy parsers are read in a process apart, with limits on it.

What a file does to its parser (endless rows, memory without bound, a crash) ends with that
process and one line that says why. Plain text starts none. Where many files are read, a process
that has loaded the parser stays, and forks for each.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from loaders.errors import Unreadable
from loaders.formats.extracted import Flat, Grid, GridCell, Remark
from loaders.formats.framing import received, send

MEMORY = 448 * 2**20
"""Bytes of address space that the reading process may take; with ours it stays below 512 MB."""
_LEAST, _MOST = 4, 120
_BYTES_A_SECOND = {"html": 10_000_000, "zip": 50_000, "pdf": 20_000}
_START = """
import json, sys
path, kind, seconds, memory = json.loads(sys.argv[1])
sys.path[:] = path
from loaders.formats.sandbox_child import main
main(kind, seconds, memory)
"""
_START_WARM = """
import json, sys
path, kind = json.loads(sys.argv[1])
sys.path[:] = path
from loaders.formats.sandbox_child import warm
warm(kind)
"""


def seconds_for(kind: str, size: int) -> int:
    """Seconds of work that a file is worth: 4, and more for a large one, by its format.

    A hostile file is small, so it is refused soon; an honest report of 500 pages is large.

    >>> seconds_for("zip", 5_000), seconds_for("pdf", 1_000_000)
    (4, 54)
    """
    return min(_MOST, _LEAST + size // _BYTES_A_SECOND[kind])


def read_apart(name: str, kind: str, data: bytes) -> Flat:
    """A file in one of the formats `html`, `zip`, `pdf`, read in a process apart.

    Raises Unreadable where it is refused, or where it takes too long or too much.
    """
    seconds = seconds_for(kind, len(data))
    try:
        code, said = (_once if _warm is None else _warm.read)(kind, data, seconds)
    except TimeoutError as error:
        raise Unreadable(name, f"reading it takes longer than {3 * seconds} s") from error
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Unreadable(name, f"reading it takes longer than {seconds} s")
    try:
        answer = json.loads(said)
    except ValueError as error:
        why = f"its reader ended without an answer ({code})"
        raise Unreadable(name, why) from error
    if "refused" in answer:
        raise Unreadable(name, answer["refused"])
    return unpacked(answer)


def _once(kind: str, data: bytes, seconds: int) -> tuple[int, bytes]:
    """How a process for one file ends, and what it says. Raises TimeoutError."""
    said = json.dumps([sys.path, kind, seconds, MEMORY])
    try:
        done = subprocess.run(
            [sys.executable, "-c", _START, said],
            input=data,
            capture_output=True,
            timeout=3 * seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error
    return done.returncode, done.stdout


@contextmanager
def kept_warm() -> Iterator[None]:
    """For the reading of many files: a reader of a format stays as long as this."""
    global _warm
    before, _warm = _warm, _Warm()
    try:
        yield
    finally:
        _warm.end()
        _warm = before


class _Warm:
    """A process for each format, that forks for each file; each file has limits of its own."""

    def __init__(self) -> None:
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def read(self, kind: str, data: bytes, seconds: int) -> tuple[int, bytes]:
        """How the fork for a file ends, and what it says. Raises TimeoutError."""
        process = self._processes.get(kind) or self._started(kind)
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            send(process.stdin, json.dumps([seconds, MEMORY]).encode(), data)
            until = time.monotonic() + 3 * seconds
            return int(received(process.stdout, until)), received(process.stdout, until)
        except TimeoutError:
            self._end(kind)
            raise
        except (EOFError, OSError):
            self._end(kind)
            return process.returncode, b""

    def end(self) -> None:
        """Ends all processes."""
        for kind in list(self._processes):
            self._end(kind)

    def _started(self, kind: str) -> subprocess.Popen[bytes]:
        self._processes[kind] = process = subprocess.Popen(
            [sys.executable, "-c", _START_WARM, json.dumps([sys.path, kind])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        return process

    def _end(self, kind: str) -> None:
        """Ends a process, with the fork that may still read."""
        process = self._processes.pop(kind)
        with process, contextlib.suppress(ProcessLookupError, BrokenPipeError):
            os.killpg(process.pid, signal.SIGKILL)


_warm: _Warm | None = None


def packed(flat: Flat) -> dict[str, Any]:
    """A read document as JSON: each merged cell once."""
    return {
        "text": flat.text,
        "grids": [_packed_grid(g) for g in flat.grids],
        "remarks": [[r.start, r.end, r.kind, r.why] for r in flat.remarks],
        "attachments": list(flat.attachments),
        "media": flat.media,
        "titles": list(flat.titles),
    }


def unpacked(said: dict[str, Any]) -> Flat:
    """The document that was packed."""
    return Flat(
        said["text"],
        tuple(_unpacked_grid(g) for g in said["grids"]),
        tuple(Remark(*r) for r in said["remarks"]),
        tuple(said["attachments"]),
        said["media"],
        tuple(said["titles"]),
    )


def _packed_grid(grid: Grid) -> dict[str, Any]:
    cells = list(dict.fromkeys(c for row in grid.rows for c in row if c is not None))
    number = {cell: i for i, cell in enumerate(cells)}
    return {
        "cells": [[c.start, c.end, c.row, c.column] for c in cells],
        "rows": [[-1 if c is None else number[c] for c in row] for row in grid.rows],
        "start": grid.start,
        "end": grid.end,
        "merged": grid.merged,
    }


def _unpacked_grid(said: dict[str, Any]) -> Grid:
    cells = [GridCell(*c) for c in said["cells"]]
    rows = tuple(tuple(cells[i] if i >= 0 else None for i in row) for row in said["rows"])
    return Grid(rows, said["start"], said["end"], said["merged"])
