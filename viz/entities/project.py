"""The pages of a project, a domain and a theme, by quarter."""

from __future__ import annotations

from collections import Counter

from queries.model.atlas import rows
from queries.model.counts import completed
from queries.model.records import Step, Work
from viz.entities.history import history
from viz.web.context import Desk
from viz.web.linked_data import names_of


def project(desk: Desk, iri: str) -> str:
    """A project: its targets, its steps by quarter, its places, its departments."""
    a = desk.atlas
    work = a.works[iri]
    targets = [a.targets[t] for t in work.targets if t in a.targets]
    steps = [(t, [s for s in t.steps if s.project == work.name]) for t in targets]
    mine = [s for _, found in steps for s in found]
    leads = [e for t in targets for e in (*t.written("Lead"), *t.written("Responsible"))]
    return desk.page(
        "project.html",
        work.name,
        section="/projects",
        data_links=True,
        crumbs=[(desk.say("项目", "Projects"), "/projects"), (work.name, "")],
        work=work,
        sentence=_sentence(desk, work, mine, names_of(desk, list({e.body: e for e in leads}.values()))),
        steps=steps,
        proofs=[s for s in mine if s.evidence],
        reported=history(desk, set(work.targets), projects={work.name}, whole=False),
        places=[a.places[p] for p in work.places if p in a.places],
        beside=[
            (t, [w for w in t.works if w.iri != iri]) for t in targets if len(t.works) > 1
        ],
    )  # fmt: skip


def _sentence(desk: Desk, work: Work, steps: list[Step], leads: str) -> str:
    done = next((s for s in steps if s.stage == "Done"), None)
    who = desk.say(f"由{leads}主责" if leads else "没有写主责", f"led by {leads or 'nobody named'}")
    if done:
        quarter = desk.say(f"第{'一二三四'[done.quarter - 1]}季度", f"in quarter {done.quarter}")
        return desk.say(f"{quarter}写到完成，{who}。", f"To be completed {quarter}, {who}.")
    if steps:
        return desk.say(f"{len(steps)}个季度有节点，没有写到完成，{who}。", f"Steps in {len(steps)} quarters, no completion is stated, {who}.")  # fmt: skip
    return desk.say(f"季度格没有单独说到它，{who}。", f"No quarter speaks of it alone, {who}.")


def concept(desk: Desk, iri: str, label: str) -> str:
    """A domain or a theme: its targets in one table, their leads, neighbouring concepts."""
    a = desk.atlas
    inside = {
        t
        for (t,) in rows(desk.snapshot, f"SELECT ?t {{ ?t tk:domain|tk:theme|tk:domain/skos:broader <{iri}> }}")
    }  # fmt: skip
    targets = [t for t in a.targets.values() if t.iri in inside]
    leads = Counter(
        (e.body, e.label) for t in targets for e in t.edges if not e.inferred and e.role != "Coordinate"
    )  # fmt: skip
    themes = Counter(t.theme for t in targets if t.theme)
    return desk.page(
        "concept.html",
        label,
        section="/targets",
        data_links=True,
        crumbs=[(desk.say("目标", "Targets"), "/targets"), (label, "")],
        chapters=a.chapters(targets),
        count=len(targets),
        leads=leads.most_common(),
        themes=themes.most_common() if len(themes) > 1 else [],
        done=list(completed(targets)),
    )
