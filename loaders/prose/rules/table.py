"""The rules by which prose says who does what, in the order in which they are tried.

One loop goes through the lines and tries each rule in turn; what a rule needs beside its match
decides whether its statements count. `extract --explain` names the rule of each edge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum

from loaders.prose.rules.answer_rules import answers
from loaders.prose.rules.bracket_rules import (
    brackets_in_sentences,
    brackets_of_bodies,
    brackets_of_roles,
    closing_brackets,
)
from loaders.prose.rules.closers import closing_sentences
from loaders.prose.rules.duty_rules import announced_duties
from loaders.prose.rules.leading_brackets import leading_brackets
from loaders.prose.rules.outline import OutlineLine
from loaders.prose.rules.page import ProsePage
from loaders.prose.rules.sentence_rules import (
    behind_a_dash,
    by_parts,
    by_whom,
    is_label_line,
    label_lines,
    labels_in_lines,
    last_sentences,
    lines_of_bodies,
    together_with,
)
from loaders.prose.rules.sentences import are_tasks, duties_in_sentences
from loaders.prose.rules.statement import Statement

MIN_BARE_BRACKETS = MIN_LEADING_BRACKETS = 3
MIN_SHARE_OF_ITEMS = 0.4
"""Bare brackets count by themselves where at least this share of the items ends in one."""
INHERITED_SURE = Decimal("0.9")
"""An item below a heading that names its bodies may have bodies of its own that nobody read."""


class Needs(Enum):
    """What a rule needs beside its match."""

    NOTHING = "nothing"
    FREE_LINE = "a line in which no rule above it found anything"
    COMPANY = "another statement in the document, or a second one of its own"
    COMPANY_OR_MOST_ITEMS = "another statement, a rule of roles, or most items like it"
    MOST_ITEMS = "most items like it, in a document in which no rule above it found anything"
    SEVERAL_SENTENCES = "another like it, in a document of tasks in which nothing else was found"


@dataclass(frozen=True, slots=True)
class ProseRule:
    """One way to say who does what; `sure` is how sure it is that it means its item."""

    name: str
    find: Callable[[ProsePage, int], Sequence[Statement]]
    needs: Needs = Needs.NOTHING
    sure: Decimal = Decimal(1)

    def statements(self, page: ProsePage, i: int) -> list[Statement]:
        """What the rule finds in line `i`, each statement under its name."""
        return [
            replace(one, rule=self.name, sure=min(self.sure, one.sure))
            for one in self.find(page, i)
        ]


_EIGHT, _NINE = Decimal("0.8"), Decimal("0.9")
LABEL_LINE = ProseRule("label line", label_lines)
RULES: tuple[ProseRule, ...] = (
    LABEL_LINE,
    ProseRule("closing bracket", closing_brackets, Needs.NOTHING, _NINE),
    ProseRule("bracket of roles", brackets_of_roles),
    ProseRule("bracket of bodies", brackets_of_bodies, Needs.COMPANY_OR_MOST_ITEMS),
    ProseRule("closing sentence", closing_sentences, Needs.FREE_LINE, _NINE),
    ProseRule("announced duty", announced_duties, Needs.FREE_LINE, _NINE),
    ProseRule("by whom", by_whom, Needs.FREE_LINE),
    ProseRule("behind a dash", behind_a_dash, Needs.FREE_LINE),
    ProseRule("together with", together_with, Needs.FREE_LINE),
    ProseRule("label in line", labels_in_lines, Needs.FREE_LINE),
    ProseRule("last sentence", last_sentences, Needs.FREE_LINE),
    ProseRule("by parts", by_parts, Needs.FREE_LINE),
    ProseRule("line of bodies", lines_of_bodies, Needs.FREE_LINE),
    ProseRule("answer", answers, Needs.FREE_LINE, _NINE),
    ProseRule("leading bracket", leading_brackets, Needs.MOST_ITEMS),
    ProseRule("bracket in sentence", brackets_in_sentences, Needs.COMPANY),
    ProseRule("duty in sentence", duties_in_sentences, Needs.SEVERAL_SENTENCES, _EIGHT),
)


_ALONE = (Needs.MOST_ITEMS, Needs.SEVERAL_SENTENCES)
"""Rules that are tried only where no other found anything."""
_AT_ONCE = (Needs.NOTHING, Needs.FREE_LINE)
"""Rules whose statements count as they are found."""


def statements(text: str, lines: Sequence[OutlineLine]) -> list[Statement]:
    """The statements of a text, in order."""
    page = ProsePage(text, lines)
    found: dict[str, list[Statement]] = {rule.name: [] for rule in RULES}
    done = 0
    for i, line in enumerate(lines):
        if line.start < done:
            continue
        settled = False
        for rule in RULES:
            if rule.needs in _ALONE or (settled and rule.needs is Needs.FREE_LINE):
                continue
            made = rule.statements(page, i)
            found[rule.name] += made
            if made and rule.needs in _AT_ONCE:
                settled = True
                done = max([done, *(one.end for one in made)])
            if rule is LABEL_LINE and is_label_line(page, i):
                break
    kept = [one for rule in RULES if rule.needs in _AT_ONCE for one in found[rule.name]]
    for rule in RULES:
        if rule.needs in _ALONE and not kept:
            found[rule.name] = [one for i in range(len(lines)) for one in rule.statements(page, i)]
        if rule.needs not in _AT_ONCE:
            kept += _BELIEVED[rule.needs](page, found[rule.name], kept)
    return sorted(kept, key=lambda one: one.start)


def _of_bodies_alone(
    page: ProsePage, plain: Sequence[Statement], found: Sequence[Statement]
) -> list[Statement]:
    """The bare brackets that count: among others, by a rule, or where most items have one."""
    items = sum(line.is_numbered and not line.is_heading for line in page.lines)
    enough = max(MIN_BARE_BRACKETS, MIN_SHARE_OF_ITEMS * items)
    if not (found or page.stated or len({one.line for one in plain}) >= enough):
        return []
    if len(plain) >= len(found):
        return [replace(one, how="bare") for one in plain]
    return [replace(one, how="lone", sure=_NINE) for one in plain]


def _in_company(
    page: ProsePage, mine: Sequence[Statement], kept: Sequence[Statement]
) -> Sequence[Statement]:
    return mine if kept or len(mine) > 1 else ()


def _most_items(
    page: ProsePage, mine: Sequence[Statement], kept: Sequence[Statement]
) -> Sequence[Statement]:
    levels = {page.lines[one.line].level for one in mine}
    items = sum(line.level in levels for line in page.lines)
    return mine if len(mine) >= max(MIN_LEADING_BRACKETS, items / 2) else ()


def _several_sentences(
    page: ProsePage, mine: Sequence[Statement], kept: Sequence[Statement]
) -> Sequence[Statement]:
    return mine if are_tasks(page, mine) else ()


_BELIEVED: dict[Needs, Callable[..., Sequence[Statement]]] = {
    Needs.COMPANY: _in_company,
    Needs.COMPANY_OR_MOST_ITEMS: _of_bodies_alone,
    Needs.MOST_ITEMS: _most_items,
    Needs.SEVERAL_SENTENCES: _several_sentences,
}
