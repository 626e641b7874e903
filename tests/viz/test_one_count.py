"""Every figure has one answer, whoever is asked: page, picture, question, file or search."""

from __future__ import annotations

import io
import re
from collections import Counter

import openpyxl
import pytest
from icalendar import Calendar

from graph.store.snapshot import Snapshot
from queries.catalogue import ask
from queries.formats import plain
from queries.model import counts
from queries.model.atlas import atlas
from queries.model.place_ties import ties
from queries.model.search import search
from queries.scope import narrowed, scope_of
from viz.entities.place import ways
from viz.reports.briefing import of_body, of_place
from viz.site import Request, answer
from viz.views.catalogue import picture
from viz.web.context import Desk


@pytest.fixture(scope="module", params=["one notice", "one year of many"])
def here(request: pytest.FixtureRequest, snapshot: Snapshot, many: Snapshot) -> Snapshot:
    if request.param == "one notice":
        return snapshot
    return narrowed(many, scope_of(many, {"district": "甲安区", "year": "2018"}))


def column(snapshot: Snapshot, question: str, wanted: str, **params: str) -> list[str]:
    found = ask(snapshot, question, params)
    at = found.columns.index(wanted)
    return [plain(row[at]) for row in found.rows]


def get(snapshot: Snapshot, path: str, **params: str) -> bytes:
    return answer(snapshot, Request(path, tuple(params.items()))).body


def test_what_is_completed_in_a_quarter(here: Snapshot) -> None:
    a = atlas(here)
    done = counts.completed(a.targets.values())
    home = get(here, "/").decode()
    shown = re.search(r"走得最远的一步）：(.*?)</p>", home, re.DOTALL)
    assert shown
    assert tuple(map(int, re.findall(r"<b>(\d+)</b>", shown[1]))) == done
    chapters = re.findall(r'<span class="done">完成(.*?)</span></summary>', home, re.DOTALL)
    by_domain = [
        [int(n) for n in re.findall(r"</small> (\d+)</span>", c + "</span>")] for c in chapters
    ]
    assert tuple(sum(c[q] for c in by_domain) for q in range(4)) == done
    for quarter in counts.QUARTERS:
        mine = {t.iri for t in a.targets.values() if t.stage(quarter) == "Done"}
        assert set(column(here, "due-in-quarter", "target", quarter=str(quarter))) == mine
        drawn = picture(here, "timeline", {"quarter": str(quarter)})
        due = {t.id for t in a.targets.values() if t.is_due(quarter)}
        assert {row[0] for row in drawn.rows} == due
    assert [
        int(n) for n in re.findall(r"完成(\d+)项", picture(here, "timeline", {}).caption)
    ] == list(done)


def test_what_a_body_leads_and_supports(here: Snapshot) -> None:
    """Page, picture, question, list, workbook, calendar, briefing and search, for every body."""
    a = atlas(here)
    load = ask(here, "body-load", {})
    at = {c: i for i, c in enumerate(load.columns)}
    leads = {plain(r[at["body"]]): int(plain(r[at["leads"]])) for r in load.rows}
    seen: Counter[str] = Counter()
    for iri in counts.named_bodies(a):
        body = a.bodies[iri]
        mine = counts.duties(a, iri)
        led, helped = {t.iri for t in mine.leads}, {t.iri for t in mine.supports}
        if body.kind != "collective":
            assert leads[iri] == len(led), body.label
        drawn = picture(here, "body", {"name": body.label})
        numbers = {row[1] for row in drawn.rows}
        assert numbers == {a.targets[t].id for t in led | helped}, body.label
        agenda = column(here, "body-agenda", "target", name=body.label)
        assert set(agenda) == led | helped | {t.iri for t in mine.inferred}, body.label
        book = openpyxl.load_workbook(io.BytesIO(get(here, "/agenda/body.xlsx", name=body.label)))
        head, *rows = book.worksheets[0].iter_rows(values_only=True)
        keys = [(r[head.index("季度")], r[head.index("目标")]) for r in rows if r[0]]
        expected = {
            (q, t.id)
            for t in (*mine.written, *mine.inferred)
            for q in counts.QUARTERS
            if t.is_due(q)
        }
        assert sorted(keys) == sorted(expected), body.label
        stages = {
            (r[head.index("季度")], r[head.index("目标")]): r[head.index("阶段")] for r in rows
        }
        done = {k for k, stage in stages.items() if stage == "完成"}
        every = (*mine.written, *mine.inferred)
        assert done == {
            (q, t.id) for t in every for q in counts.QUARTERS if t.stage(q) == "Done"
        }, body.label
        events = Calendar.from_ical(get(here, "/agenda/body.ics", name=body.label)).walk("VEVENT")
        assert len(events) == sum(counts.due(mine.written)), body.label
        briefing = of_body(here, body.label)
        sections = {s.label: {e.target.iri for e in s.entries} for s in briefing.sections}
        assert sections.get("主责", set()) == led, body.label
        assert sections.get("配合", set()) == helped, body.label
        hits = [h for h in search(a, body.label) if h.type == "target"]
        found = {h.iri for h in hits if h.facets["role"]}
        assert found >= led | helped, body.label
        seen["bodies"] += 1
    assert seen["bodies"] > 30


