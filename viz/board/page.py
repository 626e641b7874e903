"""The page of the board: a row a target or project, its steps by stage, what was reported on it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from queries.model.board import QUARTERS, Board, BoardRow, BoardStep, board
from queries.model.reported import Entry, progress
from viz.board.captions import (
    COLUMN_WORDS,
    MARKS,
    role_words,
    summary_of,
    title_of,
)
from viz.drawing.figures import STAGE_WORDS
from viz.web.context import Desk
from viz.web.status_words import status_words

FORMS = ("xlsx", "docx", "ics")
"""Files of a board, made for a meeting."""
MAX_OLDER = 3
"""Earlier entries of a row on a page that is for somebody; on that of all the newest alone."""
MAX_DAYS = 24
"""Days of reports that are offered as `until`."""


def board_of(desk: Desk) -> Board:
    """Return the board that a request asks for. Raises UnknownThing, BadParameter."""
    return board(
        desk.snapshot, desk.parameter("who"), desk.parameter("quarter"), desk.parameter("until")
    )


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A step as the page shows it."""

    stage: str
    stage_words: str
    quarter: str
    """Empty where it is the quarter of the whole board."""
    words: str
    days: str


@dataclass(frozen=True, slots=True)
class ShownEntry:
    """An entry as the page shows it."""

    status: str
    figure: str
    late: str
    text: str
    href: str
    """Its sentence in its report."""
    problem: str
    by: str


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the page shows it."""

    row: BoardRow
    way: str
    cells: tuple[tuple[str, tuple[ShownStep, ...]], ...]
    """The steps of each column, under its heading."""
    now: ShownEntry | None
    older: tuple[ShownEntry, ...]


def _row(desk: Desk, shown: Board, row: BoardRow) -> ShownRow:
    cells = tuple(
        (desk.say(*words), tuple(_step(desk, shown, s) for s in row.column(name)))
        for name, words in COLUMN_WORDS.items()
    )
    older = [e for e in reversed(row.entries) if e is not row.now]
    older = older[: MAX_OLDER if shown.who else 0]
    return ShownRow(
        row, role_words(desk, row), cells, _entry(desk, row.now) if row.now else None,
        tuple(_entry(desk, e) for e in older),
    )  # fmt: skip


def _step(desk: Desk, shown: Board, s: BoardStep) -> ShownStep:
    say, q = desk.say, s.step.quarter
    return ShownStep(
        s.step.stage if s.step.stage in STAGE_WORDS else "None",
        say(*STAGE_WORDS.get(s.step.stage, ("未写到哪一步", "no stage"))),
        "" if str(q) == shown.quarter else say(f"{'一二三四'[q - 1]}季", f"Q{q}"),
        s.words,
        say("、", ", ").join(say(f"{int(d[5:7])}月{int(d[8:])}日前", f"by {d[5:]}") for d in s.dates),
    )  # fmt: skip


def _entry(desk: Desk, e: Entry) -> ShownEntry:
    say, span = desk.say, e.evidence
    late = [say(f"晚{e.late}个季度", f"{e.late} quarters late")] if e.late else []
    if e.is_disputed:
        late.append(say("按计划推算已滞后或逾期", "by the plan behind or overdue"))
    figure = [f"{e.percent}%"] if e.percent else []
    if e.value and (e.unit, e.value) != ("%", e.percent):
        figure.append(f"{e.value}{e.unit}")
    return ShownEntry(
        status_words(desk, e), " ".join(figure), say("，", ", ").join(late), e.text,
        f"{desk.thing(span.source)}?at={span.start}-{span.end}#at" if span else "",
        e.problem,
        f"{e.reporter or say('填报单位未写', 'reporter not stated')} · {e.as_of or say('没有日期', 'no day')}",
    )  # fmt: skip


_kept: dict[tuple[object, ...], str] = {}
_MAX_KEPT = 16
"""Boards that are kept as written: a version never changes, and a meeting asks for the same one."""


def board_page(desk: Desk) -> str:
    """Show a board with its filters, its counts, and the files to take to a meeting."""
    key = (desk.snapshot.key, desk.params, desk.language, desk.root, desk.prefix)
    found = _kept.pop(key, None)
    if found is None:
        while len(_kept) >= _MAX_KEPT:
            del _kept[next(iter(_kept))]
        found = _written(desk)
    _kept[key] = found
    return found


def _written(desk: Desk) -> str:
    shown = board_of(desk)
    asked = {k: v for k in ("who", "quarter", "until") if (v := desk.parameter(k))}
    counts = [
        (name, desk.say(*words), shown.count(name))  # type: ignore[arg-type]
        for name, words in MARKS.items()
    ]
    return desk.page(
        "board.html",
        title_of(desk, shown),
        crumbs=[(desk.say("看板", "Board"), "/board"), (shown.who, "")] if shown.who else None,
        board=shown,
        groups=[
            (t, [_row(desk, shown, r) for r in rs])
            for t, rs in groupby(shown.rows, key=lambda r: r.target)
        ],
        sentence=summary_of(desk, shown),
        counts=counts,
        columns=[(name, desk.say(*words)) for name, words in COLUMN_WORDS.items()],
        marks={k: desk.say(*v) for k, v in MARKS.items()},
        quarters=QUARTERS,
        days=progress(desk.snapshot).days[-MAX_DAYS:],
        names=[b.label for b in desk.atlas.bodies.values() if b.kind != "collective"],
        forms=[(form.upper(), desk.url(f"/board.{form}", **asked)) for form in FORMS],
    )
