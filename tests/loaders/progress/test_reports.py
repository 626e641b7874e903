"""Reports of progress in many layouts are tied to the right targets, and nothing is invented."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from folders import TESTS

from graph.progress import ProgressEntry, ProgressReport
from loaders.formats.source import source_text
from loaders.notice import SHIPPED, read
from loaders.progress.plan import Plan
from loaders.progress.read import is_report, read_report

REPORTS = sorted((TESTS / "progress" / "reports").iterdir())
NAMES = [path.stem for path in REPORTS]
STATUS_RIGHT = 0.97
COMPUTED_RIGHT = 0.96


@cache
def plan() -> Plan:
    return Plan(read(SHIPPED))


@cache
def report(name: str) -> ProgressReport:
    path = next(p for p in REPORTS if p.stem == name)
    return read_report(source_text(path), [plan()])


def answers(name: str) -> dict[str, Any]:
    path = TESTS / "progress" / "answers" / f"{name}.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def entries_on(row: dict[str, Any], found: ProgressReport) -> list[ProgressEntry]:
    """The entries whose quote holds the row's, or lies in it."""
    quotes = [bare(q) for q in (row["quote"], *row["quote_alt"])]
    return [
        e
        for e in found.entries
        if any((own := bare(e.statement.quote.quote)) in q or q in own for q in quotes)
    ]


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_is_tied_to_its_target(name: str) -> None:
    found = report(name)
    for row in answers(name)["rows"] if found.kind == "progress" else []:
        tied = entries_on(row, found)
        assert tied, f"dropped: {row['quote']}"
        if row["targets"]:
            right = {*row["targets"], *row["targets_ok"]}
            assert right & {e.target for e in tied}, row["quote"]
        else:
            assert not any(e.target for e in tied), f"no target names it: {row['quote']}"


@pytest.mark.parametrize("name", NAMES)
def test_no_entry_is_spurious(name: str) -> None:
    found = report(name)
    quotes = [bare(q) for r in answers(name)["rows"] for q in (r["quote"], *r["quote_alt"])]
    for entry in found.tied:
        own = bare(entry.statement.quote.quote)
        assert any(own in q or q in own for q in quotes), own
        assert entry.target in plan().by_id


@pytest.mark.parametrize("name", NAMES)
def test_a_report_says_what_it_is(name: str) -> None:
    wanted, found = answers(name)["document"], report(name)
    assert found.kind == wanted["kind"]
    if wanted["as_of"] and wanted["kind"] != "not-a-report":
        assert found.head.as_of is not None
        assert found.head.as_of.isoformat() == wanted["as_of"]
    if wanted["kind"] == "progress":
        assert found.plan == wanted["plan"]
        silent = answers(name)["not_reported"]
        if silent is not None:
            assert found.not_reported is not None
            assert sorted(found.not_reported) == sorted(silent)


def test_statuses_written_and_computed() -> None:
    """Of all statements: the status as written, and the one that follows from plan and day."""
    written: list[bool] = []
    computed: list[bool] = []
    for name in NAMES:
        found = report(name)
        for row in answers(name)["rows"] if found.kind == "progress" else []:
            tied = entries_on(row, found)
            said = {e.statement.written.status if e.statement.written else "Unstated" for e in tied}
            written.append(bool(said & {row["status"], *row["status_ok"]}))
            if row["targets"]:
                follows = {e.computed.status for e in tied if e.computed}
                computed.append(
                    bool(follows & {row["computed"]["status"], *row["computed"]["status_ok"]})
                )
    assert sum(written) >= STATUS_RIGHT * len(written)
    assert sum(computed) >= COMPUTED_RIGHT * len(computed)


@pytest.mark.parametrize("name", NAMES)
def test_quotes_stand_in_the_text(name: str) -> None:
    found = report(name)
    for entry in found.entries:
        for span in (entry.statement.quote, entry.statement.problem, entry.statement.next):
            assert span is None or found.text[span.start : span.end] == span.quote


def test_a_notice_is_no_report() -> None:
    assert not is_report(source_text(SHIPPED))
    kept = [p for p in (TESTS / "documents").glob("*.txt") if not p.name.startswith("neg-")]
    assert kept
    assert not [p.name for p in kept if is_report(source_text(p))]
