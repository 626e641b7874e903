"""The view `parcels`: what happens on which land, as a schedule by street and block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.counts import QUARTERS
from queries.model.records import Atlas, Place, Step, Target, furthest
from viz.drawing import figures, schedule
from viz.drawing.paper import SCREEN, Paper
from viz.views.selection import (
    NOTHING,
    Drawn,
    PictureCell,
    Say,
    Strand,
    chosen,
    domains,
    filters,
    source,
    speaker,
    steps_cell,
    target_keys,
    titled,
)

MAX_PLOTS = 120
"""More plots than this are cut; the caption names the cut."""
LAND = ("Parcel", "Lot", "Block")
_KINDS = (
    ("bought", ("收储", "收购", "收地", "征收", "动迁", "清退"), "收储", "bought"),
    ("sold", ("出让", "挂牌", "供地"), "出让", "sold"),
    ("built", (), "建设", "built"),
)
"""Stages of land in their order, by the words of the steps and of the target."""


def parcels(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw a row for each plot that a target names, its quarters as bars from bought to built."""
    say, a = speaker(language), atlas(snapshot)
    every = _land(a, chosen(a, params))
    keys = target_keys({t.iri: t for _, t in every}.values())
    title = titled(snapshot, say, "地块、街坊与目标", "Parcels, blocks and targets")
    plots: dict[str, tuple[list[Place], list[Target]]] = {}
    for names, target in every:
        plots.setdefault(names[0].iri, (names, []))[1].append(target)
    caption = say(
        f"{len(plots)}处地块、丘和街坊，{len({t.iri for _, t in every})}项目标。一行一处，条从收储、出让到建设，"
        "标记是该季走得最远的一步；点开看原句。丘已含在其街坊，不另列街坊。",
        f"{len(plots)} parcels, lots and blocks, {len({t.iri for _, t in every})} targets. A row is a plot, its "
        "bars run from bought to sold to built, a mark is the furthest step of the quarter. A lot stands for its block.",
    ) + _tail(params, len(plots), say)  # fmt: skip
    cells: dict[str, PictureCell] = {}
    groups: dict[str, list[schedule.Plot]] = {}
    quarter = params.get("quarter", "all")
    table = []
    for names, targets in plots.values():
        spot = names[0]
        group = " · ".join(x for x in (_street(a, spot), _block(a, spot)) if x)
        group = group or say("街道未写明", "street not stated")
        bars = []
        for target in targets:
            steps, _ = _on(a, names, target)
            kind, word = _kind(target, steps, say)
            key = f"{spot.label}~{keys[target.iri]}"
            asked = [s for s in steps if quarter in ("all", str(s.quarter))]
            label = f"{spot.label} · {target.id} {target.title}"
            cells[key] = steps_cell(target, asked or steps, label)
            one, two, three, four = (
                furthest(s.stage for s in asked if s.quarter == q)
                if any(s.quarter == q for s in asked)
                else ""
                for q in QUARTERS
            )
            colour = figures.ink(target.domain, domains(snapshot))
            bar = schedule.Bar(
                key, word, target.id, _leads(target, say), (one, two, three, four), colour
            )
            bars.append((kind, bar))
            table.append(
                (spot.label, group, f"{target.id} {target.title}", word, _leads(target, say), *_words(steps))
            )  # fmt: skip
        bars.sort(key=lambda pair: pair[0])
        others = "、".join(p.label for p in names[1:])
        if sum(map(len, groups.values())) < MAX_PLOTS:
            plot = schedule.Plot(spot.label, others, tuple(bar for _, bar in bars))
            groups.setdefault(group, []).append(plot)
    quarters = tuple(say(f"第{'一二三四'[q - 1]}季度", f"Q{q}") for q in QUARTERS)
    plan = schedule.Schedule(
        title, caption, source(snapshot, say), (say("地块", "land"), say("主责", "lead")),
        quarters,  # type: ignore[arg-type]
        tuple((k, tuple(v)) for k, v in groups.items()), say(*NOTHING), english=language == "en",
    )  # fmt: skip
    heads = (say("地块", "land"), say("街道、街坊", "street, block"), say("目标", "target"),
             say("动作", "action"), say("主责", "lead"), *quarters)  # fmt: skip
    strands = tuple(
        Strand(n[0].iri, n[0].label, t.iri, f"{t.id} {t.title}", "location") for n, t in every
    )
    svg = schedule.draw(plan, paper)
    return Drawn(title, caption, svg, heads, tuple(table), strands=strands, cells=cells)


def _kind(target: Target, steps: Iterable[Step], say: Say) -> tuple[int, str]:
    """A target's work on a plot: the place in the order of land, and the word for it."""
    words = "".join(s.text for s in steps if s.project) or target.title + target.text
    for rank, (_, signs, zh, en) in enumerate(_KINDS):
        if any(sign in target.title for sign in signs) or not signs:
            return rank, say(zh, en)
        if any(sign in words for sign in signs) and not any(w in words for w in ("竣工", "开工")):
            return rank, say(zh, en)
    raise AssertionError("the last kind fits everything")


def _land(a: Atlas, targets: Iterable[Target]) -> list[tuple[list[Place], Target]]:
    """Spots under all their names with the targets that name them, by street and number.

    Names of one spot make one row of a target; a block gives way to a lot or parcel in it.
    """
    found: dict[tuple[str, str], tuple[list[Place], Target]] = {}
    for target in targets:
        spots = [a.places[m.place] for m in target.mentions if m.kind in LAND]
        inner = {p for spot in spots for p in spot.within}
        for spot in spots:
            if spot.iri not in inner:
                names = _names(a, spot)
                found.setdefault((names[0].iri, target.iri), (names, target))
    return sorted(
        found.values(),
        key=lambda r: (_street(a, r[0][0]) or "\uffff", _block_order(a, r[0][0]), r[0][0].order),
    )


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


def _block_order(a: Atlas, spot: Place) -> list[str | int]:
    above = [a.places[p] for p in spot.within if p in a.places and a.places[p].kind == "Block"]
    return (above[0] if above else spot).order


def _block(a: Atlas, spot: Place) -> str:
    """The block in which a lot or parcel lies; empty for a block itself."""
    above = [a.places[p] for p in spot.within if p in a.places]
    return next((p.label for p in above if p.kind == "Block"), "")


def _street(a: Atlas, spot: Place) -> str:
    """The street in which a spot lies, as far as it is known."""
    frontier = list(spot.within)
    while frontier:
        above = a.places.get(frontier.pop(0))
        if above and above.kind == "Street":
            return above.label
        frontier += above.within if above and above.kind != "District" else ()
    return ""


def _whole(target: Target) -> list[Step]:
    return [s for s in target.steps if not s.project]


def _leads(target: Target, say: Say) -> str:
    edges = [*target.written("Lead"), *target.written("Responsible")]
    return say("、", ", ").join(e.label for e in edges)


def _words(steps: Iterable[Step]) -> tuple[str, ...]:
    every = list(steps)
    return tuple(
        "；".join(dict.fromkeys(s.text for s in every if s.quarter == q)) for q in QUARTERS
    )


def _tail(params: Mapping[str, str], count: int, say: Say) -> str:
    words = filters(params, "parcels", say)
    said = say(f"条件：{words}。", f" Filters: {words}.") if words else ""
    if count > MAX_PLOTS:
        said += say(
            f"共{count}处，只画前{MAX_PLOTS}处。",
            f" {count} plots; the first {MAX_PLOTS} are drawn.",
        )
    return said
