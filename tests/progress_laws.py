"""The laws of the views of plan against actual: cells equal what the graph answers."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import NamedTuple

from view_answers import Params, select, within

from graph.store.snapshot import Snapshot
from ontology.names import squeeze
from viz.views.actuals.common import LIGHTS
from viz.views.catalogue import picture
from viz.views.selection import Drawn

WORST = [
    "Overdue", "Behind", "Stopped", "Cancelled", "NotStarted", "Changed", "PartlyDone", "Preparing",
    "Unstated", "NotDue", "OnTrack", "Ahead", "Done", "DoneEarly",
]  # fmt: skip
DONE = ("Done", "DoneEarly")


class Told(NamedTuple):
    """An entry as SPARQL gives it."""

    iri: str
    target: str
    project: str
    quarter: str
    day: str
    status: str


def entries(snapshot: Snapshot, params: Params) -> list[Told]:
    """The entries on the targets of a domain."""
    kept = within(snapshot, params)
    found = select(
        snapshot,
        """SELECT ?x ?n ?project ?q ?day ?status { ?x a tk:ProgressEntry ; tk:target/skos:notation ?n .
        OPTIONAL { ?x tk:ofProject/skos:prefLabel ?project } OPTIONAL { ?x tk:quarter ?q }
        OPTIONAL { ?x tk:asOf ?day } OPTIONAL { ?x tk:status ?w }
        OPTIONAL { ?x tk:statusComputed ?c }
        BIND(REPLACE(STR(IF(?w = tk:Unstated, COALESCE(?c, ?w), ?w)), ".*#", "") AS ?status) }""",
    )
    return [Told(*row) for row in found if row[1] in kept]


def newest(found: list[Told]) -> list[Told]:
    """The entries of the newest day of each project."""
    days: dict[str, str] = {}
    for e in found:
        days[e.project] = max(days.get(e.project, ""), e.day)
    return [e for e in found if e.day == days[e.project]]


def is_done(found: list[Told]) -> bool:
    """Return whether all that is newest is done."""
    return bool(found) and all(e.status in DONE for e in newest(found))


def due(snapshot: Snapshot, params: Params) -> dict[tuple[str, int], str]:
    """The steps by target and quarter, with their domain."""
    kept = within(snapshot, params)
    asked = select(
        snapshot,
        """SELECT DISTINCT ?n ?q ?d { ?m tk:target ?t ; tk:due/tk:quarter ?q . ?t skos:notation ?n ;
        tk:domain/skos:prefLabel ?d . ?m a tk:Milestone FILTER(LANG(?d) = "zh") }""",
    )
    return {(n, int(q)): d for n, q, d in asked if n in kept}


def check_lights(snapshot: Snapshot, params: Params) -> None:
    """A cell is the worst of what is newest of each project in that month."""
    drawn = picture(snapshot, "lights", params)
    by_month: dict[tuple[str, int], list[Told]] = defaultdict(list)
    for e in entries(snapshot, params):
        by_month[e.target, int(e.day[5:7])].append(e)
    silent = select(
        snapshot, "SELECT ?n ?d { ?s a tk:Silence ; tk:target/skos:notation ?n ; tk:asOf ?d }"
    )
    wanted = dict.fromkeys({(n, int(d[5:7])) for n, d in silent}, "NotReported")
    wanted |= {k: min((e.status for e in newest(v)), key=WORST.index) for k, v in by_month.items()}
    assert {row[0] for row in drawn.rows} == within(snapshot, params)
    for row in drawn.rows:
        shown = {m: words for m, words in enumerate(row[4:], 1) if words}
        assert shown == {
            m: LIGHTS[status][2][0] for (n, m), status in wanted.items() if n == row[0]
        }, row[0]
    kept = {row[0] for row in drawn.rows}
    letters = Counter(LIGHTS[s][0] for (n, _), s in wanted.items() if n in kept)
    legend = set(letters)
    assert letters_of(drawn, legend) == {k: v + 1 for k, v in letters.items()}


def letters_of(drawn: Drawn, wanted: set[str]) -> dict[str, int]:
    """Count the texts that are one of some letters."""
    return {w: drawn.svg.count(f">{w}</text>") for w in wanted}


def check_owed(snapshot: Snapshot, params: Params) -> None:
    """A cell is steps done of steps due, of the targets that the body leads."""
    drawn = picture(snapshot, "owed", params)
    leads = select(
        snapshot,
        """SELECT DISTINCT ?l ?n { ?a tk:role ?r ; tk:body/skos:prefLabel ?l ; tk:inferred false ;
        tk:target/skos:notation ?n FILTER(?r IN (tk:Lead, tk:Responsible)) }""",
    )
    steps, told = due(snapshot, params), entries(snapshot, params)
    wanted: dict[str, list[list[int]]] = defaultdict(lambda: [[0, 0] for _ in range(4)])
    for body, n in leads:
        for quarter in (1, 2, 3, 4):
            if (n, quarter) in steps:
                mine = [e for e in told if (e.target, e.quarter) == (n, str(quarter))]
                wanted[body][quarter - 1][1] += 1
                wanted[body][quarter - 1][0] += is_done(mine)
    shown = {row[1]: list(row[2:6]) for row in drawn.rows}
    assert shown == {
        body: [f"{d}/{o}" if o else "" for d, o in cells] for body, cells in wanted.items()
    }
    for row in drawn.rows:
        sums = [sum(cell[i] for cell in wanted[row[1]]) for i in (0, 1)]
        assert row[6] == f"{sums[0]}/{sums[1]}"


def check_burn_up(snapshot: Snapshot, params: Params) -> None:
    """Planned are the steps due by then, done those whose reports so far are all done."""
    drawn = picture(snapshot, "burn-up", params)
    steps, told = due(snapshot, params), entries(snapshot, params)
    last = max(e.day for e in entries(snapshot, {}))
    for domain, month, planned, done in drawn.rows:
        mine = [(n, q) for (n, q), d in steps.items() if d == domain]
        assert int(planned) == sum(3 * q <= int(month) for _, q in mine), (domain, month)
        until = f"2019-{int(month):02}-99"
        reached = 0
        for n, q in mine:
            of = [e for e in told if (e.target, e.quarter) == (n, str(q))]
            days = {e.day for e in of if e.day <= until}
            reached += any(is_done([e for e in of if e.day <= day]) for day in days)
        if int(month) <= int(last[5:7]):
            assert int(done) == reached, (domain, month)
        else:
            assert done == ""


def check_slips(snapshot: Snapshot, params: Params) -> None:
    """A row is a step that was done in another quarter than planned, or is open past it."""
    drawn = picture(snapshot, "slips", params)
    steps: dict[tuple[str, str, int], list[Told]] = defaultdict(list)
    last: dict[str, str] = {}
    for e in entries(snapshot, params):
        last[e.target] = max(last.get(e.target, ""), e.day)
        if e.quarter:
            steps[e.target, e.project, int(e.quarter)].append(e)
    wanted: Counter[tuple[str, ...]] = Counter()
    for (n, project, quarter), found in steps.items():
        days = [e.day for e in found if e.status in DONE]
        if not days and any(e.status in ("Stopped", "Cancelled") for e in newest(found)):
            continue
        day = min(days, default=last[n])
        moved = (int(day[5:7]) + 2) // 3 - quarter
        ends = ("03-31", "06-30", "09-30", "12-31")[quarter - 1]
        if (days and moved) or (not days and last[n] >= f"2019-{ends}"):
            wanted[n, project, f"第{'一二三四'[quarter - 1]}季度", f"{moved:+d}"] += 1
    assert Counter((r[1], r[3], r[4], r[6]) for r in drawn.rows) == wanted
    moved_by = [int(row[6]) for row in drawn.rows]
    assert moved_by == sorted(moved_by, reverse=True)


def check_bullets(snapshot: Snapshot, params: Params) -> None:
    """A row is a promised number with the newest actual that is reported on it."""
    drawn = picture(snapshot, "bullets", params)
    kept = within(snapshot, params)
    asked = select(
        snapshot,
        """SELECT ?n ?measure ?comparator ?unit ?day ?v ?u { ?x tk:actual ?a ; tk:ofIndicator ?i ; tk:asOf ?day .
        ?a schema:value ?v ; schema:unitText ?u . ?i tk:measure/skos:prefLabel ?measure ; schema:unitText ?unit ;
        schema:value ?whole ; tk:target/skos:notation ?n OPTIONAL { ?i tk:comparator ?comparator } }""",
    )
    days: dict[tuple[str, ...], set[tuple[str, str]]] = defaultdict(set)
    for n, measure, comparator, unit, day, value, written in asked:
        if n in kept:
            days[n, measure, comparator, unit].add((day, f"{value}{written}"))
    wanted = {(key[0], key[1], max(d for d, _ in found)) for key, found in days.items()}
    assert {(r[1], r[2], r[7]) for r in drawn.rows} == wanted
    assert len(drawn.rows) == len(days)
    values = {(k[0], k[1], d, v) for k, found in days.items() for d, v in found}
    assert all((r[1], r[2], r[7], r[4]) in values for r in drawn.rows)


def check_board(snapshot: Snapshot, params: Params) -> None:
    """Each word of a step is in the column of its stage, and every target due has a row."""
    drawn = picture(snapshot, "board", params)
    asked = select(
        snapshot,
        """SELECT ?n ?q ?stage ?text { ?m a tk:Milestone ; tk:target/skos:notation ?n ; tk:text ?text ;
        tk:due/tk:quarter ?q ; tk:stage ?s BIND(REPLACE(STR(?s), ".*#", "") AS ?stage) }""",
    )
    quarter = params.get("quarter", "all")
    columns = {"Prepare": 4, "Start": 5, "Done": 7}
    texts: dict[tuple[str, int], str] = defaultdict(str)
    for n, q, stage, text in asked:
        if quarter in ("all", q):
            texts[n, columns.get(stage, 6)] += squeeze(text)
    assert {row[1] for row in drawn.rows} == within(snapshot, params)
    for row in drawn.rows:
        assert any(row[4:8])
        for column in (4, 5, 6, 7):
            for piece in re.split("[；;。…]", squeeze(row[column])):
                bare = re.sub("^[一二三四]季：", "", piece)
                assert bare in texts[row[1], column], (row[1], bare)
