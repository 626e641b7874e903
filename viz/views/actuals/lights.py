"""The views `lights` and `owed`: what was reported month by month, what was done of what was owed."""

from __future__ import annotations

from collections.abc import Mapping

from graph.store.snapshot import Snapshot
from queries.model.atlas import atlas
from queries.model.records import Evidence, Target
from queries.model.reported import Entry, Progress, current, is_step_done, progress, worst
from viz.drawing import figures
from viz.drawing.actuals.letter_grid import GridLine, Letter, LetterGrid, Tone, draw
from viz.drawing.paper import SCREEN, Paper
from viz.views.actuals.common import (
    BARE,
    LIGHTS,
    cell_of,
    nothing_reported,
    quarter_words,
    strands_of,
    years_of,
)
from viz.views.selection import (
    Drawn,
    PictureCell,
    Say,
    chosen,
    domains,
    source,
    speaker,
    steps_cell,
    target_keys,
    titled,
)

MONTHS = tuple(range(1, 13))
MAX_ROWS = 120
"""More rows than this are cut; the caption names the cut."""
QUARTERS = (1, 2, 3, 4)


def lights(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw targets by months: in each cell a letter for the worst of what was reported then."""
    say, a, told = speaker(language), atlas(snapshot), progress(snapshot)
    title = titled(snapshot, say, "逐月亮灯", "Lights by month")
    names = tuple(say(f"{m}月", str(m)) for m in MONTHS)
    heads = (say("号", "number"), say("目标", "target"), say("领域", "domain"),
             say("主责", "lead"), *names)  # fmt: skip
    found = chosen(a, params)
    if not told.entries:
        return nothing_reported(snapshot, say, title, heads, paper)
    keys, years = target_keys(found), years_of(snapshot, found)
    letters: dict[str, Letter] = {}
    cells: dict[str, PictureCell] = {}
    table, groups = [], []
    for chapter in a.chapters(found):
        lines = []
        for t in chapter.targets:
            key, name = keys[t.iri], f"{t.id} {t.title}"
            cells[key] = steps_cell(t, t.steps, name)
            row = []
            for month, label in zip(MONTHS, names, strict=True):
                status, entries = light(told, t, years.get(t.iri, 0), month)
                row.append(say(*LIGHTS[status][2]) if status else "")
                if status:
                    tip = f"{name} · {label}: {row[-1]}"
                    owed_ = [s.evidence for s in t.steps if s.quarter == (month + 2) // 3]
                    spans = [e.evidence for e in entries] or owed_
                    letters[f"{key}~M{month}"] = _letter(status, tip, say)
                    cells[f"{key}~M{month}"] = cell_of([(t, spans)], tip)
            due = tuple(m % 3 == 0 and t.is_due(m // 3) for m in MONTHS)
            colour = figures.ink(t.domain, domains(snapshot))
            lines.append(GridLine(key, t.id, t.title, colour, due))
            table.append((t.id, t.title, t.domain, _leads(t), *row))
        groups.append((chapter.domain or say("未分领域", "no domain"), tuple(lines)))
    count = sum(any(row[4:]) for row in table)
    caption = say(
        f"{len(found)}项目标，{count}项有过报告；{len(told.entries)}条进展，截至{told.days[-1]}。"
        "一格是该月所报中最差的一种：按报告写的，没有写的按计划推算；空格是那个月没有报告。",
        f"{len(found)} targets, {count} with a report; {len(told.entries)} entries until {told.days[-1]}. A cell "
        "is the worst reported in that month, as written, else as computed; an empty cell has no report.",
    )  # fmt: skip
    shown = [
        s for s in LIGHTS if any(x.text == LIGHTS[s][language == "en"] for x in letters.values())
    ]
    grid = LetterGrid(
        title, caption, source(snapshot, say),
        tuple((f"M{m}", label) for m, label in zip(MONTHS, names, strict=True)),
        _cut(groups), letters,
        tuple((_letter(s, "", say), say(*LIGHTS[s][2])) for s in shown),
        say("季末月份下的横线：这一季有节点到期", "the line below the last month of a quarter: a step is due in it"),
    )  # fmt: skip
    mine = [e for t in found for e in told.on(t.iri)]
    return Drawn(
        title, caption, draw(grid, paper), heads, tuple(table),
        strands=strands_of(snapshot, mine), cells=cells,
    )  # fmt: skip


def light(told: Progress, target: Target, year: int, month: int) -> tuple[str, list[Entry]]:
    """Return the status of a target in a month and the entries it comes from.

    A month in which a report owed the target and was silent has the status NotReported.
    """
    day = f"{year}-{month:02}"
    entries = current(e for e in told.on(target.iri) if e.as_of[:7] == day)
    if entries:
        return worst(e.status for e in entries), entries
    silent = any(s.target == target.iri and s.as_of[:7] == day for s in told.silences)
    return ("NotReported" if silent else ""), []


def _letter(status: str, tip: str, say: Say) -> Letter:
    zh, en, _, tone = LIGHTS[status]
    return Letter(say(zh, en), tone, tip)


def _cut(
    groups: list[tuple[str, tuple[GridLine, ...]]],
) -> tuple[tuple[str, tuple[GridLine, ...]], ...]:
    left, kept = MAX_ROWS, []
    for words, lines in groups:
        if left > 0:
            kept.append((words, lines[:left]))
            left -= len(lines)
    return tuple(kept)


def _leads(target: Target) -> str:
    return "、".join(e.label for e in (*target.written("Lead"), *target.written("Responsible")))


_SHARES = (
    Tone("#FFFFFF", "#1B1A17", "#A84900"), Tone("#E3ECF4", "#1B1A17", "#2E75A8"),
    Tone("#9FC3DF", "#1B1A17", "#2E75A8"), Tone("#0F4E86", "#FFFFFF", "#0F4E86"),
)  # fmt: skip
"""Nothing done, less than half, half and more, all."""


def share_tone(done: int, owed: int) -> Tone:
    """Return the tone of a share."""
    if not done:
        return _SHARES[0]
    return _SHARES[3] if done == owed else _SHARES[2 if 2 * done >= owed else 1]


def owed(
    snapshot: Snapshot, params: Mapping[str, str], language: str, paper: Paper = SCREEN
) -> Drawn:
    """Draw bodies by quarters: how many of the steps that a body leads were reported done."""
    say, a, told = speaker(language), atlas(snapshot), progress(snapshot)
    title = titled(snapshot, say, "各部门应完成与已完成", "Done of owed, by body and quarter")
    names = tuple(quarter_words(q, say) for q in QUARTERS)
    heads = (say("领域", "domain"), say("部门", "body"), *names, say("全年", "the year"))
    if not told.entries:
        return nothing_reported(snapshot, say, title, heads, paper)
    found = chosen(a, params)
    bodies: dict[str, list[Target]] = {}
    for t in found:
        for edge in (*t.written("Lead"), *t.written("Responsible")):
            if t not in bodies.setdefault(edge.body, []):
                bodies[edge.body].append(t)
    letters: dict[str, Letter] = {}
    cells: dict[str, PictureCell] = {}
    lines: dict[str, list[tuple[int, GridLine]]] = {}
    table = []
    for body, targets in bodies.items():
        label = a.bodies[body].label
        sums, proofs = [0, 0], []
        row = [a.group_of.get(body, ""), label]
        for q, name in zip(QUARTERS, names, strict=True):
            due = [t for t in targets if t.is_due(q)]
            done = [t for t in due if is_step_done(told.of_step(t.iri, q))]
            row.append(f"{len(done)}/{len(due)}" if due else "")
            if due:
                sums = [sums[0] + len(done), sums[1] + len(due)]
                mine = [(t, _both(told, t, q)) for t in due]
                proofs += mine
                tip = f"{label} · {name}: {row[-1]}"
                letters[f"{label}~Q{q}"] = Letter(row[-1], share_tone(len(done), len(due)), tip)
                cells[f"{label}~Q{q}"] = cell_of(mine, tip)
        row.append(f"{sums[0]}/{sums[1]}" if sums[1] else "")
        if sums[1]:
            tip = f"{label}: {row[-1]}"
            letters[f"{label}~Y"] = Letter(row[-1], BARE, tip)
            cells[f"{label}~Y"] = cells[label] = cell_of(proofs, tip)
            table.append(tuple(row))
            group = a.group_of.get(body, "")
            line = GridLine(label, "", label, figures.ink(group, domains(snapshot)), (False,) * 5)
            lines.setdefault(group, []).append((-sums[1], line))
    groups = [
        (g or say("其他", "others"), tuple(line for _, line in sorted(lines[g], key=lambda x: x[0])))
        for g in (*a.domains, "") if g in lines
    ]  # fmt: skip
    whole = [[int(x) for x in row[-1].split("/")] for row in table]
    caption = say(
        f"{len(table)}个主责部门，每格是“报为完成／应完成”的目标数：一项目标一季有节点算一次，它在该季所报的项目全部完成才算完成；"
        f"没有报告的算未完成。合计{sum(d for d, _ in whole)}/{sum(o for _, o in whole)}（共同主责的各计一次），截至{told.days[-1]}。",
        f"{len(table)} leading bodies. A cell is targets reported done of those due: a target with a step in a quarter "
        f"counts once, and is done when all that was reported of it then is. In all {sum(d for d, _ in whole)}/"
        f"{sum(o for _, o in whole)} (joint leads count each), until {told.days[-1]}.",
    )  # fmt: skip
    columns = [(f"Q{q}", n) for q, n in zip(QUARTERS, names, strict=True)]
    grid = LetterGrid(
        title, caption, source(snapshot, say), (*columns, ("Y", heads[-1])), _cut(groups), letters,
        tuple(
            (Letter(text, tone, ""), words)
            for text, tone, words in zip(
                ("0/4", "1/4", "2/4", "4/4"), _SHARES,
                (say("一项未完成", "none done"), say("不到一半", "less than half"),
                 say("一半以上", "half or more"), say("全部完成", "all done")),
                strict=True,
            )
        ),
    )  # fmt: skip
    told_of_found = [e for t in found for e in told.on(t.iri)]
    return Drawn(
        title, caption, draw(grid, paper), heads, tuple(table),
        strands=strands_of(snapshot, told_of_found), cells=cells,
    )  # fmt: skip


def _both(told: Progress, target: Target, quarter: int) -> list[Evidence | None]:
    """Return the sentences of a step: what was planned, and what was reported."""
    planned = [s.evidence for s in target.steps if s.quarter == quarter]
    return [*planned, *(e.evidence for e in told.of_step(target.iri, quarter))]
