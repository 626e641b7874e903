"""The figures of how well the reader reads: what a page shows of them is what is measured."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.accuracy import FILE, measured
from graph.records import Document

NEEDED = {
    ("places", "all"): 0.95, ("places", "street"): 0.98, ("places", "block"): 0.98,
    ("places", "lot"): 0.98, ("places", "address"): 0.98, ("places", "road"): 0.98,
    ("indicators", "year"): 0.95, ("same", "pairs"): 0.95,
    ("projects", "listed"): 0.95, ("projects", "quarters"): 0.9,
    ("bodies", "lead"): 0.99, ("bodies", "coordinate"): 0.99,
}  # fmt: skip


@pytest.fixture(scope="module")
def figures(notice: Document) -> dict[str, Any]:
    return measured(notice)


def test_the_published_figures_are_the_measured_ones(figures: dict[str, Any]) -> None:
    """`python -m benchmarks.accuracy` rewrites them."""
    assert json.loads(FILE.read_text(encoding="utf-8")) == figures


def test_the_reader_is_as_good_as_promised(figures: dict[str, Any]) -> None:
    shown = {(f["kind"], f["part"]): f["f1"] for f in figures["figures"] if f["rows"] == "all"}
    assert {key: shown[key] for key in NEEDED if shown[key] < NEEDED[key]} == {}


def test_every_quote_and_every_milestone_is_where_it_belongs(figures: dict[str, Any]) -> None:
    assert figures["evidence"]["quotes"] > 1000
    assert figures["evidence"]["off"] == figures["evidence"]["astray"] == 0
