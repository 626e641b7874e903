"""Split long lists into pages: the requested one, and links to the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from queries.errors import BadParameter
from viz.web.context import Desk

T = TypeVar("T")
SIZE = 500
"""Entries of a list on one page."""
_NEAR = 2
"""Pages before and after the current one that have a link of their own."""


@dataclass(frozen=True, slots=True)
class Pager:
    """Which entries a page shows, counted from 1, and the links to others."""

    first: int
    last: int
    total: int
    links: tuple[tuple[int, str], ...]
    """The number and the address of a page, in order; the one that is shown has no address."""
    before: str
    """The address of the page before, empty on the first one."""
    behind: str


def paged(
    desk: Desk, items: Sequence[T], size: int = SIZE, place: str = ""
) -> tuple[Sequence[T], Pager | None]:
    """The items of the page that is asked for (`page=`, from 1), and its pager where one is needed.

    Its links lead to the `place` on the page that has this id, where one is given.
    Raises BadParameter for a page that is not there.
    """
    count = max(1, -(-len(items) // size))
    said = desk.parameter("page") or "1"
    number = int(said) if said.isascii() and said.isdigit() and len(said) < 9 else 0
    if not 1 <= number <= count:
        raise BadParameter("page", repr(said), tuple(str(n) for n in range(1, min(count, 9) + 1)))
    if count == 1:
        return items, None
    kept = {k: v for k, v in desk.params if k not in ("page", "lang")}

    def at(page: int) -> str:
        more = {"page": str(page)} if page > 1 else {}
        return desk.url(desk.path, **kept, **more) + (f"#{place}" if place else "")

    near = {1, count, *range(number - _NEAR, number + _NEAR + 1)}
    shown = sorted(n for n in near if 1 <= n <= count)
    start = (number - 1) * size
    return items[start : start + size], Pager(
        start + 1, min(start + size, len(items)), len(items),
        tuple((n, "" if n == number else at(n)) for n in shown),
        at(number - 1) if number > 1 else "", at(number + 1) if number < count else "",
    )  # fmt: skip
