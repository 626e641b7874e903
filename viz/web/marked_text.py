"""A target's words with the marks of Chinese punctuation: places, projects, numbers, promises."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from ontology.names import squeeze
from queries.model.records import Target
from viz.web.context import Desk

PROMISES = re.compile("力争|争取|确保|力保")
_OPEN = {
    "place": "<u>",
    "project": '<span class="w">',
    "number": '<b class="framed">',
    "promise": "<em>",
}
_CLOSE = {"place": "</u>", "project": "</span>", "number": "</b>", "promise": "</em>"}
_DEPTH = {"project": 0, "place": 1, "number": 2, "promise": 3}


def marked(desk: Desk, t: Target) -> Markup:
    """The words of a target, what is in them marked; lines nest, the place in the project.

    Each character knows which marks it bears, and a mark is closed and opened again where
    another begins outside it; so marks that overlap are both whole.
    """
    text = t.text
    bears: list[set[str]] = [set() for _ in text]
    for kind, start, end in _spans(t):
        for i in range(start, end):
            bears[i].add(kind)
    out: list[Markup] = []
    for piece, kinds in _runs(text, bears):
        ordered = sorted(kinds, key=_DEPTH.__getitem__)
        opened = Markup("".join(_OPEN[k] for k in ordered))
        closed = Markup("".join(_CLOSE[k] for k in reversed(ordered)))
        out.append(opened + escape(piece) + closed)
    return Markup("").join(out)


def _runs(text: str, bears: list[set[str]]) -> list[tuple[str, set[str]]]:
    found: list[tuple[str, set[str]]] = []
    at = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or bears[i] != bears[at]:
            found.append((text[at:i], bears[at]))
            at = i
    return found


def _spans(t: Target) -> list[tuple[str, int, int]]:
    """The marked ranges, in offsets of the text without white space."""
    spans: list[tuple[str, int, int]] = []
    words: list[tuple[str, str]] = []
    for mention in t.mentions:
        words += [("place", squeeze(e.quote)) for e in mention.evidence if e.cell == "text"]
    words += [("project", work.name) for work in t.works]
    words += [("number", f.as_written) for f in t.figures if not f.quarter and f.as_written]
    for kind, word in words:
        spans += [(kind, m.start(), m.end()) for m in re.finditer(re.escape(word), t.text) if word]
    spans += [("promise", m.start(), m.end()) for m in PROMISES.finditer(t.text)]
    return spans
