"""A query by GET as bytes, where nothing is unusual about it: the same for server and workers."""

from __future__ import annotations

import hashlib
import re
from binascii import a2b_qp

BEGINS, REST = b"GET /sparql?", b" HTTP/1.1\r\n"
_CHARACTERS = re.compile(rb"[\x21\x24-\x7e\x22]*")
"""Of a query string: no space, no fragment, no byte beyond ASCII."""


def query_of(data: bytes, end: int) -> bytes | None:
    """The query string of a request that begins as `BEGINS` says and is at its `REST` at `end`."""
    found = data[len(BEGINS) : end]
    return found if end >= 0 and _CHARACTERS.fullmatch(found) is not None else None


def text_of(query: bytes) -> str | None:
    """The query that is the only parameter; None where there are more, or it is none.

    What forms call %41 mail calls =41, and Python reads that at the speed of C. Where a % stands
    for itself, the length tells.
    """
    if not query.startswith(b"query=") or b"&" in query:
        return None
    said = query[6:]
    text = a2b_qp(said.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"="))
    if len(text) != len(said) - 2 * said.count(b"%"):
        return None
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None


def tag_of(tagged: bytes, packed: bytes) -> str:
    """The tag of an answer: by what stands before every question, and the question."""
    return hashlib.sha256(tagged + packed).hexdigest()[:24]
