"""Every page of the site as a function of a snapshot and a request; nothing else is read.

The web application calls `answer` inside a worker that holds the version in memory.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from graph.exports.workbook import MEDIA as WORKBOOK
from graph.store.snapshot import Snapshot
from ontology.names import base
from queries.catalogue import ask, listed, questions
from queries.errors import BadParameter, QuestionError, UnknownQuestion, UnknownThing
from queries.formats import FORMATS, plain
from queries.model.geojson import MEDIA as GEOJSON
from queries.model.geojson import feature_collection
from queries.scope import ALL, KEYS, Scope, narrowed, scope_of
from viz.board.files import board_file
from viz.board.page import board_page
from viz.entities import named_graph
from viz.entities import thing as pages_things
from viz.pages import about, home, lists, question, view
from viz.pages import asked as pages_asked
from viz.pages import editor as pages_editor
from viz.pages import notices as pages_notices
from viz.pages import paths as pages_paths
from viz.pages import review as pages_review
from viz.pages import search as pages_search
from viz.pages.vocabulary import vocabulary_page
from viz.render import render
from viz.reports import write as reports
from viz.reports.agenda import agenda
from viz.reports.progress_template import progress_template
from viz.views.catalogue import BadView, UnknownView
from viz.web import crawlers
from viz.web.context import Desk, Near
from viz.web.cookies import last_district, remembered
from viz.web.linked_data import (
    VOCABULARY,
    NoForm,
    context_document,
    form_of,
    is_graph,
    rdf,
    shapes_document,
)
from viz.web.scope_bar import scope_asked, scope_searched
from viz.web.sorting import PARAMETERS

HTML = "text/html; charset=utf-8"
_VARY = (("vary", "accept, accept-language, cookie"),)
_ALL_YEARS = ("/notices", "/compare", "/views/slope")
"""Pages that compare years or documents: all years of the district are their default."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request: a decoded path, its parameters, and how to write addresses back."""

    path: str
    params: tuple[tuple[str, str], ...] = ()
    language: str = "zh"
    accept: str = "text/html"
    root: str = ""
    prefix: str = ""
    """`/v/<version id>` where the page is frozen, else empty."""
    cookie: str = ""
    """The Cookie header, which holds the district that was chosen last."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: status, media type, body, further headers."""

    status: int
    media: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


PAGES: dict[str, Callable[[Desk], str]] = {
    "/": home.home,
    "/search": pages_search.results,
    "/ask": pages_asked.ask_page,
    "/notices": pages_notices.notices,
    "/compare": pages_notices.compare,
    "/targets": lists.targets,
    "/bodies": lists.bodies,
    "/places": lists.places,
    "/board": board_page,
    "/projects": lists.projects,
    "/views": lists.views,
    "/paths": pages_paths.paths,
    "/review": pages_review.review,
    "/sparql": pages_editor.editor,
    "/editor": pages_editor.editor,
    "/about": about.about,
    "/accuracy": about.accuracy,
    "/licence": about.licence,
    "/offline": about.offline,
}


def answer(snapshot: Snapshot, request: Request) -> Reply:
    """The reply to a request: a page, a picture, an answer, or the RDF of a thing."""
    given = dict(request.params)
    chosen = given.get("lang", "")
    language = chosen if chosen in ("zh", "en") else request.language
    path = request.path.rstrip("/") or "/"
    last = last_district(request.cookie) if not request.prefix else ""
    desk = _desk(snapshot, request, scope_of(snapshot, {}), language)
    try:
        scope = _scope(snapshot, path, given, last)
        unsaid = _is_page(path, request) and not any(given.get(k) for k in KEYS)
        if last and unsaid and scope.district != desk.scope.district:
            desk = _desk(snapshot, request, scope, language)
            rest = {k: v for k, v in request.params if k != "lang"}
            return Reply(303, HTML, b"", (("location", desk.url(path, **rest)), *_VARY))
        desk = _desk(snapshot, request, scope, language)
        reply = _answer(desk, request)
        if given.get("district") and _is_page(path, request) and not request.prefix:
            reply = replace(reply, headers=(*reply.headers, remembered(scope.district)))
        return reply
    except Near as missing:
        return _refused(desk, request, 404, missing.title, missing.detail, missing.near)
    except (UnknownThing, UnknownQuestion, UnknownView) as error:
        near = [(n, desk.url("/search", q=n)) for n in error.near]
        return _refused(
            desk, request, 404, desk.say("没有找到", "Not found"), error.said(language), near
        )
    except NoForm as error:
        status, said = (400, f"format={error.wanted}") if error.wanted else (406, request.accept)
        known = "、".join(error.forms)
        detail = desk.say(
            f"没有这种格式：{said}；可用：{known}", f"no such format: {said}; there are {known}"
        )
        return _refused(
            desk, request, status, desk.say("没有这种格式", "No such format"), detail, []
        )
    except (BadParameter, BadView, QuestionError) as error:
        return _refused(
            desk, request, 400, desk.say("参数有误", "Bad parameter"), error.said(language), []
        )


