"""Decide whether a document may take another's place, and say what changes with it.

Documents are known by jurisdiction and number. A report that cites a notice bears the notice's
number too, so the number alone decides nothing: a new text is an edition of the old one only if
title, issuer and kind agree and most targets are still there.
"""

from __future__ import annotations

import gzip
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unicodedata import normalize

from pyoxigraph import NamedNode, RdfFormat, parse

from graph.errors import BrokenStore
from graph.store.manifest import SourceEntry, Version
from graph.store.readings import Contribution, packed_reading
from loaders.errors import NotAnEdition
from ontology.names import ELI, PREFIXES, RDF, SKOS, TK, Names, address_of, squeeze

MAX_GONE = (1, 3)
"""The share of the old targets that may go: at most one in three."""
MAX_LISTED = 20
"""Numbers of targets that a message lists."""
_MIN_LIKENESS = 0.5
"""Share of common pairs of characters from which two texts of one number are one target."""
_EDITION_MARK = re.compile(
    r"[（(〔\[【](?:[^（()）]{0,8}(?:更正|修订|修正|订正|勘误|更新|重印)[^（()）]{0,4}|第.{1,3}版)[）)〕\]】]"
)
"""A bracket that says which edition it is: （修订版）, （更正）, （第二版）."""
_FACTS = ("lead", "coordinate", "responsible", "location", "project")
_PARTS = ("text", "asWritten", "deadline")
"""What a target's milestones and indicators state."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What a text states of one target: its words, and who, where, when and how much."""

    text: str
    facts: frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a document: how it presents itself, and its targets by number."""

    name: str
    title: str
    issuer: str
    kinds: frozenset[str]
    targets: Mapping[str, Stated] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Edition:
    """A text that replaces another, and the numbers of the targets that differ."""

    before: SourceEntry
    after: SourceEntry
    come: tuple[str, ...]
    gone: tuple[str, ...]
    changed: tuple[str, ...]
    objections: tuple[tuple[str, str], ...] = ()
    """Why it is another document, in Chinese and in English; none for a true edition."""

    def refusal(self) -> NotAnEdition:
        """The error that names both documents and the objections."""
        zh, en = (
            "；".join(o[0] for o in self.objections),
            "; ".join(o[1] for o in self.objections),
        )
        return NotAnEdition(self.after.name, self.before.name, en, zh)


@dataclass(frozen=True, slots=True)
class Admitted:
    """The documents to publish, the editions among them, and those that were refused."""

    entries: tuple[SourceEntry, ...]
    editions: tuple[Edition, ...]
    refused: tuple[NotAnEdition, ...]

    def joined(self, other: Admitted) -> Admitted:
        """Return what was admitted in two steps: notices, then the reports on them."""
        return Admitted(
            (*self.entries, *other.entries),
            (*self.editions, *other.editions),
            (*self.refused, *other.refused),
        )


def admit(
    folder: Path, current: Version | None, read: Sequence[SourceEntry], *, replace: bool = False
) -> Admitted:
    """Admit documents that were read, or are unchanged, in the order in which they were given.

    Of several texts of one document the last edition stands. Where none is in the store yet, the
    one with the most targets is what the others are compared with. `replace` admits every text.
    """
    held = {_identity(e): e for e in (current.sources if current else ())}
    groups = defaultdict[tuple[str, str], list[SourceEntry]](list)
    for entry in read:
        groups[_identity(entry)].append(entry)
    entries: list[SourceEntry] = []
    editions: list[Edition] = []
    refused: list[NotAnEdition] = []
    for identity, group in groups.items():
        base = held.get(identity) or max(group, key=lambda e: e.targets)
        admitted = {base.text_id: None} if identity not in held else {}
        found: dict[str, Edition] = {}
        for entry in group:
            if entry.text_id == base.text_id:
                admitted[entry.text_id] = None
                continue
            edition = _compare(base, entry, *(stored_text(folder, e) for e in (base, entry)))
            if edition.objections and not replace:
                refused.append(edition.refusal())
            else:
                admitted[entry.text_id] = None
                found[entry.text_id] = edition
        last = [e for e in group if e.text_id in admitted][-1:]
        entries += last
        if identity in held and last and last[0].text_id in found:
            editions.append(found[last[0].text_id])
    return Admitted(tuple(entries), tuple(editions), tuple(refused))


def edition_of(folder: Path, current: Version | None, part: Contribution) -> Edition | None:
    """The edition that one document would be, with why it is none; None if its place is free."""
    after = part.entry
    before = next(
        (e for e in (current.sources if current else ()) if _identity(e) == _identity(after)), None
    )
    if before is None or before.text_id == after.text_id:
        return None
    return _compare(before, after, stored_text(folder, before), text_of(after, part.lines))


def _identity(entry: SourceEntry) -> tuple[str, str]:
    return entry.jurisdiction, entry.document


def stored_text(folder: Path, entry: SourceEntry) -> Text:
    """The text of a document whose reading is kept. Raises BrokenStore where that is damaged."""
    try:
        return text_of(entry, gzip.decompress(packed_reading(folder, entry)))
    except (OSError, EOFError) as error:
        raise BrokenStore(folder, f"what was read from {entry.name} is damaged") from error


def text_of(entry: SourceEntry, lines: bytes) -> Text:
    """The text that a reading's N-Quads describe."""
    notice = NamedNode(address_of(Names(entry.jurisdiction, entry.document).notice))
    about = defaultdict[str, dict[str, list[str]]](lambda: defaultdict(list))
    for quad in parse(lines, format=RdfFormat.N_QUADS):
        about[str(quad.subject)][str(quad.predicate)].append(
            getattr(quad.object, "value", str(quad.object))
        )
    head = about[str(notice)]
    parts = defaultdict[str, set[tuple[str, str]]](set)
    for properties in about.values():
        for target in properties.get(str(TK["target"]), ()):
            parts[f"<{target}>"] |= {
                (part, squeeze(value))
                for part in _PARTS
                for value in properties.get(str(TK[part]), ())
            }
    targets = {
        number: Stated(
            text=squeeze("".join(properties.get(str(TK["text"]), ()))),
            facts=frozenset(parts[node])
            | {
                (fact, _own_name(value))
                for fact in _FACTS
                for value in properties.get(str(TK[fact]), ())
            },
        )
        for node, properties in list(about.items())
        if TK["Target"].value in properties.get(str(RDF["type"]), ())
        for number in properties[str(SKOS["notation"])]
    }
    return Text(
        name=entry.name,
        title=next(iter(head.get(str(SKOS["prefLabel"]), ())), ""),
        issuer=_own_name(next(iter(head.get(str(ELI["passed_by"]), ())), "")),
        kinds=frozenset(
            k for k in head.get(str(RDF["type"]), ()) if k.startswith(PREFIXES["tk"])
        ),
        targets=targets,
    )  # fmt: skip


