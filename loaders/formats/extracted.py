"""The one form that every format is read into: a text, and its tables as grids over that text.

A table is written out one cell a paragraph, row by row, each merged cell once, the empty ones
not at all: just as public pages flatten it. So a reader of flattened text reads every format,
and a reader of grids also knows the row and column of each cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

LARGEST_TEXT = 1_000_000
"""Characters that a document may hold: a report of a thousand pages."""
LARGEST_LINES = 30_000
"""Lines that a document may have."""
LARGEST_GRID = 400_000
"""Places (rows by columns) that the tables of a document may have."""

_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")


class Refused(Exception):
    """A document that is not read, with the reason in a few words."""


class Scanned(Refused):
    """A document of pictures, which a recogniser of characters may read."""


@dataclass(frozen=True, slots=True)
class GridCell:
    """A cell: half-open offsets into the text (equal where it is empty), and where it begins."""

    start: int
    end: int
    row: int
    column: int
    fill: str = ""
    """The colour that it is filled with, as RRGGBB; empty where it has none."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table with its merged cells resolved: such a cell is given at each of its places."""

    rows: tuple[tuple[GridCell | None, ...], ...]
    start: int
    end: int
    merged: bool = True
    """True where the file marks cells merged over rows; else they are blank, or left out."""
    exact: bool = False
    """True where the file itself gives the column of each cell: a row of full length is then
    never moved."""
    sheet: str = ""
    """The sheet of a workbook that it is."""
    row_numbers: tuple[int, ...] = ()
    column_names: tuple[str, ...] = ()
    """Numbers of its rows and names of its columns in the workbook; empty ones are left out."""

    def place(self, row: int, column: int) -> tuple[str, int, str]:
        """Return the sheet of a cell, the number of its row, and its name.

        Outside a workbook a row is counted from the top of its table and cells have no names.
        """
        if not self.row_numbers:
            return "", row + 1, ""
        number = self.row_numbers[row]
        return self.sheet, number, f"{self.column_names[column]}{number}"


@dataclass(frozen=True, slots=True)
class Remark:
    """A note for a person on a stretch of the text: that its row was hidden, for example."""

    start: int
    end: int
    kind: str
    why: str


@dataclass(frozen=True, slots=True)
class Flat:
    """A document as text, grids over it, remarks on it, and the attachments that it names."""

    text: str
    grids: tuple[Grid, ...] = ()
    remarks: tuple[Remark, ...] = ()
    attachments: tuple[str, ...] = ()
    media: str = "text/plain"
    titles: tuple[str, ...] = ()
    """Titles within the file: a page's title element and its headings."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A cell before it is written: its text, its place, and how many places it covers."""

    row: int
    column: int
    text: str
    height: int = 1
    width: int = 1
    remark: str = ""
    """A note for a person on it; empty where there is none."""
    fill: str = ""
    """The colour that it is filled with, as RRGGBB."""


