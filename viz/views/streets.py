"""The view `streets`: which targets tie into which street, and how."""

from __future__ import annotations

from collections.abc import Mapping

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.place_ties import WAYS_IN_FULL, Tie, ties
from queries.model.records import Edge, Target
from viz.drawing import figures
from viz.drawing.svg import HAIR, INK, SECOND, WASH, Drawing, width_of
from viz.views.selection import (
    NOTHING,
    Drawn,
    Strand,
    chosen,
    domains,
    expands,
    filters,
    source,
    speaker,
    titled,
)

_CELL, _GAP, _TITLE = 26.0, 12.0, 13
"""How many characters of a title stand over a column."""
COLUMNS = 60
"""More targets than this are cut, and the caption says so."""
_ORDER = ("named", "within", "samePlace", "office", "collective")


def streets(snapshot: Snapshot, params: Mapping[str, str], language: str) -> Drawn:
    """Streets by how many targets tie in, targets by domain; in a cell the ways it ties in."""
    say, a = speaker(language), atlas(snapshot)
    allowed = {t.iri for t in chosen(a, params)}
    far = expands(params)
    streets_ = {p.label: p.iri for p in a.places.values() if p.kind == "Street"}
    labels = sorted(streets_)
    every = {
        label: [t for t in ties(a, streets_[label]) if t.target.iri in allowed] for label in labels
    }
    cells: dict[tuple[str, str], list[Tie]] = {}
    for label, found in every.items():
        for tie in found:
            if far or tie.way != "collective":
                cells.setdefault((label, tie.target.iri), []).append(tie)
    hidden = {k: sum(t.way == "collective" for t in v) for k, v in every.items()}
    count = {label: len({t for s, t in cells if s == label}) for label in labels}
    rows = sorted(labels, key=lambda s: (-count[s], -hidden[s], s))
    columns = [t for t in a.targets.values() if any((s, t.iri) in cells for s in labels)]
    shown = columns[:COLUMNS]
    title = titled(snapshot, say, "街道与目标", "Streets and targets")
    first = rows[0] if rows else ""
    caption = (
        say(
            f"{len(rows)}个街镇（行）×{len(columns)}项目标（列）。"
            + (f"写明牵涉最多的是{first}，{count[first]}项。" if first else "")
            + ("" if far else "经集合称谓推断的只在右侧计数。"),
            f"{len(rows)} streets (rows) × {len(columns)} targets (columns). "
            + (f"Most tie into {first}: {count[first]}. " if first else "")
            + ("" if far else "Ties through collectives are counted at the right only."),
        )
        + (say(f"只画前{COLUMNS}列，其余见表。", f" The first {COLUMNS} columns are drawn.") if len(columns) > COLUMNS else "")
        + (f" {filters(params, 'streets', say)}" if filters(params, "streets", say) else "")
    )  # fmt: skip
    svg = _draw(
        snapshot, title, caption, source(snapshot, say, expanded=far), rows, shown, cells, hidden,
        count, language == "en", far,
    )  # fmt: skip
    heads = (say("街镇", "street"), say("号", "number"), say("目标", "target"), say("方式", "way"),
             say("经由", "through"))  # fmt: skip
    table = tuple(
        (s, t.id, t.title, say(*WAYS_IN_FULL[tie.way]), "、".join(tie.through))
        for s in rows
        for t in columns
        for tie in cells.get((s, t.iri), ())
    )
    strands = tuple(
        Strand(s, s, t.iri, f"{t.id} {t.title}", tie.way)
        for s in rows
        for t in columns
        for tie in cells.get((s, t.iri), ())
    )
    return Drawn(title, caption, svg, heads, table, strands=strands)


