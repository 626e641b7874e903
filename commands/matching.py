"""Names of other people's tables matched to the graph: match."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from commands.cli import DOCUMENT, USAGE, current, fail, guarded, main, scope_options, store_option
from commands.query import save
from graph.store.snapshot import Snapshot
from queries.formats import inert
from queries.model.matching import TYPES, Candidate, candidates
from queries.scope import narrowed, scope_of

HEADINGS = ("地址", "名称", "匹配")
MAX_HEADING_ROW = 20
"""Headings are looked for in the first rows of a sheet."""
_SHOWN = 3


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--column", required=True, metavar="NAME", help="The heading of the names.")
@click.option(
    "--type", "kind", type=click.Choice(["any", *(t.lower() for t in TYPES)]), default="any",
    show_default=True, help="What the names are.",
)  # fmt: skip
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path, dir_okay=False),
    help="The file to write, of the same kind: xlsx or csv.",
)  # fmt: skip
@scope_options
@store_option
@guarded
def match(
    file: Path, column: str, kind: str, output: Path, location: str | None, scope: dict[str, str]
) -> None:
    """Write the addresses of what a column of names means into new columns."""
    form = file.suffix.lower().lstrip(".")
    if form not in ("xlsx", "csv") or output.suffix.lower().lstrip(".") != form:
        fail(USAGE, "match reads and writes xlsx and csv; FILE and -o must have the same ending")
    whole = current(location)
    snapshot = narrowed(whole, scope_of(whole, scope))
    matcher = _Matcher(snapshot, tuple(TYPES) if kind == "any" else (kind.capitalize(),))
    try:
        body = file.read_bytes()
    except OSError as error:
        fail(DOCUMENT, f"{file}: {(error.strerror or 'cannot be read').lower()}")
    made = (_in_workbook if form == "xlsx" else _in_csv)(file, body, column, matcher)
    save(output, made)
    click.echo(matcher.summary(), err=True)


@dataclass
class _Matcher:
    """Matches each name once, and counts."""

    snapshot: Snapshot
    types: tuple[str, ...]

    def __post_init__(self) -> None:
        self._known: dict[str, tuple[str, str, str]] = {}
        self.counts = {"matched": 0, "to review": 0, "not found": 0, "empty": 0}

    def cells(self, name: str) -> tuple[str, str, str]:
        """Return the address and the label of a sure match, else what it may be."""
        if name not in self._known:
            found = candidates(self.snapshot, name, self.types, _SHOWN) if name.strip() else []
            self._known[name] = _described(found)
        address, _, said = made = self._known[name]
        state = "matched" if address else "to review" if said.startswith("待核") else "not found"
        self.counts[state if name.strip() else "empty"] += 1
        return made

    def summary(self) -> str:
        """Count the names that were matched, are unsure, or were not found."""
        return ", ".join(f"{number} {state}" for state, number in self.counts.items() if number)


def _described(found: Sequence[Candidate]) -> tuple[str, str, str]:
    sure = next((c for c in found if c.match), None)
    if sure is not None:
        return sure.iri, sure.label, "匹配"
    if not found:
        return "", "", "没有"
    near = "、".join(f"{c.label}（{c.score:g}）" for c in found)
    return "", "", f"待核：{near}"


def _place_of(file: Path, rows: Iterator[Sequence[object]], column: str) -> tuple[int, int]:
    """Find the row and the position of a heading; a usage error that names those there are."""
    seen: list[str] = []
    for number, row in enumerate(rows):
        if number >= MAX_HEADING_ROW:
            break
        words = ["".join(str(cell).split()) if cell is not None else "" for cell in row]
        if "".join(column.split()) in words:
            return number, words.index("".join(column.split()))
        seen += [w for w in words if w and len(w) <= MAX_HEADING_ROW and w not in seen]
    there = ", ".join(seen[:12])
    return fail(
        USAGE,
        f"{file}: no column {column!r} in the first {MAX_HEADING_ROW} rows; there are {there}",
    )


def _in_workbook(file: Path, body: bytes, column: str, matcher: _Matcher) -> bytes:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(body))
    except Exception:  # openpyxl passes on any error of the zip and of the XML in it
        fail(DOCUMENT, f"{file}: is no workbook")
    sheet: Any = book.active
    top, at = _place_of(file, sheet.iter_rows(values_only=True), column)
    beside = sheet.max_column + 1
    for i, heading in enumerate(HEADINGS):
        sheet.cell(top + 1, beside + i, heading)
    for row in range(top + 2, sheet.max_row + 1):
        value = sheet.cell(row, at + 1).value
        for i, words in enumerate(matcher.cells("" if value is None else str(value))):
            cell = sheet.cell(row, beside + i)
            cell.value, cell.data_type = words, "s"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _in_csv(file: Path, body: bytes, column: str, matcher: _Matcher) -> bytes:
    encoding = "utf-8-sig"
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        try:
            text = body.decode(encoding := "gb18030")
        except UnicodeDecodeError:
            fail(DOCUMENT, f"{file}: is neither UTF-8 nor GB 18030")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    top, at = _place_of(file, iter(rows), column)
    made = io.StringIO()
    table = csv.writer(made, lineterminator="\r\n")
    for number, row in enumerate(rows):
        added: Sequence[str] = HEADINGS if number == top else ()
        if number > top:
            added = [inert(cell) for cell in matcher.cells(row[at] if at < len(row) else "")]
        table.writerow([*row, *added])
    return made.getvalue().encode(encoding)
