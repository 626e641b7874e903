"""Notes on answers: what an empty table does not mean, and what a written answer leaves out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyoxigraph import Literal, QuerySolutions

from graph.store.snapshot import Snapshot
from queries.known_names import Note
from queries.parameters import Term

_ROLES = {
    "tk:role tk:Lead ; tk:inferred false": ("主责", "leads"),
    "tk:role tk:Responsible ; tk:inferred false": ("负责", "is responsible for"),
    "tk:role tk:Coordinate ; tk:inferred false": ("配合", "supports"),
    "tk:inferred true": ("经集合称谓或下属推断涉及", "takes part by inference in"),
}
_NO_REPORTS = Note(
    "图谱里还没有进展报告；`tiaokuai progress 文件` 读入。",
    "The graph holds no report of progress yet; `tiaokuai progress FILE` reads one.",
)
_NO_GEOMETRY = Note(
    "图谱里还没有几何数据；`tiaokuai places add 文件` 加入自己的数据。",
    "The graph holds no geometry yet; `tiaokuai places add FILE` brings yours.",
)
_WRITTEN_ONLY = ("body-leads",)
"""Questions about a body that leave its sub-units out."""


def notes_on(
    snapshot: Snapshot, name: str, bound: Mapping[str, Sequence[Term]], *, is_empty: bool,
    needs: str = "",
) -> tuple[Note, ...]:  # fmt: skip
    """Describe each named thing as the graph has it, where the answer alone would mislead."""
    names = [t.value for t in bound.get("name", ()) if isinstance(t, Literal)]
    if is_empty and needs == "reports" and not snapshot.query("ASK { ?r a tk:ProgressReport }"):
        return (_NO_REPORTS,)
    if is_empty and needs == "geometry" and not snapshot.query("ASK { ?p geo:hasGeometry ?g }"):
        return (_NO_GEOMETRY,)
    if is_empty:
        return tuple(n for label in names for n in _on_empty(snapshot, label))
    if name in _WRITTEN_ONLY:
        return tuple(n for label in names for n in _on_sub_units(snapshot, label))
    return ()


def _on_empty(snapshot: Snapshot, label: str) -> list[Note]:
    zh, en = [], []
    for pattern, (chinese, english) in _ROLES.items():
        numbers = _numbers(snapshot, label, pattern)
        if numbers:
            zh.append(f"{chinese}{len(numbers)}项目标（{' '.join(numbers[:8])}）")
            en.append(f"{english} {_targets(numbers)} ({' '.join(numbers[:8])})")
    located = _column(
        snapshot,
        "SELECT DISTINCT ?n { ?place a tk:Place ; skos:prefLabel ?label ."
        " ?target tk:locationAll ?place ; skos:notation ?n ; tk:ordinal ?o } ORDER BY ?o",
        label,
    )
    if located:
        zh.append(f"地点写在{len(located)}项目标里（{' '.join(located[:8])}）")
        en.append(f"is a place of {_targets(located)} ({' '.join(located[:8])})")
    if zh:
        return [
            Note(
                f"{label}没有这个问题所问的；图谱里它{'，'.join(zh)}。",
                f"Nothing of {label} answers this question; in the graph it {', '.join(en)}.",
            )
        ]
    return [
        Note(
            f"认得{label}，但这里的文件没有写到它的目标。",
            f"{label} is known, but no target here names it.",
        )
    ]


def _targets(numbers: Sequence[str]) -> str:
    return f"{len(numbers)} target{'s' if len(numbers) > 1 else ''}"


def _on_sub_units(snapshot: Snapshot, label: str) -> list[Note]:
    units = _column(
        snapshot,
        "SELECT DISTINCT ?unit { ?whole skos:prefLabel ?label . ?part org:unitOf ?whole ;"
        " skos:prefLabel ?unit . ?edge tk:body ?part ; tk:role tk:Lead } ORDER BY ?unit",
        label,
    )
    numbers = [n for unit in units for n in _numbers(snapshot, unit, "tk:role tk:Lead")]
    if not numbers:
        return []
    names = "、".join(units)
    return [
        Note(
            f"只列写明{label}的；下属的{names}另主责{len(numbers)}项（{' '.join(numbers)}）。",
            f"Only what names {label} itself; its sub-units {names} lead {len(numbers)} more "
            f"({' '.join(numbers)}).",
        )
    ]


def _numbers(snapshot: Snapshot, label: str, pattern: str) -> list[str]:
    return _column(
        snapshot,
        f"SELECT DISTINCT ?n {{ ?body skos:prefLabel ?label . ?edge tk:body ?body ; {pattern} ;"
        " tk:target ?target . ?target skos:notation ?n ; tk:ordinal ?o } ORDER BY ?o",
        label,
    )


def _column(snapshot: Snapshot, query: str, label: str) -> list[str]:
    bound = f"{{ VALUES ?label {{ {Literal(label, language='zh')} }} "
    result = snapshot.query(query.replace("{", bound, 1))
    assert isinstance(result, QuerySolutions)
    return [row[0].value for row in result]
