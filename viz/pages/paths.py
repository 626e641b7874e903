"""The page that says how two things are connected, each step with its sentence."""

from __future__ import annotations

import json

from queries.errors import BadParameter, UnknownThing
from queries.model.paths import COUNTED, Link, Paths, Step, connected, found, label
from viz.web.context import Desk, Near

_LINKS = {
    "lead": ("主责", "leads"),
    "coordinate": ("配合", "coordinates"),
    "named": ("写到", "names"),
    "within": ("位于", "lies in"),
    "onRoad": ("临路", "is on the road"),
    "samePlace": ("同一地点", "is the same place"),
    "office": ("辖区", "has the area"),
    "unitOf": ("隶属", "is part of"),
    "member": ("属于", "is a member of"),
}


def paths(desk: Desk) -> str:
    """The form, and where both ends are given, the shortest paths between them."""
    start, end = desk.parameter("from").strip(), desk.parameter("to").strip()
    answer = between(desk) if start and end else None
    title = desk.say("怎么连到一起", "How are they connected")
    if answer:
        one, other = label(desk.atlas, answer.start), label(desk.atlas, answer.end)
        title = desk.say(f"{one}怎样连到{other}", f"How {one} connects to {other}")
    names = sorted(
        {b.label for b in desk.atlas.bodies.values()}
        | {p.label for p in desk.atlas.places.values()}
    )
    return desk.page(
        "paths.html",
        title,
        crumbs=[(desk.say("问题", "Questions"), "/queries"), (desk.say("路径", "Paths"), "")],
        section="/queries",
        start=start,
        end=end,
        far=desk.parameter("inferred") == "yes",
        names=names,
        answer=answer,
        sentence=_sentence(desk, answer) if answer else "",
        paths=[[_told(desk, s) for s in p] for p in answer.paths] if answer else [],
        called=lambda iri: label(desk.atlas, iri),
    )


def between(desk: Desk) -> Paths:
    """The paths that the address asks for. Raises Near and BadParameter."""
    if desk.parameter("inferred") not in ("", "yes", "no"):
        raise BadParameter("inferred", repr(desk.parameter("inferred")), ("yes", "no"))
    ends = []
    for parameter in ("from", "to"):
        text = desk.parameter(parameter)
        if not text.strip():
            raise BadParameter(parameter, "is missing", zh="未填")
        try:
            ends.append(found(desk.atlas, text, parameter))
        except UnknownThing as error:
            asked = {k: desk.parameter(k) for k in ("from", "to")}
            near = [(n, desk.url("/paths", **{**asked, parameter: n})) for n in error.near]
            raise Near(desk.say("没有找到", "Not found"), error.said(desk.language), near) from None
    if ends[0] == ends[1]:
        raise BadParameter("to", "is the same as from", zh="与 from 是同一个")
    return connected(desk.atlas, *ends, inferred=desk.parameter("inferred") == "yes")


def _sentence(desk: Desk, answer: Paths) -> str:
    if not answer.count:
        return desk.say(
            "原文写明的关系连不到一起。", "Nothing that is written connects them."
        )  # fmt: skip
    targets = {n for p in answer.paths for s in p for n in (s.before, s.after)} & set(
        desk.atlas.targets
    )
    many = f"{COUNTED}+" if answer.count >= COUNTED else str(answer.count)
    if answer.length == 2 and targets:
        return desk.say(
            f"经{many}项目标直接相连。", f"They meet in {many} targets."
        )  # fmt: skip
    return desk.say(
        f"最短{answer.length}步，共{many}条路。",
        f"{answer.length} steps at the least, {many} ways.",
    )


def _told(desk: Desk, step: Step) -> dict[str, object]:
    return {
        "before": step.before,
        "after": step.after,
        "links": [(desk.say(*_LINKS[link.kind]), link) for link in step.links],
    }


def as_json(desk: Desk) -> bytes:
    """The same paths as JSON."""
    answer = between(desk)

    def link(said: Link) -> dict[str, object]:
        e = said.evidence
        return {
            "kind": said.kind,
            "inferred": bool(said.via),
            "via": said.via,
            "evidence": {"start": e.start, "end": e.end, "quote": e.quote} if e else None,
        }

    a = desk.atlas
    document = {
        "from": {"iri": answer.start, "label": label(a, answer.start)},
        "to": {"iri": answer.end, "label": label(a, answer.end)},
        "length": answer.length,
        "count": answer.count,
        "paths": [
            [
                {
                    "from": {"iri": s.before, "label": label(a, s.before)},
                    "to": {"iri": s.after, "label": label(a, s.after)},
                    "links": [link(one) for one in s.links],
                }
                for s in path
            ]
            for path in answer.paths
        ],
        "version": desk.snapshot.version.id,
    }
    return json.dumps(document, ensure_ascii=False).encode(errors="replace")
