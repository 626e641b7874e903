"""The page of a place: which targets tie in, how, by quarter, led by whom."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from queries.model.place_ties import WAYS
from queries.model.records import Evidence, Mention, Place, Step, Target, Work
from viz.entities.changes import since
from viz.web.context import Desk
from viz.web.linked_data import names_of

SHOWN = 6
"""How many pieces of evidence stand below the table; all of them stand in its rows."""


@dataclass(frozen=True, slots=True)
class Tie:
    """How a target ties to a place: through what, with which steps and sentences."""

    target: Target
    through: str
    steps: tuple[Step, ...]
    """Of the projects on the spot."""
    evidence: tuple[Evidence, ...]

    @property
    def due(self) -> tuple[Step, ...]:
        """Its steps; those of the whole row where that names no project on the spot."""
        return self.steps or tuple(s for s in self.target.steps if not s.project)


@dataclass(frozen=True, slots=True)
class Way:
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
    inside = _inside(desk, iri)
    same = _same(desk, {iri})
    found = ways(desk, iri)
    tied = list(dict.fromkeys(t.target.iri for w in found for t in w.ties))
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
        sentence=_sentence(desk, found, tied),
        ways=found,
        due=_due(found),
        near=_near(desk, spot, inside | same),
        report=desk.url(
            f"/reports/{'street' if spot.kind == 'Street' else 'parcel'}.docx", name=spot.label
        ),
        since=since(desk, iri),
        total=len(tied),
        proofs=proofs[:SHOWN],
        more=max(len(proofs) - SHOWN, 0),
        first=first,
        beside=_beside(first) if first else [],
        inside=[
            a.places[p] for p in sorted(inside) if iri in (*a.places[p].within, *a.places[p].roads)
        ],
        roads=[a.places[r] for r in spot.roads if r in a.places],
        same=[a.places[s] for s in sorted(same)],
        above=[a.places[p] for p in above if a.places[p].kind != "District"],
        unknown="Street" not in kinds and spot.kind in ("Block", "Lot", "Parcel", "Address"),
        district="、".join(dict.fromkeys(n.jurisdiction for n in a.notices.values())),
    )


def ways(desk: Desk, iri: str) -> list[Way]:
    """How targets tie to a place: always the five ways, in their order.

    What the question `place-targets` says, but of one address: in many notices a name has several.
    """
    say, a = desk.say, desk.atlas
    spot, inside = a.places[iri], _inside(desk, iri)
    here = {iri, *inside}
    found = _mentions(desk, {iri}, False)
    within = _mentions(desk, inside, True)
    other = _mentions(desk, _same(desk, here), True, without=here)
    offices = {b.iri for b in a.bodies.values() if b.street == spot.iri}
    is_street = spot.kind == "Street"
    office, group = (_offices(desk, offices, i) if is_street else () for i in (False, True))
    only = say("只有街道才有这种方式", "a way of streets only")
    vias = "、".join(dict.fromkeys(t.through for t in group))
    return [
        Way("named", say(*WAYS["named"]), say("目标或季度格里写了它", "the notice names it"),
            found, len(found)),
        Way("within", say(*WAYS["within"]), say("写了它里面的地点", "a place inside is named"),
            within, len(within)),
        Way("office", say(*WAYS["office"]),
            say("街道机关主责或配合", "its office takes part") if is_street else only,
            office, len(office) if is_street else None),
        Way("collective", say(*WAYS["collective"]),
            say("由“各街(镇)”等推断", "inferred from a collective") if is_street else only,
            group, len(group) if is_street else None, inferred=True,
            why=say(f"推断：原文写“{vias}”，含本街道", f"inferred: the notice writes “{vias}”")),
        Way("samePlace", say(*WAYS["samePlace"]), say("以另一名称写到", "under another name"),
            other, len(other), why=say("写的是它的另一名称", "written under another name")),
    ]  # fmt: skip


def _sentence(desk: Desk, ways: Sequence[Way], tied: list[str]) -> str:
    """What answers the likeliest question: how many targets, which first, who leads it."""
    firm = {t.target.iri for w in ways if not w.inferred for t in w.ties}
    far = [iri for iri in tied if iri not in firm]
    first = next((t for w in ways if not w.inferred for t in w.ties), None)
    if not tied:
        return desk.say("没有目标牵涉这里。", "No target ties in here.")
    said = [desk.say(f"写明的牵涉{len(firm)}项目标", f"{len(firm)} targets tie in as written")]
    if first:
        t = first.target
        leads = names_of(desk, [*t.written("Lead"), *t.written("Responsible")])
        done = next((s for s in first.steps if s.stage == "Done"), None)
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


def _proofs(ways: Sequence[Way]) -> list[tuple[Way, Tie, Evidence]]:
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


def _due(found: Sequence[Way]) -> list[int]:
    """How many targets have a step there in each quarter."""
    due: list[set[str]] = [set(), set(), set(), set()]
    for tie in (t for w in found for t in w.ties):
        for step in tie.due:
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
    """What a place lies in, the widest first."""
    found: list[str] = []
    frontier = list(spot.within)
    while frontier:
        here = frontier.pop(0)
        if here in desk.atlas.places and here not in found:
            found.append(here)
            frontier += desk.atlas.places[here].within
    return found[::-1]


def _inside(desk: Desk, iri: str) -> set[str]:
    """Places inside a place, however deep."""
    found: set[str] = set()
    frontier = [iri]
    while frontier:
        here = frontier.pop()
        for other in desk.atlas.places.values():
            if here in (*other.within, *other.roads) and other.iri not in found:
                found.add(other.iri)
                frontier.append(other.iri)
    return found - {iri}


def _same(desk: Desk, places: Set[str]) -> set[str]:
    """Other names of places."""
    found, frontier = set(places), list(places)
    while frontier:
        for other in desk.atlas.places[frontier.pop()].same:
            if other not in found and other in desk.atlas.places:
                found.add(other)
                frontier.append(other)
    return found - places


def _mentions(
    desk: Desk, wanted: Set[str], through: bool, without: Set[str] = frozenset()
) -> tuple[Tie, ...]:
    ties = []
    for t in desk.atlas.targets.values():
        if any(m.place in without for m in t.mentions):
            continue
        found: list[Mention] = [m for m in t.mentions if m.place in wanted]
        if found:
            labels = dict.fromkeys(m.label for m in found)
            works = {w.name for w in t.works if wanted & set(w.places)}
            steps = tuple(s for s in t.steps if s.project in works and s.project)
            evidence = tuple(e for m in found for e in m.evidence)
            ties.append(Tie(t, "、".join(labels) if through else "", steps, evidence))
    return tuple(ties)


def _offices(desk: Desk, offices: set[str], inferred: bool) -> tuple[Tie, ...]:
    ties = []
    for t in desk.atlas.targets.values():
        found = [e for e in t.edges if e.body in offices and e.inferred == inferred]
        if found:
            evidence = tuple(e.evidence for e in found if e.evidence)
            ties.append(Tie(t, found[0].via if inferred else found[0].named_as, (), evidence))
    return tuple(ties)
