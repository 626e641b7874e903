"""Word documents (.docx) to text and grids: paragraphs and tables in the order of the page.

Text and rows that are struck out (by a line, or as a tracked deletion) or hidden are not read,
and a remark says so; of a phonetic guide the base is read, not the reading above it. What
stands in a text box is read below the paragraph that holds it; numbers that Word counts itself
are written out, because the page shows them. A table inside a cell becomes lines of that cell.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from loaders.formats.extracted import Flat, Placed, Refused, Writing, label_lines
from loaders.lexicon.numerals import in_words

MEDIA = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DEEPEST = 60
_THROUGH = {qn(f"w:{n}") for n in ("sdt", "sdtContent", "smartTag", "ins", "hyperlink", "fldSimple",
                                   "customXml", "moveTo")}  # fmt: skip
_BOX = qn("w:txbxContent")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DELETED = {qn("w:del"), qn("w:moveFrom")}
_T = qn("w:t")
_UNIT_BEFORE = re.compile(r"(?:[kcd]?m|[千厘分]?米)$")
SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_P, _TBL, _TR, _TC, _R = (qn(f"w:{n}") for n in ("p", "tbl", "tr", "tc", "r"))


def read(data: bytes) -> Flat:
    """The text and grids of a Word document. Raises Refused."""
    try:
        document = docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, KeyError, ValueError) as error:
        raise Refused(f"it is a Word document that is damaged ({error})") from error
    page = _Page(document)
    page.walk(document.element.body)
    flat = page.writing.flat(MEDIA)
    if not flat.text and document.inline_shapes:
        raise Refused("it holds only pictures; scans are not read")
    return flat


def _children(parent: Any, depth: int = 0) -> Iterator[Any]:
    """The paragraphs, tables, rows, cells or runs of an element, through what only wraps them."""
    if depth > _DEEPEST:
        raise Refused(f"its parts are nested more than {_DEEPEST} deep")
    for child in parent.iterchildren():
        if child.tag in _THROUGH:
            yield from _children(child, depth + 1)
        else:
            yield child


def _fill(cell: Any) -> str:
    """Return the shade of a cell as RRGGBB; empty where it has none of its own."""
    shade = cell.find(f"{qn('w:tcPr')}/{qn('w:shd')}")
    colour = "" if shade is None else shade.get(qn("w:fill")) or ""
    return colour.upper() if re.fullmatch("[0-9A-Fa-f]{6}", colour) else ""


class _Page:
    """A document being written out, with Word's own counters."""

    def __init__(self, document: Any) -> None:
        self.writing = Writing()
        self._levels = _numbering(document)
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * 9)
        self._struck: list[str] = []

    def walk(self, parent: Any, depth: int = 0) -> None:
        """Writes out the paragraphs and tables of a body or a text box, and of boxes in them."""
        if depth > _DEEPEST:
            raise Refused(f"its text boxes are nested more than {_DEEPEST} deep")
        for element in _children(parent):
            if element.tag == _P:
                start, end = self.writing.paragraph(self.said(element))
                if (struck := self.remark()) and end > start:
                    kind, _, why = struck.partition(": ")
                    self.writing.remark(start, end, kind, why)
                for box in _boxes(element):
                    self.walk(box, depth + 1)
            elif element.tag == _TBL:
                self.table(element)

    def said(self, paragraph: Any) -> str:
        """The text of a paragraph, its number included; what is struck out is noted, not read."""
        parts: list[str] = []
        for run in _children(paragraph):
            if run.tag in _DELETED:
                self._struck += ["".join(t.text or "" for t in run.iter(qn("w:delText"), _T))]
            if run.tag != _R:
                continue
            properties = run.find(qn("w:rPr"))
            if _is_on(properties, "w:vanish"):
                continue
            text = "".join(_pieces(run))
            if _is_on(properties, "w:strike") or _is_on(properties, "w:dstrike"):
                self._struck.append(text)
            elif _raised(properties) and parts and _UNIT_BEFORE.search(parts[-1]):
                parts.append(text.translate(SUPERSCRIPTS))
            else:
                parts.append(text)
        return self._number(paragraph) + "".join(parts)

    def remark(self) -> str:
        """What was struck out since the last call, as the remark of a cell; often nothing."""
        struck = [t.strip() for t in self._struck if t.strip()]
        self._struck.clear()
        return f"struck-out: 划去的文字没有读：{'、'.join(struck)[:60]}" if struck else ""

    def _number(self, paragraph: Any) -> str:
        found = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if found is None:
            return ""
        number, level = (_value(found.find(qn(n))) for n in ("w:numId", "w:ilvl"))
        depth = min(int(level or 0), 8)
        form = self._levels.get((number, depth))
        if form is None:
            return ""
        kind, pattern, first = form
        counts = self._counts[number]
        counts[depth] = counts[depth] + 1 if counts[depth] else first
        counts[depth + 1 :] = [0] * (8 - depth)
        for i in range(9):
            said = in_words(counts[i]) if kind.startswith("chinese") else str(counts[i])
            pattern = pattern.replace(f"%{i + 1}", said)
        return pattern

    def table(self, table: Any) -> None:
        """Writes out a table, its merged cells resolved."""
        placed = list(self._placed(table))
        if not placed:
            return
        if max(c.column + c.width for c in placed) == 1 and len(placed) < 3:
            for cell in placed:  # a frame around text
                self.writing.paragraph(cell.text)
            return
        lines = label_lines(placed)
        for line in lines or ():
            self.writing.paragraph(line)
        if not lines:
            self.writing.table(placed)

    def _placed(self, table: Any) -> Iterator[Placed]:
        open_below: dict[int, Placed] = {}
        found: list[Placed] = []
        height: dict[int, int] = {}
        rows = [r for r in _children(table) if r.tag == _TR and not _is_gone(r)]
        for row, element in enumerate(rows):
            column = _grid(element, "w:trPr", "w:gridBefore")
            for cell in (c for c in _children(element) if c.tag == _TC):
                width = max(1, _grid(cell, "w:tcPr", "w:gridSpan"))
                merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                goes_on = merge is not None and merge.get(qn("w:val")) in (None, "continue")
                if goes_on and column in open_below:
                    height[id(open_below[column])] += 1
                else:
                    made = Placed(
                        row, column, self._cell(cell), 1, width, self.remark(), _fill(cell)
                    )
                    found.append(made)
                    height[id(made)] = 1
                    open_below.pop(column, None)
                    if merge is not None:
                        open_below[column] = made
                column += width
                if column > 500:
                    raise Refused("a table of it has more than 500 columns")
        for made in found:
            yield replace(made, height=height[id(made)])

    def _cell(self, cell: Any, depth: int = 0) -> str:
        if depth > _DEEPEST:
            raise Refused(f"its tables are nested more than {_DEEPEST} deep")
        lines: list[str] = []
        for element in _children(cell):
            if element.tag == _P:
                lines.append(self.said(element))
                lines += [self._cell(box, depth + 1) for box in _boxes(element)]
            elif element.tag == _TBL:
                for row in (r for r in _children(element) if r.tag == _TR and not _is_gone(r)):
                    cells = (c for c in _children(row) if c.tag == _TC)
                    lines.append("  ".join(self._cell(c, depth + 1) for c in cells))
        return "\n".join(lines)


