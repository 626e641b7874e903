"""The page of one view, the view alone for a frame, and the view as one file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from viz.frontend import SCRIPT, vendored
from viz.views.catalogue import FORMATS, VIEWS, fields, picture
from viz.views.selection import Drawn
from viz.web.context import Desk, templates
from viz.web.paging import paged

_STATIC = Path(__file__).parents[1] / "static"
_SCRIPTS = (f"/static/{SCRIPT}", "/static/network.js")
_ROWS = 300
"""Rows of the table on one page."""
_FEW = 5
"""Up to so many choices stand side by side, more in a list."""


def view(desk: Desk, name: str, given: dict[str, str]) -> str:
    """One view with its filters, its table, its formats, and how to embed and cite it."""
    drawn = picture(desk.snapshot, name, given, desk.language)
    filters = fields(desk.snapshot, name, given, desk.language, drawn.least)
    for field in filters:
        field["few"] = 0 < len(field["choices"]) <= _FEW
    asked = {k: v for k, v in given.items() if v}
    live = _data(drawn)
    shown, pager = paged(desk, drawn.rows, _ROWS, "table")
    return desk.page(
        "view.html",
        drawn.title,
        section="/views",
        crumbs=[(desk.say("视图", "Views"), "/views"), (name, "")],
        question=desk.say(VIEWS[name].question_zh, VIEWS[name].question),
        lead=drawn.caption,
        svg=Markup(drawn.svg),
        live=live,
        columns=drawn.columns,
        table=shown,
        pager=pager,
        csv=desk.url(f"/views/{name}.csv", **asked),
        form=filters,
        forms=[
            {"name": f.upper(), "href": desk.url(f"/views/{name}.{f}", **asked)}
            for f in FORMATS
            if f != "html"
        ],
        **_shared(desk, name, asked, drawn),
        scripts=("/static/views.js", *(_SCRIPTS if live else ())),
    )


def _shared(desk: Desk, name: str, asked: dict[str, str], drawn: Drawn) -> dict[str, Any]:
    """What other documents take: frozen addresses, snippets, citations."""
    version = desk.snapshot.version
    frozen = f"{desk.root}/v/{version.id}"
    if desk.language == "en":
        asked = {**asked, "lang": "en"}
    query = "?" + urlencode(asked) if asked else ""
    page, image = f"{frozen}/views/{name}{query}", f"{frozen}/views/{name}.png{query}"
    title, esc = Markup.escape(drawn.title), Markup.escape
    shown = f'<a href="{esc(page)}"><img src="{esc(image)}" alt="{title}" width="100%"></a>'
    notice = "；".join(n.number or n.title for n in list(desk.atlas.notices.values())[:3])
    day = version.time[:10]
    whole = f"{drawn.title}（{notice}）" if notice else drawn.title
    key = re.sub(r"\W+", "-", f"tiaokuai-{name}-{version.id}")
    plain = re.sub(r"[{}\\%#&$_^~]", " ", whole)
    return {
        "permanent": page,
        "png": image,
        "iframe": (
            f'<iframe src="{esc(frozen)}/embed/{name}{esc(query)}" width="100%" height="640" '
            f'title="{title}" loading="lazy" sandbox="allow-scripts">{shown}</iframe>'
        ),
        "image": shown,
        "gbt": f"条块 tiaokuai. {whole}[DB/OL]. 版本 {version.id}. ({day})[{day}]. {page}.",
        "bibtex": (
            f"@misc{{{key},\n  author = {{{{条块 tiaokuai}}}},\n  title = {{{{{plain}}}}},\n"
            f"  year = {{{day[:4]}}},\n  note = {{版本 {version.id}}},\n"
            f"  url = {{{page}}},\n  urldate = {{{day}}}\n}}"
        ),
        "day": day,
    }


def _data(drawn: Drawn) -> Markup:
    """The data of the interactive network; none where its script was not brought."""
    if drawn.live is None or vendored(SCRIPT) is None:
        return Markup("")
    return Markup(inert_json(drawn.live))


def inert_json(value: object) -> str:
    """JSON that cannot end its script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def embedded(desk: Desk, name: str, given: dict[str, str]) -> str:
    """A view alone, for a frame in somebody else's page; it tells its height to that page."""
    drawn = picture(desk.snapshot, name, given, desk.language)
    live = _data(drawn)
    scripts = ("/static/views.js", *(_SCRIPTS if live else ()))
    return templates().get_template("embed.html").render(
        L=desk.say, title=drawn.title, svg=Markup(drawn.svg), live=live, scripts=scripts,
        style=None, inside=(), address=desk.url(f"/views/{name}", **given),
    )  # fmt: skip


def in_one_file(desk: Desk, name: str, given: dict[str, str]) -> str:
    """A view as one file that needs nothing else: style, script and network inside."""
    drawn = picture(desk.snapshot, name, given, desk.language)
    live, library = _data(drawn), vendored(SCRIPT)
    inside: list[Markup] = []
    if live and library is not None:
        for code in (library, _STATIC / "network.js"):
            text = code.read_text(encoding="utf-8")
            inside.append(Markup(text.replace("</script", "<\\/script")))
    style = "".join((_STATIC / f).read_text(encoding="utf-8") for f in ("site.css", "views.css"))
    return templates().get_template("embed.html").render(
        L=desk.say, title=drawn.title, svg=Markup(drawn.svg), live=live, scripts=(),
        style=Markup(style), inside=inside, address="",
    )  # fmt: skip
