"""Common parts of the pictures of plan against actual: words of statuses, a picture of nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.records import Evidence, Target
from queries.model.reported import Entry
from viz.drawing import figures
from viz.drawing.actuals.letter_grid import Tone
from viz.drawing.paper import Paper
from viz.drawing.svg import Drawing
from viz.views.selection import Drawn, PictureCell, Say, Strand, source

NO_REPORTS = (
    "图里还没有进展报告，没有可画的内容。读入报告：tiaokuai progress 文件。",
    "The graph holds no report of progress, so nothing is drawn. Read some with: tiaokuai progress FILE.",
)
_BLUE, _PALE = Tone("#0F4E86", "#FFFFFF", "#0F4E86"), Tone("#C5D9EA", "#1B1A17", "#2E75A8")
_SAND, _GREY = Tone("#EDE7D8", "#1B1A17", "#857F72"), Tone("#6B675D", "#FFFFFF", "#504D46")
_AMBER, _RUST = Tone("#F3C08A", "#1B1A17", "#A84900"), Tone("#A84900", "#FFFFFF", "#7A3500")
BARE = Tone("#FFFFFF", "#504D46", "#857F72")
LIGHTS: dict[str, tuple[str, str, tuple[str, str], Tone]] = {
    "DoneEarly": ("早", "E", ("提前完成", "done early"), _BLUE),
    "Done": ("完", "D", ("完成", "done"), _BLUE),
    "Ahead": ("超", "A", ("超进度", "ahead"), _PALE),
    "OnTrack": ("序", "T", ("按序时", "on track"), _PALE),
    "NotDue": ("待", "W", ("未到期", "not due"), BARE),
    "PartlyDone": ("部", "P", ("部分完成", "partly done"), _SAND),
    "Preparing": ("备", "R", ("前期准备", "preparing"), _SAND),
    "Unstated": ("报", "U", ("报了，没写状态", "reported without a status"), BARE),
    "Changed": ("调", "C", ("调整", "changed"), _GREY),
    "Stopped": ("停", "S", ("暂停", "stopped"), _GREY),
    "Cancelled": ("消", "X", ("取消", "cancelled"), _GREY),
    "NotStarted": ("未", "N", ("未启动", "not started"), _AMBER),
    "Behind": ("滞", "B", ("滞后", "behind"), _AMBER),
    "Overdue": ("逾", "O", ("逾期", "overdue"), _RUST),
    "NotReported": ("缺", "M", ("应报未报", "owed, not reported"), BARE),
}
"""Letter in both languages, words and tone of each status, from best to worst."""


def nothing_reported(
    snapshot: Snapshot, say: Say, title: str, heads: tuple[str, ...], paper: Paper
) -> Drawn:
    """Return a picture that states that the graph holds no report."""
    words, cited = say(*NO_REPORTS), source(snapshot, say)
    top = figures.captioned(paper.room, words, title, paper)
    out = Drawing(paper.room, top + 44 + figures.foot_height(paper.room, cited), title, words)
    figures.heading(out, title, words, paper)
    if not paper.caption:
        out.text(24, top + 20, figures.cut(words, 15, paper.room - 48), size=15)
    figures.foot(out, cited)
    return Drawn(title, words, str(out), heads, ())


def cell_of(found: Sequence[tuple[Target, Iterable[Evidence | None]]], label: str) -> PictureCell:
    """Return the link of a cell: the sentences of its targets, each once."""
    targets = {t.iri: t for t, _ in found}
    proofs = dict.fromkeys((t.iri, e) for t, spans in found for e in spans if e)
    return PictureCell(label, tuple((targets[t], e) for t, e in proofs))


def strands_of(snapshot: Snapshot, entries: Iterable[Entry]) -> tuple[Strand, ...]:
    """Return who reported on which target with which status, for files of networks."""
    return tuple(_strands(snapshot, entries))


def _strands(snapshot: Snapshot, entries: Iterable[Entry]) -> Iterator[Strand]:
    targets = atlas(snapshot).targets
    for e in entries:
        t = targets[e.target]
        yield Strand(e.report, e.title, t.iri, f"{t.id} {t.title}", e.status)


def years_of(snapshot: Snapshot, targets: Iterable[Target]) -> dict[str, int]:
    """Return the year of each target, in their order."""
    notices = atlas(snapshot).notices
    found = {}
    for t in targets:
        notice = notices.get(t.notice)
        if notice and notice.year.isdecimal():
            found[t.iri] = int(notice.year)
    return found


def quarter_words(quarter: int, say: Say) -> str:
    """Return the name of a quarter."""
    return say(f"第{'一二三四'[quarter - 1]}季度", f"Q{quarter}")
