"""The pages that are not of one thing: lists, search, questions, views, review."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from queries.model.counts import totals
from queries.model.records import Place, Target
from viz.pages.ground import StreetPicture, street_picture
from viz.views.catalogue import VIEWS
from viz.web.context import Desk
from viz.web.paging import paged
from viz.web.sorting import address_with, sifted, sort_links

_STATIC = Path(__file__).parents[1] / "static"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a list; `weight` is how much there is of it, by which the list can be sorted."""

    href: str
    label: str
    note: str
    weight: int


def _entry(desk: Desk, iri: str, label: str, note: str = "", weight: int = 0) -> Entry:
    return Entry(desk.thing(iri), label, note, weight)


def _list(
    desk: Desk,
    title: str,
    groups: list[tuple[str, list[Entry]]],
    weight: str,
    note: str = "",
    streets: StreetPicture | None = None,
) -> str:
    """A list by groups, each sorted as the address says; `weight` is what their weights count."""
    labels = {"name": desk.say("名称", "name"), "weight": weight}
    keys: dict[str, Callable[[Entry], str]] = {
        "name": lambda e: e.label,
        "weight": lambda e: str(e.weight),
    }
    whole = sum(len(entries) for _, entries in groups)
    groups = [
        (heading, sifted(desk, entries, lambda e: f"{e.label} {e.note}", keys))
        for heading, entries in groups
    ]
    every = [(heading, entry) for heading, entries in groups for entry in entries]
    shown, pager = paged(desk, every)
    return desk.page(
        "list.html",
        title,
        groups=[
            (heading, [entry for _, entry in group])
            for heading, group in groupby(shown, key=lambda e: e[0])
        ],
        sizes={heading: len(entries) for heading, entries in groups},
        count=whole,
        left_by_filter=len(every),
        find=desk.parameter("find"),
        asked={k: v for k, v in desk.params if k == "sort"},
        sorts=sort_links(desk, labels),
        cleared=address_with(desk, find=""),
        note=note,
        streets=streets,
        pager=pager,
        empty=desk.say("这里没有内容。", "There is nothing here."),
    )


def targets(desk: Desk) -> str:
    """All targets by domain; where there are several notices, by notice before that."""
    a = desk.atlas

    def heading(target: Target) -> str:
        notice = a.notices.get(target.notice)
        if notice is None or len(a.notices) == 1:
            return target.domain
        return f"{notice.number or notice.title} · {target.domain}"

    groups = [
        (said, [_entry(desk, t.iri, f"{t.id} {t.title}", t.theme, len(t.edges)) for t in group])
        for said, group in groupby(a.targets.values(), key=heading)
    ]
    return _list(desk, desk.say("目标", "Targets"), groups, desk.say("部门数", "departments"))


def bodies(desk: Desk) -> str:
    """All bodies that a row names, by kind, with how much they lead and coordinate."""
    a = desk.atlas
    counts: dict[str, list[int]] = {}
    for target in a.targets.values():
        for edge in target.edges:
            if not edge.inferred:
                counts.setdefault(edge.body, [0, 0])[edge.role == "Coordinate"] += 1
    words = (
        ("body", "部门", "Departments"),
        ("street", "街镇", "Streets"),
        ("sub-unit", "下属单位", "Sub-units"),
        ("company", "公司", "Companies"),
        ("collective", "集合称谓", "Collectives"),
    )
    groups = []
    said = desk.say("主责{} 配合{}", "leads {} coordinates {}")
    for kind, zh, en in words:
        mine = sorted(
            (b for b in a.bodies.values() if b.kind == kind and b.iri in counts),
            key=lambda b: [-x for x in counts[b.iri]],
        )
        entries = [
            _entry(desk, b.iri, b.label, said.format(*counts[b.iri]), sum(counts[b.iri]))
            for b in mine
        ]
        groups.append((desk.say(zh, en), entries))
    others = [_entry(desk, b.iri, b.label) for b in a.bodies.values() if b.iri not in counts]
    groups.append((desk.say("没有写到分工的", "Without a written duty"), others))
    total = totals(a)
    note = desk.say(
        f"写到分工的部门单位{total.bodies}个，另有集合称谓{total.collectives}个。",
        f"{total.bodies} departments with a written duty, and {total.collectives} collectives.",
    )
    return _list(desk, desk.say("部门", "Departments"), groups, desk.say("目标数", "targets"), note)


def places(desk: Desk) -> str:
    """All places by kind, with the targets that name them; of a street also those of its office."""
    a = desk.atlas
    named: dict[str, list[Target]] = {}
    offices: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    for target in a.targets.values():
        for mention in target.mentions:
            named.setdefault(mention.place, []).append(target)
        for inferred, counted in offices.items():
            bodies = [e.body for e in target.edges if e.inferred == inferred]
            counted.update({a.bodies[b].street for b in bodies if b in a.bodies})

    def note(place: Place) -> str:
        said = [" ".join(t.id for t in named.get(place.iri, []))]
        for inferred, zh, en in (
            (False, "街道办参与{}项", "its office takes part in {}"),
            (True, "集合称谓推断{}项", "in {} through a collective"),
        ):
            if n := offices[inferred][place.iri]:
                said.append(desk.say(zh, en).format(n))
        return desk.say("，", ", ").join(x for x in said if x)

    groups = []
    for kind, label in desk.kinds().items():
        mine = sorted((p for p in a.places.values() if p.kind == kind), key=lambda p: p.order)
        groups.append(
            (
                label,
                [_entry(desk, p.iri, p.label, note(p), len(named.get(p.iri, ()))) for p in mine],
            )
        )
    summary = desk.say(
        f"目标写到的地点{len(named)}处；其余由地名录或范围关系而来。",
        f"{len(named)} places that a target names; the others come from the gazetteer or contain one.",
    )
    is_first = not any(desk.parameter(k) for k in ("find", "sort")) and desk.parameter("page") in (
        "",
        "1",
    )
    shown = street_picture(desk) if is_first else None
    weight = desk.say("目标数", "targets")
    return _list(desk, desk.say("地点", "Places"), groups, weight, summary, shown)


def projects(desk: Desk) -> str:
    """All projects by kind."""
    works = sorted(desk.atlas.works.values(), key=lambda w: (w.kind, w.name))
    groups = [
        (
            kind,
            [
                _entry(
                    desk,
                    w.iri,
                    w.name,
                    " ".join(desk.atlas.targets[t].id for t in w.targets),
                    len(w.targets),
                )
                for w in group
            ],
        )
        for kind, group in groupby(works, key=lambda w: w.kind)
    ]
    return _list(desk, desk.say("项目", "Projects"), groups, desk.say("目标数", "targets"))


def views(desk: Desk) -> str:
    """All views, each with its picture and the question that it answers."""
    return desk.page("views.html", desk.say("视图", "Views"), views=list(VIEWS.values()))
