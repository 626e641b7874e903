"""A picture of one line a row: number, words, marks of four quarters, and one clause."""

from __future__ import annotations

from dataclasses import dataclass

from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, INK, SECOND, THIRD, WASH, Drawing, width_of

_ROW, _BAND = 21.0, 25.0


@dataclass(frozen=True, slots=True)
class YearLine:
    """A row: number, title, lead, the stage of each quarter, the clause, and the key of its link."""

    key: str
    number: str
    title: str
    lead: str
    stages: tuple[str, str, str, str]
    clause: str
    colour: str


@dataclass(frozen=True, slots=True)
class YearPicture:
    """The content of the picture. `counts` are (label, four numbers) above the quarters."""

    title: str
    caption: str
    source: str
    heads: tuple[str, str, str, str]
    quarters: tuple[str, str, str, str]
    counts: tuple[tuple[str, tuple[int, int, int, int]], ...]
    groups: tuple[tuple[str, tuple[YearLine, ...]], ...]
    nothing: str
    english: bool = False


def draw(lines: YearPicture, paper: Paper = SCREEN) -> str:
    """Draw the picture as SVG."""
    width = paper.room
    quarter = 26.0 if width < 900 else 40.0
    number = 24 + max([28.0, *(width_of(r.number, 12) + 10 for _, g in lines.groups for r in g)])
    rest = width - number - 24 - 4 * quarter - 12
    title, lead = (0.42, 0.2) if width >= 900 else (0.42, 0.22)
    xs = {"title": number, "lead": number + title * rest}
    xs["quarters"] = xs["lead"] + lead * rest
    xs["clause"] = xs["quarters"] + 4 * quarter + 12
    top = figures.captioned(width, lines.caption, lines.title, paper) + 22
    top += 16 * len(lines.counts)
    high = top + sum(_BAND + _ROW * len(rows) + 6 for _, rows in lines.groups)
    foot = figures.foot_height(width, lines.source)
    out = Drawing(width, high + 40 + foot, lines.title, lines.caption)
    figures.heading(out, lines.title, lines.caption, paper)
    if not any(rows for _, rows in lines.groups):
        out.text(24, top + 10, lines.nothing, size=15)
        figures.foot(out, lines.source)
        return str(out)
    for i, (label, numbers) in enumerate(lines.counts):
        y = top - 24 - 16 * (len(lines.counts) - 1 - i)
        out.text(xs["quarters"] - 8, y, label, size=11, fill=SECOND, anchor="end")
        for q, count in enumerate(numbers):
            x = xs["quarters"] + (q + 0.5) * quarter
            out.text(x, y, str(count), size=12, weight=700, anchor="middle")
    for name, words in zip(("title", "lead", "clause"), lines.heads[1:], strict=True):
        out.text(xs[name], top - 7, words, size=11, fill=SECOND)
    out.text(24, top - 7, lines.heads[0], size=11, fill=SECOND)
    for q, words in enumerate(lines.quarters):
        x = xs["quarters"] + (q + 0.5) * quarter
        out.text(x, top - 7, words, size=11, fill=SECOND, anchor="middle")
    out.line(24, top, width - 24, top, INK, 1.4)
    y = top
    for label, rows in lines.groups:
        out.breaks.append(y)
        out.rect(24, y, width - 48, _BAND - 3, WASH)
        out.text(30, y + 15.5, f"{label} {len(rows)}", size=12, weight=700)
        y += _BAND
        for row in rows:
            if row is not rows[0]:
                out.breaks.append(y)
            _row(out, row, xs, quarter, y, width)
            y += _ROW
        y += 6
    out.breaks.append(y)
    figures.stages(out, 24, out.height - foot - 10, lines.english)
    figures.foot(out, lines.source)
    return str(out)


def _row(
    out: Drawing, row: YearLine, xs: dict[str, float], quarter: float, y: float, width: float
) -> None:
    base = y + 14.5
    with out.link(row.key, f"{row.number} {row.title}"):
        out.rect(24, y, width - 48, _ROW - 1, "#FCFBF8")
        out.text(24, base, row.number, size=12, weight=700)
        title = figures.cut(row.title, 12, xs["lead"] - xs["title"] - 8)
        out.text(xs["title"], base, title, size=12)
        lead = figures.cut(row.lead, 11, xs["quarters"] - xs["lead"] - 8)
        out.text(xs["lead"], base, lead, size=11, fill=SECOND)
        room = width - 24 - xs["clause"]
        out.text(xs["clause"], base, figures.cut(row.clause, 11, room), size=11, fill=THIRD)
    for q, stage in enumerate(row.stages):
        x = xs["quarters"] + (q + 0.5) * quarter
        with out.link(f"{row.key}~Q{q + 1}", f"{row.number} Q{q + 1}"):
            out.rect(x - quarter / 2 + 1, y, quarter - 2, _ROW - 1, "#FCFBF8")
            figures.stage(out, x - 5.5, y + 4.5, stage, row.colour)
    out.line(24, y + _ROW - 1, width - 24, y + _ROW - 1, HAIR)
