"""A cell without its white space that still knows where every character stands.

Spacing inside a cell is layout, so grammars read the squeezed text; what they find must be
quoted as it stands in the source.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.records import Span
from ontology.names import squeeze


@dataclass(frozen=True, slots=True)
class Passage:
    """`text` is squeezed; `offsets[i]` is where its i-th character stands in the source."""

    text: str
    offsets: tuple[int, ...]
    source: Span

    @classmethod
    def of(cls, span: Span) -> Passage:
        """The passage of a span.

        >>> p = Passage.of(Span(10, 14, "科  委"))
        >>> p.text, p.span(0, 2)
        ('科委', Span(start=10, end=14, quote='科  委'))
        """
        kept = [(c, span.start + i) for i, c in enumerate(span.quote) if squeeze(c)]
        return cls("".join(c for c, _ in kept), tuple(o for _, o in kept), span)

    def span(self, start: int, end: int) -> Span:
        """The source span of the squeezed characters `start` to `end`, half open."""
        left, right = self.offsets[start], self.offsets[end - 1] + 1
        base = self.source.start
        return Span(left, right, self.source.quote[left - base : right - base])
