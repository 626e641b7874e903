"""The content of a planner's briefing of a street, a parcel or a body.

Everything in it is read from one version of the graph: which targets tie in and how, by quarter,
led by whom, each with its sentence, and where all of it can be looked up again.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from graph.store.snapshot import Snapshot
from ontology.names import base
from queries.catalogue import resolve
from queries.errors import UnknownThing
from queries.model.atlas import atlas
from queries.model.counts import duties, role_of
from queries.model.place_ties import WAYS, WAYS_IN_FULL, Tie, ties
from queries.model.records import Atlas, Body, Edge, Evidence, Sentence, Step, Target
from queries.model.sentences import sentence
from viz.drawing.finish import linked
from viz.reports.picture_file import frozen_address
from viz.views.report_mode import drawn_for
from viz.views.selection import Say, speaker


@dataclass(frozen=True, slots=True)
class Proof:
    """A sentence of the notice: its words in turn, those that are the quotes marked."""

    parts: tuple[tuple[str, bool], ...]
    cited: str
    cell: str
    positions: str

    @property
    def words(self) -> str:
        """The sentence."""
        return "".join(part for part, _ in self.parts)


@dataclass(frozen=True, slots=True)
class BriefingEntry:
    """One target in one section: through what it ties in, who does it, when, and its proofs."""

    target: Target
    through: str
    lead: str
    coordinate: str
    quarters: tuple[tuple[Step, ...], ...]
    """Four, in order; of the projects there where the row names one, else of the whole row."""
    whole: bool
    """True if the steps are those of the whole row."""
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The targets that tie in in one way."""

    label: str
    inferred: bool
    entries: tuple[BriefingEntry, ...]


@dataclass(frozen=True, slots=True)
class BriefingPicture:
    """A picture with its words; `alt` describes it for people who cannot see it."""

    title: str
    caption: str
    svg: str
    alt: str
    address: str = ""
    """The address of the picture at its version, where the server has a public one."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """The content of a briefing, for any format."""

    language: str
    name: str
    title: str
    kind: str
    summary: tuple[str, ...]
    sections: tuple[Section, ...]
    figures: tuple[BriefingPicture, ...]
    sources: tuple[str, ...]
    links: tuple[tuple[str, str], ...]
    """Labels and addresses: of the thing, of this version of it, of the query behind it."""
    version: str
    time: str

    @property
    def say(self) -> Say:
        """The words in the briefing's language."""
        return speaker(self.language)


def of_place(
    snapshot: Snapshot, name: str, *, street: bool, language: str = "zh", url: str = ""
) -> Briefing:
    """Make the briefing of a street or another place (parcel, lot, block, road, …).

    Raises UnknownThing with near names if the place is unknown.
    """
    a, say = atlas(snapshot), speaker(language)
    kind = "street" if street else "parcel"
    label = _place(snapshot, a, name, kind)
    spot = next(p for p in a.places.values() if p.label == label)
    found = ties(a, spot.iri)
    sections = _once(
        Section(
            say(*WAYS_IN_FULL[way]),
            way == "collective",
            tuple(_entry(snapshot, a, say, tie) for tie in found if tie.way == way),
        )
        for way in WAYS
        if any(tie.way == way for tie in found)
    )
    figure = _figure(snapshot, "place", {"name": label}, language, url)
    kinds = {"Street": say("街道（镇）", "street")}
    return _briefing(
        snapshot, a, say, language, label, kinds.get(spot.kind, say("地点", "place")),
        spot.iri, sections, figure, url, f"place-targets?name={label}",
    )  # fmt: skip


def of_body(snapshot: Snapshot, name: str, *, language: str = "zh", url: str = "") -> Briefing:
    """Make the briefing of a body: what it leads, coordinates, and what is inferred.

    Raises UnknownThing with near names if the body is unknown.
    """
    a, say = atlas(snapshot), speaker(language)
    label = resolve(snapshot, "body", name, "body")
    one = next(b for b in a.bodies.values() if b.label == label)
    edges = a.edges_of(one.iri)
    roles = duties(a, one.iri)
    leads = [e for e in edges if role_of(e) == "Lead" and not e.inferred]
    helps = _edges_to(roles.supports, edges)
    inferred = _edges_to(roles.inferred, edges)

    def entries(of: Sequence[Edge]) -> tuple[BriefingEntry, ...]:
        return tuple(_entry(snapshot, a, say, _tie(a.targets[e.target], e)) for e in of)

    sections = tuple(
        Section(title, far, entries(of))
        for title, far, of in (
            (say("主责", "leads"), False, leads),
            (say("配合", "coordinates"), False, helps),
            (say("推断", "inferred"), True, inferred),
        )
        if of
    )
    figure = _figure(snapshot, "body", {"name": label}, language, url)
    return _briefing(
        snapshot, a, say, language, label, _body_kind(one, say), one.iri, sections, figure, url,
        f"body-agenda?name={label}",
    )  # fmt: skip


