"""Units in brackets in front of what they do: `1.【区经信局】…`, in most items of a list."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from loaders.bodies.roles import Duty, Named, bare
from loaders.lexicon.roles import PLACED
from loaders.prose.outline import Line

_FRONT = re.compile(r"[【\[〔（(](?P<who>[^【】\[\]〔〕\n]{2,60}?)[】\]〕）)](?=[^。；;\n]{4})")
_LEADS = re.compile(
    r"(?:【】|\[\]|〔〕|（）|\(\)|方?括号)(?:内|中|里)?(?:的|所列)?(?:单位|部门)?(?:均|都)?(?:为|是|系)(?:牵头|主责)"
)
"""A note that the units in brackets lead: 注：【】内为牵头单位."""
_LEAST = 3


def fronts(text: str, every: Sequence[Line]) -> list[tuple[int, Duty]]:
    """The lines that such a bracket opens, and who does it; none where most items have none."""
    leads = _LEADS.search(text) is not None
    found: list[tuple[int, Duty]] = []
    for i, line in enumerate(every):
        pair = _FRONT.match(text, line.body, line.end) if line.is_numbered else None
        one = bare(text, *pair.span("who")) if pair else None
        if one and (leads or all(PLACED.match(n.unit.label) for n in one.named)):
            if leads:
                named = tuple(Named("lead", n.unit) for n in one.named)
                one = replace(one, named=named, basis="marked")
            found.append((i, one))
    levels = {every[i].level for i, _ in found}
    items = sum(line.level in levels for line in every)
    return found if len(found) >= max(_LEAST, items / 2) else []
