"""A department cell, segmented: the bodies that it names, each with its place in the source.

Names in a cell are written side by side, run together or torn apart by spaces, so spacing is
ignored. The segmentation is the one that explains the whole cell at least cost, in this order
of trust: names of the gazetteer, names that fill a cell elsewhere in the same document,
collectives by their form, new names by their ending. Text that no rule explains is kept
unchanged and flagged. The segments always spell the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from graph.records import Assignment, BodyKind, Cell, Doubt, Role, Span
from loaders.bodies.lists import ListedBody, with_shared_suffix
from loaders.bodies.segmentation import (
    BRACKETS,
    SEPARATORS,
    Piece,
    inner,
    known_in,
    may_name_bodies,
    segments,
    sub_unit,
)
from loaders.lexicon.body_endings import CELL_ENDING
from loaders.lexicon.collectives import COLLECTIVE
from loaders.lexicon.party_organs import PARTY_ORGAN, PARTY_ORGAN_ALONE
from loaders.text.offsets import Passage
from ontology.gazetteer import Gazetteer
from ontology.names import squeeze

_DASH = re.compile(r"[—\-_－–―/／无]*$")
_PROSE = re.compile(r"[。:：%！？!?]|\d{4}")
_SURE = re.compile(r"[省市区县][^级属内外直]|[\u4e00-\u9fff]{2,4}街道$")
_LONG = 40
"""The length in characters from which a cell with few known names is not a list of bodies."""
_LONGEST_CELL = 300
_NO_CELL = 3_000
"""Characters beyond which no cell is a list of departments."""


def is_empty(text: str) -> bool:
    """Return whether a cell is empty or holds only dashes.

    >>> is_empty("——"), is_empty("_"), is_empty("规土局")
    (True, True, False)
    """
    return _DASH.match(text) is not None


@dataclass(frozen=True, slots=True)
class Segmenter:
    """Splits department cells by a gazetteer and by the names that the document itself shows."""

    known: Gazetteer
    seen: frozenset[str] = frozenset()
    unspaced: dict[str, tuple[Piece, ...]] = field(default_factory=dict, compare=False, repr=False)
    """Segmentations of a document's texts without regard to white space and `seen`, kept because
    the search for its table reads the same cells as the reading afterwards."""

    def pieces(self, passage: Passage) -> tuple[Piece, ...]:
        """The segmentation of a cell at least cost; the forms spell the squeezed cell.

        White space makes segments dearer that have it inside, unless they are known: where the
        cheapest have none, it changes nothing.
        """
        text, offsets = passage.text, passage.offsets
        found = self.unspaced.get(text)
        if (
            found is None
            or any(name in text for name in self.seen)
            or any(
                offsets[p.end - 1] - offsets[p.start] >= p.end - p.start
                for p in found
                if p.how not in _FREE_OF_SPACE
            )
        ):
            return segments(passage, self.known, self.seen)
        return found

    def _unspaced(self, text: str) -> tuple[Piece, ...]:
        """The segmentation of a text as if no white space stood in it."""
        found = None if self.seen else self.unspaced.get(text)
        if found is None:
            whole = Passage(text, range(len(text)), _NOWHERE)
            found = segments(whole, self.known, self.seen)
            if not self.seen:
                self.unspaced[text] = found
        return found

    def learning(self, cells: Iterable[str]) -> Segmenter:
        """Return a segmenter that also knows the names which fill one of these cells.

        A text that fills a whole cell, or a whole item between separators, is a name, unless
        it falls apart into known names.
        """
        names = set()
        for cell in cells:
            for part in re.split(f"[{SEPARATORS}]", cell):
                name = squeeze(part).translate(BRACKETS)
                if not 2 < len(name) <= 10 or not CELL_ENDING.search(name.partition("(")[0]):
                    continue
                laid_out = Passage.of(Span(0, len(part), part)) if "\n" in part else None
                if len(self.pieces(laid_out) if laid_out else self._unspaced(name)) == 1:
                    names.add(name)
        return Segmenter(self.known, frozenset(names - self.known.forms.keys()), self.unspaced)

    def trust(self, text: str) -> float:
        """The trust in `text` as a list of bodies: 0 (none) to 1 (every name is known)."""
        if not text or len(text) > _LONGEST_CELL or _PROSE.search(text):
            return 0.0
        if len(text) > _LONG and _is_sparse(text, self.known):
            return 0.0
        if not may_name_bodies(text, self.known):
            return 0.0
        worth = {"name": 1.0, "alias": 1.0, "slip": 1.0, "seen": 0.9, "collective": 0.9}
        pieces = [p for p in self._unspaced(text) if p.how != "separator"]
        if not pieces:
            return 0.0
        total = sum(p.end - p.start for p in pieces)
        points = 0.0
        for piece in pieces:
            share = worth.get(piece.how, 0.0)
            if piece.how == "ending" and len(piece.form) <= 12:
                share = 0.8 if _SURE.match(piece.form) else 0.6
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
        pieces = self.pieces(passage)
        shared = _with_shared_parts(pieces)
        for piece in pieces:
            if piece.how == "separator":
                continue
            span = passage.span(piece.start, piece.end)
            label, kind, parent = self._label(piece)
            label = shared.get(piece.start, label)
            if any(a.label == label for a in found):
                continue
            confidence = {"slip": "0.9", "ending": "0.8", "unknown": "0.4"}.get(piece.how, "1")
            found.append(
                Assignment(
                    role,
                    label,
                    piece.form,
                    span,
                    len(found) + 1,
                    kind,
                    parent,
                    Decimal(confidence),
                    f"cell: {piece.how}",
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
        if piece.how == "collective" or COLLECTIVE.fullmatch(form):
            return form, "collective", None
        head, unit = sub_unit(form)
        if unit and _MEMBERS.match(unit):
            return form, "collective", None
        if unit:
            return form, "sub-unit", head
        if re.search(r"(?:公司|集团)$", form):
            return form, "company", None
        return form, "body", None


_MEMBERS = re.compile("各|相关|有关|所属|下属|全体")
"""The beginning of a bracket with several bodies: 国资委(相关国企) does not hold a body of it."""


def _with_shared_parts(pieces: Sequence[Piece]) -> dict[int, str]:
    """The names that share a part of another name in their list, by their offsets.

    东湖市、南浦市人民政府 names 东湖市人民政府, 省委组织部、宣传部 the 省委宣传部.
    """
    found: dict[int, str] = {}
    run: list[ListedBody] = []
    for piece in (*pieces, _END_OF_CELL):
        if piece.how != "separator":
            run.append(ListedBody(piece.start, piece.end, piece.form))
        elif piece.form != "、":
            for before, after in zip(run, with_shared_suffix(run), strict=True):
                if after.label != before.label:
                    found[before.start] = after.label
            committee = ""
            for one in run:
                organ = PARTY_ORGAN.match(one.label)
                committee = organ["committee"] if organ else committee
                if committee and not organ and PARTY_ORGAN_ALONE.match(one.label):
                    found[one.start] = committee + one.label
            run = []
    return found


_END_OF_CELL = Piece(0, 0, "", "separator")


def _is_sparse(text: str, known: Gazetteer) -> bool:
    """Return whether a long text has too few known names and endings of bodies for a list."""
    names = len(inner(known_in(text, known)))
    return 12 * names < len(text) and 9 * len(_ENDS.findall(text)) < len(text)


_ENDS = re.compile("局|[^发]委|办(?![理公事好])|中心|街道|集团|公司|街[(（]镇|部门")
_FREE_OF_SPACE = frozenset(("name", "alias", "slip", "separator"))
"""Kinds of segments whose price does not depend on white space inside them."""
_NOWHERE = Span(0, 1, " ")


_KINDS: dict[str, BodyKind] = {
    "street": "street",
    "company": "company",
    "collective": "collective",
}


def _kind(kind: str) -> BodyKind:
    return _KINDS.get(kind, "body")


_WHY = {
    "slip": ("slip", "按误写读作区划名录中的正式名称"),
    "ending": ("new-body", "名录中没有，按词尾认作部门"),
    "unknown": ("unknown-body", "没有规则能认作部门名称，照原文保留"),
}
