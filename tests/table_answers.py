"""Answers for the tables in `documents/tables`, in a form that a person reviews.

    python tests/table_answers.py

rewrites the answers as the reader reads today: look through the difference before keeping it.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from graph.exports.document_json import document_json
from loaders.notice import read

FOLDER = Path(__file__).parent / "documents" / "tables"
FILES = sorted(p for p in FOLDER.iterdir() if p.suffix != ".json")


def answer_of(path: Path) -> dict[str, Any]:
    """Assignments, deadlines and doubts of a document; empty fields are left out."""
    document = read(path)
    rows = []
    for target, said in zip(document.targets, document_json(document)["targets"], strict=True):
        row = {k: said[k] for k in ("id", "domain", "project", "text", "q", "lead", "coordinate")}
        if not any(row["q"]):
            del row["q"]
        if target.row.due:
            last = [str(m.deadline) for m in target.milestones if m.deadline]
            row["due"] = " → ".join([target.row.due.text, *last])
        if target.roles != "marked":
            row["roles"] = target.roles
        rows.append({key: value for key, value in row.items() if value or key == "lead"})
    head = document.head
    doubts = [f"{d.row} {d.kind}".strip() for d in document.review if d.kind not in _USUAL]
    return {
        "number": head.number,
        "year": head.year,
        "layout": document.layout,
        "targets": rows,
        "doubts": doubts,
    }


_USUAL = frozenset(("new-body", "missing-column"))


if __name__ == "__main__":
    for file in FILES:
        said = json.dumps(answer_of(file), ensure_ascii=False, indent=1)
        file.with_suffix(".json").write_text(said + "\n", encoding="utf-8")
