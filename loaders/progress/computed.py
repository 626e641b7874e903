"""The status that follows from the plan, the reported value or words, and the day.

Rules R1 to R6 are tried as R6, R1, R4, R3, R5, R2: a number with a plan for each quarter; bounds
and levels; growth; a step; only a number for the year; a change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from graph.progress import Computed, ComputedStatus, ReportedStatement
from graph.records import Indicator, Project
from loaders.progress.plan import PlanTarget, words_of
from loaders.progress.units import normal
from loaders.progress.words import NOTHING_BEGUN, is_done
from ontology.names import squeeze

REPORTING_DAY = 25
"""A month counts as closed from its 25th, the day by which reports are due."""
_OPEN = re.compile(r"推进|继续|配合|开展|进行|实施|落实|办理|跟踪|深化|加强|持续")
_DONE_WORD = re.compile(
    r"完成|竣工|开工|取得|批复|出让|验收|建成|启用|印发|发布|举办|签订|封顶|贯通|清退|公示|编制|招标"
)
_LATER = re.compile(
    r"(?:预计|推迟|延至|延后|争取|力争|计划|改至|调整到?)[^，,；;。]{0,14}?(?:明年|次年|(?:第?([一二三四1-4])季度)|(\d{1,2})月|下半年)"
)
_NEXT_YEAR = re.compile(r"(?:明年|次年)")
_APPROVED = re.compile(
    r"批准|同意|常务会议?|办公会议?.{0,6}(?:批|同意|通过)|审议通过|经.{2,12}(?:批|同意)"
)


def closed_months(as_of: date) -> int:
    """Return how many months of the year count as closed on a day.

    >>> closed_months(date(2019, 9, 25)), closed_months(date(2019, 9, 24))
    (9, 8)
    """
    return as_of.month if as_of.day >= REPORTING_DAY else as_of.month - 1


def computed_of(
    target: PlanTarget, project: Project | None, indicator: Indicator | None,
    quarter: int | None, one: ReportedStatement, as_of: date | None,
) -> Computed | None:  # fmt: skip
    """Return what follows for a statement on a day; None without a day."""
    if as_of is None:
        return None
    if one.written and one.written.status in ("Changed", "Cancelled", "Stopped"):
        return _changed(one, quarter, as_of)
    if indicator is not None:
        if _is_bound(indicator):
            return _bound(indicator, one, as_of)
        if indicator.growth and one.value is not None:
            status: ComputedStatus = "OnTrack" if one.value >= indicator.value else "Behind"
            return Computed(status, "R3", expected=indicator.value)
        if one.value is not None and not _is_preparatory(indicator):
            series = series_of(target.target.indicators, indicator)
            several = len(series) >= 2 or (series and _is_share_done(indicator))
            if several and (found := _by_quarters(indicator, series, one, as_of)):
                return found
            if indicator.when != "year":
                return _of_one_quarter(indicator, one, as_of)
            return _by_year(indicator, one, as_of)
    return _step(project, target, quarter, one, as_of, rule="R5")


_PREPARATORY = re.compile(r"手续|方案|前期|设计|可研|招标|招投标")


def _is_preparatory(indicator: Indicator) -> bool:
    """Return whether a number of a quarter sizes a step before the work: 66万平方米完成前期手续."""
    return indicator.when != "year" and bool(_PREPARATORY.search(indicator.what))


def _is_share_done(indicator: Indicator) -> bool:
    """Return whether a number of a quarter is the share of the whole that is to be done by then."""
    return indicator.unit == "%" and indicator.accumulation == "cumulative"


def _of_one_quarter(indicator: Indicator, one: ReportedStatement, as_of: date) -> Computed:
    """A number that only one quarter promises is a step: reached, or not, by its last day."""
    assert one.value is not None
    quarter = int(indicator.when[1])
    if normal(one.value, one.unit)[0] >= normal(indicator.value, indicator.unit)[0]:
        early = as_of < date(as_of.year, 3 * quarter - 2, 1)
        return Computed("DoneEarly" if early else "Done", "R5a")
    if as_of >= _last_day(as_of.year, quarter):
        return Computed("Overdue", "R5b", (as_of.month + 2) // 3 - quarter)
    return Computed("OnTrack", "R5c")


def series_of(indicators: Sequence[Indicator], one: Indicator) -> list[Indicator]:
    """Return the numbers of the quarters for the same measure, in the order of the quarters."""
    own = words_of(one.what)
    same = [
        i
        for i in indicators
        if i.when != "year" and not i.growth and i.unit != "%"
        and normal(Decimal(1), i.unit)[1] == normal(Decimal(1), one.unit)[1]
    ]  # fmt: skip
    total = sum((normal(i.value, i.unit)[0] for i in same), Decimal(0))
    if (
        one.when == "year"
        and len({i.when for i in same}) == len(same) > 1
        and total == normal(one.value, one.unit)[0]
    ):
        return sorted(same, key=lambda i: i.when)
    found = [
        i
        for i in indicators
        if i.when != "year"
        and not i.growth
        and normal(Decimal(1), i.unit)[1] in (normal(Decimal(1), one.unit)[1], "%")
        and (
            i.what == one.what
            or (
                words_of(i.what) & own
                and len(words_of(i.what) & own) >= 0.4 * min(len(own), len(words_of(i.what)))
            )
        )
    ]
    by_quarter: dict[str, Indicator] = {}
    for i in found:
        kept = by_quarter.get(i.when)
        if kept is None or len(words_of(i.what) & own) > len(words_of(kept.what) & own):
            by_quarter[i.when] = i
    if any(i.unit != "%" for i in by_quarter.values()):
        by_quarter = {q: i for q, i in by_quarter.items() if i.unit != "%" or one.unit == "%"}
    return [by_quarter[q] for q in sorted(by_quarter)]


def _is_bound(indicator: Indicator) -> bool:
    if indicator.op == "<=":
        return True
    level = indicator.unit == "%" and bool(re.search(r"率|比例|占比", indicator.what))
    return (
        (level or indicator.op == ">=")
        and indicator.accumulation in (None, "state")
        and not indicator.growth
        and (indicator.op in (">=", "<=") or level)
    )


def _bound(indicator: Indicator, one: ReportedStatement, as_of: date) -> Computed | None:
    if one.value is None:
        words = squeeze(one.quote.quote) + one.promised
        missed = bool(re.search(r"未达|超出|突破上限", words))
        return Computed("Behind" if missed else _held(as_of), "R4", expected=indicator.value)
    value, limit = normal(one.value, one.unit)[0], normal(indicator.value, indicator.unit)[0]
    kept = value <= limit if indicator.op == "<=" else value >= limit
    return Computed(_held(as_of) if kept else "Behind", "R4", expected=indicator.value)


def _held(as_of: date) -> ComputedStatus:
    return "Done" if (as_of.month, as_of.day) >= (12, 31) else "OnTrack"


def _by_quarters(
    indicator: Indicator, series: Sequence[Indicator], one: ReportedStatement, as_of: date
) -> Computed | None:
    assert one.value is not None
    quarters = {int(i.when[1]): normal(i.value, i.unit)[0] for i in series}
    actual = normal(one.value, one.unit)[0]
    whole = normal(indicator.value, indicator.unit)[0] if indicator.when == "year" else None
    shares = series[0].unit == "%" and indicator.unit != "%"
    if shares:  # the quarters are shares of the year's number
        if whole is None:
            return None
        quarters = {q: share * whole / 100 for q, share in quarters.items()}
    elif series[0].unit == "%" and 4 not in quarters and indicator.when != "year":
        quarters[4] = Decimal(100)
    sums = all(i.accumulation == "increment" for i in series)
    sums = sums or (whole is not None and not shares and sum(quarters.values()) == whole)
    plan: dict[int, Decimal] = {}
    total = Decimal(0)
    for q in range(1, 5):
        if q in quarters:
            total = total + quarters[q] if sums else quarters[q]
        plan[q] = total
    whole = whole if whole is not None else plan[4]
    closed = closed_months(as_of) // 3
    expected = _in_unit_of(indicator, plan[closed] if closed else Decimal(0))
    status: ComputedStatus
    if actual >= whole:
        reached = next((q for q in range(1, 5) if plan[q] >= whole), 4)
        early = as_of < date(as_of.year, 3 * reached - 2, 1)
        status = "DoneEarly" if early else "Done"
    elif closed == 0:
        status = "OnTrack" if actual > 0 else "NotDue"
    elif closed < 4 and actual >= plan[closed + 1] > plan[closed]:
        status = "Ahead"
    else:
        status = "OnTrack" if actual >= plan[closed] else "Behind"
    return Computed(status, "R1", expected=expected)


def _in_unit_of(indicator: Indicator, value: Decimal) -> Decimal:
    """Return a value in basic units in the unit of an indicator: 31000 is 3.1 万平方米."""
    return value / normal(Decimal(1), indicator.unit)[0]


def _by_year(indicator: Indicator, one: ReportedStatement, as_of: date) -> Computed:
    assert one.value is not None
    value, promised = normal(one.value, one.unit)[0], normal(indicator.value, indicator.unit)[0]
    share = value / promised if promised else Decimal(1)
    elapsed = Decimal(closed_months(as_of)) / 12
    expected = round(indicator.value * elapsed, 4)
    status: ComputedStatus = "OnTrack"
    if share >= 1:
        status = "DoneEarly" if as_of.month < 10 else "Done"
    elif share < elapsed:
        status = "Behind"
    elif share >= elapsed + Decimal("0.25"):
        status = "Ahead"
    return Computed(status, "R2", expected=expected)


def _changed(one: ReportedStatement, quarter: int | None, as_of: date) -> Computed:
    words = squeeze(one.quote.quote)
    if one.written and one.written.status == "Cancelled":
        return Computed("Unstated", "R6")
    if _APPROVED.search(words):
        return Computed("OnTrack", "R6")
    if quarter and 3 * quarter > as_of.month:
        return Computed("NotDue", "R6")
    return Computed("OnTrack" if not quarter else "Overdue", "R6")


def _step(
    project: Project | None, target: PlanTarget, quarter: int | None, one: ReportedStatement,
    as_of: date, *, rule: str,
) -> Computed:  # fmt: skip
    words = squeeze(one.quote.quote)
    step = _planned(project, target, quarter)
    now = (as_of.month + 2) // 3
    begun = _is_begun(words)
    if step and _OPEN.match(step) and not _DONE_WORD.search(step) and begun:
        return Computed("OnTrack", f"{rule}d")
    stated_done = one.written is not None and one.written.status in ("Done", "DoneEarly")
    unfinished = NOTHING_BEGUN.search(words) or re.search(r"中$|正在|预计", words)
    if (is_done(words) and not _PARTLY.search(words)) or (stated_done and not unfinished):
        done = _done_day(words, as_of)
        early = quarter is not None and done < date(as_of.year, 3 * quarter - 2, 1)
        late = max(0, (done.month + 2) // 3 - quarter) if quarter else None
        return Computed("DoneEarly" if early else "Done", f"{rule}a", late or None)
    due = quarter is not None and as_of >= _last_day(as_of.year, quarter)
    if due:
        return Computed("Overdue", f"{rule}b", max(0, now - (quarter or now)))
    later = _later(words + (squeeze(one.problem.quote) if one.problem else ""), as_of)
    if quarter and later and later > quarter:
        return Computed("Behind", f"{rule}c", later - quarter)
    if not begun:
        return Computed("NotDue", f"{rule}c")
    if quarter is None and project is None and not step:
        return Computed("OnTrack", f"{rule}d")
    return Computed("OnTrack", f"{rule}c" if step and _DONE_WORD.search(step) else f"{rule}d")


_PARTLY = re.compile(r"基本完成|部分完成|(?<!\d)\d{1,2}(?:\.\d+)?[%％]")
"""Words of a step that is not whole: 基本完成, 绿化种植完成85%."""
_CLAUSE_END = re.compile(r"[，,；;。：:]")
_MOVES = re.compile(r"完成[约近]?\d|形成|正在|推进|开展|进行|施工|办理|编制|已")


def _is_begun(words: str) -> bool:
    """Return whether some clause reports work, whatever another one has not begun.

    >>> _is_begun("南侧结构施工完成80%，北侧尚未进场"), _is_begun("尚未启动招标")
    (True, False)
    """
    if not NOTHING_BEGUN.search(words):
        return True
    clauses = [c for c in _CLAUSE_END.split(words) if not NOTHING_BEGUN.search(c)]
    return any(_MOVES.search(c) or is_done(c) for c in clauses)


def _planned(project: Project | None, target: PlanTarget, quarter: int | None) -> str:
    if quarter is None:
        return ""
    clause = project.clauses[quarter - 1] if project else None
    if clause:
        return squeeze(clause.quote)
    cell = target.target.row.quarters[quarter - 1]
    return cell.text if cell else ""


def _last_day(year: int, quarter: int) -> date:
    return date(year, 3 * quarter, 31 if quarter in (1, 4) else 30)


def _done_day(words: str, as_of: date) -> date:
    found = re.search(r"(\d{1,2})月(?:(\d{1,2})日|底)?", words)
    if found and 1 <= int(found[1]) <= 12:
        day = int(found[2]) if found[2] else 28
        try:
            return min(date(as_of.year, int(found[1]), day), as_of)
        except ValueError:
            return as_of
    return as_of


def _later(words: str, as_of: date) -> int | None:
    found = _LATER.search(words)
    if not found:
        return None
    if _NEXT_YEAR.search(found[0]):
        return 4 + 1
    if found[1]:
        return "一二三四1234".index(found[1]) % 4 + 1
    if found[2]:
        return (int(found[2]) + 2) // 3
    return 4
