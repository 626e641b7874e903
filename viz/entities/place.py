"""The page of a place: which targets tie in, how, by quarter, led by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from queries.model.counts import Concern, completed_there, concern
from queries.model.place_ties import WAYS, Tie, inside, same_spot, ties
from queries.model.records import Evidence, Place, Target, Work
from viz.entities.changes import since
from viz.entities.history import history
from viz.web.context import Desk
from viz.web.linked_data import names_of

SHOWN = 6
"""Pieces of evidence that lie open below the table."""
MAX_PROOFS = 200
"""Pieces of evidence listed below the table, most of them folded; its rows have all of them."""


@dataclass(frozen=True, slots=True)
class TieGroup:
    """One way of tying in. `n` is None where the way is not one of such places."""

    name: str
    label: str
    note: str
    ties: tuple[Tie, ...]
    n: int | None
    inferred: bool = False
    why: str = ""


def place(desk: Desk, iri: str) -> str:
    """A place: which targets tie in, how, by quarter, led by whom, each with its sentence."""
    a = desk.atlas
    spot = a.places[iri]
    inner = inside(a, iri)
    same = same_spot(a, {iri})
    here = {iri, *inner, *same}
    found = ways(desk, iri)
    mine = concern(a, iri)
    firm = [(w, t) for w in found if not w.inferred for t in w.ties]
    first = firm[0][1].target if firm else None
    proofs = _proofs(found)
    above = _above(desk, spot)
    kinds = [a.places[p].kind for p in above]
    return desk.page(
        "place.html",
        spot.label,
        section="/places",
        data_links=True,
        crumbs=[
            (desk.say("地点", "Places"), "/places"),
            (desk.kinds()[spot.kind], ""),
            (spot.label, ""),
        ],
        place=spot,
        sentence=_sentence(desk, found, mine),
        ways=found,
        due=_due(found),
        completed=completed_there(t for w in found for t in w.ties),
        near=_near(desk, spot, inner | same),
        report=desk.url(
            f"/reports/{'street' if spot.kind == 'Street' else 'parcel'}.docx", name=spot.label
        ),
        reported=history(
            desk,
            {t.target.iri for _, t in firm},
            projects={w.name for w in a.works.values() if here.intersection(w.places)},
            whole=False,
        ),
        since=since(desk, iri),
        total=len(mine.written) + len(mine.inferred),
        proofs=proofs[:MAX_PROOFS],
        shown=SHOWN,
        more=max(len(proofs) - MAX_PROOFS, 0),
        first=first,
        beside=_beside(first) if first else [],
        inside=[
            a.places[p] for p in sorted(inner) if iri in (*a.places[p].within, *a.places[p].roads)
        ],
        roads=[a.places[r] for r in spot.roads if r in a.places],
        same=[a.places[s] for s in sorted(same)],
        above=[a.places[p] for p in above if a.places[p].kind != "District"],
        unknown="Street" not in kinds and spot.kind in ("Block", "Lot", "Parcel", "Address"),
        district=_district(desk, iri),
    )


def ways(desk: Desk, iri: str) -> list[TieGroup]:
    """Group the ties of a place by the five ways, in their order."""
    say, a = desk.say, desk.atlas
    every: dict[str, list[Tie]] = {way: [] for way in WAYS}
    for tie in ties(a, iri):
        every[tie.way].append(tie)
    is_street = a.places[iri].kind == "Street"
    only = say("只有街道才有这种方式", "a way of streets only")
    vias = "、".join(dict.fromkeys(name for t in every["collective"] for name in t.through))
    notes = {
        "named": say("目标或季度格里写了它", "the notice names it"),
        "within": say("写了它里面的地点", "a place inside is named"),
        "office": say("街道机关主责或配合", "its office takes part") if is_street else only,
        "collective": say("由“各街(镇)”等推断", "inferred from a collective")
        if is_street
        else only,
        "samePlace": say("以另一名称写到", "under another name"),
    }
    why = {
        "collective": say(
            f"推断：原文写“{vias}”，含本街道", f"inferred: the notice writes “{vias}”"
        ),
        "samePlace": say("写的是它的另一名称", "written under another name"),
    }
    return [
        TieGroup(
            name, say(*words), notes[name], tuple(every[name]),
            len(every[name]) if is_street or name not in ("office", "collective") else None,
            inferred=name == "collective", why=why.get(name, ""),
        )
        for name, words in WAYS.items()
    ]  # fmt: skip


def _district(desk: Desk, iri: str) -> str:
    """The district whose notice names a place, which is part of the place's address."""
    return next((d.district for d in desk.scope.every if iri.startswith(_home(d.iri))), "")


