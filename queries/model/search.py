"""Search over everything that has a name or is written: bodies, places, projects, targets, sentences.

Two-character words are found, other names too, a slip of a character or two, and what is typed in
traditional characters. A name beats a sentence, the whole name beats a part of it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from opencc import OpenCC
from rapidfuzz.distance import OSA

from ontology.names import squeeze
from queries.model.months import dates_named
from queries.model.records import Atlas, Target
from queries.model.search_words import SearchWords, understand

TYPES = ("body", "place", "project", "target")
FACETS = ("type", "domain", "theme", "quarter", "month", "role", "street")
_EXACT, _ALIAS, _BEGINS, _HOLDS, _TIED, _SLIP, _SAID = range(7)
_SLIPS = 12
_SENTENCES = 3
_ANY_YEAR = 2020
"""Used for a notice without a year: a leap year, so that no day is refused."""
_Key = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Said:
    """A clause that holds the words, split around them, and its cell."""

    cell: str
    before: str
    words: str
    after: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found. `facets` are the values by which it can be narrowed."""

    iri: str
    type: str
    label: str
    note: str
    kind: str
    slip: bool = False
    said: tuple[Said, ...] = ()
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    iri: str
    type: str
    label: str
    names: tuple[str, ...]
    """The label and all other names, each as it is compared."""
    note: str
    kind: str
    facets: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class _Index:
    atlas: Atlas
    entries: tuple[_Entry, ...]
    facets: Mapping[str, Mapping[str, frozenset[str]]]
    """Of each target."""


_kept: list[_Index] = []


def search(a: Atlas, words: str, chosen: Mapping[str, str] | None = None) -> list[Hit]:
    """Find the words, best first; `chosen` are facets that each hit must have.

    A quarter, month or year among the words (第二季度, 3月, 2019年) is a facet; of several words
    all must fit a target.
    """
    asked = understand(words)
    wanted = {**asked.times, **(chosen or {})}
    if asked.times and not asked.text:
        every = [_hit(e) for e in _index(a).entries if e.type == "target"]
        return [h for h in every if _fits(h, wanted)]
    whole = _search(a, asked.text, wanted)
    is_name = bool(whole) and whole[0].type != "target" and not whole[0].slip
    if len(asked.parts) < 2 or is_name:
        return whole
    found = [{h.iri: h for h in _search(a, p, wanted) if h.type == "target"} for p in asked.parts]
    both = [h for iri, h in found[0].items() if all(iri in others for others in found[1:])]
    known = {h.iri for h in both}
    return [*both, *(h for h in whole if h.iri not in known)]


def nearest_searches(a: Atlas, words: str) -> list[tuple[str, int]]:
    """Searches with fewer of these words that find something, each with how much it finds.

    The longest come first: without the time, then each word with it, then each word alone.
    """
    asked = understand(words)
    times = _said_times(asked)
    tries = [asked.text] if times else []
    if len(asked.parts) > 1 or times:
        tries += [" ".join((times, part)).strip() for part in asked.parts]
        tries += asked.parts
    tries += [times] if times and asked.text else []
    found = [(t, len([h for h in search(a, t) if not h.slip])) for t in dict.fromkeys(tries) if t]
    return [(t, n) for t, n in found if n][:6]


def _said_times(asked: SearchWords) -> str:
    said = (
        f"{asked.year}年" if asked.year else "",
        f"第{'一二三四'[int(asked.quarter) - 1]}季度" if asked.quarter else "",
        f"{asked.month}月" if asked.month else "",
    )
    return " ".join(s for s in said if s)


def _search(a: Atlas, words: str, chosen: Mapping[str, str]) -> list[Hit]:
    forms = _forms(words)
    if not forms:
        return []
    index = _index(a)
    ranked: dict[str, tuple[_Key, Hit]] = {}
    for n, entry in enumerate(index.entries):
        rank = min((_rank(f, entry) for f in forms), default=9)
        if rank < 9:
            order = -1 if entry.kind == "Street" else TYPES.index(entry.type)
            far = (rank, order, min(map(len, entry.names)), n)
            ranked[entry.iri] = (far, _hit(entry))
    exact = [h for (r, *_), h in ranked.values() if r <= _ALIAS and h.type != "target"]
    _tied(a, index, exact, ranked)
    _sentences(a, index, forms, words, ranked)
    if not any(key[0] <= _HOLDS for key, _ in ranked.values()) and " " not in words.strip():
        _slips(index, forms, ranked)
    found = [hit for _, hit in sorted(ranked.values(), key=lambda pair: pair[0])]
    return [h for h in found if _fits(h, chosen)]


