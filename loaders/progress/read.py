"""Read a report of progress and tie what it states to the plans at hand: the way in of this room."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

from graph.progress import (
    Computed,
    ProgressEntry,
    ProgressReport,
    ReportedStatement,
    ReportHead,
    ReportKind,
    Status,
)
from graph.records import Indicator, Milestone, Project, Target
from graph.triples.indicators import is_range
from loaders.formats.source import SourceText
from loaders.progress.computed import computed_of
from loaders.progress.head import asks_for_reports, report_head
from loaders.progress.match import (
    Match,
    keyed_target,
    keys_are_addresses,
    match_of,
    numbers_are_the_plans,
)
from loaders.progress.plan import Plan, PlanTarget
from loaders.progress.projects import projects_of
from loaders.progress.reported_numbers import indicator_of
from loaders.progress.statements import (
    colour_name,
    has_progress_table,
    is_blank,
    left_blank,
    statements_of,
)
from loaders.progress.steps import quarter_of
from loaders.progress.units import normal
from loaders.progress.words import status_of
from ontology.names import squeeze

_PLACE_HEAD = re.compile(r"^((?:(?!街道|落实|政府|[镇乡])[\u4e00-\u9fff]){2,6}?(?:区|县|市))")
POSITIVE = ("Done", "DoneEarly", "OnTrack", "Ahead")
NEGATIVE = ("Behind", "Overdue")


_REPORTS = re.compile(
    r"进展|完成情况|推进情况|实施情况|落实.{0,24}情况|亮灯|月报|季报|填报表|情况表|情况的?通报|督查通报|目标情况"
)
MIN_STATEMENTS = 2
"""Minimum of statements with a status or a value in a report in prose."""


def is_report(source: SourceText) -> bool:
    """Return whether a document reports on promises rather than making them.

    Its tables have columns of what was done, or its title states so and its lines do.
    """
    if has_progress_table(source):
        return True
    if not _REPORTS.search(report_head(source.text).title):
        return False
    telling = [s for s in statements_of(source) if s.written or s.value is not None]
    return len(telling) >= MIN_STATEMENTS


def read_report(
    source: SourceText,
    plans: Sequence[Plan],
    *,
    as_of: date | None = None,
    by: str = "",
    to: str = "",
) -> ProgressReport:
    """Return what a report states, tied to the targets of the plan that it reports on.

    `as_of`, `by` and `to` (the number of the plan) take the place of what the report states.
    """
    head = report_head(source.text)
    head = replace(
        head, as_of=as_of or head.as_of, reporter=by or head.reporter, plan=to or head.plan
    )
    blank = is_blank(source) or (asks_for_reports(source.text) and not has_progress_table(source))
    found = [] if blank else statements_of(source, _legend(source))
    if not found:
        why = "an empty form" if blank else "nothing in it reports on a target"
        return _made(source, "not-a-report", head, "", (), None, why)
    plan, why = _plan_of(head, found, plans)
    if plan is None:
        entries = tuple(
            ProgressEntry(s, "", "", None, "", "", Decimal(0), None, s.doubts) for s in found
        )
        return _made(source, "progress-other-plan", head, "", entries, None, why)
    reporter = plan.body(head.reporter) if head.reporter else ""
    head = replace(head, reporter=reporter or head.reporter)
    numbered = numbers_are_the_plans(plan, found)
    addressed = keys_are_addresses(plan, found)
    entries = tuple(
        entry
        for one in found
        for entry in _entries(
            plan, one, reporter, head.as_of, numbered=numbered, addressed=addressed
        )
    )
    entries = _compared(entries)
    silent = _silent(plan, reporter, entries, left_blank(source), numbered=numbered)
    made = _made(source, "progress", head, plan.key, entries, silent, "")
    return replace(
        made, jurisdiction=plan.jurisdiction, plan_year=plan.year,
        knows_reporter=any(reporter in t.leads | t.helpers for t in plan.targets),
    )  # fmt: skip


def _made(
    source: SourceText, kind: ReportKind, head: ReportHead, plan: str,
    entries: tuple[ProgressEntry, ...], silent: tuple[str, ...] | None, why: str,
) -> ProgressReport:  # fmt: skip
    return ProgressReport(
        name=source.name, sha256=source.sha256, text_id=source.text_id, format=source.format,
        text=source.text, kind=kind, head=head, plan=plan, entries=entries,
        not_reported=silent, why=why,
    )  # fmt: skip


def _legend(source: SourceText) -> dict[str, Status]:
    """Return what the colours of a file mean, by its own legend; empty where it has none."""
    found: dict[str, Status] = {}
    for grid in source.grids:
        for row in grid.rows:
            for cell, after in pairwise(c for c in row if c):
                name = colour_name(cell.fill) if cell.end == cell.start else ""
                if name and (status := _meaning(source.text[after.start : after.end])):
                    found.setdefault(name, status)
    return found


def _meaning(words: str) -> Status | None:
    """Return what the words next to a colour state that it means, if they are those of a legend."""
    if re.search(r"滞后|逾期|未达|未完成|超期|欠进度|慢于", words):
        return "Behind"
    if re.search(r"临近|按计划|正常|序时|推进", words):
        return "OnTrack"
    return status_of(words)


def _plan_of(
    head: ReportHead, found: Sequence[ReportedStatement], plans: Sequence[Plan]
) -> tuple[Plan | None, str]:
    """Return the plan that a report is on, or None and why."""
    number = squeeze(head.plan)
    for plan in plans:
        if number and _same_number(plan.key, number):
            return plan, ""
        if any(plan.key in s.key for s in found if s.key):
            return plan, ""
    if number:
        return None, f"it reports on {number}, which is not in the graph"
    fitting = [
        p
        for p in plans
        if (p.year is None or head.year is None or p.year == head.year)
        and _of_district(head.title, p)
    ]
    if len(fitting) == 1:
        return fitting[0], ""
    return None, "no plan of this year and district is in the graph" if not fitting else (
        "several plans fit: " + ", ".join(p.key for p in fitting)
    )


def _same_number(one: str, other: str) -> bool:
    def bare(text: str) -> str:
        return re.sub(r"[〔\[(（【〕\])）】\s]", "", text)

    return bare(one) == bare(other) or bare(other).endswith(bare(one))


def _of_district(title: str, plan: Plan) -> bool:
    """Return whether a title names no district, or the plan's."""
    named = _PLACE_HEAD.match(re.sub(r"^关于|^20\d\d年", "", title))
    if not named or len(named[1]) < 3:
        return True
    return (
        named[1] in plan.jurisdiction
        or plan.jurisdiction in named[1]
        or title.startswith(plan.jurisdiction)
    )


