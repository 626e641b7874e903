"""Choose the question of the catalogue that a frame means; each score can be explained."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from queries.ask.frame import Frame
from queries.ask.lexicon import (
    MARKS,
    OPTION_SHARE,
    AskLine,
    compile_words,
    parse_line,
    weight_of,
    word_classes,
)
from queries.catalogue import Question, questions

_UNEXPLAINED_CLASS = 0.35
_UNEXPLAINED_KIND = 1.0
_UNEXPLAINED_TIME = 0.5
_SINGLE = ("place", "body", "target", "domain")
_KINDS_OF_PARAMETER = {"bodies": ("body",), "thing": ("body", "place")}


@dataclass(frozen=True, slots=True)
class AskScore:
    """The score of one line of a question, with its parts."""

    question: str
    line: str
    total: float
    parts: tuple[tuple[str, float], ...]


@cache
def ask_lines() -> Mapping[str, tuple[AskLine, ...]]:
    """Return the `#+ ask:` lines of every question of the catalogue."""
    found: dict[str, tuple[AskLine, ...]] = {}
    for question in questions().values():
        lines = [
            parse_line(question.name, text.removeprefix("#+ ask:").strip())
            for text in question.query.splitlines()
            if text.startswith("#+ ask:")
        ]
        found[question.name] = tuple(lines)
    return found


@cache
def examples() -> tuple[tuple[str, str], ...]:
    """Return the example questions of the headers, each with the name of its question."""
    return tuple(
        (question.name, text.removeprefix("#+ ask like:").strip())
        for question in questions().values()
        for text in question.query.splitlines()
        if text.startswith("#+ ask like:")
    )


def scores(frame: Frame, holds: Collection[str]) -> list[AskScore]:
    """Return the best score of every question that the frame may mean, the highest first.

    Questions that need reports or geometry count where the graph `holds` them.
    """
    found = []
    for name, lines in ask_lines().items():
        question = questions()[name]
        if question.needs and question.needs not in holds:
            continue
        best = max((s for line in lines if (s := _score(frame, question, line))), default=None,
                   key=lambda s: s.total)  # fmt: skip
        if best is not None:
            found.append(best)
    return sorted(found, key=lambda s: (-s.total, s.question))


def _forbids(frame: Frame, name: str, times: int) -> bool:
    if times == 1 and name in ("body", "place", "projectkind"):
        return frame.only(name) > 0
    return frame.count(name) >= times


def _score(frame: Frame, question: Question, line: AskLine) -> AskScore | None:
    parts: list[tuple[str, float]] = []
    for item in line.items:
        if item.sort == "forbid":
            if any(_forbids(frame, n, item.times) for n in item.names):
                return None
            continue
        present = [n for n in item.names if frame.count(n) >= item.times]
        if item.sort == "need" and not present:
            return None
        if present:
            weight = max(map(weight_of, present)) * (OPTION_SHARE if item.sort == "option" else 1)
            parts.append((present[0], weight))
    taken = line.mentions.union(
        *(_KINDS_OF_PARAMETER.get(p.kind, (p.kind,)) for p in question.params)
    )
    for kind in _SINGLE:
        named = [m for m in frame.mentions if m.of(kind)]
        mine = [m for m in named if not any(m.of(t) for t in taken if t in MARKS)]
        if mine and kind not in taken:
            parts.append((f"-{kind}", -_UNEXPLAINED_KIND))
    if frame.times.quarters and not taken & {"quarter", "quarterly", "when", "month"}:
        parts.append(("-quarter", -_UNEXPLAINED_TIME))
    for name, times in frame.classes.items():
        weight = word_classes()[name].weight
        if times and weight >= 1 and name not in line.mentions:
            parts.append((f"-{name}", -weight * _UNEXPLAINED_CLASS))
    return AskScore(question.name, line.text, round(sum(w for _, w in parts), 3), tuple(parts))


__all__ = ["AskScore", "ask_lines", "compile_words", "examples", "scores"]
