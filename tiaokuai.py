"""The command line, and the front door for notebooks: the one module that knows every folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from functools import wraps
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, NoReturn

import click
from rich.console import Console
from rich.progress import track

from graph.errors import StoreError, UnknownVersion
from graph.snapshot import Snapshot
from graph.store import Store, open_store
from loaders.errors import LoadError
from queries.catalogue import ask, questions
from queries.errors import QuestionError
from queries.formats import plain
from queries.terminal import print_answer, print_result, print_table

OK, VIOLATIONS, USAGE, DOCUMENT, STORE = 0, 1, 2, 3, 4
"""Exit codes: done, the check found violations, wrong usage, unreadable document, bad store."""

_errors = Console(stderr=True, highlight=False, soft_wrap=True)


def _fail(code: int, message: str) -> NoReturn:
    """One line on standard error, and the end."""
    click.echo(" ".join(message.split()), err=True)
    sys.exit(code)


def _guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command whose known errors end in one line and their exit code."""

    @wraps(command)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except UnknownVersion as error:
            _fail(USAGE, str(error))
        except StoreError as error:
            _fail(STORE, str(error))
        except LoadError as error:
            _fail(DOCUMENT, str(error))
        except (QuestionError, SyntaxError) as error:
            _fail(USAGE, str(error))

    return guarded


_store_option = click.option(
    "--store", "location", metavar="FOLDER", help="The store: a folder. Default $TIAOKUAI_STORE."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(installed("tiaokuai"), prog_name="tiaokuai")
def main() -> None:
    """条块: read work-target notices into a knowledge graph, ask it, serve it."""


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(["json", "csv", "xlsx", "ttl"]), default="json")
@click.option("--store", "location", hidden=True)
@_guarded
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
        _fail(USAGE, "extract to xlsx is not there yet; json, csv and ttl are")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@_store_option
@_guarded
def build(paths: tuple[Path, ...], location: str | None) -> None:
    """Read documents and folders into a new version of the graph. Default: the shipped notice."""
    from loaders.notice import SHIPPED

    published = _build(open_store(location), paths or (SHIPPED,))
    sys.exit(OK if published else DOCUMENT)


def _build(store: Store, paths: Sequence[Path]) -> bool:
    """Publishes what can be read of `paths`; whether all of it could."""
    from graph.corrections import read_corrections
    from loaders import corpus
    from loaders.notice import read_text
    from loaders.source import source_text
    from viz.views import render

    fresh, failed = [], 0
    decisions = read_corrections(store.folder)
    listed = list(corpus.documents(paths))
    for path in track(listed, "reading", console=_errors, disable=not _errors.is_terminal):
        try:
            source = source_text(path)
            fresh.append(corpus.contribution(read_text(source, decisions), source.data))
        except LoadError as error:
            failed += 1
            click.echo(" ".join(str(error).split()), err=True)
    if not listed:
        click.echo("no document in " + ", ".join(str(p) for p in paths), err=True)
        return False
    if fresh:
        made = corpus.publish(store, fresh)
        click.echo(f"version {made.id}: {made.quads} quads, {made.documents} documents", err=True)
        render(store.open(made), "bodies", {}, "svg")  # its layout is kept for the server
    return not failed


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--workers", default=None, type=click.IntRange(1), help="Query workers; default: cores."
)
@_store_option
@_guarded
def serve(host: str, port: int, workers: int | None, location: str | None) -> None:
    """Serve the graph: pages, SPARQL and the API. An empty store is built first."""
    from api.serve import serve as run
    from loaders.notice import SHIPPED

    store = open_store(location)
    if store.current() is None:
        click.echo("the store is empty: building the graph from the shipped notice", err=True)
        _build(store, (SHIPPED,))
    run(store, host=host, port=port, workers=workers)


@main.command()
@click.argument("name")
@click.option("--param", "params", multiple=True, metavar="K=V")
@click.option(
    "--format", "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "xlsx", "ttl", "nt"]),
)  # fmt: skip
@_store_option
@_guarded
def query(name: str, params: tuple[str, ...], form: str | None, location: str | None) -> None:
    """Ask a question of the catalogue, a file of SPARQL, or standard input (-)."""
    given = {}
    for param in params:
        key, equals, value = param.partition("=")
        if not equals:
            _fail(USAGE, f"--param {param}: write it as NAME=VALUE")
        given[key] = value
    snapshot = _current(location)
    form = form or ("table" if sys.stdout.isatty() else "tsv")
    if name == "-" or (name.endswith(".rq") and name.removesuffix(".rq") not in questions()):
        if given:
            _fail(USAGE, "--param belongs to a question of the catalogue")
        print_result(snapshot.query(_query_text(name)), form)
    else:
        print_answer(ask(snapshot, name.removesuffix(".rq"), given), form)


