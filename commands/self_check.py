"""The state of this machine: self-check."""

from __future__ import annotations

import importlib.util
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from commands.cli import VIOLATIONS, guarded, main, store_option
from graph.open import open_store
from loaders.notice import SHIPPED, read
from viz.frontend import is_complete

_EXTRAS = {"mcp": "mcp", "geo": "shapely", "dask": "distributed", "ocr": "rapidocr"}
"""Optional parts, and the module that each one needs."""


@dataclass(frozen=True, slots=True)
class MachineCheck:
    """One part: its name, whether it works, a remark, and whether nothing works without it."""

    name: str
    works: bool
    remark: str = ""
    is_needed: bool = True


@main.command("self-check")
@store_option
@guarded
def self_check(location: str | None) -> None:
    """List the parts that work on this machine, and those that are not protected there."""
    failed = False
    for check in _checks(location):
        failed |= check.is_needed and not check.works
        mark = "works" if check.works else "missing" if not check.is_needed else "FAILS"
        click.echo(f"{mark}\t{check.name}\t{check.remark}".rstrip())
    if failed:
        sys.exit(VIOLATIONS)


def _checks(location: str | None) -> Iterator[MachineCheck]:
    version = platform.python_version()
    yield MachineCheck("Python", sys.version_info >= (3, 11), f"{version}, {platform.platform()}")
    yield _tried("graph engine", _count_a_triple)
    yield _tried("reading", lambda: f"{len(read(SHIPPED).targets)} targets of the shipped notice")
    yield _tried("store", lambda: _describe_store(location))
    yield MachineCheck(
        "front-end files", is_complete(), "" if is_complete() else "pages and pictures are plain",
        is_needed=False,
    )  # fmt: skip
    is_linux = sys.platform == "linux"
    yield MachineCheck(
        "sandbox of readers and queries", is_linux and hasattr(os, "fork"),
        "" if is_linux else "memory limits and the system call filter are for Linux",
        is_needed=False,
    )  # fmt: skip
    for extra, module in _EXTRAS.items():
        is_there = importlib.util.find_spec(module) is not None
        remark = "" if is_there else f"pip install 'tiaokuai[{extra}]'"
        yield MachineCheck(f"extra {extra}", is_there, remark, is_needed=False)


def _tried(name: str, work: Callable[[], str]) -> MachineCheck:
    try:
        return MachineCheck(name, True, work())
    except Exception as error:
        return MachineCheck(name, False, f"{type(error).__name__}: {error}")


def _count_a_triple() -> str:
    import pyoxigraph

    store = pyoxigraph.Store()
    store.update("INSERT DATA { <urn:a> <urn:b> 1 }")
    assert len(store) == 1
    return f"pyoxigraph {pyoxigraph.__version__}"


def _describe_store(location: str | None) -> str:
    store = open_store(location)
    current = store.current()
    folder = next(p for p in (store.folder, *store.folder.parents) if p.exists())
    with tempfile.TemporaryFile(dir=folder):
        pass
    version = f"version {current.id}" if current else "empty; `tiaokuai build` fills it"
    return f"{Path(store.folder)}, {version}"
