"""Figures of the kernel: CPU and memory of a process, memory that the machine has left."""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

_PAGE_BYTES = resource.getpagesize()
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    """Bytes of memory that a process holds; 0 when it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_bytes().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0


def cpu_seconds(pid: int) -> float:
    """CPU seconds of a process; 0 when it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_PER_S
    except OSError:
        return 0.0


def spare_memory_bytes() -> int:
    """Half of the memory that the machine has left now."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 512
    except OSError as error:
        sys.stderr.write(f"cannot read how much memory is left: {error}\n")
    return 2**62
