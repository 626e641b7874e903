"""What the reader was not sure of in what it found: places, clauses, numbers, the same spot.

What it was not sure of in the department cells is said where they are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from graph.records import QUARTERS, Document, Doubt, Indicator, Place, Project, Target
from loaders.places.named import tells_its_kind
from ontology.names import squeeze

SAME_PLACE, PLACE, PROJECT, CLAUSE, NUMBER = "same-place", "place", "project", "clause", "number"
_SURE_FROM = Decimal("0.9")
_COUNTS_SUBJECTS = re.compile(r"领域|断面|方面|^(?:调研|梳理|总结|重点调研|督促)")


def doubts_of_facts(document: Document) -> tuple[Doubt, ...]:
    """The doubts about what was found, row by row, then those about the same spot."""
    return (
        *(doubt for target in document.targets for doubt in _of_target(target)),
        *_same_places(document),
    )


def _of_target(target: Target) -> Iterator[Doubt]:
    for place in target.places:
        yield from _of_place(target, place)
    for project in target.projects:
        yield from _of_project(target, project)
    for number in target.indicators:
        yield from _of_number(target, number)


def _of_place(target: Target, place: Place) -> Iterator[Doubt]:
    """A site known by nothing but its position; a name read as another that it does not hold."""
    why = ""
    if place.kind == "site" and not tells_its_kind(place.name):
        why = f"“{place.name}”没有市场、医院一类的词，按上下文认作场所"
    for form in place.named_as:
        if place.kind == "zone" and form not in place.name:
            why = f"“{form}”按“{place.name}”读，字句不同"
        elif place.kind == "county" and place.name.startswith(form) and form != place.name:
            why = f"“{form}”是简称，按“{place.name}”读"
    if why:
        yield Doubt(
            place.evidence[0], target.id, place.cells[0], PLACE, why, place.name, place.name
        )


def _of_project(target: Target, project: Project) -> Iterator[Doubt]:
    """A clause that does not name its project; a project that only one quarter's cell names."""
    for number in project.unsure:
        clause = project.clauses[number - 1]
        if clause is not None:
            why = f"这一格没有写出“{project.name}”，按上下文认作它的进展"
            reading = squeeze(clause.quote)
            cell = QUARTERS[number - 1]
            yield Doubt(clause, target.id, cell, CLAUSE, why, project.name, reading)
    where = project.evidence[0]
    cell = next((c.name for c in target.row.cells() if c.span.holds(where)), "text")
    works = project.kind not in ("活动", "规划")
    once = sum(c is not None for c in project.clauses) == 1
    if works and once and cell != "text" and not project.places:
        why = f"“{project.name}”只在一个季度里提到，也没有地点，可能不是单独的项目"
        yield Doubt(where, target.id, cell, PROJECT, why, project.name, project.name)


def _of_number(target: Target, number: Indicator) -> Iterator[Doubt]:
    """A figure without a measure, and one that may count what the task is about."""
    why = ""
    if number.unit in ("万", "亿", "万余"):
        why = f"“{number.as_written}”没有写计量单位"
    elif number.unit not in ("%", "") and _COUNTS_SUBJECTS.search(number.what):
        why = f"“{number.as_written}”数的是工作对象，不一定是承诺的数量"
    if why:
        cell = "text" if number.when == "year" else number.when
        reading = f"{number.value} {number.unit}".strip()
        yield Doubt(number.evidence[0], target.id, cell, NUMBER, why, number.as_written, reading)


def _same_places(document: Document) -> Iterator[Doubt]:
    """The proposals that two names are one spot."""
    rows = {e: t.id for t in document.targets for p in t.places for e in p.evidence}
    for link in document.links:
        if link.evidence and link.confidence < _SURE_FROM:
            yield Doubt(
                link.evidence[0],
                rows.get(link.evidence[0], ""),
                "text",
                SAME_PLACE,
                f"“{link.left}”与“{link.right}”可能是同一处（置信度{link.confidence}）：{link.reason}",
                f"{link.left}＝{link.right}",
                f"{link.left}＝{link.right}",
            )
