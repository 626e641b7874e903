"""The board shows what is due word by word, what was reported, and nothing that is neither."""

from __future__ import annotations

import io
import re
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from icalendar import Calendar
from pyoxigraph import QuerySolutions

from graph.store.snapshot import Snapshot
from ontology.names import squeeze
from queries.catalogue import choices
from queries.model.atlas import atlas
from queries.model.board import COLUMNS, board
from queries.model.reported import DONE, DROPPED, progress
from viz.site import Request, answer


def get(snapshot: Snapshot, path: str, **params: str) -> tuple[int, bytes]:
    reply = answer(snapshot, Request(path, tuple(params.items())))
    return reply.status, reply.body


def select(snapshot: Snapshot, query: str) -> list[tuple[str, ...]]:
    found = snapshot.query(query)
    assert isinstance(found, QuerySolutions)
    return [tuple(term.value if term else "" for term in row) for row in found]


@pytest.mark.parametrize("quarter", ["1", "2", "3", "4", "all"])
@pytest.mark.parametrize("who", ["", "建交委", "新华路街道", "115街坊"])
def test_every_word_of_the_plan_is_on_the_board_once(
    snapshot: Snapshot, who: str, quarter: str
) -> None:
    """Each clause of a step is in the column of its stage, in the target's or a project's row."""
    shown = board(snapshot, who, quarter)
    assert shown.rows or who == "115街坊"
    for target in shown.targets:
        mine = [r for r in shown.rows if r.target is target]
        words = squeeze("".join(r.project + s.words for r in mine for s in r.steps))
        own = {s.step.project for r in mine for s in r.steps}
        for step in target.steps:
            if step.project not in own or (quarter not in ("all", str(step.quarter))):
                continue
            for piece in re.split("[,，;；。]", squeeze(step.text)):
                assert re.split("[:：]", piece)[-1] in words, (target.id, piece)
        for row in mine:
            for s in row.steps:
                text = squeeze(s.step.text)
                assert all(squeeze(run) in text for run in s.words.split("…"))
                assert s.column == (s.step.stage if s.step.stage in COLUMNS else "Progress")


def test_a_board_without_reports_is_the_plan_and_says_so(snapshot: Snapshot) -> None:
    status, body = get(snapshot, "/board", who="建交委", quarter="2")
    page = body.decode()
    assert status == 200
    assert "图里还没有进展报告，下面只是计划" in page
    assert "报了什么" not in page
    assert "设计方案批复" in page


def test_the_board_of_a_body_has_the_targets_of_the_question(snapshot: Snapshot) -> None:
    places = choices(snapshot, "place")
    a = atlas(snapshot)
    named = [b.label for b in a.bodies.values() if a.edges_of(b.iri) and b.label not in places]
    assert len(named) > 50
    for body in named:
        wanted = {
            n for (n,) in select(
                snapshot,
                f"""SELECT DISTINCT ?n {{ ?a tk:body/skos:prefLabel "{body}"@zh ; tk:target/skos:notation ?n }}""",
            )
        }  # fmt: skip
        assert {t.id for t in board(snapshot, body).targets} == wanted, body


def test_what_was_reported_lies_beside_its_step(told: Snapshot) -> None:
    """The counts at the head equal the entries of the graph, row by row."""
    shown = board(told)
    entries = {e.iri for r in shown.rows for e in r.entries}
    wanted = select(told, "SELECT ?x { ?x a tk:ProgressEntry ; tk:target/a tk:Target }")
    assert entries == {iri for (iri,) in wanted}
    for row in shown.rows:
        newest = max((e.as_of for e in row.entries), default="")
        assert (row.now is None) == (not row.entries)
        assert row.now is None or row.now.as_of == newest
        status = row.now.status if row.now else ""
        assert (row.mark == "full") == (status in DONE)
        assert (row.mark == "dropped") == (status in DROPPED)
        assert (row.mark == "none") == (status == "")
    page = get(told, "/board")[1].decode()
    for mark in ("none", "half", "full"):
        assert page.count(f'<use href="#b-{mark}"/></svg>') - 1 == sum(
            r.mark == mark for r in shown.rows
        )


