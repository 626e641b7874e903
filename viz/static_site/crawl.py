"""Follow the links of the pages from the first one, and keep what each address answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from queries.scope import ALL, KEYS
from viz.static_site.addresses import SiteAddress, link_of

LINK = re.compile(r'(?<=\s)(href|src|action|data-suggest|data-terms|data-copies-png)="([^"]*)"')
"""An attribute of our templates and pictures that holds an address."""
NETWORK = re.compile(
    r'(<script type="application/json" id="network-data">)(.*?)(</script>)', re.DOTALL
)
"""The data of an interactive network."""
SCOPE_FORM = re.compile(r'<form class="frame scope".*?</form>', re.DOTALL)
VIEW_FORM = re.compile(r'<form class="view-form".*?</form>', re.DOTALL)
FIELD = re.compile(
    r'<select name="(?P<select>[^"]*)">(?P<options>.*?)</select>'
    r'|<input type="radio" name="(?P<radio>[^"]*)" value="(?P<value>[^"]*)"(?P<checked> checked)?', re.DOTALL
)  # fmt: skip
OPTION = re.compile(r'<option value="([^"]*)"( selected)?>([^<]*)')
_SERVER = re.compile(
    r"/(?:upload|docs|api|openapi\.json|update|graphs|q|reconcile|mcp|ask|metrics|healthz|oembed"
    r"|\.well-known)(?:[/.].*)?|/v/.*"
)
"""Paths that only a server answers: writing, REST with filters, other versions."""
_HEAVY = ("png", "pdf", "docx")
"""Files that take a second each."""
_OF_ONE_THING = ("/views/", "/reports/")


@dataclass(frozen=True, slots=True)
class SiteAnswer:
    """The answer of an address, kept in a file until all links are known."""

    media: str
    body: Path


Fetch = Callable[[Iterable[SiteAddress]], Iterator[tuple[SiteAddress, int, str, bytes]]]
"""Answers addresses, in any order: address, status, media type, body."""


def needs_server(address: SiteAddress, *, all_formats: bool = False) -> bool:
    """Return whether a site without a server leaves the answer of an address out.

    Some thousand files take minutes and are made with `all_formats` only: pictures of one thing
    and briefings as PNG, PDF and Word, the agenda of a single quarter.
    """
    if _SERVER.fullmatch(address.path) and not address.ending:
        return True
    if dict(address.params).get("format") and not address.ending:
        return True  # RDF in further formats
    chosen = [k for k, _ in address.params if k not in KEYS]
    if address.ending in _HEAVY and address.path.startswith(_OF_ONE_THING) and chosen:
        return not all_formats
    if address.path.startswith("/agenda/") and dict(address.params).get("quarter") != "all":
        return not all_formats
    return False


def crawl(
    fetch: Fetch,
    seeds: Iterable[SiteAddress],
    version: str,
    desk: Path,
    *,
    all_formats: bool = False,
    follow: Callable[[SiteAddress], bool] = lambda _: True,
) -> dict[SiteAddress, SiteAnswer]:
    """Answer the seeds and all that they lead to, with status 200; bodies lie in `desk`.

    `follow` leaves addresses out, for a site of a part.
    """
    kept: dict[SiteAddress, SiteAnswer] = {}
    seen = set(seeds)
    todo = sorted(seen)
    while todo:
        found: set[SiteAddress] = set()
        for address, status, media, body in fetch(todo):
            if status != 200:
                continue
            path = desk / f"{len(kept)}.body"
            path.write_bytes(body)
            kept[address] = SiteAnswer(media, path)
            if media.startswith(("text/html", "image/svg+xml")):
                found |= leads_to(body.decode(), address, version)
        fresh = filter(follow, found - seen)
        todo = sorted(a for a in fresh if not needs_server(a, all_formats=all_formats))
        seen |= found
    return kept


def leads_to(text: str, here: SiteAddress, version: str) -> set[SiteAddress]:
    """The addresses that a page or a picture links, by its scope and its filters too."""
    hrefs = [unescape(href) for _, href in LINK.findall(SCOPE_FORM.sub("", text))]
    for match in NETWORK.finditer(text):
        hrefs += network_links(json.loads(match[2]))
    for _, _, href, _ in scope_choices(text, here):
        hrefs.append(href)
    if here.path.startswith("/views/"):
        hrefs.append(f"{here.path}/sentences.json?{here.key.partition('?')[2]}")
    if here.path.startswith("/views/") and not here.params:
        hrefs += [here.path + ".svg", *_one_filter(text, here)]
    links = (link_of(_in_language(href, here), here, version) for href in hrefs if href)
    return {link.address for link in links if link}


def _in_language(href: str, here: SiteAddress) -> str:
    """Add the language of the page to a link that was made here; other links carry it already."""
    made = href.startswith(f"{here.path}?") or "/sentences.json" in href or href.endswith(".svg")
    if here.language == "en" and made and "lang=" not in href:
        return href + ("&" if "?" in href else "?") + "lang=en"
    return href


def network_links(value: object) -> list[str]:
    """The links in the data of a network."""
    if isinstance(value, dict):
        own = [v for k, v in value.items() if k == "href" and isinstance(v, str)]
        return own + [h for v in value.values() for h in network_links(v)]
    if isinstance(value, list):
        return [h for v in value for h in network_links(v)]
    return []


def scope_choices(text: str, here: SiteAddress) -> list[tuple[str, str, str, bool]]:
    """The other scopes of a page: parameter, label, address, and whether it is this one.

    A district is chosen with its newest year, or all of them with all years; a year within the
    district of the page. Single notices and other pairs are left to a server.
    """
    form = SCOPE_FORM.search(text)
    if form is None:
        return []
    rest = {k: v for k, v in here.params if k not in KEYS}
    shown: dict[str, list[tuple[str, str, bool]]] = {}
    for field in FIELD.finditer(form[0]):
        name = unescape(field["select"] or "")
        shown[name] = [
            (unescape(value), unescape(label), bool(chosen))
            for value, chosen, label in OPTION.findall(field["options"] or "")
        ]
    district = next((v for v, _, chosen in shown.get("district", []) if chosen), "")
    district = dict(here.params).get("district", district)
    years = shown.get("year", []) if district != ALL else []
    found = []
    for value, label, chosen in shown.get("district", []):
        asked = {**rest, "district": value} | ({"year": ALL} if value == ALL else {})
        found.append(("district", label, _key(here.path, asked), chosen))
    for value, label, chosen in years if len(years) > 2 else []:  # one year, and all of them
        asked = {**rest, "year": value} | ({"district": district} if district else {})
        found.append(("year", label, _key(here.path, asked), chosen))
    return found


def _key(path: str, params: dict[str, str]) -> str:
    return SiteAddress(path, tuple(sorted(params.items()))).key


def _one_filter(text: str, here: SiteAddress) -> Iterator[str]:
    """The address of each filter of a picture by itself; combinations are left to a server."""
    form = VIEW_FORM.search(text)
    for field in FIELD.finditer(form[0]) if form else ():
        name = unescape(field["select"] or field["radio"])
        values = (
            [(v, s) for v, s, _ in OPTION.findall(field["options"] or "")]
            if field["select"]
            else [(field["value"], field["checked"])]
        )
        for value, chosen in values:
            if not chosen and name not in KEYS and name != "lang":
                yield _key(here.path, {name: unescape(value)})


def filters_of(text: str) -> dict[str, str]:
    """The values that the filters of a picture have before anyone chooses."""
    form = VIEW_FORM.search(text)
    found: dict[str, str] = {}
    for field in FIELD.finditer(form[0]) if form else ():
        if field["select"]:
            chosen = [v for v, s, _ in OPTION.findall(field["options"]) if s]
            found[unescape(field["select"])] = unescape(chosen[0]) if chosen else ""
        elif field["checked"]:
            found[unescape(field["radio"])] = unescape(field["value"])
    return found
