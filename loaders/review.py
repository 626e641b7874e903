"""A person's decisions about doubts: tried on the documents, kept, and published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from graph.corrections import Correction, Decision, doubt_id, read_corrections, write_corrections
from graph.errors import StoreError
from graph.records import Document
from graph.store import Store
from graph.versions import Version
from loaders import corpus
from loaders.errors import BadDecision, LoadError


def decide(
    store: Store, ids: Sequence[str], decision: Decision, value: str = "", who: str = ""
) -> Version:
    """The version in which these doubts are decided: accepted, rejected, or corrected to `value`.

    `value` is the right name; for a clause a run of its own cell; for a number a value and a unit
    (300 张). Raises BadDecision, with nothing kept, where there is no such doubt or the value
    cannot stand there. A decision may be made again; the last one counts.
    """
    if (decision == "correct") != bool(value.strip()):
        raise BadDecision("a value goes with `correct`, and only with it")
    current = store.current()
    if current is None:
        raise StoreError("the store is empty; `tiaokuai build` fills it")
    kept = read_corrections(store.folder)
    when = datetime.now(UTC).isoformat(timespec="seconds")
    made = {i: Correction(i, decision, value.strip(), who or "?", when) for i in ids}
    before = {i: one for i, one in kept.items() if i not in made}
    known = {name for document, _ in _read(store, current, before) for name in _open(document)}
    if unknown := [i for i in ids if i not in known]:
        raise BadDecision(f"there is no doubt {', '.join(unknown)}; `tiaokuai review` lists them")
    decisions = {**before, **made}
    again = _read(store, current, decisions)
    still = {name for document, _ in again for name in _open(document)}
    if refused := [i for i in ids if i in still]:
        raise BadDecision(
            f"{', '.join(refused)}: “{value}” cannot stand there: a clause must be a run of its "
            "own cell, a number a value and a unit, a name one that the row does not have yet"
        )
    write_corrections(store.folder, decisions.values())
    return corpus.publish(store, [corpus.contribution(*read) for read in again])


def _open(document: Document) -> set[str]:
    return {doubt_id(document, doubt) for doubt in document.review}


def _read(
    store: Store, version: Version, decisions: dict[str, Correction]
) -> list[tuple[Document, bytes]]:
    """A version's documents, read again under some decisions."""
    found = []
    for read in corpus.reread(store, version, decisions):
        if isinstance(read, LoadError):
            raise read
        found.append(read)
    return found
