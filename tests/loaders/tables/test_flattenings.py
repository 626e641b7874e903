"""However a table was flattened, its rows are read the same; and tables of our own, with answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flattenings import FLATTENINGS, opening, table_of
from table_answers import FILES, answer_of

from graph.records import Document, Target
from loaders.formats.source import source_of
from loaders.notice import read_text


def _row(target: Target) -> dict[str, Any]:
    row = target.row
    cells = (row.domain, row.theme, row.text, *row.quarters)
    return {
        "number": row.number,
        "cells": [c.text if c else None for c in cells],
        "lead": [a.label for a in target.bodies("lead")],
        "coordinate": [a.label for a in target.bodies("coordinate")],
    }


@pytest.mark.parametrize("name", FLATTENINGS)
def test_a_flattened_table_reads_like_the_table(name: str, notice: Document) -> None:
    text = opening(notice) + FLATTENINGS[name](table_of(notice))
    found = read_text(source_of("a", text.encode()))
    assert [_row(t) for t in found.targets] == [_row(t) for t in notice.targets]
    for target in found.targets:
        for cell in (*target.row.cells(), target.row.lead, target.row.coordinate):
            assert cell is None or text[cell.span.start : cell.span.end] == cell.span.quote


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_a_table_says_what_a_person_read_in_it(path: Path) -> None:
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert answer_of(path) == wanted


RENAMED = {
    "上海市长宁区": "海清市东屏区", "发改委": "发展改革局", "规土局": "自然资源和规划分局",
    "建交委": "城乡建设局", "国资委": "国资中心", "环保局": "生态环境分局", "商务委": "商务局",
    "卫计委": "卫生健康局", "绿化市容局": "城市管理局", "文化局": "文旅体局",
    "金融办": "金融服务中心", "房管局": "住房保障中心", "人社局": "人力社保局", "民防办": "国动办",
    "安监局": "应急管理局", "审改办": "行政审批局", "市场监管局": "市场监督管理局",
    "长宁": "东屏",
}  # fmt: skip
"""The bodies of a district that no list knows."""


@pytest.mark.parametrize("name", ["a cell a paragraph, headings on each page", "a cell a line"])
def test_a_table_of_bodies_that_no_list_knows(name: str, notice: Document) -> None:
    def renamed(text: str) -> str:
        for old, new in RENAMED.items():
            text = text.replace(old, new)
        return text

    text = renamed(opening(notice) + FLATTENINGS[name](table_of(notice)))
    found = read_text(source_of("a", text.encode()))
    wanted, read = (
        {
            (target.id, assignment.role, renamed(assignment.label))
            for target in document.targets
            for assignment in target.assignments
            if not assignment.label.endswith("街道")
        }
        for document in (notice, found)
    )
    assert len(wanted ^ read) <= 0.03 * len(wanted)
