"""Processes that are measured: started, reached, their CPU and memory read, and ended by id."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def tree(pid: int) -> set[int]:
    """A process and all that it has started."""
    found, new = {pid}, {pid}
    while new:
        new = {
            int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat")
            if (said := _stat(stat)) and int(said[1]) in found
        } - found  # fmt: skip
        found |= new
    return found


def cpu(pid: int) -> float:
    """The CPU seconds that a process and its children have used, buried children too."""
    stats = [_stat(Path(f"/proc/{p}/stat")) for p in tree(pid)]
    return sum(sum(map(int, s[11:15])) for s in stats if s) / _TICKS


def alive(pid: int) -> bool:
    """Return whether a process still runs."""
    said = _stat(Path(f"/proc/{pid}/stat"))
    return bool(said) and said[0] not in "ZX"


def quiet(pid: int, patience: float = 900) -> None:
    """Waits until a process has done for two seconds what it does in the background."""
    until, used = time.monotonic() + patience, cpu(pid)
    while time.monotonic() < until:
        time.sleep(2)
        before, used = used, cpu(pid)
        if used - before < 0.05:
            return


def resident(pid: int) -> int:
    """The bytes of memory that a process and its children hold, what they share counted once."""
    total = 0
    for process in tree(pid):
        try:
            said = Path(f"/proc/{process}/smaps_rollup").read_text()
        except OSError:  # it has just ended
            continue
        total += sum(int(x.split()[1]) for x in said.splitlines() if x.startswith("Pss:")) * 1024
    return total


def _stat(path: Path) -> list[str]:
    try:
        return path.read_text().rpartition(")")[2].split()
    except OSError:
        return []


def free_port() -> int:
    """A free port of this machine."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@contextmanager
def server(
    command: list[str],
    port: int,
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    grace: float = 10,
) -> Iterator[int]:
    """The id of a process that listens on a port of this machine; it is ended afterwards.

    It has `grace` seconds to end by itself. Raises RuntimeError with its last words where it
    ends, or does not listen within ten minutes (a large store takes its time).
    """
    with tempfile.TemporaryFile() as words:
        process = subprocess.Popen(
            command, cwd=cwd, env={**os.environ, **(env or {})}, stdout=words, stderr=words
        )
        try:
            for _ in range(6000):
                if process.poll() is not None or _listens(port):
                    break
                time.sleep(0.1)
            if process.poll() is not None or not _listens(port):
                words.seek(0)
                said = words.read().decode(errors="replace")[-400:]
                raise RuntimeError(f"{command[0]} does not listen on port {port}: {said}")
            yield process.pid
        finally:
            if grace:
                process.terminate()
            try:
                process.wait(grace)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
