"""Documents and folders in, contributions to the graph out; an unchanged document costs nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from graph.corrections import read_corrections
from graph.quality import quality_of
from graph.records import Document
from graph.shared import vocabulary
from graph.store import Contribution, Store
from graph.triples import names_of, quads_of
from graph.versions import SourceEntry, Version
from loaders.errors import LoadError
from loaders.notice import read_text
from loaders.source import source_of


def extractor() -> str:
    """Who reads: this program and its version."""
    return f"tiaokuai {version('tiaokuai')}"


def documents(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those inside the folders named, hidden ones left out, sorted."""
    for path in paths:
        if path.is_dir():
            found = (p for p in path.rglob("*") if p.is_file())
            yield from sorted(p for p in found if not any(x.startswith(".") for x in p.parts[-3:]))
        else:
            yield path


def contribution(document: Document, data: bytes) -> Contribution:
    """What a read document brings to the graph."""
    names = names_of(document)
    entry = SourceEntry(
        document=document.key,
        jurisdiction=document.head.jurisdiction,
        name=document.name,
        sha256=document.sha256,
        text_id=document.text_id,
        format=document.format,
        graphs=(names.asserted.value, names.inferred.value),
        **asdict(quality_of(document)),
    )
    return Contribution(entry=entry, data=data, text=document.text, quads=tuple(quads_of(document)))


def publish(store: Store, fresh: Iterable[Contribution]) -> Version:
    """A new version: the documents of the current one, with `fresh` added or in their place."""
    replaced = {(c.entry.jurisdiction, c.entry.document): c for c in fresh}
    current = store.current()
    kept = [
        entry
        for entry in (current.sources if current else ())
        if (entry.jurisdiction, entry.document) not in replaced
    ]
    return store.publish([*kept, *replaced.values()], shared=vocabulary(), extractor=extractor())


def rebuild(store: Store, version: Version) -> tuple[list[Contribution], list[LoadError]]:
    """The contributions of a version's documents, read again from the sources that are kept."""
    again: list[Contribution] = []
    failed: list[LoadError] = []
    decisions = read_corrections(store.folder)
    for entry, data, _ in store.sources(version):
        try:
            source = source_of(entry.name, data)
            again.append(contribution(read_text(source, decisions), data))
        except LoadError as error:
            failed.append(error)
    return again, failed