def _entries(
    plan: Plan, one: ReportedStatement, reporter: str, as_of: date | None, *, numbered: bool,
    addressed: bool,
) -> list[ProgressEntry]:  # fmt: skip
    """Return the entries of a statement: one for each project that it names."""
    match = match_of(plan, one, reporter, numbered=numbered, addressed=addressed)
    if match.target is None:
        return [
            ProgressEntry(one, "", "", None, "", "", Decimal(0), None, (*one.doubts, *match.doubts))
        ]
    projects: list[Project | None] = list(projects_of(match.target, one)) or [None]
    return [_entry(match, one, project, reporter, as_of) for project in projects]


def _entry(
    match: Match, one: ReportedStatement, project: Project | None, reporter: str, as_of: date | None
) -> ProgressEntry:
    target = match.target
    assert target is not None
    indicator = indicator_of(target, one)
    quarter = quarter_of(target, project, indicator, one, as_of)
    computed = computed_of(target, project, indicator, quarter, one, as_of)
    doubts = [*one.doubts, *match.doubts]
    if indicator is not None and _is_part(target, one, indicator, reporter):
        computed = Computed("Unstated", "")
        doubts.append("part-of-whole")
    doubts += _disagreements(one, indicator, computed)
    return ProgressEntry(
        statement=one,
        target=target.id,
        project=project.name if project else "",
        quarter=quarter,
        indicator=indicator.what if indicator else "",
        matched_by=match.ground,
        confidence=match.confidence,
        computed=computed,
        doubts=tuple(dict.fromkeys(doubts)),
        indicator_position=_position(target.target, indicator) if indicator else 0,
        milestone=_milestone(target.target, quarter, project),
        accumulation=indicator.accumulation if indicator else None,
        is_growth=bool(indicator and indicator.growth),
    )


