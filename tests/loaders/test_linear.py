"""Reading takes steps in proportion to the length of a text with any repetition.

Steps are lines of the loaders' code that run, counted by a tracer: they do not depend on how busy
the machine is. What regular expressions cost is measured by `python -m benchmarks.runs`.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.runs import CLASSES, CONTEXTS, text_of
from loaders.errors import LoadError
from loaders.formats.source import source_of
from loaders.notice import read_text

SIZE = 5000
"""Longer than the pieces in which places are looked for, so that pieces do not bound the steps."""
MAX_GROWTH = 2.7
"""Twice the text may take at most this many times the steps."""
MAX_GROWTH_OF_FOUR = 6.0
"""Four times the text: 4 if linear, 16 if quadratic."""
MAX_STEPS_PER_CHAR = 300
BRACKETS = ("（）", "()", "〔〕", "【】", "“”", "《》")

units = st.sampled_from(sorted(CLASSES.values()))
alternations = st.lists(units, min_size=2, max_size=3).map("".join)
nestings = st.tuples(st.sampled_from(BRACKETS), units, st.integers(1, 4)).map(
    lambda drawn: drawn[0][0] * drawn[2] + drawn[1] * 2 + drawn[0][1] * drawn[2]
)


def forget_what_was_read() -> None:
    """Clear the caches of the loaders, so that each text is read as if it were the first."""
    modules = [module for name, module in sys.modules.items() if name.startswith("loaders.")]
    for value in [value for module in modules for value in vars(module).values()]:
        if hasattr(value, "cache_clear"):
            value.cache_clear()


def steps_of_reading(context: str, unit: str, size: int) -> int:
    """Read a document with a run of `size` characters, and count the lines of code that ran."""
    data = text_of(context, unit, size).encode()
    forget_what_was_read()
    count = 0

    def trace_lines(_frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace_lines

    def trace_calls(frame: FrameType, _event: str, _: Any) -> Any:
        return trace_lines if "/loaders/" in frame.f_code.co_filename else None

    sys.settrace(trace_calls)
    try:
        read_text(source_of("run.txt", data))
    except LoadError:
        pass
    finally:
        sys.settrace(None)
    return count


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(context=st.sampled_from(sorted(CONTEXTS)), unit=units | alternations | nestings)
def test_four_times_the_text_takes_four_times_the_steps(context: str, unit: str) -> None:
    """Over one doubling, steps jump where a text passes the length of a bounded piece."""
    one, four = (steps_of_reading(context, unit, size) for size in (SIZE, 4 * SIZE))
    assert four < MAX_GROWTH_OF_FOUR * one


@pytest.mark.parametrize("unit", ["1%、", "镇", "街道", "地块", "115街坊、"])
def test_runs_of_numbers_and_names(unit: str) -> None:
    """Each of these was compared with all others of its cell once."""
    once, twice = (steps_of_reading("list text", unit, size) for size in (SIZE, 2 * SIZE))
    assert twice < MAX_GROWTH * once
    assert twice < MAX_STEPS_PER_CHAR * 2 * SIZE
