"""The frame of a question: what it mentions, of what time it speaks, and its words by class."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from queries.ask.folding import fold
from queries.ask.index import NameIndex, NameMeaning
from queries.ask.lexicon import MARKS, own_word, word_classes
from queries.ask.mentions import (
    NameMention,
    find_body_words,
    find_names,
    find_targets,
    find_weak,
)
from queries.ask.times import Times, find_times
from queries.ask.topics import find_topic

_RUN = re.compile("[\u4e00-\u9fff]+")
_LATIN = re.compile(r"[a-z][a-z'-]+")
_QUOTED = re.compile('[“"「『]([^”"」』]{12,})[”"」』]')
_MARKS = frozenset(MARKS.values())
_PARTICLES = frozenset("的是了有在和与跟及把被由给对请哪几吗呢要")
_MAX_NAME_CHARS = 16
_HOUSE = re.compile(r"\d+[弄号](?![\d/])")
_OFFICE_END = re.compile("(?:街道办事处|街道|镇政府|镇|局|委员会|集团|支队)$")
_MAX_TRIES = 60
"""Places at which a name is looked for by its build; a question has fewer."""
_LONG_ENOUGH = 3
"""A longer part of a place's name needs no other word behind it: 体操中心改造."""
_OPEN = ("domain", "placekind", "projectkind")
"""Kinds whose names are words of the field too (土地出让, 道路): they stay to be read as words."""


@dataclass(slots=True)
class Frame:
    """A question, read: everything that the choice of a catalogue question turns on."""

    raw: str
    text: str
    masked: str
    mentions: list[NameMention] = field(default_factory=list)
    weak: list[NameMention] = field(default_factory=list)
    unknown: list[NameMention] = field(default_factory=list)
    times: Times = field(default_factory=Times)
    classes: Mapping[str, int] = field(default_factory=dict)
    topic: str = ""
    """Words of a notice that are neither a name nor known: 垃圾分类."""
    rest: tuple[str, ...] = ()
    """Words of content that no list knows."""

    def of(self, kind: str) -> list[NameMention]:
        """Return the mentions that may be of a kind, else the weak ones."""
        return [m for m in self.mentions if m.of(kind)] or [m for m in self.weak if m.of(kind)]

    def only(self, kind: str) -> int:
        """Return how many names can be of this kind alone; parts of names do not count."""
        named = [m for m in self.mentions if m.of(kind)]
        return sum(all(x.kind == kind for x in m.meanings) for m in named)

    def count(self, name: str) -> int:
        """Return how often an item of a line occurs: a kind, a class or a word of its own."""
        if name == "quarter":
            return len(self.times.quarters)
        if name == "month":
            return len(self.times.months)
        if name == "year":
            return len(self.times.years)
        if name == "thing":
            return len({m.written for m in (*self.of("body"), *self.of("place"))})
        if name == "topic":
            return int(bool(self.topic))
        if name == "office":
            return sum(bool(m.of("body") and m.of("place")) for m in self.mentions or self.weak)
        if name in MARKS:
            return len({m.written for m in self.of(name)})
        if name in word_classes():
            return self.classes.get(name, 0)
        return len(own_word(name).findall(self.masked))


def frame_of(index: NameIndex, raw: str, year: int, today: date) -> Frame:
    """Read a question into its frame."""
    text = fold(raw)
    mentions = [*find_names(index, text)]
    masked = _mask(text, mentions)
    targets = [t for t in find_targets(index, masked) if t.meanings]
    unknown = [t for t in find_targets(index, masked) if not t.meanings]
    masked = _mask(masked, targets)
    times = find_times(_without_quotes(masked), year, today)
    masked = _cover(masked, times.spans)
    mentions += targets
    weak, odd, masked = _weak_mentions(index, masked, mentions)
    frame = Frame(raw, text, masked, sorted([*mentions, *(w for w in weak if w.how in ("short", "slip"))],
                  key=lambda m: m.start), [w for w in weak if w.how == "part"], [*unknown, *odd], times)  # fmt: skip
    covered = [c in _MARKS for c in masked]
    for m in (*frame.mentions, *frame.weak):
        covered[m.start : m.end] = [True] * (m.end - m.start)
    counts: dict[str, int] = {}
    for name, known in word_classes().items():
        for match in known.words.finditer(masked):
            counts[name] = counts.get(name, 0) + 1
            covered[match.start() : match.end()] = [True] * (match.end() - match.start())
    frame.classes = counts
    free = "".join("\0" if c else x for c, x in zip(covered, masked, strict=True))
    frame.topic = find_topic(index, text, _loosely(masked, free))
    frame.rest = tuple(_RUN.findall(free)) + tuple(w for w in _LATIN.findall(free) if len(w) > 2)
    return frame


def _loosely(masked: str, free: str) -> str:
    """Uncover single characters between free ones: the 市 of 菜市场 belongs to the word around it."""
    out = list(free)
    for at in range(1, len(free) - 1):
        inside = free[at - 1] != "\0" and free[at + 1] != "\0"
        if inside and free[at] == "\0" and masked[at] not in _PARTICLES and _RUN.match(masked[at]):
            out[at] = masked[at]
    return "".join(out)


