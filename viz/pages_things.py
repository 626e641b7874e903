"""The pages of one thing, at its own address: target, body, place, the notice, anything else."""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from dataclasses import dataclass

from markupsafe import Markup, escape
from pyoxigraph import NamedNode, QuerySolutions, QueryTriples, RdfFormat, Triple, serialize

from ontology.names import OA, PREFIXES, base
from viz.atlas import Edge, Evidence, Mention, Step, Target
from viz.desk import Desk, Near

COMPARATORS = {
    "Equal": ("等于", "equal"), "AtLeast": ("不少于", "at least"), "AtMost": ("不超过", "at most"),
    "About": ("约", "about"), "Growth": ("增长", "growth"),
}  # fmt: skip


def thing(desk: Desk, iri: str) -> str:
    """The page of a thing. Raises Near where nothing is known of it."""
    a = desk.atlas
    if iri in a.targets:
        return target(desk, a.targets[iri])
    if iri in a.bodies:
        return body(desk, iri)
    if iri in a.places and a.places[iri].kind != "District":
        return place(desk, iri)
    if any(n.source == iri for n in a.notices.values()):
        return source(desk, iri)
    return facts(desk, iri)


def rdf(desk: Desk, iri: str, form: str) -> bytes:
    """What is said of a thing, its evidence with it. Raises Near where nothing is."""
    node = NamedNode(iri)
    said = {
        Triple(q.subject, q.predicate, q.object)
        for q in desk.snapshot.store.quads_for_pattern(node, None, None)
    }
    if iri == "https://w3id.org/tiaokuai/ns":
        home = PREFIXES["tk"]
        said |= {
            q.triple
            for q in desk.snapshot.store
            if getattr(q.subject, "value", "").startswith(home)
        }
    if not said:
        raise _missing(desk, iri)
    for triple in list(said):
        if triple.predicate in (OA["hasSelector"],) or getattr(
            triple.predicate, "value", ""
        ).endswith("#evidence"):
            said |= _about(desk, triple.object)
    for quad in desk.snapshot.store.quads_for_pattern(None, None, node):
        said.add(quad.triple)
    formats = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "jsonld": RdfFormat.JSON_LD}
    ordered = sorted(said, key=str)
    prefixes = PREFIXES if form == "ttl" else None
    return serialize(ordered, format=formats[form], prefixes=prefixes) or b""


def _about(desk: Desk, node: object) -> set[Triple]:
    found: set[Triple] = set()
    if isinstance(node, NamedNode):
        for suffix in ("", "#pos", "#quote"):
            part = NamedNode(node.value.split("#")[0] + suffix)
            found |= {q.triple for q in desk.snapshot.store.quads_for_pattern(part, None, None)}
    return found


def _missing(desk: Desk, iri: str) -> Near:
    a = desk.atlas
    name = iri.rsplit("/", 1)[-1]
    labels = {x.label: x.iri for x in (*a.bodies.values(), *a.places.values())}
    labels |= {t.id: t.iri for t in a.targets.values()}
    near = (
        difflib.get_close_matches(name, labels, 5, 0.4)
        or [x for x in labels if name and name in x][:5]
    )
    title = desk.say("没有找到", "Not found")
    detail = desk.say(f"图谱里没有“{name}”", f"the graph has no “{name}”")
    return Near(title, detail, [(n, desk.thing(labels[n])) for n in near])


def _names(desk: Desk, edges: list[Edge]) -> str:
    return desk.say("、", ", ").join(e.label for e in edges)


def target(desk: Desk, t: Target) -> str:
    """A target: its words with their marks, who does it, its quarters, places and numbers."""
    everyone = list(desk.atlas.targets.values())
    at = everyone.index(t)
    leads = [*t.written("Lead"), *t.written("Responsible")]
    helps = t.written("Coordinate")
    quarters = sorted({s.quarter for s in t.steps})
    sentence = desk.say(
        f"{_names(desk, leads) or '未写部门'}主责，{f'{len(helps)}个部门配合' if helps else '未写配合部门'}；"
        f"{len(quarters)}个季度有节点，写到{len(t.mentions)}个地点。",
        f"Led by {_names(desk, leads) or 'nobody named'}, {len(helps) or 'no'} coordinators; steps in "
        f"{len(quarters)} quarters, {len(t.mentions)} places named.",
    )
    return desk.page(
        "target.html", f"{t.id} {t.title}", section="/targets", data_links=True,
        crumbs=[(desk.say("目标", "Targets"), "/targets"), (t.id, "")],
        t=t, sentence=sentence, marked=_marked(t), before=everyone[at - 1] if at else None,
        after=everyone[at + 1] if at + 1 < len(everyone) else None,
        comparators={k: desk.say(*v) for k, v in COMPARATORS.items()},
    )  # fmt: skip


