"""Names of one body: shortened in a document, written in two ways, changed by a reform."""

from __future__ import annotations

import pytest
from folders import TESTS

from graph.records import Document
from graph.store.store import Store
from loaders.corpus import publish
from loaders.formats.source import source_of
from loaders.notice import read_text
from ontology.gazetteer import gazetteer
from viz.site import Request, answer

REFORM = """海清市东屏区2018年重点工作任务分工
1.推进医改。（牵头单位：区卫生计生委，配合单位：区人社局、区医保办）
2.治理黑臭河道。（牵头单位：区环保局，配合单位：区人力资源和社会保障局）
"""
AFTER = """海清市东屏区2024年重点工作任务分工
1.推进医改。（牵头单位：区卫生健康委，配合单位：区人社局、区医保局）
2.治理黑臭河道。（牵头单位：区住建局，配合单位：区人社局）
"""


@pytest.mark.parametrize(("label", "parts"), [
    ("市卫生健康委", ("市", "卫健委")),
    ("市场监管局", ("", "市场监管局")),
    ("市市场监督管理局", ("市", "市场监管局")),
    ("东屏区财政局", ("东屏区", "财政局")),
    ("区旅发委", ("区", "旅发委")),
    ("县低空经济专班", ("", "县低空经济专班")),
])  # fmt: skip
def test_a_label_is_a_level_and_a_known_name(label: str, parts: tuple[str, str]) -> None:
    assert gazetteer("海清市东屏区").parts(label) == parts


def document(name: str, text: str) -> tuple[Document, bytes]:
    data = text.encode()
    return read_text(source_of(name, data)), data


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    aliases = (TESTS / "documents" / "aliases.txt").read_text(encoding="utf-8")
    found = Store(tmp_path_factory.mktemp("names"))
    both = [document("a.txt", aliases), document("b.txt", REFORM), document("c.txt", AFTER)]
    publish.publish(found, [publish.contribution(d, data) for d, data in both])
    return found


def pairs(store: Store, query: str) -> set[tuple[str, str]]:
    solutions = store.memory().query(query)
    return {(s["a"].value, s["b"].value) for s in solutions}  # type: ignore[union-attr]


def test_two_names_of_one_body_are_linked_both_ways(store: Store) -> None:
    found = pairs(
        store, "SELECT ?a ?b { ?x tk:sameBody ?y . ?x skos:prefLabel ?a . ?y skos:prefLabel ?b }"
    )
    once = {("市资源规划局", "市自然资源和规划局"), ("市文化广电旅游局", "市文旅局"),
            ("区人社局", "区人力资源和社会保障局")}  # fmt: skip
    assert found == once | {(b, a) for a, b in once}


def test_a_short_name_is_found_by_the_full_one(store: Store) -> None:
    found = pairs(store, "SELECT ?a ?b { ?x skos:prefLabel ?a ; skos:altLabel ?b }")
    assert ("市城投集团", "海清市城市建设投资集团有限公司") in found
    assert ("区卫生计生委", "区卫计委") in found


def test_reforms_stand_at_the_level_of_the_body(store: Store) -> None:
    found = pairs(store, """SELECT ?a ?b { ?e a org:ChangeEvent ; org:originalOrganization/skos:prefLabel ?a ;
        org:resultingOrganization/skos:prefLabel ?b }""")  # fmt: skip
    assert found == {
        ("区卫生计生委", "区卫健委"),
        ("区环保局", "区生态环境局"),
        ("区医保办", "区医保局"),
    }


def test_the_page_of_a_body_names_its_other_name(store: Store) -> None:
    reply = answer(store.memory(), Request("/id/海清市/部门/市资源规划局", ()))
    page = reply.body.decode()
    assert "又写作" in page
    assert "市自然资源和规划局" in page


def test_a_body_is_compared_under_the_name_of_all_its_forms(store: Store) -> None:
    titles = {"a": "海清市东屏区2018年重点工作任务分工", "b": "海清市东屏区2024年重点工作任务分工"}
    page = answer(store.memory(), Request("/compare", tuple(titles.items()))).body.decode()
    assert "去掉0项，新增0项；换主责1项，提前0项，推后0项，数字变了0项，照旧1项" in page


def test_the_page_of_a_document_says_how_it_was_read(store: Store) -> None:
    page = answer(
        store.memory(), Request("/id/海清市/海清市国土空间生态修复工作分工", ())
    ).body.decode()
    assert "怎样读出：8个单位中3个不在名录。" in page
