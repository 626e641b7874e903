"""The views of one thing, `place`, `body` and `target`: what is tied to it, by quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph.store.snapshot import Snapshot
from queries.catalogue import choices, question, resolve
from queries.errors import UnknownThing
from queries.model.atlas import atlas
from queries.model.place_ties import WAYS, WAYS_IN_FULL, Tie, ties
from queries.model.records import Atlas, Edge, Step, Target, furthest
from viz.drawing import figures, flow
from viz.drawing.paper import SCREEN, Paper
from viz.views.selection import (
    NOTHING,
    STREET_GROUP,
    Drawn,
    PictureCell,
    Say,
    Strand,
    chosen,
    domains,
    edges_cell,
    expands,
    filters,
    group_of,
    source,
    speaker,
    steps_cell,
    titled,
)

ROWS = 48
"""The largest number of rows; the caption mentions a cut."""


def place(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Which targets tie into a place, how, by quarter, led by whom."""
    say, a = speaker(language), atlas(snapshot)
    label = resolve(
        snapshot, "place", params.get("name") or _usual(snapshot, "place-targets", _first_place(a))
    )
    known = set(map(id, chosen(a, params)))
    far = expands(params)
    iri = next(p.iri for p in a.places.values() if p.label == label)
    every = [t for t in ties(a, iri) if id(t.target) in known]
    found = [t for t in every if far or t.way != "collective"]
    shown = found[:ROWS]
    links, left, right = [], {}, {}
    groups = {way: [t for t in shown if t.way == way] for way in WAYS}
    for tie in shown:
        row = _key(tie.way, tie.target)
        inferred = tie.way == "collective"
        for through in tie.through or (label,):
            left[through] = flow.FlowEnd(through, through, "#1B1A17")
            links.append(flow.FlowLink(through, row, "", inferred))
        for edge in _leads(tie.target):
            right["→" + edge.body] = _end("→", a, edge, snapshot, say)
            links.append(flow.FlowLink(row, "→" + edge.body, "Lead"))
    hidden = sum(t.way == "collective" for t in every) if not far else 0
    title = titled(snapshot, say, f"{label}：涉及的目标", f"{label}: the targets that tie in")
    written = len({t.target.iri for t in every if t.way != "collective"})
    caption = say(
        f"写明牵涉{label}的目标{written}项，左为经由何处，右为主责部门，中为各季度走得最远的一步。"
        + (f"另有{hidden}项经集合称谓推断，未画。" if hidden else ""),
        f"{written} targets tie into {label} as written: at the left through what, at the right who "
        "leads, between them the furthest step of each quarter."
        + (f" {hidden} more by inference from collectives are not drawn." if hidden else ""),
    ) + _said(params, "place", say) + _cut(len(found), say)  # fmt: skip
    picture = flow.Flow(
        title, caption, source(snapshot, say),
        (say("经由", "through"), say("目标", "target"), say("主责", "leads")),
        tuple(left.values()),
        tuple(
            (say(*WAYS_IN_FULL[way]), tuple(_tie_row(t, snapshot) for t in rows))
            for way, rows in groups.items()
            if rows
        ),
        tuple(right.values()), tuple(links), _quarters(say),
        say(*NOTHING), language == "en",
    )  # fmt: skip
    heads = _heads(say, say("方式", "way"), say("经由", "through"))
    table = tuple(
        (
            say(*WAYS_IN_FULL[t.way]),
            "、".join(t.through) or label,
            *_table_row(t.target, t.steps, say),
        )
        for t in found
    )
    strands = [
        Strand(label, label, t.target.iri, f"{t.target.id} {t.target.title}", t.way) for t in found
    ]
    linked: dict[str, PictureCell] = {}
    for tie in shown:
        key = f"{tie.way}~{tie.target.id}"
        name = f"{label} · {tie.target.id} {tie.target.title}"
        linked[key] = PictureCell(name, tuple((tie.target, e) for e in tie.evidence))
        _quarter_cells(linked, key, tie.target, tie.steps, name)
    _end_cells(linked, a, [e for t in shown for e in _leads(t.target)])
    svg = flow.draw(picture, paper)
    return Drawn(title, caption, svg, heads, table, strands=tuple(strands), cells=linked)


