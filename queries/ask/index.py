"""The names of a version, by every form under which a question may mention them.

Names, aliases, slips and codes come from the graph. Further forms follow from how offices and
places are called anywhere: without 区 or 市 in front (区残联), the inner name of a
sub-unit (发改委(统计局)), a parcel without 地块, a street without 街道. The last two are weak: other
things may begin with the same words (虹桥街道, 虹桥办), so that they hold several meanings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import QuerySolutions

from graph.store.snapshot import Snapshot
from queries.ask.folding import fold
from queries.known_names import forms_of

_CONCEPTS = ("domain", "placekind", "projectkind")
_NAMES = """SELECT ?label ?form ?class ?edge {{
  VALUES (?class) {{ {classes} }} VALUES ?edge {{ skos:prefLabel skos:altLabel skos:hiddenLabel rdfs:label }}
  ?thing a ?class ; skos:prefLabel ?label ; ?edge ?form . FILTER(LANG(?label) != "en") }}"""
_KINDS = {
    "body": "(tk:Body) (tk:Collective)",
    "place": "(tk:Street) (tk:Block) (tk:Lot) (tk:Parcel) (tk:Road) (tk:Address) (tk:Junction)"
             " (tk:Site) (tk:Zone) (tk:Water) (tk:AskLine) (tk:County) (tk:Village) (tk:Community) (tk:Place)",
}  # fmt: skip
_TEXTS = """SELECT ?text { { ?x a tk:Target ; tk:text ?text } UNION { ?x a tk:Milestone ; tk:text ?text }
  UNION { ?x a tk:Target ; skos:prefLabel ?text } UNION { ?x a tk:Project ; skos:prefLabel ?text } }"""
_NEEDS = {
    "reports": "ASK { ?r a tk:ProgressReport }",
    "geometry": "ASK { ?p geo:hasGeometry ?g }",
}
_OFFICES = """SELECT ?office ?place { ?b tk:jurisdiction ?p ; skos:prefLabel ?office .
  ?p a tk:Street ; skos:prefLabel ?place }"""
_REGION = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,8}[市县区])?(?:省|市|区|县|镇|州|旗)(?=[\u4e00-\u9fff]{2})"
)
_INNER = re.compile(r"^(.+)\((.{2,12})\)$")
_STREET_END = re.compile(r"(?:街道办事处|街道|镇人民政府|镇|乡)$")
_HOUSE_NUMBER = re.compile(r"\d+[弄号]$")
_THEME_END = re.compile(r"(?:工作|建设|事业)$")
_NAMED_PLACES = frozenset(("Site", "Parcel", "Zone", "AskLine", "Place", "Water"))
_NO_LETTERS = re.compile(r"[\d\W]+")
_PLACE_END = re.compile(r"(?:厂区块|地块|有限公司|街道|镇|项目|路|街|弄)$")
_COMPOUND = 4
"""A kind of project of four characters is known by its last two: 出让 of 土地出让."""
_LONG = 3
"""From this length on, any part of a place's name is a weak form of it."""


@dataclass(frozen=True, slots=True)
class NameMeaning:
    """A thing that a form may name: its kind, its class in the graph, its label."""

    kind: str
    what: str
    label: str


@dataclass(slots=True)
class NameIndex:
    """Everything that a question can mention in one version or scope of it."""

    strong: dict[str, tuple[NameMeaning, ...]] = field(default_factory=dict)
    weak: dict[str, tuple[NameMeaning, ...]] = field(default_factory=dict)
    notations: frozenset[str] = frozenset()
    years: frozenset[int] = frozenset()
    district: str = ""
    text: str = ""
    """All words of the targets, folded: any of them can be a topic."""
    load: dict[str, int] = field(default_factory=dict)
    """The number of targets that name each body and place."""
    grounds: dict[str, str] = field(default_factory=dict)
    """The street of each street office."""
    holds: frozenset[str] = frozenset()
    """What questions may need and the graph has: reports, geometry."""
    longest: dict[str, int] = field(default_factory=dict)
    """The length of the longest strong form that begins with a character."""

    def at(self, text: str, start: int) -> tuple[int, tuple[NameMeaning, ...]]:
        """Return the end and the meanings of the longest strong form that begins at `start`."""
        for end in range(min(len(text), start + self.longest.get(text[start], 0)), start + 1, -1):
            found = self.strong.get(text[start:end])
            if found and _is_whole(text, start, end):
                return end, found
        return start, ()


def _is_whole(text: str, start: int, end: int) -> bool:
    """Return whether a form ends where a number or Latin word ends."""
    for inside, outside in ((start, start - 1), (end - 1, end)):
        if 0 <= outside < len(text):
            a, b = text[inside], text[outside]
            if (a.isdecimal() and b.isdecimal()) or (
                a.isascii() and a.isalpha() and b.isascii() and b.isalpha()
            ):
                return False
    return True


_kept: dict[str, NameIndex] = {}
_MAX_KEPT = 8


def index_of(snapshot: Snapshot) -> NameIndex:
    """Return the index of a version or scope, built when it is first asked for."""
    found = _kept.pop(snapshot.key, None)
    if found is None:
        while len(_kept) >= _MAX_KEPT:
            del _kept[next(iter(_kept))]
        found = _build(snapshot)
    _kept[snapshot.key] = found
    return found


def _rows(snapshot: Snapshot, query: str) -> Iterator[tuple[str, ...]]:
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    width = len(result.variables)
    for row in result:
        yield tuple("" if row[i] is None else row[i].value for i in range(width))


