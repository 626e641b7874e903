"""From documents to the graph: extract, build, rebuild."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TypeVar

import click
from rich.progress import track

from commands.cli import DOCUMENT, OK, USAGE, errors, fail, guarded, main, store_option
from graph.errors import StoreError
from graph.open import open_store
from graph.store.manifest import SourceEntry
from graph.store.store import Store
from graph.triples.corrections import Correction
from loaders.errors import LoadError

_T = TypeVar("_T")
_PICTURED = 20
"""Documents of a version whose pictures are worked out as it is built."""
_FETCHED = 300_000
"""Quads that are fetched from an engine for them: a folder is read where it is, at less cost."""


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["json", "csv", "xlsx", "ttl"]), default="json")
@click.option("--store", "location", hidden=True)
@guarded
def extract(file: Path, form: str, location: str | None) -> None:
    """Read one document and print what was found in it."""
    from graph.exports.document_json import document_csv, document_json
    from graph.triples.document import quads_of
    from loaders.notice import read

    document = read(file)
    if form == "json":
        json.dump(document_json(document), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    elif form == "csv":
        sys.stdout.write(document_csv(document))
    elif form == "ttl":
        from graph.exports.files import write_turtle

        write_turtle(quads_of(document), sys.stdout.buffer)
    else:
        from graph.exports.sheets import document_sheets
        from graph.exports.workbook import workbook

        sys.stdout.buffer.write(workbook(document_sheets(document)))


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--jobs", type=click.IntRange(1), default=None, help="Reading processes.")
@click.option("--dask", default="", metavar="ADDRESS", help="Read on this Dask cluster.")
@store_option
@guarded
def build(paths: tuple[Path, ...], jobs: int | None, dask: str, location: str | None) -> None:
    """Read documents and folders into a new version of the graph. Default: the shipped notice."""
    from loaders.notice import SHIPPED

    published = build_from(open_store(location), paths or (SHIPPED,), jobs=jobs or 0, dask=dask)
    sys.exit(OK if published else DOCUMENT)


def build_from(store: Store, paths: Sequence[Path], *, jobs: int = 0, dask: str = "") -> bool:
    """Publishes what can be read of `paths`; whether all of it could.

    With `jobs` or `dask` a crew reads, in processes of its own.
    """
    from commands.build_report import Unread, report
    from graph.triples.corrections import read_corrections
    from loaders.corpus import publish
    from viz.render import render

    current = store.current()
    decisions = read_corrections(store.folder)
    listed = list(publish.documents(paths))
    fresh: list[SourceEntry] = []
    unread: list[Unread] = []
    same: list[SourceEntry] = []
    wanted: list[Path] = []
    known = publish.held(current)
    for path in listed:
        if entry := publish.unchanged(known, path):
            same.append(entry)
        else:
            wanted.append(path)
    read: Iterator[SourceEntry | LoadError]
    if jobs or dask:
        read = _crew(store, wanted, decisions, jobs, dask)
    else:
        read = _read_all(store, wanted, decisions)
    for one in _counted("reading", read, len(wanted)):
        if isinstance(one, LoadError):
            unread.append(Unread(one.source, one.why))
            click.echo(" ".join(str(one).split()), err=True)
        else:
            fresh.append(one)
    if not listed:
        click.echo("no document in " + ", ".join(str(p) for p in paths), err=True)
        return False
    if fresh or same:
        made = publish.publish(store, fresh, watched=_watched)
        kept = f", {len(same)} unchanged" if same else ""
        click.echo(
            f"version {made.id}: {made.quads} quads, {made.documents} documents{kept}", err=True
        )
        if (current is None or made.id != current.id) and made.documents <= _PICTURED:
            fetched = not store.local and made.quads <= _FETCHED
            snapshot = store.memory(made) if fetched else store.open(made)
            for name in ("bodies", "streets"):  # what they work out is kept for the server
                render(snapshot, name, {}, "svg")
    report(fresh, unread, same)
    return not unread


def _watched(step: str, things: Sequence[_T]) -> Iterable[_T]:
    return _counted(step, things, len(things))


def _counted(step: str, things: Iterable[_T], count: int) -> Iterable[_T]:
    """Things one by one, with a bar on a terminal."""
    return track(things, step, count, console=errors, disable=not errors.is_terminal)


def _read_all(
    store: Store, paths: Sequence[Path], decisions: Mapping[str, Correction]
) -> Iterator[SourceEntry | LoadError]:
    from loaders.formats.sandbox import kept_warm

    with kept_warm() if len(paths) > 1 else nullcontext():
        yield from (_read(store, path, decisions) for path in paths)


def _read(store: Store, path: Path, decisions: Mapping[str, Correction]) -> SourceEntry | LoadError:
    from loaders.corpus import publish
    from loaders.formats.source import source_text
    from loaders.notice import read_text

    try:
        source = source_text(path)
        return publish.kept(store, publish.contribution(read_text(source, decisions), source.data))
    except LoadError as error:
        return error


def _crew(
    store: Store, paths: Sequence[Path], decisions: Mapping[str, Correction], jobs: int, dask: str
) -> Iterator[SourceEntry | LoadError]:
    from loaders.corpus.read_all import read_all

    try:
        yield from read_all(store.folder, paths, decisions, jobs=jobs, dask=dask)
    except ImportError:
        fail(USAGE, "--dask needs the package distributed: pip install 'tiaokuai[dask]'")
    except OSError as error:
        if not dask:
            raise StoreError(f"the store {store.folder} cannot be written: {error}") from error
        fail(USAGE, f"--dask {dask}: no Dask cluster answers there ({error})")


@main.command()
@store_option
@guarded
def rebuild(location: str | None) -> None:
    """Make the graph again from the sources of the current version."""
    from loaders.corpus import publish

    store = open_store(location)
    if not (store.folder / "current").exists():
        raise StoreError("the store is empty; there is nothing to rebuild")
    current = store.remembered()
    again, failed = publish.rebuild(store, current)
    for error in failed:
        click.echo(" ".join(str(error).split()), err=True)
    if failed:
        fail(DOCUMENT, "the store stays as it was: not every source could be read again")
    made = publish.publish(store, again, anew=current, watched=_watched)
    click.echo(f"version {made.id}: {made.quads} quads, {made.documents} documents", err=True)
