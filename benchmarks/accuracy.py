"""Measure the reader: precision, recall and F1 by kind, on the shipped notice.

Run `python -m benchmarks.accuracy`; it prints the figures and writes them to
`queries/questions/accuracy.json`, which a page shows. The rows of `tests/gold` were annotated by
two people who did not see the reader, the rows of `tests/expected` by ourselves.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from graph.exports.document_json import same_groups
from graph.records import Document, Project, Target
from loaders.notice import SHIPPED, read
from ontology.names import squeeze

TESTS = Path(__file__).parents[1] / "tests"
FILE = Path(__file__).parents[1] / "queries" / "questions" / "accuracy.json"
Json = dict[str, Any]


def main() -> None:
    """Prints the figures and writes them down."""
    figures = measured(read(SHIPPED))
    for one in figures["figures"]:
        numbers = f"{one['wanted']:5}{one['found']:6}{one['right']:6}"
        scores = "".join(f"{one[k]:8.3f}" for k in ("precision", "recall", "f1"))
        print(f"{one['rows']:10}{one['kind']:11}{one['part']:10}{numbers}{scores}")
    print(json.dumps(figures["evidence"]))
    FILE.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def measured(notice: Document) -> Json:
    """All figures: `rows` is annotated (by two people), own (by ourselves) or all."""
    gold = _load("gold/changning-2019.part.json")
    people = {t["id"]: t for t in gold["targets"]}
    ours = _ours(notice, people.keys())
    same = [*gold["same"], *_load("expected/places-changning-2019.json")["same"]]
    figures: list[Json] = []
    for rows, answers in (("annotated", people), ("own", ours), ("all", {**people, **ours})):
        targets = [t for t in notice.targets if t.id in answers]
        figures += _bodies(rows, targets, answers)
        figures += _places(rows, targets, answers)
        figures += _numbers(rows, targets, answers)
        figures += _projects(rows, targets, answers)
    figures.append(_same(notice, same))
    return {
        "document": notice.head.number,
        "title": notice.head.title,
        "text_id": notice.text_id,
        "rows": {"annotated": len(people), "own": len(ours)},
        "figures": figures,
        "evidence": _evidence(notice),
    }


def _load(name: str) -> Any:
    return json.loads((TESTS / name).read_text(encoding="utf-8"))


def _ours(notice: Document, taken: Iterable[str]) -> dict[str, Json]:
    """The rows that we read ourselves, in the form of the annotated ones."""
    places = {t["id"]: t["places"] for t in _load("expected/places-changning-2019.json")["targets"]}
    numbers = _load("expected/indicators-changning-2019.json")
    projects = _load("expected/projects-changning-2019.json")
    bodies = _load("expected/bodies-changning-2019.json")
    return {
        t.id: {
            **bodies[t.id],
            "places": places.get(t.id, []),
            "indicators": numbers.get(t.id, []),
            "projects": [_with_cells(p, t) for p in projects.get(t.id, [])],
        }
        for t in notice.targets
        if t.id not in taken
    }


def _with_cells(project: Json, target: Target) -> Json:
    """A star in a list of ours means the whole cell."""
    cells = [c.text if c else None for c in target.row.quarters]
    return {
        **project,
        "q": [cell if q == "*" else q for cell, q in zip(cells, project["q"], strict=True)],
    }


def _bodies(rows: str, targets: list[Target], answers: dict[str, Json]) -> Iterator[Json]:
    for role in ("lead", "coordinate"):
        wanted = {(i, label) for i, row in answers.items() for label in row[role]}
        found = {(t.id, a.label) for t in targets for a in t.assignments if a.role == role}
        yield _figure(rows, "bodies", role, wanted, found)


def _places(rows: str, targets: list[Target], answers: dict[str, Json]) -> Iterator[Json]:
    wanted = {(i, p["kind"], p["name"]) for i, row in answers.items() for p in row["places"]}
    found = {(t.id, p.kind, p.name) for t in targets for p in t.places}
    yield _figure(rows, "places", "all", wanted, found)
    for kind in sorted({key[1] for key in wanted | found}):
        sides = [{key for key in side if key[1] == kind} for side in (wanted, found)]
        yield _figure(rows, "places", kind, *sides)


def _numbers(rows: str, targets: list[Target], answers: dict[str, Json]) -> Iterator[Json]:
    """Value and unit of the year's numbers; those of the quarters where ours list them too."""
    for part in ("year", "quarters"):
        if part == "quarters" and rows != "own":
            continue
        wanted = [
            (i, n["when"], float(n["value"]), n["unit"])
            for i, row in answers.items()
            for n in row["indicators"]
        ]
        found = [(t.id, n.when, float(n.value), n.unit) for t in targets for n in t.indicators]
        sides = [
            set(_numbered(key for key in side if (key[1] == "year") == (part == "year")))
            for side in (wanted, found)
        ]
        yield _figure(rows, "indicators", part, *sides)


