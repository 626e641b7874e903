"""Documents and folders in, contributions to the graph out; an unchanged document costs nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cache, partial
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import graph
import graph.triples
import loaders
import ontology
from graph.errors import StoreError
from graph.ground.refresh import refresh_ground
from graph.quality import quality_of
from graph.records import Document
from graph.store.bulk_load import Watched, unwatched
from graph.store.manifest import SourceEntry, Version
from graph.store.readings import document, keep
from graph.store.store import Contribution, Store
from graph.triples.corrections import Correction, correction_quads, read_corrections
from graph.triples.document import lines_of, names_of
from graph.triples.shared import vocabulary
from loaders.corpus.reports import Plans, matched_again, retied
from loaders.errors import LoadError
from loaders.formats.source import file_bytes, source_of
from loaders.notice import read_text
from ontology.gazetteer import Stamp, added


def extractor() -> str:
    """Who reads: this program, its version, and a hash of what decides how it reads."""
    return _extractor((*added("bodies-"), *added("places-")))


def _folder(package: ModuleType) -> Path:
    return Path(package.__file__ or "").parent


_DECIDES_READING = (
    _folder(loaders),
    _folder(graph.triples),
    _folder(graph) / "records.py",
    _folder(graph) / "quality.py",
    _folder(ontology),
)
"""Source files that decide what a document is read as; a change in the store's is none."""


@cache
def _extractor(districts: tuple[Stamp, ...]) -> str:
    read = hashlib.sha256()
    for part in _DECIDES_READING:
        for file in sorted([part] if part.is_file() else part.rglob("*.*")):
            if file.suffix in (".py", ".ttl"):
                read.update(file.read_bytes())
    for path, _, _ in districts:
        read.update(Path(path).read_bytes())
    return f"tiaokuai {version('tiaokuai')} ({read.hexdigest()[:12]})"


Held = Mapping[str, Mapping[str, SourceEntry]]
"""Documents by the name of their file, and the hash of its bytes."""


def held(current: Version | None) -> Held:
    """The documents of a version, if they would be read in the same way now."""
    found: dict[str, dict[str, SourceEntry]] = {}
    if current is not None and current.extractor == extractor():
        for entry in current.sources:
            found.setdefault(entry.name, {})[entry.sha256] = entry
    return found


def unchanged(known: Held, path: Path) -> SourceEntry | None:
    """The entry of a document that is this file, byte for byte."""
    named = known.get(path.name)
    if not named:
        return None
    try:
        return named.get(hashlib.sha256(file_bytes(path)).hexdigest())
    except LoadError:
        return None


def documents(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files named, and those inside the folders named, hidden ones left out, sorted.

    Pipes and devices in a folder come too: who reads them names them and passes on.
    """
    for path in paths:
        if path.is_dir():
            found = (p for p in path.rglob("*") if not p.is_dir())
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
        graphs=(names.asserted, names.inferred),
        **asdict(quality_of(document)),
    )
    return Contribution(entry=entry, data=data, text=document.text, lines=lines_of(document))


def publish(
    store: Store,
    fresh: Iterable[Contribution | SourceEntry],
    *,
    anew: Version | None = None,
    watched: Watched = unwatched,
) -> Version:
    """A new version: the documents of the current one, with `fresh` added or in their place.

    `anew` is the version that `fresh` takes the place of as a whole, whatever became of its files.
    `watched` sees the documents as their quads are loaded, and what is sent to an engine.
    """
    fresh = list(fresh)
    if not anew and (before := store.current()):
        fresh += retied(store, before.sources, fresh, partial(kept, store))
    replaced = {(entry_of(c).jurisdiction, entry_of(c).document): c for c in fresh}
    read_again = {entry_of(c).sha256 for c in replaced.values()}

    def parts() -> Iterator[Contribution | SourceEntry]:
        """Read what is current when it is this writer's turn: another may have added to it."""
        current = None if anew else store.current()
        for entry in current.sources if current else ():
            known = (entry.jurisdiction, entry.document) in replaced
            if not known and entry.sha256 not in read_again:  # the same bytes may go by a new name
                yield entry
        yield from replaced.values()

    decided = correction_quads(read_corrections(store.folder).values())
    made = store.publish(
        parts(),
        shared=(*vocabulary(), *decided),
        extractor=extractor(),
        anew=anew is not None,
        watched=watched,
    )
    return refresh_ground(store, made)


def entry_of(part: Contribution | SourceEntry) -> SourceEntry:
    """The entry of a document that was read now, or kept."""
    return part.entry if isinstance(part, Contribution) else part


def kept(store: Store, made: Contribution) -> SourceEntry:
    """The entry of a document whose reading is put into the store's folder, and held no longer."""
    try:
        keep(store.folder, made)
    except OSError as error:
        raise StoreError(f"the store {store.folder} cannot be written: {error}") from error
    return made.entry


def rebuild(store: Store, version: Version) -> tuple[list[SourceEntry], list[LoadError]]:
    """The entries of a version's documents, read again from the sources that are kept."""
    again: list[SourceEntry] = []
    failed: list[LoadError] = []
    for read in reread(store, version, read_corrections(store.folder)):
        if isinstance(read, LoadError):
            failed.append(read)
        else:
            again.append(kept(store, contribution(*read)))
    plans = Plans(store, again)
    for report in (e for e in version.sources if e.kind == "report"):
        try:
            again += matched_again(store, [report], plans, partial(kept, store))
        except LoadError as error:
            failed.append(error)
    return again, failed


def reread(
    store: Store, version: Version, decisions: Mapping[str, Correction]
) -> Iterator[tuple[Document, bytes] | LoadError]:
    """A version's notices, read again under some decisions, each with its bytes."""
    for entry in version.sources:
        if entry.kind != "notice":
            continue
        data = document(store.folder, entry)
        try:
            yield read_text(source_of(entry.name, data), decisions), data
        except LoadError as error:
            yield error
