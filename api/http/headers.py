"""The headers that every reply carries: what a browser may do with it, and who may read it."""

from __future__ import annotations

import re
from functools import lru_cache

from api.http.exchange import Message, Outgoing, Scope, Send
from api.settings import Settings

_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'"
)
_PERMISSIONS = b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"
_EXPOSED = "ETag, Link, Retry-After, Tiaokuai-Truncated, Tiaokuai-Version"
METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"


def framed(out: Outgoing, path: str, settings: Settings) -> Outgoing:
    """A page that only those may frame who may; its own policy stays as strict as it is."""
    allowed = settings.frame_ancestors if path.startswith("/embed/") else "'none'"
    policy = dict(out.headers).get("content-security-policy", _POLICY)
    policy = re.sub(r";?\s*frame-ancestors[^;]*", "", policy)
    rest = tuple(h for h in out.headers if h[0] != "content-security-policy")
    said = ("content-security-policy", f"{policy}; frame-ancestors {allowed}")
    return Outgoing(out.status, out.media, out.body, (*rest, said))


def guarded(send: Send, scope: Scope, settings: Settings) -> Send:
    """A `send` that puts onto every reply what no reply of ours may lack."""
    origin = dict(scope["headers"]).get(b"origin", b"").decode("latin-1")
    shared = standing(origin if origin in settings.cors else "", settings)

    async def send_guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers: list[tuple[bytes, bytes]] = message["headers"]
            own = any(name == b"content-security-policy" for name, _ in headers)
            headers += shared[1:] if own else shared
        await send(message)

    return send_guarded


@lru_cache(maxsize=64)
def standing(origin: str, settings: Settings) -> tuple[tuple[bytes, bytes], ...]:
    """The headers of every reply to this origin, the Content-Security-Policy first."""
    return (
        (b"content-security-policy", f"{_POLICY}; frame-ancestors 'none'".encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"same-origin"),
        (b"cross-origin-opener-policy", b"same-origin"),
        (b"cross-origin-resource-policy", b"cross-origin" if settings.cors else b"same-origin"),
        (b"permissions-policy", _PERMISSIONS),
        *_cors(origin, settings.cors),
    )


def _cors(origin: str, allowed: tuple[str, ...]) -> tuple[tuple[bytes, bytes], ...]:
    if not allowed:
        return ()
    if "*" in allowed:
        who: tuple[tuple[bytes, bytes], ...] = ((b"access-control-allow-origin", b"*"),)
    elif origin in allowed:
        who = ((b"access-control-allow-origin", origin.encode()), (b"vary", b"Origin"))
    else:
        return ((b"vary", b"Origin"),)
    return (*who, (b"access-control-expose-headers", _EXPOSED.encode()))


def options(settings: Settings) -> Outgoing:
    """The reply to OPTIONS: what may be asked, and by pages of other servers if they may."""
    headers: tuple[tuple[str, str], ...] = (("allow", METHODS),)
    if settings.cors:
        headers += (
            ("access-control-allow-methods", METHODS),
            (
                "access-control-allow-headers",
                "Accept, Accept-Language, Authorization, Content-Type",
            ),
            ("access-control-max-age", "86400"),
        )
    return Outgoing(204, "", b"", headers)
