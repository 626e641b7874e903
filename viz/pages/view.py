"""The page of one view, the view alone for a frame, and the view as one file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from queries.model.ground import ground_of
from viz.drawing import finish
from viz.drawing.finish import size_of
from viz.drawing.paper import Paper
from viz.frontend import SCRIPT, vendored
from viz.views.catalogue import FORMATS, VIEWS, BadView, fields, picture
from viz.views.report_mode import FRAME_MARGIN, OPTIONS, Options, drawn_for, options_of
from viz.views.selection import Drawn
from viz.web.context import Desk, templates
from viz.web.paging import paged

_STATIC = Path(__file__).parents[1] / "static"
_SCRIPTS = (f"/static/{SCRIPT}", "/static/network.js")
_ROWS = 300
"""Rows of the table on one page."""
_FEW = 5
"""More choices than this are in a list instead of side by side."""


def view(desk: Desk, name: str, given: dict[str, str]) -> str:
    """Show a view with its filters, the sentences of a cell, its table, formats and citation."""
    options, given = options_of(given)
    screen = Paper(title=False, caption=False)
    drawn = picture(desk.snapshot, name, given, desk.language, screen)
    at = desk.parameter("at")
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
        svg=Markup(finish.linked(drawn.svg, _opener(desk, name, asked), at)),
        cell=drawn.cells.get(at),
        at=at,
        clear=desk.url(f"/views/{name}", **asked),
        report=_report_form(desk, name, asked, options, given),
        live=live,
        listed=_list_form(drawn, shown, _opener(desk, name, asked)),
        whole=desk.url(f"/views/{name}.svg", **asked),
        columns=drawn.columns,
        table=shown,
        pager=pager,
        csv=desk.url(f"/views/{name}.csv", bom="1", download="1", **asked),
        form=filters,
        forms=[
            {
                "name": f.upper(),
                "href": desk.url(
                    f"/views/{name}.{f}",
                    **asked,
                    **({"bom": "1", "download": "1"} if f == "csv" else {}),
                ),
            }
            for f in (*FORMATS, *(("geojson",) if _has_ground(desk, name) else ()))
            if f != "html"
        ],
        **_shared(desk, name, asked, drawn),
        captions=_captions(desk, name, drawn),
        scripts=("/static/views.js", *_map_script(drawn), *(_SCRIPTS if live else ())),
    )


def sentences(desk: Desk, name: str, given: dict[str, str]) -> bytes:
    """The sentences of every cell of a picture, as JSON: for a page that shows them by itself."""
    drawn = picture(desk.snapshot, name, options_of(given)[1], desk.language, Paper(title=False))
    parts: Any = templates().get_template("parts.html").module
    found = {
        key: {
            "label": cell.label,
            "html": parts.proofs(cell.proofs, desk.around, desk.thing, desk.say),
        }
        for key, cell in sorted(drawn.cells.items())
    }
    return json.dumps(found, ensure_ascii=False).encode(errors="replace")


def _has_ground(desk: Desk, name: str) -> bool:
    """Return whether a view has places, and the graph their geometry."""
    return name in ("map", "tiles", "streets", "parcels", "place") and bool(
        ground_of(desk.snapshot).shapes
    )


def _map_script(drawn: Drawn) -> tuple[str, ...]:
    """Return the script that moves a map, for a picture with one."""
    return ("/static/map.js",) if "data-pane=" in drawn.svg else ()


def _opener(desk: Desk, name: str, asked: Mapping[str, str]) -> Callable[[str], str]:
    """Return the address of a link of the picture: this page, with its sentences below."""

    def address(key: str) -> str:
        return desk.url(f"/views/{name}", **{**asked, "at": key}) + "#sentences"

    return address


@dataclass(frozen=True, slots=True)
class _Line:
    """One row of a picture in words: its name, the link to its sentences, its other columns."""

    name: str
    href: str
    rest: tuple[tuple[str, str], ...]


def _list_form(
    drawn: Drawn, rows: Sequence[Sequence[str]], address: Callable[[str], str]
) -> list[tuple[str, list[_Line]]]:
    """Write a picture as a list, for screens that are too narrow for it.

    Rows are grouped by the first of the leading columns whose values repeat.
    """
    leading = range(min(3, len(drawn.columns)))
    by = next((c for c in leading if len({r[c] for r in rows}) * 1.4 < len(rows)), None)
    found: dict[str, list[_Line]] = {}
    for row in rows:
        parts = [(drawn.columns[c], v) for c, v in enumerate(row) if c != by and v]
        key = _key_of(row, drawn.cells)
        line = _Line(parts[0][1], address(key) if key else "", tuple(parts[1:])) if parts else None
        if line:
            found.setdefault("" if by is None else row[by] or "–", []).append(line)
    return list(found.items())


def _key_of(row: Sequence[str], cells: Mapping[str, object]) -> str:
    """The link of the picture that a row of its table belongs to; empty where there is none."""
    values = [v.partition(" ")[0] for v in row if v]
    pairs = (f"{a}~{b}" for a, b in permutations(values[:4], 2))
    return next((key for key in (*pairs, *values) if key in cells), "")


def _report_form(
    desk: Desk, name: str, asked: Mapping[str, str], options: Options, given: Mapping[str, str]
) -> dict[str, Any]:
    """The form of report mode, what it was set to, and the files that come of it."""
    say = desk.say
    labels = {
        "width": (say("宽度", "width"), {"": say("屏幕", "screen")}),
        "title": (say("标题", "title"), {"1": say("有", "yes"), "0": say("无", "no")}),
        "caption": (say("说明", "caption"), {"1": say("有", "yes"), "0": say("无", "no")}),
        "tone": (
            say("颜色", "tone"),
            {"colour": say("彩色", "colour"), "grey": say("灰度", "grey")},
        ),
        "theme": (say("底色", "theme"), {"light": say("浅", "light"), "dark": say("深", "dark")}),
        "dpi": ("dpi", {}),
    }
    chosen = {k: desk.parameter(k) for k in OPTIONS if desk.parameter(k)}
    files, problem = [], ""
    if options.width:
        try:
            drawn_for(desk.snapshot, name, {**given, **chosen}, desk.language)
            files = [
                (form.upper(), desk.url(f"/views/{name}.{form}", **asked, **chosen))
                for form in ("svg", "png", "pdf", "docx")
            ]
        except BadView as error:
            problem = error.said(desk.language)
    return {
        "fields": [
            (key, labels[key][0], desk.parameter(key) or values[0],
             [(v, labels[key][1].get(v, v)) for v in values])
            for key, values in OPTIONS.items()
        ],
        "kept": [(k, v) for k, v in asked.items()],
        "files": files,
        "problem": problem,
    }  # fmt: skip


def _captions(desk: Desk, name: str, drawn: Drawn) -> dict[str, str]:
    """The caption of a figure in both languages, with its source and version."""
    shown = VIEWS[name]
    notices = desk.scope.documents
    source = "；".join(d.name for d in notices[:3])
    version = desk.snapshot.version.id
    scope, scope_en = desk.scope.label("zh"), desk.scope.label("en")
    more = f"等{len(notices)}份文件" if len(notices) > 3 else ""
    more_en = f" and {len(notices) - 3} more notices" if len(notices) > 3 else ""
    return {
        "caption_zh": f"图　{shown.title_zh}（{scope}）。资料来源：{source}{more}；条块，版本 {version}。",
        "caption_en": f"Figure. {shown.title} ({scope_en}). Source: {source}{more_en}; tiaokuai, version {version}.",
    }


def _shared(desk: Desk, name: str, asked: dict[str, str], drawn: Drawn) -> dict[str, Any]:
    """Frozen addresses, snippets and citations for other documents."""
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
            f'<iframe src="{esc(frozen)}/embed/{name}{esc(query)}" '
            f'style="border:0;width:100%;aspect-ratio:{ratio_of(drawn)}" '
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


def ratio_of(drawn: Drawn) -> str:
    """Return width and height of a view in a frame, as CSS writes a ratio."""
    width, height = size_of(drawn.svg)
    return f"{width:.0f}/{height + FRAME_MARGIN:.0f}"


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
    drawn = drawn_for(desk.snapshot, name, given, desk.language)
    asked = options_of(given)[1]
    live = _data(drawn)
    scripts = ("/static/views.js", *_map_script(drawn), *(_SCRIPTS if live else ()))
    return templates().get_template("embed.html").render(
        L=desk.say, title=drawn.title, svg=Markup(finish.linked(drawn.svg, _opener(desk, name, asked))), live=live, scripts=scripts,
        style=None, inside=(), address=desk.url(f"/views/{name}", **given),
    )  # fmt: skip


def in_one_file(desk: Desk, name: str, given: dict[str, str]) -> str:
    """A view as one file that needs nothing else: style, script and network inside."""
    drawn = drawn_for(desk.snapshot, name, given, desk.language)
    live, library = _data(drawn), vendored(SCRIPT)
    inside: list[Markup] = []
    if live and library is not None:
        for code in (library, _STATIC / "network.js"):
            text = code.read_text(encoding="utf-8")
            inside.append(Markup(text.replace("</script", "<\\/script")))
    style = "".join((_STATIC / f).read_text(encoding="utf-8") for f in ("site.css", "views.css"))
    return templates().get_template("embed.html").render(
        L=desk.say, title=drawn.title, svg=Markup(finish.linked(drawn.svg, None)), live=live, scripts=(),
        style=Markup(style), inside=inside, address="",
    )  # fmt: skip
