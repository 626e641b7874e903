"""The view `streets`: the targets that tie into each street, and their ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.place_ties import WAYS_IN_FULL, Tie, ties
from queries.model.records import Edge, Target
from viz.drawing import figures
from viz.drawing.paper import SCREEN, Paper
from viz.drawing.svg import HAIR, INK, SECOND, WASH, Drawing, width_of
from viz.views.selection import (
    NOTHING,
    Drawn,
    PictureCell,
    Strand,
    chosen,
    domains,
    expands,
    filters,
    source,
    speaker,
    steps_cell,
    target_keys,
    titled,
)

_CELL, _GAP, _TITLE = 25.0, 9.0, 13
"""Characters of a title over a column."""
COLUMNS = 60
"""More targets than this are cut; the caption names the cut."""
_ORDER = ("named", "within", "samePlace", "office", "collective")


def streets(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
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
    keys = target_keys(columns)
    svg = _draw(
        _Matrix(
            title, caption, source(snapshot, say, expanded=far), rows, shown, keys, cells, hidden,
            count, domains(snapshot), language == "en", far,
        ),
        paper,
    )  # fmt: skip
    linked = {
        f"{s}~{keys[t.iri]}": PictureCell(
            f"{s} × {t.id} {t.title}",
            tuple((t, e) for e in dict.fromkeys(e for tie in here for e in tie.evidence)),
        )
        for s in rows
        for t in columns
        if (here := cells.get((s, t.iri)))
    } | {
        keys[t.iri]: steps_cell(t, (s for s in t.steps if not s.project), f"{t.id} {t.title}")
        for t in columns
    }
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
    return Drawn(title, caption, svg, heads, table, strands=strands, cells=linked)


@dataclass(frozen=True, slots=True)
class _Matrix:
    """The content of the picture: streets by targets, ways in the cells, counts of each street."""

    title: str
    caption: str
    source: str
    rows: list[str]
    columns: list[Target]
    keys: Mapping[str, str]
    cells: Mapping[tuple[str, str], list[Tie]]
    hidden: Mapping[str, int]
    count: Mapping[str, int]
    groups: tuple[str, ...]
    english: bool
    far: bool


def _draw(found: _Matrix, paper: Paper) -> str:
    """Draw the matrix; targets that do not fit into the width go below."""
    width, columns = paper.room, found.columns
    left = max((width_of(r, 12) for r in found.rows), default=60) + 34
    fit = max(1, int((width - left - 130 - 6 * _GAP) // _CELL))
    blocks = -(-len(columns) // fit) or 1
    size = -(-len(columns) // blocks) or 1
    chunks = [columns[i : i + size] for i in range(0, len(columns), size)]
    longest = min(max((len(t.title) for t in columns), default=0), _TITLE)
    head = 12.5 * (longest + 1) + 30
    tall = head + _CELL * len(found.rows) + 16
    top = figures.captioned(width, found.caption, found.title, paper)
    foot = figures.foot_height(width, found.source)
    out = Drawing(width, top + tall * max(len(chunks), 1) + 62 + foot, found.title, found.caption)
    figures.heading(out, found.title, found.caption, paper)
    if not columns or not found.rows:
        out.text(24, top + 24, NOTHING[found.english], size=15)
        figures.foot(out, found.source)
        return str(out)
    for n, chunk in enumerate(chunks):
        if n:
            out.breaks.append(top + n * tall)
        _block(out, found, chunk, left, top + n * tall + head, first=n == 0)
    end = top + tall * len(chunks)
    out.breaks.append(end)
    _legend(out, found.english, found.groups, end + 12)
    figures.foot(out, found.source)
    return str(out)


def _block(
    out: Drawing, found: _Matrix, columns: list[Target], left: float, top: float, *, first: bool
) -> None:
    xs: list[float] = []
    at = left
    for i, t in enumerate(columns):
        at += _GAP if i and t.domain != columns[i - 1].domain else 0
        xs.append(at)
        at += _CELL
    for x, t in zip(xs, columns, strict=True):
        words = t.title if len(t.title) <= _TITLE else t.title[: _TITLE - 1]
        lift = 13 if len(words) < len(t.title) else 0
        for i, char in enumerate(words):
            y = top - 28 - lift - (len(words) - 1 - i) * 12.5
            out.text(x + _CELL / 2, y, char, size=11, anchor="middle")
        for i in range(3 if lift else 0):  # cut off: three dots, drawn
            out.circle(x + _CELL / 2, top - 29 - 3.2 * i, 0.9, SECOND, "none", 0)
        with out.link(found.keys[t.iri], f"{t.id} {t.title}"):
            out.text(x + _CELL / 2, top - 11, t.id, size=11, weight=700, anchor="middle")
        out.rect(x, top - 6, _CELL - 1, 4, figures.hue(t.domain, found.groups))
    right = at + 14
    for i, row in enumerate(found.rows):
        y = top + i * _CELL
        out.text(left - 10, y + 17, row, size=12, anchor="end")
        for x, t in zip(xs, columns, strict=True):
            ties_ = found.cells.get((row, t.iri), [])
            if not ties_:
                out.rect(x, y, _CELL - 1, _CELL - 1, WASH)
                continue
            with out.link(f"{row}~{found.keys[t.iri]}", _tip(row, t, ties_)):
                out.rect(x, y, _CELL - 1, _CELL - 1, WASH, tip=_tip(row, t, ties_))
                _marks(out, x + _CELL / 2 - 0.5, y + _CELL / 2 - 0.5, ties_, t)
        if not first:
            continue
        bar = min(2.0 * found.count[row], 40.0)
        out.rect(right, y + 7, max(bar, 1), _CELL - 14, INK)
        out.text(right + bar + 5, y + 17, str(found.count[row]), size=11)
        if found.hidden[row] and not found.far:
            out.circle(right + 72, y + _CELL / 2, 4, "none", SECOND, 1.2, "2 1.5")
            out.text(right + 80, y + 17, str(found.hidden[row]), size=11, fill=SECOND)
    if first:
        out.text(right, top - 11, "written" if found.english else "写明", size=11, fill=SECOND)
        if not found.far:
            words = "inferred" if found.english else "集合推断"
            out.text(right + 58, top - 11, words, size=11, fill=SECOND)


def _tip(row: str, target: Target, found: list[Tie]) -> str:
    return f"{row} · {target.id} {target.title}" if found else ""


def _office(target: Target, found: list[Tie]) -> str:
    """Return whether the office of the street leads or coordinates."""
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


def _legend(out: Drawing, english: bool, groups: tuple[str, ...], top: float) -> None:
    words = (
        ("named", "地点写明", "named"), ("within", "范围之内", "a place inside"),
        ("samePlace", "同一地点", "same place"), ("collective", "集合称谓（推断）", "collective (inferred)"),
        ("Lead", "街道主责", "office leads"), ("Coordinate", "街道配合", "office coordinates"),
    )  # fmt: skip
    x, y = 24.0, top
    for name, zh, en in words:
        if x + 26 + width_of(en if english else zh, 11) > out.width - 24:
            x, y = 24.0, y + 17
        mark = figures.role if name in ("Lead", "Coordinate") else figures.way
        mark(out, x + 6, y - 4, name)
        out.text(x + 17, y, en if english else zh, size=11, fill=SECOND)
        x += 36 + width_of(en if english else zh, 11)
    x, y = 24.0, y + 20
    for group in groups:
        if x + 20 + width_of(group, 11) > out.width - 24:
            x, y = 24.0, y + 15
        out.rect(x, y - 9, 12, 10, figures.hue(group, groups), HAIR)
        out.text(x + 17, y, group, size=11, fill=SECOND)
        x += 34 + width_of(group, 11)