def _marked(t: Target) -> Markup:
    """The target's words with the marks of Chinese punctuation: places, numbers, promises."""
    text = t.text
    spans: list[tuple[int, int, str]] = []
    for mention in t.mentions:
        for name in {
            mention.label,
            *(("".join(e.quote.split())) for e in mention.evidence if e.cell == "text"),
        }:
            spans += [(m.start(), m.end(), "u") for m in re.finditer(re.escape(name), text)]
    for figure in t.figures:
        if not figure.quarter and figure.as_written:
            spans += [
                (m.start(), m.end(), "b") for m in re.finditer(re.escape(figure.as_written), text)
            ]
    spans += [(m.start(), m.end(), "em") for m in re.finditer("力争|争取|确保|力保", text)]
    spans.sort(key=lambda s: (s[0], -s[1]))
    out, at = [], 0
    for start, end, tag in spans:
        if start < at:
            continue
        name = 'b class="framed"' if tag == "b" else tag
        out.append(
            escape(text[at:start])
            + Markup(f"<{name}>")
            + escape(text[start:end])
            + Markup(f"</{tag}>")
        )
        at = end
    return Markup("").join([*out, escape(text[at:])])


def body(desk: Desk, iri: str) -> str:
    """A body: what it leads and coordinates, by quarter, with whom, and on what ground."""
    a = desk.atlas
    b = a.bodies[iri]
    edges = a.edges_of(iri)
    leads = [e for e in edges if e.role != "Coordinate" and not e.inferred]
    helps = [e for e in edges if e.role == "Coordinate" and not e.inferred]
    inferred = [e for e in edges if e.inferred]
    shared: dict[str, list[Target]] = defaultdict(list)
    labels: dict[str, str] = {}
    for edge in (*leads, *helps):
        for other in a.targets[edge.target].edges:
            if (
                other.body != iri
                and not other.inferred
                and a.targets[edge.target] not in shared[other.body]
            ):
                shared[other.body].append(a.targets[edge.target])
                labels[other.body] = other.label
    together = sorted(
        ((o, labels[o], ts) for o, ts in shared.items() if o in labels),
        key=lambda x: (-len(x[2]), x[1]),
    )
    words = {"body": ("部门", "department"), "street": ("街镇机关", "street office"), "sub-unit": ("下属单位", "sub-unit"),
             "company": ("公司", "company"), "collective": ("集合称谓", "collective")}  # fmt: skip
    first = a.targets[leads[0].target].title if leads else ""
    sentence = desk.say(
        f"主责{len(leads)}项"
        + (f"，如“{first}”" if first else "")
        + f"；配合{len(helps)}项；"
        + (f"另有{len(inferred)}项由规则推得。" if inferred else "没有一条靠推断。"),
        f"Leads {len(leads)}, coordinates {len(helps)}; {len(inferred)} more by inference.",
    )
    return desk.page(
        "body.html", b.label, section="/bodies", data_links=True,
        crumbs=[(desk.say("部门", "Bodies"), "/bodies"), (b.label, "")],
        b=b, kind=desk.say(*words[b.kind]), group=a.group_of.get(iri, ""), sentence=sentence, leads=leads,
        helps=helps, inferred=inferred, together=together, targets=a.targets,
        members=[a.bodies[m] for m in b.members if m in a.bodies],
    )  # fmt: skip


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
    lead = _names(desk, first.target.written("Lead")) if first else ""
    sentence = desk.say(
        f"牵涉{total}项目标"
        + (f"，如目标{first.target.id}“{first.target.title}”，由{lead}主责。" if first else "。"),
        f"{total} targets tie in"
        + (f", such as {first.target.id}, led by {lead}." if first else "."),
    )
    above = [a.places[w].label for w in spot.within if w in a.places]
    return desk.page(
        "place.html", spot.label, section="/places", data_links=True,
        crumbs=[(desk.say("地点", "Places"), "/places"), (desk.kinds()[spot.kind], ""), (spot.label, "")],
        place=spot, sentence=sentence, ways=ways,
        inside=[a.places[p] for p in sorted(inside) if iri in (*a.places[p].within, *a.places[p].roads)],
        roads=[a.places[r] for r in spot.roads if r in a.places], same=[a.places[s] for s in sorted(same) if s != iri],
        around="、".join(above) or desk.say("原文未写它在哪个街道", "the notice does not say in which street"),
    )  # fmt: skip


