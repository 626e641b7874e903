"""Cookies of the pages: the district chosen last, and the sitting of a reviewer."""

from __future__ import annotations

from urllib.parse import quote, unquote

_NAME = "tiaokuai-district"
_YEAR_S = 365 * 24 * 3600
SITTING, REVIEWER = "tiaokuai-review", "tiaokuai-who"
"""Set by the first decision of a sitting: a proof of the token, and the reviewer's name."""


def last_district(header: str) -> str:
    """Return the district in a Cookie header; empty without one."""
    return cookie_value(header, _NAME)


def cookie_value(header: str, wanted: str) -> str:
    """Return the value of a cookie in a Cookie header; empty without one.

    >>> cookie_value("a=b; tiaokuai-district=%E9%95%BF%E5%AE%81%E5%8C%BA", "tiaokuai-district")
    '长宁区'
    """
    for pair in header.split(";"):
        name, _, value = pair.strip().partition("=")
        if name == wanted:
            return unquote(value)
    return ""


def remembered(district: str) -> tuple[str, str]:
    """The header that remembers a district for a year."""
    cookie = f"{_NAME}={quote(district)}; Path=/; Max-Age={_YEAR_S}; SameSite=Lax"
    return "set-cookie", cookie
