"""The SPARQL 1.1 Protocol, reading: a query in, a whole answer out, or a clear refusal."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode

from api.http.exchange import Exchange, parsed_form
from api.http.negotiation import SOLUTIONS, TRIPLES, Form, chosen, wants_page
from api.http.problems import Problem
from api.query.job import QueryJob
from api.settings import Settings

_NATURAL = re.compile(r"[0-9]{1,12}")
_STREAMED = ("csv", "tsv", "nt")
_QUERY, _FORM = "application/sparql-query", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Question:
    """A parsed query request."""

    job: QueryJob
    link: tuple[tuple[str, str], ...]
    """The parameters of the address that asks the same by GET."""


async def question(exchange: Exchange, settings: Settings) -> Question | None:
    """Parse a request; None where it has no query (a visit to the address itself).

    Raises Problem for what the protocol does not allow, after the body was read.
    """
    pairs = exchange.params()
    texts = [value for key, value in pairs if key == "query"]
    if exchange.method == "POST":
        body = await exchange.body()
        media, charset = media_type(exchange)
        if media == _QUERY:
            texts.append(decoded(body, charset))
        elif media == _FORM:
            form = parsed_form(decoded(body, charset))
            texts.extend(value for key, value in form if key == "query")
            pairs += form
        else:
            raise unsupported((_QUERY, _FORM))
    elif exchange.method not in ("GET", "HEAD"):
        raise Problem(
            405, "method-not-allowed", "查询用 GET 或 POST", "queries use GET or POST",
            (("allow", "GET, HEAD, POST, OPTIONS"),),
        )  # fmt: skip
    asked = formed(pairs, texts, exchange.accept, settings, f"{exchange.root}/sparql")
    if asked is None and exchange.method == "POST":
        raise _missing()
    return asked


def formed(
    pairs: list[tuple[str, str]], texts: list[str], accept: str, settings: Settings, base: str
) -> Question | None:
    """The question that some parameters ask; None where they hold none at all. Raises Problem."""
    if len(texts) > 1:
        raise Problem(400, "bad-request", "只能有一个 query", "there must be exactly one query")
    last = dict(pairs)
    if "update" in last:
        raise Problem(400, "bad-request", "更新请发往 /update", "updates go to /update")
    if not texts:
        if last.keys() - {"lang"}:
            raise _missing()
        return None
    stream = last.get("all", "") not in ("", "0", "false")
    solutions, triples = _formats(last.get("format", ""), accept, stream=stream)
    job = QueryJob(
        text=texts[0],
        solutions=solutions.name if solutions else None,
        triples=triples.name if triples else None,
        rows=settings.rows,
        size=settings.size,
        offset=natural("offset", last.get("offset", "0")),
        stream=stream,
        default_graphs=graph_iris(pairs, "default-graph-uri"),
        named_graphs=graph_iris(pairs, "named-graph-uri"),
        complexity=settings.complexity,
        base=base,
    )
    names = ("format", "default-graph-uri", "named-graph-uri")
    link = [("query", job.text), *((key, value) for key, value in pairs if key in names)]
    return Question(job, tuple(link))


def _missing() -> Problem:
    return Problem(400, "bad-request", "缺少参数 query", "the parameter query is missing")


def media_type(exchange: Exchange) -> tuple[str, str]:
    """The media type of a request's body, and its charset, by default UTF-8."""
    media, _, rest = exchange.headers.get("content-type", "").partition(";")
    charset = re.search(r"charset\s*=\s*\"?([\w.:-]+)", rest, re.IGNORECASE)
    return media.strip().lower(), charset[1].lower() if charset else "utf-8"


def decoded(body: bytes, charset: str) -> str:
    """Decode a body. Raises Problem where it is not UTF-8, or declared as something else."""
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise Problem(
            415, "unsupported-media-type",
            f"不支持字符集 {charset}，请用 UTF-8", f"the charset {charset} is not read; use UTF-8",
        )  # fmt: skip
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Problem(
            400, "bad-request",
            f"请求体第 {error.start + 1} 字节起不是 UTF-8",
            f"the body is not UTF-8, from byte {error.start + 1} on",
        ) from None  # fmt: skip


def unsupported(medias: tuple[str, ...]) -> Problem:
    """A body of a media type that is not accepted."""
    known = ", ".join(medias)
    return Problem(415, "unsupported-media-type", f"内容类型请用 {known}", f"use {known}")


def graph_iris(pairs: list[tuple[str, str]], name: str) -> tuple[str, ...]:
    """The graphs named in a parameter. Raises Problem for anything but an IRI."""
    found = tuple(value for key, value in pairs if key == name)
    for iri in found:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise Problem(
                400, "bad-parameter", f"{name}：{iri} 不是绝对 IRI", f"{name}: {error}"
            ) from None
    return found


def natural(name: str, value: str) -> int:
    """The natural number that a parameter gives. Raises Problem."""
    if _NATURAL.fullmatch(value):
        return int(value)
    raise Problem(400, "bad-parameter", f"{name} 须为自然数", f"{name} must be a natural number")


@lru_cache(maxsize=256)
def _formats(wanted: str, accept: str, *, stream: bool) -> tuple[Form | None, Form | None]:
    """The formats for solutions and for triples; None where one kind has none that fits."""
    if wants_page(accept) and not wanted:
        accept = "*/*"  # a browser that was sent here by a link
    sets: tuple[tuple[Form, ...], ...] = (SOLUTIONS, TRIPLES)
    if stream:
        sets = tuple(tuple(f for f in forms if f.name in _STREAMED) for forms in sets)
    solutions, triples = (chosen(forms, accept, wanted) for forms in sets)
    if solutions or triples:
        return solutions, triples
    known = ", ".join(f"{form.name} ({form.media.partition(';')[0]})" for f in sets for form in f)
    if wanted:
        raise Problem(
            400,
            "bad-parameter",
            f"format={wanted}：可用 {known}",
            f"format={wanted}: there are {known}",
        )
    raise Problem(406, "not-acceptable", f"可用的格式：{known}", f"formats to be had: {known}")
