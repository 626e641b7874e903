"""The files of the pages: style, scripts, fonts; read once, packed once, tagged by their hash.

By hand: Starlette's StaticFiles reads from disk for each request, packs nothing, and tags a file
by its time, which differs between two installations.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import viz
from api.http.exchange import Exchange
from api.http.outgoing import Outgoing
from api.http.problems import not_found

_FOLDERS = ("static", "vendor")
_PACKED = (".css", ".js", ".svg", ".json", ".txt", ".html")
_TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its media type, its bytes as they are and packed, and its tag."""

    media: str
    body: bytes
    packed: bytes | None
    tag: str


@lru_cache(maxsize=256)
def asset(path: str) -> Asset | None:
    """The file of this path below `viz/static` or `viz/vendor`; None where there is none."""
    home = Path(viz.__file__).parent
    for folder in _FOLDERS:
        root = (home / folder).resolve()
        file = (root / path).resolve()
        if file.is_relative_to(root) and file.is_file():
            body = file.read_bytes()
            packed = gzip.compress(body, 6, mtime=0) if file.suffix in _PACKED else None
            media = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0]
            tag = hashlib.sha256(body).hexdigest()[:16]
            return Asset(media or "application/octet-stream", body, packed, tag)
    return None


def static(exchange: Exchange, path: str) -> Outgoing:
    """A file as a reply. An address that carries a version (`?v=`) never changes its content."""
    found = asset(path) if len(path) < 200 else None
    if found is None:
        raise not_found(f"/static/{path}")
    tag = f'"{found.tag}"'
    fresh = "public, max-age=31536000, immutable" if "v=" in exchange.query else "no-cache"
    headers = (("etag", tag), ("cache-control", fresh), ("vary", "Accept-Encoding"))
    if tag in exchange.headers.get("if-none-match", ""):
        return Outgoing(304, "", b"", headers)
    if found.packed and "gzip" in exchange.headers.get("accept-encoding", ""):
        return Outgoing(200, found.media, found.packed, (*headers, ("content-encoding", "gzip")))
    return Outgoing(200, found.media, found.body, headers)
