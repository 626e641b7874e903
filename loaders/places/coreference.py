"""The same spot under two names: proposed with a reason and a confidence, never merged.

Inside one phrase, a name in brackets is another name of what stands before it, and a lot, an
address and a name written one after the other are one spot. A block is larger than what stands
in it: it is taken for one spot with the plot in its brackets only where the document names
nothing else in that block, and never with a building. Across rows, names are compared by their
proper part, by slips of one character, by the quarters and the bodies of their rows.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from itertools import combinations

from graph.records import Cell, Place, PlaceLink, Span, Target
from ontology.names import squeeze

_SPOTS = ("lot", "parcel", "address", "junction", "site")
_PLAIN = re.compile(r"(?:土地|地块|区块|厂区块?|商办|商业|综合|项目|厂)+$")
_RAIL = re.compile(r"(?:轨交|轨道交通|地铁)(\d+号线)")
_TELLING = set("东西南北中支一二三四五六七八九十")
"""One of these more or less is another road, not a slip."""
_FROM = Decimal("0.7")

Pair = tuple[str, str]


def links_of(targets: Sequence[Target]) -> tuple[PlaceLink, ...]:
    """The pairs of names that may be one spot, each with the best reason for it.

    From a confidence of 0.7 on they count as the same; two names that are the same as a third
    are the same as each other.
    """
    best: dict[Pair, PlaceLink] = {}
    for link in (*_in_phrases(targets), *_across(targets)):
        _keep(best, link)
    _doubt_names_of_many(best, targets)
    _keep_blocks_apart(best, targets)
    for link in _follow(best):
        _keep(best, link)
    return tuple(best.values())


def _keep(best: dict[Pair, PlaceLink], link: PlaceLink) -> None:
    key = (link.left, link.right) if link.left < link.right else (link.right, link.left)
    if link.left != link.right and (key not in best or best[key].confidence < link.confidence):
        best[key] = link


def _in_phrases(targets: Sequence[Target]) -> Iterator[PlaceLink]:
    """Names of one phrase: side by side, or in brackets behind a name."""
    touching = [t for target in targets for t in _touching(target)]
    inside: dict[str, set[str]] = defaultdict(set)
    for target in targets:
        for place in target.places:
            if place.kind == "lot" and place.within:
                inside[place.within].add(place.name)
    for left, right, _, _, _ in touching:
        if left.kind == "block" and right.kind != "lot":
            inside[left.name].add(right.name)
    for left, right, between, span, other in touching:
        bracket = between == "("
        if left.kind == "block":
            if bracket and right.kind != "site" and inside[left.name] == {right.name}:
                why = "括号里是该街坊出现的唯一地块的编号或名称"
                yield PlaceLink(left.name, right.name, Decimal("0.75"), why, (span, other))
        elif bracket:
            why = "括号里是前面地点的另一名称"
            yield PlaceLink(left.name, right.name, Decimal("0.95"), why, (span, other))
        else:
            why = "丘、门牌与名称连写，指同一处"
            yield PlaceLink(left.name, right.name, Decimal("0.9"), why, (span, other))


def _touching(target: Target) -> Iterator[tuple[Place, Place, str, Span, Span]]:
    """Pairs of places of a row with nothing between them, or one bracket that opens."""
    for cell in target.row.cells():
        here = _standing(target, cell)
        for (span, left), (other, right) in combinations(here, 2):
            if span.end > other.start or right.kind not in _SPOTS:
                continue
            if left.kind != "block" and left.kind not in _SPOTS:
                continue
            if left.kind == "lot" and any("、" in form for form in left.named_as):
                continue  # 71街坊1/2、16/2丘(上钢褐石): the name is that of both
            start = cell.span.start
            between = squeeze(cell.span.quote[span.end - start : other.start - start])
            if between in ("", "(", "（"):
                yield left, right, between.replace("（", "("), span, other


def _standing(target: Target, cell: Cell) -> list[tuple[Span, Place]]:
    """The places of a cell in reading order."""
    return sorted(
        (
            (span, place)
            for place in target.places
            for name, span in zip(place.cells, place.evidence, strict=True)
            if name == cell.name
        ),
        key=lambda pair: (pair[0].start, -pair[0].end),
    )


def _across(targets: Sequence[Target]) -> Iterator[PlaceLink]:
    """Names of two rows, or of two cells of one, that are alike."""
    named: list[tuple[str, Place, set[str]]] = []
    for target in targets:
        bodies = {a.label for a in target.assignments}
        named += [(_COMPARED[p.kind], p, bodies) for p in target.places if p.kind in _COMPARED]
    for (group, left, ours), (other, right, theirs) in combinations(named, 2):
        if group != other or left.name == right.name:
            continue
        found = _alike(group, left, right, not ours.isdisjoint(theirs))
        if found is not None:
            confidence, reason = found
            spans = (left.evidence[0], right.evidence[0])
            yield PlaceLink(left.name, right.name, confidence, reason, spans)


_COMPARED = {"parcel": "plot", "site": "plot", "address": "house", "zone": "zone", "line": "line"}
"""The kinds whose names are compared, each with its like."""


def _alike(group: str, left: Place, right: Place, bodies: bool) -> tuple[Decimal, str] | None:
    """How sure it is that two names are one spot, and why; None where nothing says so."""
    if group == "plot":
        return _same_core(left, right, bodies)
    if group == "house" and _slip(left.name, right.name):
        if bodies:
            return Decimal("0.75"), "门牌号相同，路名只差一字，部门相同，疑为误写"
        return Decimal("0.5"), "门牌号相同，路名只差一字，疑为误写"
    if group == "zone":
        short, long = sorted((left.name, right.name), key=len)
        if len(short) >= 6 and long.endswith(short):
            return Decimal("0.85"), f"“{short}”是“{long}”的简写"
    if group == "line":
        one, two = _RAIL.match(left.name), _RAIL.match(right.name)
        if one and two and one[1] == two[1]:
            return Decimal("0.95"), f"同为{one[1]}"
    return None


def _same_core(left: Place, right: Place, bodies: bool) -> tuple[Decimal, str] | None:
    short, long = sorted((_core(left.name), _core(right.name)), key=len)
    if len(short) < 2 or not long.startswith(short):
        return None
    quarters = bool(set(left.cells) & set(right.cells) - {"text"})
    more = Decimal("0.1") * quarters + Decimal("0.05") * bodies
    also = "，季度相合" * quarters + "，部门相同" * bodies
    if short == long:
        return Decimal("0.75") + more, f"专名同为“{short}”{also}"
    if re.search(r"\d号$|\d-\d+$", short) and re.match(rf"{re.escape(short)}\D", long):
        return Decimal("0.8") + more, f"“{long}”以地块编号“{short}”开头{also}"
    if len(short) >= 4 and quarters and bodies:
        return Decimal("0.6"), f"“{long}”以“{short}”开头{also}"
    return None


@lru_cache(maxsize=4096)
def _core(name: str) -> str:
    """A name without the words for what stands there."""
    return _PLAIN.sub("", name)


def _slip(one: str, other: str) -> bool:
    """Whether the house numbers agree and the roads differ by one character that tells nothing.

    >>> _slip("娄山路445弄", "娄山关路445弄"), _slip("天山路8弄", "天山西路8弄")
    (True, False)
    """
    (road, house), (street, number) = _house(one), _house(other)
    if not house or house != number:
        return False
    short, long = sorted((road, street), key=len)
    if len(short) == len(long):
        changed = [(x, y) for x, y in zip(short, long, strict=True) if x != y]
        return len(changed) == 1 and len(short) > 3 and not set(changed[0]) & _TELLING
    lost = [c for i, c in enumerate(long) if long[:i] + long[i + 1 :] == short]
    return bool(lost) and not set(lost) & _TELLING


@lru_cache(maxsize=4096)
def _house(name: str) -> tuple[str, str]:
    """The road of an address, and its number; both empty where it has not both."""
    match = re.fullmatch(r"(\D+)(\d.*)", name)
    return (match[1], match[2]) if match else ("", "")


def _doubt_names_of_many(best: dict[Pair, PlaceLink], targets: Sequence[Target]) -> None:
    """A name that stands beside several lots or blocks is larger than any of them."""
    kinds = {p.name: p.kind for t in targets for p in t.places}
    ground: dict[str, set[str]] = defaultdict(set)
    for left, right in best:
        for name, other in ((left, right), (right, left)):
            if kinds.get(other) in ("lot", "block") and kinds.get(name) not in ("lot", "block"):
                ground[name].add(other)
    for key, link in best.items():
        if any(len(ground[name]) > 1 and other in ground[name] for name, other in _ways(key)):
            reason = f"{link.reason}；但不止一处用此名称"
            best[key] = replace(link, confidence=Decimal("0.6"), reason=reason)


def _keep_blocks_apart(best: dict[Pair, PlaceLink], targets: Sequence[Target]) -> None:
    """A block is no more the same as a building because its plot has the building's name."""
    kinds = {p.name: p.kind for t in targets for p in t.places}
    for key, link in list(best.items()):
        block = next((name for name in key if kinds.get(name) == "block"), None)
        if block is None or link.confidence < _FROM:
            continue
        others = {kinds.get(name) for name in _spot(best, block) - {block}}
        if others & {"site", "block"}:
            reason = f"{link.reason}；但该处另有建筑或街坊"
            best[key] = replace(link, confidence=Decimal("0.6"), reason=reason)


