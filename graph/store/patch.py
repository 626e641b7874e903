"""A publication that changes little: the head is patched instead of being made again.

The claims of the version before give the triples that move: from a document that goes to the next
one that has them, and to a document that comes from the one that had them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from graph.store.bulk_load import Written, in_turn, inside_of, said_by, spoken, together
from graph.store.checksums import Sums
from graph.store.claims import Claims, claim, read_claims
from graph.store.manifest import SourceEntry, Version
from graph.store.readings import Contribution

FEW = 8
"""Make the head again where more than one document in `FEW` differs."""

_Line = tuple[bytes, bytes]
_NONE = SourceEntry("", "", "", "", "", "", ())


@dataclass(frozen=True, slots=True)
class Change:
    """The documents that go from a version, that come into it, and that stay."""

    before: Version
    gone: tuple[SourceEntry, ...]
    come: tuple[SourceEntry, ...]
    stay: frozenset[SourceEntry]
    claims: Claims

    @property
    def entries(self) -> tuple[SourceEntry, ...]:
        """The documents of the new version, in the order of their graphs."""
        return tuple(in_turn((*self.stay, *self.come)))


def change_of(
    before: Version, parts: Sequence[Contribution | SourceEntry], extractor: str
) -> Change | None:
    """The differences from a version as it was built; None where the head is to be made again."""
    if before.edited or before.extractor != extractor or not before.total:
        return None
    read = {p.entry for p in parts if isinstance(p, Contribution)}
    entries = {p.entry if isinstance(p, Contribution) else p for p in parts}
    stay = frozenset(e for e in before.sources if e in entries and e not in read)
    gone = tuple(e for e in before.sources if e not in stay)
    come = tuple(e for e in entries if e not in stay)
    if len(gone) + len(come) > len(stay) / FEW or _texts(gone) & _texts(come):
        return None  # of a text that was read again, only the new reading is kept
    claims = read_claims(before)
    return Change(before, gone, come, stay, claims) if claims else None


def _texts(entries: Iterable[SourceEntry]) -> set[tuple[str, str, str]]:
    return {(e.jurisdiction, e.document, e.text_id) for e in entries}


def patched(
    head: pyoxigraph.Store, folder: Path, change: Change, shared: Iterable[Quad]
) -> Written | None:
    """Patch the head, which equals the version before, to hold the documents as they are now.

    Return None and do nothing where shared triples differ. Raises DoubledTriple, BrokenStore.
    """
    said, common = spoken(shared)
    if hashlib.sha256(said).digest() != change.claims.shared:
        return None
    gone = {e: said_by(folder, e, common) for e in change.gone}
    come = {e: said_by(folder, e, common) for e in change.come}
    asked = {
        claim(triple)
        for of in (gone, come)
        for entry, lines in of.items()
        for triple, _ in lines
        if not triple.startswith(inside_of(entry))
    }
    old: dict[int, SourceEntry] = {}
    new: dict[int, SourceEntry] = {}
    own = {entry: _claimed(entry, lines) for entry, lines in come.items()}
    kept: dict[SourceEntry, Sequence[int]] = {}
    for entry, claims in zip(in_turn(change.before.sources), change.claims.each(), strict=True):
        stays = entry in change.stay
        if stays:
            kept[entry] = claims
        if not asked.isdisjoint(claims):
            for key in asked.intersection(claims):
                old.setdefault(key, entry)
    claimed = Claims(change.claims.shared)
    for entry in change.entries:
        here = list(own[entry] if entry in own else kept[entry])
        claimed.add(here)
        if not asked.isdisjoint(here):
            for key in asked.intersection(here):
                new.setdefault(key, entry)
    moved = {key for key in asked if old.get(key, _NONE) != new.get(key, _NONE)}
    taken = [line for e, lines in gone.items() for line in _first(e, lines, old, asked)]
    given = [line for e, lines in come.items() for line in _first(e, lines, new, asked)]
    for entry in {e for of in (old, new) for k, e in of.items() if k in moved} & change.stay:
        lines = said_by(folder, entry, common)
        taken += _first(entry, lines, old, moved, outside=True)
        given += _first(entry, lines, new, moved, outside=True)
    return _applied(head, change, taken, given, claimed)


def _first(
    entry: SourceEntry,
    lines: Iterable[_Line],
    first: Mapping[int, SourceEntry],
    asked: set[int],
    *,
    outside: bool = False,
) -> list[_Line]:
    """The lines stored with a document: those about things inside it (unless only `outside` is
    wanted), and those that it is the first to have."""
    inside, found, seen = inside_of(entry), [], set[int]()
    for line in lines:
        if line[0].startswith(inside):
            if not outside:
                found.append(line)
        elif (key := claim(line[0])) in asked and first.get(key) == entry and key not in seen:
            seen.add(key)
            found.append(line)
    return found


def _claimed(entry: SourceEntry, lines: Iterable[_Line]) -> list[int]:
    inside = inside_of(entry)
    return [claim(triple) for triple, _ in lines if not triple.startswith(inside)]


def _applied(
    head: pyoxigraph.Store,
    change: Change,
    taken: list[_Line],
    given: list[_Line],
    claims: Claims,
) -> Written:
    """Takes lines out of the head and puts others in."""
    both = set(taken) & set(given)
    taken = [line for line in taken if line not in both]
    given = [line for line in given if line not in both]
    for quad in parse(together(taken), format=RdfFormat.N_QUADS, lenient=True):
        head.remove(quad)
    head.load(together(given), format=RdfFormat.N_QUADS, lenient=True)
    sums = Sums()
    sums.add(taken, -1)
    sums.add(given)
    graphs = set(change.before.graphs)
    for name in sums.counts:
        if next(head.quads_for_pattern(None, None, None, NamedNode(name)), None):
            graphs.add(name)
        else:
            graphs.discard(name)
            head.remove_graph(NamedNode(name))
    return Written(tuple(sorted(graphs)), sums, claims, moved=True)
