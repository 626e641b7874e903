"""Pages about the data: its accuracy, its terms, its citation, and how to take it along."""

from __future__ import annotations

import json
from functools import cache
from importlib.metadata import version as installed
from importlib.resources import files
from itertools import groupby
from typing import Any

from queries.model.counts import totals
from queries.open_doubts import open_doubts
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


_WORDS = (
    ("目标", "target", "分解表的一行：一年里要办的一件事。", "One row of the table: a thing to be done in the year."),
    ("节点", "milestone", "一项目标在一个季度要到的一步。", "The step that a target is to reach in a quarter."),
    ("主责、牵头", "lead", "对目标负责的部门。", "The department that answers for a target."),
    ("配合、协办", "support", "帮忙的部门；接口与图谱里写作 coordinate。", "A department that helps; “coordinate” in the graph."),
    ("集合称谓", "collective", "一个名字指许多单位，如“各街（镇）”。", "One name for many bodies, such as 各街（镇）."),
    ("街坊、丘、地块", "block, lot, parcel", "地籍的大小单位；地块是任何叫法的一块地。", "Units of the cadastre; a parcel is land under any name."),
    ("范围", "scope", "辖区、年份、文件：每一页的数字都只算这个范围。", "District, year and notice: every figure of a page keeps to it."),
    ("版本", "version", "一次发布的全部内容；地址里带 /v/ 的页面永远不变。", "All that was published at once; pages under /v/ never change."),
)  # fmt: skip


def about(desk: Desk) -> str:
    """Describe this site: how it reads, its words and its marks."""
    return desk.page(
        "about.html",
        desk.say("关于条块", "About tiaokuai"),
        program=installed("tiaokuai"),
        words=_WORDS,
        totals=totals(desk.atlas),
        documents=len(desk.scope.documents),
        doubts=len(open_doubts(desk.snapshot)),
    )


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


def offline(desk: Desk) -> str:
    """Describe a site of files: its abilities, its limits, and how to make one."""
    return desk.page("offline.html", desk.say("没有服务器的网站", "A site without a server"))
