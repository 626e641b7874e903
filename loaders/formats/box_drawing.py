"""Boxes drawn in plain text, whose cells go over several lines: each cell is made whole.

    +------+--------------+
    | 1    | 新增企业18家，|
    |      | 完成技改      |
    +------+--------------+

Such a cell is no one stretch of the file, so the text is written anew, one cell a paragraph. A
rule that leaves a column out lets its cell reach down.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from loaders.formats.extracted import Flat, Placed, Writing

MEDIA = "text/plain"
_SEGMENT = re.compile(r"\s*[:\-=─━═┄┈]{2,}:?\s*")
_CROSS = re.compile(r"[+┼╋╬├┤┬┴╠╣╦╩┌┐└┘┏┓┗┛╔╗╚╝┣┫┳┻|｜│┃║¦]")
_RULE = re.compile(r"\s*[+┼╋╬├┤┬┴╠╣╦╩┌┐└┘┏┓┗┛╔╗╚╝┣┫┳┻].*[\-=─━═]{2,}.*")
_BAR = "|｜│┃║¦"
_LEAST_RULES = 4


@dataclass(slots=True)
class _Cell:
    row: int
    column: int
    height: int = 1
    width: int = 1
    lines: list[str] = field(default_factory=list)


def is_boxed(text: str) -> bool:
    """Whether a text has a box with a cell of several lines: rules part its rows, not lines."""
    if (
        sum(1 for _ in re.finditer(r"^[^\S\n]*+[+├┌└╠╔╚┣┏┗].*[\-=─━═]{2,}", text, re.MULTILINE))
        < _LEAST_RULES
    ):
        return False
    return any(_is_tall(box) for box in _boxes(text.splitlines()) if isinstance(box, tuple))


def read(text: str) -> Flat:
    """The text with its boxes as grids.

    >>> box = "+---+----+\\n| 1 | 甲 |\\n|   | 乙 |\\n+---+----+"
    >>> [c.lines for c in _cells(tuple(box.splitlines()))]
    [['1'], ['甲', '乙']]
    """
    writing = Writing()
    for part in _boxes(text.splitlines()):
        if isinstance(part, str):
            writing.paragraph(part)
            continue
        made = [
            Placed(c.row, c.column, "\n".join(c.lines), c.height, c.width) for c in _cells(part)
        ]
        writing.table(made, every=True)
    return writing.flat(MEDIA)


def _boxes(lines: Sequence[str]) -> Iterator[str | tuple[str, ...]]:
    """The lines of a text, those of a box together."""
    box: list[str] = []
    for line in [*lines, ""]:
        said = line.strip()
        if said and (_RULE.fullmatch(said) or (box and said[0] in _BAR and said[-1] in _BAR)):
            box.append(said)
            continue
        if box:
            yield tuple(box)
            box = []
        if said:
            yield said


def _is_whole(line: str) -> bool:
    """Return whether a line is a rule from end to end."""
    return all(not part or _SEGMENT.fullmatch(part) for part in _CROSS.split(line))


def _is_tall(box: Sequence[str]) -> bool:
    """Whether rules part the rows of a box, and some row below its heading has several lines."""
    rules = [i for i, line in enumerate(box) if _RULE.fullmatch(line)]
    heights = [b - a - 1 for a, b in pairwise(rules)]
    return len(rules) >= _LEAST_RULES and any(1 < h <= 60 for h in heights) and heights[-1] < 60


def _cells(box: Sequence[str]) -> list[_Cell]:
    """The cells of a box, in order; a line that has one cell only spans all columns."""
    width = max(len(_parts(line)) for line in box)
    open_cells: list[_Cell | None] = [None] * width
    found: list[_Cell] = []
    row = -1
    begins = True
    for line in box:
        parts = _parts(line)
        if _RULE.fullmatch(line) or any(_SEGMENT.fullmatch(p) for p in parts):
            if not begins:
                row += 1
            begins = True
            if _is_whole(line):
                open_cells = [None] * width
                continue
            if len(parts) != width:
                continue
            for column, part in enumerate(parts):
                above = open_cells[column]
                if _SEGMENT.fullmatch(part):
                    open_cells[column] = None
                elif above is not None:
                    above.height += 1
                    above.lines += [part.strip()] if part.strip() else []
            continue
        row += row < 0
        if len(parts) == 1:
            found.append(_Cell(row, 0, 1, width, [parts[0].strip()]))
            begins = False
            continue
        for column, part in enumerate(parts[:width]):
            cell = open_cells[column]
            if cell is None:
                cell = open_cells[column] = _Cell(row, column)
                found.append(cell)
            cell.lines += [part.strip()] if part.strip() else []
        begins = False
    return found


def _parts(line: str) -> list[str]:
    return _CROSS.split(line)[1:-1]
