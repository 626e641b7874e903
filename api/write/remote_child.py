"""A change to a store on an engine: a sandboxed child makes it, this process sends it.

The process that parses input has no network; the one that reaches the engine parses no input.
The child is forked before this process has opened anything.
"""

from __future__ import annotations

import json
import os
import resource
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph

from api.write.changes import decided, sealed
from api.write.orders import Decide, Run, Write
from graph.errors import EngineTrouble
from graph.open import open_store
from loaders.sandbox import limits

DEADLINE = "30"
"""Seconds that one request to the engine may take, where no setting says it."""


class _Unmade(Exception):
    """The child reports the reason for making no change."""


def changed(order: Write) -> dict[str, Any]:
    """Make a change. Raises StoreError; ends as the child does, where that is killed."""
    if isinstance(order.change, Decide):
        return decided(open_store(order.location), order.change)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    child = _Child(order)
    said: dict[str, Any] = {}

    def work(head: Path) -> None:
        said.update(child.made(head))
        if said["is"] != "ok":
            raise _Unmade

    os.environ.setdefault("TIAOKUAI_DEADLINE", DEADLINE)
    try:
        store = open_store(order.location)
        if why := store.trouble():
            raise EngineTrouble(why)
        version = store.change_apart(work).id
        return {**said, "version": version}
    except _Unmade:
        return said
    finally:
        child.end()


class _Child:
    """A process that waits for the folder of a head."""

    def __init__(self, order: Write) -> None:
        theirs, self._folder = os.pipe()
        self._said, ours = os.pipe()
        parent = os.getpid()
        self._pid = os.fork()
        if not self._pid:
            os.close(self._folder)
            _serve(order, parent, theirs, ours)
        os.close(theirs)
        os.close(ours)

    def made(self, head: Path) -> dict[str, Any]:
        """The child's report on its change to this head."""
        os.write(self._folder, str(head).encode())
        os.close(self._folder)
        self._folder = -1
        with os.fdopen(self._said, "rb", closefd=False) as file:
            data = file.read()
        if not data:
            self._follow()
        said: dict[str, Any] = json.loads(data)
        return said

    def end(self) -> None:
        """Let the child end."""
        if self._folder >= 0:
            os.close(self._folder)
        os.close(self._said)
        if self._pid:
            os.waitpid(self._pid, 0)

    def _follow(self) -> None:
        """End this process as the child has ended: the server knows what that means."""
        _, status = os.waitpid(self._pid, 0)
        self._pid = 0
        if os.WIFSIGNALED(status):
            os.kill(os.getpid(), os.WTERMSIG(status))
        os._exit(1)


def _serve(order: Write, parent: int, folder: int, said: int) -> None:
    """The life of the child."""
    try:
        limits.die_with_parent(parent)
        head = os.read(folder, 2**16).decode()
        if head:
            answer = sealed(order, lambda: _run(head))
            os.write(said, json.dumps(answer).encode())
    finally:
        os._exit(0)


def _run(head: str) -> Run:
    def run(apply: Callable[[pyoxigraph.Store], object]) -> str:
        store = pyoxigraph.Store(head)
        apply(store)
        store.flush()
        return ""

    return run
