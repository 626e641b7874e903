"""The review page: the doubts, the heaviest first, what hangs on each, and a person's decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from graph.errors import StoreError
from graph.triples.corrections import Correction, read_corrections
from queries.errors import BadParameter
from queries.model.atlas import rows
from queries.model.records import Evidence
from queries.open_doubts import OpenDoubt, open_doubts
from queries.scope import district_of
from viz.web.context import Desk
from viz.web.cookies import REVIEWER, SITTING, cookie_value
from viz.web.paging import paged

_KINDS = {
    "slip": ("误写", "Slip"),
    "new-body": ("新部门", "New body"),
    "both-roles": ("分工", "Roles"),
    "no-lead": ("分工", "Roles"),
    "place": ("地点", "Place"),
    "project": ("项目", "Project"),
    "clause": ("节点", "Step"),
    "number": ("指标", "Number"),
    "same-place": ("同一地点", "Same place"),
    "dates": ("文书", "Document"),
}
_QUESTIONS = {
    "slip": ("“{quote}”是不是误写？", "Is “{quote}” a slip?"),
    "new-body": ("“{quote}”是一个部门吗？", "Is “{quote}” a body?"),
    "both-roles": (
        "“{quote}”既主责又配合，都保留？",
        "“{quote}” leads and coordinates: keep both?",
    ),
    "no-lead": ("这一行真的没有主责？", "Has this row no lead?"),
    "place": ("“{quote}”是一个地点吗？", "Is “{quote}” a place?"),
    "project": ("“{quote}”是一个项目吗？", "Is “{quote}” a project?"),
    "clause": ("“{quote}”说的是“{thing}”吗？", "Does “{quote}” speak of “{thing}”?"),
    "number": ("“{quote}”是一个指标吗？", "Is “{quote}” a promised number?"),
    "same-place": ("{reading}，是同一处吗？", "{reading}: one spot?"),
    "dates": ("两个日期，都保留？", "Two dates: keep both?"),
}
_SHOWN = 12
_PAGE = 100
"""Doubts on one page."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to a doubt, and its effect, shown before it is given."""

    decision: str
    words: str
    effect: str


@dataclass(frozen=True, slots=True)
class Item:
    """One doubt as the page asks it."""

    doubt: OpenDoubt
    kind: str
    question: str
    evidence: Evidence
    choices: tuple[Choice, ...]
    things: tuple[tuple[str, str], ...]
    more: int
    also: tuple[OpenDoubt, ...] = ()
    """Doubts of other documents that ask the same."""


def review(desk: Desk) -> str:
    """The doubts that wait, by how many facts hang on the answer; then what was decided."""
    every = sorted(open_doubts(desk.snapshot), key=lambda d: -len(d.things))
    counts = Counter(d.kind for d in every)
    kind = desk.parameter("kind")
    if kind and kind not in counts:
        raise BadParameter("kind", repr(kind), tuple(counts))
    groups = same_doubts(d for d in every if not kind or d.kind == kind)
    shown, pager = paged(desk, groups, _PAGE)
    segments = [(desk.say("全部", "All"), len(every), desk.url("/review"), not kind)]
    segments += [
        (desk.say(*_KINDS.get(k, (k, k))), n, desk.url("/review", kind=k), k == kind)
        for k, n in counts.most_common()
    ]
    far = next(
        rows(desk.snapshot, "SELECT (COUNT(?a) AS ?n) { ?a a tk:Assignment ; tk:inferred true }")
    )
    decided = _decided(desk)
    return desk.page(
        "review.html",
        desk.say("待核", "Review"),
        section="/review",
        items=[_item(desk, first, tuple(also)) for first, *also in shown],
        who=cookie_value(desk.cookie, REVIEWER),
        has_sitting=bool(cookie_value(desk.cookie, SITTING)),
        pager=pager,
        segments=segments,
        numbers=[
            (len(every), desk.say("待核", "open")),
            (len(decided), desk.say("已核", "decided")),
            (int(far[0]), desk.say("推断的分工", "inferred assignments")),
        ],
        decided=decided,
        verdicts={
            "accept": desk.say("照现读法", "as it is read"),
            "reject": desk.say("撤下", "taken out"),
            "correct": desk.say("改为", "corrected to"),
        },
        done=desk.parameter("done"),
        frozen_page=bool(desk.prefix),
    )


def same_doubts(doubts: Iterable[OpenDoubt]) -> list[list[OpenDoubt]]:
    """Group doubts that ask the same of documents of one district, in the order of the first of each.

    Two doubts of one document stay apart: what they hang on may differ from row to row.
    """
    groups: dict[tuple[str, str, str, str, int], list[OpenDoubt]] = {}
    seen: Counter[tuple[str, str, str, str, str]] = Counter()
    for doubt in doubts:
        document = doubt.iri.rpartition("/待核/")[0]
        quote = "".join(doubt.quote.split())
        key = (district_of(doubt.iri), doubt.kind, quote, doubt.reading)
        groups.setdefault((*key, seen[(*key, document)]), []).append(doubt)
        seen[(*key, document)] += 1
    return list(groups.values())


def _item(desk: Desk, doubt: OpenDoubt, also: tuple[OpenDoubt, ...] = ()) -> Item:
    source = next(iter(n.source for n in desk.atlas.notices.values() if _of(n.iri, doubt)), "")
    zh, en = _QUESTIONS.get(doubt.kind, ("“{quote}”读得对吗？", "Is “{quote}” read rightly?"))
    question = desk.say(zh, en).format(
        quote=" ".join(doubt.quote.split()),
        thing=doubt.things[0][1] if doubt.things else "",
        reading=doubt.reading,
    )
    return Item(
        doubt,
        desk.say(*_KINDS.get(doubt.kind, (doubt.kind, doubt.kind))),
        question,
        Evidence(source, doubt.start, doubt.end, doubt.quote, "", "", doubt.cell),
        tuple(_choice(desk, doubt, a) for a in doubt.answers),
        tuple((label, desk.thing(iri)) for iri, label in doubt.things[:_SHOWN]),
        max(len(doubt.things) - _SHOWN, 0),
        also,
    )


def _of(notice: str, doubt: OpenDoubt) -> bool:
    return doubt.iri.startswith(notice + "/")


def _choice(desk: Desk, doubt: OpenDoubt, decision: str) -> Choice:
    n = len(doubt.things)
    reading = doubt.reading or desk.say("照录原文", "as it is written")
    if decision == "accept":
        return Choice(
            decision,
            desk.say(f"是，{reading}", f"Yes: {reading}"),
            desk.say(f"{n}条事实保留，标为已核", f"{n} facts stay, marked as decided"),
        )
    if decision == "reject":
        return Choice(
            decision,
            desk.say("不是", "No"),
            desk.say(f"撤下{n}条事实", f"{n} facts are taken out"),
        )
    return Choice(
        decision,
        desk.say("应为", "It should be"),
        desk.say(f"{n}条事实改成所填", f"{n} facts are put right"),
    )


def _decided(desk: Desk) -> list[Correction]:
    """The decisions that this version was built with, the last first."""
    said = {d for (d,) in rows(desk.snapshot, "SELECT ?d { ?c a tk:Correction ; tk:doubtId ?d }")}
    try:
        kept = read_corrections(desk.snapshot.version.path.parent.parent)
    except StoreError:
        return []
    found = [c for c in kept.values() if c.doubt in said]
    return sorted(found, key=lambda c: (c.when, c.doubt), reverse=True)
