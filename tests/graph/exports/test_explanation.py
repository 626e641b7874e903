"""Each edge names the rule that made it, and the text that no rule took is listed."""

from __future__ import annotations

from folders import TESTS

from graph.exports.document_json import document_json
from graph.exports.explanation import explained
from loaders.notice import SHIPPED, read
from loaders.prose.rules.table import RULES


def test_the_rules_of_a_list_and_the_text_that_none_took() -> None:
    document = read(TESTS / "documents" / "duties-announced.txt")
    printed = explained(document, document_json(document))
    rules = [edge["rule"] for row in printed["targets"] for edge in row["explain"]]
    assert rules == ["bracket of roles"] * 2 + ["announced duty"] * 5
    assert {*rules} <= {rule.name for rule in RULES}
    assert [line["quote"] for line in printed["untaken"]] == ["（二）营造良好氛围。加强宣传引导。"]


def test_every_edge_of_the_shipped_notice_has_a_rule() -> None:
    document = read(SHIPPED)
    printed = explained(document, document_json(document))
    edges = [edge for row in printed["targets"] for edge in row["explain"]]
    assert len(edges) == sum(len(t.assignments) for t in document.targets)
    assert {edge["rule"].partition(":")[0] for edge in edges} == {"cell"}
    lines = printed["untaken"]
    assert all(document.text[u["start"] : u["end"]] == u["quote"] for u in lines)
    spans = [t.row.text.span for t in document.targets]
    assert not [u for u in lines for s in spans if s.start < u["end"] and u["start"] < s.end]
