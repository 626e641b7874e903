"""Reports on their way into a store: tied when their notice comes, replaced by a corrected one."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from folders import TESTS
from pyoxigraph import QuerySolutions, RdfFormat

from commands.build import build_from
from graph.checks.diff import diff
from graph.store.store import Store
from loaders.corpus.filing import file_reports, matched
from loaders.corpus.publish import publish, rebuild
from loaders.corpus.reports import Given
from loaders.formats.source import source_of
from loaders.notice import SHIPPED

NOTHING = Given()
REPORT = """<html><body><h1>区绿化市容局2019年重点工作目标进展（{month}月）{mark}</h1>
<p>根据长府〔2019〕5号，截至2019年{month}月25日进展如下。</p>
<table><tr><th>序号</th><th>目标任务</th><th>进展情况</th><th>完成率</th><th>存在问题</th></tr>
<tr><td>35</td><td>新增公共绿地</td><td>新增公共绿地{value}</td><td>{share}</td><td>{problem}</td></tr>
<tr><td>35</td><td>新增立体绿化</td><td>新增立体绿化1万平方米</td><td>50%</td><td>无</td></tr>
</table></body></html>
"""


def text(month: int, value: str, share: str, problem: str = "无", mark: str = "") -> bytes:
    return REPORT.format(month=month, value=value, share=share, problem=problem, mark=mark).encode()


def lines(store: Store) -> list[str]:
    out = store.memory().store.dump(format=RdfFormat.N_QUADS)
    assert out is not None
    return sorted(out.decode().splitlines())


def reported(store: Store) -> list[tuple[str, ...]]:
    found = store.memory().query("""SELECT ?day ?n ?percent { ?e a tk:ProgressEntry ; tk:asOf ?day ;
        tk:percent ?percent ; tk:target/skos:notation ?n FILTER(?percent != 50) }
        ORDER BY ?day ?percent""")
    assert isinstance(found, QuerySolutions)
    return [tuple(t.value for t in row) for row in found]


def file(store: Store, name: str, data: bytes, given: Given = NOTHING) -> str:
    report = matched(source_of(name, data), store, given)
    return file_reports(store, [(report, data)], given)[0].id


def test_a_report_is_tied_when_its_notice_comes_and_the_order_leaves_no_trace(
    tmp_path: Path,
) -> None:
    path = tmp_path / "may.html"
    path.write_bytes(text(5, "0.4公顷", "40%"))
    before, after = Store(tmp_path / "before"), Store(tmp_path / "after")
    assert build_from(before, [path])
    assert reported(before) == []
    assert build_from(before, [SHIPPED])
    assert build_from(after, [SHIPPED, path])
    assert reported(before) == reported(after) != []
    assert lines(before) == lines(after)
    entries, failed = rebuild(before, before.must_have())
    assert not failed
    assert publish(before, entries, anew=before.must_have()).id == after.must_have().id


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The shipped notice alone: the first report is filed into an empty store."""
    made = Store(tmp_path_factory.mktemp("filing"))
    file(made, "may.html", text(5, "0.4公顷", "40%"))
    return made


def test_the_same_report_twice_changes_nothing(store: Store) -> None:
    before = store.must_have().id
    assert file(store, "may.html", text(5, "0.4公顷", "40%")) == before


def test_a_corrected_issue_takes_the_place_of_the_earlier_one_and_both_are_kept(
    store: Store,
) -> None:
    first = store.must_have()
    june = text(6, "0.6公顷", "60%")
    file(store, "june.html", june)
    assert [row[2] for row in reported(store)] == ["40", "60"]
    file(store, "june2.html", text(6, "0.55公顷", "55%", mark="（更正）"))
    assert [row[2] for row in reported(store)] == ["40", "55"]
    changes = [str(c) for c in diff(store.open(first), store.open())]
    assert any(
        c.startswith("came	progress	") and "新增公共绿地0.55公顷" in c for c in changes
    )
    earlier = [v for v in store.versions() if v.id not in (first.id, store.must_have().id)]
    (held,) = [e for e in earlier[0].sources if e.name == "june.html"]
    assert gzip.decompress((store.folder / "documents" / f"{held.text_id}.txt.gz").read_bytes())


def test_what_a_person_gives_takes_the_place_of_what_is_written_and_is_remembered(
    store: Store,
) -> None:
    given = Given("2019-07-25", "虹桥街道")
    data = text(5, "0.7公顷", "70%", mark="（续）")
    file(store, "street.html", data, given)
    query = """SELECT ?day { ?r a tk:ProgressReport ; tk:asOf ?day ;
        tk:reporter/skos:prefLabel "虹桥街道"@zh }"""
    found = store.memory().query(query)
    assert isinstance(found, QuerySolutions)
    (row,) = found
    assert row["day"].value == "2019-07-25"
    entries, _ = rebuild(store, store.must_have())
    assert publish(store, entries, anew=store.must_have()).id == store.must_have().id


def test_a_blank_form_is_no_report(tmp_path: Path) -> None:
    blank = TESTS / "progress" / "reports" / "n1_blank_template.docx"
    assert not build_from(Store(tmp_path), [blank])
