"""The view `slope`: the targets of two years of a district, joined where they stayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.comparison import Change, Comparison, Pair, compare_notices
from queries.model.records import Target
from queries.scope import scope_seen
from viz.drawing import figures, slope
from viz.drawing.paper import SCREEN, Paper
from viz.views.selection import (
    Drawn,
    PictureCell,
    Say,
    Strand,
    domains,
    source,
    speaker,
    titled,
)

CHANGE_WORDS = {
    "lead": ("换主责", "another lead"),
    "earlier": ("提前", "earlier"),
    "later": ("推后", "later"),
    "number": ("数字变了", "another number"),
}
_GONE_WORDS = {"dropped": ("去掉", "dropped"), "new": ("新增", "new")}
_TOO_FEW = ("要两个年份才能对照。", "Two years are needed to compare them.")


def years_of(snapshot: Snapshot) -> list[str]:
    """The years of a scope, the oldest first."""
    return sorted({d.year for d in scope_seen(snapshot).documents if d.year})


def draw_slope(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw the targets of two years, by domain: dropped, new, and what changed in those that stay."""
    say, a = speaker(language), atlas(snapshot)
    years = years_of(snapshot)
    after = params.get("after") or (years[-1] if years else "")
    earlier = [y for y in years if y < after]
    before = params.get("before") or (earlier[-1] if earlier else "")
    domain = params.get("domain", "")
    was, now = (
        [
            t
            for t in a.targets.values()
            if year and a.notices[t.notice].year == year and domain in ("", t.domain)
        ]
        for year in (before, after)
    )
    found = compare_notices(snapshot, was, now, scope_seen(snapshot).districts)
    title = titled(snapshot, say, "两年对照：什么变了", "Two years: what changed")
    has_both = bool(before and after and before != after)
    caption = _counted(found, before, after, say) if has_both else say(*_TOO_FEW)
    entries = _entries(found) if has_both else []
    every = domains(snapshot)
    notes = [_notes(e, found, say) for e in entries]
    lines = tuple(_line(e, n, every) for e, n in zip(entries, notes, strict=True))
    words = CHANGE_WORDS | _GONE_WORDS
    plan = slope.SlopePicture(
        title, caption, source(snapshot, say),
        (before, after), tuple(dict.fromkeys((*every, "–"))), lines, tuple((k, say(*words[k])) for k in slope.MARKS),
        say(*_TOO_FEW),
    )  # fmt: skip
    heads = (say("变化", "change"), say("号", "number"), say("目标", "target"),
             say("怎样变", "how"), say("领域", "domain"))  # fmt: skip
    table = tuple(_row(e, n, words, say) for e, n in zip(entries, notes, strict=True))
    cells = {_key(*e): _cell(*e) for e in entries}
    strands = tuple(
        Strand(
            p.before.iri, f"{before} {p.before.id} {p.before.title}",
            p.after.iri, f"{after} {p.after.id} {p.after.title}",
            "+".join(dict.fromkeys(c.kind for c in p.changes)) or "same",
        )
        for p in found.pairs
    )  # fmt: skip
    svg = slope.draw(plan, paper)
    return Drawn(title, caption, svg, heads, table, strands=strands, cells=cells)


_Entry = tuple[Target | None, Target | None]


def _entries(found: Comparison) -> list[_Entry]:
    """Each target once: those of the later year in their order, then those that were dropped."""
    stayed: dict[str, Target] = {p.after.iri: p.before for p in found.pairs}
    later = [*(p.after for p in found.pairs), *found.came]
    ordered: list[_Entry] = [(stayed.get(t.iri), t) for t in later]
    return [*ordered, *((t, None) for t in found.went)]


def _key(before: Target | None, after: Target | None) -> str:
    """The key of a target in the picture: its numbers in both years."""
    if before is None or after is None:
        return f"＋{after.id}" if after else f"×{before.id}" if before else ""
    return after.id if before.id == after.id else f"{before.id}→{after.id}"


def _line(entry: _Entry, notes: list[tuple[str, str]], every: Sequence[str]) -> slope.SlopeLine:
    before, after = entry
    names = tuple(f"{t.id} {t.title}" if t else "" for t in entry)
    of = tuple(t.domain or "–" if t else "" for t in entry)
    colour = figures.ink(next(t for t in reversed(entry) if t).domain, every)
    return slope.SlopeLine(
        _key(before, after), names[0], names[1], (of[0], of[1]), tuple(notes), colour
    )


def _row(
    entry: _Entry, notes: list[tuple[str, str]], words: Mapping[str, tuple[str, str]], say: Say
) -> tuple[str, ...]:
    shown = next(t for t in reversed(entry) if t)
    kinds = dict.fromkeys(say(*words[kind]) for kind, _ in notes)
    return (
        say("、", ", ").join(kinds) or say("照旧", "unchanged"), _key(*entry), shown.title,
        say("；", "; ").join(w for _, w in notes if w), shown.domain,
    )  # fmt: skip


def _cell(before: Target | None, after: Target | None) -> PictureCell:
    both = [t for t in (before, after) if t]
    label = f"{both[-1].id} {both[-1].title}"
    return PictureCell(label, tuple((t, t.evidence) for t in both if t.evidence))


def _notes(entry: _Entry, found: Comparison, say: Say) -> list[tuple[str, str]]:
    before, after = entry
    if before is None:
        return [("new", "")]
    if after is None:
        return [("dropped", "")]
    pair: Pair = next(p for p in found.pairs if p.after is after)
    return [(c.kind, f"{say(*CHANGE_WORDS[c.kind])} {_shift(c)}") for c in pair.changes]


def _shift(change: Change) -> str:
    """Write a change in short: the measure of a number once."""
    (measure, _, was), (other, _, now) = (x.rpartition(" ") for x in (change.before, change.after))
    if change.kind == "number" and measure == other:
        return f"{measure} {was}→{now}".strip()
    return f"{change.before or '—'}→{change.after}"


def _counted(found: Comparison, before: str, after: str, say: Say) -> str:
    changed = say("，", ", ").join(
        say(f"{words[0]}{found.count(kind)}项", f"{words[1]} {found.count(kind)}")
        for kind, words in CHANGE_WORDS.items()
    )
    same = len(found.pairs) - len(found.changed)
    return say(
        f"{before}年到{after}年：去掉{len(found.went)}项，新增{len(found.came)}项；{changed}，照旧{same}项。",
        f"{before} to {after}: {len(found.went)} dropped, {len(found.came)} new; {changed}, {same} unchanged.",
    )