def _desk(snapshot: Snapshot, request: Request, scope: Scope, language: str) -> Desk:
    here = narrowed(snapshot, scope)
    return Desk(
        here, request.path, request.params, language, request.root, request.prefix, request.cookie
    )


def _is_page(path: str, request: Request) -> bool:
    """Return whether a person asks for a page whose scope the address may name."""
    scoped = path in PAGES or path.startswith(("/queries", "/views"))
    return scoped and "text/html" in request.accept and "." not in path


def _scope(snapshot: Snapshot, path: str, given: Mapping[str, str], last: str) -> Scope:
    """The scope of a request. Raises BadParameter for one that is not there."""
    if path.startswith(("/graph/", "/ns", "/sparql", "/editor", "/sitemap.xml")):
        return scope_of(snapshot, {"district": ALL, "year": ALL})
    if path.startswith("/id/"):
        given = scope_asked(path, scope_of(snapshot, {}), dict(given))
    name = path.removeprefix("/queries/").partition(".")[0]
    known = path.startswith("/queries/") and name in questions()
    all_years = questions()[name].all_years if known else path in _ALL_YEARS
    if path == "/compare" and given.get("a") and given.get("b"):
        given = {"district": "all", **given}  # documents that are named may lie in two districts
    if path.startswith("/search"):
        given = scope_searched(scope_of(snapshot, {}), given)
    return scope_of(snapshot, given, last=last, all_years=all_years)


def _answer(desk: Desk, request: Request) -> Reply:
    path = request.path.rstrip("/") or "/"
    if path == "/paths" and _wants_json(request):
        return Reply(200, "application/json", pages_paths.as_json(desk))
    if path == "/ask" and _wants_json(request):
        return Reply(200, "application/json", pages_asked.ask_json(desk))
    if path in PAGES:
        return _page(PAGES[path](desk))
    if path == "/robots.txt":
        return Reply(200, "text/plain; charset=utf-8", crawlers.robots(desk))
    if path == "/sitemap.xml":
        return Reply(200, "application/xml", crawlers.sitemap(desk))
    if path == "/editor/terms.json":
        return Reply(200, "application/json", pages_editor.terms(desk))
    if path == "/search/suggest.json":
        return Reply(200, "application/json", pages_search.suggestions(desk))
    if path == "/search/index.json":
        return Reply(200, "application/json", pages_search.index(desk))
    if path == "/queries":
        if _wants_json(request):
            return _json(200, listed(desk.snapshot))
        return _page(question.queries(desk))
    if path.startswith("/queries/"):
        return _question(desk, path.removeprefix("/queries/"), request)
    if path.startswith(("/views/", "/embed/")):
        return _view(desk, path, request)
    if path.startswith(("/agenda/", "/board.")):
        kind, _, form = path.removeprefix("/agenda/").partition(".")
        media, body, name = board_file(desk, form) if kind == "/board" else agenda(desk, kind, form)
        stem, _, ending = name.rpartition(".")
        named = _named(desk, f"{stem}-{desk.scope_label}.{ending}", "attachment")
        return Reply(200, media, body, (named,))
    if path == "/progress/template.xlsx":
        made, label = progress_template(
            desk.snapshot, desk.parameter("name"), desk.parameter("quarter") or "all"
        )
        named = _named(desk, f"{label}-进展填报表-{desk.scope_label}.xlsx", "attachment")
        return Reply(200, WORKBOOK, made, (named,))
    if path.startswith("/reports/"):
        return _report(desk, path.removeprefix("/reports/"), request)
    if path.startswith(("/id/", "/graph/", "/ns/")) or path == "/ns":
        return _thing(desk, path, request)
    raise Near(
        desk.say("没有找到", "Not found"), desk.say(f"这里没有 {path}", f"there is no {path}"), []
    )


def _named(desk: Desk, name: str, how: str = "") -> tuple[str, str]:
    """The header that names a file; `download=1` makes a browser keep it."""
    how = how or ("attachment" if desk.parameter("download") == "1" else "inline")
    plain = re.sub(r"-+", "-", re.sub(r"[^\w.-]", "-", name, flags=re.ASCII)).strip("-")
    return "content-disposition", f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"


def _page(body: str, status: int = 200) -> Reply:
    return Reply(status, HTML, body.encode(errors="replace"), _VARY)


def _json(status: int, value: object, media: str = "application/json") -> Reply:
    return Reply(status, media, json.dumps(value, ensure_ascii=False).encode(errors="replace"))


def _wants_json(request: Request) -> bool:
    accept = request.accept
    return "json" in accept and "text/html" not in accept


