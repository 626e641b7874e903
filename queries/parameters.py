"""The parameters of questions: their kinds, the values that they take, and those values as terms.

| kind | value |
| --- | --- |
| body, place, thing | a name of a body, of a place, of either |
| bodies | names of several bodies, joined by “、” |
| domain, placekind, projectkind, stage | a label, Chinese or English |
| target | the number of a target |
| quarter, month | a number; 第二季度 and 6月 are understood |
| metres | a number of metres |
| shape | WKT in longitude and latitude |
| day | 2019-06-25 or 2019年6月25日 |
| text | anything |
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import product

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from graph.store.snapshot import Snapshot
from ontology.names import XSD, squeeze
from queries.errors import BadParameter, UnknownThing
from queries.known_names import Meaning, Note, column, forms_of, meaning_of, near_names

Term = NamedNode | BlankNode | Literal | Triple

_NUMBERS = {"quarter": range(1, 5), "month": range(1, 13)}
_NO_NUMBER = {"quarter": ("quarter", "季度"), "month": ("month", "月份")}
_DIGITS = {c: str(i) for i, c in enumerate("一二三四五六七八九", 1)} | {
    "十": "10",
    "十一": "11",
    "十二": "12",
}
_WKT = re.compile(
    r"(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*\([\d\s.,()+-]{3,20000}\)", re.IGNORECASE
)
_DAY = re.compile(r"(\d{4})[-年./](\d{1,2})[-月./](\d{1,2})日?")
_JOINS = re.compile("[、,，;；]")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A variable that a person may set; without a default it may stay open."""

    name: str
    kind: str
    default: str
    label_zh: str
    label: str

    @property
    def is_optional(self) -> bool:
        """Return whether the question has an answer without it."""
        return not self.default


def term(snapshot: Snapshot, parameter: Parameter, text: str) -> Term:
    """Return a value as a term; of a name that several things share, the first; "" where unset.

    Raises BadParameter, UnknownThing.
    """
    if parameter.is_optional and not squeeze(text):
        return Literal("")
    return terms(snapshot, parameter, text)[0][0]


def terms(
    snapshot: Snapshot, parameter: Parameter, text: str
) -> tuple[tuple[Term, ...], tuple[Note, ...]]:
    """Return a value as the terms that it means, and notes on what is not plain in it.

    Raises BadParameter, UnknownThing.
    """
    value = squeeze(text)
    if parameter.kind in _NUMBERS:
        return (_number(parameter, text),), ()
    if parameter.kind == "day":
        return (_day(parameter, text),), ()
    if parameter.kind == "shape":
        return (_shape(parameter, text),), ()
    if parameter.kind == "metres":
        return (_metres(parameter, text),), ()
    if parameter.kind == "text":
        if not value:
            raise BadParameter(parameter.name, "is empty", zh="未填")
        return (Literal(value),), ()
    if parameter.kind == "target":
        known = choices(snapshot, "target")
        if value not in known:
            raise UnknownThing(parameter.name, text, near_names(value, known))
        return (Literal(value),), ()
    if parameter.kind == "bodies":
        return _bodies(snapshot, parameter, text)
    meaning = meaning_of(snapshot, parameter.kind, text, parameter.name)
    return tuple(Literal(label, language="zh") for label in meaning.labels), meaning.notes


def _number(parameter: Parameter, text: str) -> Literal:
    allowed = [str(n) for n in _NUMBERS[parameter.kind]]
    value = squeeze(text).lstrip("Qq第").rstrip("季度月份")
    value = _DIGITS.get(value, value)
    if value not in allowed:
        en, zh = _NO_NUMBER[parameter.kind]
        raise BadParameter(
            parameter.name, f"{text!r} is no {en}", allowed, zh=f"“{text}”不是{zh}"
        )  # fmt: skip
    return Literal(value, datatype=XSD["integer"])


def _shape(parameter: Parameter, text: str) -> Literal:
    """Return WKT in longitude and latitude as a plain literal; the query gives it its type."""
    if not _WKT.fullmatch(text.strip()):
        raise BadParameter(
            parameter.name, f"{text[:60]!r} is no WKT", ["POLYGON((x y, …))"],
            zh=f"“{text[:60]}”不是WKT",
        )  # fmt: skip
    return Literal(text.strip())


def _metres(parameter: Parameter, text: str) -> Literal:
    value = squeeze(text).lower().removesuffix("米").removesuffix("m")
    if not re.fullmatch(r"\d{1,6}(?:\.\d{1,3})?", value):
        raise BadParameter(
            parameter.name, f"{text!r} is no number of metres", ["500"], zh=f"“{text}”不是米数"
        )
    return Literal(value, datatype=XSD["decimal"])


def _day(parameter: Parameter, text: str) -> Literal:
    found = _DAY.fullmatch(squeeze(text))
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        day = None
    if day is None:
        form = "2019-06-25"
        raise BadParameter(
            parameter.name, f"{text!r} is no day of the form {form}", (form,),
            zh=f"“{text}”不是日期",
        )  # fmt: skip
    return Literal(day.isoformat(), datatype=XSD["date"])


def _bodies(
    snapshot: Snapshot, parameter: Parameter, text: str
) -> tuple[tuple[Term, ...], tuple[Note, ...]]:
    """Resolve names joined by “、” to `|name|name|`, one for each combination of what they mean."""
    parts = [p for p in _JOINS.split(text) if squeeze(p)]
    if not parts:
        raise BadParameter(parameter.name, "is empty", zh="未填")
    found: list[Meaning] = [meaning_of(snapshot, "body", p, parameter.name) for p in parts]
    together = dict.fromkeys(
        f"|{'|'.join(dict.fromkeys(labels))}|" for labels in product(*(m.labels for m in found))
    )
    return tuple(Literal(t) for t in together), tuple(n for m in found for n in m.notes)


def choices(snapshot: Snapshot, kind: str) -> list[str]:
    """List the values that a parameter of this kind can take; empty where it is free."""
    if kind in _NUMBERS:
        return [str(n) for n in _NUMBERS[kind]]
    if kind == "target":
        query = "SELECT ?n { ?t a tk:Target ; skos:notation ?n ; tk:ordinal ?o } ORDER BY ?o ?n"
        return list(dict.fromkeys(column(snapshot, query)))
    if kind in ("text", "day", "metres", "shape"):
        return []
    forms = forms_of(snapshot, "body" if kind == "bodies" else kind)
    return sorted({label for labels in forms.values() for label in labels})
