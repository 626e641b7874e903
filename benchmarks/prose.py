"""Measure the reading of notices without a table: F1 of leads and coordinators.

    python -m benchmarks.prose NOTICES ANSWERS

NOTICES holds `name.txt` or `name.html`, ANSWERS `name.json`: a list of rows with `text_start`,
`lead`, `coordinate` and `role_basis`. Rows are matched by the beginning of their text.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from graph.records import Document
from loaders.errors import LoadError
from loaders.notice import read


def scored(document: Document, answers: list[dict[str, Any]]) -> dict[str, float]:
    """F1 of lead and coordinate edges where roles are marked, of units where they are not."""
    counts = {k: [0, 0, 0] for k in ("lead", "coordinate", "units")}
    rows = {_key(t.row.text.text): t for t in document.targets}
    for answer in answers:
        target = next(
            (t for k, t in rows.items() if k.startswith(_key(answer["text_start"]))), None
        )
        named = target.assignments if target else ()
        loose = answer["role_basis"] == "undifferentiated"
        vague = {
            _name(v) for v in [*answer.get("implicit_coordinate", []), *answer.get("vague", [])]
        }
        for role in ("units",) if loose else ("lead", "coordinate"):
            wanted = {
                _name(n) for r in ("lead", "coordinate") if role in (r, "units") for n in answer[r]
            }
            found = {
                _name(a.label)
                for a in named
                if role in ("units", "lead" if a.role == "responsible" else a.role)
            } - (vague - wanted)
            counts[role][0] += len(wanted & found)
            counts[role][1] += len(found)
            counts[role][2] += len(wanted)
            if wanted != found:
                print(f"  {answer['id']} {role}: missing {wanted - found}, extra {found - wanted}")
    known = {_key(a["text_start"]) for a in answers}
    extra = sum(
        len(t.assignments) for k, t in rows.items() if not any(k.startswith(s) for s in known)
    )
    f1 = {
        k: 2 * hit / (had + want) if had + want else 1.0 for k, (hit, had, want) in counts.items()
    }
    return {**f1, "invented": extra, "rows": len(document.targets), "answers": len(answers)}


def _key(text: str) -> str:
    return "".join(text.split())[:16]


def _name(label: str) -> str:
    return label.translate(str.maketrans("（）〔〕", "()()"))


def main(notices: Path, answers: Path) -> None:
    """Prints a line for each document."""
    for file in sorted(answers.glob("*.json")):
        for suffix in (".txt", ".html"):
            source = notices / (file.stem + suffix)
            wanted = json.loads(file.read_text(encoding="utf-8"))
            if not source.exists() or not isinstance(wanted, list):
                continue
            try:
                document = read(source)
            except LoadError as error:
                print(f"{source.name}: {error}")
                continue
            off = sum(document.text[a.evidence.start : a.evidence.end] != a.evidence.quote
                      for t in document.targets for a in t.assignments)  # fmt: skip
            said = " ".join(f"{k} {v:.3g}" for k, v in scored(document, wanted).items())
            head = document.head
            print(f"{source.name}: {said} quotes off {off} · {head.jurisdiction} {head.year}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
