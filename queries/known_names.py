"""The names that bodies, places and concepts of a version bear, and the meaning of a typed one.

A short form, an alias, a slip, a code, the inner name of a sub-unit (统计局 of 发改委(统计局)) and
traditional characters find the thing; a street is found by the names of its office too. A note
explains what is not plain: a name that several things share (71街坊1/2、16/2丘), names typed one
behind the other (261街坊6丘A3-02地块), a body that documents call by its name before the reform.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from opencc import OpenCC
from pyoxigraph import QuerySolutions

from graph.store.snapshot import Snapshot
from ontology.names import squeeze
from queries.errors import UnknownThing

_NARROW = str.maketrans("／（）", "/()")
_BETWEEN = "()（）、，,的"
"""Characters allowed between names that are typed one behind the other."""
_MAX_PARTS = 4
_MAX_COMPOSED_CHARS = 60
_MAX_KEPT = 16
_CONCEPTS = {
    "domain": "{ ?thing a tk:Domain } UNION { ?thing a tk:Theme }",
    "placekind": "?thing rdfs:subClassOf tk:Place . ?place a ?thing",
    "projectkind": "?project tk:kind ?thing",
    "stage": "?step tk:stage ?thing",
}
"""The things that a parameter of this kind can be, as a pattern."""


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence about an answer, in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """The preferred labels that a typed name means, with a note where that is not plain."""

    labels: tuple[str, ...]
    notes: tuple[Note, ...] = ()


def meaning_of(snapshot: Snapshot, kind: str, text: str, parameter: str = "name") -> Meaning:
    """Resolve a typed name. Raises UnknownThing with the nearest names."""
    forms = forms_of(snapshot, kind)
    value = squeeze(text)
    for form in dict.fromkeys((value, value.translate(_NARROW), _simplified(value))):
        if form in forms:
            return _explained(snapshot, kind, text, forms[form])
    parts = _composed(value.translate(_NARROW), forms) if kind in ("place", "thing") else ()
    if parts:
        return _explained(snapshot, kind, text, _innermost(snapshot, parts))
    raise UnknownThing(parameter, text, near_names(_simplified(value), list(forms)))


def resolve(snapshot: Snapshot, kind: str, text: str, parameter: str = "name") -> str:
    """Return the preferred label that `text` names in any form or by its code.

    Raises UnknownThing with the nearest names.
    """
    return meaning_of(snapshot, kind, text, parameter).labels[0]


def meant(text: str, names: Mapping[str, str], parameter: str) -> str:
    """Return the label of a name among `names`, typed with spaces or with `／（）`.

    Raises UnknownThing with the nearest names.
    """
    value = squeeze(text)
    narrow = value.translate(_NARROW)
    for form in (value, narrow):
        if form in names:
            return names[form]
    raise UnknownThing(parameter, text, near_names(narrow, list(names)))


def near_names(value: str, known: Sequence[str]) -> list[str]:
    """List the names most like a value: slips first, then those that hold it."""
    parts = [k for k in known if value and (value in k or k in value)]
    return list(dict.fromkeys([*difflib.get_close_matches(value, known, 5, 0.4), *parts]))[:5]


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _simplified(value: str) -> str:
    return squeeze(_converter().convert(value.translate(_NARROW)))


def _explained(snapshot: Snapshot, kind: str, text: str, labels: tuple[str, ...]) -> Meaning:
    notes = []
    if len(labels) > 1:
        names = "、".join(labels)
        notes.append(Note(f"“{text}”指{names}。", f"{text} stands for {names}."))
    if kind in ("body", "bodies", "thing"):
        found: list[str] = []
        for label in labels:
            others = _stand_ins(snapshot).get(label, ())
            found += others or (label,)
            if others:
                names = "、".join(others)
                notes.append(
                    Note(
                        f"这里的文件没有写到“{label}”；按机构改革前后的同一职责，以“{names}”作答。",
                        f"No document here names {label}; answered for {names}, the body before or "
                        "after the reform.",
                    )
                )
        labels = tuple(dict.fromkeys(found))
    return Meaning(labels, tuple(notes))


def _composed(value: str, forms: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Split a value into known names that fill it, the longest first; empty if none do."""
    if len(value) > _MAX_COMPOSED_CHARS:
        return ()
    found: list[str] = []
    at = parts = 0
    while at < len(value):
        if value[at] in _BETWEEN:
            at += 1
            continue
        end = next((e for e in range(len(value), at + 1, -1) if value[at:e] in forms), 0)
        parts += 1
        if not end or parts > _MAX_PARTS:
            return ()
        found += forms[value[at:end]]
        at = end
    return tuple(dict.fromkeys(found))


