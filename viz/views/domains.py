"""The view `domains`: how the domains call on each other, leads by row, coordinators by column."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.records import Edge
from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import INK, SECOND, WASH, Drawing, width_of
from viz.views.selection import (
    NOTHING,
    STREET_GROUP,
    Drawn,
    Strand,
    chosen,
    counted,
    default_minimum,
    domains,
    edges_cell,
    expands,
    filters,
    group_of,
    source,
    speaker,
    titled,
)

_WIDE, _HIGH = 92.0, 62.0


def crossing(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Pairs of a lead and a coordinator, counted once for each target, by their groups."""
    say, a = speaker(language), atlas(snapshot)
    streets = say(*STREET_GROUP)
    least = int(params.get("min", default_minimum("domains")))
    pairs: Counter[tuple[str, str]] = Counter()
    behind: dict[tuple[str, str], list[Edge]] = defaultdict(list)
    for target in chosen(a, params):
        edges = counted(target, params)
        for lead in dict.fromkeys(e.body for e in edges if e.role != "Coordinate"):
            for other in dict.fromkeys(
                e.body for e in edges if e.role == "Coordinate" and e.body != lead
            ):
                key = group_of(a, lead, streets), group_of(a, other, streets)
                pairs[key] += 1
                behind[key] += [e for e in edges if e.body in (lead, other)]
    cells = {k: n for k, n in pairs.items() if n >= least}
    groups = [*domains(snapshot), streets]
    rows = [g for g in groups if any(k[0] == g for k in cells)]
    columns = [g for g in groups if any(k[1] == g for k in cells)]
    total = sum(cells.values())
    inside = sum(n for (one, other), n in cells.items() if one == other)
    title = titled(snapshot, say, "条线之间如何交叉", "How the domains cross")
    share = round(100 * inside / total) if total else 0
    caption = say(
        f"行为主责部门的领域，列为配合部门的领域，格中为“主责—配合”次数（不含集合称谓），共{total}次；其中{share}%在同一领域之内。"
        f"{filters(params, 'domains', say)}。",
        f"Rows: the domain of the lead; columns: that of the coordinator; cells: pairs, {total} in all, "
        f"{share}% within one domain. {filters(params, 'domains', say)}.",
    )
    svg = _draw(
        title, caption, source(snapshot, say, expanded=expands(params)),
        rows, columns, cells, groups, streets,
        say(*NOTHING), paper,
    )  # fmt: skip
    heads = (
        say("主责领域", "lead's domain"),
        say("配合领域", "coordinator's domain"),
        say("次数", "pairs"),
    )
    table = tuple((r, c, str(cells[r, c])) for r in rows for c in columns if (r, c) in cells)
    strands = tuple(Strand(r, r, c, c, "Lead", int(n)) for r, c, n in table)
    linked = {f"{r}~{c}": edges_cell(a, behind[r, c], f"{r} × {c}") for r, c in cells}
    return Drawn(title, caption, svg, heads, table, strands=strands, cells=linked)


def _draw(
    title: str,
    caption: str,
    said: str,
    rows: list[str],
    columns: list[str],
    cells: Mapping[tuple[str, str], int],
    groups: list[str],
    streets: str,
    nothing: str,
    paper: Paper,
) -> str:
    size = 14.0 if paper.room >= 900 else 12.0
    left = max((width_of(r, size) for r in rows), default=80) + 44
    wide = min(_WIDE, (paper.room - left - 60) / max(len(columns), 1))
    width = paper.room
    lines = max((len(figures.wrapped(c, 12, wide - 6)) for c in columns), default=1)
    top = figures.captioned(width, caption, title, paper) + 24 + 16 * lines
    foot_ = figures.foot_height(width, said)
    out = Drawing(width, top + _HIGH * len(rows) + 34 + foot_, title, caption)
    figures.heading(out, title, caption, paper)
    if not cells:
        out.text(24, top, nothing, size=15)
        figures.foot(out, said)
        return str(out)
    most = max(cells.values())
    domains_ = [g for g in groups if g != streets]
    for j, column in enumerate(columns):
        x = left + j * wide
        parts = figures.wrapped(column, 12, wide - 6)
        for n, words in enumerate(reversed(parts)):
            out.text(x + wide / 2 - 1, top - 16 - 16 * n, words, size=12, anchor="middle")
        out.rect(x, top - 9, wide - 3, 4, figures.hue(column, domains_, streets))
        total = sum(cells.get((r, column), 0) for r in rows)
        y = top + _HIGH * len(rows) + 18
        out.text(x + wide / 2 - 1, y, str(total), size=12, fill=SECOND, anchor="middle")
    for i, row in enumerate(rows):
        y = top + i * _HIGH
        out.text(left - 16, y + _HIGH / 2 + 4, row, size=size, anchor="end")
        out.rect(left - 9, y, 4, _HIGH - 3, figures.hue(row, domains_, streets))
        for j, column in enumerate(columns):
            count = cells.get((row, column), 0)
            x = left + j * wide
            if not count:
                out.rect(x, y, wide - 3, _HIGH - 3, _blue(count, most))
                continue
            tip = f"{row} × {column}: {count}"
            with out.link(f"{row}~{column}", tip):
                out.rect(x, y, wide - 3, _HIGH - 3, _blue(count, most), tip=tip)
                fill = "#FFFFFF" if count / most > 0.45 else INK
                middle = x + wide / 2 - 1
                out.text(middle, y + _HIGH / 2 + 5, str(count), size=17, fill=fill, anchor="middle")
        total = sum(cells.get((row, c), 0) for c in columns)
        out.text(
            left + wide * len(columns) + 12, y + _HIGH / 2 + 4, str(total), size=12, fill=SECOND
        )
    figures.foot(out, said)
    return str(out)


def _blue(count: int, most: int) -> str:
    """A shade from paper to deep blue, by the root, so that small numbers differ."""
    if not count:
        return WASH
    share = (count / most) ** 0.5
    light, deep = (0xDC, 0xE8, 0xF3), (0x0F, 0x4E, 0x86)
    return "#" + "".join(
        f"{round(a + (b - a) * share):02X}" for a, b in zip(light, deep, strict=True)
    )
