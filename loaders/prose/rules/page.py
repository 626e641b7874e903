"""A text and its outline, as the rules of prose see it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from loaders.bodies.lists import bodies_in, is_body_name
from loaders.bodies.roles import RoleRule, rule_of, rule_since
from loaders.lexicon.roles import LABEL
from loaders.prose.rules.outline import OutlineLine
from loaders.text.brackets import brackets

MAX_BRACKET_CHARS = 400
"""A bracket ends at most this many characters behind the line in which it begins."""
MAX_LISTED_LINE_CHARS = 200
"""A longer line is a sentence, and no list of bodies that goes on."""
MAX_LINES_APART = 2
"""So few characters between two lines are one line break."""
OPENING_MARKS = "（(【[〔"
ANY_OPENING = re.compile("[（(〔\\[［【〈〖{｛]")
BRACKETS_LEAD = re.compile(
    r"(?:【】|\[\]|〔〕|（）|\(\)|方?括号)(?:内|中|里)?(?:的|所列)?(?:单位|部门)?(?:均|都)?(?:为|是|系)(?:牵头|主责)"
)


@dataclass(frozen=True, slots=True)
class ProsePage:
    """A text and its lines; `stated` is the rule of roles that it states once, if it does."""

    text: str
    lines: Sequence[OutlineLine]
    stated: RoleRule = field(init=False)
    since: int = field(init=False)
    brackets_lead: bool = field(init=False)
    """True where a note says that the bodies in brackets lead: 注：【】内为牵头单位."""
    first_item: int = field(init=False)
    found: dict[int, Sequence[tuple[int, int, int, int]]] = field(default_factory=dict, init=False)
    """The brackets of the lines that a rule has asked for: several rules look at them."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "stated", rule_of(self.text))
        object.__setattr__(self, "since", rule_since(self.text) if self.stated else 0)
        object.__setattr__(self, "brackets_lead", BRACKETS_LEAD.search(self.text) is not None)
        first = next((i for i, line in enumerate(self.lines) if line.is_numbered), len(self.lines))
        object.__setattr__(self, "first_item", first)

    def stated_at(self, i: int) -> RoleRule:
        """The rule of roles that holds in line `i`."""
        return self.stated if self.lines[i].end > self.since else ""

    def has_item_above(self, i: int) -> bool:
        """Return whether a numbered line stands above line `i`."""
        return self.first_item < i

    def brackets_of(self, i: int) -> Sequence[tuple[int, int, int, int]]:
        """The brackets of a line, and what they hold; one that lost its end ends with the line."""
        if i not in self.found:
            has_some = ANY_OPENING.search(self.lines[i].text)
            self.found[i] = tuple(self._brackets_of(self.lines[i])) if has_some else ()
        return self.found[i]

    def _brackets_of(self, line: OutlineLine) -> Iterator[tuple[int, int, int, int]]:
        text, last = self.text, line.start
        for pair in brackets(text, line.start, min(line.end + MAX_BRACKET_CHARS, len(text))):
            if pair.start >= line.end:
                break
            yield (pair.start, pair.end, *pair.inner)
            last = pair.end
        lost = max((text.rfind(mark, last, line.end) for mark in OPENING_MARKS), default=-1)
        if lost >= last and LABEL.match(text, lost + 1):
            yield lost, line.end, lost + 1, line.end

    def end_of_label(self, i: int, begin: int) -> int:
        """Where a label line ends whose label stands at `begin`: it may go on in lines that hold
        nothing but bodies or labels."""
        text, end = self.text, self.lines[i].end
        heads = {self._label(i)}
        for at in range(i + 1, len(self.lines)):
            line = self.lines[at]
            if line.is_label_of_bodies:
                if self._label(at) in heads:
                    break
                heads.add(self._label(at))
                end = line.end
                continue
            if line.is_numbered or line.is_aside or line.is_bullet:
                break
            if len(line.text) > MAX_LISTED_LINE_CHARS or "。" in line.text[:-1]:
                break
            near = line.start - end <= MAX_LINES_APART
            last = bodies_in(text, begin, end)[-1:]
            tail = last[0].label.replace("：", ":").rpartition(":")[2] if last else ""
            cut = tail and near and not is_body_name(tail)
            named = bodies_in(text, last[0].start if cut else line.start, line.end)
            whole = bool(named) and all(is_body_name(u.label) for u in named)
            if not whole or not (text[end - 1] in "、，," or near):
                break
            end = line.end
        return end

    def _label(self, i: int) -> str:
        label = LABEL.match(self.lines[i].text.lstrip(" " + OPENING_MARKS))
        return "".join(label.group().split()).rstrip(":：") if label else ""
