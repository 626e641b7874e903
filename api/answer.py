"""The answer to a query from outside, as bytes: worked out inside a worker."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Triple,
    serialize,
)  # fmt: skip

from api.negotiate import MEDIA, RDF_FORMATS, RESULT_FORMATS
from api.precheck import Profile, paged, profile, refusal
from api.wire import QueryJob
from graph.snapshot import Snapshot
from ontology.names import PREFIXES

Head = dict[str, Any]
PADDING = " " * 64
_POSITION = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
_KEYWORD = re.compile(r"(?<![\w\"'\[])[A-Za-z_]{2,}\d*(?![\w\"'\]])")


class _Full(Exception):
    """An answer has more bytes than it may have."""


class _Capped(io.BytesIO):
    """Keeps what is written, up to a number of bytes."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.parts: list[bytes] = []
        self.left = size

    def write(self, data: Any) -> int:
        self.parts.append(bytes(data))
        self.left -= len(data)
        if self.left < 0:
            raise _Full
        return len(data)


class _Sent(io.BytesIO):
    """Hands on what is written, in pieces of some size."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        super().__init__()
        self._send = send
        self._parts: list[bytes] = []
        self._held = 0

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        self._held += len(data)
        if self._held >= 65_536:
            self.hand_on()
        return len(data)

    def hand_on(self) -> None:
        if self._parts:
            self._send(b"".join(self._parts))
        self._parts, self._held = [], 0


def answer(
    snapshot: Snapshot, job: QueryJob, begin: Callable[[Head], None], send: Callable[[bytes], None]
) -> tuple[Head, bytes] | None:
    """The head and the body of an answer; None where it was streamed through `begin` and `send`.

    A head says what happened: `ok`, or `refused`, `syntax`, `unacceptable`, `failed` and why.
    """
    text = job.text.removeprefix("\ufeff")
    found = profile(text)
    refused = refusal(found, job.complexity)
    if refused:
        return {
            "is": "refused", "what": refused.what, "found": refused.found, "limit": refused.limit,
        }, b""  # fmt: skip
    asked = text
    if found.form == "SELECT" and (job.offset or not job.stream):
        limit = job.rows + 1 if not job.stream else 2**53
        asked = paged(text, found, limit, job.offset)
    try:
        result = _run(snapshot, job, asked, found)
        head: Head = {"is": "ok", "volatile": found.volatile, "truncated": False}
        if isinstance(result, QueryTriples):
            return _triples(result, job, head, begin, send)
        if job.solutions is None:
            return {"is": "unacceptable", "kind": "solutions"}, b""
        head["media"] = MEDIA[job.solutions]
        if isinstance(result, QueryBoolean):
            return head, _boolean(result, job.solutions)
        return _solutions(result, job, head, begin, send)
    except SyntaxError as error:
        padded = text + PADDING
        return mistake(text, error, lambda: _run(snapshot, job, padded, found)), b""
    except (OSError, RuntimeError, ValueError) as error:
        if any(word.startswith("SERVICE") for word in found.words):
            return {"is": "refused", "what": "SERVICE", "found": 1, "limit": 0}, b""
        return {"is": "failed", "why": str(error)}, b""


def _run(
    snapshot: Snapshot, job: QueryJob, text: str, found: Profile
) -> QuerySolutions | QueryBoolean | QueryTriples:
    named: list[NamedNode | BlankNode] = [NamedNode(g) for g in job.named_graphs]
    default: list[NamedNode | BlankNode | DefaultGraph] = [NamedNode(g) for g in job.default_graphs]
    told = bool(named or default)
    return snapshot.store.query(
        text,
        base_iri=job.base or None,
        prefixes=PREFIXES,
        use_default_graph_as_union=job.union and not told and not found.dataset,
        default_graph=default if told else None,
        named_graphs=named if told else None,
    )


def _boolean(result: QueryBoolean, form: str) -> bytes:
    return result.serialize(format=RESULT_FORMATS[form]) or b""


def _solutions(
    result: QuerySolutions,
    job: QueryJob,
    head: Head,
    begin: Callable[[Head], None],
    send: Callable[[bytes], None],
) -> tuple[Head, bytes] | None:
    assert job.solutions is not None
    form = RESULT_FORMATS[job.solutions]
    if job.stream:
        begin(head)
        out = _Sent(send)
        result.serialize(out, format=form)
        out.hand_on()
        return None
    kept = _Capped(job.size)
    try:
        result.serialize(kept, format=form)
        body = b"".join(kept.parts)
    except _Full:
        body = whole_rows(b"".join(kept.parts), job.solutions)
        rows, body = first_rows(body, job.solutions, job.rows)
        return {**head, "truncated": True, "rows": min(rows, job.rows)}, body
    rows, body = first_rows(body, job.solutions, job.rows)
    return {**head, "truncated": rows > job.rows, "rows": min(rows, job.rows)}, body


def _triples(
    result: QueryTriples,
    job: QueryJob,
    head: Head,
    begin: Callable[[Head], None],
    send: Callable[[bytes], None],
) -> tuple[Head, bytes] | None:
    if job.triples is None:
        return {"is": "unacceptable", "kind": "triples"}, b""
    form = RDF_FORMATS[job.triples]
    head["media"] = MEDIA[job.triples]
    if job.stream:
        begin(head)
        out = _Sent(send)
        result.serialize(out, format=form)
        out.hand_on()
        return None
    kept = list(islice(_distinct(result), job.offset, job.offset + job.rows + 1))
    truncated = len(kept) > job.rows
    kept = kept[: job.rows]
    while True:
        out_capped = _Capped(job.size)
        try:
            serialize(kept, out_capped, format=form, prefixes=PREFIXES)
        except _Full:
            truncated, kept = True, kept[: len(kept) // 2]
            continue
        body = b"".join(out_capped.parts)
        return {**head, "truncated": truncated, "rows": len(kept)}, body


def _distinct(triples: Iterator[Triple]) -> Iterator[Triple]:
    """A graph is a set: a template may give one triple many times."""
    seen: set[Triple] = set()
    for triple in triples:
        if triple not in seen:
            seen.add(triple)
            yield triple


# A table that was written to the end, or cut anywhere, is cut back to whole rows.


def whole_rows(data: bytes, form: str) -> bytes:
    """A table that was cut off anywhere, ended after its last whole row."""
    if form == "tsv":
        return data[: data.rfind(b"\n") + 1]
    if form == "csv":
        return data[: _ends_of_csv_rows(data)[-1]]
    if form == "xml":
        return data[: data.rfind(b"</result>") + 9] + b"</results></sparql>"
    # Between two rows stands }},{"name":{"type": and inside a string each quote has its backslash.
    *_, last = re.finditer(rb'\}\},(?=\{"\w+":\{"type":")', data)
    return data[: last.end() - 1] + b"]}}"


def first_rows(data: bytes, form: str, most: int) -> tuple[int, bytes]:
    """How many rows a table has, up to one more than `most`, and the first `most` of them.

    The number may be too low where it cannot be more than `most`: then nobody needs it.
    """
    if form == "tsv":
        rows = data.count(b"\n") - 1
        return rows, data if rows <= most else data[: data.rfind(b"\n", 0, -1) + 1]
    if form == "csv":
        if data.count(b"\r\n") - 1 <= most:
            return data.count(b"\r\n") - 1, data
        ends = _ends_of_csv_rows(data)
        rows = len(ends) - 1
        return rows, data if rows <= most else data[: ends[most]]
    if form == "xml":
        rows = data.count(b"<result>")
        if rows <= most:
            return rows, data
        return rows, data[: data.rfind(b"<result>")] + b"</results></sparql>"
    if data.count(b",{") + 1 <= most:
        return 0, data
    table = json.loads(data)
    bindings = table["results"]["bindings"]
    rows = len(bindings)
    if rows <= most:
        return rows, data
    del bindings[most:]
    return rows, json.dumps(table, ensure_ascii=False, separators=(",", ":")).encode()


def _ends_of_csv_rows(data: bytes) -> list[int]:
    """Where each line of a CSV table ends, the header's first; line ends in quotes are text."""
    ends: list[int] = []
    at, quoted = 0, False
    for part in data.split(b'"'):
        if not quoted:
            ends.extend(at + m.end() for m in re.finditer(rb"\r\n", part))
        at += len(part) + 1
        quoted = not quoted
    return ends


def mistake(text: str, error: SyntaxError, padded: Callable[[], object]) -> Head:
    """Where a query or an update cannot be read; `padded` reads it once more, with `PADDING`.

    The parser tries a keyword by taking as many characters as it has, so its position lies too
    far behind by the length of the keyword; behind the end of the text it cannot even do that.
    """
    try:
        padded()
    except SyntaxError as again:
        error = again
    except (OSError, RuntimeError, ValueError):
        pass
    match = _POSITION.match(str(error))
    if match is None:
        return {"is": "syntax", "line": 1, "column": 1, "near": "", "why": str(error)}
    line, column, expected = int(match[1]), int(match[2]), match[3]
    at = sum(len(part) + 1 for part in text.split("\n")[: line - 1]) + column - 1
    if not re.search(r"[\"'\[]", expected) and (words := _KEYWORD.findall(expected)):
        at -= max(map(len, words))
    at = max(0, min(at, len(text)))
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    near = text[at : at + 40].strip().partition("\n")[0].rstrip()
    return {"is": "syntax", "line": line, "column": column, "near": near, "why": expected[:400]}
