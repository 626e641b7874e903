"""Tables that a page kept as text with a sign between the cells: bars, tabs, commas.

`1 | 改造 | 区住建局`, one row a line; or one cell a line, each with a bar; or all in one line.
The grids lie over the unchanged text, so every offset is the text's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise

from loaders.formats.extracted import LARGEST_GRID, Grid, GridCell
from loaders.lexicon.columns import column_of, columns_glued, names_a_table
from loaders.text.paragraphs import Block
from ontology.names import squeeze

_WIDE = "  "
_SIGNS = ("|｜│┃║¦", "\t", ",", _WIDE)
_RULE = re.compile(r"[\s|｜│┃║¦+:=\-─━┄┈═┼╋╬├┤┬┴╠╣╦╩┌┐└┘┏┓┗┛╔╗╚╝┣┫┳┻]+")
_PAGE = re.compile(r"[—\-－–_\s]*第?\s*\d{1,3}\s*页?[—\-－–_\s]*")
_GAP = re.compile(r"[ \u3000\xa0]{2,}")
"""Wide spaces, where nothing else parts the cells of a line."""
_LEAST = 3
"""The smallest number of cells of a heading."""
_TAIL = re.compile(r"[。:：]|^[((（【\[]?(?:注|备注|说明|附)")
_CHAPTER = re.compile(
    r"[((（]?[一二三四五六七八九十]{1,3}[))）、.．]|第[一二三四五六七八九十]+[章部]"
)
_SHORT = 60

_Span = tuple[int, int]


@dataclass(slots=True)
class _Row:
    """A row being read: its cells so far, and whether its closing sign has been seen."""

    cells: list[_Span] = field(default_factory=list)
    closed: bool = False


def separated_grids(text: str) -> tuple[Grid, ...]:
    """The tables of a text whose cells are parted by a sign; none where it has no such heading.

    >>> text = "序号 | 任务 | 牵头单位\\n1 | 改造 | 区住建局\\n2 | 建设 | 区民政局"
    >>> grid = separated_grids(text)[0]
    >>> [text[c.start : c.end] for c in grid.rows[2] if c]
    ['2', '建设', '区民政局']
    """
    for signs in _SIGNS:
        if sum(text.count(sign) for sign in signs) < 2 * (_LEAST - 1):
            continue
        records = list(_quoted(text, signs) if signs in "\t," else _lines(text))
        grids = tuple(_tables(text, records, signs))
        if grids:
            return grids
    return ()


def _lines(text: str) -> Iterator[_Span]:
    return ((m.start(), m.end()) for m in re.finditer(r"[^\r\n]+", text))


def _quoted(text: str, sign: str) -> Iterator[_Span]:
    """The lines of a text; a line break inside a quoted cell ends none."""
    if '"' not in text:
        yield from (line for line in _lines(text) if not text[slice(*line)].isspace())
        return
    start = at = 0
    for line in re.finditer(r"[^\r\n]*(?:\r\n|\r|\n|$)", text):
        at = line.end()
        said = text[start:at]
        opened = said.startswith('"') or f'{sign}"' in said
        if opened and said.count('"') % 2 and at - start < 4000 and at < len(text):
            continue
        if said.strip():
            yield start, start + len(said.rstrip("\r\n"))
        start = at


@cache
def _any_of(signs: str) -> re.Pattern[str]:
    return re.compile(f"[{signs}]")


def _edges(text: str, start: int, end: int, signs: str) -> list[int]:
    """The offsets of the signs of a line, without those inside quoted cells."""
    if signs == _WIDE:
        return [m.start() for m in _GAP.finditer(text, start, end)]
    if signs not in "\t," or '"' not in text[start:end]:
        return [m.start() for m in _any_of(signs).finditer(text, start, end)]
    found, quoted, first = [], False, start
    for i in range(start, end):
        if text[i] == '"' and (quoted or i == first):
            quoted = not quoted
        elif text[i] == '"' and text[i - 1] == '"' and i - 1 > first:
            quoted = True  # a doubled quote inside a quoted cell
        elif text[i] in signs and not quoted:
            found.append(i)
            first = i + 1
    return found


def _trimmed(text: str, start: int, end: int) -> _Span:
    said = text[start:end]
    if len(said) > 1 and said.strip()[:1] == '"' and said.strip()[-1:] == '"':
        said = said.replace('"', " ", 1)
        said = said[: said.rindex('"')] + " " + said[said.rindex('"') + 1 :]
    begin = start + len(said) - len(said.lstrip())
    return begin, max(begin, start + len(said.rstrip()))


def _split(text: str, start: int, end: int, edges: Sequence[int]) -> list[_Span]:
    return [_trimmed(text, a + 1, b) for a, b in pairwise([start - 1, *edges, end])]


def _is_heading(text: str, cells: Sequence[_Span]) -> bool:
    if len(cells) < _LEAST:
        return False
    said = [squeeze(text[a:b]) for a, b in cells]
    named = [column_of(t) for t in said if t]
    known = [n for n in named if n]
    enough = len(known) >= _LEAST - 1 and 2 * len(known) > len(named)
    return enough and {"number", "text", "theme"} & set(known) != set()


def _tables(text: str, records: Sequence[_Span], signs: str) -> Iterator[Grid]:
    """Yield a grid for each heading and the lines below it, up to the next."""
    edges = [_edges(text, *record, signs) for record in records]
    heads = [
        i
        for i, found in enumerate(edges)
        if len(found) >= _LEAST - 1 and _is_heading(text, _split(text, *records[i], found))
    ]
    if not heads:
        return
    cells = [_split(text, *record, found) for record, found in zip(records, edges, strict=True)]
    for number, (first, after) in enumerate(pairwise([*heads, len(records)])):
        begin = _cut_front(text, cells, first) if number == 0 else first
        lead = squeeze(text[records[first][0] : records[first][1]])[0] in signs
        tail = squeeze(text[records[first][0] : records[first][1]])[-1] in signs
        width = len(cells[first]) - lead - tail
        rows = list(_rows(text, records[begin:after], signs, width, lead=lead, tail=tail))
        if len(rows) > 1:
            yield _grid(rows)


def _cut_front(text: str, cells: Sequence[Sequence[_Span]], first: int) -> int:
    """The first row above a heading that belongs to its table: a page cut at its front."""
    begin = first
    for i in range(first - 1, -1, -1):
        row = cells[i]
        if abs(len(row) - len(cells[first])) > 1:
            break
        if any(squeeze(text[a:b]).isdigit() for a, b in row[:2]):
            begin = i
    return begin


def _rows(
    text: str, records: Sequence[_Span], signs: str, width: int, *, lead: bool, tail: bool
) -> Iterator[list[_Span]]:
    """The rows of a table, rules left out, cells over several lines put together.

    `lead` and `tail` are true if the heading has a sign before its first cell or behind its
    last: then every row has.
    """
    row: _Row | None = None
    last = 0
    for start, end in records:
        if _RULE.fullmatch(text, start, end) and not _blank_row(text, start, end):
            continue
        if _PAGE.fullmatch(text, start, end):
            continue
        edges = _edges(text, start, end, signs)
        if row is not None and _goes_on(text, row, (start, end), edges, last, width, lead, tail):
            _extend(text, row, start, end, edges, tail=tail)
        else:
            if row is not None:
                yield row.cells
            row = _Row()
            cells = _split(text, start, end, edges)
            if lead and edges and not text[start : edges[0]].strip():
                cells = cells[1:]
            row.closed = bool(edges) and not text[edges[-1] + 1 : end].strip()
            if tail and row.closed and len(cells) > 1:
                cells = cells[:-1]
            row.cells = cells
        last = end
    if row is not None:
        yield row.cells


def _blank_row(text: str, start: int, end: int) -> bool:
    """Return whether a line is only bars and space: a row of empty cells, not a rule."""
    return not re.search(r"[-=─━═]", text[start:end])


def _goes_on(
    text: str, row: _Row, line: _Span, edges: Sequence[int], last: int, width: int,
    lead: bool, tail: bool,
) -> bool:  # fmt: skip
    """Return whether a line is the rest of a cell of the row before, not a row of its own."""
    start, end = line
    if re.search(r"\n\s*\n", text[last:start].replace("\r", "")):
        return False
    said = squeeze(text[start:end])
    if tail and lead:
        return not row.closed and bool(row.cells) and text[start:end].lstrip()[0] not in "|｜│┃║¦"
    if tail:
        return not row.closed and len(row.cells) + len(edges) <= width + 1
    if not edges:
        if len(row.cells) < 2 or said.isdigit() or _CHAPTER.match(said):
            return False
        return len(row.cells) < width or (len(said) <= _SHORT and not _TAIL.search(said))
    first = squeeze(text[start : edges[0]])
    if not first or first.isdigit() or len(row.cells) >= width:
        return False
    return len(row.cells) + len(edges) <= width and len(edges) < width - 2


def _extend(
    text: str, row: _Row, start: int, end: int, edges: Sequence[int], *, tail: bool
) -> None:
    cells = _split(text, start, end, edges)
    first = row.cells[-1]
    begin = first[0] if first[1] > first[0] else cells[0][0]
    row.cells[-1] = (begin, max(begin, cells[0][1]))
    row.cells += cells[1:]
    row.closed = bool(edges) and not text[edges[-1] + 1 : end].strip()
    if tail and row.closed and len(cells) > 1:
        row.cells.pop()


def _grid(rows: Sequence[Sequence[_Span]]) -> Grid:
    width = max(map(len, rows))
    if width * len(rows) > LARGEST_GRID:
        rows = rows[: LARGEST_GRID // width]
    made = tuple(
        tuple(
            GridCell(*row[column], number, column) if column < len(row) else None
            for column in range(width)
        )
        for number, row in enumerate(rows)
    )
    spans = [span for row in rows for span in row]
    return Grid(made, min(a for a, _ in spans), max(b for _, b in spans), merged=False)


def separated_blocks(text: str) -> list[Block]:
    """The cells of a text with bars whose lines are no rows: one cell a line, or all in one.

    An empty cell is an empty block. None where bars do not separate headings.

    >>> [b.text for b in separated_blocks("序号 |\\n任务 |\\n牵头单位 |\\n1 |\\n|\\n改造 |")]
    ['序号', '任务', '牵头单位', '1', '', '改造']
    """
    bars = [i for i, c in enumerate(text) if c in _SIGNS[0]]
    named = sum(column_of(squeeze(t)) is not None for t in re.split(r"[|｜│┃║¦\n]+", text))
    if len(bars) < 2 * _LEAST or named < _LEAST:
        return []
    lines = [m.group().strip() for m in re.finditer(r"[^\n]+", text)]
    opening = sum(line[:1] in _SIGNS[0] for line in lines if line)
    closing = sum(line[-1:] in _SIGNS[0] for line in lines if line)
    before = opening > closing  # `| cell`, the bar comes before its cell
    edges = [*bars, len(text)] if before else [-1, *bars, len(text)]
    found: list[Block] = []
    if before:
        found += _paragraphs(text, 0, bars[0])
    for a, b in pairwise(edges):
        parts = _paragraphs(text, a + 1, b)
        found += parts or ([Block(a + 1, b, text[a + 1 : b])] if b < len(text) or before else [])
    names = [column_of(b.text) for b in found if b.text]
    glued = any(columns_glued(b.text) for b in found)
    return found if glued or names_a_table(names, _LEAST) else []


def _paragraphs(text: str, start: int, end: int) -> list[Block]:
    """The paragraphs of a stretch that are not blank."""
    found = []
    at = start
    for gap in [*re.finditer(r"\n[^\S\n]*(?:\n[^\S\n]*)+", text[start:end]), None]:
        stop = start + gap.start() if gap else end
        if text[at:stop].strip():
            found.append(Block(at, stop, text[at:stop]))
        at = start + gap.end() if gap else end
    return found