def _innermost(snapshot: Snapshot, labels: tuple[str, ...]) -> tuple[str, ...]:
    """Drop the places that hold another of the places."""
    wanted = " ".join(f'"{label}"@zh' for label in labels)
    outer = column(
        snapshot,
        f"SELECT DISTINCT ?name {{ VALUES ?label {{ {wanted} }} ?inner skos:prefLabel ?label ;"
        " (geo:sfWithin|tk:onRoad)+/skos:prefLabel ?name }",
    )
    return tuple(label for label in labels if label not in outer) or labels


def column(snapshot: Snapshot, query: str) -> list[str]:
    """List the values of the first variable of a query."""
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    return [s[0].value for s in result]


_kept: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
"""Names of the last versions that were asked: a version never changes."""


def _keep(snapshot: Snapshot, name: str, found: dict[str, tuple[str, ...]]) -> None:
    while len(_kept) >= _MAX_KEPT:
        del _kept[next(iter(_kept))]
    _kept[snapshot.key, name] = found


def forms_of(snapshot: Snapshot, kind: str) -> Mapping[str, tuple[str, ...]]:
    """Map every form of a name to the preferred labels of what bears it."""
    key = (snapshot.key, kind)
    if key not in _kept:
        _keep(snapshot, kind, _read_forms(snapshot, kind))
    return _kept[key]


def _read_forms(snapshot: Snapshot, kind: str) -> dict[str, tuple[str, ...]]:
    if kind in _CONCEPTS:
        labels = "skos:prefLabel|rdfs:label"
        return _forms_by(
            snapshot,
            f"SELECT DISTINCT ?form ?label {{ {_CONCEPTS[kind]} . ?thing {labels} ?label, ?form ."
            ' FILTER(LANG(?label) = "zh") } ORDER BY ?label ?form',
        )
    if kind == "thing":
        return dict(forms_of(snapshot, "place")) | dict(forms_of(snapshot, "body"))
    forms: dict[str, tuple[str, ...]] = {}
    classes = "tk:Place" if kind == "place" else "tk:Body tk:Collective"
    for edge in ("skos:prefLabel", "skos:altLabel", "skos:notation", "skos:hiddenLabel"):
        found = _forms_by(
            snapshot,
            f"SELECT ?form ?label {{ VALUES ?class {{ {classes} }} ?thing a ?class ;"
            f" skos:prefLabel ?label ; {edge} ?form }} ORDER BY ?label ?form",
        )
        forms = found | forms
    if kind == "place":
        names = "skos:prefLabel|skos:altLabel|skos:hiddenLabel"
        offices = f"?office tk:jurisdiction ?thing ; {names} ?form . ?thing skos:prefLabel ?label"
        return _forms_by(snapshot, f"SELECT ?form ?label {{ {offices} }} ORDER BY ?label") | forms
    inner = _forms_by(
        snapshot,
        "SELECT ?form ?label { ?thing org:unitOf ?whole ; skos:prefLabel ?label ."
        ' FILTER(CONTAINS(?label, "(")) BIND(STRBEFORE(STRAFTER(?label, "("), ")") AS ?form) }'
        " ORDER BY ?label",
    )
    return {form: labels for form, labels in inner.items() if len(labels) == 1} | forms


def _forms_by(snapshot: Snapshot, query: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    result = snapshot.query(query)
    assert isinstance(result, QuerySolutions)
    for solution in result:
        found.setdefault(squeeze(solution["form"].value), {})[solution["label"].value] = None
    return {form: tuple(labels) for form, labels in found.items() if form}


def _stand_ins(snapshot: Snapshot) -> Mapping[str, tuple[str, ...]]:
    """Map each body that no target names to those before or after the reform that one does."""
    key = (snapshot.key, "stand-ins")
    if key not in _kept:
        found = _forms_by(
            snapshot,
            """SELECT ?form ?label {
            { ?event org:resultingOrganization ?silent ; org:originalOrganization ?named }
            UNION { ?event org:originalOrganization ?silent ; org:resultingOrganization ?named }
            ?silent skos:prefLabel ?form . ?named skos:prefLabel ?label .
            FILTER NOT EXISTS { ?edge tk:body ?silent } FILTER EXISTS { ?other tk:body ?named }
            } ORDER BY ?label""",
        )
        _keep(snapshot, "stand-ins", found)
    return _kept[key]
