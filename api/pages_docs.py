"""The page of the REST interface for people: one section a path, values and examples folded."""

from __future__ import annotations

import json
from html import escape
from typing import Any
from urllib.parse import quote


def docs_page(schema: dict[str, Any], language: str) -> str:
    """The description of the interface as a page that loads nothing from elsewhere."""
    english = language == "en"
    root = schema["servers"][0]["url"].rstrip("/")
    said = escape(schema["info"]["description"])
    parts = [
        _section(root, path, methods["get"], schema["components"]["schemas"], english)
        for path, methods in schema["paths"].items()
    ]
    title = "REST interface" if english else "REST 接口"
    home, lang = ("tiaokuai", "en") if english else ("条块", "zh-CN")
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{title} · 条块 tiaokuai</title><link rel="icon" href="/static/icon.svg">'
        '<link rel="stylesheet" href="/static/site.css">'
        '<link rel="stylesheet" href="/static/researcher.css"></head><body>'
        f'<header class="top"><div class="frame"><a class="brand" href="{root}/">{home}</a>'
        f'<nav><a href="{root}/openapi.json">openapi.json</a> <a href="{root}/editor">SPARQL</a> '
        f'<a href="{root}/queries">{"Questions" if english else "问题"}</a></nav></div></header>'
        f'<main class="frame api"><h1>{title}</h1><p class="answer" lang="en">{said}</p>'
        + "".join(parts)
        + "</main></body></html>"
    )


def _section(
    root: str, path: str, said: dict[str, Any], shapes: dict[str, Any], english: bool
) -> str:
    content = said["responses"]["200"]["content"]["application/json"]
    example = content.get("example")
    address = root + path
    for parameter in said.get("parameters", ()):
        if parameter["in"] == "path" and "example" in parameter:
            address = root + path.partition("{")[0] + quote(parameter["example"])
        elif parameter.get("required") and "example" in parameter:
            address += f"?{parameter['name']}={quote(parameter['example'])}"
    rows = "".join(_row(p) for p in said.get("parameters", ()) if p["in"] == "query")
    table = f'<div class="scroll"><table class="facts">{rows}</table></div>' if rows else ""
    shown = ""
    if example is not None:
        text = escape(json.dumps(example, ensure_ascii=False, indent=1))
        word = "An example" if english else "一例"
        shown = f"<details><summary>{word}</summary><pre>{text}</pre></details>"
    link = ""
    if "{" not in address:
        word = "Try it" if english else "试一试"
        link = f'<p><a class="mono" href="{escape(address)}">{word}</a></p>'
    heading = f"<h2><code>GET {escape(path)}</code></h2><p>{escape(said.get('summary', ''))}</p>"
    return f"<section>{heading}{table}{link}{shown}</section>"


def _row(parameter: dict[str, Any]) -> str:
    values = parameter["schema"].get("enum")
    taken = "、".join(map(str, values)) if values else str(parameter.get("example", ""))
    bounds = [
        str(parameter["schema"][k]) for k in ("minimum", "maximum") if k in parameter["schema"]
    ]
    taken = taken or "–".join(bounds)
    need = " *" if parameter.get("required") else ""
    return (
        f"<tr><th>{escape(parameter['name'])}{need}</th>"
        f"<td>{escape(parameter.get('description', ''))} <small>{escape(taken)}</small></td></tr>"
    )
