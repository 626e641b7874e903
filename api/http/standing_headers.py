"""Headers of every reply: what a browser may do with it."""

from __future__ import annotations

from functools import lru_cache

from api.settings import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
)
_PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
_EXPOSED = "ETag, Link, Retry-After, Tiaokuai-Hint, Tiaokuai-Truncated, Tiaokuai-Version"


def standing_headers(settings: Settings, origin: str, *, own: bool) -> bytes:
    """The headers as they are sent; a reply that has a policy of its `own` keeps it."""
    return _standing(settings, origin if origin in settings.cors else "", own)


@lru_cache(maxsize=64)
def _standing(settings: Settings, origin: str, own: bool) -> bytes:  # a key
    pairs = [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "cross-origin" if settings.cors else "same-origin"),
        ("permissions-policy", _PERMISSIONS),
    ]
    if not own:
        pairs.insert(0, ("content-security-policy", f"{POLICY}; frame-ancestors 'none'"))
    if "*" in settings.cors or origin:
        pairs.append(("access-control-allow-origin", "*" if "*" in settings.cors else origin))
        pairs.append(("access-control-expose-headers", _EXPOSED))
    if settings.cors and "*" not in settings.cors:
        pairs.append(("vary", "Origin"))
    return "".join(f"{name}: {value}\r\n" for name, value in pairs).encode("latin-1", "replace")
