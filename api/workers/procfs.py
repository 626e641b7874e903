"""What the machine says of processes, of its memory and of connections."""

from __future__ import annotations

import os
import resource
import select
import sys
from pathlib import Path

_PAGE = resource.getpagesize()
_TICKS = os.sysconf("SC_CLK_TCK")


def hung_up(connection: int) -> bool:
    """Whether the other end of a connection has gone, or the connection itself."""
    if connection < 0:
        return True
    poll = select.poll()
    poll.register(connection, select.POLLRDHUP)
    return bool(poll.poll(0))


def resident(pid: int) -> int:
    """The bytes of memory that a process holds; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE
    except OSError:
        return 0


def worked(pid: int) -> float:
    """The CPU seconds of a process; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS
    except OSError:
        return 0.0


def spare_memory() -> int:
    """Half of the memory that the machine has left now."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 512
    except OSError as error:
        sys.stderr.write(f"cannot tell how much memory is left: {error}\n")
    return 2**62
