"""The front page: numbers, search, the notice in one table, pictures, questions."""

from __future__ import annotations

from collections import Counter

from queries.catalogue import questions
from queries.model.counts import completed, totals
from queries.model.records import Atlas, Chapter, Notice
from viz.pages.ground import street_picture
from viz.views.catalogue import VIEWS
from viz.web.context import Desk

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
        tables=[t for t in tables if t[1]],
        every=desk.parameter("open") == "all",
        streets=street_picture(desk),
        tries=_tries(a),
        views=list(VIEWS.values())[:4],
        questions=[questions()[n] for n in FIRST],
        count=len(questions()),
    )


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
