"""A department cell, segmented: which bodies it names, each with its place in the source.

Names in a cell stand side by side, run together or torn apart by spaces, so spacing decides
nothing. The segmentation is the one that explains the whole cell at least cost, in this order
of trust: names of the gazetteer, names that stand alone elsewhere in the same document,
collectives by their form, new names by their ending. What no rule explains is kept as it
stands and flagged. The segments always spell the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from graph.records import Assignment, BodyKind, Cell, Doubt, Role, Span
from loaders.passage import Passage
from ontology.gazetteer import Gazetteer
from ontology.names import squeeze

_ENDING = re.compile(
    r"(?:局|委|办|院|部|署|厅|会|社|处|站|所|街道|镇|乡|街道办事处|管委会|委员会|办公室|"
    r"公司|集团|中心|支队|总队|大队|学校|大学|医院|银行|海关|联盟|协会|基金会|政府|专班)$"
)
_COLLECTIVE = re.compile(
    r"(?:各|相关|有关|其他|其它|全区|全市|区内)?.*?"
    r"(?:成员单位|签约单位|相关(?:部门|单位|委办局)|有关(?:部门|单位|委办局)|责任单位|涉改部门)$"
    r"|(?:各|相关|有关|全体)(?:相关|有关)?"
    r"(?:部门|单位|街镇|街\(镇\)|街道|街道\(镇\)|街道、镇|镇街|镇|乡镇|区|委办局|委、办、局|区县|社区|园区|企业)$"
    r"|各.{0,8}(?:部门|单位|社区|园区|学校|企业|街镇|镇街|街道办事处|委办局|公司)$"
)
_COLLECTIVE_LAST = frozenset("门位镇街道区局县业校处司")
"""The last characters of what `_COLLECTIVE` may match."""
_COLLECTIVE_SIGN = re.compile(r"各|相关|有关|全体|(?:成员|签约|责任)单位|涉改部门")
"""What every match of `_COLLECTIVE` holds."""
_AS_COLLECTIVE = (1.2, 0.12, 1.5)
_HEADLESS = re.compile(r"(?:各|区)?成员单位$")
_SEPARATOR = re.compile("[、,;\uff0c\uff1b]")
_SEPARATORS = "、,;\uff0c\uff1b"
_DASH = re.compile(r"[—\-_－–―/／无]*$")
_BRACKETS = str.maketrans("\uff08\uff09〔〕[]", "()()()")


@dataclass(frozen=True, slots=True)
class Piece:
    """One segment of a cell: squeezed characters `start` to `end`, and what it was taken for."""

    start: int
    end: int
    form: str
    how: str
    """name, alias, slip, seen (alone elsewhere), collective, ending, unknown or separator."""


_SUB_UNIT = re.compile(r"([^()]{2,})\(([^()]+)\)")
_PROSE = re.compile(r"[。:：%！？!?]|\d{4}")
_LEVELS = frozenset("区市县省")
"""What a notice may set before the name of a body: 区发改委."""
_LONGEST = 40
_PARTED = 30.0
"""The price of a segment that bridges a separator."""
_LONGEST_CELL = 300
_NO_CELL = 3_000
"""Characters beyond which no cell is a list of departments."""


def _sub_unit(form: str) -> tuple[str, str]:
    """A body and its unit in brackets: "人社局(医保办)" is ("人社局", "医保办")."""
    match = _SUB_UNIT.fullmatch(form)
    return (match.group(1), match.group(2)) if match else (form, "")


def is_empty(text: str) -> bool:
    """Whether a cell says "none": nothing at all, or only dashes.

    >>> is_empty("——"), is_empty("_"), is_empty("规土局")
    (True, True, False)
    """
    return _DASH.match(text) is not None


@dataclass(frozen=True, slots=True)
class Segmenter:
    """Splits department cells by a gazetteer and by the names that the document itself shows."""

    known: Gazetteer
    seen: frozenset[str] = frozenset()

    def pieces(self, passage: Passage) -> tuple[Piece, ...]:
        """The segmentation of a cell at least cost; the forms spell the squeezed cell.

        What a segment costs at least is known from its last character, and what the best of
        them costs at most from the longest, so most are never looked at.
        """
        text = passage.text.translate(_BRACKETS)
        inside = [*_bracketed(text), False]
        bridged = _bridged(passage)
        names: list[list[int]] = [[] for _ in text]
        for start, end in (spots := self._names_in(text)):
            names[start].append(end)
        most = 2.0 * len(spots) + (_PARTED if _SEPARATOR.search(text) else 7.0)
        collective = [m.start() for m in _COLLECTIVE_SIGN.finditer(text)]
        longest = max(self.known.longest, 10) + 1
        plain = "(" not in text and ")" not in text
        best = [0.0]
        back: list[Piece | None] = [None]
        forms, seen = self.known.forms, self.seen
        for end in range(1, len(text) + 1):
            least, piece, hidden = float("inf"), None, 0
            low = 0 if end <= _LONGEST else end - _LONGEST
            bound = best[low] + most + (end - low) + 1.5 * bridged[end - 1]
            bound = float("inf") if low and inside[low] else bound
            floor, slope, weight = _cheapest(text, end)
            sign = _last_before(collective, end) if text[end - 1] in _COLLECTIVE_LAST else -1
            for start in () if inside[end] else range(end - 1, low - 1, -1):
                ends = names[start]
                if ends:
                    hidden += sum([other <= end for other in ends])
                if inside[start] and start:
                    continue
                first, form, before = text[start], text[start:end], best[start]
                if plain and first in _SEPARATORS:
                    floor, slope, weight, sign = _PARTED, 1.0, 0.0, -1
                elif start <= sign and floor > _AS_COLLECTIVE[0]:
                    floor, slope, weight = _AS_COLLECTIVE
                atleast = before + (floor + slope * (end - start) + weight * hidden)
                if atleast > bound and not (
                    form in forms
                    or form in seen
                    or form in _SEPARATORS
                    or (first in _LEVELS and form[1:] in forms)
                ):
                    dearer = end - start == longest and not 0 <= sign < start
                    if dearer and min(best[low:start] or best[:1]) + atleast - before > bound:
                        break
                    continue
                cost, how = self._cost(
                    form, bridged[end - 1] - bridged[start], hidden - (end in ends)
                )
                if before + cost <= least:
                    least, piece = before + cost, Piece(start, end, form, how)
                    bound = min(bound, least)
            best.append(least)
            back.append(piece)
        found: list[Piece] = []
        at = back[-1]
        while at is not None:
            found.append(at)
            at = back[at.start]
        if not found or found[-1].start:
            return (Piece(0, len(text), text, "unknown"),)
        return tuple(reversed(found))

    def _cost(self, form: str, gaps: int, hidden: int) -> tuple[float, str]:
        if form in _SEPARATORS:
            return 0.0, "separator"
        head, unit = _sub_unit(form)
        known = self.known.forms.get(form) or (self.known.forms.get(head) if unit else None)
        if known is None and len(form) > 2 and form[0] in _LEVELS:
            known = self.known.forms.get(head[1:])
            known = known and (known[0], "prefixed")
        if known is not None:
            return {"name": 1.0, "alias": 1.02, "slip": 1.1, "prefixed": 1.05}[known[1]], (
                "name" if known[1] == "prefixed" else known[1]
            )
        length = len(form)
        parted = any(c in form for c in _SEPARATORS)
        if parted and any(c in _SEPARATORS for c in _outside(form)):
            return _PARTED + length, "unknown"
        if form in self.seen:
            return 1.4 + 0.3 * gaps, "seen"
        if _HEADLESS.match(form):
            return 8.0, "collective"
        if _COLLECTIVE.fullmatch(form):
            return 1.2 + 0.12 * length + 0.2 * gaps + 1.5 * hidden, "collective"
        if length >= 2 and _ENDING.search(head):
            return 3.0 + 0.25 * length + 1.5 * gaps + 2.0 * hidden, "ending"
        return 7.0 + length + 1.5 * gaps + 2.0 * hidden, "unknown"

    def _names_in(self, text: str) -> list[tuple[int, int]]:
        """Where known names (three characters and more) stand: a new name must not swallow one."""
        forms = self.known.forms
        return [
            (i, j)
            for i in range(len(text))
            for j in range(i + 3, min(len(text), i + 8) + 1)
            if text[i:j] in forms
        ]

    def learning(self, cells: Iterable[str]) -> Segmenter:
        """A segmenter that also knows the names which stand alone in these cells.

        A name that fills a whole cell, or a whole item between separators, is a name; unless
        it falls apart into names that are known already.
        """
        names = set()
        for cell in cells:
            for part in re.split(f"[{_SEPARATORS}]", cell):
                name = squeeze(part).translate(_BRACKETS)
                if not 2 < len(name) <= 10 or not _ENDING.search(name.partition("(")[0]):
                    continue
                whole = Passage(name, tuple(range(len(name))), _NOWHERE)
                if len(self.pieces(whole)) == 1:
                    names.add(name)
        return Segmenter(self.known, frozenset(names - self.known.forms.keys()))

    def trust(self, text: str) -> float:
        """How well `text` reads as a list of bodies: 0 (not at all) to 1 (every name is known)."""
        if not text or len(text) > _LONGEST_CELL or _PROSE.search(text):
            return 0.0
        if len(text) > _LONGEST and 3 * len(self._names_in(text)) < 0.25 * len(text):
            return 0.0
        passage = Passage(text, tuple(range(len(text))), _NOWHERE)
        worth = {"name": 1.0, "alias": 1.0, "slip": 1.0, "seen": 0.9, "collective": 0.9}
        pieces = [p for p in self.pieces(passage) if p.how != "separator"]
        if not pieces:
            return 0.0
        total = sum(p.end - p.start for p in pieces)
        points = 0.0
        for piece in pieces:
            share = worth.get(piece.how, 0.0)
            if piece.how == "ending" and len(piece.form) <= 12:
                share = 0.6
            points += share * (piece.end - piece.start)
        return points / total

    def assignments(
        self, cell: Cell, role: Role, row: str
    ) -> tuple[tuple[Assignment, ...], tuple[Doubt, ...]]:
        """The bodies of one cell in one role, in order, and what was uncertain about them."""
        passage = Passage.of(cell.span)
        if is_empty(passage.text):
            return (), ()
        if len(passage.text) > _NO_CELL:
            long = f"这一格有{len(passage.text)}字，不像一列部门，没有读"
            return (), (Doubt(cell.span, row, cell.name, "long-cell", long),)
        found: list[Assignment] = []
        doubts: list[Doubt] = []
        for piece in self.pieces(passage):
            if piece.how == "separator":
                continue
            span = passage.span(piece.start, piece.end)
            label, kind, parent = self._label(piece)
            if any(a.label == label for a in found):
                continue
            confidence = {"slip": "0.9", "ending": "0.8", "unknown": "0.4"}.get(piece.how, "1")
            found.append(
                Assignment(
                    role, label, piece.form, span, len(found) + 1, kind, parent, Decimal(confidence)
                )
            )
            why = _WHY.get(piece.how)
            if why:
                doubts.append(Doubt(span, row, cell.name, *why, reading=label))
        return tuple(found), tuple(doubts)

    def _label(self, piece: Piece) -> tuple[str, BodyKind, str | None]:
        form = piece.form
        known = self.known.forms.get(form)
        entry = self.known.entries[known[0]] if known else None
        if entry and (entry.kind == "street" or piece.how == "slip"):
            return entry.name, _kind(entry.kind), None
        if entry:
            return form, _kind(entry.kind), None
        if piece.how == "collective" or _COLLECTIVE.fullmatch(form):
            return form, "collective", None
        head, unit = _sub_unit(form)
        if unit:
            return form, "sub-unit", head
        if re.search(r"(?:公司|集团)$", form):
            return form, "company", None
        return form, "body", None


_NOWHERE = Span(0, 1, " ")


def _kind(kind: str) -> BodyKind:
    return {"street": "street", "company": "company", "collective": "collective"}.get(kind, "body")  # type: ignore[return-value]


_WHY = {
    "slip": ("slip", "按误写读作区划名录中的正式名称"),
    "ending": ("new-body", "名录中没有，按词尾认作部门"),
    "unknown": ("unknown-body", "没有规则能认作部门名称，照原文保留"),
}


def _bracketed(text: str) -> list[bool]:
    depth, inside = 0, []
    for char in text:
        inside.append(depth > 0)
        depth += (char == "(") - (char == ")" and depth > 0)
    return inside if depth == 0 else [False] * len(text)


def _outside(form: str) -> str:
    return "".join(c for c, inner in zip(form, _bracketed(form), strict=True) if not inner)


def _bridged(passage: Passage) -> list[int]:
    """For each character how many times the text up to it bridges white space of the source."""
    offsets, count, found = passage.offsets, 0, []
    for i, offset in enumerate(offsets):
        count += i > 0 and offset - offsets[i - 1] > 1
        found.append(count)
    return found


def _cheapest(text: str, end: int) -> tuple[float, float, float]:
    """What a segment that ends at `end` costs at least, if no file knows it and it is no group.

    Once, for a character, and for a known name that it swallows: the prices of `Segmenter._cost`,
    without what may be added.
    """
    if text[end - 1] == ")":
        return 0.0, 0.0, 0.0
    if _ENDING.search(text, max(0, end - 6), end):
        return 3.0, 0.25, 2.0
    return 7.0, 1.0, 2.0


def _last_before(positions: Sequence[int], end: int) -> int:
    return max((p for p in positions if p < end), default=-1)
