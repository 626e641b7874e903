"""Reports of progress in the graph: written statements are kept apart from computed ones."""

from __future__ import annotations

import pytest

from graph.checks.audit import audit
from graph.store.snapshot import Snapshot
from graph.store.store import Store

FIRST = "区政府2019年重点工作目标完成情况月报表（6月）（建交委，2019-06-25）"
HERE = f"https://w3id.org/tiaokuai/id/上海市长宁区/{FIRST}"
IN_REPORT = f'?e dcterms:isPartOf ?r . ?r skos:prefLabel "{FIRST}"@zh .'
COMPUTED = ("statusComputed", "rule", "expected", "late")
"""Properties of what follows by rule."""


@pytest.fixture(scope="module")
def snapshot(reported: Store) -> Snapshot:
    return reported.memory()


def rows(snapshot: Snapshot, query: str) -> list[tuple[str, ...]]:
    return [
        tuple(getattr(term, "value", "") for term in solution)
        for solution in snapshot.query(query)  # type: ignore[union-attr]
    ]


def test_shapes_and_evidence_hold_for_reports(reported: Store) -> None:
    version = reported.must_have()
    assert [str(f) for f in audit(reported.open(version), reported.texts(version))] == []


def test_a_report_says_on_what_by_whom_and_as_of_which_day(snapshot: Snapshot) -> None:
    assert rows(snapshot, f"""SELECT ?plan ?day ?who ?cited {{ ?r skos:prefLabel "{FIRST}"@zh ;
        a tk:ProgressReport ; tk:reportsOn/eli:id_local ?plan ; tk:asOf ?day ;
        tk:reporter/skos:prefLabel ?who ; tk:planCited ?cited }}""") == [
        ("长府〔2019〕5号", "2019-06-25", "建交委", "长府〔2019〕5号")
    ]  # fmt: skip


def test_an_entry_has_its_target_its_step_and_its_words(snapshot: Snapshot) -> None:
    found = rows(
        snapshot,
        f"""SELECT ?n ?project ?step ?status ?words ?quote {{ {IN_REPORT}
        ?e tk:target/skos:notation ?n ; tk:ofProject/skos:prefLabel ?project ; tk:status ?s ;
        tk:ofMilestone/tk:text ?step ; tk:statusAsWritten ?words ; tk:quote ?quote .
        FILTER(CONTAINS(?quote, "凯田路")) BIND(STRAFTER(STR(?s), "#") AS ?status) }}""",
    )
    assert found == [
        (
            "18",
            "凯田路(凯旋路-淮海西路)道路新建工程",
            "进行施工、监理招标",
            "Done",
            "已完成",
            "凯田路施工、监理招标已完成",
        )
    ]


def test_what_is_computed_stands_in_inferred_graphs_only(snapshot: Snapshot) -> None:
    for edge in COMPUTED:
        graphs = rows(snapshot, f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?e tk:{edge} ?x }} }}")
        assert graphs, edge
        assert all(g.endswith("/inferred") for (g,) in graphs)
    silent = rows(snapshot, "SELECT DISTINCT ?g { GRAPH ?g { ?x a tk:Silence } }")
    assert silent
    assert all(g.endswith("/inferred") for (g,) in silent)


def test_silence_is_never_a_status_that_is_written(snapshot: Snapshot) -> None:
    assert rows(snapshot, "SELECT ?e { ?e tk:status tk:NotReported }") == []


def test_a_report_on_another_plan_is_kept_apart_and_named(snapshot: Snapshot) -> None:
    found = rows(
        snapshot,
        """SELECT ?cited (COUNT(?e) AS ?entries) (COUNT(?t) AS ?tied) {
        ?r tk:reportKind "progress-other-plan" ; tk:planCited ?cited . ?e dcterms:isPartOf ?r ;
        a tk:ProgressEntry . OPTIONAL { ?e tk:target ?t } } GROUP BY ?cited""",
    )
    assert found == [("静府发〔2019〕3号", "5", "0")]


def test_a_value_is_an_actual_of_its_indicator(snapshot: Snapshot) -> None:
    found = rows(
        snapshot,
        """SELECT ?value ?unit ?day ?promised ?expected { ?e tk:actual ?a ;
        tk:asOf ?day ; tk:expected ?expected . ?a schema:value ?value ; schema:unitText ?unit ;
        tk:ofIndicator/tk:asWritten ?promised . FILTER(?value = 221) }""",
    )
    assert found == [("221", "家", "2019-09-25", "310家", "234")]
