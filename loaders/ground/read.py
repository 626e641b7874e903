"""Read a file of geometry in a child process, with the source and licence that it states."""

from __future__ import annotations

import hashlib
import json
import signal
from collections.abc import Mapping
from typing import Any

from graph.ground.features import GroundFile, RawFeature
from loaders.errors import Unreadable
from loaders.sandbox.one_job import do_once

MAX_FILE_BYTES = 96 * 2**20
_SECONDS = 60
_MEMORY_BYTES = 3 * 2**30
_SOURCE = ("source", "attribution", "source_url", "来源", "数据来源")
_LICENCE = ("license", "licence", "许可", "授权")


def read_ground(name: str, data: bytes) -> GroundFile:
    """Read a file of geometry. Raises Unreadable, whose message gives the remedy."""
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(
            name,
            f"it has {len(data) // 2**20} MB, more than {MAX_FILE_BYTES // 2**20}; simplify it first "
            "(ogr2ogr -simplify)",
        )
    try:
        code, said = do_once(
            "loaders.ground.child:main",
            name,
            _SECONDS,
            _MEMORY_BYTES,
            data=data,
            seconds=3 * _SECONDS,
        )
    except TimeoutError as error:
        raise Unreadable(name, f"reading it takes longer than {3 * _SECONDS} s") from error
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        raise Unreadable(name, f"reading it takes longer than {_SECONDS} s")
    try:
        answer: dict[str, Any] = json.loads(said)
    except ValueError as error:
        raise Unreadable(name, f"its reader ended without an answer ({code})") from error
    if "refused" in answer:
        raise Unreadable(name, answer["refused"])
    features = tuple(
        RawFeature(i, fields, bytes.fromhex(wkb), problem)
        for i, (fields, wkb, problem) in enumerate(answer["features"], 1)
    )
    fields = tuple(dict.fromkeys(k for f in features for k in f.fields))
    whole = answer["whole"]
    return GroundFile(
        name, hashlib.sha256(data).hexdigest(), answer["crs"], fields,
        _stated(whole, features, _SOURCE), _stated(whole, features, _LICENCE), features,
    )  # fmt: skip


def _stated(
    whole: Mapping[str, str], features: tuple[RawFeature, ...], keys: tuple[str, ...]
) -> str:
    """Return the values of some keys in the file, else in its features, each once."""
    for key in keys:
        for fields in ([whole], [f.fields for f in features]):
            found = dict.fromkeys(
                v for some in fields for k, v in some.items() if k.lower() == key and v
            )
            if found:
                return "；".join(list(found)[:3])
    return ""
