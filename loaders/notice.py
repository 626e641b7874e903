"""One document, read: from its bytes to its records. The way in for everything else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from graph.records import (
    Assignment,
    Cell,
    Document,
    Doubt,
    Head,
    Part,
    Role,
    Row,
    Span,
    Target,
)
from graph.triples.corrections import Correction
from loaders.bodies.aliases import aliases_of
from loaders.bodies.cells import Segmenter
from loaders.bodies.one_name import with_one_name_each
from loaders.bodies.persons import BESIDE, without_persons
from loaders.bodies.role_cells import beside_leads, ruled, spoken, with_titles_of_groups
from loaders.bodies.roles import Basis, RoleRule, rule_of
from loaders.commitments.indicators import indicators_of
from loaders.commitments.milestones import milestones_of
from loaders.corrections import corrected
from loaders.doubts import doubts_of_facts
from loaders.errors import NotANotice
from loaders.formats.extracted import Remark
from loaders.formats.source import SourceText, source_text
from loaders.head import doubts_of, head_of
from loaders.lexicon.columns import Heading
from loaders.parts import (
    counted,
    doubts_of_parts,
    hidden_from_prose,
    in_order,
    named_parts,
    parts_of,
    restated,
)
from loaders.places.coreference import links_of
from loaders.places.find import learnt, places_of
from loaders.projects.find import projects_of
from loaders.prose.assignments import assigned, doubts_of_bodies
from loaders.prose.rows import prose_rows
from loaders.prose.rules.run_on import is_whole_page
from loaders.prose.rules.sentences import ANNEXED
from loaders.tables.detect import TargetTable, tables_of
from loaders.tables.rows import rows_of
from loaders.text.paragraphs import Block, blocks, line_blocks, lines_in
from ontology.gazetteer import gazetteer
from ontology.places import PlaceNames, place_names

SHIPPED = Path(__file__).parent / "notices" / "changning-2019.txt"
"""The notice that comes with the package: 长府〔2019〕5号."""


_FEW = 3
"""So few paragraphs are none: the lines part the text."""
_OPENING = 40
"""The number of paragraphs that may hold the head of a document without a table."""


def read(path: Path) -> Document:
    """The document at `path`, read.

    Raises Unreadable where the bytes are no text, NotANotice where no target is found.
    """
    return read_text(source_text(path))


def read_text(source: SourceText, decisions: Mapping[str, Correction] | None = None) -> Document:
    """Read a decoded document part by part; people's decisions about its doubts are applied."""
    paragraphs = _paragraphs(source.text)
    head_end = min(len(paragraphs), _OPENING)
    opening = head_of(source.text, paragraphs, head_end, source.name, source.titles)
    bodies = Segmenter(gazetteer(opening.jurisdiction))
    every = tables_of(source, bodies)
    tables = [table for table in every if table.kind == "plan-table"]
    head = opening
    targets: list[Target] = []
    doubts: list[Doubt] = []
    if tables:
        begins = _block_at(paragraphs, tables[0].heading.start)
        head = head_of(source.text, paragraphs, begins, source.name, source.titles)
        if head.jurisdiction != opening.jurisdiction:
            bodies = Segmenter(gazetteer(head.jurisdiction))
        targets, doubts = _tabled(source.text, tables, head, bodies)
        doubts += _missing_columns(tables[0].heading, paragraphs[begins].span())
    parts = parts_of(source.text, every, head.title)
    items, unsure, silent = _prose(source, head, parts, beside_table=bool(tables))
    again = restated(items, targets, parts)
    items = [item for item in items if item not in again]
    unsure = [doubt for doubt in unsure if doubt.row not in {item.id for item in again}]
    targets, doubts = in_order([(targets, doubts), (items, unsure)], parts)
    targets = with_one_name_each(targets)
    parts = counted(parts, targets, [item.row.text.span for item in again])
    doubts += doubts_of_parts(parts)
    if not targets and tables:
        raise NotANotice(source.name, "there is a heading of a table, but no row below it")
    annexed = not tables and ANNEXED.search(source.text)
    if not targets or (annexed and not any(t.assignments for t in targets)):
        raise NotANotice(source.name, named_parts(parts) or _why_not(source, paragraphs))
    remarks = (*source.remarks, *(r for table in tables for r in table.remarks))
    doubts = [*doubts_of(head), *doubts, *_remarks(source.text, remarks, targets)]
    document = Document(
        name=source.name,
        sha256=source.sha256,
        text_id=source.text_id,
        format=source.format,
        text=source.text,
        head=head,
        targets=tuple(targets),
        links=links_of(targets),
        silent=silent,
        aliases=tuple(aliases_of(source.text)),
        review=tuple(doubts),
        layout=tables[0].layout if tables else "list",
        parts=parts,
    )
    document = replace(document, review=(*document.review, *doubts_of_facts(document)))
    return corrected(document, decisions or {})


