"""The catalogue as `/queries` lists it."""

from __future__ import annotations

from graph.store.snapshot import Snapshot
from queries.catalogue import choices, questions


def listed(snapshot: Snapshot) -> dict[str, object]:
    """Every question with its parameters: their type, default, and what they take in this version.

    `choices` are the preferred names; where there are any, other names of the same things do too.
    """
    kinds = dict.fromkeys(p.kind for q in questions().values() for p in q.params)
    taken = {kind: choices(snapshot, kind) for kind in kinds}
    return {
        "queries": [
            {
                "name": q.name,
                "summary": q.summary,
                "summary_zh": q.summary_zh,
                "params": [
                    {
                        "name": p.name,
                        "type": p.kind,
                        "default": p.default,
                        "label": p.label,
                        "label_zh": p.label_zh,
                        "choices": taken[p.kind],
                    }
                    for p in q.params
                ],
            }
            for q in questions().values()
        ]
    }
