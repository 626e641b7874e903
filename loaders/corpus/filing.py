"""Reports of progress on their way into a store: read beside its notices, and published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from graph.progress import ProgressReport
from graph.store.manifest import SourceEntry, Version
from graph.store.readings import keep_packed
from graph.store.store import Store
from loaders.corpus import publish
from loaders.corpus.pool import Crew, Limits, Matching
from loaders.corpus.reports import Given, Plans, cited_by, read_given, report_contribution
from loaders.errors import IsAReport, LoadError
from loaders.formats.source import SourceText, file_bytes
from loaders.notice import SHIPPED
from loaders.notice import read as read_notice
from loaders.progress.plan import Plan


def read_report_files(
    store: Store, found: Mapping[Path, IsAReport], plans: Plans
) -> Iterator[tuple[Path, SourceEntry | LoadError]]:
    """Yield the entry of each file that is a report, read in a child process, or why it is none.

    A reading is kept in the store's folder.
    """
    crew = Crew(Limits())
    try:
        for path, known in found.items():
            matching = Matching(plans.fitting(known.plan, known.year), Given())
            read = crew.read_report(path.name, file_bytes(path), matching)
            if isinstance(read, LoadError):
                yield path, read
                continue
            keep_packed(store.folder, read.entry, read.data, read.text, read.lines)
            yield path, read.entry
    finally:
        crew.dismiss()


def plans_beside(store: Store, current: Version | None, fresh: Iterable[SourceEntry] = ()) -> Plans:
    """Return the notices of a store as they will be once some entries are published."""
    new = list(fresh)
    replaced = {(e.jurisdiction, e.document) for e in new}
    held = current.sources if current else ()
    return Plans(store, [*(e for e in held if (e.jurisdiction, e.document) not in replaced), *new])


def matched(source: SourceText, store: Store, given: Given) -> ProgressReport:
    """Return what a report states, tied to the notices of a store.

    An empty store has the shipped notice for its plan.
    """
    current = store.current()
    if current is None:
        return read_given(source, [Plan(read_notice(SHIPPED))], given)
    number, year = cited_by(source, given)
    fitting = plans_beside(store, current).fitting(number, year)
    return read_given(source, [Plan(document) for document in fitting], given)


def file_reports(
    store: Store, reports: Sequence[tuple[ProgressReport, bytes]], given: Given
) -> tuple[Version, list[SourceEntry]]:
    """Publish reports; return the version, and the earlier issues that they take the place of.

    An empty store gets the shipped notice with them, as `build` fills it.
    """
    current = store.current()
    parts = [report_contribution(report, data, given) for report, data in reports]
    before = {(e.jurisdiction, e.document): e for e in (current.sources if current else ())}
    replaced = [
        earlier
        for part in parts
        if (earlier := before.get((part.entry.jurisdiction, part.entry.document)))
        and earlier.text_id != part.entry.text_id
    ]
    if current is None:
        parts.insert(0, publish.contribution(read_notice(SHIPPED), SHIPPED.read_bytes()))
    return publish.publish(store, parts), replaced
