"""What an HTML page would cost its parser, from its tags alone: before anything is parsed.

Parsers take time by the square of what stays open, so a page is measured first, in one pass
over its tags with a stack as a browser keeps it.
"""

from __future__ import annotations

import re

from loaders.formats.extracted import Refused

_DEEPEST = 400
_TABLES = 30
"""Tables inside tables: old sites arrange a page by some ten."""
_TAGS = 150_000
_BYTES = 10 * 2**20
_TAG = re.compile(rb"<(?:(/?)([a-z][a-z0-9]*)|!--)")
_VOID = frozenset(
    b"area base br col embed hr img input link meta param source track wbr "
    b"p li dt dd tr td th thead tbody tfoot option optgroup colgroup html head body".split()
)
"""Elements that hold nothing, or that the next one of their kind closes."""
_RAW = frozenset(b"script style textarea title xmp noscript".split())


def measure(data: bytes) -> None:
    """Raises Refused for a page that is too large, of too many tags, or nested too deep."""
    if len(data) > _BYTES:
        raise Refused(f"it is an HTML page of more than {_BYTES // 2**20} MB")
    page = data.lower()
    open_now: list[bytes] = []
    tags = tables = at = 0
    while (tag := _TAG.search(page, at)) is not None:
        tags += 1
        if tags > _TAGS:
            raise Refused(f"it is an HTML page of more than {_TAGS:,} tags")
        at, name = tag.end(), tag[2]
        if name is None:
            at = _after(page, at, b"-->")
        elif name in _RAW and not tag[1]:
            at = _after(page, at, b"</" + name)
        elif name in _VOID:
            continue
        elif not tag[1]:
            open_now.append(name)
            tables += name == b"table"
            if len(open_now) > _DEEPEST:
                raise Refused(f"its elements are nested more than {_DEEPEST} deep")
            if tables > _TABLES:
                raise Refused(f"its tables are nested more than {_TABLES} deep")
        elif name in open_now:
            while (closed := open_now.pop()) != name:
                tables -= closed == b"table"
            tables -= name == b"table"


def _after(page: bytes, at: int, sign: bytes) -> int:
    found = page.find(sign, at)
    return len(page) if found < 0 else found + len(sign)
