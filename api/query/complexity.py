"""Query complexity, estimated before a query runs: form, paging, and what would end an engine.

Oxigraph parses and plans by recursion, so a few kilobytes of nesting end its process, and some
flat repetitions keep it busy for ever. One linear pass over the tokens counts what matters;
strings, IRIs and comments are skipped. The pass ends where a limit is passed, so that it costs
little, whatever the length. What slips through meets the limits of the worker.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"""
    (?P<space>(?:[\s\ufeff]++ | \#[^\r\n]*+)++)
  | (?P<string>'''(?:[^'\\]|\\.|'(?!''))*(?:'''|\Z) | \"""(?:[^"\\]|\\.|"(?!""))*(?:\"""|\Z)
             | '(?:[^'\\\r\n]|\\.)*'? | "(?:[^"\\\r\n]|\\.)*"?)
  | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
  | (?P<variable>[?$]\w+)
  | (?P<language>@[A-Za-z]+(?:-\w+)*)
  | (?P<name>(?:[^\W\d][\w.\-]*)?:(?:[\w.:\-]|%[0-9A-Fa-f]{2}|\\.)*)
  | (?P<word>[^\W\d]\w*)
  | (?P<number>\d[\w.]*)
  | (?P<sign>\|\||&&|\^\^|<=|>=|!=|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_VOLATILE = ("NOW", "RAND", "UUID", "BNODE")
_OPERATORS = frozenset(("||", "&&", "+", "-", "*", "!", "=", "!=", "<", ">", "<=", ">="))
_STEPS = frozenset("/|^")
_IRI_NOISE = re.compile(r"[(!+*]")

LIMITS = {
    "depth": 100,
    "exists": 100,
    "union": 500,
    "optional": 100,
    "minus": 200,
    "filter": 500,
    "bind": 300,
    "subselect": 100,
    "pattern": 500,
    "operator": 2_000,
    "path step": 200,
    "word": 250_000,
}
"""How much of each a query may hold, at complexity 1."""
_DATA = frozenset(("pattern", "operator", "path step", "word"))
"""What an update may hold as much of as it likes."""
_STRIDE = 1024
"""Words between two looks at the limits."""


@dataclass(frozen=True, slots=True)
class Profile:
    """The profile of a query or update, from its tokens."""

    form: str
    """SELECT, ASK, CONSTRUCT, DESCRIBE; of an update its first word; empty: no word at all."""
    counts: dict[str, int]
    words: frozenset[str]
    volatile: bool
    """True where two runs may differ: NOW, RAND, UUID, STRUUID, BNODE."""
    dataset: bool
    """True where it says FROM."""
    limit: tuple[int, int, int] | None
    """Start, end and number of its own LIMIT clause."""
    offset: tuple[int, int, int] | None
    tail: int
    """Where a LIMIT clause may be put in."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A refusal: the construct, the count found, the limit."""

    what: str
    found: int
    limit: int


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """The tokens of a query or an update, white space and comments left out: kind, text, start."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup and match.lastgroup != "space":
            yield match.lastgroup, match[0], match.start()


def profile(text: str, most: Mapping[str, float] | None = None) -> Profile:
    """Profile a query or an update; never fails, on any text.

    Of one that holds more than `most` of something, that of its beginning.
    """
    counts: Counter[str] = Counter()
    words: set[str] = set()
    declared: set[str] = set()
    form, previous, at_top = "", "start", False
    depth = deepest = 0
    dataset = False
    paging: dict[str, tuple[int, int, int]] = {}
    clause: tuple[str, int] | None = None
    tail = len(text)
    number = 0
    for number, (kind, token, start) in enumerate(tokens(text), 1):
        if not number % _STRIDE and most:
            counts["word"], counts["depth"] = number, deepest
            if any(counts[what] > limit for what, limit in most.items()):
                break
        if kind == "sign":
            if token in "{([":
                depth += 1
                deepest = max(deepest, depth)
            elif token in "})]":
                depth -= 1
            elif token in ".;":
                counts["pattern"] += 1
            elif token in _OPERATORS:
                counts["operator"] += 1
            elif token in _STEPS:
                counts["path step"] += 1
            previous = token
        elif kind == "word":
            word = token.upper()
            words.add(word)
            if not form and word not in ("PREFIX", "BASE"):
                form, at_top = word, True
            elif word == "SELECT":
                counts["subselect"] += 1
            if word in ("EXISTS", "UNION", "OPTIONAL", "MINUS", "FILTER", "BIND"):
                counts[word.lower()] += 1
            if depth == 0 and at_top:
                if word == "FROM":
                    dataset = True
                elif word in ("LIMIT", "OFFSET"):
                    clause = (word, start)
                    previous = word
                    continue
                elif word == "VALUES" and tail == len(text):
                    tail = start
            previous = word
        elif kind == "number" and clause and depth == 0 and token.isdigit():
            paging[clause[0]] = (clause[1], start + len(token), int(token))
        elif kind == "iri":
            counts["operator"] += max(0, len(_IRI_NOISE.findall(token)) - 20)
        elif kind == "name":
            prefix = token.partition(":")[0].lower()
            if previous == "PREFIX":
                declared.add(prefix)
            elif prefix.startswith("service") and prefix not in declared and previous in "{}.":
                words.add("SERVICE")  # the parser wants no space behind a keyword
            previous = "name"
        else:
            previous = "term"
        clause = None
    counts["word"], counts["depth"] = number, deepest
    return Profile(
        form, dict(counts), frozenset(words), any(w.endswith(_VOLATILE) for w in words),
        dataset, paging.get("LIMIT"), paging.get("OFFSET"), tail,
    )  # fmt: skip


def limits(complexity: float = 1.0, *, data: bool = False) -> dict[str, float]:
    """The limits of a query, or of an update, which brings `data`."""
    return {k: int(n * complexity) for k, n in LIMITS.items() if not (data and k in _DATA)}


def refusal(found: Profile, most: Mapping[str, float]) -> Refusal | None:
    """Why a query is not even tried, if so: what it reaches out to, what it holds too much of."""
    for word in ("SERVICE", "LOAD"):
        if word in found.words:
            return Refusal(word, 1, 0)
    for what, limit in most.items():
        if found.counts.get(what, 0) > limit:
            return Refusal(what, found.counts[what], int(limit))
    return None


_SHORT = 20_000
"""Characters up to which a query can surely not hold more words than it may."""
_OPERATING = "|&+-*!=<>("
"""What each operator has one of, and what counts as one within an IRI."""
_TELLING = re.compile(r"\bFROM\b|SERVICE|LOAD|NOW|RAND|UUID|BNODE", re.IGNORECASE)


def harmless(text: str, complexity: float = 1.0) -> bool:
    """Return whether a short query is surely within every limit, not volatile and without FROM.

    Most are, and a few counts that are too high show it in a tenth of the time of a `profile`:
    everything else that is limited opens a bracket, or it is no query.
    """
    if (
        len(text) > _SHORT
        or sum(map(text.count, _OPERATING)) > LIMITS["operator"] * complexity
        or text.count("{") + text.count("(") + text.count("[") > LIMITS["depth"] * complexity
        or text.count("/") + text.count("|") + text.count("^") > LIMITS["path step"] * complexity
        or text.count(".") + text.count(";") > LIMITS["pattern"] * complexity
    ):
        return False
    return _TELLING.search(text) is None


def paged(text: str, found: Profile, rows: int, offset: int) -> str:
    """A SELECT that gives at most `rows` rows from `offset` on, of those that it would give."""
    own_limit = found.limit[2] if found.limit else None
    own_offset = found.offset[2] if found.offset else 0
    limit = rows if own_limit is None else max(0, min(own_limit - offset, rows))
    if limit == own_limit and not offset:
        return text
    clauses = sorted(c for c in (found.limit, found.offset) if c)
    kept, at = [], 0
    for start, end, _ in clauses:
        kept.append(text[at:start])
        at = end
    put = f"\nLIMIT {limit} OFFSET {own_offset + offset}\n"
    tail = max(found.tail, at)
    return "".join(kept) + text[at:tail] + put + text[tail:]
