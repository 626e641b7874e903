"""The views by name: what is drawn, and from which filters."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graph.store.snapshot import Snapshot
from queries.catalogue import choices
from queries.errors import QuestionError
from queries.scope import KEYS, narrowed, scope_of
from viz.drawing.paper import SCREEN, Paper
from viz.views.actuals.board import board_view
from viz.views.actuals.curves import burn_up
from viz.views.actuals.lights import lights, owed
from viz.views.actuals.lines import bullets, slip_view
from viz.views.bodies import bodies
from viz.views.domains import crossing
from viz.views.flows import body, place, target
from viz.views.ground_map import ground_map
from viz.views.lead_matrix import lead_matrix
from viz.views.panels import panels
from viz.views.parcels import parcels
from viz.views.selection import MINIMA, Drawn, default_minimum, domains, speaker, titled
from viz.views.slope import draw_slope, years_of
from viz.views.streets import streets
from viz.views.tiles import tiles
from viz.views.timeline import timeline


class ViewError(QuestionError):
    """A view that cannot be drawn."""


class UnknownView(ViewError):
    """No view of this name."""

    def __init__(self, name: str) -> None:
        self.near = tuple(difflib.get_close_matches(name, VIEWS, 3, 0.3)) or tuple(VIEWS)
        super().__init__(
            f"there is no view {name!r}; there are {', '.join(VIEWS)}",
            f"没有视图“{name}”；可用：{'、'.join(VIEWS)}",
        )


class BadView(ViewError):
    """A filter or a format that the view does not have."""

    def __init__(self, parameter: str, value: str, allowed: tuple[str, ...]) -> None:
        super().__init__(
            f"parameter {parameter}: {value!r} (allowed: {', '.join(allowed)})",
            f"参数 {parameter}：{value!r}（可用：{', '.join(allowed)}）",
        )
        self.parameter, self.allowed = parameter, allowed


@dataclass(frozen=True, slots=True)
class View:
    """A view of the list, and the parameters that it takes."""

    name: str
    title_zh: str
    title: str
    draw: Callable[[Snapshot, Mapping[str, str], str, Paper], Drawn]
    question_zh: str
    question: str
    params: tuple[str, ...]
    all_years: bool = False
    """It compares years: all of them are its default scope."""
    of_reports: bool = False
    """True for a picture of what was reported; without reports it is a sentence that states so."""


FORMATS = ("html", "svg", "png", "pdf", "docx", "csv", "json", "graphml", "gexf")
_QUARTERS = ("all", "1", "2", "3", "4")
_SMALL = 5
"""The minimum from which larger ones are offered too."""
_COLLECTIVES = ("count", "expand")
_BY = ("targets", "density")


def picture(
    snapshot: Snapshot,
    name: str,
    params: Mapping[str, str],
    language: str = "zh",
    paper: Paper = SCREEN,
) -> Drawn:
    """Draw a view of a scope, which `district`, `year` and `notice` among its parameters name.

    Raises UnknownView, BadView, BadParameter, and UnknownThing for a name that is not there.
    """
    if name not in VIEWS:
        raise UnknownView(name)
    view = VIEWS[name]
    snapshot = narrowed(snapshot, scope_of(snapshot, params, all_years=view.all_years))
    params = {k: v for k, v in params.items() if k not in KEYS}
    allowed = {
        "min": MINIMA,
        "quarter": _QUARTERS,
        "domain": ("", *domains(snapshot)),
        "collectives": _COLLECTIVES,
        "before": ("", *years_of(snapshot)),
        "after": ("", *years_of(snapshot)),
        "by": _BY,
    }
    for key, value in params.items():
        if key not in (*view.params, "scale"):
            raise BadView(key, value, view.params)
        if key in allowed and value not in allowed[key]:
            raise BadView(key, value, tuple(v for v in allowed[key] if v))
    if len(snapshot.scope.districts) > 1:
        say = speaker(language)
        title = titled(snapshot, say, view.title_zh, view.title)

        def draw(mine: Mapping[str, str], room: Paper) -> Drawn:
            return picture(snapshot.whole, name, mine, language, room)

        return panels(snapshot, params, title, say, paper, draw)
    return view.draw(snapshot, params, language, paper)


def fields(
    snapshot: Snapshot, name: str, given: Mapping[str, str], language: str, least: str = ""
) -> list[dict[str, Any]]:
    """The filters of a view as a plain form; `least` is the usual minimum where it depends."""
    say = speaker(language)
    labels = {
        "name": say("名称", "name"),
        "who": say("谁", "who"),
        "notation": say("目标号", "target"),
        "min": say("至少共担", "shared at least"),
        "quarter": say("季度", "quarter"),
        "domain": say("领域", "domain"),
        "collectives": say("集合称谓", "collectives"),
        "before": say("原先", "before"),
        "after": say("后来", "after"),
        "by": say("深浅", "shade"),
    }
    kinds = {"place": "place", "body": "body", "target": "target"}
    whole = say("全年", "whole year")
    options: dict[str, list[tuple[str, str]]] = {
        "who": [],
        "min": [
            (m, m)
            for m in MINIMA
            if int(m) <= _SMALL or max(int(least or 0), int(given.get("min") or 0)) > _SMALL
        ],
        "quarter": [(q, whole if q == "all" else q) for q in _QUARTERS],
        "domain": [("", say("全部", "all")), *((d, d) for d in domains(snapshot))],
        "by": [
            ("targets", say("目标数", "targets")),
            ("density", say("每平方公里", "per km²")),
        ],
        "collectives": [
            ("count", say("只计数", "counted only")),
            ("expand", say("展开为推断", "expanded")),
        ],
        **{
            key: [("", say("自动", "automatic")), *((y, y) for y in years_of(snapshot))]
            for key in ("before", "after")
        },
    }
    found = []
    for key in VIEWS[name].params:
        if key in ("name", "notation"):
            options[key] = [(c, c) for c in choices(snapshot, kinds[name])]
        defaults = {
            "min": (least or default_minimum(name)) if key == "min" else "",
            "quarter": "all",
            "collectives": "count",
            "by": "targets",
        }
        found.append(
            {
                "name": key,
                "label": labels[key],
                "value": given.get(key, defaults.get(key, "")),
                "choices": options[key],
            }
        )
    return found


_FILTERS = ("quarter", "domain", "collectives")
VIEWS: dict[str, View] = {
    view.name: view
    for view in (
        View(
            "bodies", "部门协同骨干网", "The backbone of departments", bodies,
            "部门之间主要和谁一起干活？", "Who mainly works with whom?", ("min", *_FILTERS),
        ),
        View(
            "lead-matrix", "谁主责、谁配合", "Who leads, who coordinates", lead_matrix,
            "某部门主责时要找谁配合？", "Whom does a lead call on?", ("min", *_FILTERS),
        ),
        View(
            "domains", "条线之间如何交叉", "How the domains cross", crossing,
            "哪些领域要靠别的领域的部门？", "Which domains depend on others?", ("min", *_FILTERS),
        ),
        View(
            "streets", "街道与目标", "Streets and targets", streets,
            "哪些目标落到哪个街道，以什么方式？", "Which targets tie into which street, and how?",
            _FILTERS,
        ),
        View(
            "map", "街镇地图", "Map of streets", ground_map,
            "目标落在哪里，哪个季度？", "Where do targets fall, and in which quarter?",
            (*_FILTERS, "by"),
        ),
        View(
            "tiles", "街镇方格", "Streets as tiles", tiles,
            "各街镇牵涉多少目标，每季度多少？", "How many targets concern each street, in each quarter?",
            _FILTERS,
        ),
        View(
            "parcels", "地块、街坊与目标", "Parcels, blocks and targets", parcels,
            "哪块地在哪个季度做什么，谁主责？", "What happens on which land, when, led by whom?",
            ("quarter", "domain"),
        ),
        View(
            "timeline", "全年时间线", "The year by quarter", timeline,
            "每个季度到期的是什么？", "What is due in each quarter?", ("quarter", "domain"),
        ),
        View(
            "slope", "两年对照", "Two years compared", draw_slope,
            "和上一年比，什么变了？", "What changed since the year before?",
            ("before", "after", "domain"), all_years=True,
        ),
        View(
            "board", "看板", "The board", board_view,
            "某部门或街道到期的是什么，报了什么？", "What is due for whom, and what was reported?", ("who", "quarter"),
        ),
        View(
            "lights", "逐月亮灯", "Lights by month", lights,
            "哪项目标哪个月报了什么？", "What was reported on which target, month by month?", ("domain",), of_reports=True,
        ),
        View(
            "owed", "各部门应完成与已完成", "Done of owed", owed,
            "每个部门每季应完成几项、完成了几项？", "How much of what a body owes is done?", ("domain",), of_reports=True,
        ),
        View(
            "burn-up", "节点完成曲线", "Steps planned and done", burn_up,
            "各领域的节点完成到哪里了？", "How far has each domain come?", ("domain",), of_reports=True,
        ),
        View(
            "slips", "节点的提前与拖延", "Steps that moved", slip_view,
            "哪些节点拖后了，拖了几个季度？", "Which steps slipped, and by how much?", ("domain",), of_reports=True,
        ),
        View(
            "bullets", "数量指标完成了多少", "Promised numbers and actuals", bullets,
            "承诺的数完成了多少，此时应有多少？", "How far have the promised numbers come?", ("domain",), of_reports=True,
        ),
        View(
            "place", "一个地方涉及的目标", "The targets of one place", place,
            "这个地方涉及哪些目标，谁主责，何时？", "Which targets tie into this place?",
            ("name", *_FILTERS),
        ),
        View(
            "body", "一个部门的主责与配合", "What one body leads and coordinates", body,
            "这个部门要做什么，和谁一起，何时？", "What does this body do, with whom, when?",
            ("name", *_FILTERS),
        ),
        View(
            "target", "一项目标的分工", "Who does one target", target,
            "这项目标由谁主责、谁配合，何时做什么？", "Who does this target, and when?",
            ("notation", "collectives"),
        ),
    )
}  # fmt: skip
