"""One answer in every format, on the command line and by address; nothing in it runs."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pyoxigraph
import pytest
from click.testing import CliRunner, Result
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from graph.store.snapshot import Snapshot
from graph.store.store import Store
from queries.catalogue import ask, questions
from queries.formats import FORMATS, Table, plain, value
from tiaokuai import main
from viz.site import Request, answer

PREFIXED = 'SELECT ?n { ?t tk:lead [ skos:prefLabel "规土局"@zh ] ; skos:notation ?n } ORDER BY ?n'
HOSTILE = [
    '=HYPERLINK("http://evil.example")', "+1+1", "@SUM(A1)", "-2+3", "\tx", "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "a\u202eb", "a\0b", "[/red]x[bold]", "\x1b[31mred", "a,b\nc\"d", "x\ty",
]  # fmt: skip


def run(store: Store, *words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(main, ["query", *words, "--store", str(store.folder)], input=stdin)


def sheet(data: bytes) -> list[list[Any]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [[cell.value for cell in row] for row in book["answer"].iter_rows()]


@pytest.mark.parametrize("form", sorted(FORMATS))
def test_the_command_line_and_the_address_give_the_same_bytes(
    store: Store, snapshot: Snapshot, form: str
) -> None:
    done = run(store, "place-targets", "--param", "name=115街坊", "--format", form)
    asked = Request(f"/queries/place-targets.{form}", (("name", "115街坊"),))
    reply = answer(snapshot, asked)
    assert (done.exit_code, done.stderr, reply.status) == (0, "", 200)
    if form == "xlsx":  # a workbook holds the moment it was made
        assert sheet(done.stdout_bytes) == sheet(reply.body)
    else:
        assert done.stdout_bytes == reply.body


def test_every_format_holds_the_same_rows(snapshot: Snapshot) -> None:
    found = ask(snapshot, "indicators")
    texts = [[plain(t) for t in row] for row in found.rows]
    table = list(csv.reader(io.StringIO(FORMATS["csv"].write(found).decode())))
    assert table == [list(found.columns), *texts]
    lines = FORMATS["tsv"].write(found).decode().splitlines()
    assert [line.split("\t") for line in lines] == [list(found.columns), *texts]
    said = json.loads(FORMATS["json"].write(found))
    assert said == {
        "columns": list(found.columns), "rows": [[value(t) for t in row] for row in found.rows],
        "version": snapshot.version.id, "truncated": False,
        "scope": found.scope.as_json(),
    }  # fmt: skip
    shown = [[None if cell == "" else cell for cell in row] for row in said["rows"]]
    assert sheet(FORMATS["xlsx"].write(found)) == [list(found.columns), *shown]
    solutions = parse_query_results(FORMATS["xml"].write(found), format=QueryResultsFormat.XML)
    assert isinstance(solutions, QuerySolutions)
    assert [tuple(row[i] for i in range(len(found.columns))) for row in solutions] == list(
        found.rows
    )


def test_nothing_hostile_runs_in_a_file() -> None:
    table = Table(("a",), tuple((Literal(text),) for text in HOSTILE), "0" * 12)
    book = openpyxl.load_workbook(io.BytesIO(FORMATS["xlsx"].write(table)))
    cells = [row[0] for row in book["answer"].iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert cells[0].value == HOSTILE[0]
    for form in ("csv", "tsv"):
        text = FORMATS[form].write(table).decode()
        found = list(csv.reader(io.StringIO(text, newline="")))
        if form == "tsv":
            found = [line.split("\t") for line in text.split("\n")[:-1]]
        assert len(found) == len(HOSTILE) + 1
        assert not [row for row in found[1:] if row[0][:1] in "=+-@\t"]
    parsed = parse_query_results(FORMATS["xml"].write(table), format=QueryResultsFormat.XML)
    assert isinstance(parsed, QuerySolutions)
    assert len(list(parsed)) == len(HOSTILE)
    numbers = Table(("n",), ((Literal(-3),), (Literal("-3.5"),), (NamedNode("http://e/x"),)))
    assert FORMATS["csv"].write(numbers) == b"n\r\n-3\r\n-3.5\r\nhttp://e/x\r\n"


def test_a_terminal_shows_hostile_words_and_does_not_obey(store: Store) -> None:
    values = " ".join(str(Literal(text)) for text in HOSTILE if "\n" not in text)
    done = run(store, "-", "--format", "table", stdin=f"SELECT ?x {{ VALUES ?x {{ {values} }} }}")
    assert (done.exit_code, done.stderr) == (0, "")
    shown = done.stdout_bytes.decode()
    assert "[/red]x[bold]" in shown
    assert "\\u001b[31mred" in shown
    assert "a\\u202eb" in shown
    assert "\x1b" not in shown
    assert "\u202e" not in shown


@pytest.mark.parametrize(
    ("query", "form", "says"),
    [
        ("ASK { ?t a tk:Target }", "csv", "true\n"),
        ("ASK { ?t a tk:Target }", "tsv", "true\n"),
        ("ASK { ?t a tk:Nothing }", "table", "false\n"),
        ("ASK { ?t a tk:Nothing }", None, "false\n"),
        ("ASK { ?t a tk:Target }", "json", '{"head":{},"boolean":true}'),
        (PREFIXED, "csv", "n\r\n15\r\n16\r\n20\r\n22\r\n58\r\n"),
        (PREFIXED, "tsv", '?n\n"15"\n"16"\n"20"\n"22"\n"58"\n'),
        ("CONSTRUCT { ?t tk:lead 1 } { ?t skos:notation '15' }", "csv", "subject,predicate,object\r\n"),
        ("CONSTRUCT { ?t tk:lead 1 } { ?t skos:notation '15' }", "ttl", "tk:lead 1"),
        ("CONSTRUCT { ?t tk:lead 1 } { ?t skos:notation '15' }", None, "tk:lead 1"),
        ("CONSTRUCT { ?t tk:lead 1 } { ?t skos:notation '15' }", "nt", "ns#lead>"),
    ],
)  # fmt: skip
def test_a_query_of_ones_own(store: Store, query: str, form: str | None, says: str) -> None:
    words = ["--format", form] if form else []
    done = run(store, "-", *words, stdin=query)
    assert (done.exit_code, done.stderr) == (0, "")
    shown = done.stdout_bytes.decode()
    assert shown == says or (len(says) > 7 and says in shown)


@pytest.mark.parametrize("form", ["xml", "xlsx", "json"])
def test_every_kind_of_result_can_be_read_again(store: Store, form: str) -> None:
    done = run(store, "-", "--format", form, stdin=PREFIXED)
    if form == "xlsx":
        assert sheet(done.stdout_bytes) == [["n"], ["15"], ["16"], ["20"], ["22"], ["58"]]
        return
    kind = QueryResultsFormat.XML if form == "xml" else QueryResultsFormat.JSON
    found = parse_query_results(done.stdout_bytes, format=kind)
    assert isinstance(found, QuerySolutions)
    assert [row["n"].value for row in found] == ["15", "16", "20", "22", "58"]
    graph = run(store, "-", "--format", form, stdin="CONSTRUCT { ?s tk:lead ?o } { ?s tk:lead ?o }")
    shape = pyoxigraph.RdfFormat.RDF_XML if form == "xml" else pyoxigraph.RdfFormat.JSON_LD
    assert len(list(pyoxigraph.parse(graph.stdout_bytes, format=shape))) == 70


@pytest.mark.parametrize(
    ("words", "stdin", "says"),
    [
        (("body-leads", "--format", "ttl"), "", "ttl"),
        (("-", "--format", "nt"), PREFIXED, "CONSTRUCT"),
        (("-",), "SELECT ?x {", "1:12"),
        (("body-lead",), "", "body-leads"),
        (("body-leads", "--param", "name=规士局"), "", "规土局"),
        (("body-leads", "--param", "colour=red"), "", "allowed: name"),
        (("nothing.rq",), "", "nothing.rq"),
    ],
)
def test_wrong_usage_is_one_line(
    store: Store, words: tuple[str, ...], stdin: str, says: str
) -> None:
    done = run(store, *words, stdin=stdin)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert says in done.stderr


def test_the_list_of_questions_says_what_they_take(snapshot: Snapshot) -> None:
    reply = answer(snapshot, Request("/queries", accept="application/json"))
    listed = json.loads(reply.body)["queries"]
    assert [q["name"] for q in listed] == list(questions())
    assert {"name", "summary", "summary_zh", "params"} <= listed[0].keys()
    for question in listed:
        assert question["summary"].isascii()
        assert not question["summary_zh"].isascii()
        for param in question["params"]:
            assert bool(param["default"]) != param["optional"]
            free = param["optional"] or param["type"] in (
                "text",
                "day",
                "bodies",
                "metres",
                "shape",
            )
            assert free or param["default"] in param["choices"], (question["name"], param["name"])
    assert reply.body.decode().count("\\u") == 0


def test_an_answer_that_was_cut_off_says_so(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("queries.catalogue.ROWS", 10)
    cut = answer(snapshot, Request("/queries/asserted-edges.json"))
    assert dict(cut.headers)["tiaokuai-truncated"] == "rows=10"
    said = json.loads(cut.body)
    assert (said["truncated"], len(said["rows"])) == (True, 10)
    book = answer(snapshot, Request("/queries/asserted-edges.xlsx")).body
    about = openpyxl.load_workbook(io.BytesIO(book))["about"]
    said = {row[0].value: row[1].value for row in about}
    assert said | {"version": snapshot.version.id, "rows": 10, "truncated": True} == said
