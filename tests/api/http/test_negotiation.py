"""Which format an answer has."""

from __future__ import annotations

import pytest

from api.http.negotiation import SOLUTIONS, TRIPLES, chosen, language, wants_page

CHROME = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


@pytest.mark.parametrize(
    ("accept", "solutions", "triples"),
    [
        ("", "json", "ttl"),
        ("*/*", "json", "ttl"),
        ("application/json", "json", "jsonld"),
        ("text/csv", "csv", None),
        ("text/*;q=0.5, text/csv;q=0.1, application/sparql-results+xml;q=0.3", "tsv", "ttl"),
        ("application/sparql-results+json;q=0, */*", "xml", "ttl"),
        ("application/n-triples;q=0.2, application/rdf+xml;q=0.9", None, "rdf"),
        ("image/png", None, None),
        ("text/turtle;q=x, application/n-triples;q=0.1", None, "nt"),
    ],
)
def test_the_best_of_what_is_accepted(
    accept: str, solutions: str | None, triples: str | None
) -> None:
    found = [
        form.name if form else None for form in (chosen(SOLUTIONS, accept), chosen(TRIPLES, accept))
    ]
    assert found == [solutions, triples]


def test_a_format_by_name_goes_before_accept() -> None:
    form = chosen(SOLUTIONS, "application/json", "TSV")
    assert form is not None
    assert form.name == "tsv"
    assert chosen(SOLUTIONS, "*/*", "docx") is None


@pytest.mark.parametrize(
    ("accept", "page"),
    [(CHROME, True), ("*/*", False), ("", False), ("text/turtle, text/html;q=0.5", False)],
)
def test_who_wants_a_page(accept: str, page: bool) -> None:
    assert wants_page(accept) is page


@pytest.mark.parametrize(
    ("header", "tongue"),
    [("", "zh"), ("en-GB,en;q=0.9", "en"), ("fr", "zh"), ("en;q=0.3, zh-Hans;q=0.9", "zh")],
)
def test_the_language_of_a_reader(header: str, tongue: str) -> None:
    assert language({"accept-language": header}) == tongue