def _spot(best: Mapping[Pair, PlaceLink], start: str) -> set[str]:
    """Every name that links of the threshold reach from one."""
    reached, queue = {start}, [start]
    while queue:
        here = queue.pop()
        for key, link in best.items():
            if link.confidence >= _FROM and here in key:
                new = set(key) - reached
                reached |= new
                queue += new
    return reached


def _ways(key: Pair) -> tuple[Pair, Pair]:
    return key, (key[1], key[0])


def _follow(best: Mapping[Pair, PlaceLink]) -> list[PlaceLink]:
    """What follows from two links that share a name."""
    near: dict[str, dict[str, PlaceLink]] = defaultdict(dict)
    for link in best.values():
        if link.confidence >= _FROM:
            near[link.left][link.right] = near[link.right][link.left] = link
    found: list[PlaceLink] = []
    for start in sorted(near):
        reached, queue = {start: (Decimal(1), start)}, [start]
        while queue:
            here = queue.pop(0)
            for name in sorted(near[here]):
                if name in reached:
                    continue
                confidence = min(reached[here][0], near[here][name].confidence)
                reached[name] = (confidence, here)
                queue.append(name)
                if name > start and here != start:
                    spans = (near[here][name].evidence)[-1:]
                    why = f"两者都与“{here}”同一处"
                    found.append(PlaceLink(start, name, confidence, why, spans))
    return found
