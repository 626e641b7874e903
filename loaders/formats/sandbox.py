"""Formats with native or greedy parsers are read in a process apart, with limits on it.

What a file does to its parser (endless rows, memory without bound, a crash) ends with that
process and one line that says why. Plain text starts none. Where many files are read, a process
that has loaded the parser stays, and forks for each.
"""

from __future__ import annotations

import json
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, NamedTuple

from loaders.errors import Unreadable
from loaders.formats.extracted import Flat, Grid, GridCell, Remark
from loaders.sandbox.one_job import do_once
from loaders.sandbox.staying import Ended, StayingChild

_CHILD = "loaders.formats.sandbox_child"
MEMORY = 448 * 2**20
"""Bytes of address space that the reading process may take; with ours it stays below 512 MB."""
NO_OCR = "; `uv pip install 'tiaokuai[ocr]'` brings what reads scans"


class _Budget(NamedTuple):
    """What reading a file of one kind may take."""

    least_s: int = 4
    most_s: int = 120
    bytes_a_second: int = 50_000
    memory: int = MEMORY


_BUDGETS = {
    "html": _Budget(bytes_a_second=10_000_000),
    "zip": _Budget(),
    "pdf": _Budget(bytes_a_second=20_000),
    "xls": _Budget(),
    # LibreOffice needs seconds before it opens anything, and 700 MB that it never touches
    "doc": _Budget(least_s=20, memory=3 * MEMORY),
    # recognising characters takes up to 10 s a page, and 1 GB
    "scan": _Budget(60, 1_200, 10_000, 3 * 2**30),
}


def seconds_for(kind: str, size: int) -> int:
    """Seconds of CPU that a file may take: 4 (60 for a scan), and more for a large one.

    A hostile file is small, so it is refused soon; an honest report of 500 pages is large.

    >>> seconds_for("zip", 5_000), seconds_for("pdf", 1_000_000)
    (4, 54)
    """
    budget = _BUDGETS[kind]
    return min(budget.most_s, budget.least_s + size // budget.bytes_a_second)


def _memory_for(kind: str) -> int:
    """The limit on memory; never above one that this process has itself."""
    own = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = _BUDGETS[kind].memory
    return wanted if own == resource.RLIM_INFINITY else min(own, wanted)


def read_apart(name: str, kind: str, data: bytes) -> Flat:
    """A file of one of the kinds `html`, `zip`, `pdf`, `xls`, `doc`, `scan`, read by a child.

    A PDF of pictures is read as a scan where the extra `ocr` is installed. Raises Unreadable where
    it is refused, or where it takes too long or too much.
    """
    if kind == "scan" and not has_recogniser():
        raise Unreadable(name, f"this is a picture{NO_OCR}")
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
    if answer.get("scanned"):
        if not has_recogniser():
            raise Unreadable(name, answer["refused"] + NO_OCR)
        return read_apart(name, "scan", data)
    if "refused" in answer:
        raise Unreadable(name, answer["refused"])
    return unpacked(answer)


def has_recogniser() -> bool:
    """Return whether the extra `ocr` is installed."""
    return find_spec("rapidocr") is not None


def _once(kind: str, data: bytes, seconds: int) -> tuple[int, bytes]:
    """The exit code and the answer of a child for one file. Raises TimeoutError."""
    memory = _memory_for(kind)
    return do_once(f"{_CHILD}:main", kind, seconds, memory, data=data, seconds=3 * seconds)


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
    """A child for each format, which forks for each file; each fork has limits of its own."""

    def __init__(self) -> None:
        self._children: dict[str, StayingChild] = {}

    def read(self, kind: str, data: bytes, seconds: int) -> tuple[int, bytes]:
        """The exit code and the answer of the fork for a file. Raises TimeoutError."""
        child = self._children.get(kind)
        if child is None or not child.is_running:
            child = self._children[kind] = StayingChild(f"{_CHILD}:warm", kind)
        limits = json.dumps([seconds, _memory_for(kind)]).encode()
        try:
            code, answer = child.ask(limits, data, answers=2, seconds=3 * seconds)
        except Ended as error:
            return error.code, b""
        return int(code), answer

    def end(self) -> None:
        """End all children."""
        for child in self._children.values():
            child.end()
        self._children.clear()


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
        "cells": [[c.start, c.end, c.row, c.column, c.fill] for c in cells],
        "rows": [[-1 if c is None else number[c] for c in row] for row in grid.rows],
        "start": grid.start,
        "end": grid.end,
        "merged": grid.merged,
        "exact": grid.exact,
        "names": [grid.sheet, grid.row_numbers, grid.column_names],
    }


def _unpacked_grid(said: dict[str, Any]) -> Grid:
    cells = [GridCell(*c) for c in said["cells"]]
    rows = tuple(tuple(cells[i] if i >= 0 else None for i in row) for row in said["rows"])
    sheet, row_numbers, column_names = said["names"]
    return Grid(
        rows, said["start"], said["end"], said["merged"], said["exact"],
        sheet, tuple(row_numbers), tuple(column_names),
    )  # fmt: skip
