"""The address of a SPARQL engine, as `--store` and $TIAOKUAI_STORE give it.

    sparql+http://USER:PASS@HOST:PORT/sparql?update=PATH&graphs=PATH&auth=basic|digest

`update` is the path of updates (by default that of queries), `graphs` that of the Graph Store
Protocol; without it, graphs are written by updates. The password may also come from
$TIAOKUAI_PASSWORD. Messages, file names and files never contain a password.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from typing import Literal as Choice
from urllib.parse import parse_qsl, unquote, urlsplit

from graph.errors import StoreError

Way = Choice["", "basic", "digest"]


@dataclass(frozen=True, slots=True)
class Address:
    """The address of an engine, and the account to use."""

    origin: str
    query: str
    update: str
    graphs: str
    auth: Way
    user: str
    password: str = field(repr=False)

    @property
    def key(self) -> str:
        """The name of the data folder of this engine: a hash of its address."""
        said = "\n".join((self.origin, self.query, self.update, self.graphs, self.user))
        return hashlib.sha256(said.encode()).hexdigest()[:16]

    def __str__(self) -> str:
        return self.origin + self.query


def read_address(text: str) -> Address:
    """The address that `text` writes. Raises StoreError where it is none.

    >>> str(read_address("sparql+http://dba:dba@127.0.0.1:8890/sparql?auth=digest"))
    'http://127.0.0.1:8890/sparql'
    """
    parts = urlsplit(text.removeprefix("sparql+"))
    try:
        port = parts.port
    except ValueError:
        port = 0
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise StoreError(
            "the address of an engine is written "
            "sparql+http://USER:PASS@HOST:PORT/sparql?update=PATH&graphs=PATH&auth=basic|digest"
        )
    said = dict(parse_qsl(parts.query, keep_blank_values=True))
    for name in said.keys() - {"update", "graphs", "auth"}:
        raise StoreError(f"{name}= has no place in an engine's address; update, graphs, auth have")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    auth = said.get("auth", "basic" if user else "")
    if auth not in ("", "basic", "digest"):
        raise StoreError(f"auth={auth}: an engine is asked with auth=basic or auth=digest")
    path = parts.path or "/sparql"
    return Address(
        origin=f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}",
        query=path,
        update=_path(said.get("update", path)),
        graphs=_path(said.get("graphs", "")),
        auth=auth,  # type: ignore[arg-type]  # one of a Way, as was seen above
        user=user,
        password=password or os.environ.get("TIAOKUAI_PASSWORD", ""),
    )


def _path(path: str) -> str:
    return path if not path or path.startswith("/") else f"/{path}"
