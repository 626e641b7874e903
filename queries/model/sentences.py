"""A quote in its sentence: the text around it in the source, up to the marks that end it."""

from __future__ import annotations

import re
from functools import lru_cache

from graph.errors import StoreError
from graph.store.snapshot import Snapshot
from queries.model.records import Atlas, Evidence, Sentence

_LISTS = ("lead", "coordinate", "domain", "theme")
_FAR = 120


@lru_cache(maxsize=64)
def _text(path: str, text_id: str, read: Snapshot) -> str:
    return read.version.text(text_id)


def source_text(snapshot: Snapshot, source: str) -> str:
    """The text of the document version at this address; empty where it was not kept."""
    text_id = source.rsplit("/", 1)[-1]
    try:
        return _text(str(snapshot.version.path), text_id, snapshot)
    except StoreError:
        return ""


def sentence(snapshot: Snapshot, atlas: Atlas, evidence: Evidence) -> Sentence:
    """A quote with the words around it: of a list the whole cell, of a text its sentence.

    Where a sentence is very long it is cut at a comma; what is cut off is marked by an ellipsis.
    """
    text = source_text(snapshot, evidence.source)
    cited = next(
        (n.number or n.title for n in atlas.notices.values() if n.source == evidence.source), ""
    )
    start, end = evidence.start, evidence.end
    if text[start:end] != evidence.quote:
        return Sentence(
            "…" + _spaced(evidence.prefix), _spaced(evidence.quote),
            _spaced(evidence.suffix) + "…", cited,
        )  # fmt: skip
    stops = r"\n\s*\n" if evidence.cell in _LISTS else r"\n\s*\n|[。;；]"
    room = text[max(0, start - 2000) : start]
    ends = [m.end() for m in re.finditer(stops, room)]
    before = room[ends[-1] if ends else 0 :]
    room = text[end : end + 2000]
    stop = re.search(stops, room)
    after = room[: stop.end() if stop else None]
    if len(before) > _FAR:
        before = "…" + (re.split("[,，、]", before[-_FAR:], maxsplit=1)[-1])
    if len(after) > _FAR:
        after = re.split("[,，、](?=[^,，、]*$)", after[:_FAR])[0] + "…"
    return Sentence(
        _spaced(before).lstrip(), _spaced(evidence.quote), _spaced(after).rstrip(), cited
    )


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", text)
