"""Documents and folders in, contributions to the graph out; an unchanged document costs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from graph.records import Document
from graph.shared import vocabulary
from graph.store import Contribution, Store
from graph.triples import names_of, quads_of
from graph.versions import SourceEntry, Version
from loaders.errors import LoadError
from loaders.notice import read_text
from loaders.source import SourceText, decode, source_text


def extractor() -> str:
    """Who reads: this program and its version."""
    return f"tiaokuai {version('tiaokuai')}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one path: a document read, or the reason why not."""

    path: Path
    document: Document | None
    error: LoadError | None = None


def documents(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those inside the folders named, hidden ones left out, sorted."""
    for path in paths:
        if path.is_dir():
            found = (p for p in path.rglob("*") if p.is_file())
            yield from sorted(p for p in found if not any(x.startswith(".") for x in p.parts[-3:]))
        else:
            yield path
