"""A version as a site without a server: site."""

from __future__ import annotations

import multiprocessing
import os
import re
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import click

from api.rest.lists import listed
from commands.cli import STORE, USAGE, current, fail, guarded, main, store_option
from graph.open import open_store
from graph.store.snapshot import Snapshot
from queries.catalogue import choices, questions
from queries.scope import narrowed, scope_of
from viz import site as server_site
from viz.static_site.addresses import SiteAddress
from viz.static_site.assembly import write_site
from viz.static_site.crawl import Fetch
from viz.static_site.question_data import catalogue
from viz.static_site.write import SiteError, writing

Reply = tuple[SiteAddress, int, str, bytes]
_LIST = re.compile(r"/api/([a-z]+)\.json")
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
    if folder is None:
        fail(USAGE, "site: name the folder to write with -o")
    if base and not _BASE.fullmatch(base):
        fail(USAGE, f"--base {base}: it begins and ends with a slash, such as /plan/")
    snapshot = _opened(location, version) if version else current(location)
    since = time.monotonic()
    try:
        with writing(folder, force=force) as stage, _answering(location, snapshot) as fetch:
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


@contextmanager
def _answering(location: str | None, snapshot: Snapshot) -> Iterator[Fetch]:
    """Answer addresses as the server does, in as many processes as there are cores."""
    answer = partial(answer_page, location, snapshot.version.id)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:

        def fetch(
            addresses: Iterable[SiteAddress],
        ) -> Iterator[tuple[SiteAddress, int, str, bytes]]:
            yield from pool.map(answer, addresses, chunksize=8)

        yield fetch


@cache
def _opened(location: str | None, version: str) -> Snapshot:
    store = open_store(location)
    return store.memory(store.version(version))


def answer_page(location: str | None, version: str, address: SiteAddress) -> Reply:
    """The answer of the server's own pages, at an address that is frozen at the version."""
    snapshot = _opened(location, version)
    found = _LIST.fullmatch(address.path)
    if found:
        asked: dict[str, object] = {
            "kind": found[1],
            "filters": {},
            "limit": 10**9,
            "after": "",
            "linked": False,
        }
        try:
            reply = listed(snapshot, asked)
        except KeyError:
            return address, 404, "", b""
        return address, reply.status, reply.media, reply.body
    if address.path == "/queries/catalogue.json":
        here = narrowed(snapshot, scope_of(snapshot, {}))
        return address, 200, "application/json", catalogue(here, address.language)
    reply = _page(snapshot, address, dict(address.params))
    if reply.status == 404 and address.is_page and address.path.startswith("/queries/"):
        reply = _page(snapshot, address, _first_choices(snapshot, address))
    return address, reply.status, reply.media, reply.body


def _page(snapshot: Snapshot, address: SiteAddress, params: dict[str, str]) -> server_site.Reply:
    more = {"lang": address.language} | ({"bom": "1"} if address.ending == "csv" else {})
    request = server_site.Request(
        address.path, tuple((params | more).items()), address.language, "text/html", "",
        f"/v/{snapshot.version.id}",
    )  # fmt: skip
    return server_site.answer(snapshot, request)


def _first_choices(snapshot: Snapshot, address: SiteAddress) -> dict[str, str]:
    """The parameters of a question whose usual ones are not in this graph: the first there are."""
    given = dict(address.params)
    here = narrowed(snapshot, scope_of(snapshot, given))
    asked = questions().get(address.path.removeprefix("/queries/"))
    for parameter in asked.params if asked else ():
        known = choices(here, parameter.kind)
        if known and parameter.default and parameter.default not in known:
            given[parameter.name] = known[0]
    return given
