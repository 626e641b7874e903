"""A process that reads one document that was handed in, or publishes it, and ends."""

from __future__ import annotations

import json
import pickle
import resource
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.workers import sandbox
from graph.errors import EngineTrouble, StoreError
from graph.exports.document_json import document_json
from graph.open import open_store
from graph.records import Document
from graph.triples.corrections import Correction, read_corrections, write_corrections
from graph.triples.document import names_of
from loaders.corrections import named_unit
from loaders.errors import LoadError
from loaders.formats.source import source_of
from loaders.notice import read_text
from ontology.names import address_of, base

MEMORY = 1 << 30
PUBLISHING = 4 << 30
"""Bytes of addresses: threads that load a store take hundreds of megabytes of them, and use few."""
SECONDS = 150
"""Seconds of work; the formats with parsers of their own have less."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A document to read, and the page to make of it."""

    folder: str
    name: str
    data: bytes
    action: str
    language: str
    version: str


@dataclass(frozen=True, slots=True)
class Publishing:
    """A document to publish, with what a person decided about it, and the store for it."""

    location: str
    name: str
    data: bytes
    decisions: tuple[tuple[str, str], ...]
    """Doubts and `accept` or `reject`."""
    units: tuple[tuple[str, str], ...]
    """Units by the id of their name in a row, and the right name; empty takes them away."""
    who: str


def main(parent: int) -> None:
    """Does what stands on standard input, says what came of it on standard output."""
    sandbox.die_with_parent(parent)
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    order = pickle.load(sys.stdin.buffer)
    sandbox.limit_memory(PUBLISHING if isinstance(order, Publishing) else MEMORY)
    try:
        said = _published(order) if isinstance(order, Publishing) else _read(order)
    except LoadError as error:
        said = {"is": "unreadable", "why": " ".join(str(error).split())}
    except EngineTrouble as error:
        said = {"is": "engine", "why": str(error)}
    except StoreError as error:
        said = {"is": "store", "why": str(error)}
    except MemoryError:
        said = {"is": "unreadable", "why": f"{order.name}: reading it takes too much memory"}
    sys.stdout.buffer.write(json.dumps(said, ensure_ascii=False).encode(errors="replace"))


def _read(order: Reading) -> dict[str, Any]:
    from viz.pages import upload

    decisions = read_corrections(Path(order.folder))
    document = read_text(source_of(order.name, order.data), decisions)
    page = upload.reading(
        document, action=order.action, language=order.language, version=order.version
    )
    return {"is": "read", "page": page.decode(), "json": document_json(document)}


def _published(order: Publishing) -> dict[str, Any]:
    from loaders.corpus import publish as corpus

    store = open_store(order.location)
    kept = read_corrections(store.folder)
    source = source_of(order.name, order.data)
    fresh = _decided(read_text(source, kept), order)
    document = read_text(source, {**kept, **fresh})
    if fresh:
        write_corrections(store.folder, {**kept, **fresh}.values())
    made = corpus.publish(store, [corpus.contribution(document, order.data)])
    where = address_of(names_of(document).notice).removeprefix(base())
    return {"is": "ok", "version": made.id, "notice": f"/{where}", "decisions": len(fresh)}


def _decided(document: Document, order: Publishing) -> dict[str, Correction]:
    """The corrections of a form: what was decided about doubts, and the names that differ."""
    from graph.triples.corrections import doubt_id

    when = datetime.now(UTC).isoformat(timespec="seconds")
    who = order.who or "web"
    found: dict[str, Correction] = {}
    doubts = {doubt_id(document, d) for d in document.review}
    for doubt, decision in order.decisions:
        if doubt in doubts and decision in ("accept", "reject"):
            # mypy does not see that the decision is one of the two
            found[doubt] = Correction(doubt, decision, "", who, when)  # type: ignore[arg-type]
    wanted = dict(order.units)
    for target in document.targets:
        for one in target.assignments:
            name = doubt_id(document, named_unit(target, one))
            label = "".join(wanted.get(name, one.label).split())[:80]
            if not label:
                found[name] = Correction(name, "reject", "", who, when)
            elif label != one.label:
                found[name] = Correction(name, "correct", label, who, when)
    return found
