"""Cut answers: whole rows, each once, counted by rows and not by marks in texts."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from api.query.evaluate import Head, answer
from api.query.job import QueryJob
from graph.store.snapshot import Snapshot

MARKS = {"csv": "\\n" * 9, "json": ",{" * 9, "xml": "<result>" * 9, "tsv": "\\n" * 9}
"""By format, the mark between two rows, as a text of SPARQL."""
ROWS = 40


def asked(
    snapshot: Snapshot, form: str, count: int, mark: str, size: int
) -> tuple[Head, list[str]]:
    """The head of an answer of this many rows, and the texts in its body."""
    values = " ".join(map(str, range(count)))
    text = f"SELECT ?x {{ VALUES ?n {{ {values} }} BIND(CONCAT(STR(?n), ':{mark}') AS ?x) }}"

    def streamed(_: object) -> None:
        raise AssertionError("an answer with a cap is not streamed")

    found = answer(snapshot, QueryJob(text, form, None, ROWS, size), streamed, streamed)
    assert found is not None
    head, body = found
    assert head["is"] == "ok", head
    return head, texts(body, form)


def texts(body: bytes, form: str) -> list[str]:
    """The one column of a table, up to the colon."""
    if form == "json":
        rows = [row["x"]["value"] for row in json.loads(body)["results"]["bindings"]]
    elif form == "csv":
        rows = [row[0] for row in csv.reader(io.StringIO(body.decode(), newline=""))][1:]
    elif form == "tsv":
        rows = [line.strip('"') for line in body.decode().splitlines()[1:]]
    else:
        rows = re.findall(r"<literal>([^<]*)", body.decode())
    return [row.partition(":")[0] for row in rows]


@pytest.mark.parametrize("count", [0, 1, ROWS - 1, ROWS, ROWS + 1, 30 * ROWS])
@pytest.mark.parametrize("form", list(MARKS))
def test_rows_are_counted_and_not_marks_in_texts(snapshot: Snapshot, form: str, count: int) -> None:
    head, found = asked(snapshot, form, count, MARKS[form], 10**7)
    assert head["truncated"] == (count > ROWS)
    assert found == [str(n) for n in range(min(count, ROWS))]
    if head["truncated"]:
        assert head["rows"] == ROWS


@pytest.mark.parametrize("size", [1, 500, 2_000, 4_096])
@pytest.mark.parametrize("form", list(MARKS))
def test_an_answer_cut_by_its_bytes_has_each_row_once(
    snapshot: Snapshot, form: str, size: int
) -> None:
    head, found = asked(snapshot, form, ROWS, "a" * 400, size)
    assert head["truncated"]
    assert found == [str(n) for n in range(len(found))]
    assert head["rows"] == len(found) < ROWS
