"""CPU that reading a question in plain words takes.

    python -m benchmarks.asking [--store PLACE]

It reads the questions of `tests/queries/ask` against the shipped notice (or a store) and junk of
every kind, and prints CPU milliseconds: the median, the most, and what building the names takes.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from datetime import date
from pathlib import Path

from graph.open import open_store
from queries.ask.folding import MAX_CHARS
from queries.ask.index import index_of
from queries.ask.reader import read

TESTS = Path(__file__).parent.parent / "tests" / "queries" / "ask"
JUNK = [
    "", "？" * 500, "新" * 10_000, "牵头配合" * 150, "115街坊" * 110, "局" * 590, "a" * 600, "SELECT " * 80,
    "一二三四季度" * 90, "和" * 600, "目标15" * 110, "<script>" * 70, "\u202e" * 500, "各街(镇)" * 110,
    "静安区" * 190, "20192018" * 70, "没有配合单位" * 95, "which body leads " * 35,
]  # fmt: skip


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store")
    snapshot = open_store(parser.parse_args().store).open()
    began = time.process_time()
    index_of(snapshot)
    print(f"names: {1000 * (time.process_time() - began):.0f} ms, once for a version")
    lines = (TESTS / "shown.jsonl").read_text("utf-8").splitlines()
    asked = [json.loads(line)["question"] for line in lines]
    asked += [
        line.split("\t")[1] for line in (TESTS / "paraphrases.tsv").read_text("utf-8").splitlines()
    ]
    read(snapshot, asked[0])
    for name, words in (("questions", asked), ("junk", JUNK)):
        spent = []
        for text in (w[:MAX_CHARS] for w in words):
            began = time.process_time()
            read(snapshot, text, date(2019, 5, 1))
            spent.append(1000 * (time.process_time() - began))
        print(
            f"{name}: {len(words)}, median {statistics.median(spent):.2f} ms, most {max(spent):.2f} ms"
        )


if __name__ == "__main__":
    main()
