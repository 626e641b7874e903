"""Statuses of progress in words, Chinese and English."""

from __future__ import annotations

from queries.model.reported import Entry
from viz.web.context import Desk

STATUS_WORDS = {
    "NotStarted": ("未启动", "not started"), "Preparing": ("前期准备", "preparing"),
    "OnTrack": ("按序时", "on track"), "Ahead": ("超进度", "ahead"), "Behind": ("滞后", "behind"),
    "Done": ("已完成", "done"), "DoneEarly": ("提前完成", "done early"),
    "PartlyDone": ("部分完成", "partly done"), "Stopped": ("暂停", "stopped"),
    "Changed": ("调整", "changed"), "Cancelled": ("取消", "cancelled"),
    "Unstated": ("未写状态", "no status written"), "Overdue": ("逾期", "overdue"),
    "NotDue": ("未到期", "not due"), "NotReported": ("未报", "not reported"),
}  # fmt: skip


def status_words(desk: Desk, entry: Entry) -> str:
    """Return the status of an entry as its report writes it, else what follows by rule."""
    if entry.written != "Unstated":
        return entry.as_written or desk.say(*STATUS_WORDS[entry.written])
    if entry.computed in STATUS_WORDS and entry.computed != "Unstated":
        told = desk.say(*STATUS_WORDS[entry.computed])
        return desk.say(f"推算：{told}", f"computed: {told}")
    return desk.say(*STATUS_WORDS["Unstated"])
