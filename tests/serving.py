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

from graph.snapshot import Snapshot


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
    """The address of a server over a store; told to end, it must do so in order and in time."""
    with subprocess.Popen(
        [sys.executable, "-m", "tiaokuai", "serve", "--port", "0", "--workers", str(workers)],
        env={**os.environ, **(settings or {}), "TIAOKUAI_STORE": str(store)},
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        lines = iter(process.stderr.readline, "")
        address = next(m[0] for line in lines if (m := re.search(r"http://[\w.:]+", line)))
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        try:
            yield address
        finally:
            process.terminate()
            ended = process.wait(patience)
            drain.join(5)
        assert ended == 0
