"""How the numbers of the quarters add up to the year's: cumulative, increments of it, or states.

The figures decide, not the words: shares of a target and those that grow to the year's figure
are cumulative, those that sum up to it are increments, rates and equal figures are states.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from graph.records import Accumulation, Indicator

OF_TARGET = re.compile(
    r"(?:目标|任务|指标|总量|总数|计划|工程|项目|进度|工作量)(?:任务)?(?:的|完成|量)*$|^(?:累计)?完成$"
)
_RATE = re.compile(r"率|比例|比重|占比|水平|强度|浓度|满意度|指数")
_ALIKE = 0.6
"""The share of the pairs of characters of a measure that another writing of it has too."""


@dataclass(frozen=True, slots=True)
class Read:
    """An indicator with the words before its number, which say how it adds up."""

    indicator: Indicator
    before: str
    clause: str

    @property
    def growth(self) -> bool:
        """Return whether the number is one of growth, which adds up to nothing."""
        return self.indicator.growth

    @property
    def is_rate(self) -> bool:
        """Return whether the number is a rate, which is as it is at the time."""
        return bool(_RATE.search(self.indicator.what)) or "/" in self.indicator.unit

    @property
    def of_target(self) -> bool:
        """Return whether the number is a share of some target."""
        return self.indicator.unit in ("%", "") and bool(OF_TARGET.search(self.before))


@dataclass(frozen=True, slots=True)
class _Series:
    """The numbers of one measure over the quarters, as far as they decide."""

    several: bool
    """More than one, each in a quarter of its own."""
    equal: bool
    growing: bool
    total: Decimal


_FEW = 12
"""Up to so many texts are gone through; an index of their pairs would cost more."""


class _Words:
    """Texts, found by the pairs of characters that they share with another.

    Of two texts that share three pairs in five, each of the two rarest fifths of the shorter
    one's pairs and one more cannot be missing: so only rare pairs are looked up.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = frozenset(texts)
        self.holding: dict[str, list[str]] = defaultdict(list)
        self.rarely: dict[str, list[str]] = defaultdict(list)
        if len(self.texts) <= _FEW:
            return
        for text in self.texts:
            for pair in _pairs(text):
                self.holding[pair].append(text)
        for text in self.texts:
            for pair in self._rarest(text):
                self.rarely[pair].append(text)

    def alike(self, words: str, *, inside: bool = False) -> list[str]:
        """The texts that are another writing of `words`, or, `inside`, that hold them."""
        if not _pairs(words):
            return [words] if words in self.texts else []
        return [text for text in self._near(words) if self._share(words, text, inside) >= _ALIKE]

    def _near(self, words: str) -> Iterable[str]:
        if len(self.texts) <= _FEW:
            return self.texts
        near = {text for pair in self._rarest(words) for text in self.holding.get(pair, ())}
        return near | {text for pair in _pairs(words) for text in self.rarely.get(pair, ())}

    def _rarest(self, words: str) -> list[str]:
        pairs = sorted(_pairs(words), key=lambda p: (len(self.holding.get(p, ())), p))
        return pairs[: 2 * len(pairs) // 5 + 1]

    @staticmethod
    def _share(words: str, text: str, inside: bool) -> float:
        short = _pairs(words if inside or len(words) <= len(text) else text)
        return len(_pairs(words) & _pairs(text)) / len(short) if short else 0.0


@lru_cache(maxsize=4096)
def _pairs(words: str) -> frozenset[str]:
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


def accumulations(found: Sequence[Read]) -> list[Accumulation | None]:
    """How each number of a row adds up; None where nothing in the row tells.

    Growth adds up to nothing.
    """
    years = [r for r in found if r.indicator.when == "year"]
    quarters = [r for r in found if r.indicator.when != "year"]
    row = _Row(years, quarters)
    return [
        None if r.growth else row.of_year(r) if r.indicator.when == "year" else row.of_quarter(r)
        for r in found
    ]


_Key = tuple[str, bool]


class _Row:
    """The numbers of a row, by what the rules ask for."""

    def __init__(self, years: Sequence[Read], quarters: Sequence[Read]) -> None:
        self.numbers: dict[tuple[str, bool, str], list[tuple[int, Read]]] = defaultdict(list)
        self.clauses: dict[tuple[str, str], list[Read]] = defaultdict(list)
        self.figures: dict[tuple[str, Decimal], list[Read]] = defaultdict(list)
        self.targets = [r for r in quarters if r.indicator.unit == "%" and r.of_target]
        units: dict[str, list[Indicator]] = defaultdict(list)
        for at, one in enumerate(quarters):
            i = one.indicator
            self.numbers[i.unit, i.growth, i.what].append((at, one))
            self.clauses[i.unit, one.clause].append(one)
            self.figures[i.unit, i.value].append(one)
            units[i.unit].append(i)
        self.sums = {
            unit: sum((i.value for i in same), Decimal(0))
            for unit, same in units.items()
            if unit and len({i.when for i in same}) == len(same) > 1
        }
        self.summed = {
            y.indicator.unit for y in years if self.sums.get(y.indicator.unit) == y.indicator.value
        }
        self.wanted = {(y.indicator.unit, y.indicator.value) for y in years}
        self.whats = {key: _Words(w) for key, w in _grouped(self.numbers).items()}
        self.saids = {unit: _Words(c for u, c in self.clauses if u == unit) for unit in units}
        self.series: dict[tuple[str, bool, str], _Series] = {}
        self.ways: dict[tuple[str, bool, str], frozenset[Accumulation]] = {}
        self.reaching: dict[tuple[str, Decimal], frozenset[Accumulation]] = {}

    def of_quarter(self, one: Read) -> Accumulation | None:
        """A share of a target adds up; a rate does not; else the series of the measure tells."""
        i, share = one.indicator, one.indicator.unit in ("%", "")
        if "累计" in one.before or one.of_target:
            return "cumulative"
        if share and one.is_rate:
            return "state"
        series = self._series(i)
        if not share:
            sums = series.several and (i.unit, series.total) in self.wanted
            if i.unit in self.summed or sums:
                return "increment"
        if series.several and series.equal:
            return "state"
        if series.several and series.growing:
            return "cumulative"
        return "state" if one.is_rate else None

    def of_year(self, one: Read) -> Accumulation | None:
        """As its quarters do: those of the same measure, else those that reach its figure."""
        i = one.indicator
        if self.sums.get(i.unit) == i.value:
            return "increment"
        found = self._ways(one)
        if not found and i.unit not in ("%", ""):
            found = self._ways_reaching(i)
        if len(found) == 1:
            return next(iter(found))
        if "累计" in one.before:
            return "cumulative"
        return "state" if one.is_rate else None

    def _ways(self, year: Read) -> frozenset[Accumulation]:
        """Return how the quarters of a year's number add up, worked out once a measure."""
        i = year.indicator
        key = (i.unit, i.growth, i.what)
        if key not in self.ways:
            ways = (self.of_quarter(r) for r in self._pairing(year) if not r.growth)
            self.ways[key] = frozenset(way for way in ways if way)
        return self.ways[key]

    def _ways_reaching(self, i: Indicator) -> frozenset[Accumulation]:
        """Return how the quarters that reach a year's figure add up, worked out once a figure."""
        key = (i.unit, i.value)
        if key not in self.reaching:
            ways = (self.of_quarter(r) for r in self.figures.get(key, ()))
            self.reaching[key] = frozenset(way for way in ways if way and way != "state")
        return self.reaching[key]

    def _series(self, i: Indicator) -> _Series:
        key = (i.unit, i.growth, i.what)
        if key not in self.series:
            same = [r.indicator for r in self._alike(i)]
            values = [s.value for s in same]
            self.series[key] = _Series(
                several=len({s.when for s in same}) == len(same) > 1,
                equal=len(set(values)) == 1,
                growing=values == sorted(values),
                total=sum(values, Decimal(0)),
            )
        return self.series[key]

    def _alike(self, i: Indicator) -> list[Read]:
        """The numbers of the quarters of the same measure, in order."""
        words = self.whats.get((i.unit, i.growth))
        whats = words.alike(i.what) if words else []
        found = [n for what in whats for n in self.numbers[i.unit, i.growth, what]]
        return [one for _, one in sorted(found, key=lambda n: n[0])]

    def _pairing(self, year: Read) -> Iterable[Read]:
        """The numbers of the quarters that count toward a year's, by measure or as its share."""
        i = year.indicator
        yield from self._alike(i)
        if not i.growth and i.unit != "%":
            yield from (r for r in self.targets if i.what in r.before)
        words = self.saids.get(i.unit)
        for clause in words.alike(i.what, inside=True) if words else ():
            yield from self.clauses[i.unit, clause]


def _grouped(keys: Iterable[tuple[str, bool, str]]) -> dict[_Key, list[str]]:
    grouped: dict[_Key, list[str]] = defaultdict(list)
    for unit, growth, what in keys:
        grouped[unit, growth].append(what)
    return grouped
