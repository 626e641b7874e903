"""Versions: immutable publications of the whole graph, each with a manifest of what it holds."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyoxigraph

from graph.errors import BrokenStore


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One document of a version: how it is called, which bytes and text, which graphs."""

    document: str
    jurisdiction: str
    name: str
    sha256: str
    text_id: str
    format: str
    graphs: tuple[str, ...]
    layout: str = ""
    targets: int = 0
    roles: str = ""
    assignments: int = 0
    doubts: int = 0
    sure: str = ""
    why: str = ""
    """The quality of its reading, and the reasons: see `graph.quality`."""
    unread: str = ""
    """Its parts that were not read: see `graph.quality.unread_parts`."""
    kind: str = "notice"
    """A notice, or a report of progress."""
    plan: str = ""
    """The notice that a report is matched with."""
    as_of: str = ""
    reporter: str = ""
    plan_given: str = ""
    """Day, reporter and plan as a person gave them, in place of those that the report states."""


@dataclass(frozen=True, slots=True)
class Version:
    """One publication. `id` is twelve hex digits of the hash of its content."""

    id: str
    time: str
    """The time of publication, ISO 8601 in UTC."""
    quads: int
    extractor: str
    graphs: tuple[str, ...]
    """The graphs that are ours; others were written by other people and are kept."""
    sources: tuple[SourceEntry, ...]
    path: Path
    edited: bool = False
    """True where an update has changed it since its documents were built."""
    total: str = ""
    """The sum of the hashes of its lines, in hexadecimal; none where an older program made it."""
    number: int = 0
    """Its place in the order of publication, from 1; 0 where an older program made it."""

    def is_as_built(self, parts: Sequence[object], extractor: str) -> bool:
        """Return whether it holds exactly these sources by this extractor, and no update."""
        return not self.edited and self.extractor == extractor and (*parts,) == self.sources != ()

    @property
    def documents(self) -> int:
        """The number of its documents."""
        return len(self.sources)

    def text(self, text_id: str) -> str:
        """The text of one of its documents, as it was decoded. Raises BrokenStore."""
        path = self.path.parent.parent / "documents" / f"{text_id}.txt.gz"
        try:
            return gzip.decompress(path.read_bytes()).decode()
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise BrokenStore(path, error) from error

    @property
    def graph_folder(self) -> Path:
        """The folder of its quads, never written to again."""
        return self.path / "graph"


class LineSum(io.BytesIO):
    """A file that adds up the hashes of the lines written to it, in pieces of any size."""

    def __init__(self) -> None:
        super().__init__()
        self.total, self.count, self._rest = 0, 0, b""

    def write(self, data: Any) -> int:
        *lines, self._rest = (self._rest + bytes(data)).split(b" .\n")
        for line in lines:
            self.total += int.from_bytes(hashlib.sha256(line).digest(), "big")
        self.count += len(lines)
        return len(data)


def content_id(store: pyoxigraph.Store) -> tuple[str, int]:
    """The id of what a store holds, and the number of its quads."""
    total, count = content_sum(store)
    return sum_id(total, count), count


def content_sum(store: pyoxigraph.Store) -> tuple[int, int]:
    """The sum of a store's content, independent of order, and the number of its quads.

    The sum of the hashes of their N-Quads lines, so that no sorting is needed; a set has no
    line twice, so the sum cannot be played off against itself.
    """
    lines = LineSum()
    store.dump(lines, format=pyoxigraph.RdfFormat.N_QUADS)
    return lines.total, lines.count


def hexadecimal(total: int) -> str:
    """A sum of hashes as it is written down."""
    return f"{total % 2**256:064x}"


def sum_id(total: int, count: int) -> str:
    """The id of a version whose lines have this sum of hashes and this number."""
    return hashlib.sha256(f"{hexadecimal(total)} {count}".encode()).hexdigest()[:12]


def write_manifest(version: Version, folder: Path) -> None:
    """Write the manifest of a version into its folder, with a hash of what it states."""
    stated = asdict(version)
    del stated["path"]
    stated["check"] = _check(stated)
    text = json.dumps(stated, ensure_ascii=False, indent=1) + "\n"
    (folder / "manifest.json").write_text(text, encoding="utf-8")


def _check(stated: dict[str, Any]) -> str:
    """A hash of what a manifest states, so that one changed letter in it is known."""
    rest = {k: v for k, v in stated.items() if k != "check"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def read_manifest(folder: Path, manifest: Path | None = None) -> Version:
    """The version in a folder. Raises BrokenStore where its manifest is damaged."""
    path = manifest or folder / "manifest.json"
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        if "check" in said and said["check"] != _check(said):  # an older program wrote none
            raise ValueError("it does not state what it did")
        sources = tuple(
            SourceEntry(**{**entry, "graphs": tuple(entry["graphs"])}) for entry in said["sources"]
        )
        return Version(
            id=said["id"],
            time=said["time"],
            quads=said["quads"],
            extractor=said["extractor"],
            graphs=tuple(said["graphs"]),
            sources=sources,
            path=folder,
            edited=said.get("edited", False),
            total=said.get("total", ""),
            number=said.get("number", 0),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BrokenStore(path, f"the manifest cannot be read ({error})") from error
