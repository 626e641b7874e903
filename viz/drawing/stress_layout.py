"""Lay out a network so that distances on paper are those along its ties.

The stress of Kamada and Kawai, made small by majorization (Gansner, Koren and North 2004) from
the start that classical scaling gives. Nothing is random.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_STEPS = 500
_STILL = 1e-4
"""The layout is done when no node moves further than this in a step."""

Matrix = NDArray[np.float64]


def laid_out(size: int, ties: Sequence[tuple[int, int, float]]) -> list[tuple[float, float]]:
    """Return a point for each of `size` nodes, tied by (one, other, length); parts side by side.

    >>> (x1, _), (x2, _), (x3, _) = sorted(laid_out(3, [(0, 1, 1.0), (1, 2, 2.0)]))
    >>> round(x2 - x1, 2), round(x3 - x2, 2)
    (1.0, 2.0)
    """
    far = _distances(size, ties)
    near = np.where(far > 0, far, 1.0)
    weights = np.where(far > 0, near**-2, 0.0)
    inverse = np.linalg.pinv(np.diag(weights.sum(axis=1)) - weights)
    at = _scaled(far)
    for _ in range(_STEPS):
        apart = np.linalg.norm(at[:, None] - at[None], axis=2)
        pulls = weights * far / np.where(apart > 1e-9, apart, 1.0)
        moved = inverse @ ((np.diag(pulls.sum(axis=1)) - pulls) @ at)
        still = np.abs(moved - at).max(initial=0.0) < _STILL
        at = moved
        if still:
            break
    return [(float(x), float(y)) for x, y in at]


def _distances(size: int, ties: Sequence[tuple[int, int, float]]) -> Matrix:
    """The lengths of the shortest ways; between parts a little more than the longest of them."""
    far = np.full((size, size), np.inf)
    np.fill_diagonal(far, 0.0)
    for one, other, length in ties:
        far[one, other] = far[other, one] = min(far[one, other], length)
    for through in range(size):
        far = np.minimum(far, far[:, through, None] + far[None, through])
    longest = far[np.isfinite(far)].max(initial=0.0)
    return np.where(np.isfinite(far), far, 1.2 * longest)


def _scaled(far: Matrix) -> Matrix:
    """Classical scaling; a ring is laid under it, or nodes that are tied alike would coincide."""
    size = len(far)
    centring = np.eye(size) - 1 / size
    values, vectors = np.linalg.eigh(-0.5 * centring @ far**2 @ centring)
    axes = vectors[:, -1:-3:-1] * np.sqrt(np.maximum(values[-1:-3:-1], 0.0))
    axes *= np.where(axes[np.abs(axes).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)
    angles = 2 * np.pi * np.arange(size) / size
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    placed: Matrix = axes + 0.05 * far.max(initial=0.0) * ring
    return placed
