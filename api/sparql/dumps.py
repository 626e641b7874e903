"""A whole version as one file, `/v/{version}/dump.nq.gz`: sorted N-Quads, the same bytes each time.

It is made by a worker when somebody first asks, and kept in the store's folder `dumps/`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path

from api.errors import EngineError
from api.http.exchange import Exchange
from api.http.problems import Problem
from api.http.query_problems import stopped
from api.query.job import CallJob
from api.workers.engine import Engine
from graph.exports.files import export
from graph.store.manifest import Version
from graph.store.snapshot import Snapshot
from viz.site import Reply

MEDIA = "application/gzip"
_SECONDS = 120.0
_PIECE = 2**18


def _path(version: Version) -> Path:
    return version.path.parent.parent / "dumps" / f"{version.id}.nq.gz"


def made(snapshot: Snapshot, asked: object) -> Reply:
    """The dump, kept where a file can be written, else in the reply itself."""
    plain = io.BytesIO()
    export(snapshot, "nq", plain)
    packed = gzip.compress(plain.getvalue(), mtime=0)
    path = _path(snapshot.version)
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        new = path.with_name(f".{path.name}-{os.getpid()}")
        new.write_bytes(packed)
        new.rename(path)
        return Reply(200, MEDIA, b"")
    return Reply(200, MEDIA, packed)


async def dump(engine: Engine, exchange: Exchange) -> None:
    """Send the dump of the version that is asked. Raises Problem."""
    async with engine.use(exchange.version) as pool:
        version, body = pool.version, b""
        if not _path(version).exists():
            until = asyncio.get_running_loop().time() + _SECONDS
            try:
                found = await exchange.unless_gone(
                    pool.run(CallJob("api.sparql.dumps:made", {}), until)
                )
            except EngineError as error:
                raise stopped(error, engine.settings) from None
            if found.head["is"] != "ok":
                raise Problem(500, "internal", "导出失败", "the version could not be dumped")
            body = found.body
    size = len(body) or _path(version).stat().st_size
    tag = f'"{version.id}-nq"'
    headers = {
        "content-type": MEDIA,
        "cache-control": exchange.freshness,
        "etag": tag,
        "tiaokuai-version": version.id,
        "content-disposition": f'attachment; filename="tiaokuai-{version.id}.nq.gz"',
    }
    same = tag in exchange.headers.get("if-none-match", "")
    if not same:
        headers["content-length"] = str(size)
    await exchange.begin(
        304 if same else 200, [(k.encode(), v.encode()) for k, v in headers.items()]
    )
    if not same and exchange.method != "HEAD":
        for piece in _pieces(body, _path(version)):
            await exchange.piece(piece)
    await exchange.piece(b"", more=False)


def _pieces(body: bytes, path: Path) -> Iterator[bytes]:
    if body:
        yield body
        return
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