def _own_name(iri: str) -> str:
    return iri.rpartition("/")[2]


def _compare(before: SourceEntry, after: SourceEntry, old: Text, new: Text) -> Edition:
    """Pair the targets of two texts: by number if the words are alike, else by their words."""
    paired: dict[str, str] = {}
    for number, stated in old.targets.items():
        other = new.targets.get(number)
        if other and _are_alike(stated.text, other.text):
            paired[number] = number
    taken = set(paired.values())
    by_text = {s.text: number for number, s in new.targets.items() if number not in taken}
    for number, stated in old.targets.items():
        if number not in paired and stated.text in by_text:
            paired[number] = by_text.pop(stated.text)
    arrived = set(paired.values())
    gone = tuple(n for n in old.targets if n not in paired)
    return Edition(
        before,
        after,
        come=tuple(n for n in new.targets if n not in arrived),
        gone=gone,
        changed=tuple(n for n, m in paired.items() if old.targets[n] != new.targets[m] or n != m),
        objections=tuple(_objections(old, new, len(gone))),
    )


def _are_alike(one: str, other: str) -> bool:
    """Return whether two texts share enough pairs of characters to be one target, amended.

    >>> _are_alike("新增岗位2万个。", "新增岗位2.1万个。"), _are_alike("新建绿地", "旧房改造")
    (True, False)
    """
    pairs, others = ({t[i : i + 2] for i in range(max(1, len(t) - 1))} for t in (one, other))
    return 2 * len(pairs & others) >= _MIN_LIKENESS * (len(pairs) + len(others))


def _objections(old: Text, new: Text, gone: int) -> Iterator[tuple[str, str]]:
    """Yield why a text is no edition of the one that bears its name."""
    if _bare_title(old.title) != _bare_title(new.title):
        here, there = new.title or "–", old.title or "–"
        yield (
            f"标题不同（原为“{there}”，这份为“{here}”）",
            f"the titles differ (“{there}” there, “{here}” here)",
        )
    if old.issuer and new.issuer and not _are_one_issuer(old.issuer, new.issuer):
        yield (
            f"发文机关不同（原为{old.issuer}，这份为{new.issuer}）",
            f"the issuers differ ({old.issuer} there, {new.issuer} here)",
        )
    if old.kinds and new.kinds and old.kinds != new.kinds:
        there, here = (", ".join(sorted(map(_local_name, t.kinds))) for t in (old, new))
        yield (
            f"文件种类不同（原为{there}，这份为{here}）",
            f"they are of different kinds ({there} there, {here} here)",
        )
    share, whole = MAX_GONE
    if gone * whole > (targets := len(old.targets)) * share:
        yield (
            f"原有{targets}项目标中{gone}项不在其中",
            f"{gone} of its {targets} targets would go",
        )


def _local_name(iri: str) -> str:
    return iri.rpartition("#")[2]


def _bare_title(title: str) -> str:
    """A title without its spacing, marks and width, and without the mark of its edition.

    >>> _bare_title("2019年重点工作目标（修订版）") == _bare_title("２０１９年 重点工作目标")
    True
    """
    return re.sub(r"[\W_]+", "", normalize("NFKC", _EDITION_MARK.sub("", title)))


def _are_one_issuer(one: str, other: str) -> bool:
    """Return whether one name is the other's end: 长宁区人民政府, 上海市长宁区人民政府."""
    return one.endswith(other) or other.endswith(one)


def describe_counts(edition: Edition) -> tuple[str, str]:
    """What an edition changes, in Chinese and in English."""
    come, gone, changed = map(len, (edition.come, edition.gone, edition.changed))
    return (
        f"替换{edition.before.name}：新增{come}项、删去{gone}项、改动{changed}项",
        f"replaces {edition.before.name}: {come} targets come, {gone} go, {changed} change",
    )


def describe(edition: Edition) -> Iterator[str]:
    """What an edition changes, in lines for a terminal: the counts, then the targets."""
    before, after = edition.before, edition.after
    yield f"{after.name}: {describe_counts(edition)[1]}; {before.document} has a new text"
    for verb in ("come", "gone", "changed"):
        numbers = getattr(edition, verb)
        if numbers:
            more = ", …" if len(numbers) > MAX_LISTED else ""
            yield f"  {verb}: {', '.join(numbers[:MAX_LISTED])}{more}"
