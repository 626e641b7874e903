"""Tables of PDF pages without ruled lines: columns where the page is blank from top to bottom.

Below the heading, strips without any character separate the columns; rows begin at the running
numbers, or at horizontal rules. A page without either is not taken for a table, and its text is
read as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from loaders.formats.extracted import Placed
from loaders.formats.pdf.lines import cell_text
from loaders.formats.pdf.ruled_tables import Ruled
from loaders.lexicon.columns import column_of, names_a_table
from loaders.lexicon.deadlines import NUMBER

_RIVER = 0.3
"""The least gap between columns, in sizes of a character."""
_HEADING_LINES = 5
_LEVEL = 4.0
"""Points by which lines side by side may differ in height."""
_SIDE_BY_SIDE = 4
_MERGED = ("domain", "theme")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table: their right edges and their names."""

    edges: tuple[float, ...]
    heads: tuple[str, ...]

    def of(self, char: Any) -> int:
        """The column of a character."""
        middle = (char["x0"] + char["x1"]) / 2
        return next((i for i, x in enumerate(self.edges) if middle < x), len(self.edges))


def columns_of(page: Any, chars: Sequence[Any]) -> tuple[Columns, float] | None:
    """The columns of the first table of a page without rules, and where its heading begins."""
    lines = _lines(chars)
    for at in range(len(lines)):
        zone = lines[at : at + _HEADING_LINES]
        names = [column_of(_text(w)) for line in zone for w in _words(line)]
        first = [column_of(_text(w)) for w in _words(lines[at])]
        if not any(first) or not names_a_table(names, 3):
            continue
        top = lines[at][0]["top"]
        start = _first_row(page, lines[at:])
        if start is None:
            return None
        body = [c for line in lines[at:] for c in line if c["top"] > start - 0.5 * c["size"]]
        edges = _rivers(body)
        found = Columns(edges, ("",) * (len(edges) + 1))
        heading = [c for line in lines[at:] for c in line if c["top"] <= start - 0.5 * c["size"]]
        parts: list[list[Any]] = [[] for _ in found.heads]
        for line in _lines(heading):
            for word in _words(line):
                if found.of(word[0]) == found.of(word[-1]):
                    parts[found.of(word[0])] += word
        heads = tuple(_head(part) for part in parts)
        if sum(column_of(h) is not None for h in heads) < len(heads):
            return None
        return Columns(edges, heads), top
    return None


def unruled(page: Any, chars: Sequence[Any], columns: Columns, top: float) -> Ruled | None:
    """The table of a page from `top` down; None where its rows cannot be separated."""
    names = [column_of(h) or "other" for h in columns.heads]
    inside = [c for c in chars if c["top"] >= top]
    heading = _heading_end(inside, columns)
    body = [c for c in inside if c["top"] > heading]
    rules = _rules(page, heading)
    starts = rules or _numbers(body, columns, names)
    if starts is None or not body:
        return None
    cells = [Placed(0, i, head) for i, head in enumerate(columns.heads)]
    rest = not starts or any(c["top"] < starts[0] - 0.5 * c["size"] for c in body)
    upper = [heading, *starts] if rest else starts  # the rest of a row of the page before
    height, full = len(upper), set()
    parts: list[list[list[Any]]] = [[[] for _ in columns.heads] for _ in range(height)]
    for i, name in enumerate(names):
        mine = [c for c in body if columns.of(c) == i]
        before: Any = None
        row = 0
        for line in _lines(mine):
            near = before is not None and line[0]["top"] - before["top"] < 1.6 * before["size"]
            if not (name in _MERGED and near):
                row = max(0, sum(line[0]["top"] >= s - 0.5 * line[0]["size"] for s in upper) - 1)
            parts[row][i] += line
            before = line[0]
    edges = (0.0, *columns.edges, float(page.width))
    right = [
        max((c["x1"] for c in body if columns.of(c) == i), default=0) for i in range(len(names))
    ]
    for i in range(len(names)):
        begun = [
            r for r in range(height) if not rules or _has_rule(page, upper[r], right[i]) or not r
        ]
        for row, after in pairwise([*begun, height]):
            mine = [c for line in parts[row:after] for c in line[i]]
            text, fills = cell_text(mine, right[i]) if mine else ("", False)
            cells.append(Placed(row + 1, i, text, after - row))
            if fills and after == height:
                full.add(i)
    return Ruled(tuple(cells), edges, height + 1, top, frozenset(full))


def split_off(
    chars: Sequence[Any], columns: Columns, top: float, height: float
) -> tuple[list[Any], list[Any]]:
    """The characters of a page that belong to its table, and the rest.

    A line below the heading that runs over the edges of the columns ends it; text in the middle
    of a margin is a page number.
    """
    lines = _lines([c for c in chars if c["top"] >= top])
    inside: list[Any] = []
    for at, line in enumerate(lines):
        words = _words(line)
        margin = not 0.06 * height < line[0]["top"] < 0.92 * height
        if margin and len(words) == 1 and re.fullmatch(r"[—\-–\s]*\d{1,4}[—\-–\s]*", _text(line)):
            continue
        if at >= _HEADING_LINES and _crosses(line, columns):
            break
        inside += line
    kept = {id(c) for c in inside}
    return inside, [c for c in chars if id(c) not in kept]


def _crosses(line: Sequence[Any], columns: Columns) -> bool:
    return any(c["x0"] < x - 1 and c["x1"] > x + 1 for c in line for x in columns.edges)


