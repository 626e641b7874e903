"""Lists to take away, and what changed about a thing: the same bytes twice, nothing in them runs."""

from __future__ import annotations

import io
import re
from datetime import date

import openpyxl
import pytest
from icalendar import Calendar

from graph.records import Document
from graph.store.snapshot import Snapshot
from graph.store.store import Store
from loaders.corpus import publish
from loaders.formats.source import SourceText
from loaders.notice import SHIPPED, read_text
from queries.catalogue import ask
from queries.formats import plain
from viz.entities.place import ways
from viz.site import Reply, Request, answer
from viz.web.context import Desk

PLACE = "/id/上海市长宁区/地点/"


def get(snapshot: Snapshot, path: str, **params: str) -> Reply:
    return answer(snapshot, Request(path, tuple(params.items()), root="http://example.org"))


def test_the_page_of_every_place_says_what_the_catalogue_says(snapshot: Snapshot) -> None:
    desk = Desk(snapshot, "/", (), "zh", "", "")
    for place in desk.atlas.places.values():
        found = ask(snapshot, "place-targets", {"name": place.label})
        at = {c: i for i, c in enumerate(found.columns)}
        asked = {(plain(r[at["way"]]), plain(r[at["target"]])) for r in found.rows}
        shown = {(w.name, t.target.iri) for w in ways(desk, place.iri) for t in w.ties}
        assert shown == asked, place.label


def test_a_workbook_of_a_quarter(snapshot: Snapshot) -> None:
    reply = get(snapshot, "/agenda/place.xlsx", name="115街坊", quarter="1")
    assert reply.body == get(snapshot, "/agenda/place.xlsx", name="115街坊", quarter="1").body
    sheet = openpyxl.load_workbook(io.BytesIO(reply.body)).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    at = {str(name): i for i, name in enumerate(head)}
    first = next(r for r in rows if r[at["目标"]] == "15")
    assert first[at["节点（原文）"]] == "完成115街坊(C3紫云西路娄山关路地块)出让"
    assert first[at["主责"]] == "规土局"
    assert {r[at["季度"]] for r in rows} == {1}


def test_a_calendar_stands_at_the_end_of_its_quarters(snapshot: Snapshot) -> None:
    reply = get(snapshot, "/agenda/body.ics", name="规土局")
    assert reply.body == get(snapshot, "/agenda/body.ics", name="规土局").body
    events = list(Calendar.from_ical(reply.body).walk("VEVENT"))
    assert {e.decoded("dtstart") for e in events} == {
        date(2019, 3, 31), date(2019, 6, 30), date(2019, 9, 30), date(2019, 12, 31),
    }  # fmt: skip
    assert len({str(e["uid"]) for e in events}) == len(events)
    assert all(len(line) <= 75 for line in reply.body.split(b"\r\n"))


@pytest.mark.parametrize(
    ("path", "params", "status", "says"),
    [
        ("/agenda/place.xlsx", {"name": "115街访"}, 404, "115街坊"),
        ("/agenda/place.xlsx", {"name": "115街坊", "quarter": "5"}, 400, "quarter"),
        ("/agenda/place.doc", {"name": "115街坊"}, 400, "xlsx"),
        (PLACE + "115街坊", {"since": "000000000000"}, 400, "since"),
    ],
)
def test_bad_asks_are_named(
    snapshot: Snapshot, path: str, params: dict[str, str], status: int, says: str
) -> None:
    reply = get(snapshot, path, **params)
    assert reply.status == status
    assert says in reply.body.decode()


@pytest.fixture(scope="module")
def two_versions(
    notice: Document, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Snapshot]:
    """A store whose notice first sold 115街坊 in other words, and began a cell as a formula."""
    store = Store(tmp_path_factory.mktemp("since"))
    text = notice.text.replace("完成115街坊", '=HYPERLINK("http://e")\u202e力争完成115街坊')
    source = SourceText("changning-2019.txt", text.encode(), text, "text/plain")
    first = publish.publish(store, [publish.contribution(read_text(source), text.encode())])
    publish.publish(store, [publish.contribution(notice, SHIPPED.read_bytes())])
    return first.id, store.memory()


def test_what_changed_since(two_versions: tuple[str, Snapshot]) -> None:
    first, now = two_versions
    body = get(now, PLACE + "115街坊", since=first).body.decode()
    section = body[body.index('id="since"') :]
    assert "力争完成115街坊" in section
    plain_page = get(now, PLACE + "115街坊").body.decode()
    assert first in plain_page
    assert "力争完成115街坊" not in plain_page


def test_hostile_words_stay_words_in_files(two_versions: tuple[str, Snapshot]) -> None:
    first, now = two_versions
    then = Store(now.version.path.parent.parent)
    snapshot = then.memory(then.version(first))
    place = {"name": "115街坊", "quarter": "1"}
    book = openpyxl.load_workbook(io.BytesIO(get(snapshot, "/agenda/place.xlsx", **place).body))
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert [c for c in cells if str(c.value).startswith("=HYPERLINK")]
    assert not [c for c in cells if c.data_type == "f" or c.hyperlink]
    calendar = get(snapshot, "/agenda/place.ics", **place).body.decode()
    assert "HYPERLINK" in calendar
    assert not re.search("[\u202e\x00]", calendar)
