"""Likeness of a question to the examples of the headers, where no line of a header fits it."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Mapping
from functools import cache

from queries.ask.folding import fold
from queries.ask.intents import examples
from queries.ask.lexicon import MARKS

_NAME = "\ue0ff"
_BRACKETS = re.compile(r"\[[^\]]+\]")
_MARKS = re.compile("[" + "".join(MARKS.values()) + "]+")
_DIGITS = re.compile(r"\d+")
_WORDS = re.compile(r"[a-z]+|.")


def _pairs(text: str) -> Counter[str]:
    """Count the words and pairs of neighbours of a text, a name as one word."""
    parts = ["", *_WORDS.findall(_DIGITS.sub("0", text)), ""]
    found = Counter(a + "\0" + b for a, b in itertools.pairwise(parts))
    found.update(p for p in parts if p)
    return found


@cache
def _rarity() -> Mapping[str, float]:
    counted = [_pairs(_BRACKETS.sub(_NAME, fold(w))) for _, w in examples()]
    seen = Counter(pair for pairs in counted for pair in pairs)
    return {pair: math.log(len(counted) / n) + 0.1 for pair, n in seen.items()}


@cache
def _known() -> tuple[tuple[str, str, Mapping[str, float]], ...]:
    rare = _rarity()
    counted = ((n, w, _pairs(_BRACKETS.sub(_NAME, fold(w)))) for n, w in examples())
    return tuple(
        (n, w, _normal({p: c * rare[p] for p, c in pairs.items()})) for n, w, pairs in counted
    )


def _normal(weights: Mapping[str, float]) -> dict[str, float]:
    size = math.sqrt(sum(w * w for w in weights.values())) or 1.0
    return {p: w / size for p, w in weights.items()}


def likeness(masked: str) -> dict[str, tuple[float, str]]:
    """Return for each question how like its nearest example is, from 0 to 1, and the example."""
    rare = _rarity()
    new = math.log(len(_known()) + 1)
    mine = _normal(
        {p: c * rare.get(p, new / 2) for p, c in _pairs(_MARKS.sub(_NAME, masked)).items()}
    )
    best: dict[str, tuple[float, str]] = {}
    for name, words, theirs in _known():
        alike = sum(w * theirs[p] for p, w in mine.items() if p in theirs)
        if alike > best.get(name, (0.0, ""))[0]:
            best[name] = (round(alike, 3), words)
    return best
