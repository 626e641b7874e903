"""Write files that can be made again from a version, such as layouts; a failure costs only time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from pathlib import Path


def write_derived(path: Path, value: object) -> None:
    """Write a value as JSON by one rename; where the folder cannot be written, do nothing."""
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(f".{path.name}-{os.getpid()}")
        new.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        new.rename(path)


def short_hash(text: str, length: int) -> str:
    """Return the first `length` hex digits of a text's SHA-256, for use in file names."""
    return hashlib.sha256(text.encode()).hexdigest()[:length]
