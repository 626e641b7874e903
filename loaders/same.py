"""The same spot under two names: proposed with a reason and a confidence, never merged.

Inside one phrase, a name in brackets is another name of what stands before it, and a lot, an
address and a name written one after the other are one spot; a block is never the same as what
stands in it, unless the brackets give its plan number or corner. Across rows, names are
compared by their proper part, by slips of one character, and by the bodies of their rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from graph.records import Place, PlaceLink, Span, Target

_SPOTS = ("lot", "parcel", "address", "junction", "site")
_PROPER = re.compile(r"(?:土地|地块|区块|厂区块|商办|商业|综合|项目|厂|块)+$")


def links_of(targets: Sequence[Target]) -> tuple[PlaceLink, ...]:
    """The pairs of names that may be one spot, most certain first for each pair."""
    best: dict[frozenset[str], PlaceLink] = {}
    for target in targets:
        for link in _in_row(target):
            _keep(best, link)
    for one, other in combinations(targets, 2):
        for link in _across(one, other):
            _keep(best, link)
    return tuple(best.values())


def _keep(best: dict[frozenset[str], PlaceLink], link: PlaceLink) -> None:
    key = frozenset((link.left, link.right))
    if len(key) == 2 and (key not in best or best[key].confidence < link.confidence):
        best[key] = link


def _in_row(target: Target) -> Iterator[PlaceLink]:
    """Names of one phrase: side by side, or in brackets behind a name."""
    for cell in target.row.cells():
        here = sorted(
            (
                (e, p)
                for p in target.places
                for n, e in zip(p.cells, p.evidence, strict=True)
                if n == cell.name
            ),
            key=lambda pair: (pair[0].start, -pair[0].end),
        )
        for (a, left), (b, right) in combinations(here, 2):
            if a.end > b.start or not _may_be_one(left, right):
                continue
            between = cell.span.quote[a.end - cell.span.start : b.start - cell.span.start]
            if between.strip() in ("(", "（", ""):
                bracket = bool(between.strip())
                why = "括号里是前面地点的另一名称" if bracket else "连写的地块、门牌与名称指同一处"
                yield PlaceLink(left.name, right.name, Decimal("0.95"), why, (a, b))


def _may_be_one(left: Place, right: Place) -> bool:
    if left.kind == "block":
        return (
            right.kind == "junction"
            or re.match(r"[ⅠⅡⅢⅣⅤⅥA-Z]", right.name) is not None
            and (right.on_road == ())
        )
    return left.kind in _SPOTS and right.kind in _SPOTS


def _across(one: Target, other: Target) -> Iterator[PlaceLink]:
    """Names of two rows that share their proper part, or differ by a slip of one character."""
    shared = {a.label for a in one.assignments} & {a.label for a in other.assignments}
    for left in one.places:
        for right in other.places:
            if left.name == right.name or left.kind not in _SPOTS or right.kind not in _SPOTS:
                continue
            spans = (left.evidence[0], right.evidence[0])
            yield from _alike(left, right, bool(shared), spans)


def _alike(
    left: Place, right: Place, shared: bool, spans: tuple[Span, Span]
) -> Iterator[PlaceLink]:
    a, b = _PROPER.sub("", left.name), _PROPER.sub("", right.name)
    if a == b and len(a) >= 2:
        yield PlaceLink(left.name, right.name, Decimal("0.85"), f"两行都称“{a}”", spans)
    elif min(len(a), len(b)) >= 4 and (a.startswith(b) or b.startswith(a)):
        yield PlaceLink(
            left.name, right.name, Decimal("0.8"), f"一处写作“{a}”，一处写作“{b}”", spans
        )
    elif left.kind == right.kind == "address" and _slip(left.name, right.name) and shared:
        why = "门牌号相同，路名只差一字，部门相同，疑为误写"
        yield PlaceLink(left.name, right.name, Decimal("0.75"), why, spans)


def _slip(one: str, other: str) -> bool:
    """Whether one name is the other with one character left out of the road's name."""
    short, long = sorted((one, other), key=len)
    number = re.search(r"\d+", short)
    if number is None or len(long) != len(short) + 1:
        return False
    same_number = long.endswith(short[number.start() :])
    return same_number and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
