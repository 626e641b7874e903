"""What `build` tells of each document: how well it was read, or why it could not be."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from commands.terminal import print_table
from graph.quality import FORMATS, ROLES_NONE, reasons
from graph.store.manifest import SourceEntry

COLUMNS = ("file", "document", "format", "layout", "targets", "roles", "doubts", "sure", "note")


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that could not be read, and why."""

    name: str
    why: str


def report(
    read: Sequence[SourceEntry], unread: Sequence[Unread], same: Sequence[SourceEntry] = ()
) -> None:
    """Prints one row a document: a table on a terminal, tab-separated with a header in a pipe."""
    last = {(e.jurisdiction, e.document): i for i, e in enumerate(read)}
    kept = [last[(e.jurisdiction, e.document)] for e in read]
    rows = [
        [*map(str, _row(entry, read[k].name if k != i else ""))]
        for i, (entry, k) in enumerate(zip(read, kept, strict=True))
    ]
    rows += [[*map(str, _row(entry, "")[:-1]), "未变 unchanged"] for entry in same]
    rows += [[one.name, "", "", "", "0", "", "", "", one.why] for one in unread]
    if sys.stdout.isatty():
        print_table(COLUMNS, rows)
        return
    for row in (COLUMNS, *rows):
        click.echo("\t".join(" ".join(cell.split()) for cell in row))


def _row(entry: SourceEntry, instead: str) -> tuple[object, ...]:
    notes = []
    if entry.roles == ROLES_NONE:
        notes.append("没有写责任单位 no unit is named")
    if instead:
        notes.append(f"同一文件，以{instead}为准 the same document; {instead} stands")
    notes += map(" ".join, zip(reasons(entry.why, "zh"), reasons(entry.why, "en"), strict=True))
    form = FORMATS.get(entry.format, entry.format)
    return (
        entry.name, entry.document, form, entry.layout, entry.targets, entry.roles,
        entry.doubts, entry.sure, "; ".join(notes),
    )  # fmt: skip
