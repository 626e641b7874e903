"""Numbers in words: their values, and items that a sentence closes by their numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders.formats.source import SourceText
from loaders.lexicon.numerals import in_words, number_of
from loaders.notice import read_text


@given(st.integers(0, 400))
def test_a_number_in_words_has_its_value(number: int) -> None:
    assert number_of(in_words(number)) == number


@pytest.mark.parametrize("label", ["（{}）", "第{}条 ", "{}、"])
@pytest.mark.parametrize(("said", "named"), [("第一、二项", (1, 2)), ("第十一至十二项", (11, 12))])
def test_a_sentence_names_items_past_ten(label: str, said: str, named: tuple[int, ...]) -> None:
    items = [label.format(in_words(n)) for n in range(1, 13)]
    text = "青川市实施方案\n" + "".join(f"{one}改造老旧小区，完善配套设施。\n" for one in items)
    text += f"{said}由市住建局牵头，市财政局配合。\n"
    found = read_text(SourceText("notice.txt", text.encode(), text, "text/plain")).targets
    assert [t.id for t in found] == [items[n - 1].strip(" 、") for n in named]
    assert all([a.label for a in t.assignments] == ["市住建局", "市财政局"] for t in found)


def test_sentences_that_name_their_items_stand_one_below_the_other() -> None:
    text = "青川市实施方案\n1.改造老旧小区，完善设施。\n2.疏浚河道，修建步道。\n3.新建学校，完善周边。\n"
    text += "第1项由市住建局牵头。\n第2项由市水务局牵头。\n第3项由市教育局牵头，市财政局配合。\n"
    found = read_text(SourceText("notice.txt", text.encode(), text, "text/plain")).targets
    said = [(t.id, t.row.text.text, [a.label for a in t.assignments]) for t in found]
    assert said == [
        ("1", "1.改造老旧小区，完善设施。", ["市住建局"]),
        ("2", "2.疏浚河道，修建步道。", ["市水务局"]),
        ("3", "3.新建学校，完善周边。", ["市教育局", "市财政局"]),
    ]


def test_an_item_is_closed_once_however_often_it_is_named() -> None:
    text = "青川市实施方案\n1.改造老旧小区，完善设施。\n2.疏浚河道，修建步道。\n"
    text += "第1项由市住建局牵头。\n" * 3 + "第2项由市水务局牵头。\n"
    found = read_text(SourceText("notice.txt", text.encode(), text, "text/plain")).targets
    assert [(t.id, [a.label for a in t.assignments]) for t in found] == [
        ("1", ["市住建局"]),
        ("2", ["市水务局"]),
    ]
