"""Lists and answers, filtered and sorted by their address alone."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.store.snapshot import Snapshot
from viz.site import Request, answer
from viz.web.sorting import natural_key


def page(snapshot: Snapshot, path: str, **params: str) -> str:
    reply = answer(snapshot, Request(path, tuple(params.items())))
    assert reply.status == 200, reply.body.decode()
    return html.unescape(reply.body.decode())


def cells(text: str, head: str) -> list[str]:
    """The words of a column of a table."""
    found = re.findall(rf'<td[^>]*data-c="{head}">(.*?)</td>', text, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", f).strip() for f in found]


def test_an_answer_sorts_numbers_as_numbers_and_names_by_pinyin(snapshot: Snapshot) -> None:
    numbers = cells(
        page(snapshot, "/queries/place-targets", name="新华路街道", sort="notation"), "号"
    )
    assert numbers[:4] == ["2", "4", "5", "7"]
    down = cells(
        page(snapshot, "/queries/place-targets", name="新华路街道", sort="-notation"), "号"
    )
    assert down[0] == "59"
    assert sorted(down) == sorted(numbers)
    assert [n for n in numbers if n.startswith("14")] == ["14a", *["14b"] * 3]
    names = cells(page(snapshot, "/queries/body-load", sort="name"), "名称")
    assert (
        names.index("财政局")
        < names.index("发改委")
        < names.index("规土局")
        < names.index("建交委")
    )


def test_an_answer_is_filtered_by_every_word_and_says_how_much_is_left(snapshot: Snapshot) -> None:
    text = page(snapshot, "/queries/place-targets", name="新华路街道", find="建交委 竣工")
    assert set(cells(text, "号")) == {"14b"}
    assert "34 行，完整，未截断，筛出 3 行" in text
    assert "aria-sort" not in text


def test_a_long_answer_comes_in_pages(snapshot: Snapshot) -> None:
    first, last = (page(snapshot, "/queries/asserted-edges", page=n, sort="name") for n in "13")
    assert len(cells(first, "号")) == 200
    names = cells(first, "部门") + cells(last, "部门")
    assert names == sorted(names, key=natural_key)


@pytest.mark.parametrize(
    ("path", "word"),
    [("/targets", "建"), ("/bodies", "建"), ("/places", "街"), ("/projects", "街")],
)
def test_a_list_is_filtered_and_sorted(snapshot: Snapshot, path: str, word: str) -> None:
    whole = page(snapshot, path)
    fewer = page(snapshot, path, find=word)
    entries = re.findall(r'<ul class="entries">(.*?)</ul>', fewer, re.DOTALL)
    lines = [re.sub(r"<[^>]+>", "", x) for e in entries for x in re.findall(r"<li>.*?</li>", e)]
    assert lines
    assert all(word in line for line in lines)
    assert len(lines) < whole.count("<li><a")
    assert f"筛出 {len(lines)} 条" in fewer
    refused = answer(snapshot, Request(path, (("sort", "colour"),)))
    assert refused.status == 400
    assert "name, weight" in refused.body.decode()


@given(st.lists(st.text(st.characters(categories=["L", "N", "P"]), max_size=6)))
def test_every_text_has_a_place_in_the_order(texts: list[str]) -> None:
    """Texts, numbers and both mixed can be compared, whatever order they came in."""
    keys, turned = (
        [natural_key(t) for t in sorted(x, key=natural_key)] for x in (texts, texts[::-1])
    )
    assert keys == turned
