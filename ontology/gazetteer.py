"""The bodies that are known by name: a closed vocabulary kept as Turtle next to this module.

`bodies-general.ttl` holds the short names that departments have everywhere; any other
`bodies-*.ttl` holds those of one jurisdiction, whose name is the first segment of its IRIs.
Adding a district is adding a file: here, in a folder that $TIAOKUAI_GAZETTEER names, or in the
folder `gazetteer` of a store.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from ontology.names import FOAF, HOME, ORG, RDF, RDFS, SKOS, TK, squeeze

_ROOT = HOME + "gazetteer/"


@dataclass(frozen=True, slots=True)
class Entry:
    """One body of the gazetteer. `jurisdiction` is empty where the name is known everywhere."""

    name: str
    jurisdiction: str
    kind: str
    """body, street, company or collective."""
    aliases: tuple[str, ...]
    slips: tuple[str, ...]
    english: str
    code: str
    members: tuple[str, ...]
    """Of a collective, by name, in the order of the file."""
    complete: bool
    members_as_of: int | None


@dataclass(frozen=True, slots=True)
class Change:
    """A reform: `new` took over from `old` in `year`."""

    old: str
    new: str
    year: int


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The known bodies of one jurisdiction, by any of their names."""

    jurisdiction: str
    entries: dict[str, Entry]
    forms: dict[str, tuple[str, str]]
    """From any form to (name, "name" | "alias" | "slip")."""
    changes: tuple[Change, ...]
    lengths: dict[str, tuple[int, ...]]
    """From a first character to the lengths of the forms that begin with it."""

    def parts(self, label: str) -> tuple[str, str]:
        """Split a label into a prefix and a known name in its short form.

        市卫生健康委 is 市 and 卫健委; a label without a known name has no prefix.
        """
        former = {change.old for change in self.changes}
        place = re.sub(r"^.*?(?:省|自治区|市)(?=.)", "", self.jurisdiction)
        for prefix in ("", *_LEVELS, self.jurisdiction, place):
            base = label.removeprefix(prefix)
            if base == label and prefix:
                continue
            name, how = self.forms.get(base, ("", ""))
            if name and how != "slip":
                return prefix, name
            if base in former:
                return prefix, base
        return "", label

    def streets(self) -> tuple[Entry, ...]:
        """The street-level offices of the jurisdiction."""
        return tuple(e for e in self.entries.values() if e.kind == "street")


_LEVELS = ("省", "自治区", "市", "州", "区", "县", "旗", "镇")
SETTING = "TIAOKUAI_GAZETTEER"
"""Folders besides the package's own, separated as in PATH; child processes inherit them."""
Stamp = tuple[str, int, int]


def gazetteer(jurisdiction: str) -> Gazetteer:
    """The known bodies of `jurisdiction`: the general names and its own.

    Its own come first where a form is in both. Raises SyntaxError for a file of bad Turtle.
    """
    return _gazetteer(jurisdiction, added("bodies-"))


def add_folder(folder: Path) -> None:
    """Lets the files of a folder be read too, by this process and those that it starts."""
    named = [p for p in os.environ.get(SETTING, "").split(os.pathsep) if p]
    if folder.is_dir() and str(folder) not in named:
        os.environ[SETTING] = os.pathsep.join([*named, str(folder)])


def added(prefix: str) -> tuple[Stamp, ...]:
    """The files of the folders that were added whose names begin so: path, time and size."""
    named = [p for p in os.environ.get(SETTING, "").split(os.pathsep) if p]
    found = [f for p in named for f in sorted(Path(p).glob(f"{prefix}*.ttl"))]
    return tuple((str(f), (s := f.stat()).st_mtime_ns, s.st_size) for f in found)


def contents(prefix: str, more: tuple[Stamp, ...]) -> list[tuple[str, bytes]]:
    """The files of the package and of the folders that were added: name and bytes."""
    own = sorted((files("ontology") / "gazetteer").iterdir(), key=lambda f: f.name)
    found = [
        (f.name, f.read_bytes())
        for f in own
        if f.name.startswith(prefix) and f.name.endswith(".ttl")
    ]
    return found + [(path, Path(path).read_bytes()) for path, _, _ in more]


