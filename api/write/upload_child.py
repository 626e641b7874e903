"""A process that reads one document that was handed in, or publishes it, and ends."""

from __future__ import annotations

import json
import pickle
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.errors import EngineTrouble, StoreError
from graph.exports.document_json import document_json
from graph.exports.report_json import report_json
from graph.open import open_store
from graph.progress import ProgressReport
from graph.records import Document
from graph.store.store import Store
from graph.triples.corrections import Correction, read_corrections, write_corrections
from graph.triples.document import names_of
from graph.triples.report_triples import names_of_report
from loaders.corpus.filing import file_reports, matched
from loaders.corpus.reports import Given
from loaders.corrections import named_unit
from loaders.errors import LoadError, NotAnEdition, NotANotice
from loaders.formats.source import SourceText, source_of
from loaders.notice import read_text
from loaders.progress.read import is_report
from loaders.sandbox import limits
from ontology.names import address_of, base

if TYPE_CHECKING:
    from loaders.corpus.editions import Edition

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
    replace: bool = False
    """True where it may take the place of another document that bears its number."""
    holding: str = ""
    """The version that the server serves: the document goes only to the store that holds it."""


@dataclass(frozen=True, slots=True)
class Reporting:
    """A report of progress to read and, unless it is only shown, to publish."""

    location: str
    name: str
    data: bytes
    as_of: str
    reporter: str
    plan: str
    dry_run: bool
    holding: str = ""
    """The version that the server serves: the report goes only to the store that holds it."""


def main() -> None:
    """Do the order that comes on standard input; write the outcome to standard output."""
    limits.limit_cpu(SECONDS)
    order = pickle.load(sys.stdin.buffer)
    limits.limit_memory(MEMORY if isinstance(order, Reading) else PUBLISHING)
    try:
        if isinstance(order, Reporting):
            said = _reported(order)
        else:
            said = _published(order) if isinstance(order, Publishing) else _read(order)
    except NotAnEdition as error:
        said = {"is": "other-document", "zh": error.zh, "why": str(error)}
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
    from loaders.corpus.editions import describe_counts, edition_of
    from loaders.corpus.publish import contribution
    from viz.pages import upload

    decisions = read_corrections(Path(order.folder))
    source, store = source_of(order.name, order.data), Store(Path(order.folder))
    if is_report(source):
        report = _matched(source, store, Given())
        shown = upload.report_reading(
            report, action=order.action, language=order.language, version=order.version
        )
        return {"is": "read", "page": shown.decode(), "json": report_json(report)}
    document = read_text(source, decisions)
    edition = edition_of(store.folder, store.current(), contribution(document, order.data))
    page = upload.reading(
        document,
        action=order.action,
        language=order.language,
        version=order.version,
        replaces=describe_counts(edition) if edition else ("", ""),
        objections=edition.objections if edition else (),
    )
    said = {**document_json(document), "replaces": _described(edition)}
    return {"is": "read", "page": page.decode(), "json": said}


def _reported(order: Reporting) -> dict[str, Any]:
    store = open_store(order.location)
    store.holding = order.holding
    given = Given(order.as_of, order.reporter, order.plan)
    report = _matched(source_of(order.name, order.data), store, given)
    said = {"is": "ok", "json": report_json(report), "version": "", "replaces": []}
    if not order.dry_run:
        version, replaced = file_reports(store, [(report, order.data)], given)
        said |= {"version": version.id, "replaces": [e.name for e in replaced]}
    return said


def _matched(source: SourceText, store: Store, given: Given) -> ProgressReport:
    """Return a report tied to the notices of a store. Raises NotANotice for a blank form."""
    report = matched(source, store, given)
    if report.kind == "not-a-report":
        raise NotANotice(source.name, report.why)
    return report


def _described(edition: Edition | None) -> dict[str, Any] | None:
    """The replacement of a document as JSON: counts of targets, and objections."""
    if edition is None:
        return None
    counts = {"come": edition.come, "gone": edition.gone, "changed": edition.changed}
    return {
        "document": edition.before.document,
        "name": edition.before.name,
        "targets": {verb: len(numbers) for verb, numbers in counts.items()},
        "objections": [en for _, en in edition.objections],
    }


def _published(order: Publishing) -> dict[str, Any]:
    from loaders.corpus import publish as corpus
    from loaders.corpus.editions import edition_of

    store = open_store(order.location)
    store.holding = order.holding
    kept = read_corrections(store.folder)
    source = source_of(order.name, order.data)
    if is_report(source):
        report = _matched(source, store, Given())
        version, replaced = file_reports(store, [(report, order.data)], Given())
        where = address_of(names_of_report(report).notice).removeprefix(base())
        return {
            "is": "ok", "version": version.id, "notice": f"/{where}", "decisions": 0,
            "replaces": {"name": replaced[0].name} if replaced else None,
        }  # fmt: skip
    fresh = _decided(read_text(source, kept), order)
    document = read_text(source, {**kept, **fresh})
    part = corpus.contribution(document, order.data)
    edition = edition_of(store.folder, store.current(), part)
    if edition and edition.objections and not order.replace:
        raise edition.refusal()
    if fresh:
        write_corrections(store.folder, {**kept, **fresh}.values())
    made = corpus.publish(store, [part])
    where = address_of(names_of(document).notice).removeprefix(base())
    return {
        "is": "ok", "version": made.id, "notice": f"/{where}", "decisions": len(fresh),
        "replaces": _described(edition),
    }  # fmt: skip


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
