"""The shipped notice's table, flattened in the ways in which pages and tools flatten tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from notice_files import COLUMNS, QUARTERS, sheet_of

from graph.records import Document

Table = list[list[str | None]]
"""Rows of cells; None where a merged cell of the row above reaches down."""
TOP = [*COLUMNS[:4], "阶段性目标和工作任务量", *COLUMNS[8:]]
HEAD = [*COLUMNS[:4], *QUARTERS, *COLUMNS[8:]]


def opening(document: Document) -> str:
    """The lines above the table."""
    return document.text[: document.text.index("领域\n")]


def table_of(document: Document) -> Table:
    """The rows of the table, each cell on one line."""
    return [
        [None if cell is None else re.sub(r"\s*\n\s*", " ", cell[0]) for cell in row]
        for row in sheet_of(document).rows[2:]
    ]


def _filled(table: Table) -> Iterator[list[str]]:
    above: list[str] = [""] * len(HEAD)
    for row in table:
        above = [up if cell is None else cell for cell, up in zip(row, above, strict=True)]
        yield above


def _there(row: Sequence[str | None]) -> list[str]:
    return [cell for cell in row if cell is not None]


def _blank(row: Sequence[str | None]) -> list[str]:
    return [cell or "" for cell in row]


def _bars(rows: Sequence[Sequence[str]], sign: str = " | ", edge: str = "") -> str:
    return "\n".join(f"{edge} {sign.join(row)} {edge}".strip() for row in rows)


def _paged(table: Table) -> Table:
    pages: Table = []
    for number, row in enumerate(table):
        pages += [[*HEAD]] if number % 7 == 0 else []
        pages.append(row)
    return pages


def _headed(table: Table) -> Table:
    return [[*HEAD], *table]


def _said(table: Table) -> list[str]:
    return [cell for row in table for cell in row if cell]


FLATTENINGS: dict[str, Callable[[Table], str]] = {
    "a cell a paragraph, headings on each page": lambda t: "\n\n".join(_said(_paged(t))),
    "a cell a line": lambda t: "\n".join([*TOP, *QUARTERS, *_said(t)]),
    "a cell a line, merged cells repeated": lambda t: "\n".join(
        [*HEAD, *(c for row in _filled(t) for c in row if c)]
    ),
    "bars, merged cells left out": lambda t: _bars([HEAD, *map(_there, t)], edge="|"),
    "bars, merged cells blank, none at the edge": lambda t: _bars([HEAD, *map(_blank, t)]),
    "bars, two storeys slid left": lambda t: _bars([TOP, [*QUARTERS], *map(_there, t)], edge="|"),
    "bars, a heading on each page": lambda t: _bars([*map(_there, _paged(t))], edge="|"),
    "bars, all in one line": lambda t: " | ".join([*HEAD, *(c for r in t for c in _there(r))]),
    "a bar a line": lambda t: "\n".join(f"{c} |".strip() for r in _headed(t) for c in _blank(r)),
    "a bar a line, merged cells left out": lambda t: "\n".join(
        f"{c} |".strip() for r in _headed(t) for c in _there(r)
    ),
    "tabs": lambda t: "\n".join("\t".join(r) for r in [HEAD, *map(_there, t)]),
    "wide spaces": lambda t: "\n".join(
        "    ".join(re.sub(r"\s+", " ", c) for c in r if c) for r in _headed(t)
    ),
    "a box": lambda t: _bars([HEAD, *map(_blank, t)], " │ ", "│"),
}
