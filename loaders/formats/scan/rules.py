"""The ink of a picture that is not text: ruled lines, and spots that no character covers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import cv2
import numpy as np

_LEAST_MM = 10.0
"""The shortest rule: longer than any stroke of a letter."""


def edges_of(picture: Any, scale: float) -> list[dict[str, Any]]:
    """The rules of a level page as horizontal and vertical edges.

    `scale` is points a pixel. Each edge has x0, x1, top, bottom, width, height in points from the
    left and the top, and its orientation, as edges of pdfplumber.
    """
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    dark = cv2.adaptiveThreshold(
        gray, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12
    )
    least = int(_LEAST_MM / 25.4 * 72 / scale)
    return [
        *_along(dark, (least, 1), "h", scale),
        *_along(dark, (1, least), "v", scale),
    ]


def _along(dark: Any, kernel: tuple[int, int], orientation: str, scale: float) -> Any:
    bridge = (3, 1) if orientation == "h" else (1, 3)  # a rule of a poor print has gaps
    joined = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones(bridge[::-1], np.uint8))
    runs = cv2.morphologyEx(joined, cv2.MORPH_OPEN, np.ones(kernel[::-1], np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(runs, connectivity=8)
    for at in range(1, count):
        x, y, width, height = (float(n) * scale for n in stats[at][:4])
        if min(width, height) > 6 * max(scale, 0.36):
            continue  # a block of ink, not a line
        middle = (y + height / 2) if orientation == "h" else (x + width / 2)
        x0, x1 = (x, x + width) if orientation == "h" else (middle, middle)
        top, bottom = (middle, middle) if orientation == "h" else (y, y + height)
        yield {
            "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0,
            "height": bottom - top, "orientation": orientation, "object_type": "line",
        }  # fmt: skip


_INK = 45
"""How much darker than the paper ink is, of 255; blurred letters are pale."""


def unread_spots(picture: Any, boxes: Iterable[Sequence[float]], edges: Any, scale: float) -> int:
    """Count the spots of ink, at least as large as a character, outside all characters and rules.

    `boxes` are (x0, top, x1, bottom) of characters in points, `edges` those of `edges_of`.
    """
    gray = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY)
    dark = (gray < float(np.median(gray)) - _INK).astype(np.uint8)
    covers = [*boxes, *((e["x0"], e["top"], e["x1"], e["bottom"]) for e in edges)]
    for x0, top, x1, bottom in covers:
        pad = 2.5  # points: a stroke may reach out of its box, a rule has a width
        a, b = max(0, int((x0 - pad) / scale)), int((x1 + pad) / scale) + 1
        c, d = max(0, int((top - pad) / scale)), int((bottom + pad) / scale) + 1
        dark[c:d, a:b] = 0
    reach = max(3, int(4 / scale))
    spots = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(spots, connectivity=8)
    least = 6 / scale
    return sum(
        stats[at][2] > least and stats[at][3] > least and stats[at][4] > 0.15 * least * least
        for at in range(1, count)
    )
