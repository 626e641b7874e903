"""A year played through: the questions agree with what was reported, as of any day."""

from __future__ import annotations

from datetime import date

import pytest
from progress_year import STATUSES, Year, year_of

from graph.records import Document
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from graph.triples.document import names_of
from loaders.corpus import publish
from loaders.corpus.reports import Given, read_given, report_contribution
from loaders.formats.source import source_of
from loaders.notice import SHIPPED
from loaders.progress.plan import Plan
from ontology.names import address_of
from queries.catalogue import ask
from queries.formats import plain

DAYS = (
    date(2019, 1, 31),
    date(2019, 3, 24),
    date(2019, 6, 25),
    date(2019, 10, 7),
    date(2019, 12, 31),
)
WRITTEN = {
    "OnTrack": "序时推进", "Behind": "欠进度", "Done": "完成", "Ahead": "超进度", "NotStarted": "未启动",
    "Stopped": "暂缓",
}  # fmt: skip
"""Concepts of the scheme, and their labels."""


@pytest.fixture(scope="module")
def year(notice: Document) -> Year:
    return year_of(notice, address_of(names_of(notice).notice))


@pytest.fixture(scope="module")
def played(notice: Document, year: Year, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    store, plans = Store(tmp_path_factory.mktemp("year")), [Plan(notice)]
    parts = [publish.contribution(notice, SHIPPED.read_bytes())]
    for day, page in year.pages.items():
        report = read_given(source_of(f"{day}.html", page), plans, Given())
        parts.append(report_contribution(report, page, Given()))
    publish.publish(store, parts)
    return store.memory()


def answered(snapshot: Snapshot, name: str, *columns: str, **params: str) -> list[tuple[str, ...]]:
    answer = ask(snapshot, name, params)
    at = [answer.columns.index(c) for c in columns]
    return [tuple("" if row[i] is None else plain(row[i]) for i in at) for row in answer.rows]


def label(words: str) -> str:
    return WRITTEN[STATUSES[words]]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_each_target_stands_as_its_newest_report_says(
    played: Snapshot, year: Year, day: date
) -> None:
    found = answered(played, "progress-by-target", "notation", "status", "day", asOf=str(day))
    wanted = [(t.target, label(t.words), str(t.day)) for t in year.newest(day).values()]
    assert sorted(found) == sorted(wanted)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_who_owes_a_report_is_who_was_silent(
    played: Snapshot, notice: Document, year: Year, day: date
) -> None:
    found = answered(played, "not-reported", "notation", "lastReport", asOf=str(day))
    newest = year.newest(day)
    owing = year.owing(day, [t.id for t in notice.targets])
    assert set(found) == {(t, str(newest[t].day) if t in newest else "") for t in owing}


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_what_is_written_as_behind_is_listed(played: Snapshot, year: Year, day: date) -> None:
    found = answered(played, "behind-schedule", "notation", "status", asOf=str(day))
    behind = {t.target for t in year.newest(day).values() if STATUSES[t.words] == "Behind"}
    assert {target for target, status in found if status == "欠进度"} == behind


def test_problems_and_stops_are_all_there(played: Snapshot, year: Year) -> None:
    problems = answered(played, "problems-by-body", "notation", "day", "problem")
    assert sorted(problems) == sorted(
        (t.target, str(t.day), t.problem) for t in year.told if t.problem
    )
    stopped = answered(played, "changed-plans", "notation", "day")
    assert sorted(stopped) == sorted(
        (t.target, str(t.day)) for t in year.told if STATUSES[t.words] == "Stopped"
    )


@pytest.mark.parametrize("target", ["1", "14a", "15", "59"])
def test_the_history_of_a_target_is_what_was_told(
    played: Snapshot, year: Year, target: str
) -> None:
    found = answered(played, "history-of-target", "day", "status", notation=target)
    assert found == [(str(t.day), label(t.words)) for t in year.told if t.target == target]
