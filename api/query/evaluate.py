"""The answer to a query from outside, as bytes: worked out inside a worker."""

from __future__ import annotations

import io
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

from api.http.negotiation import MEDIA, RDF_FORMATS, RESULT_FORMATS
from api.query.complexity import harmless, limits, paged, profile, refusal
from api.query.job import QueryJob
from api.query.row_cap import Capped, Full, first_rows, whole_rows
from graph.store.snapshot import Snapshot
from ontology.names import PREFIXES

Head = dict[str, Any]
PADDING = " " * 64
PLAIN: dict[str, Head] = {
    form: {"is": "ok", "volatile": False, "truncated": False, "media": MEDIA[form]}
    for form in RESULT_FORMATS
}
"""The heads of whole tables, one for each format, so that they are written and read only once."""
_NO_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")
"""Control characters and noncharacters, in UTF-8."""
_POSITION = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
_KEYWORD = re.compile(r"(?<![\w\"'\[])[A-Za-z_]{2,}\d*(?![\w\"'\]])")


class _Sent(io.BytesIO):
    """Hand on what is written, in pieces of some size."""

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
    if not job.offset and not job.stream and harmless(text, job.complexity):
        said = at_once(snapshot, job, text)
        if said is not None:
            return said
    most = limits(job.complexity)
    found = profile(text, most)
    refused = refusal(found, most)
    if refused:
        return {
            "is": "refused", "what": refused.what, "found": refused.found, "limit": refused.limit,
        }, b""  # fmt: skip
    asked = text
    if found.form == "SELECT" and (job.offset or not job.stream):
        limit = job.rows + 1 if not job.stream else 2**53
        asked = paged(text, found, limit, job.offset)
    try:
        result = _run(snapshot, job, asked, dataset=found.dataset)
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
        return _unread(snapshot, job, text, error)
    except (OSError, RuntimeError, ValueError) as error:
        if any(word.startswith("SERVICE") for word in found.words):
            return {"is": "refused", "what": "SERVICE", "found": 1, "limit": 0}, b""
        return _failed(error)


def at_once(snapshot: Snapshot, job: QueryJob, text: str) -> tuple[Head, bytes] | None:
    """The answer to a query that needs no profile; None where its rows must be counted by one.

    Instead of a LIMIT in the text, the writing of the table ends when it has too many rows.
    """
    try:
        result = _run(snapshot, job, text)
        if isinstance(result, QueryTriples):
            head: Head = {"is": "ok", "volatile": False, "truncated": False}
            return _triples(result, job, head, _nowhere, _nowhere)
        if job.solutions is None:
            return {"is": "unacceptable", "kind": "solutions"}, b""
        head = PLAIN[job.solutions]
        if isinstance(result, QueryBoolean):
            return head, _boolean(result, job.solutions)
        kept = Capped(job.size, job.rows, job.solutions)
        try:
            result.serialize(kept, format=RESULT_FORMATS[job.solutions])
        except Full:
            body = whole_rows(b"".join(kept.parts), job.solutions)
            rows, body = first_rows(body, job.solutions, job.rows, cut=True)
            if rows <= job.rows and kept.left >= 0:
                return None
            body = well_formed(body, job.solutions)
            return {**head, "truncated": True, "rows": min(rows, job.rows)}, body
        body = kept.parts[0] if len(kept.parts) == 1 else b"".join(kept.parts)
        return head, well_formed(body, job.solutions)
    except SyntaxError as error:
        return _unread(snapshot, job, text, error)
    except (OSError, RuntimeError, ValueError) as error:
        return _failed(error)


def well_formed(body: bytes, form: str) -> bytes:
    """Put U+FFFD in place of characters that XML 1.0 cannot hold, where a table is XML."""
    return _NO_XML.sub("\ufffd".encode(), body) if form == "xml" else body


def _failed(error: Exception) -> tuple[Head, bytes]:
    """The head for a query that ended in an error: its own fault, unless files are damaged."""
    damaged = "Corruption" in str(error)
    return {"is": "broken" if damaged else "failed", "why": str(error)}, b""


def _nowhere(said: object) -> None:
    raise AssertionError(f"nothing streams here: {said}")


def _unread(snapshot: Snapshot, job: QueryJob, text: str, error: SyntaxError) -> tuple[Head, bytes]:
    padded = text + PADDING
    return mistake(text, error, lambda: _run(snapshot, job, padded)), b""


def _run(
    snapshot: Snapshot, job: QueryJob, text: str, *, dataset: bool = False
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """The result; `dataset` says that the query names its graphs itself."""
    named: list[NamedNode | BlankNode] = [NamedNode(g) for g in job.named_graphs]
    default: list[NamedNode | BlankNode | DefaultGraph] = [NamedNode(g) for g in job.default_graphs]
    told = bool(named or default)
    return snapshot.store.query(
        text,
        base_iri=job.base or None,
        prefixes={name: iri for name, iri in PREFIXES.items() if name + ":" in text},
        use_default_graph_as_union=job.union and not told and not dataset,
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
    name = job.solutions
    form = RESULT_FORMATS[name]
    if job.stream:
        begin(head)
        out = _Sent(lambda part: send(well_formed(part, name)))
        result.serialize(out, format=form)
        out.hand_on()
        return None
    kept = Capped(job.size)
    try:
        result.serialize(kept, format=form)
        body = b"".join(kept.parts)
    except Full:
        body = whole_rows(b"".join(kept.parts), job.solutions)
        rows, body = first_rows(body, name, job.rows, cut=True)
        head = {**head, "truncated": True, "rows": min(rows, job.rows)}
        return head, well_formed(body, name)
    rows, body = first_rows(well_formed(body, name), name, job.rows)
    if rows > job.rows:
        head = {**head, "truncated": True, "rows": job.rows}
    return head, body


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
        out_capped = Capped(job.size)
        try:
            serialize(kept, out_capped, format=form, prefixes=PREFIXES)
        except Full:
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


def mistake(text: str, error: SyntaxError, padded: Callable[[], object]) -> Head:
    """Locate a syntax error; `padded` parses the text once more, with `PADDING`.

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
