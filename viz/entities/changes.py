"""Changes of one thing since an earlier version, in words that can be checked."""

from __future__ import annotations

from dataclasses import dataclass, field

from graph.errors import StoreError
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from queries.errors import BadParameter
from queries.model.atlas import atlas
from queries.model.records import Atlas, Edge, Target
from viz.web.context import Desk

_OFFERED = 12
"""Earlier versions in the list; any other can be given in the address."""


@dataclass(frozen=True, slots=True)
class ThingChange:
    """One thing that came, went, or reads otherwise now."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Since:
    """The versions that can be compared with, and what came of it where one was chosen."""

    offered: tuple[tuple[str, str], ...]
    """Ids and days."""
    chosen: str = ""
    changes: tuple[ThingChange, ...] = ()
    new: bool = field(default=False)
    """True if the earlier version did not have the thing."""


def since(desk: Desk, iri: str) -> Since:
    """Compare a thing with the version of `?since=`. Raises BadParameter."""
    store = Store(desk.snapshot.version.path.parent.parent)
    offered = _offered(store, desk.snapshot)
    chosen = desk.parameter("since")
    if not chosen:
        return Since(offered)
    try:
        earlier = store.open(store.version(chosen))
    except StoreError:
        raise BadParameter(
            "since", f"there is no version {chosen!r}", [i for i, _ in offered],
            zh=f"没有版本“{chosen}”",
        ) from None  # fmt: skip
    now, then = _said(desk, atlas(desk.snapshot), iri), _said(desk, atlas(earlier), iri)
    changes = [
        ThingChange(what, then.get(what, ""), now.get(what, ""))
        for what in dict.fromkeys([*now, *then])
        if then.get(what, "") != now.get(what, "")
    ]
    return Since(offered, chosen, tuple(changes), not then)


def _offered(store: Store, snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    try:
        folders = sorted(
            (p for p in (store.folder / "versions").iterdir() if not p.name.startswith(".")),
            key=lambda p: p.stat().st_mtime, reverse=True,
        )[: _OFFERED + 1]  # fmt: skip
        found = [store.version(p.name) for p in folders if p.name != snapshot.version.id]
    except (OSError, StoreError):
        return ()
    here = [v for v in found if v.graph_folder.is_dir()]  # others are on an engine only
    return tuple((v.id, v.time[:16].replace("T", " ")) for v in here[:_OFFERED])


def _said(desk: Desk, a: Atlas, iri: str) -> dict[str, str]:
    """The facts of a version about a thing: short names, and their words."""
    found: dict[str, str] = {}
    if iri in a.targets:
        _target(desk, a.targets[iri], found)
    for t in a.targets.values():
        for e in (e for e in t.edges if e.body == iri):
            found[f"{_role(desk, e)} {t.id} {t.title}"] = desk.say("有", "yes")
            _steps(desk, t, found)
        mine = [m for m in t.mentions if m.place == iri]
        if mine:
            where = "、".join(dict.fromkeys(e.cell for m in mine for e in m.evidence))
            found[desk.say(f"写在目标 {t.id} {t.title}", f"named in {t.id} {t.title}")] = where
            _steps(desk, t, found)
    if iri in a.places:
        spot = a.places[iri]
        for b in (b.iri for b in a.bodies.values() if b.street == iri):
            found |= {
                f"{desk.say('街道机关', 'office')}：{k}": v for k, v in _said(desk, a, b).items()
            }
        same = "、".join(a.places[s].label for s in spot.same if s in a.places)
        within = "、".join(a.places[s].label for s in spot.within if s in a.places)
        found |= {desk.say("同一地点", "same place"): same, desk.say("位于", "lies in"): within}
    return {k: v for k, v in found.items() if v}


def _target(desk: Desk, t: Target, found: dict[str, str]) -> None:
    found[desk.say("目标任务", "text")] = t.text
    for e in t.edges:
        found[f"{_role(desk, e)} {e.label}"] = e.named_as or e.label
    for m in t.mentions:
        found[f"{desk.say('地点', 'place')} {m.label}"] = "、".join(e.cell for e in m.evidence)
    for f in t.figures:
        found[f"{f.measure} Q{f.quarter}" if f.quarter else f.measure] = f"{f.value}{f.unit}"
    _steps(desk, t, found)


def _steps(desk: Desk, t: Target, found: dict[str, str]) -> None:
    for s in t.steps:
        if not s.project:
            quarter = desk.say(f"第{'一二三四'[s.quarter - 1]}季度", f"Q{s.quarter}")
            found[f"{t.id} {quarter}"] = s.text


def _role(desk: Desk, e: Edge) -> str:
    word = desk.say("配合", "coordinates") if e.role == "Coordinate" else desk.say("主责", "leads")
    return desk.say(f"{word}（推断）", f"{word} (inferred)") if e.inferred else word
