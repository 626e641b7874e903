"""The page of a place: which targets tie in, how, by quarter, led by whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from viz.desk import Desk
from viz.linked import names_of
from viz.things import Evidence, Mention, Step, Target


@dataclass(frozen=True, slots=True)
class Tie:
    """How a target ties to a place: through what, with which steps and sentences."""

    target: Target
    through: str
    steps: tuple[Step, ...]
    evidence: tuple[Evidence, ...]


def place(desk: Desk, iri: str) -> str:
    """A place: which targets tie in, how, by quarter, led by whom, each with its sentence."""
    a = desk.atlas
    spot = a.places[iri]
    inside = _inside(desk, iri)
    same = _same(desk, iri)
    ways = [
        _way(
            desk,
            "地点写明",
            "named",
            "目标或季度格里写了它",
            "the notice names it",
            _mentions(desk, {iri}, spot.label, False),
        ),
        _way(
            desk,
            "范围之内",
            "within",
            "写了它里面的地点",
            "a place inside it is named",
            _mentions(desk, inside, spot.label, True),
        ),
    ]
    if spot.kind == "Street":
        offices = {b.iri for b in a.bodies.values() if b.street == iri}
        ways.append(
            _way(
                desk,
                "街道参与",
                "office",
                "街道机关主责或配合",
                "its office takes part",
                _offices(desk, offices, False),
            )
        )
        ways.append(
            _way(
                desk,
                "集合称谓",
                "collective",
                "由“各街(镇)”等推得",
                "through a collective",
                _offices(desk, offices, True),
                inferred=True,
            )
        )
    ways.append(
        _way(
            desk,
            "同一地点",
            "same place",
            "以另一名称写到",
            "under another name",
            _mentions(desk, same, spot.label, True, without=iri),
        )
    )
    first = next((w["ties"][0] for w in ways if w["ties"]), None)
    total = len({t.target.iri for w in ways for t in w["ties"]})
    lead = names_of(desk, first.target.written("Lead")) if first else ""
    sentence = desk.say(
        f"牵涉{total}项目标"
        + (f"，如目标{first.target.id}“{first.target.title}”，由{lead}主责。" if first else "。"),
        f"{total} targets tie in"
        + (f", such as {first.target.id}, led by {lead}." if first else "."),
    )
    above = [a.places[w].label for w in spot.within if w in a.places]
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
        sentence=sentence,
        ways=ways,
        inside=[
            a.places[p] for p in sorted(inside) if iri in (*a.places[p].within, *a.places[p].roads)
        ],
        roads=[a.places[r] for r in spot.roads if r in a.places],
        same=[a.places[s] for s in sorted(same) if s != iri],
        around="、".join(above)
        or desk.say("原文未写它在哪个街道", "the notice does not say in which street"),
    )


def _way(
    desk: Desk,
    zh: str,
    en: str,
    note_zh: str,
    note_en: str,
    ties: list[Tie],
    *,
    inferred: bool = False,
) -> dict[str, Any]:
    return {
        "label": desk.say(zh, en),
        "note": desk.say(note_zh, note_en),
        "n": len(ties),
        "ties": ties,
        "inferred": inferred,
    }


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
    return found


def _same(desk: Desk, iri: str) -> set[str]:
    found, frontier = {iri}, [iri]
    while frontier:
        for other in desk.atlas.places[frontier.pop()].same:
            if other not in found:
                found.add(other)
                frontier.append(other)
    return found - {iri}


def _mentions(
    desk: Desk, wanted: set[str], label: str, through: bool, without: str = ""
) -> list[Tie]:
    ties = []
    for t in desk.atlas.targets.values():
        if without and any(m.place == without for m in t.mentions):
            continue
        found: list[Mention] = [m for m in t.mentions if m.place in wanted]
        if found:
            labels = {m.label for m in found}
            works = {w.name for w in t.works if wanted & set(w.places)}
            steps = tuple(s for s in t.steps if s.project in works and s.project)
            evidence = tuple(e for m in found for e in m.evidence)
            ties.append(Tie(t, "、".join(sorted(labels)) if through else "", steps, evidence))
    return ties


def _offices(desk: Desk, offices: set[str], inferred: bool) -> list[Tie]:
    ties = []
    for t in desk.atlas.targets.values():
        found = [e for e in t.edges if e.body in offices and e.inferred == inferred]
        if found:
            evidence = tuple(e.evidence for e in found if e.evidence)
            ties.append(Tie(t, found[0].via if inferred else found[0].named_as, (), evidence))
    return ties
