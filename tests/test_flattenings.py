"""However a table was flattened, its rows are read the same; and tables of our own, with answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flattenings import FLATTENINGS, opening, table_of
from table_answers import FILES, answer_of

from graph.records import Document, Target
from loaders.notice import read_text
from loaders.source import source_of


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
