"""Headings of grids: the rows that name the columns, and the content of each column.

The words of a heading decide first. The cells below decide between two columns of words, and find
a column of bodies under an unknown heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from loaders.bodies.cells import Segmenter
from loaders.formats.extracted import Grid, GridCell
from loaders.lexicon.columns import (
    QUARTER_COLUMNS,
    Column,
    column_of,
    names_a_table,
    roles_paired,
)
from loaders.tables.flattened import in_order
from ontology.names import squeeze

MAX_STOREYS = 3
MAX_TITLE_CHARS = 30
"""Greatest length of a heading, a theme or a chapter."""
_WORDS = re.compile("[\u4e00-\u9fff]")
_BODIES_HEADING = re.compile(r".{0,10}(?:部门|单位|主体|机构)(?:[(（].{1,12}[)）])?")
"""Headings of bodies in any role: 指导推进责任单位, 主管部门（单位）."""
_NO_ROLE = re.compile(
    r"业主|建设|合作|申[报请]|承建|施工|设计|监理|投资|运营|推荐|来源|数据|所属|计量"
)
"""Owners, builders and applicants have no task."""
MIN_WORK_TO_TITLE = 1.3
"""Least ratio of the length of work to that of the titles on its left."""
MIN_WORK_CHARS = 12
_QUANTITY = re.compile(r"[≥≤><约达超近]*\d[\d.,，]*[^,，。;；]{0,8}$")
MIN_SHARE = 0.6
"""The share of cells that must be bodies for their column to be one of bodies."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a grid: property, heading, and height of the heading in rows."""

    names: tuple[Column | None, ...]
    labels: tuple[str, ...]
    """The heading of each column, its storeys joined, white space removed."""
    storeys: int
    undifferentiated: bool


def words_of(text: str, cell: GridCell | None) -> str:
    """Return the text of a cell without white space."""
    return squeeze(text[cell.start : cell.end]) if cell else ""


def distinct(row: Sequence[GridCell | None]) -> set[GridCell]:
    """Return the non-empty cells of a row, merged ones once."""
    return {c for c in row if c is not None and c.end > c.start}


def heading_of(text: str, grid: Grid, bodies: Segmenter) -> tuple[int, Columns] | None:
    """Find the heading of a table of targets: its first row and its columns."""
    for at in range(len(grid.rows)):
        if len(distinct(grid.rows[at])) < 2:
            continue
        if (slid := _slid_storeys(text, grid, at)) is not None:
            return at, slid
        for storeys in range(min(MAX_STOREYS, len(grid.rows) - at), 0, -1):
            below = grid.rows[at + 1 : at + storeys]
            if not all(_is_storey(text, row, grid.rows[at]) for row in below):
                continue
            columns = tuple(zip(*grid.rows[at : at + storeys], strict=True))
            body = grid.rows[at + storeys :]
            names = [_named(text, column) for column in columns]
            names = _with_bodies(text, columns, body, names, bodies)
            if names_a_table(names, 2):
                labels = [_label(text, column) for column in columns]
                return at, _columns(text, body, storeys, names, labels)
    return None


def is_heading(text: str, row: Sequence[GridCell | None]) -> bool:
    """Return whether a row is a heading of any kind: short words, among them 序号."""
    said = [words_of(text, c) for c in distinct(row)]
    return (
        len(said) > 1
        and all(len(t) <= MAX_TITLE_CHARS and _WORDS.search(t) for t in said)
        and "number" in map(column_of, said)
    )


def labels_of(text: str, grid: Grid) -> tuple[int, tuple[str, ...]] | None:
    """Find the heading of a table without targets: its row and the names of its columns.

    Return None for a grid that only arranges a page: prose is read from it.
    """
    width = max(map(len, grid.rows))
    for at, row in enumerate(grid.rows[:MAX_STOREYS]):
        said = [words_of(text, c) for c in row]
        if len(distinct(row)) < 2:
            continue
        whole = len(distinct(row)) == width > 1 and all(
            0 < len(t) <= MAX_TITLE_CHARS and _WORDS.search(t) for t in said
        )
        below = [len(distinct(r)) for r in grid.rows[at + 1 :]]
        even = len(below) > 1 and sum(n * 2 > width for n in below) * 2 > len(below)
        if is_heading(text, row) or (whole and even):
            return at, tuple(said)
        return None
    return None


def _slid_storeys(text: str, grid: Grid, at: int) -> Columns | None:
    """Read a heading of two storeys that lost its merged cells.

    Its quarters slid to the left of the second row, under foreign columns.
    """
    if at + 1 >= len(grid.rows) or any(c and c.row < at + 1 for c in grid.rows[at + 1]):
        return None
    top, below = ([t for c in grid.rows[i] if (t := words_of(text, c))] for i in (at, at + 1))
    quarters = [column_of(t) for t in below]
    if not below or any(q not in QUARTER_COLUMNS for q in quarters):
        return None
    first = grid.rows[at + 1][0]
    names = [column_of(t) or "other" for t in top]
    if "span" not in names or first is None or first.end == first.start:
        return None
    paired, alone = roles_paired([*names, *(q for q in quarters if q)])
    order = in_order(paired)
    labels = [t for t, n in zip(top, names, strict=True) if n != "span"]
    labels += [""] * (len(order) - len(labels))
    return Columns(order, tuple(labels), 2, alone)