def _query_text(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        _fail(USAGE, f"{name}: {(error.strerror or 'cannot be read').lower()}")


def _current(location: str | None) -> Snapshot:
    store = open_store(location)
    if store.current() is None:
        raise StoreError("the store is empty; `tiaokuai build` fills it")
    return store.open()


@main.command()
@click.argument("name")
@click.option("--param", "params", multiple=True, metavar="K=V")
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
@_store_option
@_guarded
def view(name: str, params: tuple[str, ...], output: Path, location: str | None) -> None:
    """Draw a view into a file: html, svg, png, pdf, csv or json, by the file's ending."""
    from viz.views import ViewError, render

    given = dict(p.partition("=")[::2] for p in params)
    try:
        picture = render(_current(location), name, given, output.suffix.lstrip("."))
    except ViewError as error:
        _fail(USAGE, str(error))
    output.write_bytes(picture.body)


@main.command()
@click.option(
    "--format", "form", default="nq", show_default=True,
    type=click.Choice(["nq", "trig", "ttl", "jsonld", "csv", "xlsx", "graphml", "gexf"]),
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
@_store_option
@_guarded
def export(form: str, output: Path | None, location: str | None) -> None:
    """Write the whole graph of the current version."""
    from graph.export import export as write

    snapshot = _current(location)
    if output is None:
        write(snapshot, form, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with output.open("wb") as file:
        write(snapshot, form, file)


@main.command()
@_store_option
@_guarded
def check(location: str | None) -> None:
    """Check the whole store against the shapes and every quote against its source."""
    from graph.audit import audit

    store = open_store(location)
    current = store.current()
    if current is None:
        raise StoreError("the store is empty; `tiaokuai build` fills it")
    texts = {entry.text_id: text for entry, _, text in store.sources(current)}
    snapshot = store.memory()
    findings = audit(snapshot, texts)
    for finding in findings:
        click.echo(str(finding))
    doubts = ask(snapshot, "review-queue").rows
    violations = sum(f.severity == "violation" for f in findings)
    warnings = len(findings) - violations
    click.echo(
        f"version {current.id}: {violations} violations, {warnings} warnings, "
        f"{len(doubts)} facts to review",
        err=True,
    )
    sys.exit(VIOLATIONS if violations else OK)


@main.command()
@click.argument("decision", required=False, type=click.Choice(["accept", "reject", "correct"]))
@click.argument("ids", nargs=-1)
@click.option("--value", default="", help="The right name, for correct.")
@click.option("--who", default=None, help="Who decides; default: the user's name.")
@_store_option
@_guarded
def review(
    decision: str | None, ids: tuple[str, ...], value: str, who: str | None, location: str | None
) -> None:
    """The doubts of the reader; or a person's decision about some of them, kept for ever."""
    if decision is None:
        form = "table" if sys.stdout.isatty() else "tsv"
        print_answer(ask(_current(location), "review-queue"), form)
        return
    if not ids:
        _fail(
            USAGE, f"review {decision}: name the ids of the doubts (the first column of `review`)"
        )
    if (decision == "correct") != bool(value):
        _fail(USAGE, "--value NAME goes with `review correct`, and only with it")
    _decide(open_store(location), decision, ids, value, who)


def _decide(store: Store, decision: str, ids: Sequence[str], value: str, who: str | None) -> None:
    """Keeps a decision about doubts and publishes the graph that follows from it."""
    import getpass
    from datetime import UTC, datetime

    from graph.corrections import Correction, read_corrections, write_corrections
    from loaders import corpus

    current = store.current()
    if current is None:
        raise StoreError("the store is empty; `tiaokuai build` fills it")
    kept = read_corrections(store.folder)
    open_doubts = {plain(row[0]) for row in ask(store.open(), "review-queue").rows if row[0]}
    unknown = [i for i in ids if i not in open_doubts and i not in kept]
    if unknown:
        _fail(USAGE, f"there is no doubt {', '.join(unknown)}; `tiaokuai review` lists them")
    when = datetime.now(UTC).isoformat(timespec="seconds")
    for one in ids:
        kept[one] = Correction(one, decision, value, who or getpass.getuser(), when)  # type: ignore[arg-type]
    write_corrections(store.folder, kept.values())
    again, failed = corpus.rebuild(store, current)
    if failed:
        _fail(DOCUMENT, str(failed[0]))
    made = corpus.publish(store, again)
    click.echo(f"version {made.id}: {len(ids)} doubts decided ({decision})", err=True)


@main.command()
@_store_option
@_guarded
def versions(location: str | None) -> None:
    """The versions of the store, newest first."""
    found = open_store(location).versions()
    rows = [[v.id, v.time, str(v.quads), str(v.documents)] for v in found]
    if sys.stdout.isatty():
        print_table(["version", "time", "quads", "documents"], rows)
    else:
        for row in rows:
            click.echo("\t".join(row))


@main.command()
@click.argument("a")
@click.argument("b")
@_store_option
@_guarded
def diff(a: str, b: str, location: str | None) -> None:
    """What changes from version A to version B, by thing."""
    from graph.diff import diff as compare

    store = open_store(location)
    for change in compare(store.open(store.version(a)), store.open(store.version(b))):
        click.echo(str(change))


@main.command()
@click.argument("version_id")
@_store_option
@_guarded
def rollback(version_id: str, location: str | None) -> None:
    """Make an old version the current one."""
    made = open_store(location).rollback(version_id)
    click.echo(f"version {made.id} is current", err=True)


@main.command()
@_store_option
@_guarded
def rebuild(location: str | None) -> None:
    """Make the graph again from the sources of the current version."""
    from loaders import corpus

    store = open_store(location)
    current = store.current()
    if current is None:
        raise StoreError("the store is empty; there is nothing to rebuild")
    again, failed = corpus.rebuild(store, current)
    for error in failed:
        click.echo(" ".join(str(error).split()), err=True)
    if failed:
        _fail(DOCUMENT, "the store stays as it was: not every source could be read again")
    made = corpus.publish(store, again)
    click.echo(f"version {made.id}: {made.quads} quads, {made.documents} documents", err=True)


@main.command()
@click.option("--street")
@click.option("--body")
@click.option("--parcel")
@click.option("-o", "--output", type=click.Path(path_type=Path))
@_store_option
def report(**options: object) -> None:
    """A planner's briefing."""
    _fail(USAGE, "report is not there yet; `tiaokuai query place-targets` gives the table")


if __name__ == "__main__":
    main()