def _question(desk: Desk, name: str, request: Request) -> Reply:
    stem, dot, form = name.rpartition(".")
    given = {
        k: v
        for k, v in request.params
        if k not in ("lang", "format", "bom", "download", *PARAMETERS, *KEYS)
    }
    if dot and form == "geojson":
        answer = ask(desk.snapshot, stem, given)
        rows = [[plain(term) for term in row] for row in answer.rows]
        named = _named(desk, f"{stem}-{desk.scope_label}.{form}")
        found = feature_collection(desk.snapshot, answer.columns, rows)
        body = json.dumps(found, ensure_ascii=False).encode(errors="replace")
        cut = (("tiaokuai-truncated", f"rows={len(rows)}"),) if answer.truncated else ()
        return Reply(200, GEOJSON, body, (named, *cut))
    if not (dot and form in FORMATS):
        stem, form = name, "" if "text/html" in request.accept else wanted_format(request.accept)
    if not form:
        try:
            return _page(question.question(desk, name, given))
        except (UnknownThing, BadParameter) as error:
            if isinstance(error, BadParameter) and error.parameter not in given:
                raise
            return _page(*question.refused(desk, name, given, error))
    table = ask(desk.snapshot, stem, given)
    headers = [_named(desk, f"{stem}-{desk.scope_label}.{form}")]
    if table.truncated:
        headers.append(("tiaokuai-truncated", f"rows={len(table.rows)}"))
    body = FORMATS[form].write(table)
    if form == "csv" and desk.parameter("bom") == "1":
        body = b"\xef\xbb\xbf" + body  # Excel takes a file without it for another encoding
    return Reply(200, FORMATS[form].media, body, tuple(headers))


def wanted_format(accept: str) -> str:
    """The format that an Accept header names; empty where it names none of ours."""
    if "json" in accept:
        return "json"
    return next((n for n, f in FORMATS.items() if f.media.partition(";")[0] in accept), "")


def _view(desk: Desk, path: str, request: Request) -> Reply:
    _, kind, name = path.split("/", 2)
    given = {k: v for k, v in request.params if k not in ("lang", "format", *KEYS)}
    if kind == "views" and name.endswith("/sentences.json"):
        stem = name.removesuffix("/sentences.json")
        return Reply(200, "application/json", view.sentences(desk, stem, given))
    stem, dot, form = name.rpartition(".")
    if dot and kind == "views" and form != "html":
        picture = render(
            desk.snapshot, stem, given, form, language=desk.language, root=request.root
        )
        named = _named(desk, f"{stem}-{desk.scope_label}.{form}")
        return Reply(200, picture.media, picture.body, (named,))
    stem = stem if dot and form == "html" else name
    if kind == "embed":
        return _page(view.embedded(desk, stem, given))
    given.pop("page", None)  # that of its table
    return _page(view.view(desk, stem, given))


def _report(desk: Desk, name: str, request: Request) -> Reply:
    """A briefing: `/reports/street.docx?name=新华路街道`, as `tiaokuai report` writes it."""
    kind, _, form = name.partition(".")
    if kind not in reports.KINDS:
        raise Near(desk.say("没有找到", "Not found"), kind, [(k, k) for k in reports.KINDS])
    if form not in reports.WRITERS:
        raise BadParameter("format", "no such format", list(reports.WRITERS), zh="没有这种格式")
    asked = desk.parameter("name")
    body = reports.written(
        desk.snapshot, kind, asked, form, language=desk.language, url=request.root
    )  # fmt: skip
    headers = (_named(desk, f"{asked}-{desk.scope_label}.{form}"),)
    return Reply(200, reports.MEDIA[form], body, headers)


def _thing(desk: Desk, path: str, request: Request) -> Reply:
    """A thing, the vocabulary, or a graph: a page for people, RDF for machines."""
    if path == "/ns/context.jsonld":
        return Reply(200, "application/ld+json", context_document())
    if path == "/ns/shapes.ttl":
        return Reply(200, "text/turtle; charset=utf-8", shapes_document())
    iri = VOCABULARY if path.startswith("/ns") else base() + path.lstrip("/")
    form = form_of(iri, request.accept, dict(request.params).get("format", ""))
    if form.name != "html":
        return Reply(200, form.media, rdf(desk, iri, form.name), (("vary", "accept"),))
    if iri == VOCABULARY:
        return _page(vocabulary_page(desk))
    return _page(named_graph.graph(desk, iri) if is_graph(iri) else pages_things.thing(desk, iri))


def _refused(
    desk: Desk, request: Request, status: int, title: str, detail: str, near: list[tuple[str, str]]
) -> Reply:
    if "text/html" in request.accept:
        body = desk.page(
            "problem.html",
            title,
            detail=detail,
            typed=desk.parameter("name"),
            near=[{"label": n, "href": h} for n, h in near],
        )
        return _page(body, status)
    kind = {404: "not-found", 406: "not-acceptable"}.get(status, "bad-parameter")
    problem = {
        "type": f"https://w3id.org/tiaokuai/problem/{kind}",
        "title": title,
        "status": status,
        "detail": detail,
        "near": [n for n, _ in near],
    }
    return _json(status, problem, "application/problem+json")


def address(path: str, **params: str) -> str:
    """A path and its parameters, percent-encoded."""
    return quote(path, safe="/:@!$&'()*+,;=~-._") + ("?" + urlencode(params) if params else "")