def test_a_reported_sentence_opens_in_its_report(told: Snapshot) -> None:
    """The link beside a step leads to the text of the report with the sentence marked."""
    page = get(told, "/board")[1].decode()
    links = re.findall(r'<p class="song"><a href="([^"?]*)\?at=(\d+-\d+)#at">([^<]*)</a>', page)
    assert len(links) > 30
    for href, at, words in links[::12]:
        status, body = get(told, unquote(href), at=at)
        marked = re.search(r'<mark id="at"[^>]*>(.*?)</mark>', body.decode(), re.DOTALL)
        assert status == 200
        assert marked
        assert squeeze(marked[1]) == squeeze(words)


def test_as_of_a_day_later_reports_are_unknown(told: Snapshot) -> None:
    days = progress(told).days
    assert len(days) > 2
    for day in days:
        shown = board(told, until=day)
        assert all(e.as_of <= day for r in shown.rows for e in r.entries)
    assert board(told, until="2018-12-31").count("none") == len(
        [r for r in board(told, until="2018-12-31").rows if r.steps]
    )


def test_a_step_that_was_not_done_is_carried_over(told: Snapshot) -> None:
    """新泾港: 49 of 51 estates on 25 June, planned for the first quarter (target 28)."""
    carried = [r for r in board(told, quarter="2").rows if r.carried]
    for row in carried:
        before = [s.step.quarter for s in row.steps if s.step.quarter < 2]
        assert before
        assert not any(e.is_done for e in row.entries if e.quarter in before)


def test_files_for_a_meeting_have_the_rows_of_the_board(told: Snapshot) -> None:
    asked = {"who": "建交委", "quarter": "2"}
    shown = board(told, "建交委", "2")
    status, body = get(told, "/board.xlsx", **asked)
    assert status == 200
    assert body == get(told, "/board.xlsx", **asked)[1]
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(min_row=4, values_only=True))
    assert rows[0][-1] == "会议意见"
    listed = [(str(r[0]), r[2] or "") for r in rows[1 : len(shown.rows) + 1]]
    assert listed == [(r.target.id, r.project) for r in shown.rows]
    assert not any(r[-1] for r in rows[1:])
    page = docx.Document(io.BytesIO(get(told, "/board.docx", **asked)[1]))
    lines = [c.text for row in page.tables[0].rows[1:] for c in row.cells[:1]]
    assert 10 <= len(lines) < len(shown.rows)
    late = [r.target.id for r in shown.rows if r.is_late]
    assert late
    assert [line.split()[0] for line in lines[: len(late)]] == late
    assert re.search(r"另有\d+行", page.paragraphs[-1].text)
    calendar = Calendar.from_ical(get(told, "/board.ics", **asked)[1])
    events = [str(e["summary"]).split()[0] for e in calendar.walk("VEVENT")]
    assert set(events) == {r.target.id for r in shown.rows if r.steps and not r.inferred}


@pytest.mark.parametrize(
    ("path", "params", "status", "said"),
    [
        ("/board", {"who": "建交位"}, 404, "建交委"),
        ("/board", {"quarter": "5"}, 400, "quarter"),
        ("/board", {"until": "June"}, 400, "until"),
        ("/board.doc", {}, 400, "docx"),
    ],
)
def test_what_is_wrong_is_named(
    snapshot: Snapshot, path: str, params: dict[str, str], status: int, said: str
) -> None:
    found, body = get(snapshot, path, **params)
    assert found == status
    assert said in body.decode()


def test_a_name_of_a_street_and_its_office_is_the_street(snapshot: Snapshot) -> None:
    shown = board(snapshot, "新华路街道")
    assert shown.kind == "place"
    office = next(b for b in atlas(snapshot).bodies.values() if b.label == "新华路街道")
    edges = {e.target for e in atlas(snapshot).edges_of(office.iri)}
    assert edges <= {t.iri for t in shown.targets}


def test_words_of_documents_are_no_markup(hostile: Snapshot) -> None:
    page = get(hostile, "/board")[1].decode()
    assert "<script>alert" not in page
    book = openpyxl.load_workbook(io.BytesIO(get(hostile, "/board.xlsx")[1]))
    assert not [c for s in book for row in s.iter_rows() for c in row if c.data_type == "f"]
