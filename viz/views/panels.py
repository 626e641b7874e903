"""Draw one panel for each district where a scope holds several: their bodies are never mixed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from urllib.parse import quote

from queries.errors import UnknownThing
from queries.scope import ALL, Narrowed
from viz.drawing.finish import size_of
from viz.drawing.paper import Paper
from viz.drawing.svg import FAMILY, PAPER, SAFE
from viz.views.selection import NOTHING, Drawn, Say, Strand

MAX_PANELS = 6
"""Panels of one picture; its caption names the districts that are left out."""

Draw = Callable[[Mapping[str, str], Paper], Drawn]
"""Draw the view with the parameters of one district."""


def panels(
    snapshot: Narrowed, params: Mapping[str, str], title: str, say: Say, paper: Paper, draw: Draw
) -> Drawn:
    """Stack the pictures of the districts of a scope, each under its own title."""
    scope = snapshot.scope
    shown: list[tuple[str, Drawn]] = []
    for district in scope.districts:
        if len(shown) == MAX_PANELS:
            break
        mine = {**params, "district": district, "year": scope.year}
        if scope.notice != ALL:
            mine["notice"] = scope.notice
        try:
            shown.append((district, draw(mine, Paper(paper.room))))
        except UnknownThing:
            continue  # a name that this district does not have
    left = len(scope.districts) - len(shown)
    caption = say(
        f"{len(scope.districts)}个辖区，每区一幅，数字不跨辖区相加。",
        f"{len(scope.districts)} districts, a panel each; nothing is added up across them.",
    ) + (say(f"另有{left}个辖区没有画，请选一个辖区。", f" {left} more are not drawn; choose a district.") if left else "")  # fmt: skip
    drawn = [one for _, one in shown]
    heads = (say("辖区", "district"), *drawn[0].columns) if drawn else (say("辖区", "district"),)
    strands: tuple[Strand, ...] = tuple(s for one in drawn for s in one.strands)
    return Drawn(
        title,
        caption,
        _stacked(shown, title, caption, paper.room, say),
        heads,
        tuple((district, *row) for district, one in shown for row in one.rows),
        strands=strands,
        cells={f"{d}~{key}": cell for d, one in shown for key, cell in one.cells.items()},
    )


def _stacked(
    shown: list[tuple[str, Drawn]], title: str, caption: str, width: float, say: Say
) -> str:
    parts, breaks, y = [], [], 0.0
    for district, one in shown:
        if y:
            breaks.append(y)
        inner = one.svg.replace('<a href="#', f'<a href="#{quote(district, safe=SAFE)}~')
        parts.append(f'<svg y="{y:g}" {inner.removeprefix("<svg ")}')
        y += size_of(one.svg)[1] + 16
    if not shown:
        parts.append(f'<text x="24" y="40" font-size="15">{escape(say(*NOTHING))}</text>')
        y = 80.0
    marks = f' data-breaks="{" ".join(f"{b:g}" for b in breaks)}"' if breaks else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {y:g}" width="{width:g}" '
        f'height="{y:g}" role="img" font-family="{FAMILY}"{marks}><title>{escape(title)}</title>'
        f'<desc>{escape(caption)}</desc><rect width="{width:g}" height="{y:g}" fill="{PAPER}"/>'
        + "".join(parts)
        + "</svg>"
    )
