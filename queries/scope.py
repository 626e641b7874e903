"""The scope of an answer: the district, year and notice whose facts count.

Pages, pictures, questions, files and the command line all resolve `district`, `year` and `notice`
here. Without them the scope is the newest year of the only district, or of the district of the
newest notice; `all` means all. A narrowed snapshot holds the facts of the scope alone, so that
every query and every count that runs on it keeps to the scope without knowing of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

import pyoxigraph
from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
)

from graph.store.snapshot import Snapshot, Term
from ontology.names import base, shared_graph, squeeze
from queries.errors import BadParameter

KEYS = ("district", "year", "notice")
ALL = "all"
_MAX_KEPT = 8
"""Versions whose documents are remembered."""
_MAX_KEPT_DOCUMENTS = 16
"""Documents that the narrowed snapshots which are kept may hold: each takes about 20 MB."""
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class ScopeDocument:
    """A notice as scopes choose among them."""

    iri: str
    district: str
    year: str
    number: str
    title: str
    signed: str
    published: str
    index: str

    @property
    def name(self) -> str:
        """Its number, else its title."""
        return self.number or self.title

    @property
    def age(self) -> tuple[str, str, list[int]]:
        """Sort key: the newest notice has the largest."""
        return self.year, self.signed, [int(n) for n in _NUMBERS.findall(self.number)]


@dataclass(frozen=True, slots=True)
class Scope:
    """A district, a year and a notice, each a name or `all`, and the documents that they leave."""

    district: str
    year: str
    notice: str
    documents: tuple[ScopeDocument, ...]
    every: tuple[ScopeDocument, ...]
    """All documents of the version."""

    @property
    def is_whole(self) -> bool:
        """Return whether nothing is left out."""
        return len(self.documents) == len(self.every)

    @property
    def params(self) -> dict[str, str]:
        """The parameters of an address that mean this scope; none where there is one notice."""
        if len(self.every) < 2:
            return {}
        chosen = {"district": self.district, "year": self.year}
        return chosen | ({"notice": self.notice} if self.notice != ALL else {})

    @property
    def districts(self) -> tuple[str, ...]:
        """The districts within the scope, in the order of their names."""
        return tuple(sorted({d.district for d in self.documents}))

    def label(self, language: str = "zh") -> str:
        """The scope in words, as titles, captions and file names have it; empty without notices."""
        if not self.every:
            return ""
        if self.notice != ALL:
            return self.notice
        english = language == "en"
        district = self.district
        if district == ALL:
            district = "all districts" if english else "全部辖区"
        year = self.year if self.year != ALL else ("all years" if english else "全部年份")
        year = year if english or self.year == ALL else f"{year}年"
        return f"{district} {year}" if english else f"{district}{year}"

    def as_json(self) -> dict[str, str]:
        """The scope as answers in JSON state it."""
        return {"district": self.district, "year": self.year, "notice": self.notice}

    def nearest(self) -> ScopeDocument | None:
        """The newest notice of the district, else of the year, for a scope that holds none."""
        for near in (
            [d for d in self.every if d.district == self.district],
            [d for d in self.every if d.year == self.year],
            self.every,
        ):
            if near:
                return max(near, key=lambda d: d.age)
        return None


class Narrowed(Snapshot):
    """A version of which only the facts of a scope are seen."""

    __slots__ = ("_filled", "scope", "whole")

    def __init__(self, whole: Snapshot, scope: Scope) -> None:
        self.version = whole.version
        self.whole, self.scope = whole, scope
        self._filled: pyoxigraph.Store | None = None

    @property
    def store(self) -> pyoxigraph.Store:
        """The quads of the scope, copied when they are first asked for."""
        if self.scope.is_whole:
            return self.whole.store
        if self._filled is None:
            self._filled = _copied(self.whole, self.scope)
        return self._filled

    def query(
        self,
        text: str,
        bindings: Mapping[str, Term] | None = None,
        *,
        default_graphs: Sequence[NamedNode] | None = None,
        named_graphs: Sequence[NamedNode] | None = None,
    ) -> QuerySolutions | QueryBoolean | QueryTriples:
        """As `Snapshot.query`, within the scope."""
        ask = self.whole.query if self.scope.is_whole else super().query
        return ask(text, bindings, default_graphs=default_graphs, named_graphs=named_graphs)

    @property
    def key(self) -> str:
        """The name under which what was read of these facts may be kept."""
        if self.scope.is_whole:
            return self.whole.key
        chosen = "/".join((self.scope.district, self.scope.year, self.scope.notice))
        return f"{self.version.id}/{chosen}"


_documents: dict[str, tuple[ScopeDocument, ...]] = {}
_narrowed: dict[tuple[str, str], Narrowed] = {}


def documents(snapshot: Snapshot) -> tuple[ScopeDocument, ...]:
    """All notices of a version, the oldest first."""
    if isinstance(snapshot, Narrowed):
        return documents(snapshot.whole)
    if snapshot.key not in _documents:
        while len(_documents) >= _MAX_KEPT:
            del _documents[next(iter(_documents))]
        _documents[snapshot.key] = tuple(sorted(_read(snapshot), key=lambda d: (d.age, d.iri)))
    return _documents[snapshot.key]


def _read(snapshot: Snapshot) -> Iterator[ScopeDocument]:
    found = snapshot.query(
        """SELECT ?n ?title (SAMPLE(?d) AS ?district) (SAMPLE(?y) AS ?year) (SAMPLE(?o) AS ?number)
        (MAX(?s) AS ?signed) (MAX(?p) AS ?published) (SAMPLE(?i) AS ?index) {
        ?n a tk:Notice ; skos:prefLabel ?title .
        OPTIONAL { ?n tk:jurisdiction/skos:prefLabel ?d } OPTIONAL { ?n tk:year ?y }
        OPTIONAL { ?n eli:id_local ?o } OPTIONAL { ?n eli:date_document ?s }
        OPTIONAL { ?n eli:date_publication ?p } OPTIONAL { ?n dcterms:identifier ?i }
        } GROUP BY ?n ?title"""
    )
    assert isinstance(found, QuerySolutions)
    for row in found:
        iri, title, district, year, *rest = (t.value if t else "" for t in row)
        number, signed, published, index = rest
        where = district or district_of(iri)
        yield ScopeDocument(iri, where, year, number, title, signed, published, index)


def district_of(iri: str) -> str:
    """The name of the district in a thing's address; empty elsewhere."""
    rest = iri.removeprefix(base() + "id/")
    return unquote(rest.partition("/")[0]) if rest != iri else ""


