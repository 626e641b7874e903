"""How well places are read: F1 by kind on the shipped notice, against what people read in it.

Run `python -m benchmarks.places`. The rows of `tests/gold` were annotated by two people, the
rows of `tests/expected` by ourselves.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterable
from pathlib import Path

from loaders.notice import SHIPPED, read

ANSWERS = ("gold/changning-2019.part.json", "expected/places-changning-2019.json")
TESTS = Path(__file__).parents[1] / "tests"


def f1(found: Iterable[Hashable], wanted: Iterable[Hashable]) -> float:
    """The harmonic mean of precision and recall; 1 where nothing is wanted and nothing found."""
    one, other = set(found), set(wanted)
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def main() -> None:
    """Print the figures."""
    places = {t.id: t.places for t in read(SHIPPED).targets}
    for answers in ANSWERS:
        rows = json.loads((TESTS / answers).read_text(encoding="utf-8"))["targets"]
        wanted = {
            (row["id"], p["kind"], p["name"], cell)
            for row in rows
            for p in row["places"]
            for cell in p["cells"]
        }
        found = {
            (row["id"], p.kind, p.name, cell)
            for row in rows
            for p in places[row["id"]]
            for cell in p.cells
        }
        names = {key[:3] for key in wanted}, {key[:3] for key in found}
        print(f"{answers}: {len(rows)} rows, {len(names[0])} places")
        print(f"  by name {f1(*names):.3f}, by name and cell {f1(wanted, found):.3f}")
        for kind, count in sorted(Counter(key[1] for key in names[0] | names[1]).items()):
            both = ({key for key in side if key[1] == kind} for side in names)
            print(f"  {kind:9}{count:4}  {f1(*both):.3f}")


if __name__ == "__main__":
    main()
