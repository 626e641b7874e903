"""The cost of putting a cell into a column, by its looks.

A cell may look like a number, a chapter, a deadline, a dash, a list of departments or a sentence.
Its position in the row plays no part, and no row of any notice is known here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from loaders.bodies.cells import Segmenter, is_empty
from loaders.lexicon.columns import Column
from loaders.lexicon.deadlines import NUMBER, is_deadline

NEVER = 1e9
_CHAPTER = re.compile(
    r"[一二三四五六七八九十]{1,3}[、.．].{1,24}$|第[一二三四五六七八九十]+[章部]分?.{0,24}$"
)
_SENTENCE = re.compile(r"[,;:。，；：]")
_LETTERED = re.compile(r"[A-Za-z\d★☆√是否/]{1,6}类?$|\d{7,}|.{2,4}1\d{10}$")
_ABSENT = {"domain": 0.2, "number": 1.5, "theme": 0.6, "text": 60.0, "lead": 4.0,
           "coordinate": 1.0, "other": 0.5, "due": 0.7}  # fmt: skip
_MERGED = {"domain": 0.2, "number": 0.4, "theme": 0.6, "lead": 3.0, "due": 3.0, "other": 3.5,
           "coordinate": 7.0, "text": 60.0}  # fmt: skip
"""The cost of a cell merged with the one above: leads often are, coordinators hardly ever."""
_NAME = 12
_FEW = 3
"""The number of whole rows from which the looks of a column count."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell with what it could be, worked out once; `text` has no white space."""

    text: str
    number: bool
    chapter: bool
    dash: bool
    deadline: bool
    bodies: float
    sentence: bool
    """True where it holds a mark of a sentence."""

    @property
    def blank(self) -> bool:
        """Return whether the cell is there but empty."""
        return not self.text

    @property
    def looks(self) -> str:
        """The kind of cell that it is to the eye."""
        if self.blank or self.dash:
            return "none"
        if self.number:
            return "number"
        if self.deadline:
            return "deadline"
        if self.bodies > 0.5:
            return "many" if len(self.text) > 5 else "one"
        if _LETTERED.match(self.text):
            return "letters"
        return "long" if len(self.text) > 24 or self.sentence else "short"


def reading(text: str, bodies: Segmenter) -> Reading:
    """The kinds that a cell could be of; `text` has no white space."""
    number = NUMBER.match(text) is not None
    sentence = _SENTENCE.search(text) is not None
    return Reading(
        text,
        number,
        not sentence and _CHAPTER.match(text) is not None,
        is_empty(text) and bool(text),
        is_deadline(text),
        0.0 if number else bodies.trust(text),
        sentence,
    )


def absent(column: Column) -> float:
    """The cost of a row without a cell in a column."""
    return _ABSENT.get(column, 3.0)


def cost(one: Reading, column: Column) -> float:
    """The cost of a cell in a column."""
    if not one.text:
        return {"text": 30.0, "lead": 3.5, "number": 0.3}.get(column, 0.1)
    text, listed = one.text, one.bodies > 0.75
    if column == "number":
        return 0.0 if one.number else NEVER
    if one.number:
        return 4.0 if column == "other" else 12.0
    if column == "domain":
        if one.chapter:
            return 0.0
        return 3.0 + listed * 6.0 + (len(text) > 12 or one.sentence) * 20
    if one.chapter:
        return 8.0
    if column == "due":
        return 0.0 if one.deadline or one.dash else 5.0 + listed * 5.0 + (len(text) > 12) * 3.0
    if column in ("lead", "coordinate"):
        if one.dash:
            return 0.3 if column == "coordinate" else 3.0
        return 8.0 * (1.0 - one.bodies) + (4.0 if one.sentence and not listed else 0)
    if column == "other":
        return 1.0 + one.bodies * 2.0 + (len(text) > 30) * 2.0
    return _cost_of_words(one, column, listed=listed)


def _cost_of_words(one: Reading, column: Column, *, listed: bool) -> float:
    if column not in ("theme", "text"):
        named = one.bodies > 0.5 and len(one.text) <= _NAME
        return 0.0 if one.dash else listed * 5.0 or named * 2.5
    length = len(one.text)
    alone = 2.5 if one.deadline else 0.0
    lettered = 3.0 if _LETTERED.match(one.text) else 0.0
    if column == "text":
        return (3.0 if one.dash else 0.0) + listed * 5.0 + (length < 8) * 1.0 + alone + lettered
    if one.dash:
        return 2.0
    return (length > 24) * 6.0 + one.sentence * 4.0 + listed * 3.0 + alone + lettered


@dataclass(frozen=True, slots=True)
class Looks:
    """The looks of a table's columns in its whole rows, which guide the reading of the others."""

    seen: Mapping[int, Counter[str]] = field(default_factory=dict)
    blanks: bool = False
    """True where the table writes its empty cells: then a missing one was merged."""

    @staticmethod
    def of(rows: Iterable[Iterable[Reading]]) -> Looks:
        """The looks of rows that have all their cells."""
        seen: dict[int, Counter[str]] = {}
        for row in rows:
            for column, one in enumerate(row):
                seen.setdefault(column, Counter())[one.looks] += 1
        return Looks(seen)

    def writing_blanks(self) -> Looks:
        """The same looks of a table that writes its empty cells."""
        return replace(self, blanks=True)

    def against(self, one: Reading, column: int) -> float:
        """0 where the cells of a column look like this one, up to 3 where none does."""
        seen = self.seen.get(column, Counter())
        whole = seen.total()
        if whole < _FEW or one.blank:
            return 0.0
        return 3.0 * (1.0 - (seen[one.looks] + 1) / (whole + 2))

    def absent(self, column: int, name: Column) -> float:
        """The cost of a row without a cell in this column."""
        seen = self.seen.get(column, Counter())
        whole = seen.total()
        if self.blanks:
            return _MERGED.get(name, 5.0)
        if name == "text" or whole < _FEW:
            return absent(name)
        return min(absent(name), 3.0 * (1.0 - seen["none"] / whole))
