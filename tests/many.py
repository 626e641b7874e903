"""Notices of several districts and years, for tests of what holds beyond a single notice."""

from __future__ import annotations

from pathlib import Path

from benchmarks.corpus import notice as generated
from graph.store.store import Store
from loaders.corpus.publish import contribution, publish
from loaders.formats.source import SourceText
from loaders.notice import SHIPPED, read_text

YEARS = (2017, 2018, 2019)


def texts(districts: int = 2, rows: int = 12) -> dict[str, str]:
    """The shipped notice under `districts` names and three years each, by file name."""
    shipped = SHIPPED.read_text(encoding="utf-8")
    first = {f"0-{y}.txt": shipped.replace("2019", str(y)) for y in YEARS}
    rest = {
        f"{d}-{y}.txt": generated(d * 20 + y - 2001, rows)
        for d in range(1, districts)
        for y in YEARS
    }
    return first | rest


def store_of(folder: Path, files: dict[str, str]) -> Store:
    """A store that holds these texts as one version."""
    made = Store(folder)
    sources = [SourceText(n, t.encode(), t, "text/plain") for n, t in files.items()]
    publish(made, [contribution(read_text(s), s.data) for s in sources])
    return made
