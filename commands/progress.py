"""Reports of progress: progress, progress template."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.console import Console
from rich.table import Table

from commands.cli import (
    DOCUMENT,
    OK,
    USAGE,
    current,
    fail,
    guarded,
    main,
    scope_options,
    store_option,
    written_store_option,
)
from commands.query import save
from graph.exports.report_json import report_json
from graph.open import open_store
from graph.progress import ProgressEntry, ProgressReport
from graph.store.store import Store
from queries.scope import narrowed, scope_of

if TYPE_CHECKING:
    from loaders.corpus.reports import Given

QUARTERS = ("1", "2", "3", "4", "all")


class _ReadsByDefault(click.Group):
    """A group whose first word, where it is not a command, is the first file to read."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] in self.commands:
            return super().resolve_command(ctx, args)
        return "read", self.commands["read"], args

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in (*self.commands, "-h", "--help"):
            args = ["read", *args]
        return super().parse_args(ctx, args)


@main.group(cls=_ReadsByDefault, subcommand_metavar="FILE… | template")
def progress() -> None:
    """Read reports of progress and tie them to the targets of their plan."""


@progress.command("read", hidden=True)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--as-of", metavar="DATE", help="The day of the facts (2019-06-25).")
@click.option("--by", default="", metavar="BODY", help="Who reports.")
@click.option("--for", "to", default="", metavar="文号", help="The number of the plan.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default=None)
@click.option("--dry-run", is_flag=True, help="Match against the store and write nothing.")
@written_store_option
@guarded
def read(
    files: tuple[Path, ...], as_of: str | None, by: str, to: str, form: str | None,
    dry_run: bool, location: str | None,
) -> None:  # fmt: skip
    """Read reports of progress, tie them to the targets of their plan, and publish them."""
    from loaders.corpus.filing import file_reports
    from loaders.corpus.reports import Given

    given = Given(_day(as_of), by, to)
    store = open_store(location)
    read, failed = read_reports(files, store, given)
    filed = [(report, data) for report, data in read if report.kind != "not-a-report"]
    if filed and not dry_run:
        version, replaced = file_reports(store, filed, given)
        for earlier in replaced:
            click.echo(f"{earlier.document}: replaces the issue of {earlier.name}", err=True)
        count = f"{version.quads} quads, {version.documents} documents"
        click.echo(f"version {version.id}: {count}", err=True)
    reports = [report for report, _ in read]
    if (form or ("table" if sys.stdout.isatty() else "json")) == "json":
        made = [report_json(r) for r in reports]
        one = made[0] if len(files) == 1 and made else made
        json.dump(one, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        for report in reports:
            _print(report)
    none = [r for r in reports if r.kind == "not-a-report"]
    for report in none:
        click.echo(f"{report.name}: {report.why}", err=True)
    sys.exit(DOCUMENT if failed or none else OK)


@progress.command("template")
@click.option("--body", required=True, metavar="NAME", help="Who is to report.")
@click.option(
    "--quarter",
    type=click.Choice(QUARTERS),
    default="all",
    help="Its steps; by default the year's.",
)
@click.option(
    "-o", "--output", required=True, metavar="FILE.xlsx",
    type=click.Path(path_type=Path, dir_okay=False),
)  # fmt: skip
@scope_options
@store_option
@guarded
def template(
    body: str, quarter: str, output: Path, location: str | None, scope: dict[str, str]
) -> None:
    """Write the workbook that a body fills in: its targets, with columns for its progress."""
    from viz.reports.progress_template import progress_template

    if output.suffix.lower() != ".xlsx":
        fail(USAGE, f"{output.name}: the form is a workbook; name it .xlsx")
    snapshot = current(location)
    here = narrowed(snapshot, scope_of(snapshot, scope))
    save(output, progress_template(here, body, quarter)[0])


def _day(text: str | None) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        fail(USAGE, f"--as-of {text}: no day of the form 2019-06-25")


def read_reports(
    files: Sequence[Path], store: Store, given: Given
) -> tuple[list[tuple[ProgressReport, bytes]], bool]:
    """Return the reports in some files, tied to the notices of a store, and whether one failed.

    An empty store has the shipped notice for its plan. What cannot be read is named on standard
    error.
    """
    from loaders.corpus.filing import matched
    from loaders.errors import LoadError
    from loaders.formats.source import file_bytes, source_of

    reports: list[tuple[ProgressReport, bytes]] = []
    failed = False
    for file in files:
        try:
            data = file_bytes(file)
            reports.append((matched(source_of(file.name, data), store, given), data))
        except LoadError as error:
            click.echo(" ".join(str(error).split()), err=True)
            failed = True
    return reports, failed


def _print(report: ProgressReport) -> None:
    console = Console(highlight=False)
    head = report.head
    told = [f"as of {head.as_of}" if head.as_of else "", head.reporter, report.plan or report.why]
    table = Table("target", "project", "quarter", "status", "computed", "quote", title=report.name)
    for entry in report.entries:
        said = entry.statement
        row: list[Any] = [
            entry.target or "—",
            entry.project,
            f"Q{entry.quarter}" if entry.quarter else "",
            said.written.status if said.written else "",
            entry.computed.status if entry.computed else "",
            " ".join(said.quote.quote.split()),
        ]
        table.add_row(*row)
    table.caption = ", ".join(t for t in told if t)
    console.print(table)
    for entry in report.unmatched:
        click.echo(_unmatched(report, entry), err=True)
    if report.not_reported:
        console.print("not reported: " + ", ".join(report.not_reported))


def _unmatched(report: ProgressReport, entry: ProgressEntry) -> str:
    """Return one line that names the place of a statement that fits no target."""
    said = entry.statement
    changed = "unknown-key" in entry.doubts
    place = (said.key_place if changed else None) or said.place
    where = [report.name]
    if place:
        where += [f"sheet {place.sheet}"] if place.sheet else []
        where.append(f"row {place.row}")
        where += [f"cell {place.cell}"] if place.cell else []
    why = "its address is no target of the plan" if changed else "it fits no target of the plan"
    quote = " ".join(said.quote.quote.split())
    return f"{', '.join(where)}: {why}: {quote[:60]}"
