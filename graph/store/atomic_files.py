"""Write files whole or not at all, and wait for the lock of the writers."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from pathlib import Path

from graph.errors import LockedStore

DAMAGE = (OSError, RuntimeError, ValueError)
"""Errors of the engine for damaged files: a wrong checksum is a RuntimeError."""
MAX_WAIT_S = 60.0
"""Seconds that a writer waits for another."""


def write_whole(path: Path, data: bytes) -> None:
    """Write a file by one rename, unless it holds this already; a full disk leaves the old one."""
    if path.exists() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return
    new = path.with_name(f".{path.name}-{os.getpid()}")
    with new.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    new.rename(path)


def sync_folder(folder: Path) -> None:
    """Wait until what a folder lists has reached the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def take_turn(lock: int) -> None:
    """Take a lock as soon as no other writer has it. Raises LockedStore."""
    is_announced, since = False, time.monotonic()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if not is_announced:
                sys.stderr.write("another writer holds the store; waiting for its turn to end\n")
                is_announced = True
            if time.monotonic() - since > MAX_WAIT_S:
                raise LockedStore(f"another writer held the store for {MAX_WAIT_S:.0f} s") from None
            time.sleep(0.05)
