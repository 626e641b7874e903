"""Claims: hashes of each document's triples about things outside it, next to the manifest.

A triple of two documents is stored with the first of them. When a document changes, its claims
and those of the others give the triples that move, without reading all documents again.
"""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from graph.store.manifest import Version

_NAME = "claims"


def claim(triple: bytes) -> int:
    """The claim of a triple: eight bytes of its hash."""
    return int.from_bytes(hashlib.blake2b(triple, digest_size=8).digest(), "little")


@dataclass(slots=True)
class Claims:
    """The claims of all documents, in the order of the names of their graphs."""

    shared: bytes = b""
    """The hash of the shared triples: the vocabulary, decisions."""
    counts: array[int] = field(default_factory=lambda: array("I"))
    said: array[int] = field(default_factory=lambda: array("Q"))

    def add(self, claims: list[int]) -> None:
        """Adds the claims of the next document."""
        self.counts.append(len(claims))
        self.said.extend(claims)

    def each(self) -> Iterator[array[int]]:
        """The claims of each document."""
        start = 0
        for count in self.counts:
            yield self.said[start : start + count]
            start += count


def write_claims(claims: Claims, folder: Path) -> None:
    """Write the claims of a version into its folder, with their hash."""
    data = b"".join((claims.shared, claims.counts.tobytes(), claims.said.tobytes()))
    (folder / _NAME).write_bytes(data + hashlib.sha256(data).digest())


def read_claims(version: Version) -> Claims | None:
    """The claims of a version; None where it has none, or they are damaged."""
    path, claims = version.path / _NAME, Claims()
    try:
        whole = path.read_bytes()
        data, check = whole[:-32], whole[-32:]
        if hashlib.sha256(data).digest() != check:
            return None
        start, end = 32, 32 + version.documents * claims.counts.itemsize
        claims.shared = data[:start]
        claims.counts.frombytes(data[start:end])
        claims.said.frombytes(data[end:])
    except (OSError, ValueError):
        return None
    fits = len(claims.counts) == version.documents and sum(claims.counts) == len(claims.said)
    return claims if fits else None
