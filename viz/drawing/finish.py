"""Finish a picture for where it goes: links, size in millimetres, tone, theme, sheets of paper."""

from __future__ import annotations

import colorsys
import re
from collections.abc import Callable, Iterator
from html import escape, unescape
from urllib.parse import unquote
from xml.etree import ElementTree

from viz.drawing.svg import width_of

_LINK = re.compile(r'<a href="#([^"]*)"')
_SIZE = re.compile(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)" width="[^"]+" height="[^"]+"')
_HEX = re.compile(r"#([0-9A-Fa-f]{6})\b")
_TEXT = "{http://www.w3.org/2000/svg}text"
_TOUCH = 0.6
"""Units by which two lines of words may come into each other's box."""


def linked(svg: str, address: Callable[[str], str] | None, at: str = "") -> str:
    """Give the links of a picture their addresses, or take them out.

    The link with the key `at` has the class `at`, those that share a part of it `near`.
    """
    if address is None:
        return re.sub(r"<a [^>]*>|</a>", "", svg)
    parts = set(at.split("~"))

    def link(match: re.Match[str]) -> str:
        key = unquote(unescape(match[1]))
        mine = set(key.split("~"))
        state = "at" if key == at else "near" if at and mine & parts else ""
        shown = f' class="{state}"' if state else ""
        return f'<a{shown} href="{escape(address(key))}"'

    return _LINK.sub(link, svg).replace('role="img"', 'role="group"')


def size_of(svg: str) -> tuple[float, float]:
    """Return the width and height of a picture in its units."""
    match = _SIZE.search(svg)
    assert match
    return float(match[1]), float(match[2])


def sized(svg: str, width_mm: float) -> str:
    """Give a picture its width in millimetres."""
    width, height = size_of(svg)
    shown = f'viewBox="0 0 {width:g} {height:g}" width="{width_mm:g}mm" '
    return _SIZE.sub(f'{shown}height="{height * width_mm / width:.2f}mm"', svg, count=1)


def toned(svg: str, *, grey: bool = False, dark: bool = False) -> str:
    """Turn the colours of a picture into greys of the same luminance, or its lightness around."""
    if not grey and not dark:
        return svg

    def colour(match: re.Match[str]) -> str:
        red, green, blue = (int(match[1][i : i + 2], 16) / 255 for i in (0, 2, 4))
        if grey:
            red = green = blue = 0.2126 * red + 0.7152 * green + 0.0722 * blue
        if dark:
            hue, light, full = colorsys.rgb_to_hls(red, green, blue)
            red, green, blue = colorsys.hls_to_rgb(hue, 0.08 + 0.87 * (1 - light), full)
        return "#" + "".join(f"{round(255 * v):02X}" for v in (red, green, blue))

    return _HEX.sub(colour, svg)


def collisions(svg: str) -> list[tuple[str, str]]:
    """List the words of a picture that meet other words or reach beyond its edge."""
    drawn = ElementTree.fromstring(svg)
    width, _ = size_of(svg)
    room: list[tuple[float, float, float, float, str]] = []
    found: list[tuple[str, str]] = []
    for text, down in _texts(drawn, 0.0):
        size, x, y = (float(text.get(k, "0")) for k in ("font-size", "x", "y"))
        y += down
        words = text.text or ""
        wide = width_of(words, size)
        left = {"middle": x - wide / 2, "end": x - wide}.get(text.get("text-anchor", ""), x)
        if words and (left < 0 or left + wide > width + 1):
            found.append((words, ""))
        room.append((left, y - size * 0.84, left + wide, y + size * 0.14, words))
    room.sort()
    for i, one in enumerate(room):
        for other in room[i + 1 :]:
            if other[0] >= one[2]:
                break
            if min(one[3], other[3]) - max(one[1], other[1]) > _TOUCH:
                found.append((one[4], other[4]))
    return found


def _texts(
    element: ElementTree.Element, down: float
) -> Iterator[tuple[ElementTree.Element, float]]:
    """The words of a picture and its panels, with how far down their panel begins."""
    for child in element:
        if child.tag == _TEXT:
            yield child, down
        else:
            lower = float(child.get("y", "0")) if child.tag.endswith("}svg") else 0.0
            yield from _texts(child, down + lower)


def smallest_text(svg: str) -> float:
    """Return the smallest text of a picture in its units."""
    sizes = [float(n) for n in re.findall(r'font-size="([\d.]+)"', svg)]
    return min(sizes, default=99.0)


def sheets(svg: str, high: float) -> list[str]:
    """Cut a picture into parts no higher than `high` units, at the heights where it may be cut."""
    width, height = size_of(svg)
    if height <= high:
        return [svg]
    marks = re.search(r'data-breaks="([^"]*)"', svg)
    breaks = [float(n) for n in marks[1].split()] if marks else []
    cuts, start = [0.0], 0.0
    while height - start > high:
        fits = [b for b in breaks if start < b <= start + high]
        start = max(fits, default=start + high)
        cuts.append(start)
    ends = [*cuts[1:], height]
    return [
        _SIZE.sub(
            f'viewBox="0 {top:g} {width:g} {end - top:g}" width="{width:g}" height="{end - top:g}"',
            svg, count=1,
        )
        for top, end in zip(cuts, ends, strict=True)
    ]  # fmt: skip
