"""The views by quarter: `timeline` (every target) and `parcels` (land and its targets)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.counts import completed, due
from queries.model.records import Atlas, Place, Step, Target, furthest
from viz.drawing import figures, schedule
from viz.views.selection import (
    NOTHING,
    Drawn,
    Say,
    Strand,
    chosen,
    domains,
    filters,
    source,
    speaker,
    titled,
)

ROWS = 120
"""More rows than this are cut, and the caption says so."""
LAND = ("Parcel", "Lot", "Block")


def timeline(snapshot: Snapshot, params: Mapping[str, str], language: str) -> Drawn:
    """What is due when: a row for each target, by domain."""
    say, a = speaker(language), atlas(snapshot)
    found = chosen(a, params)
    quarter = params.get("quarter", "all")
    title = titled(snapshot, say, "全年时间线：什么时候到期什么", "The year: what is due when")
    each = say("；", "; ").join(
        say(f"第{'一二三四'[q]}季度到期{n}项、完成{m}项", f"Q{q + 1}: {n} due, {m} completed")
        for q, (n, m) in enumerate(zip(due(found), completed(found), strict=True))
    )
    caption = say(
        f"{len(found)}项目标。{each}。标记取目标及其项目走得最远的一步。",
        f"{len(found)} targets. {each}. A mark is the furthest step of the target and its projects.",
    ) + _tail(params, "timeline", len(found), say)  # fmt: skip
    shown = found[:ROWS]
    groups = tuple(
        (
            f"{c.mark}、{c.domain}" if c.mark else c.domain,
            tuple(_item(t, t.id, t.title, _whole(t), snapshot, say) for t in c.targets),
        )
        for c in a.chapters(shown)
    )
    plan = schedule.Schedule(
        title, caption, source(snapshot, say),
        (say("号", "no."), say("目标", "target"), say("主责", "leads")), _quarters(say), groups,
        say(*NOTHING),
        widths=(46.0, 216.0, 118.0), quarter=212.0, lines=2, english=language == "en",
    )  # fmt: skip
    table = tuple(
        (t.id, t.title, t.domain, _leads(t, say), *_words(_whole(t), quarter)) for t in found
    )
    heads = (say("号", "number"), say("目标", "target"), say("领域", "domain"), say("主责", "leads"),
             *_quarters(say))  # fmt: skip
    strands = tuple(
        Strand(e.body, e.label, t.iri, f"{t.id} {t.title}", e.role)
        for t in found
        for e in t.edges
        if not e.inferred
    )
    return Drawn(title, caption, schedule.draw(plan), heads, table, strands=strands)


def parcels(snapshot: Snapshot, params: Mapping[str, str], language: str) -> Drawn:
    """Land: each parcel, lot and block that a target names, and what happens there by quarter."""
    say, a = speaker(language), atlas(snapshot)
    rows = _land(a, chosen(a, params))
    title = titled(snapshot, say, "地块、街坊与目标", "Parcels, blocks and targets")
    spots_ = {names[0].iri for names, _ in rows}
    caption = say(
        f"{len(spots_)}处地块、丘和街坊，{len({t.iri for _, t in rows})}项目标。有项目的写项目在各季度的原句，"
        "否则只标整项目标的进度。丘已含在其街坊，不另列街坊。",
        f"{len(spots_)} parcels, lots and blocks, {len({t.iri for _, t in rows})} targets. Where the row "
        "names a project its own clauses stand, else the marks of the whole target. A lot stands for its block.",
    ) + _tail(params, "parcels", len(rows), say)  # fmt: skip
    groups: dict[str, list[schedule.ScheduleRow]] = {}
    table = []
    for names, target in rows:
        steps, mine = _on(a, names, target)
        group = _street(a, names[0]) or say("街道未写明", "street not stated")
        number = f"{target.id} {target.title}"
        others = "、".join(p.label for p in names[1:])
        first = names[0].label + (f"（{others}）" if others else "")
        table.append((first, group, number, _leads(target, say), *_words(steps, "all")))
        if len(table) <= ROWS:
            item = _item(target, first, number, steps, snapshot, say, words=mine)
            groups.setdefault(group, []).append(item)
    plan = schedule.Schedule(
        title, caption, source(snapshot, say),
        (say("地块", "land"), say("目标", "target"), say("主责", "leads")), _quarters(say),
        tuple((k, tuple(v)) for k, v in groups.items()),
        say(*NOTHING),
        widths=(178.0, 176.0, 92.0), quarter=200.0, lines=3, english=language == "en",
    )  # fmt: skip
    heads = (say("地块", "land"), say("街道", "street"), say("目标", "target"), say("主责", "leads"),
             *_quarters(say))  # fmt: skip
    strands = tuple(
        Strand(n[0].iri, n[0].label, t.iri, f"{t.id} {t.title}", "location") for n, t in rows
    )
    return Drawn(title, caption, schedule.draw(plan), heads, tuple(table), strands=strands)


def _whole(target: Target) -> list[Step]:
    return [s for s in target.steps if not s.project]


def _land(a: Atlas, targets: Iterable[Target]) -> list[tuple[list[Place], Target]]:
    """Spots under all their names with the targets that name them, by street and number.

    Names of one spot make one row of a target; a block stands aside for a lot or parcel in it.
    """
    found: dict[tuple[str, str], tuple[list[Place], Target]] = {}
    for target in targets:
        spots = [a.places[m.place] for m in target.mentions if m.kind in LAND]
        inner = {p for spot in spots for p in spot.within}
        for spot in spots:
            if spot.iri not in inner:
                names = _names(a, spot)
                found.setdefault((names[0].iri, target.iri), (names, target))
    return sorted(found.values(), key=lambda r: (_street(a, r[0][0]) or "\uffff", r[0][0].order))


def _names(a: Atlas, spot: Place) -> list[Place]:
    """The places that are one spot: lots and blocks first, then parcels, then other names."""
    found, frontier = {spot.iri}, [spot.iri]
    while frontier:
        for other in a.places[frontier.pop()].same:
            if other in a.places and other not in found:
                found.add(other)
                frontier.append(other)
    order = {"Lot": 0, "Block": 1, "Parcel": 2}
    return sorted((a.places[p] for p in found), key=lambda p: (order.get(p.kind, 3), p.label))


def _on(a: Atlas, names: Iterable[Place], target: Target) -> tuple[list[Step], bool]:
    """The steps of the projects on a spot; of the whole target where it has none."""
    here = {p.iri for p in names}
    works = {w.name for w in target.works if here & set(w.places)}
    mine = [s for s in target.steps if s.project and s.project in works]
    return (mine, True) if mine else (_whole(target), False)


def _street(a: Atlas, spot: Place) -> str:
    """The street in which a spot lies, as far as it is known."""
    frontier = list(spot.within)
    while frontier:
        above = a.places.get(frontier.pop(0))
        if above and above.kind == "Street":
            return above.label
        frontier += above.within if above and above.kind != "District" else ()
    return ""


def _item(
    target: Target,
    first: str,
    second: str,
    steps: Iterable[Step],
    snapshot: Snapshot,
    say: Say,
    *,
    words: bool = True,
) -> schedule.ScheduleRow:
    every = list(steps)
    colour = figures.ink(target.domain, domains(snapshot))
    cells = []
    for q in (1, 2, 3, 4):
        mine = [s for s in every if s.quarter == q]
        stage = furthest(s.stage for s in mine) if mine else ""
        said = dict.fromkeys(s.text if s.project else s.first for s in mine) if words else {}
        cells.append(schedule.QuarterCell(stage, "；".join(said)))
    one, two, three, four = cells
    return schedule.ScheduleRow(first, second, _leads(target, say), (one, two, three, four), colour)


def _leads(target: Target, say: Say) -> str:
    edges = [*target.written("Lead"), *target.written("Responsible")]
    return say("、", ", ").join(e.label for e in edges)


def _words(steps: Iterable[Step], quarter: str) -> tuple[str, ...]:
    every = list(steps)
    return tuple(
        "；".join(dict.fromkeys(s.text for s in every if s.quarter == q))
        if quarter in ("all", str(q))
        else ""
        for q in (1, 2, 3, 4)
    )


def _quarters(say: Say) -> tuple[str, str, str, str]:
    one, two, three, four = (say(f"第{q}季度", f"Q{i}") for i, q in enumerate("一二三四", start=1))
    return one, two, three, four


def _tail(params: Mapping[str, str], name: str, count: int, say: Say) -> str:
    words = filters(params, name, say)
    said = say(f"条件：{words}。", f" Filters: {words}.") if words else ""
    if count > ROWS:
        said += say(f"共{count}行，只画前{ROWS}行。", f" {count} rows, the first {ROWS} are drawn.")
    return said
