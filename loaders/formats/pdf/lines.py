"""Characters of a PDF page to lines, lines to paragraphs; what every page repeats left out."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_PAGE_NUMBER = re.compile(
    r"[—–\-－·.\s]*(?:第)?\s*(?:\d{1,4}|[ivxlcIVXLC]{1,6})\s*(?:页)?(?:[/／,，]?\s*共?\s*\d{1,4}\s*页?)?[—–\-－·.\s]*"
)
_DASHED_NUMBER = re.compile(r"[—–\-－]+\s*\d{1,4}\s*[—–\-－]+")
"""A page number between dashes: since no row begins with one, it may be anywhere."""
_MARGIN = 0.12
"""The share of a page's height, above and below, that may hold furniture."""
_ITEM = re.compile(
    "(?:[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、)[\u4e00-\u9fff]"
)
"""The number of an item, which no line begins with by chance."""
_ENDS = "。；;:：!！?？」』”）)】"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page (or of a cell), in points from the left and the top."""

    text: str
    left: float
    right: float
    top: float
    size: float


def lines_of(chars: Iterable[Any]) -> list[Line]:
    """The lines that characters make, from top to bottom."""
    rows: list[list[Any]] = []
    for char in sorted(chars, key=lambda c: ((c["top"] + c["bottom"]) / 2, c["x0"])):
        middle = (char["top"] + char["bottom"]) / 2
        last = rows[-1][0] if rows else None
        if (
            last is not None
            and abs(middle - (last["top"] + last["bottom"]) / 2) < 0.5 * last["size"]
        ):
            rows[-1].append(char)
        else:
            rows.append([char])
    return [line for row in rows if (line := _line(row)).text.strip()]


def _line(row: list[Any]) -> Line:
    row.sort(key=lambda c: c["x0"])
    text = ""
    right = row[0]["x0"]
    for char in row:
        if char["x0"] - right > 0.5 * char["size"] and text and not text.endswith(" "):
            text += " "
        text += char["text"]
        right = max(right, char["x1"])
    inked = [c for c in row if c["text"].strip()] or row
    return Line(text.strip(), inked[0]["x0"], inked[-1]["x1"], row[0]["top"], row[0]["size"])


def without_furniture(pages: Sequence[tuple[Sequence[Line], float]]) -> list[list[Line]]:
    """The lines of each page without page numbers and without what at least three pages repeat."""
    repeated: Counter[str] = Counter()
    for page, (lines, height) in enumerate(pages):
        outer = [line for line in lines if _outer(line, height)]
        repeated.update({said for line in outer for said in _telling(line, page)})
    often = max(3, len(pages) // 3)

    def is_furniture(line: Line, page: int) -> bool:
        lines, height = pages[page]
        if line in (lines[0], lines[-1]) and _DASHED_NUMBER.fullmatch(line.text):
            return True
        if not _outer(line, height):
            return False
        if any(repeated[said] >= often for said in _telling(line, page)):
            return True
        if not line.text.isdecimal():
            return bool(_PAGE_NUMBER.fullmatch(line.text))
        edge = line in (lines[0], lines[-1])  # a bare number may be that of a row
        return edge and int(line.text) == page + 1

    return [
        [line for line in lines if not is_furniture(line, page)]
        for page, (lines, _) in enumerate(pages)
    ]


def _outer(line: Line, height: float) -> bool:
    return line.top < _MARGIN * height or line.top > (1 - _MARGIN) * height


def _telling(line: Line, page: int) -> tuple[str, ...]:
    """The signs of a line as furniture, where other pages have them too, at the same height.

    A bare number is its own sign, or counts on with the pages: others are those of rows.
    """
    height = round(line.top / 6)
    if line.text.isdecimal():
        return f"{line.text}@{height}", f"{int(line.text) - page}+@{height}"
    return (re.sub(r"\d+", "#", line.text) + f"@{height}",)


def paragraphs_of(lines: Sequence[Line]) -> list[str]:
    """Join lines to paragraphs: a full line goes on in the next one that is not indented.

    A line after a larger gap than usual begins a paragraph; so does one on the next page after
    the end of a sentence.
    """
    if not lines:
        return []
    nearest = _nearest(lines)
    left, right = min(x.left for x in lines), max(x.right for x in lines)
    found = [lines[0].text]
    for before, line in itertools.pairwise(lines):
        ends = before.text[-1] in _ENDS
        room = _first_width(line) + (0.2 if ends else 1.2) * before.size
        full = before.right > right - room
        alike = 0.87 < line.size / before.size < 1.15  # a heading has a size of its own
        turned = line.top < before.top  # on the next page the step means nothing
        near = not (turned and before.text[-1] in "。！!？?") and line.top - before.top <= nearest
        begins = _ITEM.match(line.text) is not None
        if (
            full
            and near
            and alike
            and not begins
            and line.left <= left + (2 if ends else 1.2 * line.size)
        ):
            found[-1] += _glue(before.text, line.text) + line.text
        else:
            found.append(line.text)
    return found


def _nearest(lines: Sequence[Line]) -> float:
    """The largest step from one line to the next of the same paragraph.

    Lines of a paragraph follow at the smallest step that recurs; where the next one that recurs is
    that of paragraphs, the border lies between the two.
    """
    steps = [
        below.top - line.top
        for line, below in itertools.pairwise(lines)
        if below.top - line.top > 0.8 * line.size
    ]
    if not steps:
        return 0.0
    often = Counter(map(round, steps))
    common = sorted(step for step, count in often.items() if count > max(1, len(steps) // 30))
    leading = max(common[0] if common else min(steps), 1.1 * lines[0].size)
    wider = [step for step in common if 1.15 * leading < step]
    return min([1.35 * leading, *((leading + step) / 2 for step in wider[:1])])


_FIRST = re.compile(r"(?:[A-Za-z0-9.%+/-]+|.)[,.;:!?)%，。；：、！？）》”’〕】]*")


def _first_width(line: Line) -> float:
    """The width of the unbreakable beginning of a line, which did not fit above."""
    first = _FIRST.match(line.text)
    return sum(line.size * (0.55 if c.isascii() else 1.0) for c in (first.group() if first else ""))


def _glue(before: str, after: str) -> str:
    """Latin words keep a space where a line breaks between them; Chinese has none."""
    return " " if before[-1:].isascii() and after[:1].isascii() and before[-1:].isalpha() else ""


def cell_text(chars: Iterable[Any], right: float) -> tuple[str, bool]:
    """The text of a cell's characters, and whether its last line fills it.

    A line that fills the cell goes on in the next one. `right` is the cell's own edge.
    """
    text, full = "", False
    before: Line | None = None
    for line in lines_of(chars):
        if before is not None:
            full = right - before.right < _first_width(line) + 0.9 * before.size
            text += _glue(before.text, line.text) if full else "\n"
        text += line.text
        full = right - line.right < 1.9 * line.size
        before = line
    return text, full