def body(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw the targets that a body leads and coordinates, by quarter, and its partners."""
    say, a = speaker(language), atlas(snapshot)
    label = resolve(
        snapshot, "body", params.get("name") or _usual(snapshot, "body-leads", _busiest(a))
    )
    one = next(b for b in a.bodies.values() if b.label == label)
    far = expands(params)
    mine = {
        t.iri: [e for e in t.edges if e.body == one.iri and (far or not e.inferred)]
        for t in chosen(a, params)
    }
    led = [i for i, es in mine.items() if any(e.role != "Coordinate" for e in es)]
    helped = [i for i, es in mine.items() if es and i not in led]
    links: list[flow.FlowLink] = []
    left: dict[str, flow.FlowEnd] = {}
    right: dict[str, flow.FlowEnd] = {}
    shown = [*led, *helped][:ROWS]
    for iri in shown:
        target = a.targets[iri]
        if iri in led:
            for edge in target.written("Coordinate"):
                right["→" + edge.body] = _end("→", a, edge, snapshot, say)
                links.append(flow.FlowLink(iri, "→" + edge.body, "Coordinate"))
        for edge in _leads(target):
            if edge.body != one.iri or iri in led:
                left[edge.body] = _end("", a, edge, snapshot, say)
                links.append(flow.FlowLink(edge.body, iri, edge.role))
    inferred = sum(e.inferred for e in a.edges_of(one.iri))
    title = titled(snapshot, say, f"{label}：主责与配合", f"{label}: leads and coordinates")
    caption = say(
        f"主责{len(led)}项，配合{len(helped)}项。左为主责部门，右为{label}主责时配合的部门，中为各季度走得最远的一步。"
        + (f"另有{inferred}项属推断，未画。" if inferred and not far else ""),
        f"Leads {len(led)}, coordinates {len(helped)}. At the left who leads, at the right who "
        f"coordinates where {label} leads, between them the furthest step of each quarter."
        + (f" {inferred} more by inference are not drawn." if inferred and not far else ""),
    ) + _said(params, "body", say) + _cut(len(led) + len(helped), say)  # fmt: skip
    groups = (
        (say("主责", "leads"), led, "Lead"),
        (say("配合", "coordinates"), helped, "Coordinate"),
    )
    picture = flow.Flow(
        title, caption, source(snapshot, say),
        (say("主责", "leads"), say("目标", "target"), say("配合", "coordinates")),
        tuple(left.values()),
        tuple(
            (name, tuple(_row(a.targets[i], snapshot, i, mark) for i in iris if i in shown))
            for name, iris, mark in groups
            if iris
        ),
        tuple(right.values()), tuple(links), _quarters(say),
        say(*NOTHING), language == "en",
    )  # fmt: skip
    table = tuple(
        (name, *_table_row(a.targets[i], _whole(a.targets[i]), say))
        for name, iris, _ in groups
        for i in iris
    )
    strands = [
        Strand(one.iri, label, i, f"{a.targets[i].id} {a.targets[i].title}", e.role)
        for i in (*led, *helped)
        for e in mine[i]
    ]
    heads = _heads(say, say("角色", "role"))
    linked: dict[str, PictureCell] = {}
    for iri in shown:
        t = a.targets[iri]
        name = f"{label} · {t.id} {t.title}"
        linked[t.id] = edges_cell(a, mine[iri], name)
        _quarter_cells(linked, t.id, t, t.steps, name)
    others = [e for i in shown for e in a.targets[i].edges if not e.inferred]
    _end_cells(linked, a, others)
    svg = flow.draw(picture, paper)
    return Drawn(title, caption, svg, heads, table, strands=tuple(strands), cells=linked)


def target(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """One target: who leads, who coordinates, and its projects by quarter."""
    say, a = speaker(language), atlas(snapshot)
    numbers = choices(snapshot, "target")
    number = params.get("notation") or (numbers[0] if numbers else "")
    mine = [t for t in a.targets.values() if t.id == number]
    if not mine:
        raise UnknownThing("notation", number, _near(number, numbers))
    far = expands(params)
    links, left, right, groups = [], {}, {}, []
    for t in mine:
        works = [
            _work_row(t, name, snapshot)
            for name in dict.fromkeys(s.project for s in t.steps if s.project)
        ][: ROWS - 1]
        rows = (_row(t, snapshot, t.iri, ""), *works)
        groups.append((t.domain if len(mine) == 1 else f"{t.domain} · {t.title}", rows))
        for edge in t.edges:
            if edge.inferred and not far:
                continue
            if edge.role != "Coordinate":
                left[edge.body] = _end("", a, edge, snapshot, say)
                links.append(flow.FlowLink(edge.body, t.iri, edge.role, edge.inferred))
            else:
                right["→" + edge.body] = _end("→", a, edge, snapshot, say)
                links.append(flow.FlowLink(t.iri, "→" + edge.body, edge.role, edge.inferred))
    first = mine[0]
    leads = "、".join(e.label for t in mine for e in _leads(t))
    helps = sum(len(t.written("Coordinate")) for t in mine)
    hidden = sum(e.inferred for t in mine for e in t.edges) if not far else 0
    title = titled(snapshot, say, f"目标{number}：{first.title}", f"Target {number}: {first.title}")
    caption = say(
        f"{f'{leads}主责' if leads else '主责未写'}，{_helped(mine, helps, say)}，{sum(len(t.works) for t in mine)}个项目，写到"
        f"{sum(len(t.mentions) for t in mine)}个地点。" + (f"另有{hidden}条分工属推断，未画。" if hidden else ""),
        f"Led by {leads or 'nobody named'}, {_helped(mine, helps, say)}, "
        f"{sum(len(t.works) for t in mine)} projects, {sum(len(t.mentions) for t in mine)} places."
        + (f" {hidden} inferred edges are not drawn." if hidden else ""),
    )  # fmt: skip
    picture = flow.Flow(
        title, caption, source(snapshot, say),
        (say("主责", "leads"), say("目标与项目", "target and projects"), say("配合", "coordinates")),
        tuple(left.values()), tuple(groups), tuple(right.values()), tuple(links), _quarters(say),
        say("没有可画的内容。", "Nothing to draw."), language == "en",
    )  # fmt: skip
    table = tuple(
        (e.label, say("配合", "coordinates") if e.role == "Coordinate" else say("主责", "leads"),
         say("推断", "inferred") if e.inferred else say("写明", "written"), e.named_as or e.via)
        for t in mine for e in t.edges
    )  # fmt: skip
    strands = [
        Strand(e.body, e.label, t.iri, f"{t.id} {t.title}", e.role)
        for t in mine
        for e in t.edges
        if far or not e.inferred
    ]
    heads = (
        say("单位", "body"),
        say("角色", "role"),
        say("依据", "basis"),
        say("原文写作", "written as"),
    )
    linked: dict[str, PictureCell] = {}
    for t in mine:
        name = f"{t.id} {t.title}"
        linked[t.id] = steps_cell(t, (s for s in t.steps if not s.project), name)
        _quarter_cells(linked, t.id, t, t.steps, name)
        for project in dict.fromkeys(s.project for s in t.steps if s.project):
            own = [s for s in t.steps if s.project == project]
            linked[f"{t.id}~{project}"] = steps_cell(t, own, f"{t.id} {project}")
            _quarter_cells(linked, f"{t.id}~{project}", t, own, f"{t.id} {project}")
        _end_cells(linked, a, t.edges)
    svg = flow.draw(picture, paper)
    return Drawn(title, caption, svg, heads, table, strands=tuple(strands), cells=linked)


def _quarter_cells(
    cells: dict[str, PictureCell], key: str, target: Target, steps: Iterable[Step], name: str
) -> None:
    """Add the cells of the four quarters of a row."""
    every = list(steps)
    for q in (1, 2, 3, 4):
        cells[f"{key}~Q{q}"] = steps_cell(
            target, (s for s in every if s.quarter == q), f"{name} · Q{q}"
        )


def _end_cells(cells: dict[str, PictureCell], a: Atlas, edges: Iterable[Edge]) -> None:
    """Add the cells of the bodies at both sides: the words that name them."""
    named: dict[str, list[Edge]] = {}
    for edge in edges:
        named.setdefault(edge.label, []).append(edge)
    for name, found in named.items():
        cells[f"body~{name}"] = edges_cell(a, found, name)


def _usual(snapshot: Snapshot, name: str, other: str) -> str:
    """The default of a question of the catalogue, where the graph has it; else another."""
    parameter = question(name).params[0]
    known = choices(snapshot, parameter.kind)
    return parameter.default if parameter.default in known else other


def _first_place(a: Atlas) -> str:
    """The street that most targets name, else the place that most do."""
    counts: dict[str, int] = {}
    for t in a.targets.values():
        for m in t.mentions:
            counts[m.label] = counts.get(m.label, 0) + (1000 if m.kind == "Street" else 1)
    return max(sorted(counts), key=lambda n: counts[n], default="")


def _busiest(a: Atlas) -> str:
    """The body that leads most."""
    counts: dict[str, int] = {}
    for t in a.targets.values():
        for e in _leads(t):
            counts[e.label] = counts.get(e.label, 0) + 1
    return max(sorted(counts), key=lambda n: counts[n], default="")


def _leads(target: Target) -> list[Edge]:
    return [*target.written("Lead"), *target.written("Responsible")]


def _whole(target: Target) -> list[Step]:
    return [s for s in target.steps if not s.project]


def _key(way: str, target: Target) -> str:
    return f"{way} {target.iri}"


def _stages(steps: Iterable[Step]) -> tuple[str, str, str, str]:
    every = list(steps)
    one, two, three, four = (
        furthest(s.stage for s in every if s.quarter == q) if any(s.quarter == q for s in every) else ""
        for q in (1, 2, 3, 4)
    )  # fmt: skip
    return one, two, three, four


def _row(target: Target, snapshot: Snapshot, key: str, mark: str) -> flow.FlowRow:
    colour = figures.ink(target.domain, domains(snapshot))
    return flow.FlowRow(
        key, target.id, target.title, _stages(target.steps), colour, mark, link=target.id
    )


def _tie_row(tie: Tie, snapshot: Snapshot) -> flow.FlowRow:
    colour = figures.ink(tie.target.domain, domains(snapshot))
    key = _key(tie.way, tie.target)
    return flow.FlowRow(
        key, tie.target.id, tie.target.title, _stages(tie.steps), colour, tie.way,
        link=f"{tie.way}~{tie.target.id}",
    )  # fmt: skip


def _work_row(target: Target, name: str, snapshot: Snapshot) -> flow.FlowRow:
    colour = figures.ink(target.domain, domains(snapshot))
    steps = [s for s in target.steps if s.project == name]
    key = f"{target.iri} {name}"
    return flow.FlowRow(key, "", name, _stages(steps), colour, link=f"{target.id}~{name}")


def _end(side: str, a: Atlas, edge: Edge, snapshot: Snapshot, say: Say) -> flow.FlowEnd:
    streets = say(*STREET_GROUP)
    group = group_of(a, edge.body, streets)
    colour = figures.hue(group, domains(snapshot), streets)
    return flow.FlowEnd(side + edge.body, edge.label, colour, link=f"body~{edge.label}")


def _quarters(say: Say) -> tuple[str, str, str, str]:
    return say("一", "1"), say("二", "2"), say("三", "3"), say("四", "4")


def _heads(say: Say, *before: str) -> tuple[str, ...]:
    quarters = (say(f"第{q}季度", f"Q{i}") for i, q in enumerate("一二三四", start=1))
    return (*before, say("号", "number"), say("目标", "target"), say("主责", "leads"), *quarters)


def _table_row(target: Target, steps: Sequence[Step], say: Say) -> tuple[str, ...]:
    cells = ("；".join(s.text for s in steps if s.quarter == q) for q in (1, 2, 3, 4))
    return (target.id, target.title, say("、", ", ").join(e.label for e in _leads(target)), *cells)


def _said(params: Mapping[str, str], name: str, say: Say) -> str:
    words = filters({k: v for k, v in params.items() if k != "name"}, name, say)
    return say(f"条件：{words}。", f" Filters: {words}.") if words else ""


def _cut(count: int, say: Say) -> str:
    if count <= ROWS:
        return ""
    return say(
        f"共{count}行，只画前{ROWS}行，其余见表。",
        f" {count} rows; the first {ROWS} are drawn, the rest stand in the table.",
    )


def _near(value: str, known: Sequence[str]) -> list[str]:
    digits = "".join(c for c in value if c.isdigit())
    return [n for n in known if digits and n.strip("ab") == digits][:5] or list(known[:5])


def _helped(mine: list[Target], helps: int, say: Say) -> str:
    """State how many coordinate; where none do, whether the notice has a dash or nothing."""
    if helps:
        return say(f"{helps}个单位配合", f"{helps} coordinators")
    if any("coordinate" in t.none_stated for t in mine):
        return say("配合栏原文为“——”", "“——” stands for coordinators")
    return say("配合未写", "no coordinator stated")
