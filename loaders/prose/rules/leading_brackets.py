"""Bodies in brackets in front of what they do: `1.【区经信局】…`."""

from __future__ import annotations

import re
from dataclasses import replace

from loaders.bodies.roles import BodyInRole, bare
from loaders.lexicon.roles import PLACED
from loaders.prose.rules.page import ProsePage
from loaders.prose.rules.statement import Statement

_FRONT = re.compile(r"[【\[〔（(](?P<who>[^【】\[\]〔〕\n]{2,60}?)[】\]〕）)](?=[^。；;\n]{4})")


def leading_brackets(page: ProsePage, i: int) -> list[Statement]:
    """The bracket that opens an item, if it names bodies and nothing else."""
    line = page.lines[i]
    pair = _FRONT.match(page.text, line.body, line.end) if line.is_numbered else None
    one = bare(page.text, *pair.span("who")) if pair else None
    if one is None:
        return []
    if page.brackets_lead:
        named = tuple(BodyInRole("lead", n.body) for n in one.named)
        one = replace(one, named=named, basis="marked")
    elif not all(PLACED.match(n.body.label) for n in one.named):
        return []
    return [Statement(i, one.start, one.end, one, "whole", "bare")]
