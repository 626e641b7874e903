"""The shipped notice, whole: who leads and coordinates in every row, and that all is quoted."""

from __future__ import annotations

import json
from typing import Any

from folders import TESTS

from graph.exports.document_json import document_json
from graph.records import Document

EXPECTED = TESTS / "expected"


def test_every_lead_and_coordinate_edge(notice: Document) -> None:
    """Equal to a reading of all 60 rows by a person."""
    wanted = json.loads((EXPECTED / "bodies-changning-2019.json").read_text(encoding="utf-8"))
    found = {
        t.id: {role: [a.label for a in t.bodies(role)] for role in ("lead", "coordinate")}
        for t in notice.targets
    }
    assert found == wanted


def test_the_head(notice: Document) -> None:
    head = document_json(notice)["document"]
    parts = head.pop("parts")
    assert head.pop("sure") < 1
    head.pop("sure_of")
    assert [(p["kind"], p["rows"]) for p in parts if p["read"]] == [("plan-table", 60)]
    assert head == {
        "title": "上海市长宁区人民政府关于印发区政府2019年重点工作目标的通知",
        "number": "长府〔2019〕5号",
        "index": "RA0300000-2019-002",
        "issuer": "上海市长宁区政府办公室",
        "jurisdiction": "上海市长宁区",
        "year": 2019,
        "sha256": "d2aac1846414981e64e82f61394a852c863c99a6ce35bf9a62b8f625862e0a98",
        "text_id": "d2aac1846414",
        "dates": {"signed": "2019-02-03", "published": "2019-01-31"},
        "kind": "notice",
    }
    assert [d.kind for d in notice.review if d.cell == "head"] == ["dates"]


def _spans(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        own = [value] if {"start", "end", "quote"} <= value.keys() else []
        return own + [s for v in value.values() for s in _spans(v)]
    if isinstance(value, list):
        return [s for v in value for s in _spans(v)]
    return []


def test_every_quote_stands_at_its_offsets(notice: Document) -> None:
    spans = _spans(document_json(notice))
    assert len(spans) > 1000
    for span in spans:
        assert notice.text[span["start"] : span["end"]] == span["quote"]


def test_milestones_lie_in_the_cell_of_their_quarter(notice: Document) -> None:
    for target in notice.targets:
        for step in target.milestones:
            cell = target.row.quarters[step.quarter - 1]
            assert cell is not None
            assert cell.span.holds(step.evidence), (target.id, step)


def test_places_of_the_annotated_rows(notice: Document, gold: dict[str, Any]) -> None:
    found = {t.id: {(p.name, p.kind): list(p.cells) for p in t.places} for t in notice.targets}
    for name, target in gold.items():
        wanted = {(p["name"], p["kind"]): p["cells"] for p in target["places"]}
        assert found[name] == wanted, name


def test_indicators_of_the_annotated_rows(notice: Document, gold: dict[str, Any]) -> None:
    for target in notice.targets:
        if target.id in gold:
            wanted = sorted(
                (float(i["value"]), i["unit"], i["op"])
                for i in gold[target.id]["indicators"]
                if i["when"] == "year"
            )
            found = sorted(
                (float(i.value), i.unit, i.op) for i in target.indicators if i.when == "year"
            )
            assert found == wanted, target.id
