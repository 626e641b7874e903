"""From text to cells: a table flattened to text has one cell a paragraph.

Cells are parted by empty lines; a paragraph that holds only white space is an empty cell.
A cell may run over several lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from graph.records import Span
from ontology.names import squeeze

_BREAK = re.compile(r"(?:\r\n|\r|\n)(?:[^\S\r\n]*(?:\r\n|\r|\n))+")
_LINE = re.compile(r"[^\r\n]+")
_EMPTY = re.compile(r"(?<=\n\n)[^\S\r\n]+(?=\r?\n\r?\n)|(?<=\n\r\n)[^\S\r\n]+(?=\r?\n\r?\n)")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of the text; `text` is squeezed, and empty for an empty cell."""

    start: int
    end: int
    raw: str
    text: str = field(init=False, compare=False, repr=False)
    """The paragraph without white space, kept because the search for tables uses it often."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", squeeze(self.raw))

    def span(self) -> Span:
        """The span of the paragraph, without the white space around it."""
        left = len(self.raw) - len(self.raw.lstrip())
        quote = self.raw.strip()
        return Span(self.start + left, self.start + left + len(quote), quote)


@lru_cache(maxsize=1)
def blocks(text: str) -> tuple[Block, ...]:
    """The paragraphs of a text, in order, empty cells included.

    A document's head and its table are looked for in the same ones, one after the other.

    >>> [b.text for b in blocks("规土局\\n\\n \\n\\n16")]
    ['规土局', '', '16']
    """
    return tuple(_blocks(text))


def _blocks(text: str) -> Iterator[Block]:
    start = 0
    for gap in _BREAK.finditer(text):
        if gap.start() > start:
            yield Block(start, gap.start(), text[start : gap.start()])
        for empty in _EMPTY.finditer(gap.group()):
            at = gap.start() + empty.start()
            yield Block(at, at + len(empty.group()), empty.group())
        start = gap.end()
    if start < len(text):
        yield Block(start, len(text), text[start:])


def lines_in(text: str) -> list[tuple[int, int]]:
    """The offsets of the lines of a text that are not blank."""
    return [m.span() for m in _LINE.finditer(text) if not m[0].isspace()]


def line_blocks(text: str, parting: str = r"[\r\n]+") -> list[Block]:
    """The lines of a text, or its stretches between `parting`, as paragraphs; no blank ones."""
    found, start = [], 0
    for gap in [*re.finditer(parting, text), None]:
        end = gap.start() if gap else len(text)
        if text[start:end].strip():
            found.append(Block(start, end, text[start:end]))
        start = gap.end() if gap else end
    return found