def scope_of(
    snapshot: Snapshot, params: Mapping[str, str], *, last: str = "", all_years: bool = False
) -> Scope:
    """Resolve the scope that parameters ask for; `last` is the district that was chosen last.

    A snapshot that is narrowed already keeps its scope unless they name another. `all_years`
    makes all years the default, for what compares them.
    Raises BadParameter with the districts, years and notices that there are.
    """
    if isinstance(snapshot, Narrowed) and not any(params.get(k) for k in KEYS):
        return snapshot.scope
    every = documents(snapshot)
    asked = {k: squeeze(params.get(k, "")) for k in KEYS}
    if not every:
        return Scope(ALL, ALL, ALL, (), ())
    notice = _notice(every, asked["notice"])
    if notice is not None:
        asked["district"] = asked["district"] or notice.district
        asked["year"] = asked["year"] or notice.year or ALL
    years = sorted({d.year for d in every if d.year})
    if asked["year"] not in ("", ALL, *years):
        raise _unknown("year", asked["year"], years, "年份")
    district = _district(every, asked["district"], last, asked["year"])
    mine = [d for d in every if district in (ALL, d.district)]
    newest = ALL if all_years else max(mine, key=lambda d: d.age).year or ALL
    year = asked["year"] or newest
    if year == ALL and len({d.year for d in mine}) == 1:
        year = mine[0].year or ALL
    left = [d for d in mine if year in (ALL, d.year) and (notice is None or d == notice)]
    return Scope(district, year, notice.name if notice else ALL, tuple(left), every)


def _notice(every: Sequence[ScopeDocument], asked: str) -> ScopeDocument | None:
    if asked in ("", ALL):
        return None
    found = [d for d in every if asked in (squeeze(d.number), squeeze(d.title), d.iri)]
    if not found:
        raise _unknown("notice", asked, [d.name for d in every], "文件")
    return found[-1]


def _district(every: Sequence[ScopeDocument], asked: str, last: str, year: str) -> str:
    names = sorted({d.district for d in every})
    if asked == ALL:
        return ALL if len(names) > 1 else names[0]
    if asked:
        fits = [n for n in names if n == asked] or [n for n in names if n.endswith(asked)]
        if len(fits) != 1:
            raise _unknown("district", asked, fits or names, "辖区")
        return fits[0]
    if last in names:
        return last
    of_year = [d for d in every if d.year == year] or every
    return max(of_year, key=lambda d: d.age).district


