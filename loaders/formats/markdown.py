"""Markdown to text and grids: its pipe tables, in the text as it stands.

Marks inside the text (stars, back slashes, `<br>`, the signs of a heading) become white space of
the same length, so that every offset is the file's own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from loaders.formats.extracted import LARGEST_GRID, Flat, Grid, GridCell, Refused

MEDIA = "text/markdown"
_STOREYS = 3
_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-{2,}:?[ \t]*)+\|?[ \t]*\r?")
_MARKS = re.compile(
    r"<br\s*/?>|\*\*|__|(?m:^[ \t]*#{1,6}(?=[ \t]))|\\(?=[|*_#\\`-])|&nbsp;", re.IGNORECASE
)


def is_markdown(text: str) -> bool:
    """Return whether a text has a pipe table: a line of cells, and the rule of dashes below it."""
    lines = text.split("\n")
    return any("|" in above and _RULE.fullmatch(rule) for above, rule in itertools.pairwise(lines))


def read(text: str) -> Flat:
    """The grids of a Markdown text. Raises Refused where a table is beyond all measure.

    >>> read("| 序号 | 目标 |\\n|---|---|\\n| 1 | **改造** |").grids[0].rows[1][1]
    GridCell(start=30, end=32, row=1, column=1, fill='')
    """
    escaped = {m.start() + 1 for m in re.finditer(r"\\\|", text)}
    clean = _MARKS.sub(lambda m: " " * len(m[0]), text)
    grids = tuple(_grids(clean, escaped))
    return Flat(clean, grids, media=MEDIA)


def _grids(text: str, escaped: set[int]) -> Iterator[Grid]:
    lines: list[tuple[int, str]] = []
    at = 0
    for line in text.split("\n"):
        lines.append((at, line))
        at += len(line) + 1
    number = 1
    while number < len(lines):
        if _RULE.fullmatch(lines[number][1]) and "|" in lines[number - 1][1]:
            first = number - 1  # a heading may have storeys above the rule, and blank ones
            while first and "|" in lines[first - 1][1] and first > number - _STOREYS:
                first -= 1
            rows = [_cells(*line, escaped) for line in lines[first:number]]
            number += 1
            while number < len(lines) and "|" in lines[number][1]:
                rows.append(_cells(*lines[number], escaped))
                number += 1
            yield _grid(rows)
        number += 1


def _cells(start: int, line: str, escaped: set[int]) -> list[tuple[int, int]]:
    """Where the cells of a line stand, without the white space around them."""
    bars = [i for i, c in enumerate(line) if c == "|" and start + i not in escaped]
    if line[: bars[0]].strip():
        bars = [-1, *bars]
    if line[bars[-1] + 1 :].strip():
        bars = [*bars, len(line)]
    found = []
    for left, right in itertools.pairwise(bars):
        cell = line[left + 1 : right]
        inner = cell.strip()
        first = start + left + 1 + (cell.index(inner) if inner else 0)
        found.append((first, first + len(inner)))
    return found


def _grid(rows: list[list[tuple[int, int]]]) -> Grid:
    width = max(map(len, rows))
    if width * len(rows) > LARGEST_GRID:
        raise Refused(f"its tables have more than {LARGEST_GRID:,} cells")
    places = tuple(
        tuple(GridCell(*row[c], r, c) if c < len(row) else None for c in range(width))
        for r, row in enumerate(rows)
    )
    start = min(s for row in rows for s, _ in row)
    return Grid(places, start, max(e for row in rows for _, e in row), merged=False)
