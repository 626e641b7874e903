"""Draw streets as equal tiles in a schematic position, with a small panel for each quarter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import INK, PAPER, SECOND, WASH, Drawing, width_of

BLUES = ("#D3E4F3", "#86B5DC", "#1F5F9E")
"""The three steps; grey keeps their order, since their luminance falls evenly."""
_LINE = 24.0
"""Height of a line of links: a finger needs 24 pixels (WCAG 2.5.8)."""
CORNER = "#E69F00"
_INKS = (INK, INK, "#FFFFFF")
_GAP, _MINI_GAP, _SIDE_ROOM, _NARROW, _MAX_TILE, _MAX_MINI = 8.0, 3.0, 900.0, 480.0, 168.0, 44.0
_ROOMY = 112.0
"""From this width on a tile lists the places inside it, and is lower than wide."""
_LOW = 0.68
Box = tuple[float, float, float, float]
"""Left, top, width and height."""
MAX_LOOSE = 80
"""More places than this are left out of the strip; its last words say how many."""


@dataclass(frozen=True, slots=True)
class Count:
    """What concerns a street in a year or a quarter."""

    written: int
    inferred: int
    """Targets that only a collective ties to it."""
    completed: int


@dataclass(frozen=True, slots=True)
class Tile:
    """A street, its position, its figures of the year and of each quarter drawn."""

    label: str
    row: int
    column: int
    count: Count
    quarters: tuple[tuple[int, Count], ...]
    inside: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TileGrid:
    """What is drawn; `loose` are places without a street, each with its number of targets."""

    title: str
    caption: str
    source: str
    tiles: tuple[Tile, ...]
    loose: tuple[tuple[str, int], ...]
    words: dict[str, str]


def steps(least: int, most: int) -> tuple[tuple[int, int], ...]:
    """Divide the numbers between two into at most three ranges of equal length.

    >>> steps(1, 10), steps(4, 5), steps(1, 0)
    (((1, 4), (5, 8), (9, 10)), ((4, 4), (5, 5)), ())
    """
    wide = -(-(most - least + 1) // 3) or 1
    return tuple((n, min(n + wide - 1, most)) for n in range(least, most + 1, wide))


def draw(grid: TileGrid, paper: Paper = SCREEN) -> str:
    """Draw the grid as SVG: the tiles of the whole time, then the quarters, then the strip."""
    width, room = paper.room, paper.room - 48
    top = figures.captioned(width, grid.caption, grid.title, paper) + 8
    if not grid.tiles:
        out = Drawing(width, top + 60, grid.title, grid.caption)
        figures.heading(out, grid.title, grid.caption, paper)
        out.text(24, top + 24, grid.words["nothing"], size=15)
        figures.foot(out, grid.source)
        return str(out)
    shown = [c.written for t in grid.tiles for c in (t.count, *(c for _, c in t.quarters))]
    ranges = steps(min(filter(None, shown), default=1), max(shown))
    columns = 1 + max(t.column for t in grid.tiles)
    high = 1 + max(t.row for t in grid.tiles)
    panels = [q for q, _ in grid.tiles[0].quarters]
    beside = bool(panels) and room >= _SIDE_ROOM
    whole = 0.62 * room if beside else room
    size = min(_MAX_TILE, (whole - _GAP * (columns - 1)) / columns)
    tall = size * _LOW if size >= _ROOMY else size
    main_width, main = (size + _GAP) * columns - _GAP, (tall + _GAP) * high - _GAP
    left = 24 + main_width + 40 if beside else 24.0
    across = 2 if beside or room < _NARROW else 4
    each = (width - 24 - left - 20 * (across - 1)) / across
    mini = min(_MAX_MINI, (each - _MINI_GAP * (columns - 1)) / columns)
    panel = 24 + (mini + _MINI_GAP) * high + 12
    below = 0.0 if beside or not panels else panel * -(-len(panels) // across) + 10
    strip = _strip(grid, room)
    heading = figures.wrapped(grid.words["loose"], 12, room)
    strip_height = _LINE * len(strip) + 17.0 * len(heading) + 17 if strip else 0.0
    legend = _legend(grid, ranges, room)
    foot = figures.foot_height(width, grid.source)
    body = max(main, panel * 2 if beside else 0)
    height = top + body + 20 + below + strip_height + 20 * len(legend) + 14 + foot
    out = Drawing(width, height, grid.title, grid.caption)
    figures.heading(out, grid.title, grid.caption, paper)
    for tile in grid.tiles:
        x, y = 24 + tile.column * (size + _GAP), top + tile.row * (tall + _GAP)
        _tile(out, tile, (x, y, size, tall), ranges, grid.words)
    first = top if beside else top + body + 20
    for i, quarter in enumerate(panels):
        x = left + (i % across) * (each + 20)
        y = first + (i // across) * panel
        out.text(x, y + 12, grid.words[f"Q{quarter}"], size=12, weight=700)
        for tile in grid.tiles:
            count = dict(tile.quarters)[quarter]
            spot = (x + tile.column * (mini + _MINI_GAP), y + 22 + tile.row * (mini + _MINI_GAP))
            _mini(out, tile, quarter, count, (*spot, mini, mini), ranges, grid.words)
    end = top + body + 20 + below
    for i, line in enumerate(legend):
        _legend_line(out, line, ranges, end + 20 * i)
    end += 20 * len(legend) + 14
    if strip:
        for said in heading:
            out.text(24, end, said, size=12, weight=700)
            end += 17
        end -= 17
        for i, links in enumerate(strip):
            _loose(out, links, end + 22 + _LINE * i)
    figures.foot(out, grid.source)
    return str(out)


def level(number: int, ranges: Sequence[tuple[int, int]]) -> int:
    """Return the step in which a number lies; -1 for none."""
    return next((i for i, (low, high) in enumerate(ranges) if low <= number <= high), -1)


def _shade(count: Count, ranges: Sequence[tuple[int, int]]) -> tuple[str, str]:
    """Return the colour of a tile and of the words on it."""
    step = level(count.written, ranges)
    if step < 0:
        return (PAPER, SECOND) if count.inferred else (WASH, SECOND)
    step = step if len(ranges) > 2 else step + 3 - len(ranges) - (len(ranges) == 1)
    return BLUES[step], _INKS[step]


def _area(out: Drawing, count: Count, box: Box, fill: str, tip: str) -> None:
    """Draw a tile without its words: dashed where all is inferred, a corner where some ends."""
    x, y, wide, high = box
    out.rect(x, y, wide, high, fill, tip=tip)
    if not count.written and count.inferred:
        edge = f"M{x + 0.5:.1f},{y + 0.5:.1f}h{wide - 1:.1f}v{high - 1:.1f}h-{wide - 1:.1f}Z"
        out.stroke(edge, SECOND, 1.2, "3 2.5")
    if count.completed:
        leg, right, low = min(16.0, wide * 0.28), x + wide, y + high
        out.path(f"M{right - leg:.1f},{low:.1f}H{right:.1f}V{low - leg:.1f}Z", CORNER)


def _tile(
    out: Drawing,
    tile: Tile,
    box: Box,
    ranges: Sequence[tuple[int, int]],
    words: dict[str, str],
) -> None:
    (fill, ink), count, (x, y, wide, high) = _shade(tile.count, ranges), tile.count, box
    tip = f"{tile.label} · {words['tip'].format(count.written, count.inferred, count.completed)}"
    with out.link(tile.label, tip):
        _area(out, count, box, fill, tip)
        if wide < _ROOMY:
            _small(out, tile, box, ink)
            return
        x += 10
        out.text(x, y + 21, figures.cut(tile.label, 13, wide - 30), size=13, weight=700, fill=ink)
        number = str(count.written)
        out.text(x, y + 52, number, size=26, weight=700, fill=ink)
        lines = [words["done"].format(count.completed)] if count.completed else []
        lines += [words["more"].format(count.inferred)] if count.inferred else []
        for i, line in enumerate(lines):
            right, down = x + width_of(number, 26) + 8, y + 52 - 14 * (len(lines) - 1 - i)
            out.text(right, down, line, size=11, fill=ink)
        _inside(out, tile.inside, (x, y + 70, wide - 20, high - 64), ink)


def _inside(
    out: Drawing,
    names: Sequence[str],
    box: Box,
    ink: str,
) -> None:
    """List places in the room that a tile leaves, its end saying how many more there are."""
    x, y, wide, high = box
    most = int(high // 14)
    lines = figures.wrapped("、".join(names), 11, wide, 99)
    kept = len(names)
    while len(lines) > most and kept:
        kept -= 1
        said = f"{'、'.join(names[:kept])} + {len(names) - kept}"
        lines = figures.wrapped(said, 11, wide, 99)
    for i, line in enumerate(lines[:most]):
        out.text(x, y + 14 * i, line, size=11, fill=ink)


def _small(out: Drawing, tile: Tile, box: Box, ink: str) -> None:
    """Draw the words of a tile that has room for its name and number only."""
    x, y, size, _ = box
    lines = figures.wrapped(tile.label, 11, size - 8, 2)
    for i, line in enumerate(lines):
        out.text(x + 4, y + 12 + 12.5 * i, line, size=11, fill=ink)
    if size >= 12 + 12.5 * len(lines) + 14:
        out.text(x + 4, y + size - 5, str(tile.count.written), size=14, weight=700, fill=ink)


def _mini(
    out: Drawing,
    tile: Tile,
    quarter: int,
    count: Count,
    box: Box,
    ranges: Sequence[tuple[int, int]],
    words: dict[str, str],
) -> None:
    fill, ink = _shade(count, ranges)
    said = words["tip"].format(count.written, count.inferred, count.completed)
    tip = f"{tile.label} · Q{quarter} · {said}"
    with out.link(f"{tile.label}~Q{quarter}", tip):
        _area(out, count, box, fill, tip)
        x, y, size, _ = box
        if count.written and width_of(str(count.written), 11) < size - 2:
            x, y = x + size / 2, y + size / 2 + 4
            out.text(x, y, str(count.written), size=11, fill=ink, anchor="middle")


def _legend(
    grid: TileGrid, ranges: Sequence[tuple[int, int]], room: float
) -> list[list[tuple[float, Count | None, str]]]:
    """Set the legend in lines: x, the tile shown and its words."""
    items: list[tuple[Count | None, str]] = [
        (Count(low, 0, 0), str(low) if low == high else f"{low}–{high}") for low, high in ranges
    ]
    items += [
        (None, grid.words["unit"]),
        (Count(0, 0, 1), grid.words["corner"]),
        (Count(0, 1, 0), grid.words["dashed"]),
        (None, grid.words["legend"]),
    ]
    lines: list[list[tuple[float, Count | None, str]]] = [[]]
    x = 24.0
    for count, said in items:
        wide = (19 if count else 0) + width_of(said, 11)
        if x + wide > room + 24 and lines[-1]:
            lines.append([])
            x = 24.0
        lines[-1].append((x, count, said))
        x += wide + 14
    return lines


def _legend_line(
    out: Drawing,
    line: Sequence[tuple[float, Count | None, str]],
    ranges: Sequence[tuple[int, int]],
    y: float,
) -> None:
    for x, count, said in line:
        if count:
            _area(out, count, (x, y - 10, 13, 13), _shade(count, ranges)[0], "")
        out.text(x + (19 if count else 0), y, said, size=11, fill=SECOND)


def _strip(grid: TileGrid, room: float) -> list[list[tuple[float, str, str]]]:
    """Set the places without a street in lines: x, key and words of each."""
    lines: list[list[tuple[float, str, str]]] = []
    x = room + 1
    for label, number in grid.loose[:MAX_LOOSE]:
        said = f"{label} {number}"
        if x + width_of(said, 12) > room:
            lines.append([])
            x = 0.0
        lines[-1].append((24 + x, label, said))
        x += width_of(said, 12) + 18
    if len(grid.loose) > MAX_LOOSE:
        lines.append([(24.0, "", grid.words["left"].format(len(grid.loose) - MAX_LOOSE))])
    return lines


def _loose(out: Drawing, line: Sequence[tuple[float, str, str]], y: float) -> None:
    for x, key, said in line:
        if not key:
            out.text(x, y, said, size=12, fill=SECOND)
            continue
        with out.link(key, said):
            out.text(x, y, said, size=12)
