"""The header that tells why a query was answered with nothing."""

from __future__ import annotations

from urllib.parse import quote

from queries.hints import hints

_EMPTY = {
    "application/sparql-results+json": (b'"bindings":[]}}', b'"boolean":false}'),
    "application/sparql-results+xml": (
        b"<results></results></sparql>", b"<results/></sparql>",
        b"<boolean>false</boolean></sparql>",
    ),
}  # fmt: skip
_MAX_CHARS = 4000
_READABLE = " !$&'()*+,-./:;<=>?@[]^_`{|}~\""


def hint_headers(query: str, media: str, body: bytes, language: str) -> tuple[tuple[str, str], ...]:
    """Return the hints for an empty answer, percent-encoded UTF-8, parted by ` | `."""
    if not is_empty(media, body):
        return ()
    found = [hint.en if language == "en" else hint.zh for hint in hints(query)]
    words = quote(" | ".join(found), safe=_READABLE)
    return (("tiaokuai-hint", words),) if found and len(words) <= _MAX_CHARS else ()


def is_empty(media: str, body: bytes) -> bool:
    """Return whether a result has no row, or is false; in CSV and TSV a header is one line."""
    kind = media.partition(";")[0]
    if kind in ("text/csv", "text/tab-separated-values"):
        lines = body[:2000].rstrip(b"\r\n").count(b"\n")
        return body.rstrip() == b"false" or (lines == 0 and 0 < len(body) < 2000)
    ends = _EMPTY.get(kind)
    return ends is not None and body.rstrip().endswith(ends)
