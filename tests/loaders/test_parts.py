"""Parts of a document: all are named, those that hold targets are read."""

from __future__ import annotations

import pytest
from notice_files import html, table
from pyoxigraph import QuerySolutions, Store

from graph.exports.document_json import document_json
from graph.triples.document import quads_of
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


def test_parts_and_unknown_columns_stand_in_the_graph() -> None:
    page = html(PLAN).replace(b"</body>", html(REGISTER) + b"</body>")
    store = Store()
    store.extend(quads_of(read_text(source_of("a.html", page))))

    def answers(pattern: str) -> list[tuple[str | None, ...]]:
        query = "PREFIX tk: <https://w3id.org/tiaokuai/ns#> SELECT DISTINCT " + pattern
        found = store.query(query, use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        return [tuple(getattr(term, "value", None) for term in row) for row in found]

    kinds = """?kind ?rows ?read ?why { ?p a tk:Part ; tk:partKind ?kind ; tk:rows ?rows ;
      tk:read ?read ; tk:evidence ?e FILTER(?rows > 0) OPTIONAL { ?p tk:reason ?why } } ORDER BY ?p"""
    assert answers(kinds) == [
        ("plan-table", "2", "true", None),
        ("register", "2", "false", "是项目或成员名单，没有写要做什么、由谁来做"),
    ]
    other = "?heading ?text ?quote { ?t tk:attribute ?a . ?a tk:heading ?heading ; tk:text ?text ; tk:quote ?quote }"
    assert answers(other) == [("经费来源", "市财政", "市财政")]
    read = "?t ?kind { ?t tk:part ?p . ?p tk:partKind ?kind }"
    assert [kind for _, kind in answers(read)] == ["plan-table"] * 2


def test_a_document_of_registers_alone_is_refused_by_their_names() -> None:
    with pytest.raises(NotANotice, match="a register"):
        read_text(source_of("a.html", html(REGISTER)))
