"""What is kept and how it is judged: check, review, versions, diff, rollback."""

from __future__ import annotations

import sys
from collections import Counter

import click
from pyoxigraph import QuerySolutions

from commands.cli import OK, USAGE, VIOLATIONS, fail, guarded, main, store_option
from commands.cli import current as current_of
from commands.terminal import print_answer, print_table
from graph.open import open_store
from graph.store.snapshot import Snapshot
from queries.catalogue import ask, question


@main.command()
@store_option
@guarded
def check(location: str | None) -> None:
    """Check the whole store against the shapes and every quote against its source."""
    from graph.checks.audit import audit

    store = open_store(location)
    current = store.must_have()
    texts = store.texts(current)
    snapshot = Snapshot(store.open(current).store, current)  # on disk; what an engine has, fetched
    found = Counter[str]()
    for finding in audit(snapshot, texts):
        found[finding.severity] += 1
        click.echo(str(finding))
    waiting = snapshot.query(question("review-queue").query)
    assert isinstance(waiting, QuerySolutions)
    doubts = sum(1 for _ in waiting)
    click.echo(
        f"version {current.id}: {found['violation']} violations, {found['warning']} warnings, "
        f"{doubts} facts to review",
        err=True,
    )
    sys.exit(VIOLATIONS if found["violation"] else OK)


@main.command()
@click.argument("decision", required=False, type=click.Choice(["accept", "reject", "correct"]))
@click.argument("ids", nargs=-1)
@click.option("--value", default="", help="The right name, for correct.")
@click.option("--who", default=None, help="Who decides; default: the user's name.")
@store_option
@guarded
def review(
    decision: str | None, ids: tuple[str, ...], value: str, who: str | None, location: str | None
) -> None:
    """The doubts of the reader; or a person's decision about some of them, kept for ever."""
    if decision is None:
        form = "table" if sys.stdout.isatty() else "tsv"
        print_answer(ask(current_of(location), "review-queue"), form)
        return
    if not ids:
        fail(USAGE, f"review {decision}: name the ids of the doubts (the first column of `review`)")
    if (decision == "correct") != bool(value):
        fail(USAGE, "--value NAME goes with `review correct`, and only with it")
    import getpass

    from loaders.corpus.review import decide

    # the command's own choices are those of a Decision
    made = decide(open_store(location), ids, decision, value, who or getpass.getuser())  # type: ignore[arg-type]
    click.echo(f"version {made.id}: {len(ids)} doubts decided ({decision})", err=True)


@main.command()
@click.option(
    "--keep", default=None, type=click.IntRange(1), metavar="N",
    help="Remove all but the newest N and the current one; default: all are kept.",
)  # fmt: skip
@store_option
@guarded
def versions(keep: int | None, location: str | None) -> None:
    """The versions of the store, newest first; with --keep, old ones are removed for good."""
    store = open_store(location)
    found = store.versions()
    if keep is not None:
        gone = store.remove(v.id for v in found[keep:])
        click.echo(f"{len(gone)} versions removed", err=True)
        found = [v for v in found if v.id not in gone]
    rows = [[v.id, v.time, str(v.quads), str(v.documents)] for v in found]
    if sys.stdout.isatty():
        print_table(["version", "time", "quads", "documents"], rows)
    else:
        for row in rows:
            click.echo("\t".join(row))


@main.command()
@click.argument("a")
@click.argument("b")
@store_option
@guarded
def diff(a: str, b: str, location: str | None) -> None:
    """What changes from version A to version B, by thing."""
    from graph.checks.diff import diff as compare

    store = open_store(location)
    for change in compare(store.open(store.version(a)), store.open(store.version(b))):
        click.echo(str(change))


@main.command()
@click.argument("version_id")
@store_option
@guarded
def rollback(version_id: str, location: str | None) -> None:
    """Make an old version the current one."""
    made = open_store(location).rollback(version_id)
    click.echo(f"version {made.id} is current", err=True)
