"""Parts shared by pictures: heading and foot, wrapped words, the marks of stages and ways."""

from __future__ import annotations

from collections.abc import Sequence

from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HUES, INK, SECOND, STREETS, THIRD, Drawing, width_of

_TITLE_SIZE = 20.0
STAGE_WORDS = {
    "Prepare": ("准备", "prepare"),
    "Start": ("启动", "start"),
    "Progress": ("推进", "in progress"),
    "Done": ("完成", "done"),
}
DARK = ("#005F95", "#A84900", "#9A3F73", "#845A00", "#00704F", "#595959", "#6B3F35", "#0B7285")
"""The hues of the domains, dark enough for marks on paper (contrast 5.5 and more)."""


def hue(group: str, groups: Sequence[str], streets: str = "") -> str:
    """The colour of a group's area."""
    if streets and group == streets:
        return STREETS
    return HUES[groups.index(group) % len(HUES)] if group in groups else HUES[5]


def ink(group: str, groups: Sequence[str]) -> str:
    """The colour of a group's marks and words."""
    return DARK[groups.index(group) % len(DARK)] if group in groups else DARK[5]


def cut(words: str, size: float, room: float) -> str:
    """Words that fit into a room, the last of them an ellipsis where some were cut off."""
    if width_of(words, size) <= room:
        return words
    kept = words
    while kept and width_of(kept + "…", size) > room:
        kept = kept[:-1]
    return kept + "…"


def wrapped(words: str, size: float, room: float, most: int = 99) -> list[str]:
    """Words as lines no wider than a room; after `most` lines they are cut."""
    lines: list[str] = []
    line = ""
    for char in words:
        if line and width_of(line + char, size) > room and char not in "，。；、）)」”：:;,.":
            lines.append(line)
            line = ""
        line += char
    lines += [line] if line else []
    if len(lines) > most:
        lines = [*lines[: most - 1], cut("".join(lines[most - 1 :]), size, room)]
    return lines


def heading(out: Drawing, title: str, caption: str, paper: Paper = SCREEN) -> float:
    """Draw the title and the caption as far as the paper carries them; return their end."""
    y = 12.0
    if paper.title:
        for line in wrapped(title, _TITLE_SIZE, out.width - 48):
            out.text(24, y + 26, line, size=_TITLE_SIZE, weight=700)
            y += 28
    if paper.caption:
        y += 22
        for line in wrapped(caption, 12, out.width - 48):
            out.text(24, y, line, size=12, fill=SECOND)
            y += 18
    return y


def captioned(width: float, caption: str, title: str = "", paper: Paper = SCREEN) -> float:
    """Return how far down a heading of this width reaches."""
    y = 12.0
    if paper.title:
        y += 28 * max(1, len(wrapped(title, _TITLE_SIZE, width - 48)))
    if paper.caption:
        y += 22 + 18 * len(wrapped(caption, 12, width - 48))
    return y


def foot_height(width: float, words: str) -> float:
    """Return the height of a source of this width."""
    return 15.0 * len(wrapped(words, 11, width - 48)) + 14


def foot(out: Drawing, words: str) -> None:
    """Draw the source at the lower edge."""
    lines = wrapped(words, 11, out.width - 48)
    for i, line in enumerate(reversed(lines)):
        out.text(24, out.height - 18 - 15 * i, line, size=11, fill=THIRD)


def stage(out: Drawing, x: float, y: float, name: str, colour: str) -> None:
    """The mark of a stage, its left upper corner at x, y: drawn, so that no font can lack it."""
    size = 11.0
    if name not in STAGE_WORDS:
        out.line(x + 2, y + size / 2, x + size - 2, y + size / 2, THIRD)
        return
    out.rect(x, y, size, size, colour if name == "Done" else "#FFFFFF", colour)
    if name == "Start":
        out.path(f"M{x:.1f},{y:.1f}V{y + size:.1f}H{x + size:.1f}Z", colour)
    elif name == "Progress":
        out.rect(x, y + size / 2, size, size / 2, colour)


def stages(out: Drawing, x: float, y: float, english: bool) -> float:
    """The legend of the stages; where it ends."""
    for name, words in STAGE_WORDS.items():
        stage(out, x, y - 10, name, INK)
        out.text(x + 16, y, words[english], size=11, fill=SECOND)
        x += 34 + width_of(words[english], 11)
    return x


def way(out: Drawing, x: float, y: float, name: str) -> None:
    """The mark of a way in which a target ties to a place, its middle at x, y."""
    if name == "named":
        out.path(
            f"M{x - 4:.1f},{y - 2:.1f}A4,4 0 1 1 {x + 4:.1f},{y - 2:.1f}L{x:.1f},{y + 7:.1f}Z", INK
        )
        out.circle(x, y - 2, 1.4, "#FFFFFF", "none", 0)
    elif name == "within":
        out.rect(x - 5, y - 5, 10, 10, "none", INK)
        out.rect(x - 2, y - 2, 4, 4, INK)
    elif name == "samePlace":
        out.circle(x - 2.5, y, 4, "none", INK, 1.3)
        out.circle(x + 2.5, y, 4, "none", INK, 1.3)
    else:
        out.circle(x, y, 4.5, "none", INK, 1.4, "2 1.6" if name == "collective" else "")


def role(out: Drawing, x: float, y: float, name: str) -> None:
    """The mark of a role, its middle at x, y: a disc to lead, a ring to coordinate."""
    out.circle(x, y, 4, "none" if name == "Coordinate" else INK, INK, 1.3)
