"""Select what a view draws: the targets that its filters leave, their groups, its words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.records import Atlas, Edge, Evidence, Step, Target
from queries.scope import scope_seen

Say = Callable[[str, str], str]
"""Chinese and English in, the reader's language out."""


@dataclass(frozen=True, slots=True)
class Strand:
    """An edge of what is drawn, for files of networks: two things with their labels, and a role."""

    start: str
    start_label: str
    end: str
    end_label: str
    role: str
    weight: int = 1


@dataclass(frozen=True, slots=True)
class PictureCell:
    """A link of a picture: a label and the sentences behind it, each with its target."""

    label: str
    proofs: tuple[tuple[Target, Evidence], ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture with all that belongs to it."""

    title: str
    caption: str
    svg: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    live: dict[str, Any] | None = None
    """The data of the interactive network; None for a view without one."""
    strands: tuple[Strand, ...] = ()
    least: str = ""
    """The usual minimum of shared targets, for a view where it depends on the graph."""
    cells: Mapping[str, PictureCell] = field(default_factory=dict)
    """The links of the picture by their keys; keys that share a part (`~`) are neighbours."""
    measured: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The measures of a network's nodes (graph.exports.networks), with their labels."""


def target_keys(targets: Iterable[Target]) -> dict[str, str]:
    """Name each target within a picture: by its number, and its notice where two have it."""
    every = list(targets)
    numbers = Counter(t.id for t in every)
    return {
        t.iri: t.id if numbers[t.id] == 1 else f"{t.id}@{t.notice.rpartition('/')[2]}"
        for t in every
    }


def steps_cell(target: Target, steps: Iterable[Step], label: str) -> PictureCell:
    """Return the cell of some steps of a target: their sentences, each once."""
    found = dict.fromkeys(s.evidence for s in steps if s.evidence)
    return PictureCell(label, tuple((target, e) for e in found))


def edges_cell(a: Atlas, edges: Iterable[Edge], label: str) -> PictureCell:
    """Return the cell of some assignments: the words that state them."""
    found = dict.fromkeys((e.target, e.evidence) for e in edges if e.evidence)
    return PictureCell(label, tuple((a.targets[t], e) for t, e in found if e))


STREET_GROUP = ("街镇", "streets")
"""The group of the offices of streets, next to those of the domains."""
NOTHING = ("按这些条件没有可画的内容。", "Nothing fits these filters.")
"""Shown in place of a picture."""
SHARED = (("主责", "lead"), ("配合", "coordinator"), ("共担", "shared"), ("目标", "targets"))
"""The heads of a table of who leads and coordinates together."""
MINIMA = ("1", "2", "3", "4", "5", "10", "15", "20", "30", "50", "100", "200")
"""Minima of shared targets that a reader may choose."""
_MINIMA = {"bodies": "3", "lead-matrix": "1", "domains": "1"}


def default_minimum(name: str) -> str:
    """Return the minimum of shared targets that a view has by default."""
    return _MINIMA[name]


def speaker(language: str) -> Say:
    return lambda zh, en: en if language == "en" else zh


def domains(snapshot: Snapshot) -> tuple[str, ...]:
    return tuple(atlas(snapshot).domains)


def chosen(a: Atlas, params: Mapping[str, str]) -> list[Target]:
    quarter, domain = params.get("quarter", "all"), params.get("domain", "")
    return [
        t
        for t in a.targets.values()
        if (not domain or t.domain == domain)
        and (quarter == "all" or any(s.quarter == int(quarter) for s in t.steps))
    ]


def counted(target: Target, params: Mapping[str, str]) -> list[Edge]:
    """The edges of a target that a network counts: written, collectives left out.

    With `collectives=expand` the members of a collective count instead of it, as inferred.
    """
    far = expands(params)
    return [e for e in target.edges if not is_collective(e) and (far or not e.inferred)]


def expands(params: Mapping[str, str]) -> bool:
    """Return whether the members of a collective count instead of it."""
    return params.get("collectives") == "expand"


def is_collective(edge: Edge) -> bool:
    return "/集合/" in edge.body


def group_of(a: Atlas, body: str, streets: str) -> str:
    known = a.bodies.get(body)
    return streets if known and known.kind == "street" else a.group_of.get(body, "")


def filters(params: Mapping[str, str], name: str, say: Say) -> str:
    """The filters of a picture in words; of the least number only where the view has one."""
    said = []
    if name in _MINIMA:
        least = params.get("min", default_minimum(name))
        said.append(say(f"至少共担{least}项", f"at least {least} shared"))
    if params.get("quarter", "all") != "all":
        said.append(
            say(f"第{params['quarter']}季度有节点", f"with a step in quarter {params['quarter']}")
        )
    if params.get("domain"):
        said.append(params["domain"])
    if expands(params):
        said.append(say("集合称谓展开为推断", "collectives expanded by inference"))
    return say("，", ", ").join(said)


def titled(snapshot: Snapshot, say: Say, zh: str, en: str) -> str:
    """The title of a picture, with its scope."""
    scope = scope_seen(snapshot).label(say("zh", "en"))
    return say(f"{zh}（{scope}）", f"{en} ({scope})") if scope else say(zh, en)


def source(snapshot: Snapshot, say: Say, *, expanded: bool = False) -> str:
    """Cite a picture's source: the documents, the kind of facts counted, the version."""
    notices = scope_seen(snapshot).documents
    titles = "；".join(f"{n.title}，{n.number}".rstrip("，") for n in notices[:3])
    if len(notices) > 3:
        titles += say(f"等{len(notices)}份文件", f" and {len(notices) - 3} more documents")
    counted_ = (
        say("含由集合称谓推断的分工", "assignments inferred from collectives included")
        if expanded
        else say("只计原文写明的分工", "written assignments only")
    )
    return say(
        f"出处：{titles}。{counted_}。版本 {snapshot.version.id}",
        f"Source: {titles}; {counted_}. Version {snapshot.version.id}",
    )
