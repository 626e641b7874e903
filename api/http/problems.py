"""Errors as RFC 9457 problems: a stable type, a title, and a detail in the reader's language."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html import escape

from ontology.names import HOME

_TITLES = {
    "bad-query": ("查询有误", "The query cannot be read"),
    "refused-query": ("查询被拒绝", "The query was refused"),
    "failed-query": ("查询未能完成", "The query could not be finished"),
    "deadline": ("查询超时", "The query took too long"),
    "memory": ("查询占用内存过多", "The query needed too much memory"),
    "busy": ("服务器繁忙", "The server is busy"),
    "too-large": ("请求过大", "The request is too large"),
    "not-acceptable": ("没有这种格式", "No such format"),
    "unsupported-media-type": ("不支持的内容类型", "Unsupported media type"),
    "method-not-allowed": ("不支持的方法", "Method not allowed"),
    "not-found": ("没有找到", "Not found"),
    "gone": ("版本已移除", "The version was removed"),
    "bad-parameter": ("参数有误", "Bad parameter"),
    "bad-request": ("请求有误", "Bad request"),
    "unauthorized": ("需要令牌", "A token is needed"),
    "read-only": ("本服务器只读", "This server only reads"),
    "not-there-yet": ("尚未实现", "Not there yet"),
    "loading": ("正在读入", "Still being read"),
    "remote-engine": ("远程引擎有误", "The remote engine is in trouble"),
    "broken-store": ("数据损坏", "The store is broken"),
    "unreadable": ("文件读不了", "The document cannot be read"),
    "other-document": ("另一份文件占着这个文号", "Another document holds this number"),
    "internal": ("服务器内部错误", "Internal error"),
}


@dataclass(eq=False)  # not frozen: Python writes the traceback into an exception
class Problem(Exception):
    """A refusal: what was refused, the limit, and how to raise it, in two languages."""

    status: int
    kind: str
    zh: str
    en: str
    headers: tuple[tuple[str, str], ...] = ()
    members: dict[str, object] = field(default_factory=dict)

    def detail(self, language: str) -> str:
        """The detail in a language, zh or en."""
        return self.en if language == "en" else self.zh

    def title(self, language: str) -> str:
        """The title of its kind."""
        return _TITLES[self.kind][1 if language == "en" else 0]

    def body(self, language: str) -> bytes:
        """The problem as JSON, not escaped to ASCII."""
        found = {
            "type": f"{HOME}problem/{self.kind}",
            "title": self.title(language),
            "status": self.status,
            "detail": self.detail(language),
            **self.members,
        }
        return json.dumps(found, ensure_ascii=False).encode(errors="replace")

    def page(self, language: str) -> bytes:
        """The problem as a page for browsers; nothing in it runs."""
        kept = (
            "“Back” in the browser brings back what was typed."
            if language == "en"
            else "浏览器的“后退”会带回填过的内容。"
        )
        body = (
            f'<p class="answer">{escape(self.detail(language))}</p><p>{kept}</p>'
            f'<p class="quiet"><a href="/problem/{self.kind}">problem/{self.kind}</a></p>'
        )
        return _framed(f"{self.status} {self.title(language)}", body, language)


def kinds_page(kind: str, language: str) -> bytes:
    """The page of a type of problem, or of all. Raises Problem for one that is not there."""
    if kind and kind not in _TITLES:
        raise not_found(f"/problem/{kind}")
    at = language == "en"
    title = _TITLES[kind][at] if kind else ("错误的种类", "Types of problems")[at]
    shown = [kind] if kind else sorted(_TITLES)
    lines = "".join(
        f'<tr><th scope="row"><a href="/problem/{k}">{k}</a></th><td>{_TITLES[k][at]}</td></tr>'
        for k in shown
    )
    note = (
        "本服务器的错误按 RFC 9457 写明 type、title、status、detail；type 是这个地址，不会改变。",
        "Errors have type, title, status and detail (RFC 9457); a type never changes.",
    )[at]
    more = "" if not kind else '<p><a href="/problem">/problem</a></p>'
    return _framed(title, f'<table class="facts">{lines}</table><p>{note}</p>{more}', language)


def _framed(title: str, body: str, language: str) -> bytes:
    """A page like the others, made without the graph, which may be what is missing."""
    at = language == "en"
    home, search, ask, about = (
        ("条块", "查名称和原文", "查", "关于"),
        ("tiaokuai", "Search names and sentences", "Search", "About"),
    )[at]  # fmt: skip
    lang = '<input type="hidden" name="lang" value="en">' if at else ""
    return (
        f'<!doctype html><html lang="{"en" if at else "zh-CN"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title} · {home}</title><link rel="icon" href="/static/icon.svg">'
        '<link rel="stylesheet" href="/static/site.css"></head><body>'
        f'<header class="top"><div class="frame"><a class="brand" href="/">{home}</a>'
        f'<a href="/about">{about}</a></div></header><main class="frame problem">'
        f'<div class="head"><h1>{title}</h1></div>{body}'
        '<form class="search" action="/search" role="search"><input name="q" type="search" '
        f'aria-label="{search}" placeholder="{search}">{lang}<button>{ask}</button></form>'
        "</main></body></html>"
    ).encode(errors="replace")


def method_not_allowed(allowed: str) -> Problem:
    """A path that is there, asked in another way than it can be."""
    return Problem(
        405,
        "method-not-allowed",
        f"这里只接受 {allowed}",
        f"only {allowed} can be used here",
        (("allow", allowed),),
    )


def not_found(path: str) -> Problem:
    """A path that is not there."""
    return Problem(404, "not-found", f"没有 {path}", f"there is no {path}")
