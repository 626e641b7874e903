"""A cell without its white space, with the offset of every character in the source.

Spacing inside a cell is layout, so grammars read the squeezed text; quotes of their matches must
be those of the source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain

from graph.records import Span
from loaders.lexicon.body_endings import CELL_ENDING
from ontology.names import squeeze

_RUN = re.compile(r"[^\s\u00a0\u200b\ufeff]+")
"""The characters that `squeeze` keeps."""
_WORD = 3
"""The length in characters from which a text between spaces is a whole word."""
_WIDE = 2
_GOES_ON = re.compile("办公室|办事处|领导小组|分局|委员会")
"""The beginning of a line that ends the name above it: 生态环境局 / 分局."""
_LINES_OF_NAMES = 3.0
"""A break between two lines that both end like a body parts two names."""
_APART = 20.0
"""Whole words with wide spaces between them are names apart."""


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is squeezed; `offsets[i]` is the place of its i-th character in the source."""

    text: str
    offsets: Sequence[int]
    source: Span

    @classmethod
    def of(cls, span: Span) -> Passage:
        """The passage of a span.

        >>> p = Passage.of(Span(10, 14, "科  委"))
        >>> p.text, p.span(0, 2)
        ('科委', Span(start=10, end=14, quote='科  委'))
        """
        return _passage(span)

    def span(self, start: int, end: int) -> Span:
        """The source span of the squeezed characters `start` to `end`, half open."""
        left, right = self.offsets[start], self.offsets[end - 1] + 1
        base = self.source.start
        return Span(left, right, self.source.quote[left - base : right - base])


@lru_cache(maxsize=1024)
def _passage(span: Span) -> Passage:
    """Several grammars read the same cell, one after the other."""
    text = squeeze(span.quote)
    if len(text) == len(span.quote):
        return Passage(text, range(span.start, span.end), span)
    runs = [m.span() for m in _RUN.finditer(span.quote)]
    offsets = chain.from_iterable(range(span.start + a, span.start + b) for a, b in runs)
    return Passage(text, tuple(offsets), span)


def bridged(passage: Passage) -> list[float]:
    """For each character how much white space of the source the text up to it bridges.

    Spaces between whole words (投促办  临空办) part names; those between single characters
    (科  委) and breaks of lines are layout.
    """
    offsets, source = passage.offsets, passage.source
    if isinstance(offsets, range):
        return [0.0] * len(offsets)
    gaps = [i for i in range(1, len(offsets)) if offsets[i] - offsets[i - 1] > 1]
    edges = [0, *gaps, len(offsets)]
    weight = {}
    for before, at, after in zip(edges, edges[1:], edges[2:], strict=False):
        gap = source.quote[offsets[at - 1] - source.start : offsets[at] - source.start]
        words = min(at - before, after - at) >= _WORD
        if "\n" in gap:
            line, below = passage.text[before:at], passage.text[at:after]
            listed = words and CELL_ENDING.search(line) and CELL_ENDING.search(below)
            weight[at] = _LINES_OF_NAMES if listed and not _GOES_ON.match(below) else 1.0
        else:
            weight[at] = 1.0 if not words else _APART if len(gap) > _WIDE else 2.5
    return list(accumulate(weight.get(i, 0.0) for i in range(len(offsets))))


def blank_out(text: str, stretches: Sequence[Span]) -> str:
    """Replace stretches of a text by empty lines of the same length, so that offsets hold.

    >>> blank_out("甲乙丙丁", [Span(1, 3, "乙丙")])
    '甲\\n\\n丁'
    """
    for stretch in stretches:
        gap = "\n" * (stretch.end - stretch.start)
        text = text[: stretch.start] + gap + text[stretch.end :]
    return text
