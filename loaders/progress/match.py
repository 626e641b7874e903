"""Tie a statement to the target, project, indicator and quarter of a plan that it speaks of.

Grounds in their order: the address in a hidden column, a name of a place or a project, the number
of the row where the table's numbers are the plan's, words within what the reporter does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import unquote

from graph.progress import Ground, ReportedStatement
from loaders.progress.plan import (
    Plan,
    PlanTarget,
    spots_in,
    words_of,
)
from loaders.progress.projects import name_share
from loaders.progress.units import normal
from ontology.names import slug, squeeze

MIN_SCORE = 0.62
"""Below this a statement fits no target."""
MIN_WORDS = 0.34
"""At least this share of a subject's or a clause's weight a target shares, where no name does."""
MIN_CARRIED = 0.2
"""The share where the number was carried down from a row above."""
NEAR = 0.06
"""Two targets closer than this are a doubt that shows both."""
TRUSTED_NUMBERS = 0.6
"""The share of rows whose number fits their words, from which a table's numbers are the plan's."""
_W_KEY, _W_NUMBER, _W_SPOT, _W_PROJECT, _W_LEAD, _W_HELPER = 1.2, 0.5, 0.9, 0.6, 0.25, 0.12


@dataclass(frozen=True, slots=True)
class Match:
    """Target of a statement, the ground of the match, and its confidence."""

    target: PlanTarget | None
    ground: Ground
    confidence: Decimal
    doubts: tuple[str, ...] = ()


def numbers_are_the_plans(plan: Plan, statements: Sequence[ReportedStatement]) -> bool:
    """Return whether the numbers of a report's rows are those of the plan.

    Annexes and offices number their own rows: then the words of few rows fit their number.
    """
    fitting = counted = 0
    for one in {s.row: s for s in statements if s.number}.values():
        named = plan.of_number(one.number)
        words = words_of(one.subject + one.quote.quote)
        if not words:
            continue
        best = max((plan.coverage(words, t) for t in plan.targets), default=0)
        if best < MIN_WORDS / 2:
            continue
        counted += 1
        own = max((plan.coverage(words, t) for t in named), default=0)
        fitting += own >= 0.6 * best
    return counted > 0 and fitting >= TRUSTED_NUMBERS * counted


def keys_are_addresses(plan: Plan, statements: Sequence[ReportedStatement]) -> bool:
    """Return whether a report is a form of ours: a row of it gives the address of a target."""
    return any(_is_address(s.key) and keyed_target(plan, s.key) for s in statements)


def match_of(
    plan: Plan, one: ReportedStatement, reporter: str, *, numbered: bool, addressed: bool = False
) -> Match:
    """Return the target that a statement speaks of, or none.

    In a form whose rows are `addressed` an address that the plan does not hold fits nothing: it was
    changed, and a guess in its place would be silent.
    """
    keyed = keyed_target(plan, one.key)
    if one.key and keyed is None and (addressed or _is_address(one.key)):
        return Match(None, "", Decimal(0), ("unknown-key",))
    body = plan.body(one.body) if one.body else ""
    scored = sorted(
        (
            (*_score(plan, one, t, reporter, body, keyed, numbered=numbered), t)
            for t in plan.targets
        ),
        key=lambda s: -s[0],
    )
    if not scored or scored[0][0] < MIN_SCORE:
        return Match(None, "", Decimal(0))
    best, ground, target = scored[0]
    doubts: list[str] = []
    if keyed and keyed is not target:
        doubts.append("key-vs-text")
    number_targets = plan.of_number(one.number) if numbered else []
    if number_targets and target not in number_targets:
        doubts.append("number-moved")
    if len(scored) > 1 and best - scored[1][0] < NEAR and not keyed:
        doubts.append("near-candidates")
    sure = min(Decimal("0.99"), Decimal(str(round(0.5 + best / 4, 2))))
    return Match(target, ground, sure, tuple(doubts))


def _is_address(key: str) -> bool:
    return "/目标/" in key or key.startswith("http")


def keyed_target(plan: Plan, key: str) -> PlanTarget | None:
    """Return the target whose address is given in a hidden column, or None.

    The server in an address may have moved since; district, document and number may not.
    """
    document, parted, number = unquote(key).rstrip("/").rpartition("/目标/")
    if parted and not document.endswith(f"/{slug(plan.jurisdiction)}/{slug(plan.key)}"):
        return None
    return plan.by_id.get(number) if number else None


def _score(
    plan: Plan, one: ReportedStatement, target: PlanTarget, reporter: str, body: str,
    keyed: PlanTarget | None, *, numbered: bool,
) -> tuple[float, Ground]:  # fmt: skip
    """Return how well a statement fits a target, and the strongest ground."""
    quote = squeeze(one.quote.quote)
    subject = words_of(one.subject)
    clause = words_of(quote)
    by_subject = plan.coverage(subject, target) if subject else 0.0
    by_subject *= _tail(one.subject, target)
    by_clause = plan.coverage(clause, target) if clause else 0.0
    head = words_of(re.split(r"[，,]", quote, maxsplit=1)[0])
    if len(head) >= 3:
        by_clause = max(by_clause, plan.coverage(head, target))
    words = max(by_subject, by_clause, 0.5 * (by_subject + by_clause))
    spots = spots_in(one.subject + quote)
    shared = spots & target.spots
    foreign = {s for s in spots if re.search(r"\d+(?:街坊|弄|号)", s)} - target.spots
    spot = bool(shared) and not (foreign and not shared)
    named = max((name_share(p, one.subject + quote) for p in target.target.projects), default=0.0)
    named *= _tail(one.subject, target) if named < 1 else 1
    number = numbered and bool(one.number) and one.number in (target.id, target.target.row.number)
    key = keyed is target
    promise = _promised(one, target)
    enough = MIN_CARRIED if one.merged else 0.05
    has_ground = (
        key or spot or named >= 0.6 or words >= MIN_WORDS or (number and words > enough)
        or (promise and words > 0.1)
    )  # fmt: skip
    if not has_ground:
        return 0.0, ""
    total = words
    total += promise
    total += _W_KEY * key + _W_NUMBER * number + _W_SPOT * spot + _W_PROJECT * named
    actors = {b for b in (body, reporter) if b}
    if actors & target.leads:
        total += _W_LEAD
    elif actors & target.helpers:
        total += _W_HELPER
    if foreign and not shared:
        total -= FOREIGN_SPOT
    ground: Ground = (
        "key"
        if key
        else "place"
        if spot
        else "name"
        if named >= 0.6
        else "number"
        if number
        else "text"
    )
    return total, ground


FOREIGN_SPOT = 0.5
"""Penalty for exact ground that a target does not name."""
MIN_TAILED_CHARS = 8
"""A subject from this length on has a head noun at its end that has to fit."""


def _tail(subject: str, target: PlanTarget) -> float:
    """Return a factor that is low where the end of a name, its head noun, is not the target's."""
    words = squeeze(subject)
    if (
        len(words) < MIN_TAILED_CHARS
        or len(words) > 20
        or not re.fullmatch(r"[\u4e00-\u9fff“”]+", words)
    ):
        return 1.0
    tail = [words[-4:-2], words[-3:-1], words[-2:]]
    return 1.0 if any(t in target.words for t in tail[:2]) else 0.55


def _promised(one: ReportedStatement, target: PlanTarget) -> float:
    """Return a weight where the value that a report calls promised is one of the target's."""
    found = re.search(r"(\d[\d,]*(?:\.\d+)?)\s*([^\d]*)$", one.promised)
    if not found:
        return 0.0
    value, unit = normal(Decimal(found[1].replace(",", "")), found[2])
    best = 0.0
    for indicator in target.target.indicators:
        own, measure = normal(indicator.value, indicator.unit)
        if indicator.when == "year" and measure == unit and own:
            apart = abs(value - own) / own
            best = max(best, 0.55 if apart == 0 else 0.5 if apart < Decimal("0.05") else 0.0)
    return best
