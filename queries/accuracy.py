"""How well the reader reads the shipped notice, as `python -m benchmarks.accuracy` measured it."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def accuracy() -> dict[str, Any]:
    """The published figures.

    `document`, `title`, `text_id`; `rows` {annotated, own}; `figures`, each with `rows`
    (annotated by two people, own, all), `kind`, `part`, `wanted`, `found`, `right`, `precision`,
    `recall`, `f1`; `evidence` {quotes, off, milestones, astray}.

    >>> accuracy()["evidence"]["off"]
    0
    """
    text = (files("queries") / "questions" / "accuracy.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found