def test_what_a_place_is_concerned_with(here: Snapshot) -> None:
    """Page, picture, question, list, workbook, calendar and briefing, for every place."""
    a = atlas(here)
    desk = Desk(here, "/", (), "zh", "", "")
    matrix = picture(here, "streets", {})
    for place in a.places.values():
        if place.kind == "District":
            continue
        mine = counts.concern(a, place.iri)
        asked = ask(here, "place-targets", {"name": place.label})
        at = {c: i for i, c in enumerate(asked.columns)}
        pairs = {(plain(r[at["way"]]), plain(r[at["target"]])) for r in asked.rows}
        assert {(t.way, t.target.iri) for t in ties(a, place.iri)} == pairs, place.label
        assert {(w.name, t.target.iri) for w in ways(desk, place.iri) for t in w.ties} == pairs
        written = {t.iri for t in mine.written}
        drawn = picture(here, "place", {"name": place.label})
        assert {row[2] for row in drawn.rows} == {t.id for t in mine.written}, place.label
        if place.kind == "Street":
            cells = {row[1] for row in matrix.rows if row[0] == place.label}
            assert cells == {t.id for t in mine.written}, place.label
            page = get(here, "/id/" + place.iri.partition("/id/")[2]).decode()
            sentence = re.search(r'<p class="answer">(.*?)</p>', page)
            assert sentence
            assert not written or f"写明的牵涉{len(written)}项" in sentence[1], place.label
            briefing = of_place(here, place.label, street=True)
            assert not written or f"目标有{len(written)}项" in briefing.summary[0], place.label
        events = Calendar.from_ical(get(here, "/agenda/place.ics", name=place.label)).walk("VEVENT")
        days = {(str(e["summary"]).split()[0], e.decoded("dtstart").month // 4) for e in events}
        assert {i for i, _ in days} <= {t.id for t in mine.written}, place.label
        keys = {(str(e["uid"])) for e in events}
        assert len(keys) == len(events)


def test_how_many_there_are_of_each(here: Snapshot) -> None:
    a = atlas(here)
    total = counts.totals(a)
    home = get(here, "/").decode()
    numbers = tuple(map(int, re.findall(r"<dd>(\d+)</dd>", home)))
    assert numbers == (total.targets, total.bodies, total.places, total.leads, total.supports)
    assert (
        f"写到分工的部门单位{total.bodies}个，另有集合称谓{total.collectives}个"
        in get(here, "/bodies").decode()
    )
    assert f"目标写到的地点{total.places}处" in get(here, "/places").decode()
    caption = picture(here, "domains", {"min": "1"}).caption
    assert f"共{total.pairs}次" in caption
    matrix = picture(here, "lead-matrix", {"min": "1"}).rows
    assert sum(int(r[2]) for r in matrix if r[0] != r[1]) == total.pairs
