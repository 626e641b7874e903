"""The pages of one thing, at its own address: target, body, place, the notice, anything else."""

from __future__ import annotations

import re
from collections import defaultdict

from markupsafe import Markup, escape
from pyoxigraph import NamedNode, QuerySolutions, QueryTriples

from ontology.names import PREFIXES, base
from viz.desk import Desk
from viz.linked import missing, names_of
from viz.pages_place import place
from viz.things import Target

COMPARATORS = {
    "Equal": ("等于", "equal"),
    "AtLeast": ("不少于", "at least"),
    "AtMost": ("不超过", "at most"),
    "About": ("约", "about"),
    "Growth": ("增长", "growth"),
}


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


def target(desk: Desk, t: Target) -> str:
    """A target: its words with their marks, who does it, its quarters, places and numbers."""
    everyone = list(desk.atlas.targets.values())
    at = everyone.index(t)
    leads = [*t.written("Lead"), *t.written("Responsible")]
    helps = t.written("Coordinate")
    quarters = sorted({s.quarter for s in t.steps})
    sentence = desk.say(
        f"{names_of(desk, leads) or '未写部门'}主责，{f'{len(helps)}个部门配合' if helps else '未写配合部门'}；"
        f"{len(quarters)}个季度有节点，写到{len(t.mentions)}个地点。",
        f"Led by {names_of(desk, leads) or 'nobody named'}, {len(helps) or 'no'} coordinators; steps in "
        f"{len(quarters)} quarters, {len(t.mentions)} places named.",
    )
    return desk.page(
        "target.html",
        f"{t.id} {t.title}",
        section="/targets",
        data_links=True,
        crumbs=[(desk.say("目标", "Targets"), "/targets"), (t.id, "")],
        t=t,
        sentence=sentence,
        marked=_marked(t),
        before=everyone[at - 1] if at else None,
        after=everyone[at + 1] if at + 1 < len(everyone) else None,
        comparators={k: desk.say(*v) for k, v in COMPARATORS.items()},
    )


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
    words = {
        "body": ("部门", "department"),
        "street": ("街镇机关", "street office"),
        "sub-unit": ("下属单位", "sub-unit"),
        "company": ("公司", "company"),
        "collective": ("集合称谓", "collective"),
    }
    first = a.targets[leads[0].target].title if leads else ""
    sentence = desk.say(
        f"主责{len(leads)}项"
        + (f"，如“{first}”" if first else "")
        + f"；配合{len(helps)}项；"
        + (f"另有{len(inferred)}项由规则推得。" if inferred else "没有一条靠推断。"),
        f"Leads {len(leads)}, coordinates {len(helps)}; {len(inferred)} more by inference.",
    )
    return desk.page(
        "body.html",
        b.label,
        section="/bodies",
        data_links=True,
        crumbs=[(desk.say("部门", "Bodies"), "/bodies"), (b.label, "")],
        b=b,
        kind=desk.say(*words[b.kind]),
        group=a.group_of.get(iri, ""),
        sentence=sentence,
        leads=leads,
        helps=helps,
        inferred=inferred,
        together=together,
        targets=a.targets,
        members=[a.bodies[m] for m in b.members if m in a.bodies],
    )


def source(desk: Desk, iri: str) -> str:
    """The notice itself, a span marked at its place."""
    notice = next(n for n in desk.atlas.notices.values() if n.source == iri)
    text = desk.snapshot.version.text(iri.rsplit("/", 1)[-1])
    at = re.fullmatch(r"(\d{1,9})-(\d{1,9})", desk.parameter("at"))
    start, end = (int(at[1]), int(at[2])) if at else (len(text), len(text))
    start, end = min(start, len(text)), min(end, len(text))
    return desk.page(
        "source.html",
        notice.title,
        crumbs=[(notice.number or notice.title, ""), (desk.say("原文", "text"), "")],
        notice=notice,
        at=at[0] if at else "",
        before=text[:start] if at else text,
        marked=text[start:end],
        after=text[end:],
    )


def facts(desk: Desk, iri: str) -> str:
    """Anything else: what is said of it, and by what it is mentioned."""
    said: dict[str, list[dict[str, str]]] = defaultdict(list)
    for quad in desk.snapshot.store.quads_for_pattern(NamedNode(iri), None, None):
        said[_short(quad.predicate.value)].append(_value(desk, quad.object))
    if not said and not iri.endswith("/ns"):
        raise missing(desk, iri)
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
        "thing.html",
        label,
        data_links=True,
        iri=iri,
        back=back,
        facts=[(k, sorted(v, key=lambda x: x["text"])) for k, v in sorted(said.items())],
    )


def _vocabulary(desk: Desk) -> list[tuple[str, str, str]]:
    language = desk.say("zh", "en")
    result = desk.snapshot.query(
        f"""SELECT ?x ?l ?c {{ ?x rdfs:label ?l . OPTIONAL {{ ?x rdfs:comment ?c FILTER(LANG(?c) = "{language}") }}
        FILTER(STRSTARTS(STR(?x), STR(tk:)) && LANG(?l) = "{language}") }} ORDER BY ?x"""
    )
    assert isinstance(result, QuerySolutions)
    assert not isinstance(result, QueryTriples)
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
