"""The medium of a picture: its width, and which texts the picture itself carries."""

from __future__ import annotations

from dataclasses import dataclass

WIDTHS_MM = {"80mm": 80.0, "160mm": 160.0, "247mm": 247.0, "A4": 170.0, "A4-landscape": 257.0}
"""The widths that can be asked for; a sheet is as wide as its text, with margins of 20 mm."""
SHEETS_MM = {"A4": (170.0, 257.0), "A4-landscape": (257.0, 180.0)}
"""The room for a picture on a sheet: width and height."""
MIN_FONT_PT = 7.0
MIN_FONT_UNITS = 11.0
"""No text of a picture is smaller in the units in which it is drawn."""
PAGE_ROOM = 1120.0
"""Units of a picture on a page of the site: one unit is one pixel."""
_PT_PER_MM = 72 / 25.4


def room_of(width_mm: float) -> float:
    """Return the units that fit a width when the smallest text is 7 pt high.

    >>> round(room_of(160))
    713
    """
    return width_mm * _PT_PER_MM * MIN_FONT_UNITS / MIN_FONT_PT


def width_of_room(room: float) -> str:
    """Return the smallest width that gives this many units; empty where none does."""
    fits = [(mm, name) for name, mm in WIDTHS_MM.items() if room_of(mm) >= room - 1]
    return min(fits)[1] if fits else ""


@dataclass(frozen=True, slots=True)
class Paper:
    """The room in units, and whether the picture carries its title and caption."""

    room: float = PAGE_ROOM
    title: bool = True
    caption: bool = True


SCREEN = Paper()
