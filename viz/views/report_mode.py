"""Report mode: a picture at the width of a column or a sheet, with the words that are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from graph.store.snapshot import Snapshot
from queries.errors import QuestionError
from queries.scope import KEYS
from viz.drawing import finish
from viz.drawing.paper import PAGE_ROOM, WIDTHS_MM, Paper, room_of
from viz.views.catalogue import VIEWS, BadView, picture
from viz.views.selection import Drawn

OPTIONS: dict[str, tuple[str, ...]] = {
    "width": ("", *WIDTHS_MM),
    "title": ("1", "0"),
    "caption": ("1", "0"),
    "tone": ("colour", "grey"),
    "theme": ("light", "dark"),
    "dpi": ("300", "150", "96", "600"),
}
"""Options of every picture with their values, the default first."""
MAX_DPI = 1200


class TooNarrow(BadView):
    """A width at which the words of a picture would meet or be smaller than 7 pt."""

    def __init__(self, width: str, smallest: str) -> None:
        super().__init__("width", width, (smallest,) if smallest else tuple(WIDTHS_MM))
        self.zh = f"{width} 太窄，字会小于 7 磅或相互遮挡；最小可用 {smallest or '没有'}"
        self.args = (
            f"width {width} is too small for text of 7 pt; the smallest that works is {smallest}",
        )


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one picture."""

    width: str = ""
    title: bool = True
    caption: bool = True
    grey: bool = False
    dark: bool = False
    dpi: int = 300

    @property
    def width_mm(self) -> float:
        """The width in millimetres; 0 where none is asked for."""
        return WIDTHS_MM.get(self.width, 0.0)

    @property
    def paper(self) -> Paper:
        """The room that the width gives."""
        sized = Paper(title=self.title, caption=self.caption)
        return replace(sized, room=room_of(self.width_mm)) if self.width else sized


def options_of(params: Mapping[str, str]) -> tuple[Options, dict[str, str]]:
    """Split parameters into the options and what the view itself takes. Raises BadView."""
    given = {k: v for k, v in params.items() if k in OPTIONS and v}
    for key, value in given.items():
        digits = key == "dpi" and value.isdigit() and 36 <= int(value) <= MAX_DPI
        if value not in OPTIONS[key] and not digits:
            raise BadView(key, value, tuple(v for v in OPTIONS[key] if v))
    rest = {k: v for k, v in params.items() if k not in (*OPTIONS, "lang", "at", "bom", "download")}
    return Options(
        width=given.get("width", ""),
        title=given.get("title") != "0",
        caption=given.get("caption") != "0",
        grey=given.get("tone") == "grey",
        dark=given.get("theme") == "dark",
        dpi=int(given.get("dpi", 300)),
    ), rest


def drawn_for(
    snapshot: Snapshot, name: str, params: Mapping[str, str], language: str = "zh"
) -> Drawn:
    """Draw a view as its options ask, its links still by key.

    Raises ViewError, TooNarrow, and UnknownThing for a name that is not there.
    """
    options, rest = options_of(params)
    made = picture(snapshot, name, rest, language, options.paper)
    if options.width and finish.collisions(made.svg):
        raise TooNarrow(options.width, _smallest(snapshot, name, rest, language, options))
    svg = finish.toned(made.svg, grey=options.grey, dark=options.dark)
    return replace(made, svg=svg)


def _smallest(
    snapshot: Snapshot, name: str, rest: Mapping[str, str], language: str, options: Options
) -> str:
    for width, mm in sorted(WIDTHS_MM.items(), key=lambda item: item[1]):
        if mm > options.width_mm:
            wider = replace(options, width=width)
            if not finish.collisions(picture(snapshot, name, rest, language, wider.paper).svg):
                return width
    return ""


FRAME_MARGIN = 56
"""Pixels around a picture in a frame: its margin, and the link below it."""


def frame_size(
    snapshot: Snapshot, name: str, params: Mapping[str, str], language: str, most: tuple[int, int]
) -> tuple[int, int]:
    """Return the width and height of a view in a frame: its own ratio within a room (0: any)."""
    known = {k: v for k, v in params.items() if k in (*VIEWS[name].params, *KEYS)}
    try:
        wide, high = finish.size_of(picture(snapshot, name, known, language).svg)
    except QuestionError:
        wide, high = PAGE_ROOM, 0.6 * PAGE_ROOM
    high += FRAME_MARGIN
    scale = min(1.0, (most[0] or wide) / wide, (most[1] or high) / high)
    return round(wide * scale), round(high * scale)
