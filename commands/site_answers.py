"""Answers for a site without a server: the pages of the server, asked in many processes."""

from __future__ import annotations

import multiprocessing
import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import cache, partial

from api.rest.lists import listed
from graph.open import open_store
from graph.store.snapshot import Snapshot
from queries.catalogue import choices, questions
from queries.scope import narrowed, scope_of
from viz import site as server_site
from viz.static_site.addresses import SiteAddress
from viz.static_site.crawl import Fetch
from viz.static_site.question_data import catalogue

Reply = tuple[SiteAddress, int, str, bytes]
_LIST = re.compile(r"/api/([a-z]+)\.json")


@contextmanager
def answering(location: str | None, snapshot: Snapshot) -> Iterator[Fetch]:
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
def opened(location: str | None, version: str) -> Snapshot:
    store = open_store(location)
    return store.memory(store.version(version))


def answer_page(location: str | None, version: str, address: SiteAddress) -> Reply:
    """The answer of the server's own pages, at an address that is frozen at the version."""
    snapshot = opened(location, version)
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