def _position(target: Target, indicator: Indicator) -> int:
    """Return the position of an indicator, from 1; the bounds of a range are one indicator."""
    found = next(n for n, one in enumerate(target.indicators) if one is indicator)
    upper = found > 0 and is_range(target.indicators[found - 1], indicator)
    return found if upper else found + 1


def _milestone(target: Target, quarter: int | None, project: Project | None) -> Milestone | None:
    """Return the milestone of a quarter: the project's own, else the target's."""
    due = [m for m in target.milestones if m.quarter == quarter]
    own = [m for m in due if project is not None and m.project == project.name]
    whole = [m for m in due if m.project is None]
    return next(iter(own or whole), None)


def _is_part(
    target: PlanTarget, one: ReportedStatement, indicator: Indicator, reporter: str
) -> bool:
    """Return whether a street reports its own share of a number that the district promised."""
    return (
        reporter.endswith(("街道", "镇")) and reporter not in target.leads and one.value is not None
    )


def _disagreements(
    one: ReportedStatement, indicator: Indicator | None, computed: Computed | None
) -> list[str]:
    found: list[str] = []
    written = one.written.status if one.written else "Unstated"
    if computed is not None:
        if written in POSITIVE and computed.status in NEGATIVE:
            found.append("said-vs-computed")
        if written == "Behind" and computed.status in ("OnTrack", "Ahead", "Done", "DoneEarly"):
            found.append("said-vs-computed")
    if (
        written in ("Done", "DoneEarly")
        and one.percent is not None
        and one.percent < 100
        and not one.percent_of_row
    ):
        found.append("done-vs-percent")
    if written == "Changed" and not re.search(r"批准|同意|常务会", squeeze(one.quote.quote)):
        found.append("change-without-approval")
    if one.promised and one.value is not None:
        number = re.search(r"(\d[\d,]*(?:\.\d+)?)\s*([^\d]*)$", one.promised)
        if number:
            stated = normal(Decimal(number[1].replace(",", "")), number[2])
            if (
                indicator is not None
                and indicator.when == "year"
                and stated[0] != normal(indicator.value, indicator.unit)[0]
            ):
                found.append("target-value-differs")
            actual = normal(one.value, one.unit)
            if (
                one.percent is not None
                and stated[0]
                and actual[1] == stated[1]
                and actual[1] != "%"
            ):
                share = 100 * actual[0] / stated[0]
                if abs(share - one.percent) > 1:
                    found.append("share-vs-values")
    return found


def _compared(entries: tuple[ProgressEntry, ...]) -> tuple[ProgressEntry, ...]:
    """Add a doubt where a report states of one thing that it runs and that it was not begun."""
    seen: dict[tuple[str, str], set[str]] = {}
    for entry in entries:
        if entry.target and entry.project:
            seen.setdefault((entry.target, entry.project), set()).add(_written(entry))
    runs = {"OnTrack", "Ahead"}
    return tuple(
        replace(entry, doubts=tuple(dict.fromkeys((*entry.doubts, "two-statuses"))))
        if "NotStarted" in (told := seen.get((entry.target, entry.project), set()))
        and told & runs
        and _written(entry) in {"NotStarted", *runs}
        else entry
        for entry in entries
    )


def _written(entry: ProgressEntry) -> str:
    return entry.statement.written.status if entry.statement.written else "Unstated"


MIN_LIST_SHARE = 0.5
"""A report that speaks of this share of a body's targets covers its whole list."""


def _silent(
    plan: Plan,
    reporter: str,
    entries: tuple[ProgressEntry, ...],
    blank: Sequence[tuple[str, str]],
    *,
    numbered: bool,
) -> tuple[str, ...] | None:
    """Return the targets that a report owes and is silent on; None where it covers no list.

    They are those that the reporter leads, and those whose rows it lists and leaves blank.
    """
    told = {e.target for e in entries if e.target}
    own = [t.id for t in plan.targets if reporter and reporter in t.leads]
    covers = bool(own) and len(told & set(own)) >= MIN_LIST_SHARE * len(own)
    owed = set(own) if covers else set()
    for number, key in blank:
        if keyed := keyed_target(plan, key):
            owed.add(keyed.id)
        elif numbered:
            owed |= {t.id for t in plan.of_number(number)}
    if not covers and not owed:
        return None
    return tuple(t.id for t in plan.targets if t.id in owed - told)