def _lines(chars: Sequence[Any]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for char in sorted(chars, key=lambda c: (c["top"] + c["bottom"]) / 2):
        last = rows[-1][0] if rows else None
        if last is not None and abs(char["top"] - last["top"]) < 0.5 * last["size"]:
            rows[-1].append(char)
        else:
            rows.append([char])
    return [sorted(row, key=lambda c: c["x0"]) for row in rows]


def _head(chars: Sequence[Any]) -> str:
    """The heading of a column, without one above it over several columns."""
    said = [_text(line) for line in _lines(chars)]
    spans = (i for i in range(1, len(said)) if column_of("".join(said[:i])) == "span")
    return "".join(said[next(spans, 0) :])


def _words(line: Sequence[Any]) -> list[list[Any]]:
    words: list[list[Any]] = []
    for char in line:
        if not char["text"].strip():
            continue
        if words and char["x0"] - words[-1][-1]["x1"] < 0.9 * char["size"]:
            words[-1].append(char)
        else:
            words.append([char])
    return words


def _text(chars: Sequence[Any]) -> str:
    return "".join(c["text"] for c in chars if c["text"].strip())


def _first_row(page: Any, lines: Sequence[Sequence[Any]]) -> float | None:
    """The height at which rows begin: the rule below the heading, else the first number."""
    for rule in _rules(page, lines[0][0]["top"]):
        above = [w for line in lines if line[0]["top"] < rule for w in _words(line)]
        if names_a_table([column_of(_text(w)) for w in above], 3):
            return float(rule + 0.5 * lines[0][0]["size"])
    return _first_number([c for line in lines[1:] for c in line])


def _first_number(chars: Sequence[Any]) -> float | None:
    """The height of the first row: that of the first running number alone in its line."""
    tops = [w[0]["top"] for line in _lines(chars) for w in _words(line) if NUMBER.match(_text(w))]
    return min(tops, default=None)


def _rivers(chars: Sequence[Any]) -> tuple[float, ...]:
    """The edges between columns: near the left of the next, where its lines begin."""
    spans = sorted((c["x0"], c["x1"], c["size"]) for c in chars)
    edges: list[float] = []
    reach = spans[0][1]
    for left, right, size in spans:
        if left - reach > _RIVER * size:
            edges.append(left - min(1.0, (left - reach) / 2))
        reach = max(reach, right)
    return tuple(edges)


def _heading_end(chars: Sequence[Any], columns: Columns) -> float:
    """The lower end of the heading, which may be repeated on the page or not."""
    wanted = set(columns.heads)
    parts: list[list[Any]] = [[] for _ in columns.heads]
    for line in _lines(chars)[:_HEADING_LINES]:
        for word in _words(line):
            parts[columns.of(word[0])] += word
        heads = {_head(part) for part in parts}
        if len(wanted & heads) >= len(wanted) - 1:
            return float(max(c["top"] for c in line) + 0.2 * line[0]["size"])
    return float(min((c["top"] for c in chars), default=0.0) - 1)


def _rules(page: Any, below: float) -> list[float]:
    """The rules that lie across the page: where rows begin, if there are any."""
    wide: dict[int, float] = {}
    for edge in page.edges:
        if edge["orientation"] == "h" and edge["top"] > below - 6:
            wide[round(edge["top"])] = wide.get(round(edge["top"]), 0.0) + edge["width"]
    tops = sorted(y for y, width in wide.items() if width > 0.5 * page.width)
    return [float(y) for y in tops[:-1]] if len(tops) > 2 else []


def _has_rule(page: Any, top: float, right: float) -> bool:
    """Return whether a rule crosses a column: cells merged over rows have none."""
    return any(
        e["orientation"] == "h" and abs(e["top"] - top) < _LEVEL and e["x0"] < right - 2 < e["x1"]
        for e in page.edges
    )


def _numbers(chars: Sequence[Any], columns: Columns, names: Sequence[str]) -> list[float] | None:
    """The heights of the running numbers; None unless each begins a row at its top."""
    if "number" not in names:
        return None
    at = names.index("number")
    tops = [
        line[0]["top"]
        for line in _lines([c for c in chars if columns.of(c) == at])
        if NUMBER.match(_text(line))
    ]
    task = names.index("text") if "text" in names else len(names) - 1
    lines = [_lines([c for c in chars if columns.of(c) == i]) for i in range(len(names))]
    begun = [line[0]["top"] for line in lines[task]]
    level = sum(any(abs(top - y) < _LEVEL for y in begun) for top in tops)
    if level < 0.9 * len(tops):
        return None
    return sorted([*tops, *_unnumbered(lines, tops)])


def _unnumbered(lines: Sequence[Sequence[Sequence[Any]]], tops: Sequence[float]) -> list[float]:
    """The heights of rows whose number was merged: most columns begin there, side by side."""
    steps = [(a[0]["top"], b[0]["top"]) for column in lines for a, b in pairwise(column)]
    leading = median(b - a for a, b in steps) if steps else 0.0
    anew = [b for a, b in steps if b - a > 1.45 * leading]
    found: list[float] = []
    for top in sorted(anew):
        beside = sum(abs(top - y) < _LEVEL for y in anew)
        if beside >= _SIDE_BY_SIDE and all(abs(top - y) > 2 * _LEVEL for y in (*tops, *found)):
            found.append(top)
    return found
