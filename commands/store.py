"""Commands that look after the store: check, review, versions, diff, rollback, backup, doctor."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import click
from pyoxigraph import QuerySolutions

from commands.cli import (
    OK,
    STORE,
    USAGE,
    VIOLATIONS,
    fail,
    guarded,
    main,
    store_option,
    written_store_option,
)
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
@written_store_option
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
@written_store_option
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
    """List the changes from version A to version B, by thing."""
    from graph.checks.diff import diff as compare

    store = open_store(location)
    for change in compare(store.open(store.version(a)), store.open(store.version(b))):
        click.echo(str(change))


@main.command()
@click.argument("version_id")
@written_store_option
@guarded
def rollback(version_id: str, location: str | None) -> None:
    """Make an old version the current one."""
    made = open_store(location).rollback(version_id)
    click.echo(f"version {made.id} is current", err=True)


@main.command()
@click.option("-o", "out", required=True, type=click.Path(path_type=Path, dir_okay=False))
@store_option
@guarded
def backup(out: Path, location: str | None) -> None:
    """Write the whole store into one file, while it is served too."""
    from graph.store.backup import backup as write_backup

    store = open_store(location)
    count = write_backup(store, out)
    click.echo(
        f"{out}: {count} files of {store.folder}, {out.stat().st_size / 2**20:.1f} MB", err=True
    )


@main.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@written_store_option
@guarded
def restore(file: Path, location: str | None) -> None:
    """Put the store of a backup into an empty place, each file checked by its hash."""
    from graph.store.backup import restore as unpack_backup

    store = open_store(location)
    count = unpack_backup(store, file)
    made = store.must_have()
    click.echo(f"version {made.id} is current: {count} files checked and restored", err=True)


@main.command()
@store_option
@guarded
def doctor(location: str | None) -> None:
    """List what is in the store, its damage, and the command that mends it."""
    from graph.store.doctor import damages

    store = open_store(location)
    found = list(damages(store))
    click.echo(f"store\t{store.location}")
    current = store.remembered_or_none() if store.folder.is_dir() else None
    if current is None:
        click.echo("current\tnone; `tiaokuai build` fills the store")
    else:
        click.echo(f"current\t{current.id}\t{current.time}")
        click.echo(f"holds\t{current.quads} quads\t{current.documents} documents")
        click.echo(f"versions\t{sum(1 for _ in store.folder.glob('versions/[!.]*'))}")
    for damage in found:
        click.echo(f"damaged\t{damage}")
    if trouble := store.trouble():
        click.echo(f"trouble\t{trouble}")
    click.echo("sound" if not found else f"{len(found)} damaged", err=True)
    sys.exit(STORE if found else OK)
