"""Files that are written whole or not at all, and the turn that writers take."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from pathlib import Path

from graph.errors import LockedStore

DAMAGE = (OSError, RuntimeError, ValueError)
"""What the engine raises where files are damaged: a checksum that is wrong is a RuntimeError."""
_WAIT = 60.0
"""Seconds that a writer waits for another."""


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file by one rename, unless it holds this already; a full disk leaves the old one."""
    if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    new = path.with_name(f".{path.name}-{os.getpid()}")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)


def synced(folder: Path) -> None:
    """Waits until what a folder lists has reached the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def take_turn(lock: int) -> None:
    """Takes a lock, when no other writer has it any more. Raises LockedStore."""
    told, since = False, time.monotonic()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not told:
                sys.stderr.write("another writer holds the store; waiting for its turn to end\n")
                told = True
            if time.monotonic() - since > _WAIT:
                raise LockedStore(f"another writer held the store for {_WAIT:.0f} s") from None
            time.sleep(0.05)