def searchable(a: Atlas) -> list[tuple[Hit, list[str], list[str]]]:
    """Everything that can be found: the thing, its names, and for a target its words.

    The words of a target are its cells and the names of those that take part, as written.
    """
    words: dict[str, list[str]] = {}
    for t in a.targets.values():
        cells = [t.text, *(s.text for s in t.steps if not s.project)]
        ties = [e.label for e in t.edges if not e.inferred]
        places = [a.places[m.place].label for m in t.mentions if m.place in a.places]
        words[t.iri] = [*cells, *dict.fromkeys([*ties, *places])]
    return [(_hit(e), list(e.names), words.get(e.iri, [])) for e in _index(a).entries]


def counted(hits: Iterable[Hit]) -> dict[str, list[tuple[str, int]]]:
    """Count the hits by value for each facet, the most frequent first."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in FACETS}
    for hit in hits:
        for name in FACETS:
            counts[name].update(hit.facets.get(name, ()))
    ordered = {n: sorted(c.items(), key=lambda x: (-x[1], x[0])) for n, c in counts.items()}
    ordered["quarter"].sort()
    ordered["month"].sort(key=lambda x: int(x[0]))
    return ordered


def values(a: Atlas, facet: str) -> list[str]:
    """All values that a facet can have in this version."""
    if facet == "type":
        return list(TYPES)
    every = {v for f in _index(a).facets.values() for v in f.get(facet, ())}
    if facet == "role":
        every |= {"lead", "coordinate"}
    return sorted(every)


def _fits(hit: Hit, chosen: Mapping[str, str]) -> bool:
    return all(v in hit.facets.get(name, ()) for name, v in chosen.items())


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def _plain(text: str) -> str:
    return squeeze(unicodedata.normalize("NFKC", text)).lower()


def _forms(words: str) -> list[str]:
    """The words as they are compared: as typed, and in simplified characters."""
    typed = _plain(words)
    return list(dict.fromkeys(f for f in (typed, _plain(_converter().convert(typed))) if f))


def _rank(words: str, entry: _Entry) -> int:
    if entry.names[0] == words:
        return _EXACT
    if words in entry.names:
        return _ALIAS
    if any(n.startswith(words) for n in entry.names):
        return _BEGINS
    return _HOLDS if any(words in n for n in entry.names) else 9


def _hit(entry: _Entry, *, slip: bool = False) -> Hit:
    return Hit(entry.iri, entry.type, entry.label, entry.note, entry.kind, slip, (), entry.facets)


def _tied(a: Atlas, index: _Index, exact: list[Hit], ranked: dict[str, tuple[_Key, Hit]]) -> None:
    """The targets that what was named exactly is written into, and in which role."""
    names = {h.iri for h in exact}
    for n, t in enumerate(a.targets.values()):
        edges = [e for e in t.edges if e.body in names and not e.inferred]
        places = [m for m in t.mentions if m.place in names]
        if not edges and not places:
            continue
        roles = frozenset("coordinate" if e.role == "Coordinate" else "lead" for e in edges)
        facets = {**index.facets[t.iri], "role": roles}
        first = 0 if "lead" in roles else 1 if places else 2
        label = f"{t.id} {t.title}"
        ranked.setdefault(
            t.iri, ((_TIED, first, n, 0), Hit(t.iri, "target", label, t.theme, t.domain, facets=facets))
        )  # fmt: skip


def _sentences(
    a: Atlas, index: _Index, forms: list[str], words: str, ranked: dict[str, tuple[_Key, Hit]]
) -> None:
    """The targets whose cells hold the words; of several words, all of them."""
    parts = [f for w in words.split() if (f := _forms(w))] if len(words.split()) > 1 else []
    for n, t in enumerate(a.targets.values()):
        said = [s for f in forms for s in _clauses(t, f)][:_SENTENCES]
        if not said and parts:
            every = _plain(t.text + t.theme + "".join(s.text for s in t.steps)) + "".join(
                e.label for e in t.edges if not e.inferred
            )
            if all(any(f in every for f in part) for part in parts):
                said = [s for part in parts for f in part for s in _clauses(t, f)[:1]][:_SENTENCES]
                said = said or [Said("text", "", "", t.text)]
        if not said:
            continue
        key, hit = ranked.get(t.iri, ((_SAID, 0, n, 0), None))
        label = f"{t.id} {t.title}"
        facets = hit.facets if hit else index.facets[t.iri]
        ranked[t.iri] = (
            key,
            Hit(t.iri, "target", label, t.theme, t.domain, False, tuple(said), facets),
        )


def _clauses(t: Target, words: str) -> list[Said]:
    cells = [("text", t.text), *((f"q{s.quarter}", s.text) for s in t.steps if not s.project)]
    found = []
    for cell, text in cells:
        folded = unicodedata.normalize("NFKC", text).lower()
        if len(folded) != len(text):
            folded = text.lower()
        at = folded.find(words)
        if at < 0 or len(folded) != len(text):
            continue
        end = at + len(words)
        left = max(text.rfind(mark, 0, at) for mark in "。;；") + 1
        stops = [e + 1 for mark in "。;；" if (e := text.find(mark, end)) >= 0]
        right = min(stops, default=len(text))
        found.append(Said(cell, text[left:at], text[at:end], text[end:right]))
    return found


def _slips(index: _Index, forms: list[str], ranked: dict[str, tuple[_Key, Hit]]) -> None:
    """Find names that differ by a slip; numbers must agree: 115街坊 never matches 116街坊."""
    found = []
    for n, entry in enumerate(index.entries):
        if entry.type == "target" or entry.iri in ranked:
            continue
        far = min((_distance(f, name) for f in forms for name in entry.names), default=9)
        if far < 9:
            found.append(((_SLIP, far, TYPES.index(entry.type), n), _hit(entry, slip=True)))
    for key, hit in sorted(found, key=lambda pair: pair[0])[:_SLIPS]:
        ranked[hit.iri] = key, hit


def _distance(words: str, name: str) -> int:
    room = 0 if len(words) < 2 else 1 if len(words) < 5 else 2
    if re.findall(r"\d+", words) != re.findall(r"\d+", name):
        return 9
    far = OSA.distance(words, name, score_cutoff=room)
    if far > room or (len(words) == 2 and words[0] != name[0]):
        return 9
    return int(far)


def _index(a: Atlas) -> _Index:
    if not _kept or _kept[0].atlas is not a:
        _kept[:] = [_made(a)]
    return _kept[0]


def _made(a: Atlas) -> _Index:
    of_target = {t.iri: _facets(a, t) for t in a.targets.values()}
    roles: dict[str, set[str]] = {}
    tied: dict[str, list[str]] = {}
    for t in a.targets.values():
        for e in t.edges:
            if not e.inferred:
                roles.setdefault(e.body, set()).add(
                    "coordinate" if e.role == "Coordinate" else "lead"
                )
                tied.setdefault(e.body, []).append(t.iri)
        for m in t.mentions:
            tied.setdefault(m.place, []).append(t.iri)

    def entry(iri: str, kind: str, label: str, others: Iterable[str], note: str, what: str, targets: Iterable[str]) -> _Entry:  # fmt: skip
        mine: dict[str, frozenset[str]] = {"type": frozenset((kind,))}
        for facet in ("domain", "theme", "quarter", "month", "year", "street"):
            mine[facet] = frozenset(v for t in targets for v in of_target[t][facet])
        mine["role"] = frozenset(roles.get(iri, ()))
        names = tuple(dict.fromkeys(_plain(n) for n in (label, *others) if n))
        return _Entry(iri, kind, label, names or ("",), note, what, mine)

    entries = [
        entry(b.iri, "body", b.label, (b.english, *b.other_names), "、".join(b.other_names), b.kind,
              tied.get(b.iri, ()))
        for b in a.bodies.values()
    ]  # fmt: skip
    entries += [
        entry(p.iri, "place", p.label, p.other_names, "、".join(p.other_names), p.kind,
              tied.get(p.iri, ()))
        for p in a.places.values()
    ]  # fmt: skip
    entries += [
        entry(
            w.iri, "project", w.name, (), w.kind, w.kind, [t for t in w.targets if t in of_target]
        )
        for w in a.works.values()
    ]
    entries += [
        entry(t.iri, "target", f"{t.id} {t.title}", (t.id, t.title), t.theme, t.domain, (t.iri,))
        for t in a.targets.values()
    ]
    return _Index(a, tuple(entries), of_target)


def _facets(a: Atlas, t: Target) -> dict[str, frozenset[str]]:
    streets = {
        b.label for e in t.edges if not e.inferred and (b := a.bodies.get(e.body)) and b.street
    }
    for m in t.mentions:
        spots = [m.place, *(a.places[m.place].within if m.place in a.places else ())]
        streets |= {
            a.places[s].label for s in spots if s in a.places and a.places[s].kind == "Street"
        }
    year = a.notices[t.notice].year if t.notice in a.notices else ""
    days = (
        d
        for s in t.steps
        for d in dates_named(s.text, int(year) if year.isdigit() else _ANY_YEAR, s.quarter)
    )
    return {
        "type": frozenset(("target",)),
        "domain": frozenset((t.domain,) if t.domain else ()),
        "theme": frozenset((t.theme,) if t.theme else ()),
        "quarter": frozenset(str(s.quarter) for s in t.steps),
        "month": frozenset(str(d.month) for d in days),
        "year": frozenset((year,) if year else ()),
        "role": frozenset(),
        "street": frozenset(streets),
    }
