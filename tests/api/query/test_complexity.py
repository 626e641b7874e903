"""The look at a query before it runs."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from api.query.complexity import LIMITS, Refusal, harmless, limits, paged, profile, refusal
from graph.store.snapshot import Snapshot
from queries.catalogue import filled, questions

ROWS = pyoxigraph.Store()
ROWS.extend(
    Quad(NamedNode(f"http://e/{n:02}"), NamedNode("http://e/p"), NamedNode("http://e/o"))
    for n in range(30)
)


def refused_at(text: str, complexity: float = 1.0) -> Refusal | None:
    """The reason for which a query is refused."""
    most = limits(complexity)
    return refusal(profile(text, most), most)


def test_what_stands_in_strings_iris_and_comments_is_not_counted() -> None:
    found = profile(
        """
        SELECT * { # SERVICE UNION {{{{
          ?s <http://e/SERVICE{> ?union ; tk:service "SERVICE { ((( \\" {" , '''MINUS { ' } '' '''
        }""".replace("SERVICE{>", "SERVICE(>")
    )
    assert found.counts["depth"] == 1
    assert not {"SERVICE", "UNION", "MINUS"} & found.words
    assert refusal(found, limits()) is None


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("depth", "SELECT * " + "{" * 5000 + "}" * 5000),
        ("depth", "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }"),
        ("depth", "ASK {" + "FILTER EXISTS {" * 900 + "?s ?p ?o" + "}" * 901),
        ("union", "ASK { {}" + " UNION {}" * 7000 + "}"),
        ("minus", "ASK { ?s ?p ?o" + " MINUS {?s ?p 1}" * 3000 + "}"),
        ("optional", "ASK {" + " OPTIONAL {?s ?p ?o}" * 600 + "}"),
        ("operator", "ASK { FILTER(1" + "+1" * 10_000 + ") }"),
        ("operator", "ASK { FILTER(" + "!" * 10_000 + "1) }"),
        ("operator", "ASK { FILTER(1" + "||1" * 10_000 + ") }"),
        ("path step", "ASK { ?s " + "/".join(["<http://e/p>"] * 600) + " ?o }"),
        ("path step", "ASK { ?s " + "|".join(["<http://e/p>"] * 11_000) + " ?o }"),
        ("pattern", "ASK {" + "?s ?p ?o . " * 600 + "}"),
        ("word", "ASK { ?s ?p ?o FILTER(?o IN (" + "1," * 200_000 + "1)) }"),
        ("SERVICE", "ASK { FILTER EXISTS { sErViCe <http://127.0.0.1/> {?s ?p ?o} } }"),
        ("SERVICE", "ASK { SERVICE#comment\nSILENT ?where {} }"),
        ("SERVICE", "ASK { ?s ?p ?o . SERVICEtk:x {} }"),
        ("LOAD", "LOAD <http://127.0.0.1/>"),
    ],
)
def test_what_would_bring_an_engine_down_is_refused(what: str, text: str) -> None:
    refused = refused_at(text)
    assert refused is not None
    assert refused.what == what
    assert refused.found > refused.limit
    if what in LIMITS:
        assert refused_at(text, complexity=1000) is None


def test_the_look_ends_where_a_limit_is_passed() -> None:
    text = "ASK { FILTER(" + "!" * 2_000_000 + "1) }"
    refused = refused_at(text)
    assert refused is not None
    assert refused.limit < refused.found < 2 * refused.limit


def test_a_prefix_may_be_called_service() -> None:
    text = "PREFIX services: <http://e/> ASK { services:a ?p ?o . ?s services:b ?o }"
    assert refused_at(text) is None


def test_long_lists_are_not_refused() -> None:
    many = " ".join(f"<http://e/{n}?a=b+c>" for n in range(100_000))
    assert refused_at(f"SELECT * {{ VALUES ?s {{ {many} }} ?s ?p ?o }}") is None
    listed = ", ".join(f'"{n}"' for n in range(100_000))
    assert refused_at(f"SELECT * {{ ?s ?p ?o FILTER(?o IN ({listed})) }}") is None


QUERIES = (
    "SELECT ?s { ?s ?p ?o } ORDER BY ?s",
    "SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 7",
    "SELECT ?s { ?s ?p ?o } ORDER BY ?s OFFSET 5 # LIMIT 1",
    "SELECT ?s { ?s ?p ?o } ORDER BY ?s OFFSET 2 limit 11",
    "SELECT ?s { { SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 20 } } ORDER BY ?s",
    "SELECT ?s { ?s ?p ?o } ORDER BY ?s LIMIT 9 OFFSET 4 VALUES ?o { <http://e/o> }",
    "SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(COUNT(*) > 0) ORDER BY ?s VALUES ?o { <http://e/o> }",
    "SELECT ?limit { ?limit ?p ?o } ORDER BY ?limit LIMIT 0",
)


@given(st.sampled_from(QUERIES), st.integers(1, 40), st.integers(0, 40))
def test_a_page_is_a_slice_of_the_whole(query: str, rows: int, offset: int) -> None:
    def asked(text: str) -> list[str]:
        result = ROWS.query(text)
        assert isinstance(result, pyoxigraph.QuerySolutions)
        return [str(solution[0]) for solution in result]

    page = paged(query, profile(query), rows, offset)
    assert asked(page) == asked(query)[offset : offset + rows]


@given(st.text(alphabet="\"'\\<>{}()#?@:._|^&!/*+ \nabSELECTnowrand0", max_size=80))
def test_any_text_has_a_profile(text: str) -> None:
    found = profile(text)
    assert found.counts["depth"] <= text.count("{") + text.count("(")
    assert 0 <= found.tail <= len(text)


@pytest.mark.parametrize(
    ("text", "volatile"),
    [
        ("SELECT (now() AS ?t) {}", True),
        ("SELECT (StrUuid() AS ?t) {}", True),
        ("SELECT (BNODE() AS ?t) {}", True),
        ("SELECT ?now { ?now tk:rand 'uuid()' }", False),
    ],
)
def test_whether_two_runs_may_differ(text: str, volatile: bool) -> None:
    assert profile(text).volatile is volatile


_PIECES = st.sampled_from(
    ["{", "}", "(", ")", "[", "]", "?s", " ", ".", ";", "/", "|", "^", "||", "&&", "!", "=", "+",
     "tk:a", "<http://e/p>", "<http://e/(!+*>", "'{'", "# x\n", "UNION", "OPTIONAL", "FROM", "now()",
     "SERVICE", "SERVICEtk:x", "SELECT", "EXISTS", "1"]
)  # fmt: skip


@given(st.lists(st.tuples(_PIECES, st.integers(1, 300)), max_size=30), st.sampled_from([0.1, 1.0]))
def test_what_is_called_harmless_needs_no_profile(
    parts: list[tuple[str, int]], complexity: float
) -> None:
    text = " ".join(piece * times for piece, times in parts)
    if harmless(text, complexity):
        found = profile(text, limits(complexity))
        assert refused_at(text, complexity) is None
        assert not found.volatile
        assert not found.dataset


def test_the_questions_of_the_catalogue_are_within_all_limits(snapshot: Snapshot) -> None:
    texts = {name: filled(snapshot, name, {}) for name in questions()}
    assert [name for name, text in texts.items() if refused_at(text, 1.0)] == []
    assert [name for name, text in texts.items() if profile(text).volatile] == []
    # two with more brackets than the short look allows take the long one, of some milliseconds
    slow = {name for name, text in texts.items() if not harmless(text)}
    assert slow <= {"connections", "not-reported"}
