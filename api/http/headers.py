"""The headers that every reply carries: what a browser may do with it, and who may read it."""

from __future__ import annotations

import re

from api.http.outgoing import Outgoing
from api.http.standing_headers import POLICY
from api.settings import Settings

METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"


def framed(out: Outgoing, path: str, settings: Settings) -> Outgoing:
    """A page that only those may frame who may; its own policy stays as strict as it is."""
    allowed = settings.frame_ancestors if path.startswith("/embed/") else "'none'"
    policy = dict(out.headers).get("content-security-policy", POLICY)
    policy = re.sub(r";?\s*frame-ancestors[^;]*", "", policy)
    rest = tuple(h for h in out.headers if h[0] != "content-security-policy")
    said = ("content-security-policy", f"{policy}; frame-ancestors {allowed}")
    return Outgoing(out.status, out.media, out.body, (*rest, said))


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
