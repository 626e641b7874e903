"""List what is due for a place or a body in a quarter or a year, as a file.

A target has one row and one event for each quarter. In a calendar the event is on the last day or
month that the cell names, else on the last day of the quarter, and names which. What is only
inferred comes into a calendar with `inferred=1`. The same version gives the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event

from graph.exports.workbook import MEDIA as WORKBOOK
from graph.exports.workbook import Sheet, workbook
from queries.catalogue import resolve
from queries.errors import BadParameter
from queries.model.months import dates_named, last_day
from queries.model.place_ties import Tie
from queries.model.records import Evidence, Step, Target, furthest
from queries.model.sentences import sentence
from viz.drawing.figures import STAGE_WORDS
from viz.entities.place import TieGroup, ways
from viz.web.context import Desk

KINDS = ("place", "body")
CALENDAR = "text/calendar; charset=utf-8"
QUARTERS = ("1", "2", "3", "4", "all")


@dataclass(frozen=True, slots=True)
class Due:
    """The steps that a target has due in one quarter, and why they are in this list."""

    target: Target
    quarter: int
    steps: tuple[Step, ...]
    stage: str
    why: str
    inferred: bool
    rank: int
    """Written entries first, those that the body leads before the others."""
    ground: Evidence | None
    """The words that tie the target to this place or body."""

    @property
    def text(self) -> str:
        """The words of its steps, each once."""
        return "；".join(dict.fromkeys(s.text.rstrip("；;。") for s in self.steps))


def agenda(desk: Desk, kind: str, form: str) -> tuple[str, bytes, str]:
    """The media type, the bytes and the name of a list. Raises BadParameter, UnknownThing."""
    if kind not in KINDS:
        raise BadParameter("kind", f"{kind!r}", KINDS)
    if form not in WRITERS:
        raise BadParameter("format", f"{form!r}", tuple(WRITERS))
    quarter = desk.parameter("quarter") or "all"
    if quarter not in QUARTERS:
        raise BadParameter("quarter", f"{quarter!r}", QUARTERS)
    label = resolve(desk.snapshot, kind, desk.parameter("name"), "name")
    found = (_of_place if kind == "place" else _of_body)(desk, label)
    if quarter != "all":
        found = [d for d in found if d.quarter == int(quarter)]
    if form == "ics" and desk.parameter("inferred") != "1":
        found = [d for d in found if not d.inferred]
    media, write = WRITERS[form]
    name = f"{label}-{'全年' if quarter == 'all' else f'Q{quarter}'}.{form}"
    return media, write(desk, label, found), name


def _of_place(desk: Desk, label: str) -> list[Due]:
    """List what falls due at a place: each target once a quarter, with all its ways."""
    iri = next(p.iri for p in desk.atlas.places.values() if p.label == label)
    tied: dict[str, list[tuple[int, TieGroup, Tie]]] = {}
    for rank, way in enumerate(ways(desk, iri)):
        for tie in way.ties:
            tied.setdefault(tie.target.iri, []).append((rank, way, tie))
    found = []
    for every in tied.values():
        rank, first, tie = every[0]
        why = desk.say("；", "; ").join(
            w.label + (f"：{'、'.join(t.through)}" if t.through else "") for _, w, t in every
        )
        ground = tie.evidence[0] if tie.evidence else None
        for quarter in (1, 2, 3, 4):
            steps = tuple(dict.fromkeys(s for _, _, t in every for s in t.quarter(quarter)))
            if steps:
                stage = furthest(s.stage for s in steps)
                found.append(
                    Due(tie.target, quarter, steps, stage, why, first.inferred, rank, ground)
                )
    return sorted(found, key=lambda d: (d.quarter, d.inferred, d.rank))


def _of_body(desk: Desk, label: str) -> list[Due]:
    """List what a body has due: each target once a quarter, by its strongest role."""
    iri = next(b.iri for b in desk.atlas.bodies.values() if b.label == label)
    found: dict[tuple[str, int], Due] = {}
    for e in sorted(desk.atlas.edges_of(iri), key=lambda e: (e.inferred, e.role == "Coordinate")):
        target = desk.atlas.targets[e.target]
        helps = e.role == "Coordinate"
        why = desk.say("配合", "supports") if helps else desk.say("主责", "leads")
        if e.inferred:
            why = desk.say(f"{why}（由{e.via}推断）", f"{why} (through {e.via})")
        rank = 2 * e.inferred + helps
        for quarter in (1, 2, 3, 4):
            mine = [s for s in target.steps if s.quarter == quarter]
            steps = tuple(s for s in mine if not s.project) or tuple(mine)
            if steps:
                due = Due(
                    target, quarter, steps, target.stage(quarter), why, e.inferred, rank, e.evidence
                )
                found.setdefault((e.target, quarter), due)
    return sorted(found.values(), key=lambda d: (d.quarter, d.rank))


def _leads(t: Target) -> str:
    return "、".join(e.label for e in (*t.written("Lead"), *t.written("Responsible")))


def _helps(t: Target) -> str:
    return "、".join(e.label for e in t.written("Coordinate"))


def _dates(desk: Desk, d: Due) -> tuple[date, ...]:
    """The days and months that the cell names within its quarter."""
    year = _year(desk, d.target)
    return dates_named(d.text, year, d.quarter) if year else ()


def _year(desk: Desk, t: Target) -> int:
    notice = desk.atlas.notices.get(t.notice)
    return int(notice.year) if notice and notice.year else 0


def _sheet(desk: Desk, label: str, dues: Sequence[Due]) -> bytes:
    say = desk.say
    columns = [
        say("年度", "year"), say("季度", "quarter"), say("目标", "target"), say("名称", "title"),
        say("节点（原文）", "step (as written)"), say("阶段", "stage"), say("点名的日期", "dates named"), say("主责", "lead"),
        say("配合", "coordinate"), say("凭什么在这里", "why here"), say("写明或推断", "written or inferred"),
        say("凭据（原文）", "evidence (as written)"), say("位置", "position"), say("地址", "address"),
    ]  # fmt: skip
    rows = []
    for d in dues:
        said = sentence(desk.snapshot, desk.atlas, d.ground) if d.ground else None
        at = d.steps[0].evidence
        rows.append(
            [
                _year(desk, d.target) or None, d.quarter, d.target.id, d.target.title, d.text,
                say(*STAGE_WORDS.get(d.stage, ("", ""))),
                " ".join(day.isoformat() for day in _dates(desk, d)), _leads(d.target), _helps(d.target), d.why,
                say("推断", "inferred") if d.inferred else say("写明", "written"),
                f"{said.before}{said.quote}{said.after}" if said else "",
                f"{at.start}–{at.end}" if at else "",
                _address(desk, d.target),
            ]
        )  # fmt: skip
    about = [
        [say("对象", "of"), label],
        *(
            [say("来源", "source"), f"{n.title} {n.number}".strip()]
            for n in desk.atlas.notices.values()
        ),
        [say("版本", "version"), desk.snapshot.version.id],
    ]
    return workbook(
        [
            Sheet(say("清单", "due"), columns, rows),
            Sheet(say("出处", "source"), [say("项", "item"), say("值", "value")], about),
        ]
    )


def _address(desk: Desk, t: Target) -> str:
    frozen = f"/v/{desk.snapshot.version.id}"
    return f"{desk.root}{frozen}{desk.thing(t.iri).removeprefix(desk.prefix)}"


def calendar_of(desk: Desk, label: str, dues: Sequence[Due]) -> bytes:
    """Return what falls due as a calendar: an event for each target and quarter."""
    say = desk.say
    calendar = Calendar()
    calendar.add("prodid", "-//tiaokuai//agenda//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{_clean(label)} · {say('条块', 'tiaokuai')}")
    for d in dues:
        year = _year(desk, d.target)
        if not year:
            continue
        named = _dates(desk, d)
        last = named[-1] if named else last_day(year, d.quarter)
        event = Event()
        key = f"{d.target.iri}\n{d.quarter}\n{label}"
        event.add("uid", hashlib.sha256(key.encode()).hexdigest()[:32] + "@tiaokuai")
        event.add("dtstamp", datetime(year, 1, 1, tzinfo=UTC))
        event.add("dtstart", last)
        event.add("dtend", last + timedelta(days=1))
        event.add("summary", _clean(f"{d.target.id} {d.text}"))
        leads = _leads(d.target)
        said = [
            d.target.title,
            say(f"主责：{leads}", f"Led by: {leads}"),
            say(f"在这里：{d.why}", f"Here because: {d.why}") + say("（推断）", " (inferred)") * d.inferred,
            say("日期取原文点名的最后一日或月末。", "The day is the last one that the notice names.")
            if named
            else say(
                "原文只写到季度，日期取季末。", "The notice names the quarter only; the day is its last."
            ),
            f"{say('版本', 'version')} {desk.snapshot.version.id}",
        ]  # fmt: skip
        event.add("description", _clean("\n".join(said)))
        event.add("url", _address(desk, d.target))
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _clean(text: str) -> str:
    """Words of a notice without what steers a terminal or turns the direction of a line."""
    return "".join(c for c in text if c == "\n" or (c.isprintable() or c == " "))


WRITERS: dict[str, tuple[str, Callable[[Desk, str, Sequence[Due]], bytes]]] = {
    "xlsx": (WORKBOOK, _sheet),
    "ics": (CALENDAR, calendar_of),
}
