"""Whole notices with annotated answers: assignments, their quotes, deadlines, issuers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from folders import TESTS

from graph.exports.document_json import document_json
from graph.quality import quality_of, reasons
from graph.records import Document
from loaders.errors import NotANotice
from loaders.formats.source import SourceText
from loaders.notice import read, read_text

FOLDER = TESTS / "documents"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def answers(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return found


def document_text(name: str) -> str:
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def document(name: str) -> Document:
    return read(FOLDER / f"{name}.txt")


@pytest.mark.parametrize("name", [n for n in NAMES if answers(n)["targets"]])
def test_who_does_what(name: str) -> None:
    wanted = answers(name)
    found = document_json(document(name))
    rows = [
        {key: row[key] for key in ("id", "text", "lead", "coordinate", "roles")}
        for row in found["targets"]
    ]
    for row, answer in zip(rows, wanted["targets"], strict=False):
        beginning = "".join(answer["text"].split())
        if row["text"].startswith(beginning):
            row["text"] = answer["text"]
    assert rows == wanted["targets"]
    head = found["document"]
    assert (head["jurisdiction"], head["year"]) == (wanted["jurisdiction"], wanted["year"])


@pytest.mark.parametrize("name", [n for n in NAMES if not answers(n)["targets"]])
def test_nobody_is_given_a_task_where_none_is(name: str) -> None:
    try:
        found = document(name)
    except NotANotice:
        return
    assert [(t.id, a.label) for t in found.targets for a in t.assignments] == []


@pytest.mark.parametrize("name", [n for n in NAMES if answers(n)["targets"]])
def test_every_quote_stands_at_its_offsets(name: str) -> None:
    found = document(name)
    spans = [a.evidence for t in found.targets for a in t.assignments]
    spans += [c.span for t in found.targets for c in (*t.row.cells(), t.row.lead) if c]
    assert spans
    assert all(found.text[s.start : s.end] == s.quote for s in spans)


LEFT_OUT = (
    "damaged", "dashes-and-circled", "labels-in-lines-that-wrap", "labels-without-colons",
    "mechanism-in-one-sentence", "wrapped-print", "wrapped-with-both-labels",
)  # fmt: skip
"""Layouts in which a space cannot replace a line break."""


@pytest.mark.parametrize("name", [n for n in NAMES if n not in LEFT_OUT])
def test_a_page_in_one_line_reads_like_its_lines(name: str) -> None:
    text = " ".join(document_text(name).split("\n"))
    try:
        targets = read_text(SourceText("a.txt", text.encode(), text, "text/plain")).targets
    except NotANotice:
        targets = ()
    units = [sorted(a.label for a in t.assignments) for t in targets]
    if not answers(name)["targets"]:
        units = [labels for labels in units if labels]
    assert units == [sorted([*r["lead"], *r["coordinate"]]) for r in answers(name)["targets"]]


@pytest.mark.parametrize(("name", "why", "below"), [
    ("page-furniture", "unknown=9,1", "1.00"),
    ("damaged", "cut=1 unknown=8,1", "0.96"),
    ("group-closers", "closer=6", "0.91"),
    ("duties-at-the-end", "sentence=4 silent=2", "0.81"),
    ("first-unit-leads", "rule=4 unknown=13,4", "0.98"),
])  # fmt: skip
def test_a_document_says_why_it_was_read_no_better(name: str, why: str, below: str) -> None:
    quality = quality_of(document(name))
    assert quality.why == why
    assert quality.sure < below
    assert all(len(reasons(why, language)) == len(why.split()) for language in ("zh", "en"))


def printed(text: str, width: int) -> str:
    """The text as a print gives it back: lines cut at a width, a page number every 20 lines."""
    lines: list[str] = []
    for line in text.splitlines():
        at = 0
        while at < len(line):
            end, used = at, 0
            while end < len(line) and (used < width or line[end] in "，。；：、）”"):
                used += 1 if line[end] < "\u2e80" else 2
                end += 1
            lines.append(line[at:end])
            at = end
            if len(lines) % 20 == 0:
                lines.append(f"— {len(lines) // 20} —")
    return "\n".join(lines)


@pytest.mark.parametrize("width", [52, 64])
@pytest.mark.parametrize("name", ["report-duties-of-a-province", "first-unit-leads", "opc-order-and-implicit", "unions"])  # fmt: skip
def test_a_print_of_a_notice_reads_like_the_notice(name: str, width: int) -> None:
    text = printed(document(name).text, width)
    found = read_text(SourceText("print.txt", text.encode(), text, "text/plain"))
    assert [[a.label for a in t.assignments] for t in found.targets] == [
        [*row["lead"], *row["coordinate"]] for row in answers(name)["targets"]
    ]
    for target in found.targets:
        for one in target.assignments:
            assert text[one.evidence.start : one.evidence.end] == one.evidence.quote
