"""From raw cells to rows: merged cells carried down, numbers made unique.

How the cells were found (in flattened text, in a grid) makes no difference here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from graph.records import QUARTERS, Attribute, Cell, CellName, Row, Span
from loaders.bodies.cells import is_empty
from loaders.lexicon.columns import Column
from loaders.lexicon.deadlines import NUMBER, quarters_told
from loaders.lexicon.numerals import letters
from loaders.text.normalize import plain
from ontology.names import squeeze

_MAY_BE_NONE: tuple[CellName, ...] = (*QUARTERS, "lead", "coordinate")


@dataclass(frozen=True, slots=True)
class Filled:
    """A cell that is not blank; `carried` where a merged cell of a row above reaches down."""

    span: Span
    carried: bool = False

    @property
    def text(self) -> str:
        """The cell without white space."""
        return squeeze(self.span.quote)


Raw = Mapping[Column, Filled]
"""The cells of a row by column; those that no property holds under `other:HEADING`."""
_OTHER = "other:"


def other(heading: str) -> Column:
    """The column of a row that keeps the cells under a heading that no rule knows."""
    return _OTHER + heading


def _attributes(cells: Raw) -> tuple[Attribute, ...]:
    return tuple(
        Attribute(name.removeprefix(_OTHER), cell.span)
        for name, cell in cells.items()
        if name.startswith(_OTHER)
    )


def rows_of(text: str, tables: Sequence[Sequence[Raw]]) -> tuple[tuple[Row, ...], ...]:
    """The rows of each table, in order; each has the domain, theme and number it inherits.

    A cell left blank under a merged one inherits like the merged one; a theme only inside its
    own domain. Rows that share a number get the letters a, b, … after it.
    """
    made = [_rows_of(text, raw) for raw in tables]
    named = iter(_named([row for rows in made for row in rows]))
    return tuple(tuple(next(named) for _ in rows) for rows in made)


def _rows_of(text: str, raw: Sequence[Raw]) -> list[Row]:
    result: list[Row] = []
    last: Row | None = None
    numbers = _printed(raw)
    numbered = any(numbers)
    for position, cells in enumerate(raw, 1):
        number = numbers[position - 1]
        if not number:
            number = last.number if last and numbered else str(position)
        domain = _cell("domain", cells) or (_again(last.domain) if last else None)
        stays = last is not None and _same(last.domain, domain)
        theme = _cell("theme", cells) or (_again(last.theme) if last and stays else None)
        task = _cell("text", cells)
        if task is None:
            continue
        spans = [c.span for c in cells.values() if not c.carried] or [task.span]
        first, final = min(s.start for s in spans), max(s.end for s in spans)
        last = Row(
            id=number,
            number=number,
            span=Span(first, final, text[first:final]),
            domain=domain,
            theme=theme,
            text=task,
            quarters=_quarters(cells),
            lead=_cell("lead", cells),
            coordinate=_cell("coordinate", cells),
            due=_cell("due", cells),
            other=_attributes(cells),
            none_stated=tuple(n for n in _MAY_BE_NONE if n in cells and is_empty(cells[n].text)),
        )
        result.append(last)
    return result


def _printed(raw: Sequence[Raw]) -> list[str]:
    """The number of each row; a lost one where the numbers around it leave room for just it;
    empty where a merged one may be above."""
    said = [_digits(cells["number"].text) if "number" in cells else "" for cells in raw]
    at = 0
    for i, number in enumerate(said):
        if not number:
            continue
        before = said[at] if at < i else ""
        if before.isdecimal() and number.isdecimal() and int(number) - int(before) == i - at > 1:
            said[at:i] = [str(int(before) + k) for k in range(i - at)]
        at = i
    return said


def _quarters(cells: Raw) -> tuple[Cell | None, Cell | None, Cell | None, Cell | None]:
    """The cells of the quarters, or the part of each in a cell that they share."""
    own = [_cell(name, cells) for name in QUARTERS]
    told = cells.get("due")
    if told is not None and not any(own):
        spans = zip(QUARTERS, quarters_told(told.span), strict=True)
        own = [Cell(name, span, carried=told.carried) if span else None for name, span in spans]
    return own[0], own[1], own[2], own[3]


def _digits(text: str) -> str:
    text = plain(text)
    match = NUMBER.match(text)
    return match.group(1) if match else text


def _cell(name: CellName, cells: Raw) -> Cell | None:
    found = cells.get(name)
    return (
        None
        if found is None or is_empty(found.text)
        else Cell(name, found.span, carried=found.carried)
    )


def _again(cell: Cell | None) -> Cell | None:
    return None if cell is None else replace(cell, carried=True)


def _same(one: Cell | None, other: Cell | None) -> bool:
    return (one.text if one else None) == (other.text if other else None)


def _named(found: Sequence[Row]) -> list[Row]:
    """Rows whose ids are unique: those that share a number get letters."""
    count = Counter(row.number for row in found)
    seen: Counter[str] = Counter()
    result = []
    for row in found:
        if count[row.number] > 1:
            seen[row.number] += 1
            result.append(replace(row, id=row.number + letters(seen[row.number])))
        else:
            result.append(row)
    return result
