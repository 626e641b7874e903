"""Schemas of the REST replies, for their description in OpenAPI."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

Stage = Literal["Prepare", "Start", "Progress", "Done", "None"]
Role = Literal["lead", "coordinate", "responsible"]


class Item(BaseModel):
    """A thing: its address, and the end of the address, by which it is asked for."""

    id: str
    iri: str


class Target(Item):
    """One row of a notice; lead, coordinate and places as written."""

    notation: str
    title: str
    text: str
    domain: str
    theme: str
    notice: str
    lead: list[str]
    coordinate: list[str]
    responsible: list[str]
    places: list[str]
    projects: list[str]
    quarters: list[str | None] = Field(min_length=4, max_length=4)


class Body(Item):
    """A department or another actor named in its cell; counts are of written roles."""

    label: str
    kind: Literal["body", "street", "sub-unit", "company", "collective"]
    english: str
    other_names: list[str]
    domain: str
    unit_of: str | None
    leads: int
    coordinates: int
    responsible: int


class Place(Item):
    """A place; `targets` are the notations of those that name it."""

    label: str
    kind: str
    other_names: list[str]
    within: list[str]
    roads: list[str]
    same_place: list[str]
    targets: list[str]


class Project(Item):
    """A named piece of work."""

    label: str
    kind: str
    targets: list[str]
    places: list[str]


class Milestone(Item):
    """A milestone of a quarter; of a whole target where `project` is null."""

    target: str
    target_iri: str
    year: int | None
    quarter: int
    text: str
    stage: Stage
    commitment: str | None
    project: str | None


class Indicator(Item):
    """A number that is promised."""

    target: str
    target_iri: str
    measure: str
    value: float
    unit: str
    comparator: str
    accumulation: str | None
    quarter: int | None
    as_written: str


class Evidence(BaseModel):
    """A span of the notice, in code points, half open."""

    quote: str
    start: int
    end: int


class Assignment(Item):
    """A body in a role of a target; where it is inferred, `via` says through what."""

    target: str
    target_iri: str
    body: str
    body_iri: str
    role: Role
    inferred: bool
    named_as: str | None
    via: str | None
    confidence: float
    evidence: list[Evidence]


class Notice(Item):
    """A document; `text` is the address of the text that was read."""

    label: str
    number: str | None
    index: str | None
    jurisdiction: str | None
    year: int | None
    signed: str | None
    published: str | None
    text: str | None
    targets: int


class Version(Item):
    """A version of the whole graph."""

    time: str
    quads: int
    documents: list[str]
    current: bool
    dump: str


class Parameter(BaseModel):
    """A variable of a question."""

    name: str
    type: str
    default: str


class Question(Item):
    """A question of the catalogue, with its SPARQL."""

    label: str
    english: str
    params: list[Parameter]
    query: str


class Hit(Item):
    """A hit of a search."""

    type: str
    label: str
    note: str


class Asked(BaseModel, extra="allow"):
    """A question in plain words: how it was read, and the rows where it was answered."""

    status: Literal["answer", "ask", "refuse"]
    name: str | None
    params: dict[str, str]
    readings: list[dict[str, Any]]
    reason: str | None
    understood: dict[str, Any]
    columns: list[str]
    rows: list[list[Any]]
    sparql: str | None
    address: str | None


T = TypeVar("T", bound=Item)


class Page(BaseModel, Generic[T]):
    """Some items of a list; `next` goes into `after` for the next page, null on the last."""

    items: list[T]
    next: str | None


class Refusal(BaseModel, extra="allow"):
    """A problem as of RFC 9457; a bad parameter is named, with what it takes."""

    type: str
    title: str
    status: int
    detail: str
    parameter: str | None = None
    allowed: list[str] | None = None
    near: list[str] | None = None


class Report(Item):
    """A report of progress; `notice` where the graph holds the notice that it is on."""

    title: str
    kind: Literal["progress", "progress-other-plan"]
    notice: str | None
    cites: str | None
    as_of: str | None
    issued: str | None
    reporter: str | None
    issue: str | None
    entries: int
    matched: int


class Progress(Item):
    """An entry of a report; `computed`, `rule`, `late_quarters`, `expected` follow by rule."""

    report: str
    target: str | None
    target_iri: str | None
    lead: list[str]
    project: str | None
    quarter: int | None
    as_of: str | None
    reporter: str | None
    text: str
    status: str
    status_as_written: str | None
    computed: str | None
    rule: str | None
    late_quarters: int | None
    percent: float | None
    value: float | None
    unit: str | None
    expected: float | None
    problem: str | None
    next_step: str | None
    matched_by: str | None
    confidence: float | None
    evidence: Evidence


ITEMS: dict[str, type[Item]] = {
    "targets": Target,
    "bodies": Body,
    "places": Place,
    "projects": Project,
    "milestones": Milestone,
    "indicators": Indicator,
    "assignments": Assignment,
    "notices": Notice,
    "documents": Notice,
    "reports": Report,
    "progress": Progress,
    "versions": Version,
    "queries": Question,
}
