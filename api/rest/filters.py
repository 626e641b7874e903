"""The filters of the REST lists: what they are called, what they take, what they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.store.snapshot import Snapshot
from queries.catalogue import choices, resolve
from queries.errors import UnknownThing
from queries.model.atlas import atlas, rows
from queries.model.place_ties import WAYS
from queries.scope import documents

BODY_KINDS = ("body", "street", "sub-unit", "company", "collective")
ROLES = ("lead", "coordinate", "responsible")
STAGES = ("Prepare", "Start", "Progress", "Done", "None")


STATUSES = (
    "NotStarted", "Preparing", "OnTrack", "Ahead", "Behind", "Done", "DoneEarly", "PartlyDone",
    "Stopped", "Changed", "Cancelled", "Unstated",
)  # fmt: skip
COMPUTED_STATUSES = (
    "DoneEarly", "Done", "Ahead", "OnTrack", "NotDue", "Behind", "Overdue", "Unstated",
)  # fmt: skip


class BadFilter(Exception):
    """A filter that a list does not have, or a value that it does not take."""

    def __init__(self, parameter: str, zh: str, en: str, allowed: tuple[str, ...]) -> None:
        super().__init__(en)
        self.parameter, self.zh, self.en, self.allowed = parameter, zh, en, allowed


@dataclass(frozen=True, slots=True)
class Filter:
    """One parameter of a list. `values` are all that it takes; names have further forms."""

    name: str
    description: str
    values: Callable[[Snapshot], tuple[str, ...]]
    names: str = ""
    """body or place, where any name of one is taken, not only those of `values`."""

    def value(self, snapshot: Snapshot, text: str) -> str:
        """Parse a given text. Raises BadFilter."""
        if self.names and text:
            try:
                return resolve(snapshot, self.names, text, self.name)
            except UnknownThing as error:
                raise self.refusal(text, error.near or self.values(snapshot)) from None
        allowed = self.values(snapshot)
        if text not in allowed:
            raise self.refusal(text, allowed)
        return text

    def refusal(self, text: str, allowed: tuple[str, ...]) -> BadFilter:
        """The refusal of a value, with the first of the allowed ones."""
        shown, more = "、".join(allowed[:20]), " …" * (len(allowed) > 20)
        return BadFilter(
            self.name,
            f"{self.name}：不接受“{text}”；可用：{shown}{more}",
            f"{self.name}: {text!r} is not taken; allowed: {shown}{more}",
            allowed,
        )


@dataclass(frozen=True, slots=True)
class DayFilter(Filter):
    """A parameter that takes any day of the form 2019-06-25."""

    def value(self, snapshot: Snapshot, text: str) -> str:
        """Parse a given day. Raises BadFilter."""
        try:
            return date.fromisoformat(text).isoformat()
        except ValueError:
            raise self.refusal(text, self.values(snapshot) or ("2019-06-25",)) from None


def checked(
    snapshot: Snapshot, filters: tuple[Filter, ...], given: Mapping[str, str]
) -> dict[str, str]:
    """The values of the filters that are given. Raises BadFilter."""
    known = {f.name: f for f in filters}
    for name in given:
        if name not in known:
            allowed = (*known, "limit", "after", "lang", "format")
            said = "、".join(allowed)
            raise BadFilter(
                name, f"没有参数 {name}；可用：{said}",
                f"there is no parameter {name}; allowed: {said}", allowed,
            )  # fmt: skip
    return {name: known[name].value(snapshot, text) for name, text in given.items()}


def _fixed(*values: str) -> Callable[[Snapshot], tuple[str, ...]]:
    return lambda _: values


def _labels(kind: str) -> Callable[[Snapshot], tuple[str, ...]]:
    return lambda snapshot: tuple(choices(snapshot, kind))


def _asked(query: str) -> Callable[[Snapshot], tuple[str, ...]]:
    return lambda snapshot: tuple(dict.fromkeys(row[0] for row in rows(snapshot, query)))


def _of_targets(attribute: str) -> Callable[[Snapshot], tuple[str, ...]]:
    def values(snapshot: Snapshot) -> tuple[str, ...]:
        found: dict[Any, None] = dict.fromkeys(
            getattr(t, attribute) for t in atlas(snapshot).targets.values()
        )
        return tuple(v for v in found if v)

    return values


def _of_documents(attribute: str) -> Callable[[Snapshot], tuple[str, ...]]:
    def values(snapshot: Snapshot) -> tuple[str, ...]:
        found = dict.fromkeys(str(getattr(d, attribute)) for d in documents(snapshot))
        return tuple(sorted(v for v in found if v))

    return values


DOMAIN = Filter("domain", "The domain of the target.", _of_targets("domain"))
THEME = Filter("theme", "The theme (重要项目) of the target.", _of_targets("theme"))
QUARTER = Filter("quarter", "With a step in this quarter.", _fixed("1", "2", "3", "4"))
DUE = Filter("quarter", "Due in this quarter.", _fixed("1", "2", "3", "4"))
LEAD = Filter("lead", "Led by this body, as written; any of its names.", _labels("body"), "body")
COORDINATE = Filter(
    "coordinate", "Coordinated by this body, as written; any name.", _labels("body"), "body"
)
BODY = Filter("body", "This body, in whatever role; any of its names.", _labels("body"), "body")
ROLE = Filter("role", "The role of the body.", _fixed(*ROLES))
PLACE = Filter("place", "Tied to this place, in whatever way; any name.", _labels("place"), "place")
STREET = Filter(
    "street", "Tied to this street (街道、镇), in whatever way.",
    _asked("SELECT ?l { ?s a tk:Street ; skos:prefLabel ?l } ORDER BY ?l"),
)  # fmt: skip
INSIDE = Filter(
    "street", "Known to lie within this street (街道、镇).",
    _asked("SELECT ?l { ?s a tk:Street ; skos:prefLabel ?l } ORDER BY ?l"),
)  # fmt: skip
WAY = Filter("way", "How the target is tied to the place or street.", _fixed(*WAYS))
YEAR = Filter(
    "year", "Of a notice of this year.",
    _asked("SELECT (STR(?y) AS ?l) { ?n a tk:Notice ; tk:year ?y } ORDER BY ?y"),
)  # fmt: skip
TARGET = Filter("target", "Of the target with this notation.", _of_targets("id"))
BODY_KIND = Filter("kind", "The kind of body.", _fixed(*BODY_KINDS))
PLACE_KIND = Filter(
    "kind", "The kind of place.",
    _asked("""SELECT DISTINCT ?k { ?p a tk:Place, ?class . FILTER(?class != tk:Place)
    FILTER(STRSTARTS(STR(?class), STR(tk:))) BIND(STRAFTER(STR(?class), "#") AS ?k) }
    ORDER BY ?k"""),
)  # fmt: skip
PROJECT_KIND = Filter(
    "kind", "The kind of project.",
    _asked("SELECT DISTINCT ?l { ?w a tk:Project ; tk:kind/skos:prefLabel ?l "
           "FILTER(LANG(?l) = 'zh') } ORDER BY ?l"),
)  # fmt: skip
DISTRICT = Filter("district", "Only of this district.", _of_documents("district"))
NOTICE = Filter("notice", "Only of this notice: its number or title.", _of_documents("name"))
SCOPE = (DISTRICT, Filter("year", "Only of notices of this year.", YEAR.values), NOTICE)
"""The scope of a list; without it, a list is of the whole version."""
STAGE = Filter("stage", "How far the step goes.", _fixed(*STAGES))
INFERRED = Filter("inferred", "Inferred, or as written.", _fixed("true", "false"))
STATUS = Filter("status", "The status that the report writes.", _fixed(*STATUSES))
COMPUTED = Filter(
    "computed", "The status that follows from plan and day.", _fixed(*COMPUTED_STATUSES)
)
REPORTER = Filter(
    "reporter", "Reported by this body.",
    _asked("""SELECT DISTINCT ?l { ?r a tk:ProgressReport ; tk:reporter/skos:prefLabel ?l }
    ORDER BY ?l"""),
)  # fmt: skip
AS_OF = DayFilter(
    "as_of", "As of this day: of the entries about one thing, the newest.",
    _asked("SELECT DISTINCT (STR(?d) AS ?l) { ?r a tk:ProgressReport ; tk:asOf ?d } ORDER BY ?d"),
)  # fmt: skip
REPORTED_BY = Filter(
    "body", "Reported or led by this body; any of its names.", _labels("body"), "body"
)
OF_STEP = Filter("quarter", "On the step of this quarter.", _fixed("1", "2", "3", "4"))
