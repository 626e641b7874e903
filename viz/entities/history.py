"""Reports on a thing in the order of time, each with its sentence, for the page of the thing."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from queries.model.records import Target
from queries.model.reported import Entry, progress
from viz.web.context import Desk
from viz.web.status_words import STATUS_WORDS, status_words

MAX_SHOWN = 60
"""Entries on a page, the newest ones; the question of its history has all."""


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An entry, the target that it is on, and its status in words."""

    entry: Entry
    target: Target
    status: str
    computed: str
    """What follows by rule, where the report writes another status."""


def history(
    desk: Desk, targets: Collection[str], *, projects: Collection[str] | None = None,
    whole: bool = True, reporter: str = "",
) -> list[HistoryLine]:  # fmt: skip
    """Return what was reported on some targets, and by one body.

    `projects` leaves those of their projects alone; `whole` keeps entries on no project then.
    """
    found = [
        entry
        for entry in progress(desk.snapshot).entries
        if (entry.target in targets and (projects is None or _is_on(entry, projects, whole=whole)))
        or (reporter and entry.reporter == reporter)
    ]
    newest = sorted(found, key=lambda e: e.as_of, reverse=True)[:MAX_SHOWN]
    known = desk.atlas.targets
    return [
        HistoryLine(e, known[e.target], status_words(desk, e), _computed(desk, e))
        for e in newest
        if e.target in known
    ]


def _is_on(entry: Entry, projects: Collection[str], *, whole: bool) -> bool:
    return entry.project in projects if entry.project else whole


def _computed(desk: Desk, entry: Entry) -> str:
    if entry.written == "Unstated" or entry.computed in ("", "Unstated", entry.written):
        return ""
    words = desk.say(*STATUS_WORDS[entry.computed])
    return desk.say(f"推算：{words}", f"computed: {words}")
