"""Numbers and days as sentences put them: bounds, years beside numbers, deadlines, set phrases."""

from __future__ import annotations

import pytest

from graph.records import Cell, Row, Span
from loaders.commitments.indicators import indicators_of
from loaders.commitments.milestones import milestones_of


def row(text: str) -> Row:
    span = Span(0, len(text), text)
    return Row("1", "1", span, None, None, Cell("text", span), (None,) * 4, None, None)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("补贴比例不得超过35%", [("<=", 35, "%", None)]),
        ("单台补贴不能超过5万元，总量不应突破10个", [("<=", 5, "万元", None), ("<=", 10, "个", None)]),
        ("排放不得低于3项，控制在6%以内", [(">=", 3, "项", None), ("<=", 6, "%", None)]),
        (
            "到2026年，护士数不低于30人，到2028年不低于40人；新增床位5张",
            [(">=", 30, "人", 2026), (">=", 40, "人", 2028), ("=", 5, "张", None)],
        ),
        ("较2025年增长3家，力争2027年建成基地4家", [("=", 3, "家", None), ("=", 4, "家", 2027)]),
        ("粮食产量1.4万亿斤，改造2万㎡，新建300m²",
         [("=", 1.4, "万亿斤", None), ("=", 2, "万㎡", None), ("=", 300, "m²", None)]),
        ("统筹两个市场、两种资源，落实中央八项规定，做到两个维护，坚定四个自信", []),
    ],
)  # fmt: skip
def test_numbers(text: str, found: list[tuple[str, float, str, int | None]]) -> None:
    got = [(i.op, float(i.value), i.unit, i.year) for i in indicators_of(row(text))]
    assert got == found


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026年7月底前修订考核方案。", "2026-07-31"),
        ("9月底前完成主体施工，12月底前通水。", "2026-12-31"),
        ("2027年3月底前开工，6月底前建成。", "2027-06-30"),
        ("第三季度前完成选址", "2026-09-30"),
        ("到2026年底，建成5家", "2026-12-31"),
        ("截至2025年底前已建成5家", None),
        ("每月巡查一次。", None),
    ],
)
def test_a_deadline_in_the_sentence(text: str, day: str | None) -> None:
    one = row(text)
    found = milestones_of(one, (), 2026)
    assert [str(m.deadline) for m in found] == ([day] if day else [])
    for milestone in found:
        span = milestone.evidence
        assert text[span.start : span.end] == span.quote