@cache
def _gazetteer(jurisdiction: str, more: tuple[Stamp, ...]) -> Gazetteer:
    known, changes = _all(more)
    mine = [e for e in known if e.jurisdiction == jurisdiction and jurisdiction]
    entries = {e.name: e for e in mine}
    entries.update({e.name: e for e in known if not e.jurisdiction and e.name not in entries})
    forms: dict[str, tuple[str, str]] = {}
    for how in ("name", "alias", "slip"):
        for entry in entries.values():
            names = {"name": (entry.name,), "alias": entry.aliases, "slip": entry.slips}[how]
            for form in names:
                forms.setdefault(squeeze(form), (entry.name, how))
    lengths: dict[str, set[int]] = defaultdict(set)
    for form in forms:
        lengths[form[:1]].add(len(form))
    sorted_lengths = {first: tuple(sorted(found)) for first, found in lengths.items()}
    return Gazetteer(jurisdiction, entries, forms, changes, sorted_lengths)


@cache
def _all(more: tuple[Stamp, ...]) -> tuple[tuple[Entry, ...], tuple[Change, ...]]:
    entries: list[Entry] = []
    changes: list[Change] = []
    for name, data in contents("bodies-", more):
        try:
            read, moved = _read(data)
        except SyntaxError as error:
            raise SyntaxError(f"{name}: {error}") from error
        entries += read
        changes += moved
    return tuple(entries), tuple(changes)


def _read(data: bytes) -> tuple[list[Entry], list[Change]]:
    facts: dict[NamedNode, dict[str, list[NamedNode | Literal]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for quad in parse(data, format=RdfFormat.TURTLE):
        assert isinstance(quad.subject, NamedNode)
        assert isinstance(quad.object, (NamedNode, Literal))
        facts[quad.subject][quad.predicate.value].append(quad.object)

    def values(node: NamedNode, *predicates: NamedNode) -> list[str]:
        return [o.value for p in predicates for o in facts[node][p.value]]

    def name(node: NamedNode) -> str:
        return values(node, SKOS["prefLabel"])[0] if node in facts else _last(node.value)

    entries, changes = [], []
    for node in list(facts):
        kinds = set(values(node, RDF["type"]))
        if ORG["ChangeEvent"].value in kinds:
            old, new = facts[node][ORG["originalOrganization"].value][0], None
            new = facts[node][ORG["resultingOrganization"].value][0]
            assert isinstance(old, NamedNode)
            assert isinstance(new, NamedNode)
            changes.append(Change(name(old), name(new), int(values(node, TK["year"])[0])))
            continue
        kind = "body"
        if ORG["Organization"].value in kinds:
            kind = "company"
        elif FOAF["Group"].value in kinds:
            kind = "collective"
        elif facts[node][TK["jurisdiction"].value]:
            kind = "street"
        path = unquote(node.value.removeprefix(_ROOT)).split("/")
        members = [m for m in facts[node][ORG["hasMember"].value] if isinstance(m, NamedNode)]
        as_of = values(node, TK["membersAsOf"])
        entries.append(
            Entry(
                name=name(node),
                jurisdiction=path[0] if len(path) > 1 else "",
                kind=kind,
                aliases=tuple(values(node, SKOS["altLabel"])),
                slips=tuple(values(node, TK["slip"])),
                english="".join(values(node, RDFS["label"])[:1]),
                code="".join(values(node, SKOS["notation"])[:1]),
                members=tuple(_last(m.value) if m not in facts else name(m) for m in members),
                complete=values(node, TK["complete"]) == ["true"],
                members_as_of=int(as_of[0]) if as_of else None,
            )
        )
    return entries, changes


def _last(iri: str) -> str:
    return unquote(iri.rsplit("/", 1)[-1])
