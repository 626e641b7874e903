"""Filter and sort a list by the parameters `find=` and `sort=`, without a script.

`sort=-name` is descending. Chinese sorts by the bytes of GB 18030, whose common characters are
in the order of pinyin; digits within a text sort as numbers (9 before 14a).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from queries.errors import BadParameter
from viz.web.context import Desk

T = TypeVar("T")
PARAMETERS = ("find", "sort", "page")
"""The parameters of lists and answers that no question has."""
_PIECES = re.compile(r"(\d+(?:\.\d+)?)")


def natural_key(text: str) -> tuple[tuple[bool, float, bytes], ...]:
    """A key that sorts digits as numbers and Chinese by pinyin; a negative number first.

    >>> sorted(["14b", "9", "14a", "规土局", "发改委", "-2"], key=natural_key)
    ['-2', '9', '14a', '14b', '发改委', '规土局']
    """
    if re.fullmatch(r"-\d+(\.\d+)?", text):
        return ((False, float(text), b""),)
    return tuple(
        (False, float(piece), b"") if n % 2 else (True, 0.0, piece.encode("gb18030", "replace"))
        for n, piece in enumerate(_PIECES.split(text))
        if piece
    )


@dataclass(frozen=True, slots=True)
class SortLink:
    """One column that a list can be sorted by: its label, address, and the present direction."""

    name: str
    label: str
    href: str
    direction: str
    """`ascending`, `descending`, or empty: the values of aria-sort."""


def address_with(desk: Desk, **changed: str) -> str:
    """The address of this page with parameters changed; an empty value drops its parameter."""
    kept = {k: v for k, v in desk.params if k not in ("lang", "page")}
    return desk.url(desk.path, **{k: v for k, v in {**kept, **changed}.items() if v})


def sort_links(desk: Desk, labels: Mapping[str, str]) -> list[SortLink]:
    """The links that sort this list; the link of the present column turns it round."""
    name, is_down = _asked(desk, tuple(labels))
    found = []
    for key, label in labels.items():
        mine = key == name
        found.append(
            SortLink(
                key, label, address_with(desk, sort="-" + key if mine and not is_down else key),
                ("descending" if is_down else "ascending") if mine else "",
            )
        )  # fmt: skip
    return found


def sifted(
    desk: Desk, items: Sequence[T], text: Callable[[T], str], keys: Mapping[str, Callable[[T], str]]
) -> list[T]:
    """The items that hold every word of `find=`, sorted by `sort=`, empty values last.

    Raises BadParameter for a column that is not there.
    """
    words = desk.parameter("find").casefold().split()
    found = [x for x in items if all(w in text(x).casefold() for w in words)] if words else [*items]
    name, is_down = _asked(desk, tuple(keys))
    if name:
        key = keys[name]
        found.sort(key=lambda x: natural_key(key(x)), reverse=is_down)
        found.sort(key=lambda x: not key(x))
    return found


def _asked(desk: Desk, known: Sequence[str]) -> tuple[str, bool]:
    said = desk.parameter("sort")
    name = said.removeprefix("-")
    if name and name not in known:
        raise BadParameter("sort", repr(said), tuple(known))
    return name, said.startswith("-")
