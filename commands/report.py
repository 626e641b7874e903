"""Briefings for planners: report."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli import USAGE, current, fail, guarded, main, scope_options, store_option
from commands.query import save
from graph.open import open_store
from queries.scope import narrowed, scope_of


@main.group(invoke_without_command=True)
@click.pass_context
@click.option("--street", metavar="NAME", help="A street (街道, 镇).")
@click.option("--body", metavar="NAME", help="A department or office.")
@click.option("--parcel", metavar="NAME", help="A parcel, lot, block, address, road or site.")
@click.option(
    "-o", "--output", metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="docx, pdf or html, by its ending.",
)  # fmt: skip
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@scope_options
@store_option
@guarded
def report(
    context: click.Context,
    street: str | None,
    body: str | None,
    parcel: str | None,
    output: Path | None,
    lang: str,
    location: str | None,
    scope: dict[str, str],
) -> None:
    """Write a briefing: what ties in, by quarter, who leads, with sentences and sources."""
    from viz.reports.write import WRITERS, written

    if context.invoked_subcommand:
        return
    if output is None:
        fail(USAGE, "report: name the file to write with -o")
    given = {k: v for k, v in (("street", street), ("body", body), ("parcel", parcel)) if v}
    if len(given) != 1:
        fail(USAGE, "report: name one of --street, --body, --parcel")
    form = output.suffix.lstrip(".").lower()
    if form not in WRITERS:
        fail(USAGE, f"{output.name}: a report is {', '.join(WRITERS)}, by the ending of its name")
    ((kind, name),) = given.items()
    snapshot = current(location)
    here = narrowed(snapshot, scope_of(snapshot, scope))
    made = written(here, kind, name, form, language=lang)
    save(output, made)


@report.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--version", "version", metavar="ID", help="A version; by default the current one.")
@store_option
@guarded
def refresh(file: Path, version: str | None, location: str | None) -> None:
    """Draw the pictures of a Word file again, and list the changes."""
    from viz.reports.refresh import refreshed

    try:
        data = file.read_bytes()
    except OSError as error:
        fail(USAGE, f"{file}: {(error.strerror or 'cannot be read').lower()}")
    current(location)
    made = refreshed(data, open_store(location), version or "")
    save(file, made.data)
    for note in made.notes:
        click.echo(note)
