"""Reports of progress in a store: the plans that they are matched with, and what they bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from graph.progress import ProgressReport
from graph.store.manifest import SourceEntry, Version
from graph.store.readings import Contribution
from graph.store.store import Store
from graph.triples.corrections import read_corrections
from graph.triples.report_triples import names_of_report, report_lines
from loaders.corpus.publish import reread
from loaders.errors import LoadError
from loaders.formats.source import SourceText
from loaders.progress.plan import Plan
from loaders.progress.read import read_report


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gives in place of what a report states of itself; empty where nothing."""

    as_of: str = ""
    """ISO date."""
    reporter: str = ""
    plan: str = ""


def plans_of(store: Store, version: Version) -> list[Plan]:
    """Return what reports of progress may report on: the documents of a version that hold targets.

    Raises BrokenStore where a kept document is damaged.
    """
    found = []
    for read in reread(store, version, read_corrections(store.folder)):
        if not isinstance(read, LoadError) and read[0].targets:
            found.append(Plan(read[0]))
    return found


def read_given(source: SourceText, plans: Sequence[Plan], given: Given) -> ProgressReport:
    """Return what a report states, read with what a person gave."""
    day = date.fromisoformat(given.as_of) if given.as_of else None
    return read_report(source, plans, as_of=day, by=given.reporter, to=given.plan)


def report_contribution(report: ProgressReport, data: bytes, given: Given) -> Contribution:
    """Return what a report of progress brings to the graph."""
    names = names_of_report(report)
    entry = SourceEntry(
        document=names.document,
        jurisdiction=names.jurisdiction,
        name=report.name,
        sha256=report.sha256,
        text_id=report.text_id,
        format=report.format,
        graphs=(names.asserted, names.inferred),
        layout="report",
        doubts=sum(len(e.doubts) for e in report.entries),
        kind="report",
        plan=report.plan,
        as_of=given.as_of,
        reporter=given.reporter,
        plan_given=given.plan,
    )
    return Contribution(entry, data, report.text, report_lines(report))
