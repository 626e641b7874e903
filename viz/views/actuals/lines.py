"""The views `slips` and `bullets`: how far steps moved, how far promised numbers have come."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.records import Target
from queries.model.reported import Entry, Progress, Promise, Slip, progress, slips
from viz.drawing import figures
from viz.drawing.actuals.bars import BarLine, Bars, draw
from viz.drawing.paper import SCREEN, Paper
from viz.views.actuals.common import (
    cell_of,
    nothing_reported,
    quarter_words,
    strands_of,
    years_of,
)
from viz.views.selection import (
    Drawn,
    PictureCell,
    Say,
    chosen,
    domains,
    source,
    speaker,
    target_keys,
    titled,
)

MAX_ROWS = 120
"""More rows than this are cut; the caption names the cut."""


def slip_view(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw the steps that moved: from the quarter planned to the one in which they were done."""
    say, a, told = speaker(language), atlas(snapshot), progress(snapshot)
    title = titled(snapshot, say, "节点的提前与拖延", "Steps that moved")
    heads = (
        say("情形", "kind"), say("号", "number"), say("目标", "target"), say("项目", "project"),
        say("计划季度", "planned"), say("完成季度", "done in"), say("相差季度", "quarters apart"),
    )  # fmt: skip
    if not told.entries:
        return nothing_reported(snapshot, say, title, heads, paper)
    found = chosen(a, params)
    keys = target_keys(found)
    every = slips(told, years_of(snapshot, found))
    moved = [s for s in every if s.quarters or s.is_open_late]
    moved.sort(key=lambda s: -s.quarters)
    cells: dict[str, PictureCell] = {}
    groups: dict[str, list[BarLine]] = {}
    table = []
    for slip in moved:
        t = a.targets[slip.target]
        key = f"{keys[t.iri]}~Q{slip.planned}{'~' + slip.project if slip.project else ''}"
        label = slip.project or t.title
        end = slip.planned + slip.quarters
        kind = _kind(slip, say)
        note = _note(slip, say)
        table.append(
            (kind, t.id, t.title, slip.project, quarter_words(slip.planned, say),
             _quarter(end, say) if slip.done else say("未完成", "open"), f"{slip.quarters:+d}")
        )  # fmt: skip
        entries = [e for e in told.of_step(t.iri, slip.planned) if e.project == slip.project]
        planned = [
            s.evidence for s in t.steps if s.quarter == slip.planned and s.project == slip.project
        ]
        cells[key] = cell_of(
            [(t, [*planned, *(e.evidence for e in entries)])],
            f"{t.id} {label} · {quarter_words(slip.planned, say)}: {note}",
        )
        if sum(map(len, groups.values())) < MAX_ROWS:
            colour = figures.ink(t.domain, domains(snapshot))
            groups.setdefault(kind, []).append(
                BarLine(key, t.id, label, note, colour, slip.planned, end, is_open=not slip.done)
            )
    on_time = sum(bool(s.done) and not s.quarters for s in every)
    late = sum(bool(s.done) and s.quarters > 0 for s in every)
    early = sum(bool(s.done) and s.quarters < 0 for s in every)
    still = sum(s.is_open_late for s in every)
    caption = say(
        f"{len(every)}个报过的节点：按季完成{on_time}个，提前{early}个，拖后完成{late}个，到期仍未完成{still}个；"
        f"没有报告的不在其中。只画变动的，截至{told.days[-1]}。",
        f"{len(every)} steps were reported on: {on_time} done in their quarter, {early} early, {late} late, {still} "
        f"due and still open; those without a report are left out. Drawn are those that moved, until {told.days[-1]}.",
    ) + _cut(len(moved), say)  # fmt: skip
    ticks = [(float(q), quarter_words(q, say)) for q in (1, 2, 3, 4)]
    if any(s.planned + s.quarters > 4 for s in moved):
        ticks.append((5.0, say("次年", "next year")))
    bars = Bars(
        title, caption, source(snapshot, say), "slips", tuple(ticks),
        tuple((k, tuple(v)) for k, v in groups.items()),
        (say("计划", "planned"), say("报为完成", "reported done"), say("到最近一次报告仍未报为完成", "not reported done by the newest report")),
    )  # fmt: skip
    mine = [e for t in found for e in told.on(t.iri)]
    return Drawn(
        title, caption, draw(bars, paper), heads, tuple(table),
        strands=strands_of(snapshot, mine), cells=cells,
    )  # fmt: skip


def _kind(slip: Slip, say: Say) -> str:
    if not slip.done:
        return say("到期仍未完成", "due and still open")
    return say("拖后完成", "done late") if slip.quarters > 0 else say("提前完成", "done early")


def _quarter(number: int, say: Say) -> str:
    if number > 4:
        return say(
            f"次年{quarter_words((number - 1) % 4 + 1, say)}", f"Q{(number - 1) % 4 + 1} next year"
        )
    return quarter_words(max(number, 1), say)


def _note(slip: Slip, say: Say) -> str:
    if not slip.done:
        late = (
            say(f"，已过{slip.quarters}季", f", {slip.quarters} quarters past")
            if slip.quarters
            else ""
        )
        return say(f"未完成{late}", f"open{late}")
    if slip.quarters > 0:
        return say(f"晚{slip.quarters}季", f"{slip.quarters} quarters late")
    return say(f"早{-slip.quarters}季", f"{-slip.quarters} quarters early")


def _cut(count: int, say: Say) -> str:
    if count <= MAX_ROWS:
        return ""
    return say(
        f"共{count}行，只画前{MAX_ROWS}行。", f" {count} rows; the first {MAX_ROWS} are drawn."
    )


