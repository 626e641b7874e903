"""The items of the REST lists: things that a version knows, as JSON."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

from graph.store.snapshot import Snapshot
from graph.store.store import Store
from queries.catalogue import ask, questions
from queries.formats import plain
from queries.model.atlas import atlas, rows
from queries.model.records import Target

Item = dict[str, Any]
Given = Mapping[str, str]


def end(iri: str) -> str:
    """The part of an address behind `/id/`, which names the thing among all things."""
    return iri.partition("/id/")[2] or iri


def local(iri: str) -> str:
    """The name of a term of a vocabulary."""
    return iri.rsplit("#", 1)[-1]


def number(text: str) -> int | None:
    """A number, None where nothing is written."""
    return int(text) if text else None


def _tied(snapshot: Snapshot, given: Given) -> set[str] | None:
    """The targets tied to the place or street that is given; None where neither is."""
    found: set[str] | None = None
    for key in ("place", "street"):
        if key in given:
            answer = ask(snapshot, "place-targets", {"name": given[key]})
            target, way = answer.columns.index("target"), answer.columns.index("way")
            mine = {
                plain(row[target])
                for row in answer.rows
                if given.get("way", plain(row[way])) == plain(row[way])
            }
            found = mine if found is None else found & mine
    return found


def _years(snapshot: Snapshot) -> dict[str, str]:
    found = rows(snapshot, "SELECT ?n ?y { ?n a tk:Notice ; tk:year ?y }")
    return {notice: year for notice, year, *_ in found}


def chosen(snapshot: Snapshot, given: Given) -> list[Target]:
    """The targets that filters leave, in the order of the documents."""
    tied = _tied(snapshot, given)
    years = _years(snapshot) if "year" in given else {}

    def fits(t: Target) -> bool:
        role = given.get("role", "").capitalize()
        return (
            given.get("domain", t.domain) == t.domain
            and given.get("theme", t.theme) == t.theme
            and given.get("target", t.id) == t.id
            and (tied is None or t.iri in tied)
            and ("year" not in given or years.get(t.notice) == given["year"])
            and ("quarter" not in given or any(str(s.quarter) == given["quarter"] for s in t.steps))
            and ("lead" not in given or given["lead"] in [e.label for e in t.written("Lead")])
            and (
                "coordinate" not in given
                or given["coordinate"] in [e.label for e in t.written("Coordinate")]
            )
            and (
                not ("body" in given or role)
                or any(
                    given.get("body", e.label) == e.label
                    and role in ("", e.role)
                    and not e.inferred
                    for e in t.edges
                )
            )
        )

    return [t for t in atlas(snapshot).targets.values() if fits(t)]


def targets(snapshot: Snapshot, given: Given) -> list[Item]:
    """The rows of the notices."""
    return [
        {
            "id": end(t.iri),
            "iri": t.iri,
            "notation": t.id,
            "title": t.title,
            "text": t.text,
            "domain": t.domain,
            "theme": t.theme,
            "notice": t.notice,
            "lead": [e.label for e in t.written("Lead")],
            "coordinate": [e.label for e in t.written("Coordinate")],
            "responsible": [e.label for e in t.written("Responsible")],
            "places": list(dict.fromkeys(m.label for m in t.mentions)),
            "projects": [w.name for w in t.works],
            "quarters": [step.text if (step := t.whole(q)) else None for q in (1, 2, 3, 4)],
        }
        for t in chosen(snapshot, given)
    ]


def bodies(snapshot: Snapshot, given: Given) -> list[Item]:
    """Departments, and other actors named in their cells."""
    known = atlas(snapshot)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for target in known.targets.values():
        for edge in target.edges:
            if not edge.inferred and given.get("domain", target.domain) == target.domain:
                counts[edge.body][edge.role.lower()] += 1
    return [
        {
            "id": end(b.iri),
            "iri": b.iri,
            "label": b.label,
            "kind": b.kind,
            "english": b.english,
            "other_names": list(b.other_names),
            "domain": known.group_of.get(b.iri, ""),
            "unit_of": known.bodies[b.unit_of].label if b.unit_of in known.bodies else None,
            "leads": counts[b.iri]["lead"],
            "coordinates": counts[b.iri]["coordinate"],
            "responsible": counts[b.iri]["responsible"],
        }
        for b in known.bodies.values()
        if given.get("kind", b.kind) == b.kind
        and ("role" not in given or counts[b.iri][given["role"]])
        and ("domain" not in given or counts[b.iri])
    ]


def places(snapshot: Snapshot, given: Given) -> list[Item]:
    """Blocks, lots, roads, streets and what else is a place."""
    known = atlas(snapshot)
    named: dict[str, list[str]] = defaultdict(list)
    for target in known.targets.values():
        for place in dict.fromkeys(m.place for m in target.mentions):
            named[place].append(target.id)

    def labels(iris: tuple[str, ...]) -> list[str]:
        return [known.places[iri].label for iri in iris if iri in known.places]

    return [
        {
            "id": end(p.iri),
            "iri": p.iri,
            "label": p.label,
            "kind": p.kind,
            "other_names": list(p.other_names),
            "within": labels(p.within),
            "roads": labels(p.roads),
            "same_place": labels(p.same),
            "targets": named[p.iri],
        }
        for p in known.places.values()
        if given.get("kind", p.kind) == p.kind
        and ("street" not in given or given["street"] in labels(p.within))
        and ("target" not in given or given["target"] in named[p.iri])
    ]


def projects(snapshot: Snapshot, given: Given) -> list[Item]:
    """Named pieces of work."""
    known = atlas(snapshot)
    wide = {k: v for k, v in given.items() if k != "kind"}
    mine = {t.iri for t in chosen(snapshot, wide)} if wide else None
    return [
        {
            "id": end(w.iri),
            "iri": w.iri,
            "label": w.name,
            "kind": w.kind,
            "targets": [known.targets[iri].id for iri in w.targets if iri in known.targets],
            "places": [known.places[iri].label for iri in w.places if iri in known.places],
        }
        for w in known.works.values()
        if given.get("kind", w.kind) == w.kind and (mine is None or mine & set(w.targets))
    ]


def notices(snapshot: Snapshot, given: Given) -> list[Item]:
    """The documents."""
    known, years = atlas(snapshot), _years(snapshot)
    count = Counter(t.notice for t in known.targets.values())
    return [
        {
            "id": end(n.iri),
            "iri": n.iri,
            "label": n.title,
            "number": n.number or None,
            "index": n.index or None,
            "jurisdiction": n.jurisdiction or None,
            "year": number(years.get(n.iri, "")),
            "signed": n.signed or None,
            "published": n.published or None,
            "text": n.source or None,
            "targets": count[n.iri],
        }
        for n in known.notices.values()
        if "year" not in given or years.get(n.iri) == given["year"]
    ]


def versions(snapshot: Snapshot, given: Given) -> list[Item]:
    """The versions of the store, newest first; `current` is the one that answers."""
    return [
        {
            "id": v.id,
            "iri": f"/v/{v.id}/",
            "time": v.time,
            "quads": v.quads,
            "documents": [s.document for s in v.sources],
            "current": v.id == snapshot.version.id,
            "dump": f"/v/{v.id}/dump.nq.gz",
        }
        for v in Store(snapshot.version.path.parent.parent).versions()
    ]


def catalogue(snapshot: Snapshot, given: Given) -> list[Item]:
    """The questions."""
    return [
        {
            "id": q.name,
            "iri": f"/queries/{q.name}",
            "label": q.summary_zh,
            "english": q.summary,
            "params": [{"name": p.name, "type": p.kind, "default": p.default} for p in q.params],
            "query": q.query,
        }
        for q in questions().values()
    ]
