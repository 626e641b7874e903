"""The pages of the corpus: all documents and how well they were read, one, one place, two compared."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise

from graph.quality import FORMATS, PART_KINDS
from queries.errors import UnknownThing
from queries.model.atlas import rows
from queries.model.comparison import compare_notices
from queries.model.records import Notice, Target
from queries.scope import scope_of
from viz.views.slope import CHANGE_WORDS
from viz.web.context import Desk
from viz.web.linked_data import missing
from viz.web.paging import paged

LAYOUTS = {
    "table": ("表格", "table"),
    "flattened table": ("拉平的表格", "flattened table"),
    "list": ("条目", "list"),
}
ROLES = {
    "marked": ("写明", "marked"),
    "by rule": ("依全文规则", "by rule"),
    "undifferentiated": ("未分主次", "not told apart"),
    "none": ("没有写单位", "no unit is named"),
}


def roles_said(roles: str, language: str) -> str:
    """How roles were told apart, in words; a document may do it in several ways."""
    parts = [ROLES.get(r, (r, r))[language == "en"] for r in roles.split(", ")]
    return (", " if language == "en" else "、").join(parts)


@dataclass(frozen=True, slots=True)
class Reading:
    """One document and how well it was read."""

    notice: Notice
    district: str
    district_iri: str
    year: str
    format: str
    layout: str
    roles: str
    sure: str
    targets: int
    doubts: int
    why: tuple[str, ...]


def readings(desk: Desk) -> list[Reading]:
    """All documents of the version, by place and year."""
    found = []
    known = desk.atlas.notices
    per: dict[str, list[Target]] = {}
    for target in desk.atlas.targets.values():
        per.setdefault(target.notice, []).append(target)
    why: dict[str, list[str]] = {}
    for iri, reason, language in rows(desk.snapshot, _WHY):
        if language == desk.language:
            why.setdefault(iri, []).append(reason)
    doubts = {r[0]: int(r[1]) for r in rows(desk.snapshot, _DOUBTS)}
    for iri, place, place_iri, year, form, layout, roles, sure in rows(desk.snapshot, _READINGS):
        if iri in known:
            found.append(
                Reading(
                    known[iri], place, place_iri, year, FORMATS.get(form, form),
                    desk.say(*LAYOUTS.get(layout, (layout, layout))),
                    roles_said(roles, desk.language), sure,
                    len(per.get(iri, ())), doubts.get(iri, 0), tuple(why.get(iri, ())),
                )
            )  # fmt: skip
    return found


_READINGS = """SELECT ?n ?place ?d ?year ?format ?layout ?roles ?sure {
  ?n a tk:Notice . ?v eli:realizes ?n ; a tk:Version .
  OPTIONAL { ?n tk:jurisdiction ?d . OPTIONAL { ?d skos:prefLabel ?place } } OPTIONAL { ?n tk:year ?year }
  OPTIONAL { ?v dcterms:format ?format } OPTIONAL { ?v tk:layout ?layout }
  OPTIONAL { ?v tk:rolesRead ?roles } OPTIONAL { ?v tk:readingConfidence ?sure }
} ORDER BY ?place ?d DESC(?year) ?n"""
_WHY = """SELECT ?n ?why (LANG(?why) AS ?language) { ?v eli:realizes ?n ; a tk:Version ; tk:reason ?why }
ORDER BY ?n ?why"""
_DOUBTS = "SELECT ?n (COUNT(?d) AS ?doubts) { ?d a tk:Doubt ; dcterms:isPartOf ?n } GROUP BY ?n"


def districts(desk: Desk) -> set[str]:
    """The places whose governments speak in the documents."""
    return {
        iri
        for (iri,) in rows(
            desk.snapshot, "SELECT DISTINCT ?d { ?n tk:jurisdiction ?d ; a tk:Notice }"
        )
    }


def notices(desk: Desk) -> str:
    """All documents by place, each with how well it was read."""
    found = readings(desk)
    shown, pager = paged(desk, found)
    places = [(k, list(g)) for k, g in groupby(shown, key=lambda r: (r.district_iri, r.district))]
    return desk.page(
        "notices.html",
        desk.say("文件", "Documents"),
        section="/notices",
        places=places,
        pager=pager,
        count=len(found),
        unsure=[r for r in found if r.sure and float(r.sure) < 0.8],
    )


def notice(desk: Desk, iri: str) -> str:
    """One document: what was read of it and how sure that is, its doubts, its targets."""
    mine = next((r for r in readings(desk) if r.notice.iri == iri), None)
    if mine is None:
        raise missing(desk, iri)
    targets = [t for t in desk.atlas.targets.values() if t.notice == iri]
    doubts = [
        dict(zip(("id", "row", "target", "kind", "why", "quote", "start", "end"), row, strict=True))
        for row in rows(desk.snapshot, _NOTICE_DOUBTS.replace("NOTICE", f"<{iri}>"))
    ]
    others = [d for d in scope_of(desk.snapshot, {}).every if d.iri != iri]
    return desk.page(
        "notice.html",
        mine.notice.title,
        section="/notices",
        data_links=True,
        crumbs=[(desk.say("文件", "Documents"), "/notices"), (mine.notice.number or "", "")],
        r=mine,
        chapters=[(d, list(g)) for d, g in groupby(targets, key=lambda t: t.domain)],
        unnamed=[t for t in targets if not any(not e.inferred for e in t.edges)],
        doubts=doubts,
        parts=_parts(desk, iri),
        others=others,
    )


def _parts(desk: Desk, iri: str) -> list[dict[str, str]]:
    """Return the parts of a document in order, each with its kind in words."""
    names = ("kind", "heading", "rows", "read", "why", "start", "end")
    found = [
        dict(zip(names, row, strict=True))
        for row in rows(desk.snapshot, _NOTICE_PARTS.replace("NOTICE", f"<{iri}>"))
    ]
    for part in found:
        part["kind"] = desk.say(*PART_KINDS.get(part["kind"], (part["kind"],) * 2))
    return found


_NOTICE_PARTS = """SELECT ?kind ?heading ?rows ?read ?why ?start ?end {
  ?p a tk:Part ; dcterms:isPartOf NOTICE ; tk:partKind ?kind ; tk:rows ?rows ; tk:read ?read ;
     tk:evidence/oa:hasSelector ?pos . ?pos oa:start ?start ; oa:end ?end .
  OPTIONAL { ?p tk:heading ?heading } OPTIONAL { ?p tk:reason ?why } } ORDER BY ?start"""
_NOTICE_DOUBTS = """SELECT ?id ?row ?target ?kind ?why ?quote ?start ?end {
  ?d a tk:Doubt ; dcterms:isPartOf NOTICE ; tk:doubtId ?id ; tk:doubtKind ?kind ; tk:reason ?why ;
     tk:evidence/oa:hasSelector ?pos . ?pos oa:start ?start ; oa:end ?end ; oa:refinedBy/oa:exact ?quote .
  OPTIONAL { ?d tk:target ?target . ?target skos:notation ?row ; tk:ordinal ?o } } ORDER BY ?o ?start ?id"""


def district(desk: Desk, iri: str) -> str:
    """One place: its documents by year, each beside the year before, and who leads most in them."""
    mine = [r for r in readings(desk) if r.district_iri == iri]
    if not mine:
        raise missing(desk, iri)
    by_year = sorted(mine, key=lambda r: r.year)
    theirs = {r.notice.iri for r in mine}
    leads: dict[str, int] = {}
    for target in desk.atlas.targets.values():
        for edge in target.edges:
            if target.notice in theirs and edge.role != "Coordinate" and not edge.inferred:
                leads[edge.body] = leads.get(edge.body, 0) + 1
    first = sorted(leads.items(), key=lambda x: (-x[1], x[0]))[:12]
    return desk.page(
        "district.html",
        mine[0].district or iri.rsplit("/", 1)[-1],
        section="/notices",
        data_links=True,
        crumbs=[(desk.say("文件", "Documents"), "/notices"), (mine[0].district, "")],
        readings=mine,
        steps=list(pairwise(by_year)),
        leads=[(desk.atlas.bodies[b], n) for b, n in first if b in desk.atlas.bodies],
        streets=sum(p.kind == "Street" for p in desk.atlas.places.values()),
    )


def compare(desk: Desk) -> str:
    """Compare two documents, changes first; by default those of the two newest years."""
    found = readings(desk)
    a, b = (_chosen(desk, found, name) for name in ("a", "b"))
    if a is None and b is None:
        a, b = _two_newest(found)
    result = None
    if a and b:
        everyone = list(desk.atlas.targets.values())
        before, after = ([t for t in everyone if t.notice == x.notice.iri] for x in (a, b))
        result = compare_notices(desk.snapshot, before, after, (a.district, b.district))
    return desk.page(
        "compare.html",
        desk.say("比较两份文件", "Compare two documents"),
        section="/notices",
        crumbs=[(desk.say("文件", "Documents"), "/notices"), (desk.say("比较", "compare"), "")],
        readings=found,
        a=a,
        b=b,
        result=result,
        words={k: desk.say(*v) for k, v in CHANGE_WORDS.items()},
        drawn=a is not None and b is not None and a.district == b.district and a.year != b.year,
    )


def _two_newest(found: list[Reading]) -> tuple[Reading | None, Reading | None]:
    """The newest document that has one of an earlier year of its district, and that one."""
    by_year = sorted(found, key=lambda r: r.year, reverse=True)
    for newer in by_year:
        for older in by_year:
            if older.district_iri == newer.district_iri and older.year < newer.year:
                return older, newer
    return None, None


def _chosen(desk: Desk, found: list[Reading], name: str) -> Reading | None:
    """The document that a parameter names: by its address, number or title."""
    asked = desk.parameter(name).strip()
    if not asked:
        return None
    for reading in found:
        n = reading.notice
        if asked in (n.iri, n.number, n.title, desk.thing(n.iri)):
            return reading
    raise UnknownThing(name, asked, [r.notice.number or r.notice.title for r in found][:5])