def bullets(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw promised numbers: the newest actual, what was planned by then, the year's number."""
    say, a, told = speaker(language), atlas(snapshot), progress(snapshot)
    title = titled(snapshot, say, "数量指标完成了多少", "How far the promised numbers have come")
    heads = (
        say("领域", "domain"), say("号", "number"), say("指标", "measure"), say("全年", "the year's"), say("实际", "actual"),
        say("此时应有", "planned by then"), say("占全年", "share"), say("截至", "as of"),
        say("填报单位", "reporter"),
    )  # fmt: skip
    if not told.entries:
        return nothing_reported(snapshot, say, title, heads, paper)
    found = chosen(a, params)
    keys = target_keys(found)
    cells: dict[str, PictureCell] = {}
    groups: dict[str, list[BarLine]] = {}
    table = []
    drawn = unlike = 0
    for t in found:
        for promise, entry in _newest(told, t):
            share = share_of(entry.value, entry.unit, promise)
            by_now = share_of(entry.expected, promise.unit, promise) if entry.expected else None
            key = f"{keys[t.iri]}~{promise.iri.rpartition('/')[2]}"
            label = promise.measure or t.title
            words = f"{entry.value}{entry.unit} / {promise.as_written}".replace("㎡", "m²")
            cells[key] = cell_of(
                [(t, [promise.evidence, entry.evidence])], f"{t.id} {label}: {words}"
            )
            percent = f"{share:.0%}" if share is not None else ""
            planned = f"{entry.expected}{promise.unit}" if entry.expected else ""
            table.append(
                (t.domain, t.id, label, promise.as_written, f"{entry.value}{entry.unit}", planned, percent,
                 entry.as_of, entry.reporter)
            )  # fmt: skip
            if share is None:
                unlike += 1
            elif drawn < MAX_ROWS:
                drawn += 1
                colour = figures.ink(t.domain, domains(snapshot))
                groups.setdefault(t.domain or say("未分领域", "no domain"), []).append(
                    BarLine(key, t.id, label, words, colour, 0, float(share),
                            -1 if by_now is None else float(by_now))
                )  # fmt: skip
    reached = sum(
        row[6].rstrip("%").isdecimal() and int(row[6].rstrip("%")) >= 100 for row in table
    )
    caption = say(
        f"{len(table)}个有实际值的指标，{reached}个达到全年的数。条是最近一次报的实际值占全年的比例（超过1.2倍的截到那里），竖线是按计划此时应有的；"
        "“不超过”“增长”之类照此比例画，判断见状态。" + (f"另有{unlike}个单位不同，只列在表里。" if unlike else ""),
        f"{len(table)} numbers have an actual, {reached} have reached the year's. A bar is the newest actual as a share of "
        "the year's number (cut at 1.2), the upright line what was planned by then."
        + (f" {unlike} more are in another unit and only in the table." if unlike else ""),
    ) + _cut(drawn, say)  # fmt: skip
    bars = Bars(
        title, caption, source(snapshot, say), "bullets",
        ((0.0, "0"), (0.5, "50%"), (1.0, "100%"), (1.2, "")),
        tuple((k, tuple(v)) for k, v in groups.items()),
        (say("实际", "actual"), say("此时应有", "planned by then"), say("全年", "the year's number")),
    )  # fmt: skip
    mine = [e for t in found for e in told.on(t.iri)]
    return Drawn(
        title, caption, draw(bars, paper), heads, tuple(table),
        strands=strands_of(snapshot, mine), cells=cells,
    )  # fmt: skip


def _newest(told: Progress, target: Target) -> list[tuple[Promise, Entry]]:
    """Return the year's numbers of a target that have an actual, each with the newest.

    An actual of a quarter's number counts for the year's number of the same measure; where there is
    none, that of the last quarter is the year's.
    """
    found: dict[str, tuple[Promise, Entry]] = {}
    for entry in told.on(target.iri):
        promise = told.promises.get(entry.indicator)
        if promise is None or not entry.value:
            continue
        alike = [
            p for p in told.promises.values()
            if (p.target, p.measure, p.comparator, p.unit)
            == (target.iri, promise.measure, promise.comparator, promise.unit)
        ]  # fmt: skip
        whole = max(alike, key=lambda p: p.quarter or 5)
        before = found.get(whole.iri)
        if before is None or entry.as_of >= before[1].as_of:
            found[whole.iri] = (whole, entry)
    return list(found.values())


_SCALES = {"亿": Decimal(100_000_000), "万": Decimal(10_000), "千": Decimal(1000)}
_SAME_UNITS = {"㎡": "平方米", "平米": "平方米", "m²": "平方米", "km": "公里", "％": "%"}


def share_of(value: str, unit: str, promise: Promise) -> Decimal | None:
    """Return a value as a share of a promised number; None where the units do not compare.

    >>> share_of("1.55", "亿元", Promise("", "", "", "31000", "万元", "", 0, "", None))
    Decimal('0.5')
    """
    one, other = _normal(value, unit), _normal(promise.value, promise.unit)
    if one is None or other is None or (one[1] != other[1] and one[1] and other[1]):
        return None
    try:
        return (one[0] / other[0]).normalize()
    except (DivisionByZero, InvalidOperation):
        return None


def _normal(value: str, unit: str) -> tuple[Decimal, str] | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    for word, factor in _SCALES.items():
        if unit.startswith(word) and len(unit) > 1:
            number, unit = number * factor, unit[1:]
    if unit == "公顷":
        number, unit = number * 10_000, "平方米"
    if unit in ("公里", "千米"):
        number, unit = number * 1000, "米"
    return number, _SAME_UNITS.get(unit, unit)
