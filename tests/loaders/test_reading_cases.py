"""Small made-up documents, one for each way of laying out and wording that was once misread."""

from __future__ import annotations

import json
from typing import Any

import pytest
from folders import TESTS

from graph.exports.document_json import document_json
from loaders.errors import NotANotice
from loaders.notice import read

CASES = TESTS / "cases" / "reading"
NAMES = sorted(path.name.removesuffix(".expected.json") for path in CASES.glob("*.json"))
_BRACKETS = str.maketrans("（）", "()")


def squeezed(text: object) -> str:
    """A text without white space, brackets half-width."""
    return "".join(str(text or "").split()).translate(_BRACKETS)


def differences(wanted: dict[str, Any], targets: list[dict[str, Any]]) -> list[object]:
    """Compare a printed document with the answer, in the fields that the answer gives."""
    found: list[object] = []
    for answer in wanted.get("targets", ()):
        start = squeezed(answer["text"])
        row = next((t for t in targets if squeezed(t["text"]).startswith(start[:10])), None)
        if row is None:
            found.append(("missing", answer["text"]))
            continue
        for field in {"lead", "coordinate"} & answer.keys():
            if {*map(squeezed, row[field])} != {*map(squeezed, answer[field])}:
                found.append((answer["id"], field, row[field]))
        if "due" in answer and row.get("due") != answer["due"]:
            found.append((answer["id"], "due", row.get("due")))
        if "places" in answer and {p["name"] for p in row["places"]} != set(answer["places"]):
            found.append((answer["id"], "places", row["places"]))
        if "indicators" in answer:
            read_as = [[i["op"], i["value"], i.get("year")] for i in row["indicators"]]
            if [one[: len(i)] for one, i in zip(read_as, answer["indicators"], strict=False)] != (
                answer["indicators"]
            ):
                found.append((answer["id"], "indicators", row["indicators"]))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_case_is_read_as_its_answer_says(name: str) -> None:
    """Assignments and deadlines of all targets, and no more; without any, a refusal is right too."""
    wanted = json.loads((CASES / f"{name}.expected.json").read_text(encoding="utf-8"))
    try:
        printed = document_json(read(CASES / wanted["file"]))
    except NotANotice:
        printed = {"targets": [], "document": {}}
    assert differences(wanted, printed["targets"]) == []
    if "targets" in wanted:
        assert len(printed["targets"]) == len(wanted["targets"])
    said = printed["document"]
    for field, value in wanted.get("document", {}).items():
        assert squeezed(said.get(field)) == squeezed(value), field
