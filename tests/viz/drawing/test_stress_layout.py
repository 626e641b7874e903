"""The layout of least stress: ties keep their lengths, and nothing falls on one spot."""

from __future__ import annotations

import math
from itertools import combinations

import pytest

from viz.drawing.stress_layout import laid_out


def test_a_way_keeps_its_lengths() -> None:
    at = laid_out(4, [(0, 1, 1.0), (1, 2, 0.5), (2, 3, 2.0)])
    for one, other, length in ((0, 1, 1.0), (1, 2, 0.5), (2, 3, 2.0), (0, 3, 3.5)):
        assert math.dist(at[one], at[other]) == pytest.approx(length, rel=0.03)


@pytest.mark.parametrize(
    "ties",
    [
        [(0, leaf, 1.0) for leaf in range(1, 13)],  # tied alike, all of them
        [(0, 1, 1.0), (1, 2, 1.0), (3, 4, 1.0), (5, 6, 1.0)],  # in three parts
        [(one, other, 1.0) for one, other in combinations(range(8), 2)],  # each with each
    ],
)
def test_no_two_nodes_stand_on_one_spot(ties: list[tuple[int, int, float]]) -> None:
    size = 1 + max(other for _, other, _ in ties)
    at = laid_out(size, ties)
    assert min(math.dist(a, b) for a, b in combinations(at, 2)) > 0.1
    assert at == laid_out(size, ties)
