"""The view `burn-up`: for each domain the steps planned and the steps done, added up by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.records import Evidence, Target
from queries.model.reported import Progress, is_step_done, progress
from viz.drawing import figures
from viz.drawing.actuals.curves import Curve, Curves, draw
from viz.drawing.paper import SCREEN, Paper
from viz.views.actuals.common import (
    cell_of,
    nothing_reported,
    quarter_words,
    strands_of,
    years_of,
)
from viz.views.selection import Drawn, PictureCell, chosen, domains, source, speaker, titled

QUARTERS = (1, 2, 3, 4)


def burn_up(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw a chart for each domain: steps that should be done by then, and those that are."""
    say, a, told = speaker(language), atlas(snapshot), progress(snapshot)
    title = titled(snapshot, say, "节点完成曲线", "Steps planned and done")
    names = tuple(quarter_words(q, say) for q in QUARTERS)
    planned_words, done_words = say("应完成", "planned"), say("报为完成", "reported done")
    heads = (say("领域", "domain"), say("截至月末", "end of month"), planned_words, done_words)
    if not told.entries:
        return nothing_reported(snapshot, say, title, heads, paper)
    found = chosen(a, params)
    years = years_of(snapshot, found)
    panels, table = [], []
    cells: dict[str, PictureCell] = {}
    for domain in a.domains:
        targets = [t for t in found if t.domain == domain]
        if not targets:
            continue
        steps = [(t, q) for t in targets for q in QUARTERS if t.is_due(q)]
        planned = tuple(sum(q * 3 <= m for _, q in steps) for m in range(13))
        days = [done_on(told, t, q) for t, q in steps]
        done = _by_month(days, max(years.values(), default=0), told.days[-1])
        panels.append(Curve(domain, domain, figures.ink(domain, domains(snapshot)), planned, done))
        for month in range(1, 13):
            so_far = str(done[month]) if month < len(done) else ""
            table.append((domain, str(month), str(planned[month]), so_far))
        for q, name in zip(QUARTERS, names, strict=True):
            mine = [(t, _both(told, t, q)) for t, due in steps if due == q]
            cells[f"{domain}~Q{q}"] = cell_of(mine, f"{domain} · {name}")
    total = sum(p.planned[-1] for p in panels)
    reached = sum(p.done[-1] for p in panels)
    due = sum(p.planned[len(p.done) - 1] for p in panels)
    caption = say(
        f"{len(panels)}个领域，全年{total}个节点（一项目标一季算一个）。截至{told.days[-1]}应完成{due}个，报为完成{reached}个。"
        "虚线是应完成，季末上一级；实线是报为完成，按报告所载的日期。",
        f"{len(panels)} domains, {total} steps in the year (a target and quarter count once). Until {told.days[-1]} "
        f"{due} were due, {reached} are reported done. Broken: planned, rising at the end of a quarter; solid: "
        "reported done, on the day of the report's facts.",
    )  # fmt: skip
    drawn = Curves(
        title, caption, source(snapshot, say), tuple(panels), names, (planned_words, done_words)
    )
    mine_ = [e for t in found for e in told.on(t.iri)]
    return Drawn(
        title, caption, draw(drawn, paper), heads, tuple(table),
        strands=strands_of(snapshot, mine_), cells=cells,
    )  # fmt: skip


def done_on(told: Progress, target: Target, quarter: int) -> str:
    """Return the first day on which all that was reported of a step is done; empty before."""
    entries = told.of_step(target.iri, quarter)
    for day in sorted({e.as_of for e in entries if e.as_of}):
        if is_step_done([e for e in entries if e.as_of <= day]):
            return day
    return ""


def _by_month(days: Sequence[str], year: int, last: str) -> tuple[int, ...]:
    """Return the sums at the beginning of a year and after each month, as far as reports reach."""
    months = 12 if int(last[:4]) > year else int(last[5:7])
    return tuple(
        sum(bool(d) and d[:7] <= f"{year}-{m:02}" for d in days) for m in range(months + 1)
    )


def _both(told: Progress, target: Target, quarter: int) -> list[Evidence | None]:
    planned = [s.evidence for s in target.steps if s.quarter == quarter]
    return [*planned, *(e.evidence for e in told.of_step(target.iri, quarter))]
