"""A store of the shipped notice with made reports of progress on it."""

from __future__ import annotations

from pathlib import Path

from folders import TESTS

from graph.records import Document
from graph.store.store import Store
from loaders.corpus import publish
from loaders.corpus.reports import Given, read_given, report_contribution
from loaders.formats.source import source_text
from loaders.notice import SHIPPED
from loaders.progress.plan import Plan

REPORTS = TESTS / "progress" / "reports"


def reported_store(folder: Path, notice: Document) -> Store:
    """Publish the notice and the made reports; the flat text repeats the first one."""
    made, plans = Store(folder), [Plan(notice)]
    parts = [publish.contribution(notice, SHIPPED.read_bytes())]
    for path in sorted(REPORTS.iterdir()):
        report = read_given(source_text(path), plans, Given())
        if report.kind != "not-a-report" and "_flat" not in path.name:
            parts.append(report_contribution(report, path.read_bytes(), Given()))
    publish.publish(made, parts)
    return made
