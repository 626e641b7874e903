"""The table that `build` prints: how well each document was read, or why it was not published."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence

import click

from commands.terminal import print_table
from graph.quality import FORMATS, ROLES_NONE, reasons, unread_parts
from graph.store.manifest import SourceEntry
from loaders.corpus.editions import Admitted, describe_counts
from loaders.errors import LoadError

COLUMNS = ("file", "document", "format", "layout", "targets", "roles", "doubts", "sure", "note")


def report(
    read: Sequence[SourceEntry],
    refused: Sequence[LoadError],
    unchanged: Collection[SourceEntry],
    admitted: Admitted,
) -> None:
    """Print one row a document: a table on a terminal, tab-separated with a header in a pipe."""
    refusals = {r.source for r in admitted.refused}
    kept = [e for e in dict.fromkeys(read) if e.name not in refusals or e in admitted.entries]
    rows = [[*map(str, _row(entry, _note(entry, unchanged, admitted)))] for entry in kept]
    rows += [[error.source, "", "", "", "0", "", "", "", error.why] for error in refused]
    for entry in kept:
        for part in unread_parts(entry.unread, "en"):
            click.echo(f"{entry.name}: not read: {part}", err=True)
    if sys.stdout.isatty():
        print_table(COLUMNS, rows)
        return
    for row in (COLUMNS, *rows):
        click.echo("\t".join(" ".join(cell.split()) for cell in row))


def _note(entry: SourceEntry, unchanged: Collection[SourceEntry], admitted: Admitted) -> str:
    """The outcome for a document that was read."""
    identity = entry.jurisdiction, entry.document
    stands = next(e for e in admitted.entries if (e.jurisdiction, e.document) == identity)
    if stands != entry:
        return f"同一文件，以{stands.name}为准 the same document; {stands.name} stands"
    if entry in unchanged:
        return "未变 unchanged"
    return "; ".join(" ".join(describe_counts(e)) for e in admitted.editions if e.after == entry)


def _row(entry: SourceEntry, note: str) -> tuple[object, ...]:
    notes = [note] if note else []
    if entry.kind == "report":
        notes.append("进展报告 a report of progress")
    if unread := len(unread_parts(entry.unread, "en")):
        notes.append(f"{unread}部分没有读 parts not read: {unread}")
    if entry.roles == ROLES_NONE:
        notes.append("没有写责任单位 no unit is named")
    notes += map(" ".join, zip(reasons(entry.why, "zh"), reasons(entry.why, "en"), strict=True))
    form = FORMATS.get(entry.format, entry.format)
    return (
        entry.name, entry.document, form, entry.layout, entry.targets, entry.roles,
        entry.doubts, entry.sure, "; ".join(notes),
    )  # fmt: skip
