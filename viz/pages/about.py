"""Pages about the data: how well it was read, under which terms it may be used, how to cite it."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version as installed
from importlib.resources import files
from itertools import groupby
from typing import Any

from viz.web.context import Desk

_KINDS = {
    "bodies": ("部门", "Bodies"),
    "places": ("地点", "Places"),
    "indicators": ("数量指标", "Numbers"),
    "projects": ("项目", "Projects"),
    "targets": ("目标", "Targets"),
    "milestones": ("节点", "Milestones"),
    "same": ("同一地点", "The same place"),
}
_PARTS = {
    "all": ("合计", "all"),
    "pairs": ("成对", "pairs"),
    "lead": ("主责", "lead"),
    "coordinate": ("配合", "coordinate"),
    "year": ("全年", "of the year"),
    "quarter": ("季度", "of a quarter"),
    "listed": ("列出", "listed"),
    "quarters": ("逐季", "by quarter"),
    "address": ("门牌", "address"),
    "block": ("街坊", "block"),
    "junction": ("路口", "junction"),
    "line": ("线路", "line"),
    "lot": ("丘", "lot"),
    "parcel": ("地块", "parcel"),
    "road": ("道路", "road"),
    "site": ("场所", "site"),
    "street": ("街道", "street"),
    "water": ("水体", "water"),
    "zone": ("片区", "zone"),
    "county": ("外地区县", "county"),
}


@cache
def measured_accuracy() -> dict[str, Any]:
    """The published figures.

    `document`, `title`, `text_id`; `rows` {annotated, own}; `figures`, each with `rows`
    (annotated by two people, own, all), `kind`, `part`, `wanted`, `found`, `right`, `precision`,
    `recall`, `f1`; `evidence` {quotes, off, milestones, astray}.

    >>> measured_accuracy()["evidence"]["off"]
    0
    """
    text = (files("queries") / "questions" / "accuracy.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def accuracy(desk: Desk) -> str:
    """The measured accuracy of the reader, and how it was measured."""
    said = measured_accuracy()
    rows = {
        "annotated": desk.say(
            f"由两人独立标注的{said['rows']['annotated']}行",
            f"The {said['rows']['annotated']} rows that two people annotated",
        ),
        "own": desk.say(
            f"由我们自己核对的另外{said['rows']['own']}行",
            f"The other {said['rows']['own']} rows, checked by ourselves",
        ),
        "all": desk.say("全部各行", "All rows"),
    }
    groups = [
        (rows.get(key, key), [_figure(desk, f) for f in group])
        for key, group in groupby(said["figures"], key=lambda f: f["rows"])
    ]
    return desk.page(
        "accuracy.html",
        desk.say("读得准不准", "How well it reads"),
        document=said["document"],
        heading=said["title"],
        text_id=said["text_id"],
        groups=groups,
        evidence=said["evidence"],
    )


def _figure(desk: Desk, figure: dict[str, Any]) -> dict[str, str]:
    kind = _KINDS.get(figure["kind"], (figure["kind"], figure["kind"]))
    part = _PARTS.get(figure["part"], (figure["part"], figure["part"]))
    scores = {k: f"{figure[k]:.3f}" for k in ("precision", "recall", "f1")}
    counts = {k: str(figure[k]) for k in ("wanted", "found", "right")}
    return {"name": f"{desk.say(*kind)} · {desk.say(*part)}", **counts, **scores}


def licence(desk: Desk) -> str:
    """Under which terms code, vocabulary and data may be used, and how to cite a version."""
    version = desk.snapshot.version.id
    return desk.page(
        "licence.html",
        desk.say("使用许可与引用", "Licence and citation"),
        program=installed("tiaokuai"),
        address=f"{desk.root}/v/{version}/",
        dump=f"/v/{version}/dump.nq.gz",
    )
