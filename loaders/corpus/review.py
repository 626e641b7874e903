"""A person's decisions about doubts: tried on the documents, kept, and published.

One document is held at a time, however many there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from graph.errors import StoreError
from graph.records import Document
from graph.store.manifest import SourceEntry, Version
from graph.store.readings import Contribution, keep_from
from graph.store.store import Store
from graph.triples.corrections import (
    Correction,
    Decision,
    doubt_id,
    read_corrections,
    write_corrections,
)
from loaders.corpus import publish
from loaders.corrections import corrected
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
    decisions = {**before, **made}
    with TemporaryDirectory() as place:  # what is read waits there until all is found to be right
        beside, asked = Store(Path(place)), set(ids)
        parts, known, still = list[Contribution | SourceEntry](), set[str](), set[str]()
        for read in publish.reread(store, current, {}):
            if isinstance(read, LoadError):
                raise read
            document, data = read
            here = asked & _open(corrected(document, before))
            document = corrected(document, decisions)
            known |= here
            still |= asked & _open(document)
            found = publish.contribution(document, data)
            parts.append(found if here else publish.kept(beside, found))
        if unknown := [i for i in ids if i not in known]:
            raise BadDecision(
                f"there is no doubt {', '.join(unknown)}; `tiaokuai review` lists them"
            )
        if refused := [i for i in ids if i in still]:
            raise BadDecision(
                f"{', '.join(refused)}: “{value}” cannot stand there: a clause must be a run of "
                "its own cell, a number a value and a unit, a name one that the row does not have "
                "yet"
            )
        write_corrections(store.folder, decisions.values())
        for part in parts:
            if isinstance(part, SourceEntry):
                keep_from(store.folder, beside.folder, part)
    return publish.publish(store, parts)


def _open(document: Document) -> set[str]:
    return {doubt_id(document, doubt) for doubt in document.review}
