"""Briefings for planners: report."""

from __future__ import annotations

from pathlib import Path

import click

from commands.cli import USAGE, current, fail, guarded, main, scope_options, store_option
from commands.query import save
from queries.scope import narrowed, scope_of


@main.command()
@click.option("--street", metavar="NAME", help="A street (街道, 镇).")
@click.option("--body", metavar="NAME", help="A department or office.")
@click.option("--parcel", metavar="NAME", help="A parcel, lot, block, address, road or site.")
@click.option(
    "-o", "--output", required=True, metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="docx, pdf or html, by its ending.",
)  # fmt: skip
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@scope_options
@store_option
@guarded
def report(
    street: str | None,
    body: str | None,
    parcel: str | None,
    output: Path,
    lang: str,
    location: str | None,
    scope: dict[str, str],
) -> None:
    """Write a briefing: what ties in, by quarter, who leads, with sentences and sources."""
    from viz.reports.write import WRITERS, written

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