def _draw(
    snapshot: Snapshot,
    title: str,
    caption: str,
    said: str,
    rows: list[str],
    columns: list[Target],
    cells: Mapping[tuple[str, str], list[Tie]],
    hidden: Mapping[str, int],
    count: Mapping[str, int],
    english: bool,
    far: bool,
) -> str:
    groups = domains(snapshot)
    left = max((width_of(r, 13) for r in rows), default=60) + 40
    xs: list[float] = []
    at = left
    for i, t in enumerate(columns):
        at += _GAP if i and t.domain != columns[i - 1].domain else 0
        xs.append(at)
        at += _CELL
    right = at + 20
    width = max(right + 150, 760)
    head = 13.0 * (min(max((len(t.title) for t in columns), default=0), _TITLE) + 1) + 26
    top = figures.captioned(width, caption) + 10 + head
    out = Drawing(width, top + _CELL * len(rows) + 122, title, caption)
    figures.heading(out, title, caption)
    if not columns or not rows:
        out.text(24, top - head + 30, NOTHING[english], size=15)
        figures.foot(out, said)
        return str(out)
    for x, t in zip(xs, columns, strict=True):
        words = t.title if len(t.title) <= _TITLE else t.title[: _TITLE - 1]
        lift = 13 if len(words) < len(t.title) else 0
        for i, char in enumerate(words):
            y = top - 28 - lift - (len(words) - 1 - i) * 13
            out.text(x + _CELL / 2, y, char, size=11.5, anchor="middle")
        for i in range(3 if lift else 0):  # cut off: three dots, drawn
            out.circle(x + _CELL / 2, top - 29 - 3.2 * i, 0.9, SECOND, "none", 0)
        out.text(x + _CELL / 2, top - 11, t.id, size=11, weight=700, anchor="middle")
        out.rect(x, top - 6, _CELL - 1, 4, figures.hue(t.domain, groups))
    for i, row in enumerate(rows):
        y = top + i * _CELL
        out.text(left - 12, y + 18, row, size=13, anchor="end")
        for x, t in zip(xs, columns, strict=True):
            out.rect(
                x, y, _CELL - 1, _CELL - 1, WASH, tip=_tip(row, t, cells.get((row, t.iri), []))
            )
            _marks(out, x + _CELL / 2 - 0.5, y + _CELL / 2 - 0.5, cells.get((row, t.iri), []), t)
        out.rect(right, y + 6, max(3.0 * count[row], 1), _CELL - 12, INK)
        out.text(right + 3 * count[row] + 6, y + 17, str(count[row]), size=11)
        if hidden[row] and not far:
            out.circle(right + 96, y + _CELL / 2, 4, "none", SECOND, 1.2, "2 1.5")
            out.text(right + 105, y + 17, str(hidden[row]), size=11, fill=SECOND)
    out.text(right, top - 11, "written" if english else "写明", size=11, fill=SECOND)
    if not far:
        out.text(right + 80, top - 11, "inferred" if english else "集合推断", size=11, fill=SECOND)
    _legend(out, english, groups)
    figures.foot(out, said)
    return str(out)


def _tip(row: str, target: Target, found: list[Tie]) -> str:
    return f"{row} · {target.id} {target.title}" if found else ""


def _office(target: Target, found: list[Tie]) -> str:
    """Whether the office of the street leads or coordinates."""
    names = {n for t in found if t.way == "office" for n in t.through}
    edges: list[Edge] = [e for e in target.edges if e.label in names and not e.inferred]
    return "Lead" if any(e.role != "Coordinate" for e in edges) else "Coordinate"


def _marks(out: Drawing, x: float, y: float, found: list[Tie], target: Target) -> None:
    kinds = [w for w in _ORDER if any(t.way == w for t in found)]
    if "named" in kinds and "within" in kinds:
        kinds.remove("within")
    step = 11.5 if len(kinds) > 1 else 0.0
    for i, kind in enumerate(kinds[:2]):
        place = x + (i - (min(len(kinds), 2) - 1) / 2) * step
        if kind == "office":
            figures.role(out, place, y, _office(target, found))
        else:
            figures.way(out, place, y, kind)


def _legend(out: Drawing, english: bool, groups: tuple[str, ...]) -> None:
    words = (
        ("named", "地点写明", "named"), ("within", "范围之内", "a place inside"),
        ("samePlace", "同一地点", "same place"), ("collective", "集合称谓（推断）", "collective (inferred)"),
        ("Lead", "街道主责", "office leads"), ("Coordinate", "街道配合", "office coordinates"),
    )  # fmt: skip
    x, y = 24.0, out.height - 74
    for name, zh, en in words:
        mark = figures.role if name in ("Lead", "Coordinate") else figures.way
        mark(out, x + 6, y - 4, name)
        out.text(x + 17, y, en if english else zh, size=11, fill=SECOND)
        x += 36 + width_of(en if english else zh, 11)
    x, y = 24.0, out.height - 52
    for group in groups:
        if x + 34 + width_of(group, 11) > out.width:
            break
        out.rect(x, y - 9, 12, 10, figures.hue(group, groups), HAIR)
        out.text(x + 17, y, group, size=11, fill=SECOND)
        x += 34 + width_of(group, 11)
