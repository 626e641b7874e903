"""Sums of lines, graph by graph: by the sum of all a version is known, by its own a graph."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable


class Sums:
    """The sum of the hashes of each graph's lines, and their number; or by how much they differ.

    A line is hashed as a store dumps it, without its end.
    """

    def __init__(self) -> None:
        self.totals: defaultdict[str, int] = defaultdict(int)
        self.counts: defaultdict[str, int] = defaultdict(int)

    def add(self, lines: Iterable[tuple[bytes, bytes]], sign: int = 1) -> None:
        """Adds lines, or takes them away: each a triple, and the name of its graph in brackets."""
        totals: defaultdict[bytes, int] = defaultdict(int)
        counts: defaultdict[bytes, int] = defaultdict(int)
        for triple, graph in lines:
            digest = hashlib.sha256(b"%b %b" % (triple, graph)).digest()
            totals[graph] += int.from_bytes(digest, "big")
            counts[graph] += 1
        for graph, count in counts.items():
            self.put(graph.decode()[1:-1], sign * totals[graph], sign * count)

    def put(self, graph: str, total: int, count: int) -> None:
        """Adds to the sum and the number of a graph."""
        self.totals[graph] += total
        self.counts[graph] += count

    def of(self, graphs: Iterable[str]) -> tuple[int, int]:
        """The sum and the number of the lines of some graphs."""
        names = [name for name in graphs if name in self.counts]
        return sum(self.totals[n] for n in names), sum(self.counts[n] for n in names)

    @property
    def all(self) -> tuple[int, int]:
        """The sum and the number of all lines."""
        return sum(self.totals.values()), sum(self.counts.values())
