"""Two columns of targets, those of one year and of another, joined by lines."""

from __future__ import annotations

from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, INK, SECOND, THIRD, WASH, Drawing, width_of

_ROW, _NOTE, _BAND = 19.0, 14.0, 24.0
MARKS = {"dropped": "×", "new": "＋", "earlier": "▲", "later": "▼", "lead": "◆", "number": "#"}
"""One sign for each kind of change, so that none depends on colour alone."""


@dataclass(frozen=True, slots=True)
class SlopeLine:
    """A target in one year or both: its number and title there, and how it changed.

    `notes` are (kind, words); `domains` are those of both years, empty where it is not there.
    """

    key: str
    before: str
    after: str
    domains: tuple[str, str]
    notes: tuple[tuple[str, str], ...]
    colour: str


@dataclass(frozen=True, slots=True)
class SlopePicture:
    """The content of the picture; the lines are in the order of the later year."""

    title: str
    caption: str
    source: str
    years: tuple[str, str]
    domains: tuple[str, ...]
    lines: tuple[SlopeLine, ...]
    legend: tuple[tuple[str, str], ...]
    nothing: str


def draw(plan: SlopePicture, paper: Paper = SCREEN) -> str:
    """Draw the picture as SVG."""
    width = paper.room
    left, right = 0.34 * width, 0.34 * width + max(90.0, 0.14 * width)
    top = figures.captioned(width, plan.caption, plan.title, paper) + 26
    before, after, heads, end = _places(plan, top)
    foot = figures.foot_height(width, plan.source)
    out = Drawing(width, end + 34 + foot, plan.title, plan.caption)
    figures.heading(out, plan.title, plan.caption, paper)
    if not plan.lines:
        out.text(24, top + 10, plan.nothing, size=15)
        figures.foot(out, plan.source)
        return str(out)
    out.text(left, top - 7, plan.years[0], size=13, weight=700, anchor="end")
    out.text(right, top - 7, plan.years[1], size=13, weight=700)
    out.line(24, top, width - 24, top, INK, 1.4)
    for domain, y in heads:
        out.breaks.append(y)
        out.rect(24, y, width - 48, _BAND - 4, WASH)
        out.text(30, y + 14.5, domain, size=12, weight=700)
    for line in plan.lines:
        _line(out, line, before.get(line.key), after.get(line.key), (left, right))
    out.breaks.append(end)
    x = 24.0
    for kind, words in plan.legend:
        x = _legend(out, x, end + 18, f"{MARKS[kind]} {words}")
    figures.foot(out, plan.source)
    return str(out)


def _legend(out: Drawing, x: float, y: float, words: str) -> float:
    out.text(x, y, words, size=11, fill=SECOND)
    return x + width_of(words, 11) + 16


def _places(
    plan: SlopePicture, top: float
) -> tuple[dict[str, float], dict[str, float], list[tuple[str, float]], float]:
    """The height of each target in both columns, the heads of the domains, and the end."""
    before: dict[str, float] = {}
    after: dict[str, float] = {}
    heads, y = [], top
    for domain in plan.domains:
        was = [line for line in plan.lines if line.domains[0] == domain]
        now = [line for line in plan.lines if line.domains[1] == domain]
        if not was and not now:
            continue
        heads.append((domain, y))
        one = other = y + _BAND
        for line in was:
            before[line.key] = one + 9
            one += _ROW
        for line in now:
            after[line.key] = other + 9
            other += _ROW + (_NOTE if line.notes and line.before else 0)
        y = max(one, other) + 6
    return before, after, heads, y


def _line(
    out: Drawing,
    line: SlopeLine,
    before: float | None,
    after: float | None,
    xs: tuple[float, float],
) -> None:
    left, right = xs
    signs = " ".join(dict.fromkeys(MARKS[kind] for kind, _ in line.notes))
    changed = bool(line.notes)
    with out.link(line.key, line.after or line.before):
        if before is not None:
            words = line.before if after is not None else f"{signs} {line.before}"
            fill = INK if changed and after is not None else SECOND
            shown = figures.cut(words, 12, left - 32)
            out.text(left, before + 4, shown, size=12, fill=fill, anchor="end")
        if before is not None and after is not None:
            colour = line.colour if changed else HAIR
            out.line(left + 6, before, right - 6, after, colour, 2.0 if changed else 1.0)
        if after is not None:
            words = f"{signs} {line.after}" if changed else line.after
            room = out.width - 24 - right
            shown = figures.cut(words, 12, room)
            out.text(right, after + 4, shown, size=12, weight=700 if changed else 400)
            if changed and before is not None:
                notes = figures.cut("；".join(w for _, w in line.notes if w), 11, room - 14)
                out.text(right + 14, after + 4 + _NOTE, notes, size=11, fill=THIRD)
