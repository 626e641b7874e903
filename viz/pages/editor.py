"""The SPARQL editor, what it completes, and the page of a query that a person saved by address."""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from ontology.names import PREFIXES, base
from queries.catalogue import filled, question, questions
from queries.formats import FORMATS, Rows, plain
from queries.model.atlas import rows
from viz.frontend import EDITOR, vendored
from viz.web.context import Desk

SHOWN = 1000
"""Up to how many rows a page shows; the downloads hold all."""
_START = """# 规土局主责的目标，以及写明的地点
SELECT ?n ?title (GROUP_CONCAT(DISTINCT ?place; separator="、") AS ?places) {
  ?t tk:lead/skos:prefLabel "规土局"@zh ; skos:notation ?n ; skos:prefLabel ?title .
  OPTIONAL { ?t tk:location/skos:prefLabel ?place }
} GROUP BY ?n ?title ORDER BY ?n
"""
_GROUPS = (
    ("place", "地点", "Places"),
    ("body", "部门", "Bodies"),
    ("quarter", "季度", "Quarters"),
    ("number", "指标与措辞", "Numbers and words"),
    ("evidence", "凭据与待核", "Evidence and review"),
)
_WORDS = {
    "rows": ("行", "rows"),
    "triples": ("条三元组", "triples"),
    "cut": ("已截断，后面还有", "cut off, there are more"),
    "whole": ("完整", "complete"),
    "version": ("版本", "version"),
    "running": ("正在运行……", "running…"),
    "failed": ("没有结果：连接中断", "no answer: the connection broke"),
    "table": ("表", "Table"),
    "network": ("图", "Network"),
    "link": ("固定地址（含版本）", "Permanent address, with the version"),
    "copy": ("复制", "Copy"),
    "copied": ("已复制", "Copied"),
    "download": ("下载", "Download"),
    "more": ("再列一些", "Show more"),
    "yes": ("是（true）", "yes (true)"),
    "no": ("否（false）", "no (false)"),
    "part": ("只画前", "only the first"),
    "edges": ("条边", "edges are drawn"),
    "editor": ("SPARQL 查询", "SPARQL query"),
}


def editor(desk: Desk) -> str:
    """The editor, with a query of the address, a question of the catalogue, or one to start from.

    `query=` is the query itself; `question=` names one of the catalogue, its parameters beside it.
    """
    text, name = desk.parameter("query"), desk.parameter("question")
    if name and not text:
        known = {p.name for p in question(name).params}
        text = filled(desk.snapshot, name, {k: v for k, v in desk.params if k in known})
    groups = [
        (desk.say(zh, en), mine)
        for key, zh, en in _GROUPS
        if (mine := [q for q in questions().values() if q.group == key])
    ]
    rich = vendored(EDITOR) is not None
    scripts = ("/static/yasgui.min.js", "/static/vis-network.min.js") if rich else ()
    return desk.page(
        "editor.html",
        desk.say("SPARQL 编辑器", "SPARQL editor"),
        section="/sparql",
        query=text or _START,
        given=bool(text),
        chosen=name,
        groups=groups,
        rich=rich,
        base=base(),
        words=json.dumps({k: desk.say(*v) for k, v in _WORDS.items()}, ensure_ascii=False),
        prefixes=json.dumps(PREFIXES),
        scripts=(*scripts, "/static/editor.js"),
    )


_TERMS = """SELECT ?term (SAMPLE(?z) AS ?zh) (SAMPLE(?e) AS ?en) {
  { SELECT DISTINCT ?term { { ?s ?term ?o } UNION { ?s a ?term } UNION
    { ?term rdfs:label ?any FILTER(STRSTARTS(STR(?term), STR(tk:))) } } }
  OPTIONAL { ?term rdfs:label ?z FILTER(LANG(?z) = "zh") }
  OPTIONAL { ?term rdfs:label ?e FILTER(LANG(?e) = "en") } } GROUP BY ?term"""
_NAMES = """SELECT ?name ?label (SAMPLE(?k) AS ?kind) { ?thing skos:prefLabel ?label ; a ?class .
  ?class rdfs:label ?k FILTER(LANG(?k) = "zh" && ?class NOT IN (tk:Target, tk:Project, tk:Notice))
  { ?thing skos:prefLabel ?name } UNION { ?thing skos:altLabel ?name } } GROUP BY ?name ?label"""


def terms(desk: Desk) -> bytes:
    """What the editor completes: terms of the vocabularies in use, and the names of things.

    `terms` are (what is written, what it is called); `names` are (any name, the preferred one,
    what kind of thing), longest use first left to the editor.
    """
    called = []
    for iri, zh, en in rows(desk.snapshot, _TERMS):
        for prefix, home in PREFIXES.items():
            rest = iri.removeprefix(home)
            if rest != iri and rest.isidentifier():
                called.append((f"{prefix}:{rest}", desk.say(zh, en)))
    found = {
        "terms": sorted(called, key=lambda t: (not t[0].startswith("tk:"), t[0])),
        "names": sorted(rows(desk.snapshot, _NAMES)),
    }
    return json.dumps(found, ensure_ascii=False).encode()


def saved(desk: Desk, text: str, title: str, found: Rows, offset: int) -> str:
    """The page of a query of somebody's own: its answer, its downloads, the query itself."""
    said = {"query": text, **({"title": title} if title else {})}
    home = f"/v/{found.version}"

    def address(path: str, **more: str) -> str:
        return f"{home}{path}?{urlencode({**said, **more})}"

    kept = {"offset": str(offset)} if offset else {}
    following = ""
    if found.truncated:
        following = address("/q", offset=str(offset + len(found.rows)))
    return desk.page(
        "saved.html",
        title or desk.say("一个查询", "A query"),
        section="/sparql",
        crumbs=[("SPARQL", "/sparql"), (title or desk.say("一个查询", "A query"), "")],
        query=text,
        columns=found.columns,
        rows=[[_cell(desk, t) for t in row] for row in found.rows[:SHOWN]],
        count=len(found.rows),
        hidden=len(found.rows) > SHOWN,
        truncated=found.truncated,
        following=following,
        editor=address("/editor"),
        forms=[{"name": f.upper(), "href": address(f"/q.{f}", **kept)} for f in FORMATS],
    )


def _cell(desk: Desk, term: object) -> dict[str, str]:
    text = plain(term)  # type: ignore[arg-type]
    if isinstance(term, NamedNode):
        href = desk.thing(text)
        if href != text:
            return {"text": _short(text), "href": href}
    return {"text": text, "href": ""}


def _short(iri: str) -> str:
    for prefix, home in PREFIXES.items():
        if iri.startswith(home):
            return f"{prefix}:{iri.removeprefix(home)}"
    return iri.rsplit("/", 1)[-1]


__all__: Sequence[str] = ("editor", "saved", "terms")
