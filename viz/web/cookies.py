"""The one cookie of the pages: the district that a reader chose last."""

from __future__ import annotations

from urllib.parse import quote, unquote

_NAME = "tiaokuai-district"
_YEAR_S = 365 * 24 * 3600


def last_district(header: str) -> str:
    """The district in a Cookie header; empty without one.

    >>> last_district("a=b; tiaokuai-district=%E9%95%BF%E5%AE%81%E5%8C%BA")
    '长宁区'
    """
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == _NAME:
            return unquote(value)
    return ""


def remembered(district: str) -> tuple[str, str]:
    """The header that remembers a district for a year."""
    cookie = f"{_NAME}={quote(district)}; Path=/; Max-Age={_YEAR_S}; SameSite=Lax"
    return "set-cookie", cookie
