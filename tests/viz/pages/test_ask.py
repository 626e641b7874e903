"""The page of questions in plain words: what was understood, the choices, and the refusals."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from graph.store.snapshot import Snapshot
from viz.site import Request, answer


def page(snapshot: Snapshot, accept: str = "text/html", **params: str) -> str:
    reply = answer(snapshot, Request("/ask", tuple(params.items()), accept=accept))
    assert reply.status == 200
    return unescape(reply.body.decode())


def test_an_answer_says_how_it_was_understood(snapshot: Snapshot) -> None:
    body = page(snapshot, q="新华路今年要配合哪些事")
    assert "按『某部门要配合什么，哪些是推断』回答：部门＝新华路街道，上海市长宁区2019年" in body
    assert "“新华路”理解为新华路街道" in body
    assert "社会养老服务体系建设" in body
    assert "SELECT" in body
    assert f"/v/{snapshot.version.id}/queries/body-coordinates?name=" in body
    assert "/views/body.svg?name=" in body


def test_a_slot_is_changed_by_a_click(snapshot: Snapshot) -> None:
    body = page(snapshot, q="规土局二季度交什么")
    links = re.findall(r'href="(/ask\?[^"]+)"[^>]*>财政局<', body)
    assert links
    changed = page(
        snapshot, q="规土局二季度交什么", **{"as": "body-agenda", "name": "财政局", "quarter": "3"}
    )
    assert "部门＝财政局，季度＝3" in changed


def test_it_asks_back_with_choices(snapshot: Snapshot) -> None:
    body = page(snapshot, q="虹桥今年有什么任务")
    assert "可以有几种理解" in body
    assert "部门＝虹桥办" in body
    assert "部门＝虹桥街道" in body


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("帮我写一首诗", "这里只回答问题"),
        ("2018年规土局主责哪些目标", "没有2018年的文件"),
        ("SELECT ?s { ?s ?p ?o }", "放进 SPARQL 编辑器"),
        ("<script>alert(1)</script>", "没有执行任何东西"),
        ("新" * 10_000, "问题太长"),
        ("", "可以这样问"),
    ],
)
def test_refusals_say_what_can_be_asked(snapshot: Snapshot, words: str, says: str) -> None:
    body = page(snapshot, q=words)
    assert says in body
    assert "可以这样问" in body


def test_a_bare_name_finds_the_thing_too(snapshot: Snapshot) -> None:
    body = page(snapshot, q="飞乐")
    assert "名称和原文里有的" in body
    assert "飞乐地块" in body


def test_a_body_of_the_reform_is_answered_under_its_former_name(snapshot: Snapshot) -> None:
    body = page(snapshot, q="卫健委要配合什么")
    assert "卫计委" in body
    assert "没有这样的事实" not in body


def test_json_is_the_same_answer(snapshot: Snapshot) -> None:
    found = json.loads(page(snapshot, accept="application/json", q="哪些目标没有配合部门"))
    assert found["status"] == "answer"
    assert found["name"] == "no-coordinator"
    assert len(found["rows"]) == 2


def test_every_search_box_leads_here(snapshot: Snapshot) -> None:
    for path in ("/", "/targets", "/search"):
        body = answer(snapshot, Request(path)).body.decode()
        assert 'action="/ask" role="search"' in body
