"""Short names that a document gives its bodies: 市文化广电旅游局（以下简称“市文旅局”）."""

from __future__ import annotations

import re
from collections.abc import Iterator

from graph.records import Alias, Span
from loaders.bodies.lists import is_body_name

_CALLED = r"[（(](?:以下|下文|下)?(?:统一)?简?称"
_DEFINES = re.compile(_CALLED)
"""A part of every match of `_DEFINED`: few documents have it, and it is found quickly."""
_DEFINED = re.compile(
    rf"(?P<full>[\u4e00-\u9fff]{{4,30}}){_CALLED}(?:为)?[:：]?\s*"
    r"[“\"‘「]?(?P<short>[\u4e00-\u9fff]{2,14})[”\"’」]?[）)]"
)
_BEFORE = re.compile(r"^.*?(?:由|与|和|及|向|对|经|会同|联合)(?=[省市区县镇\u4e00-\u9fff]{4,})")


def aliases_of(text: str) -> Iterator[Alias]:
    """The short names of bodies that a text defines, each once, in order.

    >>> text = "海清市文化广电旅游局（以下简称“市文旅局”）负责。"
    >>> [(a.full, a.short) for a in aliases_of(text)]
    [('海清市文化广电旅游局', '市文旅局')]
    """
    seen = set()
    for match in _DEFINED.finditer(text) if _DEFINES.search(text) else ():
        full, short = match["full"], match["short"]
        cut = _BEFORE.match(full)
        start = match.start()
        if cut and not _spells(short, full):
            continue
        if cut and _spells(short, full[cut.end() :]):
            start += cut.end()
            full = full[cut.end() :]
        known = is_body_name(full) and is_body_name(short) and _spells(short, full)
        if known and short not in seen:
            seen.add(short)
            yield Alias(full, short, Span(start, match.end(), text[start : match.end()]))


def _spells(short: str, full: str) -> bool:
    """Return whether a short name is made of characters of the full one, in their order."""
    rest = iter(full)
    return all(char in rest for char in short)
