"""A scanned page in the form of a page of a PDF: characters and edges in points."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import Any

from pdfplumber.table import TableFinder, TableSettings

from loaders.formats.scan.pictures import DPI, prepared
from loaders.formats.scan.recognise import Recognised, recognise
from loaders.formats.scan.rules import edges_of, unread_spots

LEAST_CONFIDENCE = 0.6
"""Below this confidence a character becomes a doubt."""
CONTEXT_CHARS = 5
"""Characters on each side of a doubtful one by which it is found in the text."""


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A recognised page; lengths in points from the left and the top."""

    width: float
    height: float
    edges: list[dict[str, Any]]
    lines: tuple[Recognised, ...]
    unread: int
    """The number of spots of ink that were not recognised."""

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return 0.0, 0.0, self.width, self.height

    def find_tables(self, settings: dict[str, Any]) -> list[Any]:
        """The ruled tables, as pdfplumber finds them."""
        found = TableFinder(self, TableSettings.resolve(settings))  # type: ignore[arg-type]  # duck
        return list(found.tables)

    def chars(self) -> list[dict[str, Any]]:
        """All characters of the page."""
        return [c for line in self.lines for c in line.chars]

    def unclear(self) -> list[tuple[Recognised, int]]:
        """Lines with a character of low confidence, and the index of the worst in each."""
        found = []
        for line in self.lines:
            scores = [c["score"] for c in line.chars]
            if (least := min(scores)) < LEAST_CONFIDENCE:
                found.append((line, scores.index(least)))
        return found


def scanned_page(picture: Any, *, first: bool) -> ScannedPage:
    """Recognise a picture of a page; `first` keeps the red head of a first page."""
    picture, lines = recognise(prepared(picture, first=first))
    height, width = picture.shape[:2]
    # a page is as wide as A4 whatever its resolution, so that sizes mean what they do in print
    scale = (595.0 if width <= height else 842.0) / width if width else 72 / DPI
    usual = median([c["size"] for line in lines for c in line.chars] or [1.0])
    scaled = tuple(_scaled(line, scale, usual) for line in lines)
    edges = edges_of(picture, scale)
    boxes = [(c["x0"], c["top"], c["x1"], c["bottom"]) for line in scaled for c in line.chars]
    unread = unread_spots(picture, boxes, edges, scale)
    return ScannedPage(width * scale, height * scale, edges, scaled, unread)


def _scaled(line: Recognised, scale: float, usual: float) -> Recognised:
    """The line in points; a size near the usual one of the page is the usual one."""
    size = line.chars[0]["size"]
    size = usual if 0.85 < size / usual < 1.15 else size
    return Recognised(
        tuple(
            dict(c, size=size * scale, **{k: c[k] * scale for k in ("x0", "x1", "top", "bottom")})
            for c in line.chars
        )
    )