def _without_quotes(masked: str) -> str:
    """Cover a pasted sentence: its years and quarters are not those that are asked for."""
    found = _QUOTED.search(masked)
    if found and len(masked) - len(found[0]) > 5:
        return masked[: found.start()] + "\0" * len(found[0]) + masked[found.end() :]
    return masked


def _mask(text: str, mentions: list[NameMention]) -> str:
    """Put marks in place of what was found, as long as it is, so that offsets stay."""
    out = list(text)
    for m in mentions:
        kind = m.meanings[0].kind if m.meanings else "other"
        if kind in _OPEN:
            continue
        if m.of("body") and m.of("place"):
            kind = "office"
        out[m.start : m.end] = MARKS.get(kind, MARKS["other"]) * (m.end - m.start)
    return "".join(out)


def _cover(text: str, spans: tuple[tuple[int, int, str], ...]) -> str:
    out = list(text)
    for start, end, kind in spans:
        out[start:end] = MARKS[kind] * (end - start)
    return "".join(out)


def _weak_mentions(
    index: NameIndex, masked: str, mentions: list[NameMention]
) -> tuple[list[NameMention], list[NameMention], str]:
    """Find weak forms and words built as names outside names and words of a class."""
    words = word_classes()
    known = [False] * len(masked)
    for name, of_class in words.items():
        if name == "question":
            continue
        for match in of_class.words.finditer(masked):
            if (
                match.end() - match.start() > 1
                or match[0] in "的是有在和与跟把被由给对请个哪什要会该应需能都也还归"
            ):
                known[match.start() : match.end()] = [True] * (match.end() - match.start())
    for m in mentions:
        known[m.start : m.end] = [True] * (m.end - m.start)
    weak: list[NameMention] = []
    odd: list[NameMention] = []
    tries = 0
    for at in range(len(masked) - 2):
        if tries < _MAX_TRIES and (at == 0 or known[at - 1] or not _RUN.match(masked[at - 1])):
            tries += 1
            built = find_body_words(index, masked, at, min(len(masked), at + _MAX_NAME_CHARS))
            if built and built.how == "unknown" and _is_unheard(index, built, known):
                odd.append(built)
                known[at : built.end] = [True] * (built.end - at)
            if (
                built
                and built.meanings
                and not any(w.start < built.end and at < w.end for w in weak)
            ):
                weak.append(built)
                known[at : built.end] = [True] * (built.end - at)
    weak += _kinds_of_project(index, masked)
    for number in _HOUSE.finditer(masked):
        if found := index.weak.get(number[0]):
            weak.append(NameMention(*number.span(), number[0], found, "part"))
    for start, run_end in _runs(masked, known):
        end = min(run_end, start + _MAX_TRIES)
        at = start
        while at < end - 1:
            built = find_body_words(index, masked, at, end)
            part = find_weak(index, masked, at, len(masked))
            if built and built.meanings and (part is None or built.end > part.end):
                weak.append(built)
                at = built.end
            elif part and _stands_alone(masked, part, known):
                weak.append(part)
                at = part.end
            elif (
                built
                and built.how == "unknown"
                and at == start
                and built.end <= end
                and built.written not in index.text
            ):
                odd.append(built)
                at = built.end
            else:
                at += 1
    strong = [w for w in weak if w.how != "part"]
    return weak, odd, _mask(masked, strong)


def _is_unheard(index: NameIndex, built: NameMention, known: list[bool]) -> bool:
    """Return whether a word is the name of an office of which no notice writes: 陆家嘴街道."""
    stem = _OFFICE_END.sub("", built.written)
    if stem == built.written or len(stem) < 2 or built.written in index.text:
        return False
    return not all(known[built.start : built.start + len(stem)])


def _kinds_of_project(index: NameIndex, masked: str) -> list[NameMention]:
    """Find the short forms of kinds of projects (出让), which are words of the field too."""
    found = []
    for at in range(len(masked) - 1):
        kinds = [m for m in index.weak.get(masked[at : at + 2], ()) if m.kind == "projectkind"]
        if kinds:
            found.append(NameMention(at, at + 2, masked[at : at + 2], tuple(kinds), "part"))
    return found


def _stands_alone(masked: str, part: NameMention, known: list[bool]) -> bool:
    """Return whether a weak form ends where another word begins: 城管今年, not 文化活动."""
    if part.end >= len(masked) or part.written != masked[part.start : part.end]:
        return True
    if len(part.written) > _LONG_ENOUGH and not part.of("body"):
        return True
    return known[part.end] or masked[part.end] in _MARKS or not _RUN.match(masked[part.end])


def _runs(masked: str, known: list[bool]) -> Iterator[tuple[int, int]]:
    start = None
    for at in range(len(masked) + 1):
        free = at < len(masked) and not known[at] and "\u4e00" <= masked[at] <= "\u9fff"
        if free and start is None:
            start = at
        elif not free and start is not None:
            yield start, at
            start = None


def all_meanings(mentions: list[NameMention], kind: str) -> list[NameMeaning]:
    """Return the meanings of one kind of several mentions, each once."""
    return list(dict.fromkeys(m for mention in mentions for m in mention.of(kind)))
