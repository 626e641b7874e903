"""From documents to the graph: extract, build, rebuild."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import click
from rich.progress import track

from commands.group import DOCUMENT, OK, errors, fail, guarded, main, store_option
from graph.errors import StoreError
from graph.store import Contribution, Store, open_store
from graph.versions import SourceEntry
from loaders.errors import LoadError


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["json", "csv", "xlsx", "ttl"]), default="json")
@click.option("--store", "location", hidden=True)
@guarded
def extract(file: Path, form: str, location: str | None) -> None:
    """Read one document and print what was found in it."""
    from graph.extract import document_csv, document_json
    from graph.triples import quads_of
    from loaders.notice import read

    document = read(file)
    if form == "json":
        json.dump(document_json(document), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    elif form == "csv":
        sys.stdout.write(document_csv(document))
    elif form == "ttl":
        from graph.export import write_turtle

        write_turtle(quads_of(document), sys.stdout.buffer)
    else:
        from graph.sheets import document_sheets
        from graph.workbook import workbook

        sys.stdout.buffer.write(workbook(document_sheets(document)))


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@store_option
@guarded
def build(paths: tuple[Path, ...], location: str | None) -> None:
    """Read documents and folders into a new version of the graph. Default: the shipped notice."""
    from loaders.notice import SHIPPED

    published = build_from(open_store(location), paths or (SHIPPED,))
    sys.exit(OK if published else DOCUMENT)


def build_from(store: Store, paths: Sequence[Path]) -> bool:
    """Publishes what can be read of `paths`; whether all of it could."""
    from commands.reported import Unread, report
    from graph.corrections import read_corrections
    from loaders import corpus
    from loaders.notice import read_text
    from loaders.source import source_text
    from viz.views import render

    fresh: list[Contribution] = []
    unread: list[Unread] = []
    same: list[SourceEntry] = []
    current = store.current()
    decisions = read_corrections(store.folder)
    listed = list(corpus.documents(paths))
    for path in track(listed, "reading", console=errors, disable=not errors.is_terminal):
        if entry := corpus.unchanged(current, path):
            same.append(entry)
            continue
        try:
            source = source_text(path)
            fresh.append(corpus.contribution(read_text(source, decisions), source.data))
        except LoadError as error:
            unread.append(Unread(str(path), error.why))
            click.echo(" ".join(str(error).split()), err=True)
    if not listed:
        click.echo("no document in " + ", ".join(str(p) for p in paths), err=True)
        return False
    if fresh or same:
        made = corpus.publish(store, fresh)
        kept = f", {len(same)} unchanged" if same else ""
        click.echo(
            f"version {made.id}: {made.quads} quads, {made.documents} documents{kept}", err=True
        )
        if current is None or made.id != current.id:
            render(store.open(made), "bodies", {}, "svg")  # its layout is kept for the server
    report([c.entry for c in fresh], unread, same)
    return not unread


@main.command()
@store_option
@guarded
def rebuild(location: str | None) -> None:
    """Make the graph again from the sources of the current version."""
    from loaders import corpus

    store = open_store(location)
    if not (store.folder / "current").exists():
        raise StoreError("the store is empty; there is nothing to rebuild")
    current = store.remembered()
    again, failed = corpus.rebuild(store, current)
    for error in failed:
        click.echo(" ".join(str(error).split()), err=True)
    if failed:
        fail(DOCUMENT, "the store stays as it was: not every source could be read again")
    made = corpus.publish(store, again, anew=current)
    click.echo(f"version {made.id}: {made.quads} quads, {made.documents} documents", err=True)
