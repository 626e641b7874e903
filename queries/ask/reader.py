"""Read a question in plain words: a question of the catalogue, a question back, or a refusal.

A pure function of the names of a version, the question and the day. No model, nothing learnt: the
header of each `.rq` lists the words and names that its question needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from graph.store.snapshot import Snapshot
from queries.ask.frame import Frame, frame_of
from queries.ask.index import NameIndex, index_of
from queries.ask.intents import AskScore, scores
from queries.ask.likeness import likeness
from queries.ask.refusals import AskRefusal, elsewhere, out_of_scope, screen
from queries.ask.slots import FilledSlots, fill
from queries.catalogue import questions

ENOUGH = 1.25
"""The least score of an answer."""
CLEAR = 3.0
"""A score at which a question is understood whatever else it holds."""
ALIKE = 0.36
"""The least likeness to an example of a header that answers where no line fits."""
CLOSE = 0.2
"""Two questions whose scores differ by less are both offered."""
_PER_UNKNOWN_WORD = 0.45
_PER_UNKNOWN_BESIDE_TOPIC = 1.5
"""Words that no notice holds weigh more where a topic is all that was understood."""
_TOPICAL = ("targets-about",)
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class AskChoice:
    """A question of the catalogue with its parameters."""

    name: str
    params: Mapping[str, str]
    written: Mapping[str, str] = field(default_factory=dict)
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class AskReading:
    """The outcome of reading a question. `status` is answer, ask or refuse."""

    status: str
    question: str
    choice: AskChoice | None = None
    readings: tuple[AskChoice, ...] = ()
    """The choices of a question back; further readings of an answer."""
    refusal: AskRefusal | None = None
    assumed: str = ""
    """The day from which a relative time was reckoned."""
    year: int = 0
    scores: tuple[AskScore, ...] = ()
    frame: Frame | None = None
    model: bool = False
    """True where a language model chose the question."""


def read(snapshot: Snapshot, question: str, today: date | None = None) -> AskReading:
    """Read a question against the names of a version or of a scope of it."""
    refusal = screen(question)
    if refusal is not None:
        return AskReading("refuse", question[:600], refusal=refusal)
    return read_with(index_of(snapshot), question.strip(), today or date.today())


def read_with(index: NameIndex, question: str, today: date) -> AskReading:
    """Read a screened question with an index of names."""
    year = max(index.years, default=today.year)
    frame = frame_of(index, question, year, today)
    base = AskReading("refuse", question, assumed=frame.times.assumed, year=year, frame=frame)
    ranked = scores(frame, index.holds)
    refusal = _refusal(index, frame)
    if refusal is not None and not _outweighs(ranked, refusal):
        return replace(base, refusal=refusal, scores=tuple(ranked))
    base = replace(base, scores=tuple(ranked))
    doubt = _unknown_words(frame, index)
    able: list[tuple[AskScore, FilledSlots]] = []
    for score in ranked:
        each = _PER_UNKNOWN_BESIDE_TOPIC if score.question in _TOPICAL else _PER_UNKNOWN_WORD
        if score.total - each * doubt < ENOUGH:
            continue
        filled = fill(index, frame, questions()[score.question])
        if not filled.missing:
            able.append((score, filled))
    if not able and not _is_bare(frame):
        able = _alike(index, frame, doubt)
    if not able:
        return _fall_back(index, frame, base)
    best, filled = able[0]
    if filled.choices:
        ways = tuple(
            AskChoice(best.question, c, filled.written, best.total) for c in filled.choices
        )
        return replace(base, status="ask", readings=_merged(ways)[:_SHOWN], refusal=None)
    others_meant = _road_or_street(frame, filled) or _of_other_kind(frame, filled)
    if "text" in filled.params:
        others_meant = ()
    if others_meant:
        ways = (AskChoice(best.question, filled.params, filled.written, best.total), *others_meant)
        return replace(base, status="ask", readings=ways[:_SHOWN])
    first = AskChoice(best.question, filled.params, filled.written, best.total)
    others = tuple(
        AskChoice(s.question, f.params, f.written, s.total) for s, f in able[1:] if not f.choices
    )
    close = [o for o in others if best.total - o.score < CLOSE and not _is_part(first, o)]
    if close:
        return replace(base, status="ask", readings=(first, *close)[:_SHOWN])
    return replace(base, status="answer", choice=first, readings=others[:2])


def _of_other_kind(frame: Frame, filled: FilledSlots) -> tuple[AskChoice, ...]:
    """Return readings of a part of a name (虹桥) that may mean a thing of another kind."""
    if frame.count("lead") or frame.count("coordinate") or frame.count("when"):
        return ()
    chosen = set(filled.params.values())
    for m in frame.weak:
        if m.written not in filled.written.values():
            continue
        others = {x.label: x.kind for x in m.meanings if x.label not in chosen}
        names = {"body": "body-agenda", "place": "place-targets"}
        return tuple(AskChoice(names[k], {"name": n}, {}) for n, k in others.items() if k in names)
    return ()


def _road_or_street(frame: Frame, filled: FilledSlots) -> tuple[AskChoice, ...]:
    """Return the readings about the places where 新华路 was taken for its office without a role."""
    if frame.count("lead") or frame.count("coordinate"):
        return ()
    for m in frame.mentions:
        road = [x.label for x in m.meanings if x.what == "Road"]
        if road and m.of("body") and m.of("body")[0].label in filled.params.values():
            places = [*road, *(x.label for x in m.of("place") if x.what == "Street")]
            return tuple(AskChoice("place-targets", {"name": p}, {}) for p in places)
    return ()


def _alike(index: NameIndex, frame: Frame, doubt: float) -> list[tuple[AskScore, FilledSlots]]:
    """Return the questions with an example like this one, where their slots can be filled."""
    found = []
    for name, (alike, words) in likeness(frame.masked).items():
        if alike - _PER_UNKNOWN_WORD * doubt / 2 < ALIKE:
            continue
        if questions()[name].needs not in ("", *index.holds):
            continue
        filled = fill(index, frame, questions()[name])
        taken = {p.kind for p in questions()[name].params}
        if filled.missing or (frame.of("body") and not taken & {"body", "bodies", "thing", "text"}):
            continue
        if frame.of("place") and not frame.of("body") and not taken & {"place", "thing"}:
            continue
        found.append((AskScore(name, f"like {words}", alike, (("alike", alike),)), filled))
    return sorted(found, key=lambda pair: -pair[0].total)


def _outweighs(ranked: list[AskScore], refusal: AskRefusal) -> bool:
    """Return whether a question is clear enough for 为什么 and its like not to matter."""
    return refusal.reason == "general" and bool(ranked) and ranked[0].total >= CLEAR


def _is_bare(frame: Frame) -> bool:
    """Return whether a question is names alone."""
    return not any(c.isalnum() for c in frame.masked)


def _is_told(index: NameIndex, refusal: AskRefusal) -> bool:
    """Return whether reports of progress tell what a notice alone does not."""
    return refusal.reason == "done" and "reports" in index.holds


def _refusal(index: NameIndex, frame: Frame) -> AskRefusal | None:
    found = out_of_scope(frame.masked) or elsewhere(frame.masked, index.text)
    if found is not None and not _is_told(index, found):
        return found
    other = [y for y in frame.times.years if y not in index.years]
    if other and index.years and not frame.count("by-years"):
        return AskRefusal("year", str(other[0]))
    for mention in frame.unknown:
        if not mention.meanings and mention.how == "unknown":
            return AskRefusal(
                "target" if mention.written[0].isdecimal() else "name", mention.written
            )
    return None


def _unknown_words(frame: Frame, index: NameIndex) -> float:
    """Count words of content that neither a list nor a notice knows; Latin ones may be names."""
    count = 0.0
    for word in frame.rest:
        if len(word) > 1 and word not in index.text and word not in frame.topic:
            count += 0.4 if word.isascii() else 1
    return count


def _fall_back(index: NameIndex, frame: Frame, base: AskReading) -> AskReading:
    """Ask which question is meant where only a name is understood; else refuse."""
    if _unknown_words(frame, index) == 0 and not frame.rest:
        ways = [
            AskChoice(name, f.params, f.written)
            for name in (
                "body-agenda",
                "body-leads",
                "body-coordinates",
                "place-targets",
                "within-place",
            )
            if not (f := fill(index, frame, questions()[name])).missing and not f.choices
        ]
        if ways:
            return replace(base, status="ask", readings=tuple(ways)[:_SHOWN])
    return replace(base, refusal=AskRefusal("unknown", "、".join(frame.rest)))


def _is_part(first: AskChoice, other: AskChoice) -> bool:
    return first.name == other.name and first.params == other.params


def _merged(ways: tuple[AskChoice, ...]) -> tuple[AskChoice, ...]:
    kept: list[AskChoice] = []
    for way in ways:
        if not any(k.name == way.name and k.params == way.params for k in kept):
            kept.append(way)
    return tuple(kept)
