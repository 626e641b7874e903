"""Run the cookbooks: commands with their output, SPARQL, Python, addresses."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner
from folders import ROOT
from pyoxigraph import QuerySolutions

from graph.store.snapshot import Snapshot
from graph.store.store import Store
from tiaokuai import main

DOCS = ROOT / "docs"
BOOKS = ["cookbook-researchers.md", "cookbook-planners.md", "cookbook-planners.zh-CN.md"]


def blocks(book: str, language: str) -> list[str]:
    """The fenced blocks of a language, in their order."""
    text = (DOCS / book).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def commands(block: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block, and the lines that it should print."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        command, *lines = part.rstrip("\n").split("\n")
        yield command, lines


def pattern(lines: list[str]) -> str:
    """Return a pattern for the output, in which `…` matches anything."""
    whole = "\n".join(lines)
    return ".*".join(re.escape(part) for part in whole.split("…")) + r"\s*"


def run(command: str) -> str:
    """Run a command and return its output; it may end in `> FILE`, `| head -N` or be grep -c."""
    if found := re.fullmatch(r'grep -c "" (\S+)', command):
        return f"{len(Path(found[1]).read_bytes().splitlines())}\n"
    words, _, file = command.partition(" > ")
    words, _, head = words.partition(" | head -")
    tool, *arguments = shlex.split(words)
    assert tool == "tiaokuai"
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, (command, done.stderr)
    if file:
        Path(file).write_bytes(done.stdout_bytes)
        return ""
    lines = done.stdout_bytes.decode().replace("\r\n", "\n").splitlines(keepends=True)
    return "".join(lines[: int(head)] if head else lines)


@pytest.mark.parametrize("book", BOOKS[:2])
def test_commands_print_what_the_book_says(
    book: str, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIAOKUAI_STORE", str(store.folder))
    monkeypatch.chdir(tmp_path)
    found = [pair for block in blocks(book, "console") for pair in commands(block)]
    assert found
    for command, lines in found:
        shown = run(command)
        assert re.fullmatch(pattern(lines), shown, re.DOTALL), f"{command}\n{shown}"
        for name in re.findall(r"\S+\.(?:docx|xlsx|png|svg|nq)", command):
            assert Path(name).stat().st_size > 100


def test_the_queries_of_the_researchers_have_answers(snapshot: Snapshot) -> None:
    found = blocks(BOOKS[0], "sparql")
    assert len(found) > 6
    for query in found:
        result = snapshot.query(query)
        assert isinstance(result, QuerySolutions)
        assert list(result), query


def test_the_python_of_the_researchers_runs(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIAOKUAI_STORE", str(store.folder))
    known: dict[str, Any] = {}
    for block in blocks(BOOKS[0], "python"):
        exec(compile(block, BOOKS[0], "exec"), known)
    assert known["busiest"] in known["together"]


def test_the_addresses_of_the_researchers_answer(server: str) -> None:
    lines = "".join(blocks(BOOKS[0], "http")).splitlines()
    assert len(lines) > 5
    for line in lines:
        path, _, query = line.removeprefix("GET ").partition("?")
        given = [part.partition("=")[::2] for part in query.split("&")] if query else []
        reply = httpx.get(server + path, params=dict(given), timeout=60)
        assert reply.status_code == 200, line
        assert len(reply.content) > 100, line


def test_both_books_for_planners_hold_the_same_recipes() -> None:
    """So it is enough to run one of them."""
    one, other = (blocks(book, "console") for book in BOOKS[1:])
    assert one == other
