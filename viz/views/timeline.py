"""The view `timeline`: every target in one line, with what falls due in each quarter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.counts import QUARTERS, completed, due
from queries.model.records import Step, Target
from viz.drawing import figures, year_lines
from viz.drawing.paper import SCREEN, Paper
from viz.views.selection import (
    NOTHING,
    Drawn,
    PictureCell,
    Say,
    Strand,
    chosen,
    domains,
    filters,
    source,
    speaker,
    steps_cell,
    target_keys,
    titled,
)

MAX_ROWS = 120
"""More rows than this are cut; the caption names the cut."""


def timeline(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw a line for each target, by domain: a mark a quarter, and what is completed."""
    say, a = speaker(language), atlas(snapshot)
    found = chosen(a, params)
    quarter = params.get("quarter", "all")
    title = titled(snapshot, say, "全年时间线：什么时候到期什么", "The year: what is due when")
    falls, ends = due(found), completed(found)
    each = say("；", "; ").join(
        say(f"第{'一二三四'[q]}季度到期{n}项、完成{m}项", f"Q{q + 1}: {n} due, {m} completed")
        for q, (n, m) in enumerate(zip(falls, ends, strict=True))
    )
    caption = say(
        f"{len(found)}项目标。{each}。标记取目标及其项目走得最远的一步。",
        f"{len(found)} targets. {each}. A mark is the furthest step of the target and its projects.",
    ) + _tail(params, len(found), say)  # fmt: skip
    keys = target_keys(found)
    cells: dict[str, PictureCell] = {}
    for target in found:
        key = keys[target.iri]
        name = f"{target.id} {target.title}"
        cells[key] = steps_cell(target, (s for s in target.steps if not s.project), name)
        for q in QUARTERS:
            mine = [s for s in target.steps if s.quarter == q]
            cells[f"{key}~Q{q}"] = steps_cell(target, mine, f"{name} · {_quarter(q, say)}")
    groups = tuple(
        (
            f"{c.mark}、{c.domain}" if c.mark else c.domain,
            tuple(_row(snapshot, t, keys[t.iri], quarter, say) for t in c.targets),
        )
        for c in a.chapters(found[:MAX_ROWS])
    )
    drawn = year_lines.YearPicture(
        title, caption, source(snapshot, say),
        (say("号", "no."), say("目标", "target"), say("主责", "lead"), say("完成什么", "what is completed")),
        tuple(say("一二三四"[q - 1], f"Q{q}") for q in QUARTERS),  # type: ignore[arg-type]
        ((say("到期", "due"), falls), (say("完成", "completed"), ends)),
        groups, say(*NOTHING), english=language == "en",
    )  # fmt: skip
    table = tuple(
        (t.id, t.title, t.domain, _leads(t, say), *_words(_whole(t), quarter)) for t in found
    )
    heads = (say("号", "number"), say("目标", "target"), say("领域", "domain"), say("主责", "lead"),
             *(_quarter(q, say) for q in QUARTERS))  # fmt: skip
    strands = tuple(
        Strand(e.body, e.label, t.iri, f"{t.id} {t.title}", e.role)
        for t in found
        for e in t.edges
        if not e.inferred
    )
    svg = year_lines.draw(drawn, paper)
    return Drawn(title, caption, svg, heads, table, strands=strands, cells=cells)


def _row(
    snapshot: Snapshot, target: Target, key: str, quarter: str, say: Say
) -> year_lines.YearLine:
    asked = [q for q in QUARTERS if quarter in ("all", str(q))]
    one, two, three, four = (
        target.stage(q) if q in asked and target.is_due(q) else "" for q in QUARTERS
    )
    done = [s for s in target.steps if s.stage == "Done" and s.quarter in asked]
    clause = ""
    if done:
        first = next((s for s in done if s.project), done[0])
        clause = f"{say('一二三四'[first.quarter - 1], f'Q{first.quarter}')} {_completion(first)}"
    return year_lines.YearLine(
        key, target.id, target.title, _leads(target, say), (one, two, three, four), clause,
        figures.ink(target.domain, domains(snapshot)),
    )  # fmt: skip


def _completion(step: Step) -> str:
    """Return the first clause that states a completion."""
    words = ("完成", "竣工", "建成", "交付", "完工", "开业", "发布")
    said = next((c for c in step.clauses if any(w in c for w in words)), step.first)
    return said.rstrip("。；;")


def _whole(target: Target) -> list[Step]:
    return [s for s in target.steps if not s.project]


def _leads(target: Target, say: Say) -> str:
    edges = [*target.written("Lead"), *target.written("Responsible")]
    return say("、", ", ").join(e.label for e in edges)


def _words(steps: Iterable[Step], quarter: str) -> tuple[str, ...]:
    every = list(steps)
    return tuple(
        "；".join(dict.fromkeys(s.text for s in every if s.quarter == q))
        if quarter in ("all", str(q))
        else ""
        for q in QUARTERS
    )


def _quarter(q: int, say: Say) -> str:
    return say(f"第{'一二三四'[q - 1]}季度", f"Q{q}")


def _tail(params: Mapping[str, str], count: int, say: Say) -> str:
    words = filters(params, "timeline", say)
    said = say(f"条件：{words}。", f" Filters: {words}.") if words else ""
    if count > MAX_ROWS:
        said += say(
            f"共{count}行，只画前{MAX_ROWS}行，其余见表。",
            f" {count} rows; the first {MAX_ROWS} are drawn, the rest is in the table.",
        )
    return said