def _numbered(keys: Iterable[Hashable]) -> Iterator[Hashable]:
    """Number equal keys, so that a set counts them."""
    seen: Counter[Hashable] = Counter()
    for key in keys:
        seen[key] += 1
        yield key, seen[key]


def _projects(rows: str, targets: list[Target], answers: dict[str, Json]) -> Iterator[Json]:
    """Count listed projects that were found under a similar name, and their correct quarters.

    Lists hold works and land first, the reader gives more: only the recall is meaningful.
    """
    pairs = [
        (listed, _best(listed, target.projects))
        for target in targets
        for listed in answers[target.id]["projects"]
    ]
    here = [best for _, best in pairs if best is not None]
    right = sum(sum(_agreeing(listed, best)) for listed, best in pairs if best is not None)
    yield _counts(rows, "projects", "listed", len(pairs), len(here), len(here))
    yield _counts(rows, "projects", "quarters", 4 * len(pairs), 4 * len(here), right)


def _best(listed: Json, projects: Iterable[Project]) -> Project | None:
    alike = [p for p in projects if same_project(p.name, listed["name"])]
    return max(alike, key=lambda p: sum(_agreeing(listed, p)), default=None)


def _agreeing(listed: Json, project: Project) -> list[bool]:
    said = [squeeze(c.quote) if c else None for c in project.clauses]
    return [one == other for one, other in zip(listed["q"], said, strict=True)]


def same_project(one: str, other: str) -> bool:
    """Return whether two names are of one project: a longer name may add words."""
    one, other = (re.sub(r"[()“”]", "", name) for name in (one, other))
    short, long = sorted((one, other), key=len)
    pairs = {short[i : i + 2] for i in range(len(short) - 1)}
    return short in long or sum(p in long for p in pairs) >= 0.7 * len(pairs)


def _same(notice: Document, groups: Iterable[Json]) -> Json:
    def pairs(of: Iterable[Json]) -> set[frozenset[str]]:
        return {frozenset(pair) for group in of for pair in combinations(group["members"], 2)}

    return _figure("all", "same", "pairs", pairs(groups), pairs(same_groups(notice.links)))


def _evidence(notice: Document) -> Json:
    """Count quotes, quotes off their offsets, and milestones outside their cell."""
    quotes = [a.evidence for t in notice.targets for a in t.assignments]
    for target in notice.targets:
        quotes += [e for place in target.places for e in place.evidence]
        quotes += [e for project in target.projects for e in project.evidence]
        quotes += [e for number in target.indicators for e in number.evidence]
    astray = off = milestones = 0
    for span in quotes:
        off += notice.text[span.start : span.end] != span.quote
    for target in notice.targets:
        for one in target.milestones:
            cell = target.row.quarters[one.quarter - 1]
            milestones += 1
            astray += cell is None or not cell.span.holds(one.evidence)
    return {"quotes": len(quotes), "off": off, "milestones": milestones, "astray": astray}


def _figure(rows: str, kind: str, part: str, wanted: set[Any], found: set[Any]) -> Json:
    return _counts(rows, kind, part, len(wanted), len(found), len(wanted & found))


def _counts(rows: str, kind: str, part: str, wanted: int, found: int, right: int) -> Json:
    return {
        "rows": rows,
        "kind": kind,
        "part": part,
        "wanted": wanted,
        "found": found,
        "right": right,
        "precision": round(right / found, 4) if found else 1.0,
        "recall": round(right / wanted, 4) if wanted else 1.0,
        "f1": round(2 * right / (wanted + found), 4) if wanted + found else 1.0,
    }


if __name__ == "__main__":
    main()
