"""A version as a site without a server: site."""

from __future__ import annotations

import re
import time
from pathlib import Path

import click

from commands.cli import STORE, USAGE, current, fail, guarded, main, store_option

_BASE = re.compile(r"(?:https?://[\w.:\[\]-]+)?/(?:[\w.~/%-]*/)?")


@main.command()
@click.option("-o", "--output", "folder", metavar="FOLDER", type=click.Path(path_type=Path))
@click.option("--base", default="", metavar="PATH", help="Where it will lie, such as /plan/.")
@click.option("--version", "version", metavar="ID", help="A version; by default the current one.")
@click.option("--force", is_flag=True, help="Replace the site that is in the folder.")
@click.option(
    "--all-formats", is_flag=True,
    help="Also draw PNG, PDF and Word files of every department and place (some minutes).",
)  # fmt: skip
@store_option
@guarded
def site(
    folder: Path | None,
    base: str,
    version: str | None,
    force: bool,
    all_formats: bool,
    location: str | None,
) -> None:
    """Write a version as a folder of files: pages, pictures, answers, for any web space."""
    # drawing and the server's pages take a second to import, which other commands need not wait for
    from commands.site_answers import answering, opened
    from viz.static_site.assembly import write_site
    from viz.static_site.write import SiteError, writing

    if folder is None:
        fail(USAGE, "site: name the folder to write with -o")
    if base and not _BASE.fullmatch(base):
        fail(USAGE, f"--base {base}: it begins and ends with a slash, such as /plan/")
    snapshot = opened(location, version) if version else current(location)
    since = time.monotonic()
    try:
        with writing(folder, force=force) as stage, answering(location, snapshot) as fetch:
            desk = stage.parent / "answers"
            desk.mkdir()
            made = write_site(snapshot, fetch, stage, desk, base=base, all_formats=all_formats)
    except SiteError as error:
        fail(USAGE if error.usage else STORE, str(error))
    seconds = time.monotonic() - since
    click.echo(
        f"{folder}: version {snapshot.version.id}, {made.files} files, "
        f"{made.size / 1e6:.1f} MB, {seconds:.0f} s",
        err=True,
    )