def _paragraphs(text: str) -> Sequence[Block]:
    """The paragraphs of a text; its lines, where no empty lines part them, or what its spaces
    part, where the page lost its line breaks."""
    parts, lines = blocks(text), lines_in(text)
    if any(is_whole_page(end - start, len(text)) for start, end in lines[:3]):
        return line_blocks(text, r"\s+")
    few = 8 * len(parts) < len(lines) or len(parts) < _FEW
    return line_blocks(text) if few else parts


def _tabled(
    text: str, tables: Sequence[TargetTable], head: Head, segmenter: Segmenter
) -> tuple[list[Target], list[Doubt]]:
    """The targets of tables: their department cells are segmented."""
    read = rows_of(text, [table.rows for table in tables])
    every = [row for rows in read for row in rows]
    cells = [c.span.quote for row in every for c in (row.lead, row.coordinate) if c]
    segmenter = segmenter.learning(cells)
    names = learnt(every, place_names(head.jurisdiction))
    rule = rule_of(text) if any(table.heading.undifferentiated for table in tables) else ""
    targets, doubts = [], []
    for table, rows in zip(tables, read, strict=True):
        doubts += _lost_numbers(table, rows)
        for untitled in rows:
            row, titled = with_titles_of_groups(text, untitled)
            alone = table.heading.undifferentiated
            said = _assigned(text, row, segmenter, rule, undifferentiated=alone)
            if BESIDE.search(text, table.heading.start, table.heading.end):
                named, basis, unsure = said
                kept = without_persons(named)
                gone = {a.evidence for a in named} - {a.evidence for a in kept}
                said = kept, basis, [d for d in unsure if d.span not in gone]
            if titled:
                said = beside_leads(titled, said[0]), "marked", said[2]
            target, unsure = _target(row, said, names, head.year)
            targets.append(target)
            doubts += unsure
    return targets, doubts


def _prose(
    source: SourceText, head: Head, parts: Sequence[Part], *, beside_table: bool
) -> tuple[list[Target], list[Doubt], int]:
    """The targets of the passages outside tables, and how many of their items name nobody.

    Beside a table, only what names its bodies is a target: the rest introduces the table.
    """
    hidden = hidden_from_prose(parts)
    found, silent = prose_rows(source.text, hidden)
    if beside_table:
        found = tuple(read for read in found if read.duty and read.said != "sentence")
    names = learnt([read.row for read in found], place_names(head.jurisdiction))
    targets, doubts = [], []
    for read in found:
        said = assigned(source.text, read)
        places = places_of(read.row, names)
        projects = projects_of(read.row, places)
        targets.append(
            Target(
                row=read.row,
                assignments=said,
                places=places,
                projects=projects,
                milestones=milestones_of(read.row, projects, head.year),
                indicators=indicators_of(read.row),
                roles=read.duty.basis if read.duty else "marked",
                said=read.said,
            )
        )
        doubts += doubts_of_bodies(read, said)
    return targets, doubts, silent


def _lost_numbers(table: TargetTable, rows: Sequence[Row]) -> list[Doubt]:
    """Rows whose number was lost, and is known by the numbers around it."""
    bare = {c["text"].span.start for c in table.rows if "text" in c and "number" not in c}
    why = "序号脱落，按前后的序号补出"
    return [
        Doubt(row.text.span, row.id, "number", "lost-number", why, reading=row.number)
        for before, row in pairwise(rows)
        if row.text.span.start in bare
        and row.number != before.number
        and "number" in table.heading.columns
        and before.number.isdecimal()
    ]


