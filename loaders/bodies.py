"""A department cell, segmented: which bodies it names, each with its place in the source.

Names in a cell stand side by side, run together or torn apart by spaces, so spacing decides
nothing. The segmentation is the one that explains the whole cell at least cost, in this order
of trust: names of the gazetteer, names that stand alone elsewhere in the same document,
collectives by their form, new names by their ending. What no rule explains is kept as it
stands and flagged. The segments always spell the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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
_HEADLESS = re.compile(r"(?:各|区)?成员单位$")
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
_LONGEST = 40
_LONGEST_CELL = 300


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
        """The segmentation of a cell at least cost; the forms spell the squeezed cell."""
        text = passage.text.translate(_BRACKETS)
        inside = _bracketed(text)
        longest = min(len(text), _LONGEST)
        names = self._names_in(text)
        best: list[tuple[float, tuple[Piece, ...]]] = [(0.0, ())]
        for end in range(1, len(text) + 1):
            options = []
            for start in range(max(0, end - longest), end):
                if (start and inside[start]) or (end < len(text) and inside[end]):
                    continue
                form = text[start:end]
                gaps = _gaps(passage, start, end)
                hidden = sum(start <= a and b <= end and b - a < end - start for a, b in names)
                cost, how = self._cost(form, gaps, hidden)
                before, path = best[start]
                options.append((before + cost, (*path, Piece(start, end, form, how))))
            best.append(min(options, key=lambda o: o[0]) if options else (float("inf"), ()))
        return best[-1][1] or (Piece(0, len(text), text, "unknown"),)

    def _cost(self, form: str, gaps: int, hidden: int) -> tuple[float, str]:
        if form in _SEPARATORS:
            return 0.0, "separator"
        head, unit = _sub_unit(form)
        known = self.known.forms.get(form) or (self.known.forms.get(head) if unit else None)
        if known is None and len(form) > 2 and form[0] in "区市县省":
            known = self.known.forms.get(head[1:])
            known = known and (known[0], "prefixed")
        if known is not None:
            return {"name": 1.0, "alias": 1.02, "slip": 1.1, "prefixed": 1.05}[known[1]], (
                "name" if known[1] == "prefixed" else known[1]
            )
        length = len(form)
        parted = any(c in form for c in _SEPARATORS)
        if parted and any(c in _SEPARATORS for c in _outside(form)):
            return 30.0 + length, "unknown"
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
                doubts.append(Doubt(span, row, cell.name, *why))
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


def _gaps(passage: Passage, start: int, end: int) -> int:
    """How many times a segment bridges white space of the source."""
    offsets = passage.offsets
    return sum(1 for i in range(start + 1, end) if offsets[i] - offsets[i - 1] > 1)
