"""The pages of the catalogue: all questions, and one with its form, its answer and its query."""

from __future__ import annotations

from queries.catalogue import ask, filled, questions
from queries.catalogue import question as find_question
from queries.errors import BadParameter, UnknownThing
from queries.formats import FORMATS, plain
from queries.scope import KEYS
from viz.pages.answer_table import (
    answer_sentence,
    form_fields,
    is_inferred,
    name_links,
    picture_of,
    table_cell,
    table_columns,
)
from viz.web.context import Desk
from viz.web.left_out import left_out
from viz.web.paging import paged
from viz.web.sorting import sifted, sort_links

GROUPS = {
    "place": ("地点", "Places"),
    "body": ("部门", "Bodies"),
    "quarter": ("季度", "Quarters"),
    "number": ("指标与措辞", "Numbers and words"),
    "progress": ("进展", "Progress"),
    "ground": ("几何", "Ground"),
    "connection": ("关系", "Connections"),
    "evidence": ("凭据与待核", "Evidence and review"),
}
_SHOWN = 200
"""Rows of an answer on one page; the downloads hold all of them."""


def queries(desk: Desk) -> str:
    """All questions by what they ask about."""
    return desk.page(
        "questions.html",
        desk.say("问题", "Questions"),
        section="/queries",
        catalogue=_catalogue(desk),
        count=len(questions()),
    )


def _catalogue(desk: Desk) -> list[tuple[str, list[tuple[str, str, str]]]]:
    groups = [
        (
            desk.say(*words),
            [
                (q.name, desk.url(f"/queries/{q.name}"), desk.say(q.summary_zh, q.summary))
                for q in questions().values()
                if q.group == group
            ],
        )
        for group, words in GROUPS.items()
    ]
    known = {q.group for q in questions().values()} - set(GROUPS)
    for group in sorted(known):
        groups.append(
            (
                group,
                [
                    (q.name, desk.url(f"/queries/{q.name}"), desk.say(q.summary_zh, q.summary))
                    for q in questions().values()
                    if q.group == group
                ],
            )
        )
    paths = (
        "paths", desk.url("/paths"),
        desk.say("两个部门，或部门与地块，怎样连到一起？（图）", "How are two things connected? (a picture)"),
    )  # fmt: skip
    next(
        entries for heading, entries in groups if heading == desk.say(*GROUPS["connection"])
    ).append(paths)
    return groups


def refused(
    desk: Desk, name: str, given: dict[str, str], error: UnknownThing | BadParameter
) -> tuple[str, int]:
    """The form of a question as it was filled in, why it has no answer, and names like it."""
    asked = find_question(name)
    wrong = error.parameter
    near = error.near if isinstance(error, UnknownThing) else error.allowed
    page = desk.page(
        "question_refused.html",
        desk.say(asked.summary_zh, asked.summary),
        section="/queries",
        crumbs=[(desk.say("问题", "Questions"), "/queries"), (name, "")],
        catalogue=_catalogue(desk),
        question=asked,
        fields=form_fields(desk, asked, given),
        why=error.said(desk.language),
        wrong=wrong,
        near=[(n, desk.url(f"/queries/{name}", **{**given, wrong: n})) for n in near],
        search=desk.url("/search", q=given.get(wrong, "")),
    )
    return page, 404 if isinstance(error, UnknownThing) else 400


def question(desk: Desk, name: str, given: dict[str, str]) -> str:
    """One question: its form, its answer in a sentence and a table, its query, its downloads."""
    asked = find_question(name)
    fields = form_fields(desk, asked, given)
    answer = ask(desk.snapshot, name, given)
    written_first = sorted(answer.rows, key=lambda row: is_inferred(answer, row))
    shown, heads, linked = table_columns(desk, answer)
    columns = [answer.columns[i] for i in shown]
    ordered = sifted(
        desk,
        written_first,
        lambda row: " ".join(plain(row[i]) for i in shown),
        {c: lambda row, i=i: plain(row[i]) for c, i in zip(columns, shown, strict=True)},  # type: ignore[misc]
    )
    on_page, pager = paged(desk, ordered, _SHOWN)
    names = name_links(desk)
    sparql = filled(desk.snapshot, name, given)
    frozen = f"/v/{desk.snapshot.version.id}"
    return desk.page(
        "question.html",
        desk.say(asked.summary_zh, asked.summary),
        section="/queries",
        crumbs=[(desk.say("问题", "Questions"), "/queries"), (name, "")],
        catalogue=_catalogue(desk),
        question=asked,
        fields=fields,
        heads=sort_links(desk, dict(zip(columns, heads, strict=True))),
        rows=[[table_cell(desk, answer, row, i, linked, names) for i in shown] for row in on_page],
        pager=pager,
        find=desk.parameter("find"),
        asked={k: v for k, v in desk.params if k not in ("find", "page", "lang", *KEYS)},
        count=len(answer.rows),
        left_by_filter=len(ordered),
        hatched=[is_inferred(answer, row) for row in on_page],
        truncated=answer.truncated,
        sentence=answer_sentence(desk, answer),
        notes=[desk.say(n.zh, n.en) for n in answer.notes],
        left=left_out(desk, name, answer),
        picture=picture_of(desk, asked, answer.params),
        sparql=sparql,
        editor=desk.url("/editor", query=sparql),
        forms=[
            (
                f.upper(),
                desk.url(
                    f"/queries/{name}.{f}", **given, **({"bom": "1", "download": "1"} if f == "csv" else {})
                ),
            )
            for f in FORMATS
        ],
        permanent=desk.root + frozen + desk.url(f"/queries/{name}", **given).removeprefix(desk.prefix),
        newest=desk.url(f"/queries/{name}", **given).removeprefix(desk.prefix) if desk.prefix else "",
    )  # fmt: skip
