"""Compression of whole replies (RFC 9110, 8.4): gzip, for clients that accept it."""

from __future__ import annotations

import asyncio
import re
import zlib
from dataclasses import replace

from api.http.outgoing import Outgoing

MIN_BYTES = 1024
_LEVEL = 5
_GZIP = 31
"""The `wbits` of zlib for a gzip header and trailer."""
_MAX_INLINE_BYTES = 2**16
"""A larger body is compressed in a thread, so that other clients are answered meanwhile."""
_TEXT = re.compile(
    r"text/|application/(?:[\w.-]+\+)?(?:json|xml)|application/(?:n-|trig|javascript)|image/svg"
)
_ACCEPTED = re.compile(
    r"(?:^|,)\s*(?:x-)?(?:gzip|\*)\s*(?:;\s*q=(?P<q>\d+(?:\.\d+)?))?\s*(?=,|$)", re.IGNORECASE
)


def accepts_gzip(header: str) -> bool:
    """Return whether an Accept-Encoding header takes gzip.

    >>> accepts_gzip("br, gzip;q=0.8"), accepts_gzip("gzip;q=0"), accepts_gzip("identity")
    (True, False, False)
    """
    match = _ACCEPTED.search(header)
    return match is not None and float(match["q"] or 1) > 0


async def compressed(out: Outgoing, accepted: str) -> Outgoing:
    """Return a reply compressed where that pays: text of some size, not encoded yet.

    Its strong tag becomes a weak one, since the bytes differ by encoding.
    """
    known = {name for name, _ in out.headers}
    if len(out.body) < MIN_BYTES or not _TEXT.match(out.media) or "content-encoding" in known:
        return out
    vary = tuple(
        (name, f"{value}, Accept-Encoding" if name == "vary" else value)
        for name, value in out.headers
    )
    if "vary" not in known:
        vary += (("vary", "Accept-Encoding"),)
    if not accepts_gzip(accepted) or out.status == 304:
        return replace(out, headers=vary)
    if len(out.body) > _MAX_INLINE_BYTES:
        body = await asyncio.to_thread(_gzip, out.body)
    else:
        body = _gzip(out.body)
    weak = tuple(
        (name, f"W/{value}" if name == "etag" and not value.startswith("W/") else value)
        for name, value in vary
    )
    return replace(out, body=body, headers=(*weak, ("content-encoding", "gzip")))


def _gzip(body: bytes) -> bytes:
    packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
    return packer.compress(body) + packer.flush()
