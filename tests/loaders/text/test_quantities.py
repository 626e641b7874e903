"""Figures in a text: which numbers are promises, and what the words around them make of each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.text.quantities import figures

NEAR_MISSES = [
    # (read as a figure, the nearest text that is not one or is another one)
    ("新增5家企业", [("5", "家", "=")], "前5家企业", []),
    ("压降2倍", [("2", "倍", "=")], "A2倍增计划", []),
    ("新辟5路公交", [("5", "路", "=")], "推进5路,6号线", []),
    ("开发3个平台", [("3", "个", "=")], "3个月内", []),
    ("完成任务的3/4", [("0.75", "", "=")], "完成A座3/4", []),
    ("占三分之一", [("0.3333", "", "=")], "三分球之一", []),
    ("新建三座学校", [("3", "座", "=")], "第三座学校", []),
    ("办理十余件,新增10余户", [("10", "户", ">=")], "新增10户", [("10", "户", "=")]),
    ("增长3-5%", [("3", "%", ">="), ("5", "%", "<=")], "增长3%-", [("3", "%", "=")]),
    ("不超过8例", [("8", "例", "<=")], "超过8例", [("8", "例", ">=")]),
    ("近50个", [("50", "个", "~")], "附近50个", [("50", "个", "=")]),
    ("的3/4", [("0.75", "", "=")], "园3/4", []),
    ("后5家企业参加评选活动", [("5", "家", "=")], "前5家企业参加评选活动", []),
    ("缩短审批时限3天", [("3", "天", "=")], "缩短各项审批时限3天", []),
    ("压缩3天", [("3", "天", "=")], "举办3天", []),
    ("5路公交", [("5", "路", "=")], "5路,6号线", []),
    ("改造面积3亩", [("3", "亩", "=")], "B3亩", []),
    ("不少于40家", [("40", "家", ">=")], "少于40家", [("40", "家", "<=")]),
]


@pytest.mark.parametrize(("text", "read", "near", "other"), NEAR_MISSES)
def test_a_figure_and_what_only_looks_like_one(
    text: str, read: list[tuple[str, str, str]], near: str, other: list[tuple[str, str, str]]
) -> None:
    for words, expected in ((text, read), (near, other)):
        found = [(str(f.value)[:6], f.unit, f.op) for f in figures(words)]
        assert found == expected, words


@given(
    st.integers(1, 9999), st.sampled_from("家户套个件"), st.sampled_from(["", "推进", "年内新增"])
)
def test_a_figure_has_its_place_value_and_words(number: int, unit: str, before: str) -> None:
    text = f"{before}完成{number}{unit}。"
    (found,) = figures(text)
    assert (int(found.value), found.unit, found.op) == (number, unit, "=")
    assert text[found.start : found.end] == found.as_written == f"{number}{unit}"
