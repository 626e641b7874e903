"""One document, read: from its bytes to its records. The way in for everything else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from graph.corrections import Correction
from graph.records import Assignment, Document, Doubt, Role, Row, Target
from loaders.bodies import Segmenter
from loaders.cells import Block, blocks
from loaders.corrections import corrected, place_doubts
from loaders.errors import NotANotice
from loaders.head import doubts_of, head_of
from loaders.indicators import indicators_of
from loaders.milestones import milestones_of
from loaders.places import learnt, places_of
from loaders.projects import projects_of
from loaders.same import links_of
from loaders.source import SourceText, source_text
from loaders.table import Heading, heading, rows
from ontology.gazetteer import gazetteer
from ontology.places import PlaceNames, place_names

SHIPPED = Path(__file__).parent / "notices" / "changning-2019.txt"
"""The notice that comes with the package: 长府〔2019〕5号."""


def read(path: Path) -> Document:
    """The document at `path`, read.

    Raises Unreadable where the bytes are no text, NotANotice where no target is found.
    """
    return read_text(source_text(path))


def read_text(source: SourceText, decisions: Mapping[str, Correction] | None = None) -> Document:
    """A decoded document, read; people's decisions about its doubts are applied."""
    parts = list(blocks(source.text))
    table = heading(parts)
    if table is None:
        raise NotANotice(source.name, _why_not(parts))
    head = head_of(source.text, parts, table.start)
    segmenter = Segmenter(gazetteer(head.jurisdiction))
    found = rows(source.text, parts, table, segmenter)
    if not found:
        raise NotANotice(source.name, "there is a heading of a table, but no row below it")
    cells = [c.span.quote for row in found for c in (row.lead, row.coordinate) if c]
    segmenter = segmenter.learning(cells)
    names = learnt(found, place_names(head.jurisdiction))
    targets, doubts = [], list(doubts_of(head))
    for row in found:
        target, unsure = _target(row, segmenter, names)
        targets.append(target)
        doubts += unsure
    doubts += _missing_columns(table, parts)
    document = Document(
        name=source.name,
        sha256=source.sha256,
        text_id=source.text_id,
        format=source.format,
        text=source.text,
        head=head,
        targets=tuple(targets),
        links=links_of(targets),
        review=tuple(doubts),
    )
    document = replace(document, review=(*document.review, *place_doubts(document)))
    return corrected(document, decisions or {})


def _target(row: Row, segmenter: Segmenter, names: PlaceNames) -> tuple[Target, list[Doubt]]:
    assignments: list[Assignment] = []
    doubts: list[Doubt] = []
    roles: tuple[tuple[Role, str], ...] = (("lead", "lead"), ("coordinate", "coordinate"))
    for role, cell_name in roles:
        cell = row.lead if cell_name == "lead" else row.coordinate
        if cell is not None:
            named, unsure = segmenter.assignments(cell, role, row.id)
            assignments += named
            doubts += unsure
    doubts += _contradictions(row, assignments)
    places = places_of(row, names)
    projects = projects_of(row, places)
    target = Target(
        row=row,
        assignments=tuple(assignments),
        places=places,
        projects=projects,
        milestones=milestones_of(row, projects),
        indicators=indicators_of(row),
    )
    return target, doubts


def _contradictions(row: Row, assignments: Sequence[Assignment]) -> list[Doubt]:
    leads = {a.label for a in assignments if a.role == "lead"}
    doubts = [
        Doubt(
            a.evidence, row.id, "coordinate", "both-roles", f"{a.label}在主责格中也写了，两处都保留"
        )
        for a in assignments
        if a.role == "coordinate" and a.label in leads
    ]
    if not leads:
        where = row.lead.span if row.lead else row.text.span
        doubts.append(Doubt(where, row.id, "lead", "no-lead", "这一行没有读到主责部门"))
    return doubts


def _missing_columns(table: Heading, parts: Sequence[Block]) -> list[Doubt]:
    first = parts[table.start].span()
    said = {"lead": "主责部门", "coordinate": "配合部门"}
    return [
        Doubt(first, "", name, "missing-column", f"表头没有“{label}”一栏")
        for name, label in said.items()
        if name not in table.columns
    ]


def _why_not(parts: Sequence[Block]) -> str:
    if len(parts) < 3:
        return "too short to be a notice; no target was found in it"
    return "no table of targets was found in it (no heading with 序号, 目标任务, 主责部门, …)"
