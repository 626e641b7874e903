"""The page of the REST interface for people: one section a path, values and examples folded."""

from __future__ import annotations

import json
from html import escape
from typing import Any
from urllib.parse import quote

_ABOUT_EN = (
    'Lists are <code>{"items", "next"}</code>, paged by <code>limit</code> and <code>after</code>; '
    "the Link header names the next page, of the same version. Every reply carries its version and "
    "an ETag; below <code>/v/{version}</code> the same is frozen. "
    "<code>Accept: application/ld+json</code> gives JSON-LD. Errors are problems as of RFC 9457. "
    "Examples and values here are those of the graph that answers."
)
_ABOUT_ZH = (
    '列表为 <code>{"items", "next"}</code>，用 <code>limit</code> 和 <code>after</code> 翻页；Link '
    "头给出同一版本的下一页。每个回答带有版本和 ETag；<code>/v/{version}</code> 之下固定不变。"
    "<code>Accept: application/ld+json</code> 得到 JSON-LD。出错时按 RFC 9457 说明。"
    "这里的示例和可用值取自正在回答的图谱。"
)
ZH = {
    "The targets, in the order of the documents": "目标，按文件中的次序",
    "One target, by notation or id": "一个目标，用编号或 id",
    "Departments, offices, companies and collectives": "部门、街镇、公司和集合称谓",
    "One body, by any of its names or its id": "一个部门，用任一名称或 id",
    "Blocks, lots, roads, streets and what else is a place": "街坊、丘、道路、街道等各类地点",
    "One place, by any of its names or its id": "一个地点，用任一名称或 id",
    "Named pieces of work": "有名称的项目",
    "One project, by its name or id": "一个项目，用名称或 id",
    "What is due in which quarter": "各季度的节点",
    "One milestone, by its id": "一个节点，用 id",
    "The numbers that are promised": "写明的数量指标",
    "One number, by its id": "一个指标，用 id",
    "Who does what in which role, with its place in the notice": "分工：谁做什么，附原文位置",
    "One assignment, by its id": "一条分工，用 id",
    "The documents": "文件",
    "One document, by its number or id": "一份文件，用发文字号或 id",
    "The versions, newest first": "图谱的各个版本，新的在前",
    "One version, by its id": "一个版本，用 id",
    "The questions of the catalogue": "目录中的问题",
    "One question": "一个问题",
    "Bodies, places, projects, targets and sentences": "搜索部门、地点、项目、目标和原文",
    "Words to look for.": "要找的字词。",
    "A question in plain words": "用平常的话提问",
    "A question in plain words, Chinese or English.": "平常话写的问题，中文或英文。",
    "Only facts of this district.": "只看这个辖区的事实。",
    "Only facts of this year.": "只看这一年的事实。",
    "Only facts of this notice.": "只看这份文件的事实。",
    "Only of this district.": "只看这个辖区。",
    "Only of notices of this year.": "只看这一年的文件。",
    "Only of this notice: its number or title.": "只看这份文件：文号或标题。",
    "Only what has this month.": "只看写到这个月的。",
    "Reports of progress, the oldest facts first": "进展报告，事实最早的在前",
    "One report, by its id": "一份报告，按编号",
    "Entries of reports: what was reported on what": "报告的条目：报了什么",
    "One entry, by its id": "一个条目，按编号",
    "As of this day: of the entries about one thing, the newest.": "截至这一天；同一件事取最新的。",
    "On the step of this quarter.": "关于这个季度的节点。",
    "Reported by this body.": "由这个部门报送。",
    "Reported or led by this body; any of its names.": "由这个部门报送或主责；任一名称。",
    "The status that follows from plan and day.": "按计划与日期推出的状态。",
    "The status that the report writes.": "报告写明的状态。",
    "How many items at most.": "最多几项。",
    "The `next` of the page before.": "上一页的 next。",
    "Only what has this type.": "只要这一类。",
    "Only what has this domain.": "只要这一领域。",
    "Only what has this theme.": "只要这一专题。",
    "Only what has this quarter.": "只要这一季度。",
    "Only what has this role.": "只要这一角色。",
    "Only what has this street.": "只要这一街道。",
    "The domain of the target.": "目标所属领域。",
    "The theme (重要项目) of the target.": "目标所属重要项目。",
    "With a step in this quarter.": "这一季度有节点。",
    "Due in this quarter.": "这一季度到期。",
    "Led by this body, as written; any of its names.": "由这个部门主责（写明的）；任一名称。",
    "Coordinated by this body, as written; any name.": "由这个部门配合（写明的）；任一名称。",
    "This body, in whatever role; any of its names.": "这个部门，不论角色；任一名称。",
    "The role of the body.": "部门的角色。",
    "Tied to this place, in whatever way; any name.": "与这个地点相关，不论方式；任一名称。",
    "Tied to this street (街道、镇), in whatever way.": "与这个街道（镇）相关，不论方式。",
    "Known to lie within this street (街道、镇).": "已知位于这个街道（镇）之内。",
    "How the target is tied to the place or street.": "目标与地点或街道相关的方式。",
    "Of a notice of this year.": "这一年的通知。",
    "Of the target with this notation.": "这个编号的目标。",
    "The kind of body.": "部门的种类。",
    "The kind of place.": "地点的种类。",
    "The kind of project.": "项目的类别。",
    "How far the step goes.": "节点到哪一步。",
    "Inferred, or as written.": "推断的，还是写明的。",
}


def docs_page(schema: dict[str, Any], language: str) -> str:
    """The description of the interface as a page that loads nothing from elsewhere."""
    english = language == "en"
    root = schema["servers"][0]["url"].rstrip("/")
    said = _ABOUT_EN if english else _ABOUT_ZH
    parts = [
        _section(root, path, methods["get"], english) for path, methods in schema["paths"].items()
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
        f'<main class="frame api"><h1>{title}</h1><p class="answer">{said}</p>'
        + "".join(parts)
        + "</main></body></html>"
    )


def _section(root: str, path: str, said: dict[str, Any], english: bool) -> str:
    content = said["responses"]["200"]["content"]["application/json"]
    example = content.get("example")
    address = root + path
    for parameter in said.get("parameters", ()):
        if parameter["in"] == "path" and "example" in parameter:
            address = root + path.partition("{")[0] + quote(parameter["example"])
        elif parameter.get("required") and "example" in parameter:
            address += f"?{parameter['name']}={quote(parameter['example'])}"
    given = [p for p in said.get("parameters", ()) if p["in"] == "query"]
    rows = "".join(_row(p, english) for p in given)
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
    words = said.get("summary", "")
    words = words if english else ZH.get(words, words)
    heading = f"<h2><code>GET {escape(path)}</code></h2><p>{escape(words)}</p>"
    return f"<section>{heading}{table}{link}{shown}</section>"


def _row(parameter: dict[str, Any], english: bool) -> str:
    values = parameter["schema"].get("enum")
    taken = "、".join(map(str, values)) if values else str(parameter.get("example", ""))
    bounds = [
        str(parameter["schema"][k]) for k in ("minimum", "maximum") if k in parameter["schema"]
    ]
    taken = taken or "–".join(bounds)
    need = " *" if parameter.get("required") else ""
    words = parameter.get("description", "")
    words = words if english else ZH.get(words, words)
    return (
        f"<tr><th>{escape(parameter['name'])}{need}</th>"
        f"<td>{escape(words)} <small>{escape(taken)}</small></td></tr>"
    )
