"""Paths between two things: the shortest ones, each step with its evidence."""

from __future__ import annotations

import json

import pytest

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.paths import connected, found
from queries.model.sentences import source_text
from viz.site import Request, answer


def ask(snapshot: Snapshot, accept: str = "text/html", **params: str) -> tuple[int, str]:
    asked = Request("/paths", tuple((k.rstrip("_"), v) for k, v in params.items()), accept=accept)
    reply = answer(snapshot, asked)
    return reply.status, reply.body.decode()


def test_a_department_and_a_parcel_meet_in_a_target(snapshot: Snapshot) -> None:
    a = atlas(snapshot)
    paths = connected(a, found(a, "规土局", "from"), found(a, "115街坊", "to"))
    assert paths.length == 2
    assert [a.targets[p[0].after].id for p in paths.paths] == ["15", "16"]
    assert [link.kind for link in paths.paths[0][0].links] == ["lead"]


def test_every_quote_stands_at_its_offsets(snapshot: Snapshot) -> None:
    a = atlas(snapshot)
    checked = 0
    for to in ("法院", "武夷路1号地块", "虹桥街道", "59"):
        for path in connected(a, found(a, "规土局", "from"), found(a, to, "to")).paths:
            for link in (link for step in path for link in step.links):
                if link.evidence:
                    e = link.evidence
                    assert source_text(snapshot, e.source)[e.start : e.end] == e.quote
                    checked += 1
    assert checked > 10


def test_what_is_inferred_counts_only_if_asked(snapshot: Snapshot) -> None:
    a = atlas(snapshot)
    ends = found(a, "新华路街道", "from"), found(a, "2", "to")
    written, far = connected(a, *ends), connected(a, *ends, inferred=True)
    assert not any(link.via for p in written.paths for s in p for link in s.links)
    assert far.length == 1 < written.length
    assert far.paths[0][0].links[0].via == "各街(镇)"


def test_the_page_and_its_json(snapshot: Snapshot) -> None:
    status, page = ask(snapshot, from_="规土局", to="115街坊")
    assert status == 200
    assert "<mark>规土局</mark>" in page
    status, said = ask(snapshot, "application/json", from_="规土局", to="115街坊")
    assert json.loads(said)["paths"][0][0]["links"][0]["evidence"]["quote"] == "规土局"


@pytest.mark.parametrize(
    ("start", "end", "status", "says"),
    [
        ("规士局", "115街坊", 404, "规土局"),
        ("规土局", "规土局", 400, "to"),
        ("规土局", "", 200, "from"),
    ],
)
def test_ends_that_are_not_there(snapshot: Snapshot, start: str, end: str, status: int, says: str) -> None:  # fmt: skip
    found_status, page = ask(snapshot, from_=start, to=end)
    assert found_status == status
    assert says in page
