"""Letters that tell rows of one number apart."""

from __future__ import annotations

from itertools import islice, product
from string import ascii_lowercase

from loaders.lexicon.numerals import in_words, letters


def test_letters_count_like_the_columns_of_a_sheet() -> None:
    expected = [*ascii_lowercase, *map("".join, product(ascii_lowercase, repeat=2))]
    assert [letters(n) for n in range(1, 600)] == list(islice(expected, 599))


def test_numbers_that_have_no_words_are_figures() -> None:
    assert [in_words(n) for n in (0, 1, 10, 11, 20, 99, 100, 101)] == [
        "0", "一", "十", "十一", "二十", "九十九", "100", "101",
    ]  # fmt: skip
