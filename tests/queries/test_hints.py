"""Hints: a query that answers nothing is told why, and the catalogue's own queries are not."""

from __future__ import annotations

import pytest

from queries.catalogue import questions
from queries.hints import hints

CASES = [
    ("SELECT ?b { ?t tk:coordinator ?b }", "tk:coordinate"),
    ("SELECT ?b { ?t tk:leed ?b }", "tk:lead"),
    ("SELECT ?b { ?t <https://w3id.org/tiaokuai/ns#milestones> ?b }", "tk:milestone"),
    ("SELECT ?t { ?t a tk:target }", ""),
    ('SELECT ?t { ?t rdfs:label "规土局" }', '"规土局"@zh'),
    ("SELECT ?b (COUNT(?t) AS ?n) { ?t tk:lead ?b } GROUP BY ?b HAVING(?n > 1)", "?n"),
    ('SELECT ?m { ?m tk:due ?d FILTER(?d <= "2019-06-30"^^xsd:date) }', "time:inXSDDate"),
    ('SELECT ?t { ?t tk:text "tk:nothing"@zh } # tk:nobody', ""),
]


@pytest.mark.parametrize(("query", "part"), CASES)
def test_an_empty_answer_has_its_reason(query: str, part: str) -> None:
    found = hints(query)
    assert bool(found) == bool(part)
    for hint in found:
        assert part in hint.en
        assert part in hint.zh


def test_the_questions_of_the_catalogue_need_no_hint() -> None:
    wrong = {name: hints(q.query) for name, q in questions().items()}
    assert not {
        name: found for name, found in wrong.items() if any("vocabulary" in h.en for h in found)
    }
