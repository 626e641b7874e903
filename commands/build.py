"""From documents to the graph: extract, build, rebuild."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import click
from rich.progress import track

from commands.cli import DOCUMENT, OK, USAGE, errors, fail, guarded, main, written_store_option
from graph.errors import StoreError
from graph.open import open_store
from graph.store.manifest import SourceEntry, Version
from graph.store.store import Store
from graph.triples.corrections import Correction
from loaders.errors import IsAReport, LoadError

_T = TypeVar("_T")
MAX_DRAWN_DOCUMENTS = 20
"""Versions of more documents are drawn when a picture is asked for, not when they are built."""
MAX_FETCHED_QUADS = 300_000
"""Up to this size a version on an engine is fetched once to be drawn; a folder is read in place."""


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["json", "csv", "xlsx", "ttl"]), default="json")
@click.option("--explain", is_flag=True, help="Name the rule of each edge, and what no rule took.")
@click.option("--store", "location", hidden=True)
@guarded
def extract(file: Path, form: str, explain: bool, location: str | None) -> None:
    """Read one document and print what was found in it."""
    from graph.exports.document_json import document_csv, document_json
    from graph.exports.explanation import explained
    from graph.triples.document import quads_of
    from loaders.corpus.pool import Crew, Limits
    from loaders.formats.source import file_bytes

    crew = Crew(Limits())
    try:
        document = crew.read_whole(file.name, file_bytes(file))
    finally:
        crew.dismiss()
    if form == "json" and isinstance(document, IsAReport):
        _print_report(file, location)
        return
    if isinstance(document, LoadError):
        raise document
    if form == "json":
        printed = document_json(document)
        printed = explained(document, printed) if explain else printed
        json.dump(printed, sys.stdout, ensure_ascii=False, indent=1)
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


def _print_report(file: Path, location: str | None) -> None:
    """Print a report of progress as JSON."""
    from commands.progress import read_reports
    from graph.exports.report_json import report_json
    from loaders.corpus.reports import Given

    ((report, _),), _ = read_reports([file], open_store(location), Given())
    json.dump(report_json(report), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


class _SourcePath(click.Path):
    """A path that is not empty: an empty one would mean the working directory."""

    def convert(
        self,
        value: str | os.PathLike[str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str | bytes | os.PathLike[str]:
        if not str(value).strip():
            self.fail("an empty path names no document", param, ctx)
        return super().convert(value, param, ctx)


@main.command()
@click.argument("paths", nargs=-1, type=_SourcePath(path_type=Path))
@click.option("--jobs", type=click.IntRange(1), default=None, help="Reading processes.")
@click.option("--dask", default="", metavar="ADDRESS", help="Read on this Dask cluster.")
@click.option(
    "--replace", is_flag=True,
    help="Let a document take the place of another one that bears its number.",
)  # fmt: skip
@written_store_option
@guarded
def build(
    paths: tuple[Path, ...], jobs: int | None, dask: str, replace: bool, location: str | None
) -> None:
    """Read documents and folders into a new version of the graph. Default: the shipped notice."""
    from loaders.notice import SHIPPED

    published = build_from(
        open_store(location), paths or (SHIPPED,), jobs=jobs or 0, dask=dask, replace=replace
    )
    sys.exit(OK if published else DOCUMENT)


def build_from(
    store: Store,
    paths: Sequence[Path],
    *,
    jobs: int = 0,
    dask: str = "",
    replace: bool = False,
) -> bool:
    """Publish what can be read of `paths`; return whether all of it was published.

    Child processes read, `jobs` of them, or those of a Dask cluster. `replace` lets a document
    take the place of another that bears its number.
    """
    from commands.build_report import report
    from graph.triples.corrections import read_corrections
    from loaders.corpus import editions, filing, publish
    from ontology.gazetteer import gazetteer
    from ontology.places import place_names

    gazetteer("")  # a broken file of a district is named once, not by each reader
    place_names("")
    current = store.current()
    listed = list(publish.documents(paths))
    if not listed:
        click.echo("no document in " + ", ".join(str(p) for p in paths), err=True)
        return False
    known = publish.held(current)
    outcomes: dict[Path, SourceEntry | LoadError] = {}
    unchanged: set[SourceEntry] = set()
    for path in listed:
        if entry := publish.unchanged(known, path):
            outcomes[path] = entry
            unchanged.add(entry)
    wanted = [path for path in dict.fromkeys(listed) if path not in outcomes]
    decisions = read_corrections(store.folder)
    read = _read_by_pool(store, wanted, decisions, jobs or 1, dask)
    for path, outcome in _counted("reading", read, len(wanted)):
        outcomes[path] = outcome
        if isinstance(outcome, LoadError) and not isinstance(outcome, IsAReport):
            _warn(outcome)
    notices = [o for p in listed if not isinstance(o := outcomes[p], LoadError)]
    admitted = editions.admit(store.folder, current, notices, replace=replace)
    reports = {p: o for p in listed if isinstance(o := outcomes[p], IsAReport)}
    if reports:
        plans = filing.plans_beside(store, current, admitted.entries)
        for path, outcome in filing.read_report_files(store, reports, plans):
            outcomes[path] = outcome
            if isinstance(outcome, LoadError):
                _warn(outcome)
        filed = [o for p in reports if not isinstance(o := outcomes[p], LoadError)]
        admitted = admitted.joined(editions.admit(store.folder, current, filed, replace=replace))
    in_order = [outcomes[path] for path in listed]
    entries = [o for o in in_order if not isinstance(o, LoadError)]
    for refusal in admitted.refused:
        _warn(refusal)
    for edition in admitted.editions:
        click.echo("\n".join(editions.describe(edition)), err=True)
    if admitted.entries:
        _publish(store, current, admitted.entries, unchanged)
    unread = [o for o in in_order if isinstance(o, LoadError)]
    report(entries, [*unread, *admitted.refused], unchanged, admitted)
    return not unread and not admitted.refused


def _warn(error: LoadError) -> None:
    click.echo(" ".join(str(error).split()), err=True)


def _publish(
    store: Store,
    current: Version | None,
    entries: Sequence[SourceEntry],
    unchanged: Collection[SourceEntry],
) -> None:
    """Make a version of the documents, and work out the pictures that people open first."""
    from loaders.corpus import publish
    from ontology.gazetteer import gazetteer
    from ontology.places import place_names
    from viz.render import render

    gazetteer("")  # a broken file of a district is named once, not by each reader
    place_names("")

    fresh = [entry for entry in entries if entry not in unchanged]
    made = publish.publish(store, fresh, watched=_watched)
    kept = f", {len(unchanged)} unchanged" if unchanged else ""
    click.echo(f"version {made.id}: {made.quads} quads, {made.documents} documents{kept}", err=True)
    if (current is None or made.id != current.id) and made.documents <= MAX_DRAWN_DOCUMENTS:
        fetched = not store.local and made.quads <= MAX_FETCHED_QUADS
        snapshot = store.memory(made) if fetched else store.open(made)
        for name in ("bodies", "streets"):  # what they work out is kept for the server
            render(snapshot, name, {}, "svg")


def _watched(step: str, things: Sequence[_T]) -> Iterable[_T]:
    return _counted(step, things, len(things))


def _counted(step: str, things: Iterable[_T], count: int) -> Iterable[_T]:
    """Yield things one by one, with a progress bar on a terminal."""
    return track(things, step, count, console=errors, disable=not errors.is_terminal)


_Outcomes = Iterator[tuple[Path, SourceEntry | LoadError]]


def _read_by_pool(
    store: Store, paths: Sequence[Path], decisions: Mapping[str, Correction], jobs: int, dask: str
) -> _Outcomes:
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
@written_store_option
@guarded
def rebuild(location: str | None) -> None:
    """Make the graph again from the sources of the current version."""
    from loaders.corpus import editions, publish

    store = open_store(location)
    if not (store.folder / "current").exists() and not any(store.folder.glob("versions/[!.]*")):
        raise StoreError("the store is empty; there is nothing to rebuild")
    current = store.remembered()
    again, failed = publish.rebuild(store, current)
    failed += editions.admit(store.folder, None, again).refused
    for error in failed:
        _warn(error)
    if failed:
        fail(DOCUMENT, "the store stays as it was: not every source could be read again")
    made = publish.publish(store, again, anew=current, watched=_watched)
    click.echo(f"version {made.id}: {made.quads} quads, {made.documents} documents", err=True)