_Assigned = tuple[tuple[Assignment, ...], Basis, list[Doubt]]


def _assigned(
    text: str, row: Row, segmenter: Segmenter, rule: RoleRule, *, undifferentiated: bool
) -> _Assigned:
    """Who does what by the cells of a row, by what basis, and what was uncertain about it."""
    found: list[Assignment] = []
    doubts: list[Doubt] = []
    basis: Basis = "undifferentiated" if undifferentiated else "marked"
    first: Role = "responsible" if undifferentiated else "lead"
    roles: tuple[tuple[Role, Cell | None], ...] = (
        (first, row.lead),
        ("coordinate", row.coordinate),
    )
    for role, cell in roles:
        if cell is None:
            continue
        if told := spoken(text, cell, rule if undifferentiated else ""):
            found += told[0]
            basis = told[1] if undifferentiated else basis
            continue
        named, unsure = segmenter.assignments(cell, role, row.id)
        if undifferentiated and named:
            named, basis = ruled(named, rule)
        found += named
        doubts += unsure
    return tuple(found), basis, doubts


def _target(
    row: Row, said: _Assigned, names: PlaceNames, year: int | None
) -> tuple[Target, list[Doubt]]:
    assignments, basis, doubts = said
    doubts += _contradictions(row, assignments)
    places = places_of(row, names)
    projects = projects_of(row, places)
    target = Target(
        row=row,
        assignments=assignments,
        places=places,
        projects=projects,
        milestones=milestones_of(row, projects, year),
        indicators=indicators_of(row),
        roles=basis,
    )
    return target, doubts


def _contradictions(row: Row, assignments: Sequence[Assignment]) -> list[Doubt]:
    leads = {a.label for a in assignments if a.role in ("lead", "responsible")}
    doubts = [
        Doubt(
            a.evidence,
            row.id,
            "coordinate",
            "both-roles",
            f"{a.label}在主责格中也写了，两处都保留",
            reading=a.label,
        )
        for a in assignments
        if a.role == "coordinate" and a.label in leads
    ]
    if not leads:
        where = row.lead.span if row.lead else row.text.span
        doubts.append(Doubt(where, row.id, "lead", "no-lead", "这一行没有读到主责部门"))
    return doubts


def _missing_columns(table: Heading, first: Span) -> list[Doubt]:
    said = {"lead": "主责部门", "coordinate": "配合部门"}
    return [
        Doubt(first, "", name, "missing-column", f"表头没有“{label}”一栏")
        for name, label in said.items()
        if name not in table.columns and not table.undifferentiated
    ]


def _block_at(parts: Sequence[Block], offset: int) -> int:
    """The paragraph in which an offset lies."""
    return next((i for i, b in enumerate(parts) if b.end > offset), len(parts) - 1)


def _remarks(text: str, remarks: Sequence[Remark], targets: Sequence[Target]) -> list[Doubt]:
    """What is to be known of stretches of the text, as doubts of the rows they lie in."""
    doubts = []
    for one in remarks:
        span = Span(one.start, one.end, text[one.start : one.end])
        row = next((t.id for t in targets if t.row.span.holds(span)), "")
        doubts.append(Doubt(span, row, "", one.kind, one.why))
    return doubts


_ANNEX = re.compile(r"附\s*件\s*\d{0,2}\s*[:：.]?\s*([^\n]{2,60})")


def _why_not(source: SourceText, parts: Sequence[Block]) -> str:
    if len(parts) < 3 and len(source.text) < 60:
        return "too short to be a notice; no target was found in it"
    annex = _ANNEX.search(source.text)
    named = source.attachments or ((annex.group(1).strip(),) if annex else ())
    if named:
        files = ", ".join(f"“{name}”" for name in named[:3])
        return f"the table is missing: it is in an attachment that is not here, {files}"
    return "no table of targets was found in it (no heading with 序号, 目标任务, 主责部门, …)"