def _pieces(run: Any) -> Iterator[str]:
    """The text of a run; of a phonetic guide the base, not the reading above it."""
    for piece in run.iterchildren():
        if piece.tag == _T:
            yield piece.text or ""
        elif piece.tag == qn("w:tab"):
            yield "\t"
        elif piece.tag in (qn("w:br"), qn("w:cr")):
            yield "\n"
        elif piece.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif piece.tag == qn("w:ruby"):
            base = piece.find(qn("w:rubyBase"))
            yield "".join(t.text or "" for t in base.iter(_T)) if base is not None else ""


def _is_on(properties: Any, name: str) -> bool:
    """Return whether a run has a property that is not switched off."""
    found = properties.find(qn(name)) if properties is not None else None
    return found is not None and found.get(qn("w:val")) not in ("0", "false", "off", "none")


def _raised(properties: Any) -> bool:
    found = properties.find(qn("w:vertAlign")) if properties is not None else None
    return _value(found) == "superscript"


def _boxes(paragraph: Any) -> Iterator[Any]:
    """The text boxes in a paragraph, each once: Word writes them in an old form beside the new."""
    for box in paragraph.iter(_BOX):
        holder = next(box.iterancestors(_P))
        if holder is paragraph and next(box.iterancestors(_FALLBACK), None) is None:
            yield box


def _is_gone(row: Any) -> bool:
    """Return whether a row is hidden, or its deletion is tracked."""
    properties = row.find(qn("w:trPr"))
    return properties is not None and any(
        properties.find(qn(name)) is not None for name in ("w:del", "w:hidden")
    )


def _value(element: Any) -> str:
    return (element.get(qn("w:val")) or "") if element is not None else ""


def _grid(element: Any, properties: str, name: str) -> int:
    said = _value(element.find(f"{qn(properties)}/{qn(name)}"))
    return int(said) if said.isdigit() else 0


def _numbering(document: Any) -> dict[tuple[str, int], tuple[str, str, int]]:
    """For each list and level: its kind of digits, its pattern ("%1、"), and where it begins."""
    try:
        root = document.part.numbering_part.element
    except (KeyError, NotImplementedError):  # python-docx can make no such part, only open one
        return {}
    abstract: dict[str, dict[int, tuple[str, str, int]]] = {}
    for one in root.iterchildren(qn("w:abstractNum")):
        levels: dict[int, tuple[str, str, int]] = {}
        for level in one.iterchildren(qn("w:lvl")):
            kind = _value(level.find(qn("w:numFmt")))
            if kind in ("decimal", "japaneseCounting") or kind.startswith("chinese"):
                first = _value(level.find(qn("w:start"))) or "1"
                kind = "chinese" if kind == "japaneseCounting" else kind
                pattern = _value(level.find(qn("w:lvlText")))
                levels[int(level.get(qn("w:ilvl")) or 0)] = (kind, pattern, int(first))
        abstract[one.get(qn("w:abstractNumId")) or ""] = levels
    found: dict[tuple[str, int], tuple[str, str, int]] = {}
    for number in root.iterchildren(qn("w:num")):
        for depth, form in abstract.get(_value(number.find(qn("w:abstractNumId"))), {}).items():
            found[(number.get(qn("w:numId")) or "", depth)] = form
    return found
