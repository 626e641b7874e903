"""The front page begins with what is due, in the current quarter of its scope."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from graph.store.snapshot import Snapshot
from queries.catalogue import question as find_question
from queries.catalogue import questions
from queries.model.atlas import atlas
from queries.model.counts import completed, due
from viz.pages.home import quarter_shown
from viz.site import Request, answer


@pytest.mark.parametrize(
    ("year", "today", "quarter"),
    [
        ("2019", date(2019, 1, 1), 1),
        ("2019", date(2019, 9, 30), 3),
        ("2019", date(2026, 5, 1), 4),
        ("2027", date(2026, 5, 1), 1),
        ("all", date(2026, 5, 1), 2),
    ],
)
def test_the_quarter_that_is_shown(year: str, today: date, quarter: int) -> None:
    assert quarter_shown(year, today)[0] == quarter


@pytest.mark.parametrize("quarter", [1, 2, 3, 4])
def test_the_front_page_counts_as_everything_else_does(snapshot: Snapshot, quarter: int) -> None:
    targets = list(atlas(snapshot).targets.values())
    body = answer(snapshot, Request("/", (("quarter", str(quarter)),))).body.decode()
    said = (
        f"{due(targets)[quarter - 1]}项目标有节点，其中{completed(targets)[quarter - 1]}项写明完成"
    )
    assert said in html.unescape(body)
    assert 'aria-current="true">' + "一二三四"[quarter - 1] in body
    listed = re.findall(r'<td class="no"><a [^>]*>(\w+)</a>', body.partition("</table>")[0])
    assert listed
    assert all(t.stage(quarter) == "Done" for t in targets if t.id in listed)


def test_a_frozen_front_page_never_changes(snapshot: Snapshot) -> None:
    """It takes the day of its version, which is after the year of the notice."""
    frozen = answer(snapshot, Request("/", prefix=f"/v/{snapshot.version.id}")).body.decode()
    assert "2019年第四季度到期什么" in html.unescape(frozen)
    assert answer(snapshot, Request("/", (("quarter", "5"),))).status == 400


def test_an_unknown_name_keeps_the_form_and_offers_names(snapshot: Snapshot) -> None:
    asked = Request("/queries/place-targets", (("name", "新华路界道"),))
    reply = answer(snapshot, asked)
    body = html.unescape(reply.body.decode())
    assert reply.status == 404
    assert 'name="name" value="新华路界道"' in body
    assert 'aria-invalid="true"' in body
    offered = re.findall(
        r'<a class="button" href="(/queries/place-targets\?[^"]*)">(.*?)</a>', body
    )
    assert offered[0][1] == "新华路街道"
    plain = Request(asked.path, asked.params, accept="text/csv")
    assert answer(snapshot, plain).status == 404
    assert "新华路街道" in answer(snapshot, plain).body.decode()


@pytest.mark.parametrize("name", list(questions()))
def test_every_question_has_a_form_that_is_filled_in(snapshot: Snapshot, name: str) -> None:
    """With a quarter too, whose choices are words."""
    body = answer(snapshot, Request(f"/queries/{name}")).body.decode()
    for param in find_question(name).params:
        assert f'name="{param.name}"' in body
        if param.kind == "quarter":
            assert "第二季度</option>" in html.unescape(body)
