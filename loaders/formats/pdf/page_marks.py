"""The characters and rules of a PDF page as a reader sees them: upright, once, without balloons.

Bold may be drawn twice, a hair apart; a page may be set sideways or upside down, with or without
a right /Rotate; the balloons of tracked changes are in the margin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pdfplumber.table import TableFinder, TableSettings

MAX_DOUBLE_OFFSET = 0.2
"""In sizes of a character: two of the same character at this distance are one drawn twice."""
MAX_WORD_GAP = 0.9
"""In sizes of a character: a wider gap separates a balloon from the text next to it."""
_BALLOON = re.compile(
    r"(?:删除|插入|设置格式|带格式的?|批注|移动|已?移至|下移|上移|Deleted|Formatted|Comment(?:ed)?)"
    r"\s*[\[【(（][^\]】)）]{1,24}[\]】)）]\s*[:：]"
)


@dataclass(frozen=True)
class TurnedPage:
    """A page turned so that its text is upright; what the readers of tables ask of a page."""

    page: Any
    turn: int
    """Degrees by which the text was turned counter-clockwise: 0, 90, 180 or 270."""

    @property
    def width(self) -> float:
        """Of the page as it is read."""
        return float(self.page.height if self.turn in (90, 270) else self.page.width)

    @property
    def height(self) -> float:
        """Of the page as it is read."""
        return float(self.page.width if self.turn in (90, 270) else self.page.height)

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return 0.0, 0.0, self.width, self.height

    @cached_property
    def edges(self) -> list[dict[str, Any]]:
        """The rules and the sides of boxes."""
        return [self._turned(edge) for edge in self.page.edges]

    def find_tables(self, settings: dict[str, Any]) -> list[Any]:
        """The ruled tables, as pdfplumber finds them."""
        found = TableFinder(self, TableSettings.resolve(settings))  # type: ignore[arg-type]  # duck
        return list(found.tables)

    def chars(self) -> list[dict[str, Any]]:
        """The characters of the main direction, each once, without balloons in the margin."""
        mine = [self._turned(c) for c in self.page.chars if angle_of(c) == self.turn]
        return without_balloons(without_doubles(mine))

    def _turned(self, item: dict[str, Any]) -> dict[str, Any]:
        if self.turn == 0:
            return item
        x0, x1, top, bottom = (float(item[k]) for k in ("x0", "x1", "top", "bottom"))
        width, height = float(self.page.width), float(self.page.height)
        if self.turn == 90:
            box = height - bottom, height - top, x0, x1
        elif self.turn == 180:
            box = width - x1, width - x0, height - bottom, height - top
        else:
            box = top, bottom, width - x1, width - x0
        made = dict(item, **dict(zip(("x0", "x1", "top", "bottom"), box, strict=True)))
        made["width"], made["height"] = box[1] - box[0], box[3] - box[2]
        if "orientation" in item and self.turn in (90, 270):
            made["orientation"] = "v" if item["orientation"] == "h" else "h"
        return made


def upright(page: Any) -> TurnedPage:
    """The page turned by the direction in which most of its characters run."""
    turns = Counter(angle_of(c) for c in page.chars if c["text"].strip())
    return TurnedPage(page, turns.most_common(1)[0][0] if turns else 0)


def angle_of(char: Any) -> int:
    """The direction in which the line of a character runs, in quarter turns counter-clockwise."""
    across, up = char["matrix"][:2]
    if abs(across) >= abs(up):
        return 0 if across >= 0 else 180
    return 90 if up > 0 else 270


def without_doubles(chars: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The characters without those drawn again a hair apart; the figure 11 keeps both."""
    near: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
    kept = []
    for char in chars:
        reach = max(MAX_DOUBLE_OFFSET * char["size"], 0.1)
        column, row = int(char["x0"] // reach), int(char["top"] // reach)
        same = (
            other
            for x in (column - 1, column, column + 1)
            for y in (row - 1, row, row + 1)
            for other in near.get((char["text"], x, y), ())
        )
        if char["text"].strip() and any(
            abs(o["x0"] - char["x0"]) < reach and abs(o["top"] - char["top"]) < reach for o in same
        ):
            continue
        near.setdefault((char["text"], column, row), []).append(char)
        kept.append(char)
    return kept


def without_balloons(chars: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The characters without the balloons of tracked changes that a draft shows in its margin."""
    if not any(c["text"] in "[【(（" for c in chars):
        return list(chars)
    runs = _runs(chars)
    marked = [r for r in runs if _BALLOON.match("".join(c["text"] for c in r))]
    if not marked:
        return list(chars)
    left = min(r[0]["x0"] for r in marked) - 2
    gone = {id(c) for r in runs if r[0]["x0"] >= left for c in r}
    return [c for c in chars if id(c) not in gone]


def _runs(chars: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """The stretches of lines that no wide gap parts."""
    rows: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda c: (c["bottom"], c["x0"])):
        last = rows[-1][-1] if rows else None
        if last is not None and abs(char["bottom"] - last["bottom"]) < 0.3 * last["size"]:
            rows[-1].append(char)
        else:
            rows.append([char])
    runs: list[list[dict[str, Any]]] = []
    for row in rows:
        row.sort(key=lambda c: c["x0"])
        for i, char in enumerate(row):
            gap = char["x0"] - row[i - 1]["x1"] if i else 0.0
            if i and gap < MAX_WORD_GAP * char["size"]:
                runs[-1].append(char)
            else:
                runs.append([char])
    return runs
