"""The same doubt in several documents is decided once."""

from __future__ import annotations

import html
import re

from graph.store.snapshot import Snapshot
from queries.open_doubts import open_doubts
from viz.pages.review import same_doubts
from viz.site import Request, answer


def test_a_doubt_of_three_years_is_asked_once(many: Snapshot) -> None:
    """The shipped notice of three years has each doubt three times, once a document."""
    every = open_doubts(many)
    groups = same_doubts(every)
    assert sum(map(len, groups)) == len(every)
    for group in groups:
        documents = [d.iri.rpartition("/待核/")[0] for d in group]
        assert len(set(documents)) == len(documents)
        assert len({(d.kind, "".join(d.quote.split()), d.reading) for d in group}) == 1
    assert max(map(len, groups)) == 3
    page = answer(many, Request("/review", (("year", "all"),))).body.decode()
    also = re.findall(r'name="also" value="([^"]*)"', html.unescape(page))
    assert "其他文件里同样的 2 处一并决定" in page
    assert {len(ids.split()) for ids in also} <= {1, 2}
