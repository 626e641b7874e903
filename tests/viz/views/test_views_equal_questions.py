"""The law of all views: what a picture draws equals what questions of the catalogue answer."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from typing import NamedTuple
from xml.etree import ElementTree

import pytest
from ground_laws import check_map, check_tiles
from progress_laws import (
    check_board,
    check_bullets,
    check_burn_up,
    check_lights,
    check_owed,
    check_slips,
)
from view_answers import SVG, Params, rows, select, tips, within

from graph.store.snapshot import Snapshot
from queries.catalogue import choices
from queries.known_names import meaning_of
from viz.views.catalogue import VIEWS, picture
from viz.views.selection import Drawn

STREETS = "街镇"


class Edge(NamedTuple):
    """One body in one role of one target."""

    target: str
    role: str
    body: str
    collective: bool


def edges(snapshot: Snapshot, params: Params) -> list[Edge]:
    """Assignments of the targets that the filters leave: written, or with what is inferred."""
    asked = rows(snapshot, "asserted-edges", "notation role name body")
    if params.get("collectives") == "expand":
        asked += select(
            snapshot,
            """SELECT ?n ?role ?name ?body { ?a tk:inferred true ; tk:target/skos:notation ?n ;
            tk:role/rdfs:label ?role ; tk:body ?body . ?body skos:prefLabel ?name
            FILTER(LANG(?role) = "zh") }""",
        )
    kept = within(snapshot, params)
    return [Edge(n, role, name, "/集合/" in body) for n, role, name, body in asked if n in kept]


def pairs(snapshot: Snapshot, params: Params) -> dict[tuple[str, str], list[str]]:
    """The targets that a lead and a coordinator share, in the order of the document."""
    roles: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for edge in edges(snapshot, params):
        if not edge.collective:
            roles[edge.target][edge.role == "配合"].append(edge.body)
    order = list(dict.fromkeys(n for (n,) in rows(snapshot, "asserted-edges", "notation")))
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for target in order:
        leads, others = roles[target]
        for pair in dict.fromkeys((lead, other) for lead in leads for other in others):
            found[pair].append(target)
    return found


def apart(shared: Mapping[tuple[str, str], list[str]]) -> dict[tuple[str, str], list[str]]:
    """Pairs of two different bodies."""
    return {pair: targets for pair, targets in shared.items() if pair[0] != pair[1]}


def totals(drawn: Drawn, labels: set[str]) -> dict[str, str]:
    """The first figure at the right of each label."""
    texts = list(ElementTree.fromstring(drawn.svg).iter(f"{SVG}text"))
    figures = sorted(
        (float(text.get("x", "0")), float(text.get("y", "0")), text.text or "")
        for text in texts
        if (text.text or "").isdecimal() and text.get("text-anchor") is None
    )
    found: dict[str, str] = {}
    for label in (
        text for text in texts if text.text in labels and text.get("text-anchor") == "end"
    ):
        x, y = float(label.get("x", "0")), float(label.get("y", "0"))
        near = (number for at, line, number in figures if at > x and abs(line - y) < 1.5)
        found[label.text or ""] = found.get(label.text or "") or next(near, "")
    return found


def check_bodies(snapshot: Snapshot, params: Params) -> None:
    """Edges and shared targets are the pairs; at a minimum of 1 each pair is one line."""
    drawn = picture(snapshot, "bodies", {**params, "min": "1"})
    shared = apart(pairs(snapshot, params))
    assert {(s.start_label, s.end_label): s.weight for s in drawn.strands} == {
        pair: len(targets) for pair, targets in shared.items()
    }
    assert {(r[0], r[1]): r[2:] for r in drawn.rows} == {
        pair: (str(len(targets)), " ".join(targets)) for pair, targets in shared.items()
    }
    seen = [
        line for line in re.findall(r"<line [^>]*>", drawn.svg) if 'stroke-opacity="0"' not in line
    ]
    assert len(seen) == len({frozenset(pair) for pair in shared})
    involved = {e.body: set() for e in edges(snapshot, params) if not e.collective}  # type: ignore[var-annotated]
    leading: dict[str, set[str]] = defaultdict(set)
    for edge in edges(snapshot, params):
        if not edge.collective:
            involved[edge.body].add(edge.target)
            if edge.role != "配合":
                leading[edge.body].add(edge.target)
    assert drawn.live is not None
    nodes = {n["label"]: (n["targets"], n["leads"]) for n in drawn.live["nodes"]}
    assert nodes == {b: (len(ts), len(leading[b])) for b, ts in involved.items()}


def check_lead_matrix(snapshot: Snapshot, params: Params) -> None:
    """Each cell holds the targets of its lead (row) and coordinator (column), in this order."""
    drawn = picture(snapshot, "lead-matrix", params)
    shared = pairs(snapshot, params)
    assert {(r[0], r[1]): (r[2], r[3]) for r in drawn.rows} == {
        pair: (str(len(targets)), " ".join(targets)) for pair, targets in shared.items()
    }
    assert {(s.start_label, s.end_label): s.weight for s in drawn.strands} == {
        pair: len(targets) for pair, targets in shared.items()
    }
    assert sorted(tips(drawn)) == sorted(
        f"{lead} × {other}: {' '.join(targets)}" for (lead, other), targets in apart(shared).items()
    )
    led = Counter(e.body for e in edges(snapshot, params) if e.role != "配合" and not e.collective)
    shown = totals(drawn, set(led))
    assert shown == {body: str(led[body]) for body in shown}
    assert {lead for lead, _ in shared} <= set(shown)


def check_domains(snapshot: Snapshot, params: Params) -> None:
    """Pairs counted by the domain in which each body leads most, else coordinates most."""
    drawn = picture(snapshot, "domains", params)
    group = groups(snapshot)
    counts: Counter[tuple[str, str]] = Counter()
    for (lead, other), targets in apart(pairs(snapshot, params)).items():
        counts[group[lead], group[other]] += len(targets)
    assert {(r[0], r[1]): int(r[2]) for r in drawn.rows} == counts
    shown = [tip for tip in tips(drawn) if not tip.endswith(": 0")]
    assert sorted(shown) == sorted(f"{one} × {other}: {n}" for (one, other), n in counts.items())


def groups(snapshot: Snapshot) -> dict[str, str]:
    """The domain of each body; offices of streets are a group of their own."""
    asked = select(
        snapshot, "SELECT ?n ?d { ?t skos:notation ?n ; tk:ordinal ?o ; tk:domain/skos:prefLabel ?d FILTER(LANG(?d) = 'zh') } ORDER BY ?o"
    )  # fmt: skip
    domain = dict((n, d) for n, d in asked)  # noqa: C402
    order = list(dict.fromkeys(domain.values()))
    counts: dict[str, tuple[Counter[str], Counter[str]]] = defaultdict(
        lambda: (Counter(), Counter())
    )
    for edge in edges(snapshot, {}):
        counts[edge.body][edge.role == "配合"][domain[edge.target]] += 1
    found = {}
    for body, (led, helped) in counts.items():
        best = led or helped
        found[body] = min(best, key=lambda d: (-best[d], order.index(d)))
    offices = select(
        snapshot, "SELECT ?l { ?b tk:jurisdiction ?s ; skos:prefLabel ?l . ?s a tk:Street }"
    )
    return found | {label: STREETS for (label,) in offices}


WAYS = {"named": "地点写明", "within": "范围之内", "office": "街道参与", "samePlace": "同一地点", "collective": "集合称谓"}  # fmt: skip


def tied(snapshot: Snapshot, name: str, params: Params) -> list[tuple[str, ...]]:
    """Notation, way, leads and intermediate places of the targets of a place."""
    kept, far = within(snapshot, params), params.get("collectives") == "expand"
    asked = rows(snapshot, "place-targets", "notation way lead through", name=name)
    return [row for row in asked if row[0] in kept and (far or row[1] != "collective")]


def check_streets(snapshot: Snapshot, params: Params) -> None:
    """A cell is marked where `place-targets` ties the target to the street, in the same ways."""
    drawn = picture(snapshot, "streets", params)
    wanted = Counter(
        (street, notation, way)
        for (street,) in select(snapshot, "SELECT ?l { ?s a tk:Street ; skos:prefLabel ?l }")
        for notation, way, *_ in tied(snapshot, street, params)
    )
    assert Counter((s.start_label, s.end_label.split()[0], s.role) for s in drawn.strands) == wanted
    assert Counter((r[0], r[1]) for r in drawn.rows) == Counter((s, n) for s, n, _ in wanted)
    marked = {(s, n) for s, n, _ in wanted}
    assert Counter(
        (tip.split(" · ")[0], tip.split(" · ")[1].split()[0]) for tip in tips(drawn)
    ) == (Counter(marked))
    shown = totals(drawn, {s for s, _ in marked})
    assert shown == {s: str(n) for s, n in Counter(s for s, _ in marked).items()}


def check_parcels(snapshot: Snapshot, params: Params) -> None:
    """A spot has the targets of `same-spot`; a lot or parcel replaces its block."""
    drawn = picture(snapshot, "parcels", params)
    kept = within(snapshot, params)
    seen: dict[str, set[str]] = defaultdict(set)
    for strand in drawn.strands:
        seen[strand.start_label].add(strand.end_label.split()[0])
    land = {
        (label, notation)
        for label, notation in select(
            snapshot,
            """SELECT ?l ?n { ?t skos:notation ?n ; tk:location ?p . ?p a ?k ; skos:prefLabel ?l .
            FILTER(?k IN (tk:Parcel, tk:Lot, tk:Block))
            FILTER NOT EXISTS { ?t tk:location ?q . ?q geo:sfWithin ?p ; a ?in
              FILTER(?in IN (tk:Parcel, tk:Lot, tk:Block)) } }""",
        )
        if notation in kept
    }
    for spot, targets in seen.items():
        assert targets <= {n for (n,) in rows(snapshot, "same-spot", "notation", name=spot)}, spot
    for label, notation in land:
        names = {written for (written,) in rows(snapshot, "same-spot", "written", name=label)}
        assert any(notation in seen[name] for name in (names | {label}) & set(seen)), label
    assert len(drawn.rows) == sum(map(len, seen.values()))
    texts = dict(steps(snapshot, projects=True))
    for row in drawn.rows:
        notation = row[2].split()[0]
        for quarter, cell in zip("1234", row[5:], strict=True):
            known = texts.get((notation, quarter), "")
            assert all(part in known for part in cell.split("；")), row


def steps(snapshot: Snapshot, *, projects: bool = False) -> list[tuple[tuple[str, str], str]]:
    """The words of each target in each quarter, of its projects too if wanted."""
    agendas = (
        rows(snapshot, "body-agenda", "notation quarter text", name=body)
        for body in choices(snapshot, "body")
    )
    words = sorted({row for agenda in agendas for row in agenda})
    if projects:
        words += select(
            snapshot,
            "SELECT ?n ?q ?text { ?m tk:ofProject ?w ; tk:target/skos:notation ?n ; tk:due/tk:quarter ?q ; tk:text ?text }",
        )
    found: dict[tuple[str, str], str] = defaultdict(str)
    for notation, quarter, text in words:
        found[notation, quarter] += text
    return list(found.items())


def check_timeline(snapshot: Snapshot, params: Params) -> None:
    """Each target has the words of `body-agenda` in each quarter, its leads, and its edges."""
    drawn = picture(snapshot, "timeline", params)
    kept = within(snapshot, params)
    assert {row[0] for row in drawn.rows} == kept
    texts = dict(steps(snapshot))
    for row in drawn.rows:
        for quarter, cell in zip("1234", row[4:], strict=True):
            if params.get("quarter", "all") in ("all", quarter):
                assert cell.replace("；", "") == texts.get((row[0], quarter), "").replace("；", "")
            else:
                assert cell == ""
    assert Counter((s.start_label, s.end_label.split()[0]) for s in drawn.strands) == Counter(
        (e.body, e.target) for e in edges(snapshot, params)
    )


def check_place(snapshot: Snapshot, params: Params) -> None:
    """Every place has the targets, ways and leads of `place-targets`."""
    for name in choices(snapshot, "place"):
        wanted = tied(snapshot, name, params)
        drawn = picture(snapshot, "place", {**params, "name": name})
        assert Counter((s.end_label.split()[0], s.role) for s in drawn.strands) == Counter(
            (notation, way) for notation, way, *_ in wanted
        ), name
        leads = {(row[2], frozenset(row[4].split("、"))) for row in drawn.rows}
        assert leads == {(n, frozenset(lead.split("、"))) for n, _, lead, _ in wanted}, name
        assert numbers(drawn) >= {notation for notation, *_ in wanted[:40]}, name


def check_body(snapshot: Snapshot, params: Params) -> None:
    """Every body has the targets that `body-leads` and `body-coordinates` answer."""
    asked = edges(snapshot, params)
    for name in choices(snapshot, "body"):
        names = meaning_of(snapshot, "body", name).labels  # a new name answers for its old one
        mine = [e for e in asked if e.body in names]
        drawn = picture(snapshot, "body", {**params, "name": name})
        assert Counter(s.end_label.split()[0] for s in drawn.strands) == Counter(
            e.target for e in mine
        ), name
        led = {e.target for e in mine if e.role != "配合"}
        found = {role: {r[1] for r in drawn.rows if r[0] == role} for role in ("主责", "配合")}
        assert found == {"主责": led, "配合": {e.target for e in mine} - led}, name
        assert f"主责{len(led)}项，配合{len(found['配合'])}项" in drawn.caption
        if not params:
            assert led == {n for (n,) in rows(snapshot, "body-leads", "notation", name=name)}
            assert {e.target for e in mine if e.role == "配合"} == {
                n
                for n, inferred in rows(
                    snapshot, "body-coordinates", "notation inferred", name=name
                )
                if inferred == "false"
            }


def check_target(snapshot: Snapshot, params: Params) -> None:
    """Every target has the edges that are written, and each edge its side of the picture."""
    asked, asserted = edges(snapshot, params), edges(snapshot, {})
    for number in choices(snapshot, "target"):
        mine = [e for e in asked if e.target == number]
        drawn = picture(snapshot, "target", {**params, "notation": number})
        assert Counter(s.start_label for s in drawn.strands) == Counter(e.body for e in mine), (
            number
        )
        assert lines(drawn) == len(mine), number
        written = Counter((r[0], r[1]) for r in drawn.rows if r[2] == "写明")
        assert written == Counter(
            (e.body, "配合" if e.role == "配合" else "主责") for e in asserted if e.target == number
        ), number  # fmt: skip


def lines(drawn: Drawn) -> int:
    """The curved lines of a picture, those of its legend left out."""
    curves = re.findall(r'<path d="M([^"C]+)C[^"]+" fill="none" stroke="', drawn.svg)
    heights = [float(start.split(",")[1]) for start in curves]
    return sum(
        y < float(ElementTree.fromstring(drawn.svg).get("height", "0")) - 60 for y in heights
    )


def numbers(drawn: Drawn) -> set[str]:
    """Texts in bold: the numbers of targets, and the heads of groups."""
    return {
        text.text or ""
        for text in ElementTree.fromstring(drawn.svg).iter(f"{SVG}text")
        if text.get("font-weight") == "700"
    }


LAWS: dict[str, Callable[[Snapshot, Params], None]] = {
    "bodies": check_bodies,
    "lead-matrix": check_lead_matrix,
    "domains": check_domains,
    "streets": check_streets,
    "map": check_map,
    "tiles": check_tiles,
    "parcels": check_parcels,
    "timeline": check_timeline,
    "place": check_place,
    "body": check_body,
    "target": check_target,
    "board": check_board,
    "lights": check_lights,
    "owed": check_owed,
    "burn-up": check_burn_up,
    "slips": check_slips,
    "bullets": check_bullets,
}
SCOPES: list[Params] = [
    {},
    {"quarter": "2"},
    {"domain": "城区建设管理", "quarter": "4"},
    {"collectives": "expand"},
    {"domain": "城区建设管理"},
]
CASES = [
    pytest.param(name, params, id=" ".join((name, *params.values())))
    for name, view in VIEWS.items()
    for params in SCOPES
    if set(params) <= set(view.params) and not view.all_years
]


@pytest.mark.parametrize(("name", "params"), CASES)
def test_a_view_draws_what_the_questions_answer(
    snapshot: Snapshot, told: Snapshot, name: str, params: Params
) -> None:
    LAWS[name](told if VIEWS[name].of_reports else snapshot, params)
