"""The collections of the REST interface, each with its filters and what makes its items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from api.rest import filters as f
from api.rest import items, report_items, target_items
from api.rest.filters import Filter
from api.rest.items import Given, Item
from graph.store.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Collection:
    """A list below `/api`: its items in a fixed order, and what they can be filtered by."""

    name: str
    summary: str
    single: str
    filters: tuple[Filter, ...]
    items: Callable[[Snapshot, Given], list[Item]]
    is_scoped: bool = True
    """True for lists of facts, which a district, a year or a notice narrows."""

    @property
    def all_filters(self) -> tuple[Filter, ...]:
        """The filters and, where it has one, the scope."""
        own = {mine.name for mine in self.filters}
        return (
            *self.filters, *(s for s in f.SCOPE if self.is_scoped and s.name not in own)
        )  # fmt: skip


_OF_TARGET = (f.DOMAIN, f.THEME, f.YEAR)
COLLECTIONS = {
    c.name: c
    for c in (
        Collection(
            "targets",
            "The targets, in the order of the documents",
            "One target, by notation or id",
            (
                *_OF_TARGET,
                f.QUARTER,
                f.LEAD,
                f.COORDINATE,
                f.BODY,
                f.ROLE,
                f.PLACE,
                f.STREET,
                f.WAY,
            ),
            items.targets,
        ),
        Collection(
            "bodies",
            "Departments, offices, companies and collectives",
            "One body, by any of its names or its id",
            (f.BODY_KIND, f.ROLE, f.DOMAIN),
            items.bodies,
        ),
        Collection(
            "places",
            "Blocks, lots, roads, streets and what else is a place",
            "One place, by any of its names or its id",
            (f.PLACE_KIND, f.INSIDE, f.TARGET),
            items.places,
        ),
        Collection(
            "projects",
            "Named pieces of work",
            "One project, by its name or id",
            (f.PROJECT_KIND, *_OF_TARGET, f.TARGET, f.LEAD, f.COORDINATE, f.PLACE, f.STREET, f.WAY),
            items.projects,
        ),
        Collection(
            "milestones",
            "What is due in which quarter",
            "One milestone, by its id",
            (*_OF_TARGET, f.DUE, f.STAGE, f.TARGET, f.LEAD, f.COORDINATE, f.PLACE, f.STREET, f.WAY),
            target_items.milestones,
        ),
        Collection(
            "indicators",
            "The numbers that are promised",
            "One number, by its id",
            (*_OF_TARGET, f.DUE, f.TARGET, f.LEAD),
            target_items.indicators,
        ),
        Collection(
            "assignments",
            "Who does what in which role, with its place in the notice",
            "One assignment, by its id",
            (*_OF_TARGET, f.TARGET, f.BODY, f.ROLE, f.INFERRED),
            target_items.assignments,
        ),
        Collection(
            "notices",
            "The documents",
            "One document, by its number or id",
            (f.YEAR,),
            items.notices,
        ),
        Collection(
            "reports",
            "Reports of progress, the oldest facts first",
            "One report, by its id",
            (f.REPORTER, f.AS_OF),
            report_items.reports,
        ),
        Collection(
            "progress",
            "Entries of reports: what was reported on what",
            "One entry, by its id",
            (
                f.STATUS,
                f.COMPUTED,
                f.AS_OF,
                f.OF_STEP,
                f.REPORTER,
                f.REPORTED_BY,
                f.TARGET,
                f.DOMAIN,
                f.THEME,
                f.YEAR,
                f.LEAD,
                f.PLACE,
                f.STREET,
                f.WAY,
            ),
            report_items.progress,
        ),
        Collection(
            "versions",
            "The versions, newest first",
            "One version, by its id",
            (),
            items.versions,
            is_scoped=False,
        ),
        Collection(
            "queries",
            "The questions of the catalogue",
            "One question",
            (),
            items.catalogue,
            is_scoped=False,
        ),
    )
}
COLLECTIONS["documents"] = COLLECTIONS["notices"]
