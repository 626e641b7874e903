"""A person's decision about a doubt: applied, kept over a rebuild, and never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.corrections import Correction, doubt_id, read_corrections, write_corrections
from graph.errors import StoreError
from graph.records import Document
from graph.store import Store
from loaders import corpus
from loaders.corrections import corrected
from loaders.notice import SHIPPED
from queries.catalogue import ask


def deciding(
    document: Document, kind: str, row: str, decision: str, value: str = ""
) -> dict[str, Correction]:
    doubt = next(d for d in document.review if d.kind == kind and d.row == row)
    name = doubt_id(document, doubt)
    return {name: Correction(name, decision, value, "甲", "2026-01-01T00:00:00+00:00")}  # type: ignore[arg-type]


def coordinators(document: Document, row: str) -> list[str]:
    return [a.label for t in document.targets if t.id == row for a in t.bodies("coordinate")]


@pytest.mark.parametrize(
    ("kind", "row", "decision", "value", "gone", "there"),
    [
        ("both-roles", "29", "reject", "", "绿化市容局", "体育局"),
        ("slip", "49", "correct", "周浦街道", "周家桥街道", "周浦街道"),
        ("slip", "49", "accept", "", "周桥街道", "周家桥街道"),
    ],
)
def test_a_decision_changes_the_row(
    notice: Document, kind: str, row: str, decision: str, value: str, gone: str, there: str
) -> None:
    after = corrected(notice, deciding(notice, kind, row, decision, value))
    assert gone not in coordinators(after, row)
    assert there in coordinators(after, row)
    assert len(after.review) == len(notice.review) - 1


def test_a_rejected_link_is_gone_and_an_accepted_one_is_certain(notice: Document) -> None:
    doubt = next(d for d in notice.review if d.kind == "same-place")
    pair = next(iter(doubt.why.split("”")[0:1])).lstrip("“")
    rejected = corrected(notice, deciding(notice, "same-place", doubt.row, "reject"))
    assert len(rejected.links) == len(notice.links) - 1
    accepted = corrected(notice, deciding(notice, "same-place", doubt.row, "accept"))
    assert any(link.confidence == 1 and pair in (link.left, link.right) for link in accepted.links)


def test_decisions_survive_a_rebuild(notice: Document, tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = corpus.publish(store, [corpus.contribution(notice, SHIPPED.read_bytes())])
    decided = deciding(notice, "both-roles", "29", "reject")
    write_corrections(store.folder, decided.values())
    for _ in range(2):
        current = store.current()
        assert current is not None
        again, failed = corpus.rebuild(store, current)
        assert not failed
        corpus.publish(store, again)
    assert read_corrections(store.folder) == decided
    snapshot = store.memory()
    assert snapshot.version.id != first.id
    doubts = {row[0].value for row in ask(snapshot, "review-queue").rows if row[0]}  # type: ignore[union-attr]
    assert doubts
    assert not doubts & decided.keys()


def test_a_damaged_file_of_decisions_is_named(tmp_path: Path) -> None:
    (tmp_path / "corrections.ttl").write_text("<a> <b", encoding="utf-8")
    with pytest.raises(StoreError, match=r"corrections\.ttl"):
        read_corrections(tmp_path)
