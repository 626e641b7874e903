"""Record of one statement of who does what: what it says, where, and how much it speaks of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from graph.records import Said
from loaders.bodies.roles import RoleClause

Scope = Literal["item", "group", "whole", "clause"]
"""It closes its item, a group of items, or its item is the whole line, or the statement itself."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement and the line in which it begins; `start` and `end` are those of its bracket."""

    line: int
    start: int
    end: int
    duty: RoleClause
    scope: Scope = "item"
    how: Said = "bracket"
    numbers: frozenset[int] = frozenset()
    """The items that it speaks of, where it names them by number."""
    rule: str = ""
    """The rule of the table that found it."""
    sure: Decimal = Decimal(1)
    """How sure it is that the statement means these items."""
