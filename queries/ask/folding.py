"""Fold what a person typed: width, case, traditional characters and spaces."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from opencc import OpenCC

MAX_CHARS = 400
"""Longer texts are refused; the longest sentence of a notice and a question behind it fit."""

_SPACE_IN_CHINESE = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])\s+(?=[\u2e80-\u9fff\uff00-\uffef])"
)
_SPACES = re.compile(r"\s+")
_BLOCK = re.compile(r"(?<=\d)号(?=街坊)")
_CHINESE = re.compile("[\u3400-\u9fff]")
_LATIN = re.compile("[a-z]{2,}")


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


def fold(text: str) -> str:
    """Fold a question or a name, so that both compare by character.

    >>> fold("華陽路街道　辦要配合 哪些（事項）？")
    '华阳路街道办要配合哪些(事项)?'
    """
    narrow = unicodedata.normalize("NFKC", text).lower()
    plain = _converter().convert(narrow) if _CHINESE.search(narrow) else narrow
    plain = _SPACE_IN_CHINESE.sub("", _SPACES.sub(" ", plain).strip())
    return _BLOCK.sub("", plain)


def is_english(folded: str) -> bool:
    """Return whether a folded text is written in Latin letters rather than Chinese."""
    latin = sum(map(len, _LATIN.findall(folded)))
    return latin > 3 * len(_CHINESE.findall(folded))
