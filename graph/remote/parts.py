"""The graphs of an engine that hold those of a version: `parts.json` next to its manifest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from graph.errors import BrokenStore
from graph.store.manifest import Version

_NAME = "parts.json"


@dataclass(frozen=True, slots=True)
class Part:
    """A graph of a version: its name (none for the default graph), and its name on the engine."""

    graph: str
    held: str
    quads: int
    total: str
    """The sum of the hashes of its lines, in hexadecimal."""
    bundle: bool = False
    """True where it holds the graphs of many documents: see `graph.remote.bundles`."""


def bundled(parts: Iterable[Part]) -> bool:
    """Return whether documents share graphs on the engine."""
    return any(part.bundle for part in parts)


def read_parts(version: Version) -> tuple[Part, ...]:
    """The graphs of a version. Raises BrokenStore."""
    path = version.path / _NAME
    try:
        return tuple(Part(**said) for said in json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise BrokenStore(path, error) from error


def write_parts(parts: Sequence[Part], folder: Path) -> None:
    """Writes the graphs of a version into its folder."""
    said = json.dumps([asdict(p) for p in parts], ensure_ascii=False, indent=1)
    (folder / _NAME).write_text(said + "\n", encoding="utf-8")
