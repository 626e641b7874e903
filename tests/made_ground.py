"""Made ground with known truth: streets as squares of a kilometre, blocks and lots inside them.

The names are those of the shipped notice; where anything lies is invented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import shapely

STREETS = {
    "北新泾街道": (0, 2), "周家桥街道": (1, 2), "华阳路街道": (2, 2), "江苏路街道": (3, 2),
    "新泾镇": (0, 1), "仙霞新村街道": (1, 1), "天山路街道": (2, 1), "新华路街道": (3, 1),
    "程家桥街道": (1, 0), "虹桥街道": (2, 0),
}  # fmt: skip
"""Column and row of each square, from the south-west."""
BLOCKS = {
    "22街坊": "虹桥街道",
    "34街坊": "天山路街道",
    "115街坊": "北新泾街道",
    "71街坊": "新华路街道",
}
LOTS = {"22街坊22/1丘": "22街坊", "34街坊77/1丘": "34街坊", "71街坊1/2丘": "71街坊"}
ACROSS = "19街坊"
"""A block half in 华阳路街道, half in 江苏路街道: it lies in neither."""
ASTRAY = "49街坊"
"""The notice has it in 新华路街道; its geometry lies in 程家桥街道."""
_WEST, _SOUTH, _WIDE, _HIGH = 121.34, 31.18, 0.0105, 0.009


def square(column: float, row: float, size: float = 1.0) -> Any:
    """A square by its lower left corner, in widths of a street."""
    west, south = _WEST + column * _WIDE, _SOUTH + row * _HIGH
    return shapely.box(west, south, west + size * _WIDE, south + size * _HIGH)


def streets() -> dict[str, Any]:
    """The ten streets."""
    return {name: square(*at) for name, at in STREETS.items()}


def parcels() -> dict[str, Any]:
    """Blocks and lots, each in the middle of what it lies in, but for the two odd ones."""
    found = {}
    for name, street in BLOCKS.items():
        column, row = STREETS[street]
        found[name] = square(column + 0.3, row + 0.3, 0.4)
    for name, block in LOTS.items():
        column, row = STREETS[BLOCKS[block]]
        found[name] = square(column + 0.4, row + 0.4, 0.1)
    found[ACROSS] = square(2.9, 2.4, 0.2)
    column, row = STREETS["程家桥街道"]
    found[ASTRAY] = square(column + 0.2, row + 0.2, 0.2)
    return found


def touching() -> set[frozenset[str]]:
    """The truth: squares with a common side or corner."""
    return {
        frozenset((a, b))
        for (a, one), (b, other) in combinations(STREETS.items(), 2)
        if max(abs(one[0] - other[0]), abs(one[1] - other[1])) == 1
    }


def within() -> set[tuple[str, str]]:
    """The truth: what lies in which street or block by geometry."""
    lots = {(lot, BLOCKS[block]) for lot, block in LOTS.items()} | set(LOTS.items())
    return {*BLOCKS.items(), *lots, (ASTRAY, "程家桥街道")}


def geojson(shapes: dict[str, Any], move: Callable[[Any], Any] | None = None, **whole: Any) -> str:
    """A FeatureCollection of named shapes, moved if wanted."""
    features = []
    for name, shape in shapes.items():
        moved = shapely.transform(shape, move) if move else shape
        geometry = json.loads(shapely.to_geojson(moved))
        features.append({"type": "Feature", "properties": {"名称": name}, "geometry": geometry})
    return json.dumps(
        {"type": "FeatureCollection", **whole, "features": features}, ensure_ascii=False
    )


def written(
    path: Path, shapes: dict[str, Any], driver: str, crs: str, encoding: str = "UTF-8"
) -> Path:
    """A file that GDAL writes."""
    import pyogrio

    pyogrio.raw.write(
        str(path), shapely.to_wkb(np.array(list(shapes.values()), dtype=object)),
        [np.array(list(shapes), dtype=object)], ["名称" if driver != "KML" else "Name"],
        geometry_type="Polygon", crs=crs, driver=driver, encoding=encoding,
    )  # fmt: skip
    return path


def pairs(rows: Iterable[tuple[str, str]]) -> set[frozenset[str]]:
    """Pairs in no order."""
    return {frozenset(row) for row in rows}
