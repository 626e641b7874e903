"""A server over a store, for tests that ask it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from graph.store.snapshot import Snapshot


def held(snapshot: Snapshot) -> None:
    """Keeps a zygote from being ready until there is a file."""
    while not Path(os.environ["LARGE"]).exists():
        time.sleep(0.05)


@contextmanager
def serving(
    store: Path | str,
    settings: Mapping[str, str] | None = None,
    *,
    workers: int = 1,
    patience: float = 20,
) -> Iterator[str]:
    """Start a server over a store and yield its address; it must end in order and in time."""
    with started(store, settings, workers=workers) as (address, process):
        try:
            yield address
        finally:
            process.terminate()
            ended = process.wait(patience)
        assert ended == 0


@contextmanager
def started(
    store: Path | str, settings: Mapping[str, str] | None = None, *, workers: int, before: str = ""
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address and the process of a server, killed in the end; it runs some code before."""
    command = [sys.executable, "-c", f"{before}\nfrom tiaokuai import main\nmain()"]
    with subprocess.Popen(
        [*command, "serve", "--port", "0", "--workers", str(workers)],
        env={**os.environ, **(settings or {}), "TIAOKUAI_STORE": str(store)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = ""
        while not (found := re.search(r"http://[\w.:]+(?=\s)", said)):
            line = process.stderr.readline()
            assert line, said
            said += line
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        try:
            yield found[0], process
        finally:
            process.kill()
            process.wait()
            drain.join(5)
