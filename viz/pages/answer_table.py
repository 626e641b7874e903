"""The table of an answer: which columns are shown, their heads, cells and links, and the form."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyoxigraph import NamedNode

from ontology.names import PREFIXES
from queries.catalogue import Answer, Question, choices
from queries.formats import plain
from queries.model.place_ties import WAYS
from viz.web.context import Desk

COLUMNS = {
    "notation": ("号", "No."), "target": ("目标", "Target"), "title": ("目标", "Target"),
    "domain": ("领域", "Domain"), "lead": ("主责", "Lead"), "inferred": ("写明或推断", "Written or inferred"),
    "via": ("经由", "Through"), "confidence": ("置信", "Confidence"), "other": ("部门", "Body"),
    "body": ("部门", "Body"), "targets": ("目标数", "Targets"), "bothLead": ("同为主责", "Both lead"),
    "notations": ("目标", "Targets"), "project": ("项目", "Project"), "text": ("原文", "As written"),
    "places": ("地点", "Places"), "written": ("写作", "Written as"), "place": ("地点", "Place"),
    "quarter": ("季度", "Quarter"), "stage": ("阶段", "Stage"), "spot": ("地点", "Spot"),
    "boughtIn": ("收储季度", "Bought in"), "bought": ("收储原文", "Bought, as written"),
    "soldAs": ("出让时写作", "Sold as"), "soldIn": ("出让季度", "Sold in"),
    "sold": ("出让原文", "Sold, as written"), "gap": ("隔几季", "Quarters between"),
    "role": ("角色", "Role"), "namedAs": ("写作", "Written as"), "quote": ("凭据", "Evidence"),
    "start": ("起", "Start"), "end": ("止", "End"), "before": ("前文", "Before"), "after": ("后文", "After"),
    "source": ("出处", "Source"), "measure": ("指标", "Measure"), "value": ("数值", "Value"),
    "unit": ("单位", "Unit"), "comparator": ("比较", "Comparator"), "accumulation": ("累计方式", "Adds up"),
    "asWritten": ("写作", "As written"), "one": ("甲目标", "One"), "agree": ("一致", "Agree"),
    "year": ("年度", "Year"), "projects": ("项目数", "Projects"), "completed": ("完成", "Completed"),
    "name": ("名称", "Name"), "collective": ("集合称谓", "Collective"), "form": ("写法", "Form"),
    "how": ("怎样认出", "How"), "road": ("道路", "Road"), "leads": ("主责数", "Leads"),
    "coordinates": ("配合数", "Coordinates"), "parent": ("上级", "Parent"), "quarters": ("季度数", "Quarters"),
    "first": ("首季", "First"), "last": ("末季", "Last"), "word": ("措辞", "Word"), "notice": ("通知", "Notice"),
    "old": ("原机构", "Before"), "new": ("新机构", "After"), "way": ("方式", "Way"), "through": ("经由", "Through"),
    "theme": ("重要项目", "Theme"), "from": ("从", "From"), "to": ("到", "To"),
    "steps": ("几步", "Steps"), "names": ("部门", "Bodies"), "bodies": ("部门数", "Bodies"), "part": ("部分", "Part"),
    "thing": ("对象", "Thing"), "kind": ("种类", "Kind"), "works": ("项目", "Project"), "named": ("写明的配合", "Coordinators as written"),
    "withMembers": ("连同集合称谓的成员", "With members of collectives"), "office": ("街道参与", "Office takes part"),
    "month": ("月份", "Month"), "item": ("领域或重要项目", "Domain or theme"), "by": ("主责部门", "Lead"),
    "asOf": ("截至", "As of"), "day": ("截至", "As of"), "status": ("写的状态", "Status as written"),
    "computed": ("推算状态", "Computed status"), "rule": ("规则", "Rule"), "late": ("晚几季", "Quarters late"),
    "expected": ("应达到", "Expected"), "problem": ("存在问题", "Problem"), "next": ("下一步", "Next step"),
    "reporter": ("填报单位", "Reporter"), "percent": ("完成率", "Percent"), "lastReport": ("最近一次报告", "Last report"),
    "lastDay": ("最后一天", "Last day"), "promised": ("承诺", "Promised"), "words": ("写作", "As written"),
    "approved": ("经批准", "Approved"), "due": ("到期节点", "Due"), "reported": ("已报", "Reported"),
    "onTime": ("按时完成", "On time"), "rate": ("按时率", "Rate"),
    "most": ("至多", "At most"), "growth": ("增长", "Growth"),
    "id": ("编号", "ID"), "what": ("种类", "Kind"), "subject": ("对象", "Subject"), "reason": ("理由", "Reason"),
}  # fmt: skip
_SONG = ("text", "quote", "namedAs", "written", "asWritten", "before", "after", "bought", "sold",
         "text1", "text2", "word", "form")  # fmt: skip
_CARRIES = {
    "notation": "target", "title": "target", "name": "body", "other": "body", "written": "place",
    "notation2": "target2", "title2": "target2", "project": "works",
}  # fmt: skip
"""A column of words, and the column of addresses that it may carry as its link."""
_BESIDE = {
    "name": ("collective", "road", "body", "place", "street", "thing"),
    "other": ("body", "otherBody"),
}


def form_fields(desk: Desk, asked: Question, given: Mapping[str, str]) -> list[dict[str, object]]:
    """The fields of the form of a question, as it was filled in."""
    return [
        {
            "name": p.name,
            "kind": p.kind,
            "label": desk.say(p.label_zh, p.label or p.label_zh),
            "value": given.get(p.name, p.default),
            "choices": choices(desk.snapshot, p.kind),
            "optional": p.is_optional,
        }
        for p in asked.params
    ]


def table_columns(desk: Desk, answer: Answer) -> tuple[list[int], list[str], dict[str, int]]:
    """Which columns are shown, under which heads, and which carry another as their link."""
    at = {c: i for i, c in enumerate(answer.columns)}
    linked: dict[str, int] = {}
    for words, iris in _CARRIES.items():
        for iri in (iris, *_BESIDE.get(words, ())):
            if words in at and iri in at and _all_things(answer, at[iri]):
                linked[words] = at[iri]
    shown = [i for c, i in at.items() if i not in linked.values() or c in linked]
    heads = [desk.say(*_head(answer.columns[i])) for i in shown]
    return shown, heads, linked


def _head(column: str) -> tuple[str, str]:
    if column in COLUMNS:
        return COLUMNS[column]
    stem = column.rstrip("12")
    if stem in COLUMNS:
        number = column[len(stem) :]
        return COLUMNS[stem][0] + number, COLUMNS[stem][1] + f" {number}"
    return column, column


def _all_things(answer: Answer, i: int) -> bool:
    return all(row[i] is None or isinstance(row[i], NamedNode) for row in answer.rows)


def is_inferred(answer: Answer, row: tuple[object, ...]) -> bool:
    at = {c: i for i, c in enumerate(answer.columns)}
    if "inferred" in at:
        return plain(row[at["inferred"]]) == "true"  # type: ignore[arg-type]
    return "way" in at and plain(row[at["way"]]) == "collective"  # type: ignore[arg-type]


def table_cell(
    desk: Desk,
    answer: Answer,
    row: tuple[object, ...],
    i: int,
    linked: Mapping[str, int],
    names: Mapping[str, str],
) -> dict[str, object]:
    column = answer.columns[i]
    term = row[i]
    text = plain(term)  # type: ignore[arg-type]
    song = column in _SONG
    way = ""
    if column == "way":
        way, text = text, desk.say(*WAYS.get(text, (text, text)))
    elif column == "inferred":
        text = desk.say("推断", "inferred") if text == "true" else desk.say("写明", "written")
    elif column == "agree":
        text = desk.say("是", "yes") if text == "true" else desk.say("否", "no")
    if column in linked and row[linked[column]] is not None:
        href = desk.thing(plain(row[linked[column]]))  # type: ignore[arg-type]
        return {"parts": [(text, href)], "song": song, "way": way, "quote": False}
    if isinstance(term, NamedNode):
        href = desk.thing(text)
        shown = text.removeprefix(PREFIXES["tk"]) if text.startswith(PREFIXES["tk"]) else text
        parts = [(shown.rsplit("/", 1)[-1], href if href != text else "")]
        return {"parts": parts, "song": False, "way": way, "quote": False}
    named = names if not song and column not in ("title", "what", "domain") else {}
    pieces = text.split("、") if all(p in named for p in text.split("、")) else [text]
    parts = [(p, named.get(p, "")) for p in pieces]
    return {"parts": parts, "song": song, "way": way, "quote": column == "quote" and bool(text)}


def name_links(desk: Desk) -> dict[str, str]:
    a = desk.atlas
    names = {p.label: desk.thing(p.iri) for p in a.places.values()}
    return names | {b.label: desk.thing(b.iri) for b in a.bodies.values()}


def answer_sentence(desk: Desk, answer: Answer) -> str:
    """What was found, in one sentence; written and inferred are never added up."""
    at = {c: i for i, c in enumerate(answer.columns)}
    rows = len(answer.rows)
    if not rows:
        return desk.say("没有这样的事实。", "There is no such fact.")
    number = _counter(answer, at)
    if "way" in at or "inferred" in at:
        far = {number(r) for r in answer.rows if is_inferred(answer, r)}
        near = {number(r) for r in answer.rows if not is_inferred(answer, r)}
        if far or near:
            said = desk.say(f"写明{len(near)}项目标", f"{len(near)} targets as written")
            if far:
                said += desk.say(
                    f"，由推断得出{len(far - near)}项", f", {len(far - near)} more by inference"
                )
            return said + desk.say("。", ".")
    if "target" in at or "notation" in at:
        targets = len({number(r) for r in answer.rows})
        if targets != rows:
            return desk.say(f"{targets}项目标，{rows}行。", f"{targets} targets, {rows} rows.")
        return desk.say(f"{targets}项目标。", f"{targets} targets.")
    return desk.say(f"{rows}条。", f"{rows} rows.")


def _counter(answer: Answer, at: Mapping[str, int]) -> Callable[[tuple[object, ...]], str]:
    column = at.get("target", at.get("notation", 0))
    return lambda row: plain(row[column])  # type: ignore[arg-type]


def picture_of(desk: Desk, asked: Question, params: Mapping[str, str]) -> dict[str, str] | None:
    """Return the picture that the header of a question names: `#+ view: place name=name`."""
    for line in asked.query.splitlines():
        if line.startswith("#+ view:"):
            view, *pairs = line.removeprefix("#+ view:").split()
            named = (pair.partition("=")[::2] for pair in pairs)
            given = {theirs: params[ours] for theirs, ours in named if ours in params}
            return {
                "image": desk.url(f"/views/{view}.svg", **given),
                "page": desk.url(f"/views/{view}", **given),
            }
    return None
