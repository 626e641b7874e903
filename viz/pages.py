"""The pages that are not of one thing: lists, search, questions, views, review."""

from __future__ import annotations

import json
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from viz.desk import Desk
from viz.things import Target
from viz.views import VIEWS, fields, picture

_STATIC = Path(__file__).with_name("static")


def _entry(desk: Desk, iri: str, label: str, note: str = "", quote: str = "") -> dict[str, str]:
    return {"href": desk.thing(iri), "label": label, "note": note, "quote": quote}


def _list(
    desk: Desk, title: str, groups: list[tuple[str, list[dict[str, str]]]], lead: str = ""
) -> str:
    groups = [g for g in groups if g[1]]
    return desk.page(
        "list.html",
        title,
        groups=groups,
        count=sum(len(e) for _, e in groups),
        lead=lead,
        empty=desk.say("这里没有内容。", "There is nothing here."),
    )


def targets(desk: Desk) -> str:
    """All targets by domain."""
    groups = [
        (domain, [_entry(desk, t.iri, f"{t.id} {t.title}", t.theme) for t in group])
        for domain, group in groupby(desk.atlas.targets.values(), key=lambda t: t.domain)
    ]
    return _list(desk, desk.say("目标", "Targets"), groups)


def bodies(desk: Desk) -> str:
    """All bodies that a row names, by kind, with how much they lead and coordinate."""
    a = desk.atlas
    counts: dict[str, list[int]] = {}
    for target in a.targets.values():
        for edge in target.edges:
            if not edge.inferred:
                counts.setdefault(edge.body, [0, 0])[edge.role == "Coordinate"] += 1
    words = (
        ("body", "部门", "Departments"),
        ("street", "街镇", "Streets"),
        ("sub-unit", "下属单位", "Sub-units"),
        ("company", "公司", "Companies"),
        ("collective", "集合称谓", "Collectives"),
    )
    groups = []
    for kind, zh, en in words:
        mine = sorted(
            (b for b in a.bodies.values() if b.kind == kind),
            key=lambda b: [-x for x in counts.get(b.iri, [0, 0])],
        )
        said = desk.say("主责{} 配合{}", "leads {} coordinates {}")
        groups.append(
            (
                desk.say(zh, en),
                [
                    _entry(desk, b.iri, b.label, said.format(*counts.get(b.iri, [0, 0])))
                    for b in mine
                ],
            )
        )
    return _list(desk, desk.say("部门", "Bodies"), groups)


def places(desk: Desk) -> str:
    """All places by kind, with the targets that name them."""
    a = desk.atlas
    named: dict[str, list[Target]] = {}
    for target in a.targets.values():
        for mention in target.mentions:
            named.setdefault(mention.place, []).append(target)
    groups = []
    for kind, label in desk.kinds().items():
        mine = [p for p in a.places.values() if p.kind == kind]
        groups.append(
            (
                label,
                [
                    _entry(desk, p.iri, p.label, " ".join(t.id for t in named.get(p.iri, [])))
                    for p in mine
                ],
            )
        )
    return _list(desk, desk.say("地点", "Places"), groups)


def projects(desk: Desk) -> str:
    """All projects by kind."""
    works = sorted(desk.atlas.works.values(), key=lambda w: (w.kind, w.name))
    groups = [
        (
            kind,
            [
                _entry(desk, w.iri, w.name, " ".join(desk.atlas.targets[t].id for t in w.targets))
                for w in group
            ],
        )
        for kind, group in groupby(works, key=lambda w: w.kind)
    ]
    return _list(desk, desk.say("项目", "Projects"), groups)


def views(desk: Desk) -> str:
    """All views."""
    entries = [
        {
            "href": desk.url(f"/views/{v.name}"),
            "label": desk.say(v.title_zh, v.title),
            "note": v.name,
            "quote": "",
        }
        for v in VIEWS.values()
    ]
    return _list(desk, desk.say("视图", "Views"), [(desk.say("图", "Pictures"), entries)])


def view(desk: Desk, name: str, given: dict[str, str]) -> str:
    """One view with its filters, its table, its formats and its frozen address."""
    drawn = picture(desk.snapshot, name, given, desk.language)
    frozen = f"{desk.root}/v/{desk.snapshot.version.id}"
    live = Markup(_inert_json(drawn.live)) if drawn.live else ""
    return desk.page(
        "view.html",
        drawn.title,
        section="/views",
        crumbs=[(desk.say("视图", "Views"), "/views"), (name, "")],
        lead=drawn.caption,
        svg=Markup(drawn.svg),
        live=live,
        columns=drawn.columns,
        table=drawn.rows,
        form=fields(desk.snapshot, name, given, desk.language),
        forms=[
            {"name": f.upper(), "href": desk.url(f"/views/{name}.{f}", **given)}
            for f in ("svg", "png", "csv", "json")
        ],
        embed=desk.url(f"/embed/{name}", **given).replace(desk.prefix, "", 1)
        if not frozen
        else frozen + desk.url(f"/embed/{name}", **given).removeprefix(desk.prefix),
        scripts=("/static/vis-network.min.js", "/static/network.js") if live else (),
    )


def _inert_json(value: object) -> str:
    """JSON that cannot end its script element."""
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def embedded(desk: Desk, name: str, given: dict[str, str]) -> str:
    """A view alone, for a frame in somebody else's page."""
    drawn = picture(desk.snapshot, name, given, desk.language)
    title = Markup.escape(drawn.title)
    return (
        f'<!doctype html><html lang="{desk.say("zh-CN", "en")}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<link rel="stylesheet" href="/static/site.css"></head><body class="embed"><figure class="picture">{drawn.svg}</figure></body></html>'
    )


def whole(desk: Desk, name: str, given: dict[str, str]) -> str:
    """A view as one file that needs nothing else: style, script and network inside."""
    from viz.frontend import SCRIPT, vendored

    drawn = picture(desk.snapshot, name, given, desk.language)
    title = Markup.escape(drawn.title)
    library = vendored(SCRIPT)
    live = ""
    if library is not None and drawn.live is not None:
        code = library.read_text(encoding="utf-8").replace("</script", "<\\/script")
        ours = (_STATIC / "network.js").read_text(encoding="utf-8")
        live = (
            '<div class="network" id="network" data-source="network-data"></div><p class="legend" id="network-tools"></p>'
            '<div class="panel" id="network-panel" aria-live="polite"></div>'
            f'<script type="application/json" id="network-data">{_inert_json(drawn.live)}</script>'
            f"<script>/* vis-network */{code}</script><script>{ours}</script>"
        )
    style = (_STATIC / "site.css").read_text(encoding="utf-8")
    return (
        f'<!doctype html><html lang="{desk.say("zh-CN", "en")}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<style>{style}</style></head><body class="embed"><h1>{title}</h1>{live}'
        f'<figure class="picture">{drawn.svg}</figure></body></html>'
    )
