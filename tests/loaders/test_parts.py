"""Parts of a document: all are named, those that hold targets are read."""

from __future__ import annotations

import pytest
from notice_files import html, table

from graph.exports.document_json import document_json
from loaders.errors import NotANotice
from loaders.formats.source import source_of
from loaders.notice import read_text

PLAN = table(
    ("序号", "重点任务", "具体工作", "责任单位", "经费来源"),
    ("1", "扩大供水", "建成城西水厂二期，新增日供水能力5万吨。", "市水务局", "市财政"),
    ("2", "改善公交", "新开公交线路6条，新建候车亭80座。", "市交通运输局", ""),
)
REGISTER = table(
    ("序号", "园区名称", "建设地点", "总投资（亿元）"),
    ("1", "东湖智造园", "东湖区", "9.5"),
    ("2", "南浦光电园", "南浦区", "12"),
)


def test_a_later_table_under_another_heading_is_a_part_of_its_own() -> None:
    page = html(PLAN).replace(b"</body>", html(REGISTER) + b"</body>")
    found = document_json(read_text(source_of("a.html", page)))
    assert [(p["kind"], p["rows"], p["read"]) for p in found["document"]["parts"] if p["rows"]] == [
        ("plan-table", 2, True),
        ("register", 2, False),
    ]
    assert [d["kind"] for d in found["review"] if d["kind"] == "part-not-read"]
    assert [(t["project"], t["lead"], t["other"]) for t in found["targets"]] == [
        ("扩大供水", ["市水务局"], {"经费来源": "市财政"}),
        ("改善公交", ["市交通运输局"], {}),
    ]


def test_a_document_of_registers_alone_is_refused_by_their_names() -> None:
    with pytest.raises(NotANotice, match="a register"):
        read_text(source_of("a.html", html(REGISTER)))
