"""One name for one body inside a document: 科技厅 beside 省科技厅 is the same office."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from graph.records import Assignment, Target

_LEVEL = re.compile(r"(?:自治区|[省市区县州])委?(?=[^级直属内外].)")
"""The level in front of a name; 省委 begins the names of organs of the party."""


def with_one_name_each(targets: Sequence[Target]) -> list[Target]:
    """The targets, bodies named with and without their level under the more frequent name.

    A name that two levels of a document share (省科技厅, 市科技厅) stays as it is written.
    """
    names = _names(a for target in targets for a in target.assignments)
    if not names:
        return list(targets)
    return [replace(t, assignments=_renamed(t.assignments, names)) for t in targets]


def _names(every: Iterable[Assignment]) -> dict[str, str]:
    """Map each label to the one that replaces it; the longer of two equally frequent ones."""
    count = Counter(a.label for a in every if a.kind == "body")
    levels: dict[str, list[str]] = defaultdict(list)
    for label in count:
        if level := _LEVEL.match(label):
            levels[label[level.end() :]].append(label)
    found = {}
    for short, longer in levels.items():
        if short in count and len(longer) == 1:
            kept, other = longer[0], short
            if count[short] > count[longer[0]]:
                kept, other = other, kept
            found[other] = kept
    return found


def _renamed(every: Sequence[Assignment], names: dict[str, str]) -> tuple[Assignment, ...]:
    """The assignments under the names that the document keeps, each body once in a role."""
    kept: dict[tuple[str, str], Assignment] = {}
    for one in every:
        label = names.get(one.label, one.label)
        kept.setdefault((one.role, label), replace(one, label=label))
    return tuple(kept.values())
