"""Negotiate a format: the Accept header with its q-values, or `format=`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True, slots=True)
class Form:
    """A format: what we call it, its media type as sent, and what else people call it."""

    name: str
    media: str
    also: tuple[str, ...] = ()


@lru_cache(maxsize=512)
def ranges(accept: str) -> tuple[tuple[str, float], ...]:
    """The media ranges of an Accept header with their q-values; a bad q counts as 0."""
    found = []
    for part in accept.split(","):
        media, *params = (piece.strip() for piece in part.split(";"))
        if not media:
            continue
        q = 1.0
        for param in params:
            key, _, value = param.partition("=")
            if key.strip().lower() == "q":
                try:
                    q = min(1.0, max(0.0, float(value)))
                except ValueError:
                    q = 0.0
        found.append((media.lower(), q))
    return tuple(found)


def quality(accept: str, *medias: str) -> float:
    """Return the q-value of a media type, by the most specific range of an Accept header.

    >>> quality("text/*;q=0.5, text/csv, */*;q=0.1", "text/csv")
    1.0
    """
    if not accept.strip():
        return 1.0
    best = (-1, 0.0)
    for media in medias:
        kind = media.partition("/")[0] + "/*"
        for given, q in ranges(accept):
            rank = 2 if given == media else 1 if given == kind else 0 if given == "*/*" else -1
            if rank > best[0] or (rank == best[0] and q > best[1]):
                best = (rank, q)
    return best[1] if best[0] >= 0 else 0.0


def chosen(forms: Sequence[Form], accept: str, wanted: str = "") -> Form | None:
    """The best of some formats; `wanted` is a `format=` parameter, which goes before Accept.

    None where nothing fits. Equal wishes are settled by the order of `forms`.
    """
    if wanted:
        name = wanted.strip().lower()
        for form in forms:
            bare = form.media.partition(";")[0]
            if name in (form.name, bare, *form.also):
                return form
        return None
    best, most = None, 0.0
    for form in forms:
        bare = form.media.partition(";")[0]
        q = quality(accept, bare, *(a for a in form.also if "/" in a))
        if q > most:
            best, most = form, q
    return best


def wants_page(accept: str) -> bool:
    """Return whether a browser asks: HTML is named, and nothing has a higher q-value."""
    html = [q for media, q in ranges(accept) if media in ("text/html", "application/xhtml+xml")]
    others = [
        q for media, q in ranges(accept)
        if media not in ("text/html", "application/xhtml+xml") and not media.endswith("/*")
        and not media.startswith("image/")
    ]  # fmt: skip
    return bool(html) and max(html) > 0 and max(html) >= max(others, default=0.0)
