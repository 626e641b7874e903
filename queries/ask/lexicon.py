"""Word classes, and the `#+ ask:` lines of the questions: what a question needs to be meant.

A line of a header is a list of items, all needed:

    #+ ask: body lead -when        the kind body, a word of the class lead, none of the class when
    #+ ask: partner body*2         two bodies
    #+ ask: place ?when            words of the class when speak for it, but need not be there
    #+ ask: owner|lead place       one of two classes

An item may be a word of its own: `原文`. `#+ ask like:` gives example questions, names in brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

MARKS = {
    "body": "\ue001", "place": "\ue002", "target": "\ue003", "quarter": "\ue004", "month": "\ue005",
    "year": "\ue006", "placekind": "\ue007", "domain": "\ue008", "projectkind": "\ue009",
    "office": "\ue00a", "thing": "\ue00b", "topic": "\ue00c", "other": "\ue00f",
}  # fmt: skip
"""The mark that replaces a name or a time of each kind in a masked question."""
KIND_WEIGHT = 1.0
OWN_WORD_WEIGHT = 2.0
OPTION_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class WordClass:
    """Words of one meaning, and their weight."""

    name: str
    weight: float
    words: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class LineItem:
    """One item of a line: alternatives, how many are needed, and of what sort it is."""

    names: tuple[str, ...]
    sort: str
    """need, option or forbid."""
    times: int = 1


@dataclass(frozen=True, slots=True)
class AskLine:
    """One way of meaning a question."""

    question: str
    text: str
    items: tuple[LineItem, ...]

    @property
    def mentions(self) -> frozenset[str]:
        """All classes and kinds that the line accounts for."""
        return frozenset(n for i in self.items if i.sort != "forbid" for n in i.names)


def compile_words(words: Iterable[str]) -> re.Pattern[str]:
    """Compile words of a list: `_` for a space, `{kind}` for a mark, Latin words whole."""
    parts = []
    for word in sorted(dict.fromkeys(words), key=len, reverse=True):
        text = word.replace("_", "[ -]?" if not word[0].isascii() else " ")
        for kind, mark in MARKS.items():
            text = text.replace("{" + kind + "}", mark)
        first = next((c for c in word if c.isalpha()), "x")
        parts.append(rf"\b(?:{text})\b" if first.isascii() and word[0] != "{" else text)
    return re.compile("|".join(parts))


@cache
def word_classes() -> Mapping[str, WordClass]:
    """Return the word classes by name, as `words.txt` lists them."""
    found: dict[str, WordClass] = {}
    for line in (files("queries") / "ask" / "words.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        head, _, words = line.partition(": ")
        name, weight = head.split()
        found[name] = WordClass(name, float(weight), compile_words(words.split()))
    return found


def parse_line(question: str, text: str) -> AskLine:
    """Parse one `#+ ask:` line."""
    items = []
    for part in text.split():
        sort = {"-": "forbid", "?": "option"}.get(part[0], "need")
        names, _, times = part.lstrip("-?").partition("*")
        items.append(LineItem(tuple(names.split("|")), sort, int(times or 1)))
    return AskLine(question, text, tuple(items))


@cache
def own_word(word: str) -> re.Pattern[str]:
    """Return the pattern of an item that is a word of its own."""
    return compile_words([word])


def weight_of(name: str) -> float:
    """Return what an item weighs: a class by the list, a kind and a word of its own by sort."""
    if name in MARKS:
        return KIND_WEIGHT
    known = word_classes().get(name)
    return known.weight if known else OWN_WORD_WEIGHT
