"""A person's decision about a doubt: applied, kept over a rebuild, and never lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graph.errors import StoreError
from graph.records import Document
from graph.store.store import Store
from graph.triples.corrections import Correction, doubt_id, read_corrections, write_corrections
from loaders.corpus import publish
from loaders.corpus.review import decide
from loaders.corrections import corrected
from loaders.errors import BadDecision
from loaders.notice import SHIPPED
from ontology.names import squeeze
from queries.catalogue import ask
from queries.open_doubts import open_doubts


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


def facts(document: Document, row: str) -> tuple[dict[str, Any], list[str], list[str]]:
    target = next(t for t in document.targets if t.id == row)
    clauses = {p.name: [c and squeeze(c.quote) for c in p.clauses] for p in target.projects}
    numbers = [f"{i.value}{i.unit}" for i in target.indicators]
    return clauses, [p.name for p in target.places], numbers


@pytest.mark.parametrize(
    ("kind", "row", "decision", "value", "gone", "there"),
    [
        ("place", "16", "reject", "", "上海十钢有限公司", "71街坊"),
        ("place", "16", "correct", "上海十钢厂", "上海十钢有限公司", "上海十钢厂"),
        ("number", "32", "reject", "", "166万", "166万平方米"),
        ("number", "32", "correct", "166 万平方米", "166万", "166万平方米"),
        ("project", "53", "reject", "", "街镇园区城运中心建设", "仙霞新村街道"),
        ("project", "53", "correct", "城运中心建设", "街镇园区城运中心建设", "城运中心建设"),
        ("clause", "29", "reject", "", "天山西路、北翟路市政结点完工并交地后,基本完成绿化种植", "外环绿道"),
        ("clause", "29", "correct", "基本完成绿化种植",
         "天山西路、北翟路市政结点完工并交地后,基本完成绿化种植", "基本完成绿化种植"),
    ],
)  # fmt: skip
def test_places_projects_clauses_and_numbers_are_decided_too(
    notice: Document, kind: str, row: str, decision: str, value: str, gone: str, there: str
) -> None:
    def said(document: Document) -> set[str | None]:
        clauses, places, numbers = facts(document, row)
        return {*clauses, *(c for q in clauses.values() for c in q), *places, *numbers}

    assert gone in said(notice)
    after = corrected(notice, deciding(notice, kind, row, decision, value))
    assert gone not in said(after)
    assert there in said(after)
    assert len(after.review) == len(notice.review) - 1
    for target in after.targets:
        named = {p.name for p in target.projects}
        assert all(m.project in named for m in target.milestones if m.project)
        assert all(
            after.text[e.start : e.end] == e.quote for p in target.projects for e in p.evidence
        )


@pytest.mark.parametrize(
    ("kind", "row", "value"),
    [
        ("clause", "29", "这一格没有的话"),
        ("number", "32", "许多"),
        ("same-place", "33", "没有的地方"),
    ],
)
def test_a_value_that_cannot_stand_leaves_the_doubt_open(
    notice: Document, kind: str, row: str, value: str
) -> None:
    after = corrected(notice, deciding(notice, kind, row, "correct", value))
    assert after.review == notice.review
    assert after.targets == notice.targets


def test_a_decision_is_listed_taken_published_and_kept(notice: Document, tmp_path: Path) -> None:
    store = Store(tmp_path)
    publish.publish(store, [publish.contribution(notice, SHIPPED.read_bytes())])
    listed = {d.id: d for d in open_doubts(store.memory())}
    assert len(listed) == len(notice.review)
    assert {d.kind for d in listed.values()} >= {"slip", "place", "project", "clause", "number"}
    one = next(d for d in listed.values() if d.kind == "number" and d.row == "32")
    assert (one.reading, one.sentence) == ("166 万", "分三个批次实施166万精品小区")
    assert one.targets == ("32",)
    spot = next(d for d in listed.values() if d.reading == "临空12号＝临空12号红双喜地块")
    assert spot.targets == ("15", "16")
    read = {path.name: path.read_bytes() for path in (tmp_path / "readings").iterdir()}
    with pytest.raises(BadDecision, match="deadbeef"):
        decide(store, ["deadbeef"], "accept", who="甲")
    with pytest.raises(BadDecision, match="许多"):
        decide(store, [one.id], "correct", "许多", "甲")
    assert read_corrections(tmp_path) == {}
    assert read == {path.name: path.read_bytes() for path in (tmp_path / "readings").iterdir()}
    for value in ("165 万平方米", "166 万平方米"):  # the last one counts
        made = decide(store, [one.id], "correct", value, "甲")
        number = f'ASK {{ ?i tk:asWritten "166万" ; schema:value ?v FILTER(?v = {value[:3]}) }}'
        assert store.current() == made
        assert store.memory().query(number)
    assert one.id not in {d.id for d in open_doubts(store.memory())}
    kept = read_corrections(tmp_path)[one.id]
    assert (kept.decision, kept.value, kept.who) == ("correct", "166 万平方米", "甲")
    who = "SELECT ?who ?when { GRAPH ?g { ?c tk:doubtId ?id ; prov:wasAttributedTo ?who ; prov:generatedAtTime ?when } }"
    assert [row[0].value for row in store.memory().query(who)] == ["甲"]  # type: ignore[union-attr]


def test_decisions_survive_a_rebuild(notice: Document, tmp_path: Path) -> None:
    store = Store(tmp_path)
    first = publish.publish(store, [publish.contribution(notice, SHIPPED.read_bytes())])
    decided = deciding(notice, "both-roles", "29", "reject")
    write_corrections(store.folder, decided.values())
    for _ in range(2):
        current = store.current()
        assert current is not None
        again, failed = publish.rebuild(store, current)
        assert not failed
        publish.publish(store, again)
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