def _unknown(parameter: str, value: str, there_are: Sequence[str], zh: str) -> BadParameter:
    return BadParameter(
        parameter, f"there is no {parameter} {value!r}", there_are, zh=f"没有{zh}“{value}”"
    )


def narrowed(snapshot: Snapshot, scope: Scope) -> Narrowed:
    """Narrow a version to a scope."""
    if isinstance(snapshot, Narrowed):
        if snapshot.scope == scope:
            return snapshot
        snapshot = snapshot.whole
    if scope.is_whole:
        return Narrowed(snapshot, scope)
    key = (snapshot.key, repr((scope.district, scope.year, scope.notice)))
    found = _narrowed.pop(key, None)
    if found is None:
        room = _MAX_KEPT_DOCUMENTS - len(scope.documents)
        while _narrowed and sum(len(n.scope.documents) for n in _narrowed.values()) > room:
            del _narrowed[next(iter(_narrowed))]
        found = Narrowed(snapshot, scope)
    _narrowed[key] = found
    return found


def scope_seen(snapshot: Snapshot) -> Scope:
    """The scope of what a snapshot shows: that to which it is narrowed, else the whole version."""
    if isinstance(snapshot, Narrowed):
        return snapshot.scope
    every = documents(snapshot)
    districts, years = {d.district for d in every}, {d.year for d in every}
    return Scope(
        district=next(iter(districts)) if len(districts) == 1 else ALL,
        year=(next(iter(years)) or ALL) if len(years) == 1 else ALL,
        notice=ALL,
        documents=every,
        every=every,
    )


def graphs_of(whole: Snapshot, scope: Scope) -> list[str]:
    """The named graphs of a version without those of documents outside a scope."""
    kept = {d.iri for d in scope.documents}
    outside = [d.iri for d in scope.every if d.iri not in kept]
    outside += [report for report, notice in reports(whole) if notice not in kept]
    others = tuple(f"{base()}graph/{iri.removeprefix(base() + 'id/')}/" for iri in outside)
    return sorted(name for name in whole.graphs() if not name.startswith(others))


def reports(snapshot: Snapshot) -> list[tuple[str, str]]:
    """Return each report of progress with the notice that it is on, as addresses."""
    found = snapshot.query("SELECT ?r ?n { ?r tk:reportsOn ?n } ORDER BY ?r")
    assert isinstance(found, QuerySolutions)
    return [(row["r"].value, row["n"].value) for row in found]


def _copied(whole: Snapshot, scope: Scope) -> pyoxigraph.Store:
    """A store of the graphs of a scope, without the things of other districts.

    Documents share one graph for bodies and places, whose addresses hold the district's name.
    Triples that several documents infer about such things are in the graph of the first of them,
    so they are taken from the graphs of documents outside the scope too.
    """
    things = f"<{base()}id/"
    here = {scope.district, *scope.districts}
    foreign = {_part(d.iri) for d in scope.every if d.district not in here}
    beyond = tuple(f"{things}{part}{end}".encode() for part in foreign for end in "/>")
    documents = [d.iri for d in scope.every] + [report for report, _ in reports(whole)]
    inside = tuple(f"<{iri}{end}".encode() for iri in documents for end in "/>")
    kept = set(graphs_of(whole, scope))
    ours = tuple(f"{base()}graph/{_part(d.iri)}/" for d in scope.every if d.district in here)
    copy = pyoxigraph.Store()
    for name in ("", *whole.graphs()):
        if name and name not in kept:
            if not (name.startswith(ours) and name.endswith("/inferred")):
                continue
            lines = _without(whole.n_triples(name), inside)
        else:
            lines = whole.n_triples(name)
        if name == shared_graph().value:
            lines = _without(lines, beyond)
        to = NamedNode(name) if name else DefaultGraph()
        copy.load(lines, format=RdfFormat.N_TRIPLES, to_graph=to)
    return copy


def _without(lines: bytes, starts: tuple[bytes, ...]) -> bytes:
    """Triples whose subjects do not begin in one of these ways."""
    return b"".join(x for x in lines.splitlines(keepends=True) if not x.startswith(starts))


def _part(iri: str) -> str:
    """The part of an address that names its district, as it is written there."""
    return iri.removeprefix(base() + "id/").partition("/")[0]
