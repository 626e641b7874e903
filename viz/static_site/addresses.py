"""Addresses of the server, and the files that hold their answers on a site without one.

Chinese pages lie at the root, English ones in `en/`. A query string becomes part of the file's
name where the server would draw something else for it; where the browser can answer (a search, a
question with parameters, a sentence of a picture) it stays a query string of the file.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit

from queries.scope import KEYS

_HOST = "http://here.invalid"
_FILES = re.compile(
    r"/(?!id/|graph/).*[^/]\.(css|csv|docx|geojson|gexf|graphml|gz|ics|js|json|jsonld|nq|nt|pdf|png|svg"
    r"|tsv|ttf|ttl|txt|wasm|xlsx|xml)"
)
"""Paths that name a file themselves."""
_DOUBLES = {"/sparql": "/editor", "/dump.nq.gz": "/data/graph.nq.gz"}
_LIST = re.compile(r"/api/[a-z]+")
_ONE_LANGUAGE = ("/static/", "/data/", "/api/")
_RDF = ("ttl",)
_UNSAFE = re.compile(r'[\x00-\x20<>:"/\\|?*%#&\x7f]')
"""Characters that Windows refuses in a name, or that have a meaning in an address."""
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?", re.IGNORECASE)
MAX_NAME_BYTES = 120
"""A name may take 255 bytes on most systems; archives and Windows bear less in all."""


@dataclass(frozen=True, slots=True, order=True)
class SiteAddress:
    """One answer of the server: a decoded path, its parameters in order, a language."""

    path: str
    params: tuple[tuple[str, str], ...] = ()
    language: str = "zh"

    @property
    def is_page(self) -> bool:
        """Return whether the answer is a page for people."""
        return not self.ending

    @property
    def ending(self) -> str:
        """The ending of a file that the address names; empty for a page."""
        form = dict(self.params).get("format", "")
        if self.path.startswith(("/id/", "/graph/", "/ns")) and form in _RDF:
            return form
        match = _FILES.fullmatch(self.path)
        return match[1] if match else ""

    @property
    def key(self) -> str:
        """The address as scripts look it up: `/views/body?name=建交委`."""
        return self.path + ("?" + urlencode(self.params) if self.params else "")


@dataclass(frozen=True, slots=True)
class SiteLink:
    """The target of a link: an address, and the query and fragment left to the browser."""

    address: SiteAddress
    query: str = ""
    fragment: str = ""


def link_of(href: str, here: SiteAddress, version: str) -> SiteLink | None:
    """Read a link on the page `here`; None for one that leaves the site or stays on its page.

    >>> link = link_of("/queries/body-leads?name=房管局&lang=en", SiteAddress("/"), "0" * 12)
    >>> link.address, link.query
    (SiteAddress(path='/queries/body-leads', params=(), language='en'), 'name=%E6%88%BF%E7%AE%A1%E5%B1%80')
    """
    if not href or href.startswith("#"):
        return None
    if not href.startswith("/"):
        href = urljoin(f"{_HOST}{quote(here.path)}?{urlencode(here.params)}", href)
    return _parsed(href, version)


@lru_cache(maxsize=200_000)
def _parsed(href: str, version: str) -> SiteLink | None:
    parts = urlsplit(urljoin(_HOST, href))
    if f"{parts.scheme}://{parts.netloc}" != _HOST:
        return None
    path = unquote(parts.path)
    path = path.removeprefix(f"/v/{version}").rstrip("/") or "/"
    path = _DOUBLES.get(path, f"{path}.json" if _LIST.fullmatch(path) else path)
    given = dict(parse_qsl(parts.query, keep_blank_values=False))
    language = given.pop("lang", "zh")
    for name in ("download", "bom"):
        given.pop(name, None)
    asked: dict[str, str] = {}
    if path.startswith(("/views/", "/id/")) and "at" in given:
        asked["at"] = given.pop("at")
    if path in ("/search", "/editor") or (
        path.startswith("/queries/") and not SiteAddress(path).ending
    ):
        asked |= {k: v for k, v in given.items() if k not in KEYS}
        given = {k: v for k, v in given.items() if k in KEYS}
    address = SiteAddress(path, tuple(sorted(given.items())), language)
    if address.ending in _RDF or path.startswith(_ONE_LANGUAGE):
        address = SiteAddress(path, address.params, "zh")
    return SiteLink(address, urlencode(asked), parts.fragment)


def file_names(addresses: Iterable[SiteAddress]) -> dict[SiteAddress, str]:
    """A file for each address; no two differ in case or composition of characters alone."""
    names: dict[SiteAddress, str] = {}
    taken: set[str] = set()
    for address in sorted(addresses):
        name = _name(address)
        if _folded(name) in taken:
            stem, dot, ending = name.rpartition(".")
            name = f"{stem}~{_digest(repr(address))}{dot}{ending}"
        taken.add(_folded(name))
        names[address] = name
    return names


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _name(address: SiteAddress) -> str:
    folders = ["en"] if address.language == "en" else []
    *between, last = address.path.strip("/").split("/")
    ending = address.ending
    stem = last.removesuffix(f".{ending}") if ending else last
    asked = [f"{k}={v}" for k, v in address.params if not (k == "format" and ending in _RDF)]
    whole = ",".join([stem or "index", *asked])
    return "/".join([*map(_safe, folders + between), f"{_safe(whole)}.{ending or 'html'}"])


def _safe(name: str) -> str:
    """Return a part of a path that every system takes, with a hash where it had to change."""
    made = _UNSAFE.sub("_", name).rstrip(". ")
    if _RESERVED.fullmatch(made):
        made += "_"
    data = made.encode()
    if len(data) > MAX_NAME_BYTES:
        made = data[:MAX_NAME_BYTES].decode(errors="ignore")
    return made if made == name else f"{made}~{_digest(name)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