@dataclass(slots=True)
class Writing:
    """A document being written out. Raises Refused where it grows beyond all measure."""

    _parts: list[str] = field(default_factory=list)
    _length: int = 0
    _lines: int = 0
    _places: int = 0
    _grids: list[Grid] = field(default_factory=list)
    _remarks: list[Remark] = field(default_factory=list)
    _attachments: dict[str, None] = field(default_factory=dict)
    _last: tuple[int, int, int] | None = None
    """The row, beginning and end of the last cell that holds words."""

    def paragraph(self, text: str) -> tuple[int, int]:
        """Add a paragraph and return its offsets. White space alone is nothing.

        >>> w = Writing(); w.paragraph("目标"), w.paragraph(" \\n"), w.paragraph("a\\n\\n b")
        ((0, 2), (2, 2), (4, 7))
        >>> w.flat().text
        '目标\\n\\na\\nb\\n'
        """
        lines = (line.strip() for line in _CONTROL.sub("", text).splitlines())
        clean = "\n".join(line for line in lines if line)
        if not clean:
            return self._length, self._length
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        start = self._length
        self._parts.append(clean)
        self._length += len(clean)
        self._lines += 1 + clean.count("\n")
        if self._lines > LARGEST_LINES:
            raise Refused(f"it holds more than {LARGEST_LINES:,} lines")
        if self._length > LARGEST_TEXT:
            raise Refused(f"it holds more than {LARGEST_TEXT:,} characters")
        return start, self._length

    def table(
        self, cells: Iterable[Placed], *, every: bool = False, sheet: str = "",
        row_numbers: Sequence[int] = (), column_names: Sequence[str] = (),
    ) -> None:  # fmt: skip
        """Adds a table, its cells in the order of the page.

        `every`: a place without a cell is an empty cell, not one that was left out. The others
        name the place of each cell in a workbook.
        """
        ordered = sorted(cells, key=lambda c: (c.row, c.column))
        self._last = None
        if not ordered:
            return
        height = max(c.row + c.height for c in ordered)
        width = max(c.column + c.width for c in ordered)
        self._places += height * width
        if self._places > LARGEST_GRID:
            raise Refused(f"its tables have more than {LARGEST_GRID:,} cells")
        places: list[list[GridCell | None]] = [[None] * width for _ in range(height)]
        start = end = -1
        waiting: list[str] = []
        for cell in ordered:
            first, last = self.paragraph(cell.text)
            if last > first:
                start, end = (first if start < 0 else start), last
            waiting = self._remarked(cell, waiting, first, last)
            made = GridCell(first, last, cell.row, cell.column, cell.fill)
            for row in range(cell.row, cell.row + cell.height):
                for column in range(cell.column, cell.column + cell.width):
                    if places[row][column] is None:
                        places[row][column] = made
        for row, cells_now in enumerate(places):
            last = width if every else max((i for i, c in enumerate(cells_now) if c), default=0)
            for column in range(last):
                if cells_now[column] is None:
                    cells_now[column] = GridCell(self._length, self._length, row, column)
        if start >= 0:
            merged = any(cell.height > 1 for cell in ordered)
            rows_made = tuple(tuple(row) for row in places)
            self._grids.append(
                Grid(
                    rows_made, start, end, merged, exact=True, sheet=sheet,
                    row_numbers=tuple(row_numbers), column_names=tuple(column_names),
                )
            )  # fmt: skip

    def _remarked(self, cell: Placed, waiting: list[str], first: int, last: int) -> list[str]:
        """Add the remark of a cell; that of an empty one waits for the next cell that is not.

        A remark needs words: that of an empty cell is on the cell before it in its row, or else
        on the next one.
        """
        remarks = [*waiting, *([cell.remark] if cell.remark else [])]
        if last == first and self._last is not None and self._last[0] == cell.row:
            first, last = self._last[1:]
        if last == first:
            return remarks
        for said in remarks:
            kind, _, why = said.partition(": ")
            self.remark(first, last, kind, why)
        self._last = (cell.row, first, last)
        return []

    def remark(self, start: int, end: int, kind: str, why: str) -> None:
        """Adds a remark on a stretch; the same on neighbouring cells is one remark."""
        last = self._remarks[-1] if self._remarks else None
        if last and (last.kind, last.why) == (kind, why) and 0 <= start - last.end <= 2:
            self._remarks[-1] = Remark(last.start, end, kind, why)
        else:
            self._remarks.append(Remark(start, end, kind, why))

    def attachment(self, name: str) -> None:
        """Add the name of a file that comes with the document."""
        self._attachments[name] = None

    def flat(self, media: str = "text/plain") -> Flat:
        """Return the document; `media` is the media type of its source."""
        text = "".join(self._parts) + ("\n" if self._parts else "")
        return Flat(text, tuple(self._grids), tuple(self._remarks), tuple(self._attachments), media)


def spans_resolved(rows: Sequence[Sequence[tuple[str, int, int]]]) -> list[Placed]:
    """Rows of (text, height, width) as HTML gives them, each cell at its place.

    A cell takes the first place that no cell above reaches down into; what reaches below the
    last row is cut off there.

    >>> [(c.row, c.column) for c in spans_resolved([[("a", 2, 1), ("b", 1, 1)], [("c", 1, 1)]])]
    [(0, 0), (0, 1), (1, 1)]
    """
    taken: set[tuple[int, int]] = set()
    found: list[Placed] = []
    for row, cells in enumerate(rows):
        column = 0
        for text, height, width in cells:
            while (row, column) in taken:
                column += 1
            height = max(1, min(height or len(rows), len(rows) - row))
            width = max(1, min(width, 1000))
            if len(taken) + height * width > LARGEST_GRID:
                raise Refused(f"its tables have more than {LARGEST_GRID:,} cells")
            taken |= {
                (r, c) for r in range(row, row + height) for c in range(column, column + width)
            }
            found.append(Placed(row, column, text, height, width))
            column += width
    return found


_LABEL = re.compile(
    r"索\s*引\s*号|发文字号|文\s*号|发文机[构关]|发布机[构关]|制发机关|发文单位|成文日期|印发日期|发文日期"
    r"|生成日期|发布日期|公开日期|发布时间|标\s*题|名\s*称|主题分类|公开属性|有\s*效\s*性|主\s*题\s*词|信息分类"
)


def label_lines(cells: Sequence[Placed]) -> list[str] | None:
    """Return a table of labels and values as lines "label:value"; None where it is another table.

    Pages print the index block of a document in such a table, or in such lines.

    >>> label_lines([Placed(0, 0, "文号:"), Placed(0, 1, "长府〔2019〕5号")])
    ['文号：长府〔2019〕5号']
    """
    lines: list[str] = []
    labels = 0
    rows: dict[int, list[str]] = {}
    for cell in cells:
        rows.setdefault(cell.row, []).append(cell.text.strip())
    for texts in rows.values():
        said = list(texts)
        while said:
            label = said.pop(0).strip(" :：\u3000")
            if _LABEL.fullmatch(label):
                labels += 1
                value = said.pop(0) if said else ""
                lines.append(f"{label}：{value}" if value else "")
            elif label:
                lines.append(label)
    return lines if labels >= 1 and 2 * labels >= len(lines) else None