def _way(desk: Desk, zh: str, en: str, note_zh: str, note_en: str, ties: list[Tie], *, inferred: bool = False) -> dict[str, object] | dict[str, list[Tie]]:  # fmt: skip
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


def source(desk: Desk, iri: str) -> str:
    """The notice itself, a span marked at its place."""
    notice = next(n for n in desk.atlas.notices.values() if n.source == iri)
    text = desk.snapshot.version.text(iri.rsplit("/", 1)[-1])
    at = re.fullmatch(r"(\d{1,9})-(\d{1,9})", desk.parameter("at"))
    start, end = (int(at[1]), int(at[2])) if at else (len(text), len(text))
    start, end = min(start, len(text)), min(end, len(text))
    return desk.page(
        "source.html", notice.title, crumbs=[(notice.number or notice.title, ""), (desk.say("原文", "text"), "")],
        notice=notice, at=at[0] if at else "", before=text[:start] if at else text,
        marked=text[start:end], after=text[end:],
    )  # fmt: skip


def facts(desk: Desk, iri: str) -> str:
    """Anything else: what is said of it, and by what it is mentioned."""
    said: dict[str, list[dict[str, str]]] = defaultdict(list)
    for quad in desk.snapshot.store.quads_for_pattern(NamedNode(iri), None, None):
        said[_short(quad.predicate.value)].append(_value(desk, quad.object))
    if not said and not iri.endswith("/ns"):
        raise _missing(desk, iri)
    back = [
        {**_value(desk, q.subject), "note": _short(q.predicate.value)}
        for q in desk.snapshot.store.quads_for_pattern(None, None, NamedNode(iri))
    ][:200]
    if iri.endswith("/ns"):
        back = [{"text": f"{k} {zh}", "href": "", "note": c} for k, zh, c in _vocabulary(desk)]
    label = next(
        (v["text"] for v in said.get("skos:prefLabel", [])), iri.removeprefix(base() + "id/")
    )
    return desk.page(
        "thing.html", label, data_links=True, iri=iri, back=back,
        facts=[(k, sorted(v, key=lambda x: x["text"])) for k, v in sorted(said.items())],
    )  # fmt: skip


def _vocabulary(desk: Desk) -> list[tuple[str, str, str]]:
    language = desk.say("zh", "en")
    result = desk.snapshot.query(
        f"""SELECT ?x ?l ?c {{ ?x rdfs:label ?l . OPTIONAL {{ ?x rdfs:comment ?c FILTER(LANG(?c) = "{language}") }}
        FILTER(STRSTARTS(STR(?x), STR(tk:)) && LANG(?l) = "{language}") }} ORDER BY ?x"""
    )
    assert isinstance(result, QuerySolutions) and not isinstance(result, QueryTriples)
    return [(_short(s[0].value), s[1].value, s[2].value if s[2] else "") for s in result]


def _short(iri: str) -> str:
    for prefix, home in PREFIXES.items():
        if iri.startswith(home):
            return f"{prefix}:{iri.removeprefix(home)}"
    return iri


def _value(desk: Desk, term: object) -> dict[str, str]:
    value = getattr(term, "value", str(term))
    if isinstance(term, NamedNode):
        href = desk.thing(value)
        shown = value.removeprefix(base() + "id/") if href != value else _short(value)
        return {"text": shown, "href": href if href != value else ""}
    return {"text": value, "href": ""}