def _home(iri: str) -> str:
    return iri.rpartition("/")[0] + "/"


def _sentence(desk: Desk, ways: Sequence[TieGroup], mine: Concern) -> str:
    """Answer the likeliest question: how many targets, which first, who leads it."""
    firm, far = mine.written, mine.inferred
    first = next((t for w in ways if not w.inferred for t in w.ties), None)
    if not firm and not far:
        return desk.say("没有目标牵涉这里。", "No target ties in here.")
    said = [desk.say(f"写明的牵涉{len(firm)}项目标", f"{len(firm)} targets tie in as written")]
    if first:
        t = first.target
        leads = names_of(desk, [*t.written("Lead"), *t.written("Responsible")])
        done = next((s for s in first.own if s.stage == "Done"), None)
        if done:
            when = desk.say(f"第{'一二三四'[done.quarter - 1]}季度", f"in quarter {done.quarter} ")
            said.append(
                desk.say(
                    f"其中目标{t.id}{when}{done.text}，由{leads}主责",
                    f"target {t.id}, {when}led by {leads}: {done.text}",
                )
            )
        else:
            said.append(
                desk.say(
                    f"如目标{t.id}“{t.title}”，由{leads}主责",
                    f"such as {t.id} “{t.title}”, led by {leads}",
                )
            )
    text = desk.say("，", "; ").join(said) + desk.say("。", ".")
    if far:
        text += desk.say(f"另有{len(far)}项属推断。", f" {len(far)} more by inference.")
    return text


def _proofs(ways: Sequence[TieGroup]) -> list[tuple[TieGroup, Tie, Evidence]]:
    """Evidence in the order of the ways: one for each tie first, then what is left."""
    first = [(w, t, t.evidence[0]) for w in ways for t in w.ties if t.evidence]
    rest = [(w, t, e) for w in ways for t in w.ties for e in t.evidence[1:]]
    return [*(x for x in first if not x[0].inferred), *rest, *(x for x in first if x[0].inferred)]


def _beside(target: Target) -> list[tuple[Work, list[str]]]:
    """The projects of a target with their furthest stage in each quarter."""
    found = []
    for work in target.works:
        marks = [
            next((s.stage for s in target.steps if s.project == work.name and s.quarter == i), "")
            for i in range(1, 5)
        ]
        found.append((work, marks))
    return found[:12]


def _due(found: Sequence[TieGroup]) -> list[int]:
    """Count the targets with a step there, by quarter."""
    due: list[set[str]] = [set(), set(), set(), set()]
    for tie in (t for w in found for t in w.ties):
        for step in tie.steps:
            due[step.quarter - 1].add(tie.target.iri)
    return [len(d) for d in due]


def _near(desk: Desk, spot: Place, without: set[str]) -> list[tuple[Place, str]]:
    """Neighbours: what lies on the same road or in the same block or street, and why."""
    places = desk.atlas.places
    around = [
        p for p in (*spot.roads, *spot.within) if p in places and places[p].kind != "District"
    ]
    found: dict[str, tuple[Place, str]] = {}
    for wide in around:
        for other in places.values():
            if wide in (*other.roads, *other.within) and other.iri not in {
                spot.iri,
                *without,
                *around,
            }:
                found.setdefault(other.iri, (other, places[wide].label))
    return list(found.values())[:12]


def _above(desk: Desk, spot: Place) -> list[str]:
    """The places that contain a place, the widest first."""
    found: list[str] = []
    frontier = list(spot.within)
    while frontier:
        here = frontier.pop(0)
        if here in desk.atlas.places and here not in found:
            found.append(here)
            frontier += desk.atlas.places[here].within
    return found[::-1]
