"""What a view draws from: the targets that its filters leave, their groups, and its words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.snapshot import Snapshot
from viz.atlas import atlas
from viz.things import Atlas, Edge, Target


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with all that belongs to it."""

    title: str
    caption: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    live: dict[str, Any] | None = None
    """What the interactive network holds; None where the view has none."""


def default_minimum(name: str) -> str:
    return "3" if name == "bodies" else "1"


def speaker(language: str) -> Callable[[str, str], str]:
    return lambda zh, en: en if language == "en" else zh


def domains(snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.domain for t in atlas(snapshot).targets.values() if t.domain))


def chosen(a: Atlas, params: Mapping[str, str]) -> list[Target]:
    quarter, domain = params.get("quarter", "all"), params.get("domain", "")
    return [
        t
        for t in a.targets.values()
        if (not domain or t.domain == domain)
        and (quarter == "all" or any(s.quarter == int(quarter) for s in t.steps))
    ]


def is_collective(edge: Edge) -> bool:
    return "/集合/" in edge.body


def group_of(a: Atlas, body: str, streets: str) -> str:
    known = a.bodies.get(body)
    return streets if known and known.kind == "street" else a.group_of.get(body, "")


def filters(params: Mapping[str, str], name: str, say: Callable[[str, str], str]) -> str:
    said = [
        say(
            f"至少共担{params.get('min', default_minimum(name))}项",
            f"at least {params.get('min', default_minimum(name))} shared",
        )
    ]
    if params.get("quarter", "all") != "all":
        said.append(
            say(f"第{params['quarter']}季度有节点", f"with a step in quarter {params['quarter']}")
        )
    if params.get("domain"):
        said.append(params["domain"])
    return say("，", ", ").join(said)


def source(snapshot: Snapshot, say: Callable[[str, str], str]) -> str:
    titles = "；".join(f"{n.title}，{n.number}" for n in atlas(snapshot).notices.values())
    return say(
        f"出处：{titles}。只计原文写明的分工。版本 {snapshot.version.id}",
        f"Source: {titles}. Written assignments only. Version {snapshot.version.id}",
    )
