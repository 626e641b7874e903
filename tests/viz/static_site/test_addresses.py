"""Addresses and files: none is lost, none meets another, all can be written anywhere."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from viz.static_site.addresses import SiteAddress, file_names, link_of

WORDS = st.text(st.sampled_from("aA1é\u0301街（）:?*|%#&\\ .~丘") | st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=60)  # fmt: skip
ADDRESSES = st.builds(
    lambda parts, params, language: SiteAddress("/" + "/".join(parts), tuple(sorted(params.items())), language),
    st.lists(WORDS, min_size=1, max_size=3),
    st.dictionaries(st.sampled_from(["name", "quarter", "format"]), WORDS, max_size=2),
    st.sampled_from(["zh", "en"]),
)  # fmt: skip


@given(st.sets(ADDRESSES, max_size=30))
def test_each_address_has_a_file_of_its_own_on_every_system(addresses: set[SiteAddress]) -> None:
    names = file_names(addresses)
    assert set(names) == addresses
    folded = {unicodedata.normalize("NFC", n).casefold() for n in names.values()}
    assert len(folded) == len(addresses)
    for name in names.values():
        for part in name.split("/"):
            assert part
            assert not re.search(r'[<>:"|?*%#&\\\x00-\x1f]', part)
            assert not part.endswith((".", " "))
            assert len(part.encode()) < 200
            assert part.partition(".")[0].lower() not in {"con", "nul", "aux", "com1", ".."}


def test_what_the_browser_answers_stays_a_query_string() -> None:
    here = SiteAddress("/views/body", (("name", "建交委"),), "en")

    def read(href: str) -> tuple[str, str, str]:
        link = link_of(href, here, "0123456789ab")
        assert link
        return file_names([link.address])[link.address], link.query, link.fragment

    assert read("/v/0123456789ab/views/body?name=建交委&at=a~b&lang=en#sentences") == (
        "en/views/body,name=建交委.html", "at=a~b", "sentences",
    )  # fmt: skip
    assert read("/search?q=公园&lang=en") == ("en/search.html", "q=%E5%85%AC%E5%9B%AD", "")
    assert read("/queries/body-leads?name=x&year=2019") == (
        "queries/body-leads,year=2019.html", "name=x", "",
    )  # fmt: skip
    assert read("/queries/body-leads.csv?name=x&bom=1&download=1")[0] == (
        "queries/body-leads,name=x.csv"
    )
    assert read("/id/区/地点/49街坊11/3丘?format=ttl&lang=en")[0] == "id/区/地点/49街坊11/3丘.ttl"
    assert link_of("https://example.org/", here, "") is None