_Forms = dict[str, dict[NameMeaning, None]]


def _add(forms: _Forms, form: str, meaning: NameMeaning) -> None:
    if len(form) > 1 and not form.isdecimal():
        forms.setdefault(form, {})[meaning] = None


def _build(snapshot: Snapshot) -> NameIndex:
    strong: _Forms = {}
    weak: _Forms = {}
    index = NameIndex()
    narrowest: dict[tuple[str, str], NameMeaning] = {}
    for kind, classes in _KINDS.items():
        for label, form, of_class, _ in sorted(_rows(snapshot, _NAMES.format(classes=classes))):
            what = of_class.rsplit("#", 1)[-1]
            known = narrowest.get((kind, label))
            if known is None or known.what == "Place":
                known = narrowest[kind, label] = NameMeaning(kind, what, label)
            if what != "Place" or known.what == "Place":
                _add(strong, fold(form), known)
    for kind in _CONCEPTS:
        for form, labels in forms_of(snapshot, kind).items():
            for label in labels:
                _add(strong, fold(form), NameMeaning(kind, kind, label))
    for office, place in _rows(snapshot, _OFFICES):
        index.grounds[office] = place
    strong = {f: dict.fromkeys(_without_general(tuple(m))) for f, m in strong.items()}
    _derive(strong, weak, index.grounds)
    index.strong = {f: tuple(m) for f, m in strong.items()}
    index.weak = {f: tuple(m) for f, m in weak.items()}
    for form in index.strong:
        index.longest[form[0]] = max(index.longest.get(form[0], 0), len(form))
    _facts(snapshot, index)
    return index


def _without_general(found: tuple[NameMeaning, ...]) -> tuple[NameMeaning, ...]:
    """Drop the plain Place where another meaning names its kind."""
    named = {m.label for m in found if m.kind == "place" and m.what != "Place"}
    return tuple(m for m in found if m.what != "Place" or m.label not in named)


def _derive(strong: _Forms, weak: _Forms, grounds: Mapping[str, str]) -> None:
    """Add the forms that follow from how offices and places are called."""
    for form, meanings in [(f, tuple(m)) for f, m in strong.items()]:
        for meaning in meanings:
            if meaning.kind == "body":
                _derive_body(strong, weak, form, meaning, grounds)
            elif meaning.kind == "place":
                _derive_place(weak, form, meaning)
            elif meaning.kind == "domain":
                stem = _THEME_END.sub("", form)
                if stem != form:
                    _add(weak, stem, meaning)
            elif meaning.kind == "placekind" and "(" in form:
                for short in (form.partition("(")[0], re.sub(r".?\((.+)\)", r"\1", form)):
                    _add(strong, short, meaning)
            elif meaning.kind == "projectkind" and len(form) == _COMPOUND:
                _add(weak, form[_COMPOUND // 2 :], meaning)


def _derive_body(
    strong: _Forms, weak: _Forms, form: str, meaning: NameMeaning, grounds: Mapping[str, str]
) -> None:
    bare = _REGION.sub("", form)
    inner = _INNER.match(form)
    for short in (bare, inner[2] if inner else "", re.sub("[()]", "", form)):
        if short and short != form and short not in strong:
            _add(strong, short, meaning)
    for end in range(2, len(bare)):
        _add(weak, bare[:end], meaning)
    if meaning.label in grounds:
        _add(strong, form, NameMeaning("place", "Street", grounds[meaning.label]))
        stem = _STREET_END.sub("", bare)
        for start in range(1, len(stem) - 1):
            _add(weak, stem[start:], meaning)


def _derive_place(weak: _Forms, form: str, meaning: NameMeaning) -> None:
    stem = _PLACE_END.sub("", form)
    if stem != form and not stem.isascii():
        _add(weak, stem, meaning)
    number = _HOUSE_NUMBER.search(form)
    if number and number[0] != form:
        _add(weak, number[0], meaning)
    if meaning.what in _NAMED_PLACES:
        for size in range(_LONG, len(form)):
            for start in range(len(form) - size + 1):
                part = form[start : start + size]
                if not _NO_LETTERS.fullmatch(part):
                    _add(weak, part, meaning)


def _facts(snapshot: Snapshot, index: NameIndex) -> None:
    index.text = "\n".join(fold(text) for (text,) in _rows(snapshot, _TEXTS))
    index.holds = frozenset(name for name, query in _NEEDS.items() if snapshot.query(query))
    index.notations = frozenset(
        n for (n,) in _rows(snapshot, "SELECT DISTINCT ?n { ?t a tk:Target ; skos:notation ?n }")
    )
    years = _rows(snapshot, "SELECT DISTINCT ?y { ?n a tk:Notice ; tk:year ?y }")
    index.years = frozenset(int(y) for (y,) in years if y.isdecimal())
    districts = _rows(snapshot, "SELECT DISTINCT ?l { ?d a tk:District ; skos:prefLabel ?l }")
    index.district = min((d for (d,) in districts), default="")
    for pattern in ("tk:lead|tk:coordinate|tk:responsible", "tk:location"):
        query = (
            f"SELECT ?l (COUNT(DISTINCT ?t) AS ?n) {{ ?t {pattern} ?x ."
            " ?x skos:prefLabel ?l } GROUP BY ?l"
        )
        for label, number in _rows(snapshot, query):
            index.load[label] = max(index.load.get(label, 0), int(number))
