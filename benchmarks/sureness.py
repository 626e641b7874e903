"""Measure sureness: whether documents with a high figure are read right.

    python -m benchmarks.sureness ANSWERS DOCUMENTS

Each document with items is read as it is and damaged in three ways: a column (or the role brackets)
deleted, a third of the text cut out, headings overwritten. Printed: sureness, F1 of who leads and
who coordinates, the reasons, and the rank correlation. A copy that is refused counts 0 and 0.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from scipy.stats import spearmanr  # type: ignore[import-untyped]

from graph.exports.document_json import document_json
from loaders.errors import LoadError
from loaders.formats.extracted import Grid, GridCell
from loaders.formats.source import SourceText, source_text
from loaders.notice import read_text

KEY_CHARS = 12
"""Characters by which an item is found in a row."""
HEADINGS = re.compile(
    r"(?:牵头|责任|主责|配合|协办|完成)(?:责任)?(?:单位|部门|时限)|工作任务|重点任务"
)
ROLE_BRACKET = re.compile(r"[（(][^（）()]{0,40}(?:牵头|责任|配合|负责)[^（）()]{0,200}[）)]")
WIDE = {ord(w): n for w, n in zip("（）〔〕［］【】，：；．＋", "()()()(),:;.+", strict=True)}
WIDE |= {code: chr(code - 0xFEE0) for code in range(0xFF10, 0xFF5B)}


def blanked(source: SourceText, spans: Iterable[tuple[int, int]], char: str = " ") -> SourceText:
    """Overwrite spans of a source; line breaks and offsets stay."""
    text = list(source.text)
    for start, end in spans:
        text[start:end] = [c if c == "\n" else char for c in text[start:end]]
    return replace(source, text="".join(text))


def without_column(source: SourceText) -> SourceText:
    """Delete the last column of every grid; in prose the brackets that assign roles."""
    if not source.grids:
        return blanked(source, (m.span() for m in ROLE_BRACKET.finditer(source.text)))
    last = [row[-1] for grid in source.grids for row in grid.rows if row and row[-1]]
    grids = [replace(g, rows=tuple(row[:-1] for row in g.rows)) for g in source.grids]
    return replace(blanked(source, ((c.start, c.end) for c in last)), grids=tuple(grids))


def without_a_third(source: SourceText) -> SourceText:
    """Cut the middle third of the text out, with the rows of grids in it."""
    start, end = len(source.text) // 3, 2 * len(source.text) // 3
    start, end = source.text.find("\n", start) + 1 or start, source.text.find("\n", end) + 1 or end

    def moved(at: int) -> int:
        return at if at <= start else max(start, at - (end - start))

    def cell(one: GridCell | None) -> GridCell | None:
        return one and replace(one, start=moved(one.start), end=moved(one.end))

    def grid(one: Grid) -> Grid:
        kept = [r for r in one.rows if not any(c and start <= c.start < c.end <= end for c in r)]
        rows = tuple(tuple(map(cell, row)) for row in kept)
        return replace(one, rows=rows, start=moved(one.start), end=moved(one.end))

    grids = tuple(g for g in map(grid, source.grids) if g.rows)
    return replace(source, text=source.text[:start] + source.text[end:], grids=grids, remarks=())


def without_headings(source: SourceText) -> SourceText:
    """Overwrite the words that name columns and roles."""
    return blanked(source, (m.span() for m in HEADINGS.finditer(source.text)), "某")


DAMAGE = {
    "whole": lambda source: source,
    "column": without_column,
    "third": without_a_third,
    "headings": without_headings,
}


def key(text: str | None) -> str:
    """Fold a text for comparison."""
    return re.sub(r"[\s“”\"'‘’、，。,.:;()\-—–]", "", (text or "").translate(WIDE))


def body(name: str) -> str:
    """Fold a body's name: without 人民政府 behind a place."""
    name = re.sub(r"\s+", "", name.translate(WIDE))
    if name.startswith(("各", "相关", "有关")):
        return name
    return re.sub(r"(?<=[市区县])(?:人民政府|政府)$", "", name)


def f1_of(answers: dict[str, Any], rows: list[dict[str, Any]]) -> float:
    """Return F1 of who leads and who coordinates; rows that no item claims count as wrong."""
    texts = [key(r["project"]) + "|" + key(r["text"]) for r in rows]
    used: set[int] = set()
    right = wrong = lacking = 0
    for item in answers["items"]:
        start = key(item["key"])[:KEY_CHARS]
        alone = (item.get("role") or answers["roles"]).startswith("undiff")
        wanted = edges(item, alone=alone)
        hits = [i for i, text in enumerate(texts) if start in text and i not in used]
        number = str(item.get("n") or "")
        hits.sort(key=lambda i: re.sub(r"[a-z]+$", "", str(rows[i]["id"])) != number)
        optional = {body(b) for b in item.get("optional", [])}
        wanted = {e for e in wanted if e[1] not in optional}
        got: set[tuple[str, str]] = set()
        if hits:
            used.add(hits[0])
            got = {e for e in edges(rows[hits[0]], alone=alone) if e[1] not in optional}
        right, wrong = right + len(wanted & got), wrong + len(got - wanted)
        lacking += len(wanted - got)
    others = {body(b) for b in answers.get("second_table", {}).get("companies", [])}
    extra = [row for i, row in enumerate(rows) if i not in used]
    wrong += sum(body(b) not in others for r in extra for b in r["lead"] + r["coordinate"])
    whole = 2 * right + wrong + lacking
    return 2 * right / whole if whole else 1.0


def edges(row: dict[str, Any], *, alone: bool) -> set[tuple[str, str]]:
    """Return the bodies of a row with their roles; without roles where the row has none."""
    return {("" if alone else r, body(b)) for r in ("lead", "coordinate") for b in row[r]}


def measured(answers: Path, documents: Path) -> Iterator[tuple[str, float, float, str]]:
    """Yield the name of each copy, its sureness, its F1, and what lowers its sureness."""
    for path in sorted(answers.glob("*.json")):
        wanted = json.loads(path.read_text(encoding="utf-8"))
        if not wanted["items"]:
            continue
        try:
            source = source_text(documents / wanted["file"])
        except LoadError:
            continue
        for damage, change in DAMAGE.items():
            name = f"{path.stem} {damage}"
            copy = change(source)
            if damage != "whole" and copy.text == source.text:
                continue
            try:
                found = document_json(read_text(copy))
            except LoadError:
                yield name, 0.0, 0.0, "refused"
                continue
            of = " ".join(f"{k}={v}" for k, v in found["document"]["sure_of"].items())
            yield name, found["document"]["sure"], f1_of(wanted, found["targets"]), of


def main() -> None:
    """Print sureness against F1 of each copy, and how their orders agree."""
    answers, documents = map(Path, sys.argv[1:3])
    table = []
    for name, sure, f1, of in measured(answers, documents):
        table.append((sure, f1, of))
        print(f"{name:40} sure {sure:.2f}  F1 {f1:.3f}  {of}", flush=True)
    for words, some in (("all", table), ("read", [r for r in table if r[2] != "refused"])):
        rank = spearmanr([r[0] for r in some], [r[1] for r in some]).statistic
        print(f"Spearman, {words} {len(some)} copies: {rank:.3f}")
    print("sure >= 0.95 with F1 < 0.95:", sum(s >= 0.95 > f for s, f, _ in table))


if __name__ == "__main__":
    main()