def _is_storey(text: str, row: Sequence[GridCell | None], top: Sequence[GridCell | None]) -> bool:
    """Return whether a row adds a storey to the heading: short cells, one a known heading."""
    own = [words_of(text, c) for c in row if c is not None and c not in top and c.end > c.start]
    reaches = any(c is not None and c in top for c in row)
    named = sum(column_of(t) is not None for t in own)
    return (
        bool(own)
        and max(map(len, own)) <= MAX_TITLE_CHARS
        and (named > len(own) / 2 or (reaches and named > 0))
    )


def _storeys_of(text: str, column: Sequence[GridCell | None]) -> list[str]:
    said: list[str] = []
    for cell in column:
        words = words_of(text, cell)
        if words and (not said or said[-1] != words):
            said.append(words)
    return said


def _label(text: str, column: Sequence[GridCell | None]) -> str:
    return "".join(_storeys_of(text, column))


def _named(text: str, column: Sequence[GridCell | None]) -> Column | None:
    """Return the name of a column: that of its lowest known storey, else of all together."""
    said = _storeys_of(text, column)
    candidates = [*reversed(said), "".join(said)] if len(said) > 1 else said
    found = [name for words in candidates if (name := column_of(words))]
    return next((n for n in found if n != "span"), found[0] if found else None)


_Rows = Sequence[Sequence[GridCell | None]]


def _with_bodies(
    text: str,
    columns: Sequence[Sequence[GridCell | None]],
    body: _Rows,
    names: Sequence[Column | None],
    bodies: Segmenter,
) -> list[Column | None]:
    """Find a column of bodies by its cells, if no heading names one."""
    found = list(names)
    if {"lead", "coordinate", "responsible", "office", "award"} & set(found):
        return found
    for i, column in enumerate(columns):
        label = _label(text, column)
        if found[i] is None and _BODIES_HEADING.fullmatch(label) and not _NO_ROLE.search(label):
            said = [t for row in body if i < len(row) and (t := words_of(text, row[i]))]
            if said and sum(bodies.trust(t) > 0.5 for t in said) >= MIN_SHARE * len(said):
                found[i] = "office"
    return found


def _columns(
    text: str, body: _Rows, storeys: int, names: Sequence[Column | None], labels: Sequence[str]
) -> Columns:
    """Pair the roles of a heading and tell its columns of words apart."""
    paired, alone = roles_paired([n or "other" for n in names])
    alone_in_time = not {*QUARTER_COLUMNS, "due"} & set(paired) and paired.count("span") == 1
    spans = "due" if alone_in_time else "other"
    paired = [spans if n == "span" else n for n in paired]
    unknown = {i for i, n in enumerate(names) if n is None and labels[i]}
    paired = _with_work(text, body, paired, unknown)
    if "text" in paired:
        paired = _without_figures(text, body, paired)
    if "text" not in paired:
        paired = ["text" if n == "theme" else n for n in paired]
    texts = [i for i, n in enumerate(paired) if n == "text"]
    if len(texts) > 1 and "theme" not in paired:
        length = _mean_length(text, body, texts[0])
        if 0 < length < MAX_TITLE_CHARS and not _is_value(text, body, texts[1]):
            paired[texts[0]] = "theme"
    named = tuple(
        n if label or n != "other" else None for n, label in zip(paired, labels, strict=True)
    )
    return Columns(named, tuple(labels), storeys, alone)


def _mean_length(text: str, body: _Rows, column: int) -> float:
    lengths = [len(t) for row in body if row[column] and (t := words_of(text, row[column]))]
    return mean(lengths) if lengths else 0.0


def _with_work(text: str, body: _Rows, names: Sequence[Column], unknown: set[int]) -> list[Column]:
    """Take the longer of two neighbouring columns of words as the work.

    `重点任务 | 具体工作`: a title and its work. No list of headings is complete, so the cells
    decide about an unknown one.
    """
    found = list(names)
    titles = [i for i, n in enumerate(found) if n in ("text", "theme")]
    if not titles or titles[-1] + 1 not in unknown:
        return found
    title, work = titles[-1], titles[-1] + 1
    length = _mean_length(text, body, work)
    if length >= MIN_WORK_CHARS and length > MIN_WORK_TO_TITLE * _mean_length(text, body, title):
        found[work] = "text"
        if found[title] == "text" and "theme" not in found:
            found[title] = "theme"
    return found


def _is_value(text: str, body: _Rows, column: int) -> bool:
    """Return whether a column holds the quantities of another: 新增护理床位 | 3000张."""
    said = [t for row in body if (t := words_of(text, row[column]))]
    return sum(bool(_QUANTITY.match(t)) for t in said) >= MIN_SHARE * len(said) > 0


def _without_figures(text: str, body: _Rows, names: Sequence[Column]) -> list[Column]:
    """Drop columns that hold only numbers when another column holds text."""
    bare = set()
    for i, name in enumerate(names):
        said = [t for row in body if name == "text" and (t := words_of(text, row[i]))]
        if said and not any(map(_WORDS.search, said)):
            bare.add(i)
    worded = any(n == "theme" or (n == "text" and i not in bare) for i, n in enumerate(names))
    return ["other" if worded and i in bare else n for i, n in enumerate(names)]
