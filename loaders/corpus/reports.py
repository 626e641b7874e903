"""Reports of progress in a store: the plans that they are matched with, and what they bring."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from graph.progress import ProgressReport
from graph.records import Document
from graph.store.manifest import SourceEntry
from graph.store.readings import Contribution, document
from graph.store.store import Store
from graph.triples.corrections import Correction, read_corrections
from graph.triples.report_triples import names_of_report, report_lines
from loaders.errors import LoadError, NotANotice
from loaders.formats.source import SourceText, source_of
from loaders.notice import read_text
from loaders.progress.head import report_head
from loaders.progress.plan import Plan
from loaders.progress.read import read_report

_YEAR_OF_NUMBER = re.compile(r"[〔\[(（【](20\d\d)[〕\])）】]")
_BRACKETS = re.compile(r"[〔\[(（【〕\])）】\s]")


@dataclass(frozen=True, slots=True)
class Given:
    """What a person gives in place of what a report states of itself; empty where nothing."""

    as_of: str = ""
    """ISO date."""
    reporter: str = ""
    plan: str = ""


def given_of(entry: SourceEntry) -> Given:
    """Return what a person gave when a report was published."""
    return Given(entry.as_of, entry.reporter, entry.plan_given)


class Plans:
    """The notices that reports may be matched with, each read once and when it is needed.

    Raises BrokenStore where a kept document is damaged.
    """

    def __init__(
        self, store: Store, entries: Iterable[SourceEntry | Contribution],
        decisions: Mapping[str, Correction] | None = None,
    ) -> None:  # fmt: skip
        self._store = store
        self._decisions = read_corrections(store.folder) if decisions is None else decisions
        self._parts = {
            part.entry if isinstance(part, Contribution) else part: part for part in entries
        }
        self._read: dict[SourceEntry, Document | None] = {}

    def fitting(self, number: str, year: int | None) -> tuple[Document, ...]:
        """Return the notices that a report may be on, by the number that it cites and its year."""
        notices = [e for e in self._parts if e.kind == "notice"]
        cited = [e for e in notices if number and _is_same(e.document, number)]
        found = cited or [e for e in notices if _may_be_of(e.document, year)]
        return tuple(d for d in map(self._document, found) if d is not None)

    def _document(self, entry: SourceEntry) -> Document | None:
        if entry not in self._read:
            part = self._parts[entry]
            data = part.data if isinstance(part, Contribution) else None
            try:
                self._read[entry] = read_text(
                    source_of(entry.name, data or document(self._store.folder, entry)),
                    self._decisions,
                )
            except LoadError:
                self._read[entry] = None
        return self._read[entry]


def _is_same(one: str, other: str) -> bool:
    bare, cited = (_BRACKETS.sub("", text) for text in (one, other))
    return cited.endswith(bare)


def _may_be_of(number: str, year: int | None) -> bool:
    found = _YEAR_OF_NUMBER.search(number)
    return year is None or found is None or int(found[1]) == year


def read_given(source: SourceText, plans: Sequence[Plan], given: Given) -> ProgressReport:
    """Return what a report states, read with what a person gave."""
    day = date.fromisoformat(given.as_of) if given.as_of else None
    return read_report(source, plans, as_of=day, by=given.reporter, to=given.plan)


def report_contribution(report: ProgressReport, data: bytes, given: Given) -> Contribution:
    """Return what a report of progress brings to the graph. Raises NotANotice for a blank form."""
    if report.kind == "not-a-report":
        raise NotANotice(report.name, report.why)
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


def retied(
    store: Store, current: Sequence[SourceEntry], fresh: Sequence[SourceEntry | Contribution],
    keep: Callable[[Contribution], SourceEntry],
) -> Iterator[SourceEntry]:  # fmt: skip
    """Yield the reports of a version, matched again, where the notices that it holds change.

    A report read before its notice, or matched with an earlier text of it, is tied to what the
    graph will hold. `keep` puts a reading into the store.
    """
    known = set(current)
    entries = [part.entry if isinstance(part, Contribution) else part for part in fresh]
    changed = [
        entry
        for entry, part in zip(entries, fresh, strict=True)
        if entry.kind == "notice" and (isinstance(part, Contribution) or entry not in known)
    ]
    given_now = {(e.jurisdiction, e.document) for e in entries} | {e.sha256 for e in entries}
    waiting = [
        e
        for e in current
        if e.kind == "report"
        and (e.jurisdiction, e.document) not in given_now
        and e.sha256 not in given_now
    ]
    if not changed or not waiting:
        return
    gone = {(e.jurisdiction, e.document) for e in entries}
    stay = [e for e in current if (e.jurisdiction, e.document) not in gone]
    plans = Plans(store, [*stay, *fresh])
    for entry in waiting:
        with suppress(LoadError):  # as it was read before
            yield from matched_again(store, [entry], plans, keep)


def matched_again(
    store: Store, reports: Iterable[SourceEntry], plans: Plans,
    keep: Callable[[Contribution], SourceEntry],
) -> Iterator[SourceEntry]:  # fmt: skip
    """Yield reports read again from the bytes that a store keeps. Raises LoadError."""
    for entry in reports:
        data, given = document(store.folder, entry), given_of(entry)
        source = source_of(entry.name, data)
        number, year = cited_by(source, given)
        fitting = [Plan(d) for d in plans.fitting(number, year)]
        yield keep(report_contribution(read_given(source, fitting, given), data, given))


def cited_by(source: SourceText, given: Given) -> tuple[str, int | None]:
    """Return the number of the notice that a report is on, as far as it says, and its year."""
    head = report_head(source.text)
    number = given.plan or head.plan
    year = _YEAR_OF_NUMBER.search(number)
    return number, int(year[1]) if year else head.year
