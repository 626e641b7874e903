"""The front page: what is due now, search, the notice in one table, pictures, questions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from queries.catalogue import questions
from queries.errors import BadParameter
from queries.model.counts import completed, due, totals
from queries.model.records import Atlas, Chapter, Notice, Step, Target
from viz.pages.ground import street_picture
from viz.views.catalogue import VIEWS
from viz.web.context import Desk
from viz.web.crawlers import dataset

MAX_DUE = 8
"""Targets due in the quarter that the front page lists; a question lists all."""
MOST = 200
"""Up to how many targets the front page shows them all."""
FIRST = (
    "body-leads",
    "no-coordinator",
    "body-coordinates",
    "soft-commitments",
    "due-in-quarter",
    "edge-evidence",
    "within-place",
    "unexpanded-collectives",
)


def home(desk: Desk) -> str:
    """The front page: the numbers, the search, the notice in one table, pictures, questions."""
    a = desk.atlas
    total = totals(a)
    numbers = [
        (total.targets, "目标", "targets"),
        (total.bodies, "部门单位", "departments"),
        (total.places, "地点", "places"),
        (total.leads, "主责", "leads"),
        (total.supports, "配合（含集合称谓）", "supports, collectives too"),
    ]
    notices = list(a.notices.values())
    few = len(a.targets) <= MOST
    tables = [_table(a, n) for n in notices if n.source] if few else []
    return desk.page(
        "home.html",
        desk.say("首页", "Home"),
        section="/",
        crumbs=[(n.jurisdiction + " › " + n.number, "") for n in notices][:1],
        numbers=numbers,
        now=_due_now(desk),
        described=dataset(desk),
        tables=[t for t in tables if t[1]],
        every=desk.parameter("open") == "all",
        streets=street_picture(desk),
        tries=_tries(a),
        views=list(VIEWS.values())[:4],
        questions=[questions()[n] for n in FIRST],
        count=len(questions()),
    )


@dataclass(frozen=True, slots=True)
class DueNow:
    """The steps due in a quarter of the scope: their number, and the first that are completed."""

    quarter: int
    year: str
    why: str
    """Which quarter this is: the current one, or the last of a year that is over."""
    due: int
    done: int
    first: tuple[tuple[Target, Step], ...]
    others: tuple[tuple[int, str], ...]


def _due_now(desk: Desk) -> DueNow | None:
    """List the steps due in the current quarter of the scope, or in the one that `quarter=` names."""
    targets = list(desk.atlas.targets.values())
    if not targets:
        return None
    year = desk.scope.year
    quarter, why = quarter_shown(year, _day(desk))
    asked = desk.parameter("quarter")
    if asked and asked not in ("1", "2", "3", "4"):
        raise BadParameter("quarter", repr(asked), ("1", "2", "3", "4"))
    if asked:
        quarter, why = int(asked), ("", "")
    completions = [(t, s) for t in targets if (s := _completion(t, quarter))]
    return DueNow(
        quarter, year if year.isdigit() else "", desk.say(*why),
        due(targets)[quarter - 1], completed(targets)[quarter - 1],
        tuple(_spread(completions, MAX_DUE)),
        tuple((q, desk.url("/", quarter=str(q))) for q in (1, 2, 3, 4)),
    )  # fmt: skip


def quarter_shown(year: str, today: date) -> tuple[int, tuple[str, str]]:
    """The quarter of a year that a reader of this day wants first, and why.

    >>> quarter_shown("2019", date(2026, 5, 1))[0], quarter_shown("2026", date(2026, 5, 1))[0]
    (4, 2)
    """
    if year.isdigit() and int(year) < today.year:
        return 4, (f"{year}年已过，先列末季", f"{year} is over: its last quarter")
    if year.isdigit() and int(year) > today.year:
        return 1, (f"{year}年未到，先列首季", f"{year} is to come: its first quarter")
    return (today.month + 2) // 3, ("本季度", "the current quarter")


def _day(desk: Desk) -> date:
    """Today; on a frozen page the day of its version, so that the page never changes."""
    if desk.prefix:
        return date.fromisoformat(desk.snapshot.version.time[:10])
    return datetime.now(UTC).date()


def _completion(target: Target, quarter: int) -> Step | None:
    mine = [s for s in target.steps if s.quarter == quarter and s.stage == "Done"]
    return min(mine, key=lambda s: bool(s.project), default=None)


def _spread(found: Sequence[tuple[Target, Step]], most: int) -> list[tuple[Target, Step]]:
    """The first of each domain in turn, so that no domain fills the list; in their order."""
    turns: Counter[str] = Counter()
    ranked = []
    for n, (target, _) in enumerate(found):
        ranked.append((turns[target.domain], n))
        turns[target.domain] += 1
    return [found[n] for _, n in sorted(sorted(ranked)[:most], key=lambda x: x[1])]


def _table(a: Atlas, notice: Notice) -> tuple[Notice, list[Chapter], list[int]]:
    mine = [t for t in a.targets.values() if t.notice == notice.iri]
    return notice, a.chapters(mine), list(completed(mine))


def _tries(a: Atlas) -> list[str]:
    """Words worth a try: who leads most, the places named most of each kind, a promise."""
    leads = Counter(
        e.label
        for t in a.targets.values()
        for e in t.edges
        if not e.inferred and e.role != "Coordinate"
    )
    found = [label for label, _ in leads.most_common(1)]
    named = Counter((m.kind, m.label) for t in a.targets.values() for m in t.mentions)
    for kind in ("Block", "Street", "Water", "Parcel", "Road"):
        best = [(n, label) for (k, label), n in named.items() if k == kind]
        found += [max(best)[1]] if best else []
    found += [w for w in ("力争", "确保") if any(w in t.text for t in a.targets.values())][:1]
    return found
