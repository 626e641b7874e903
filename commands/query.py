"""From the graph to answers: query, view, export."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import click

from commands.cli import USAGE, current, fail, guarded, main, scope_options, store_option
from commands.terminal import print_answer, print_result
from queries.catalogue import ask, questions

param_option = click.option(
    "--param",
    "params",
    multiple=True,
    metavar="K=V",
    help="A parameter; as many as there are.",
)


@main.command()
@click.argument("name")
@param_option
@click.option(
    "--format", "form",
    type=click.Choice(["table", "csv", "tsv", "json", "xml", "xlsx", "ttl", "nt"]),
)  # fmt: skip
@scope_options
@store_option
@guarded
def query(
    name: str,
    params: tuple[str, ...],
    form: str | None,
    location: str | None,
    scope: dict[str, str],
) -> None:
    """Ask a question of the catalogue, a file of SPARQL, or standard input (-)."""
    given = pairs(params)
    snapshot = current(location)
    if name == "-" or (name.endswith(".rq") and name.removesuffix(".rq") not in questions()):
        if given or scope:
            option = "--param" if given else f"--{next(iter(scope))}"
            fail(USAGE, f"{option} belongs to a question of the catalogue")
        print_result(snapshot.query(_query_text(name)), form)
    else:
        print_answer(ask(snapshot, name.removesuffix(".rq"), given | scope), form)


def pairs(params: tuple[str, ...]) -> dict[str, str]:
    """Parse the values of --param; a usage error where one lacks its `=`."""
    for param in params:
        if "=" not in param:
            fail(USAGE, f"--param {param}: write it as NAME=VALUE")
    return dict(p.partition("=")[::2] for p in params)


def save(path: Path, body: bytes) -> None:
    """Writes a file whole; a usage error where its folder does not let it."""
    try:
        path.write_bytes(body)
    except OSError as error:
        fail(USAGE, f"{path}: {(error.strerror or 'cannot be written').lower()}")


def _query_text(name: str) -> str:
    if name == "-":
        return sys.stdin.read()
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        fail(USAGE, f"{name}: {(error.strerror or 'cannot be read').lower()}")


@main.command()
@click.argument("name")
@param_option
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False))
@scope_options
@store_option
@guarded
def view(
    name: str,
    params: tuple[str, ...],
    output: Path,
    location: str | None,
    scope: dict[str, str],
) -> None:
    """Draw a view into a file, by its ending: html, svg, png, pdf, csv, json, graphml, gexf."""
    from viz.render import render
    from viz.views.catalogue import ViewError

    given = pairs(params) | scope
    try:
        picture = render(current(location), name, given, output.suffix.lstrip(".").lower())
    except ViewError as error:
        fail(USAGE, str(error))
    save(output, picture.body)
    for line in picture.warnings:
        click.echo(f"{output}: {line}", err=True)


@main.command()
@click.option(
    "--format", "form", default="nq", show_default=True,
    type=click.Choice(["nq", "trig", "ttl", "jsonld", "csv", "xlsx", "graphml", "gexf"]),
)  # fmt: skip
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False))
@store_option
@guarded
def export(form: str, output: Path | None, location: str | None) -> None:
    """Write the whole graph of the current version."""
    from graph.exports.files import export as write

    snapshot = current(location)
    if output is None:
        write(snapshot, form, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    made = io.BytesIO()
    write(snapshot, form, made)
    save(output, made.getvalue())
