"""A question keeps to its scope: the newest year of one district unless others are asked for."""

from __future__ import annotations

import pytest

from graph.store.snapshot import Snapshot
from queries.catalogue import ask, filled, questions
from queries.errors import BadParameter
from queries.formats import plain
from queries.model.atlas import atlas
from queries.scope import documents, narrowed, scope_of

HOME = "上海市长宁区"


@pytest.mark.parametrize(
    ("params", "district", "year", "count"),
    [
        ({}, "上海市甲安区", "2019", 1),
        ({"district": "长宁区"}, HOME, "2019", 1),
        ({"district": HOME, "year": "all"}, HOME, "all", 3),
        ({"district": "all"}, "all", "2019", 2),
        ({"district": "all", "year": "all"}, "all", "all", 6),
        ({"notice": "长府〔2018〕5号"}, HOME, "2018", 1),
    ],
)
def test_a_scope_is_the_newest_year_unless_another_is_named(
    many: Snapshot, params: dict[str, str], district: str, year: str, count: int
) -> None:
    scope = scope_of(many, params)
    assert (scope.district, scope.year, len(scope.documents)) == (district, year, count)


@pytest.mark.parametrize(
    ("params", "there_are"),
    [
        ({"district": "甲区"}, HOME),
        ({"year": "2030"}, "2018"),
        ({"notice": "9号"}, "长府〔2017〕5号"),
    ],
)
def test_an_unknown_scope_names_those_there_are(
    many: Snapshot, params: dict[str, str], there_are: str
) -> None:
    with pytest.raises(BadParameter, match=there_are):
        scope_of(many, params)


@pytest.mark.parametrize("name", sorted(questions()))
def test_every_question_answers_of_one_notice_as_if_it_were_alone(
    many: Snapshot, snapshot: Snapshot, name: str
) -> None:
    """Nothing of another district or year comes in, and nothing of the notice is lost."""
    years = {"year": "2019"} if questions()[name].all_years else {}
    scoped = ask(many, name, {"district": HOME, **years})
    alone = ask(snapshot, name)

    def rows(answer: object) -> list[tuple[str, ...]]:
        return sorted(tuple(map(plain, row)) for row in answer.rows)  # type: ignore[attr-defined]

    assert rows(scoped) == rows(alone)


def test_the_query_that_a_page_shows_keeps_to_the_scope(many: Snapshot) -> None:
    here = narrowed(many, scope_of(many, {"district": HOME, "year": "2018"}))
    text = filled(here, "place-targets", {"name": "新华路街道"})
    rows = {tuple(str(v) for v in row) for row in many.store.query(text)}  # type: ignore[union-attr]
    assert rows
    assert len(rows) == len(ask(here, "place-targets", {"name": "新华路街道"}).rows)


def test_a_narrowed_version_holds_no_body_or_place_of_another_district(many: Snapshot) -> None:
    here = atlas(narrowed(many, scope_of(many, {"district": HOME})))
    assert len(here.targets) == 60
    assert {i.split("/id/")[1].split("/")[0] for i in (*here.bodies, *here.places)} == {HOME}
    assert len(documents(many)) == 6