def _edges_to(targets: Iterable[Target], edges: Iterable[Edge]) -> list[Edge]:
    """One edge for each of these targets."""
    wanted = {t.iri for t in targets}
    return list({e.target: e for e in edges if e.target in wanted}.values())


def _once(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections without the sentences that stood in an earlier one already."""
    seen: set[tuple[str, str, str]] = set()
    found = []
    for section in sections:
        entries = []
        for entry in section.entries:
            told = {(entry.target.iri, p.cell, p.words): p for p in entry.proofs}
            fresh = [p for key, p in told.items() if key not in seen]
            seen.update(told)
            entries.append(replace(entry, proofs=tuple(fresh)))
        found.append(replace(section, entries=tuple(entries)))
    return tuple(found)


def _place(snapshot: Snapshot, a: Atlas, name: str, kind: str) -> str:
    """The label of the place that a name means; a street where a street is asked for."""
    streets = {p.label for p in a.places.values() if p.kind == "Street"}
    label = resolve(snapshot, "place", name, kind)
    if kind == "street" and label not in streets:
        raise UnknownThing(kind, name, difflib.get_close_matches(label, sorted(streets), 3, 0.3))
    return label


def _tie(target: Target, edge: Edge) -> Tie:
    """The tie of a body to a target: through its edge, with the steps of the whole row."""
    steps = tuple(s for s in target.steps if not s.project)
    evidence = (edge.evidence,) if edge.evidence else ()
    return Tie(
        target,
        edge.role,
        tuple(x for x in (edge.via or edge.named_as,) if x),
        evidence,
        steps,
        True,
    )


def _entry(snapshot: Snapshot, a: Atlas, say: Say, tie: Tie) -> BriefingEntry:
    def names(role: str) -> str:
        return say("、", ", ").join(e.label for e in tie.target.written(role))

    one, two, three, four = (tie.quarter(q) for q in (1, 2, 3, 4))
    return BriefingEntry(
        tie.target,
        say("、", ", ").join(tie.through),
        names("Lead") or names("Responsible"),
        names("Coordinate"),
        (one, two, three, four),
        tie.whole,
        _proofs([(e, sentence(snapshot, a, e)) for e in tie.evidence], say),
    )


def _proofs(found: Iterable[tuple[Evidence, Sentence]], say: Say) -> tuple[Proof, ...]:
    """Mark the quotes of one sentence together; one sentence for each cell."""
    together: dict[tuple[str, str, str], list[tuple[int, int, Evidence]]] = {}
    for evidence, s in found:
        whole = s.before + s.quote + s.after
        span = (len(s.before), len(s.before) + len(s.quote), evidence)
        together.setdefault((evidence.cell, whole, s.cited), []).append(span)
    proofs = []
    for (cell, whole, cited), spans in together.items():
        parts, done = [], 0
        for start, end, _ in sorted(spans, key=lambda x: x[:2]):
            if end > done:
                parts += [
                    (whole[done : max(start, done)], False),
                    (whole[max(start, done) : end], True),
                ]
                done = end
        parts.append((whole[done:], False))
        positions = say("、", ", ").join(f"{e.start}–{e.end}" for _, _, e in spans)
        shown = tuple(part for part in parts if part[0])
        proofs.append(Proof(shown, cited, _cell(cell, say), positions))
    return tuple(proofs)


def _cell(cell: str, say: Say) -> str:
    words = {
        "text": ("目标任务", "target"),
        "lead": ("主责部门", "lead"),
        "coordinate": ("配合部门", "coordinator"),
        **{
            f"q{i}": (f"第{q}季度", f"quarter {i}") for i, q in enumerate("一二三四", start=1)
        },
    }  # fmt: skip
    return say(*words[cell]) if cell in words else cell


def _figure(
    snapshot: Snapshot, view: str, params: dict[str, str], language: str, url: str
) -> tuple[BriefingPicture, ...]:
    asked = {**params, "width": "A4", "title": "0", "caption": "0"}
    drawn = drawn_for(snapshot, view, asked, language)
    address = frozen_address(snapshot, view, asked, language, url)
    svg = linked(drawn.svg, None)
    return (
        BriefingPicture(
            drawn.title, drawn.caption, svg, f"{drawn.title}：{drawn.caption}", address
        ),
    )


def _briefing(
    snapshot: Snapshot,
    a: Atlas,
    say: Say,
    language: str,
    label: str,
    kind: str,
    iri: str,
    sections: tuple[Section, ...],
    figures: tuple[BriefingPicture, ...],
    url: str,
    query: str,
) -> Briefing:
    version = snapshot.version
    notices = list(a.notices.values())
    years = sorted({n.signed[:4] for n in notices if n.signed})
    where = "、".join(dict.fromkeys(n.jurisdiction for n in notices if n.jurisdiction))
    links = [(say("名称地址", "name"), iri)]
    if url:
        root = f"{url}/v/{version.id}"
        links += [
            (say("本版固定地址", "this version"), f"{root}/{iri.removeprefix(base())}"),
            (say("所据查询", "query"), f"{root}/queries/{query}"),
        ]
    return Briefing(
        language,
        label,
        say(
            f"{label}{'、'.join(years)}年工作目标简报", f"{label}: work targets {', '.join(years)}"
        ),
        say(f"{where} · {kind}", f"{where} · {kind}"),
        _summary(sections, label, say),
        sections,
        figures,
        tuple(_cited(n.title, n.number, n.jurisdiction, n.signed, say) for n in notices),
        tuple(links),
        version.id,
        version.time[:10],
    )


def _summary(sections: Sequence[Section], label: str, say: Say) -> tuple[str, ...]:
    """Summarise: targets by way, their leads, and what ends when."""
    if not sections:
        return (say(f"没有目标牵涉{label}。", f"No target ties into {label}."),)
    firm = [e for s in sections if not s.inferred for e in s.entries]
    far = {e.target.iri for s in sections if s.inferred for e in s.entries}
    mine = list({e.target.iri: e for e in firm}.values())
    ways = say("、", ", ").join(
        say(f"{s.label}{len(s.entries)}项", f"{s.label} {len(s.entries)}")
        for s in sections
        if not s.inferred
    )
    said = [
        say(
            f"写明牵涉{label}的目标有{len(mine)}项（{ways}）。" if mine else f"没有写明牵涉{label}的目标。",
            f"{len(mine)} targets tie into {label} as written ({ways})." if mine
            else f"No target names {label}.",
        )
    ]  # fmt: skip
    leads = Counter(name for e in mine for name in e.lead.split("、") if name not in ("", label))
    if leads:
        top = say("、", ", ").join(f"{n}（{c}项）" for n, c in leads.most_common(3))
        said.append(say(f"其中多由{top}主责。", f"Most often led by {top}."))
    done = Counter(
        q
        for e in mine
        for q, steps in enumerate(e.quarters, start=1)
        if any(s.stage == "Done" for s in steps)
    )
    if done:
        each = say("、", ", ").join(
            say(f"第{'一二三四'[q - 1]}季度{done[q]}项", f"{done[q]} in quarter {q}")
            for q in sorted(done)
        )
        said.append(say(f"按季度有“完成”节点的：{each}。", f"Steps to be completed: {each}."))
    rest = far - {e.target.iri for e in mine}
    if rest:
        said.append(
            say(
                f"另有{len(rest)}项只经推断才牵涉，单列于后，不与写明的相加。",
                f"{len(rest)} more tie in by inference only; they stand apart and are not added.",
            )
        )
    return tuple(said)


def _cited(title: str, number: str, issuer: str, signed: str, say: Say) -> str:
    parts = [p for p in (issuer, title, number, signed) if p]
    return say("，", ", ").join(parts) + say("。", ".")


def _body_kind(body: Body, say: Say) -> str:
    words = {
        "street": ("街镇机关", "street office"),
        "sub-unit": ("下属单位", "sub-unit"),
        "company": ("公司", "company"),
        "collective": ("集合称谓", "collective"),
    }
    return say(*words.get(body.kind, ("部门", "department")))
