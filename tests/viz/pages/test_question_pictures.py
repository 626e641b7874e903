"""A question whose answer is better seen links its picture, with the same parameters."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from graph.store.snapshot import Snapshot
from queries.catalogue import questions
from viz.render import render
from viz.site import Request, answer

PICTURED = [n for n, q in questions().items() if "\n#+ view:" in q.query]


@pytest.mark.parametrize("name", PICTURED)
def test_the_picture_of_a_question_can_be_drawn(snapshot: Snapshot, name: str) -> None:
    page = answer(snapshot, Request(f"/queries/{name}", language="en")).body.decode()
    (link,) = re.findall(r'href="([^"]+)">Picture</a>', page)
    parts = urlsplit(unescape(link))
    drawn = render(
        snapshot, parts.path.removeprefix("/views/"), dict(parse_qsl(parts.query)), "svg"
    )
    assert drawn.body.startswith(b"<svg")
