"""Assignments in plain sentences, for documents without any other form.

`县发改局牵头，县财政局配合，月底前完成。`, `市体育局：负责统筹协调。` A document that names its
bodies in brackets or on label lines is not read for sentences: there they only repeat those.
A regulation gives standing duties, a report describes past work: neither assigns tasks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from graph.records import Role
from loaders.bodies.lists import ListedBody, bodies_in, is_body_name, is_kind_of_doer
from loaders.bodies.roles import Basis, BodyInRole, RoleClause
from loaders.prose.rules.no_tasks import gives_no_task
from loaders.prose.rules.outline import Level, OutlineLine
from loaders.prose.rules.page import ProsePage
from loaders.prose.rules.statement import Statement

MIN_SENTENCES = 2
_SPACE = r"[ \t\u3000]*"
ANNEXED = re.compile(
    rf"(?:^|(?<=\s))附 ?件{_SPACE}[:：]?{_SPACE}1?[.．、:：]?[^\n]{{0,50}}"
    r"(?:分解表|任务表|分工表|责任表|一览表|任务清单|责任清单|任务分解|台账)"
    r"[^\n]{0,400}(?:\n[^\n]{0,60}){0,8}\Z",
    re.MULTILINE,
)
"""A notice whose tasks are in a missing annex: its own text only describes how to follow
them up."""
_CLAUSE = re.compile(
    r"\s*(?:其中[，,]?)?由?(?P<who>[^。；;：:]{2,120}?)"
    r"(?P<verb>(?:共同|联合)?牵头(?:负责|落实|组织|推进|实施)?|(?:按照?(?:各自)?职责分工|共同|分别|具体|分工)?(?:负责|配合|参与|协助|落实))"
)
_JOINT = re.compile(
    r"\s*由(?P<who>[^，,。；;：:、]{2,30}?)(?:会同|联合)(?P<with>[^，,。；;：:]{2,80}?)"
    r"(?:负责|组织|共同|联合|开展|实施|推进|制定|落实|做好|研究)"
)
_NEWS = re.compile(r"记者|本报讯|新闻办|发布会|会议(?:指出|强调|要求|听取)")
"""Words of reports on events: a single sentence there assigns no task."""
_SURE = re.compile(
    r"(?!.*由)(?:[省市区县镇乡州各]|国家|中国|团[省市区县]|.*(?:[局委办厅]|街道|政府|管委会|办公室|专班|指挥部)$)"
)
_NO_TASK = re.compile(
    r"\s*(?:(?:对?本\S{1,6})?的?(?:解释|起草|受理|初审|复审|具体解释)"
    r"|(?:组织)?(?:制定|制订|起草|编制|研究|建设|打造|实施|研发|举办|承担|开发|组建)的"
    r"|[^，,。；;]{0,6}(?:行政区域|辖区)(?:内|范围)[^，,。；;]{0,24}(?:监督|管理))"
)
"""Sentences without a task: explaining a document, past work, the purpose of a body."""
_PAST = re.compile(r"已[于经获在完印制]|[^，,。；;]{0,8}了(?!解)")
_RUNS = re.compile("认定|申报|审核|审批|评审|评定|拨付|兑付|兑现|备案|公示|遴选|登记")
_HEADED = re.compile(
    r"(?P<who>[^。；;：:\n]{2,60})[:：]\s*(?:主要)?"
    r"(?P<verb>牵头|负责|承担|组织|指导|统筹|会同|配合|协助|做好|参与|落实|制定|加强)"
)


def duties_in_sentences(page: ProsePage, i: int) -> list[Statement]:
    """The duties in the sentences of a line, as one statement."""
    said = _of_line(page.text, page.lines[i])
    if not said:
        return []
    one = _together(said)
    return [Statement(i, one.start, one.end, one, "whole", "sentence")]


def are_tasks(page: ProsePage, found: Sequence[Statement]) -> bool:
    """Return whether the sentences of a document give tasks: several do, or one with both roles."""
    if gives_no_task(page.text, page.lines) or ANNEXED.search(page.text):
        return False
    said = (one for s in found for one in _of_line(page.text, page.lines[s.line]))
    whole = [one for one in said if not _administers(page.text, one)]
    paired = any({"lead", "coordinate"} <= {n.role for n in one.named} for one in whole)
    return len(whole) >= MIN_SENTENCES or (paired and not _NEWS.search(page.text))


def _administers(text: str, one: RoleClause) -> bool:
    """Return whether a duty is to run a scheme (to certify, to pay out); it counts with others."""
    return _RUNS.search(text[one.start : one.end + 14].split("\n")[0]) is not None


def _of_line(text: str, line: OutlineLine) -> list[RoleClause]:
    """The duties in the sentences of a line."""
    headed = _HEADED.match(text, line.start if line.level is Level.LABEL else line.body, line.end)
    name = _bodies_only(text, *headed.span("who")) if headed else []
    if headed and name:
        named = tuple(
            BodyInRole("lead" if headed["verb"] == "牵头" else "responsible", u) for u in name
        )
        return [RoleClause(line.start, headed.end(), named, _basis(named))]
    return [one for start, end in _parts(line) if (one := _said(text, start, end))]


def _together(said: Sequence[RoleClause]) -> RoleClause:
    """The duties of one line as one: next to a lead, the others take part."""
    named = [n for one in said for n in one.named]
    if any(n.role == "lead" for n in named):
        named = [BodyInRole("coordinate", n.body) if n.role == "responsible" else n for n in named]
    return RoleClause(said[0].start, said[-1].end, tuple(named), _basis(named))


def _parts(line: OutlineLine) -> Iterator[tuple[int, int]]:
    """The sentences of a line behind its number, in order."""
    at = line.body
    for mark in re.finditer(r"[。；;]|$", line.text[line.body - line.start :]):
        end = line.body + mark.start()
        if end > at:
            yield at, end
        at = end + 1


def _said(text: str, start: int, end: int) -> RoleClause | None:
    """The duty with which a sentence begins: its clauses as far as they name doers."""
    named: list[BodyInRole] = []
    joint = _JOINT.match(text, start, end)
    if joint:
        leads = _bodies_only(text, *joint.span("who"))
        helps = _bodies_only(text, *joint.span("with"))
        if leads and helps:
            named = [BodyInRole("lead", u) for u in leads] + [
                BodyInRole("coordinate", u) for u in helps
            ]
            return RoleClause(start, end, tuple(named), "marked")
    at = start
    while clause := _CLAUSE.match(text, at, end):
        who = _bodies_only(text, *clause.span("who"))
        idle = _NO_TASK.match(text, clause.end()) or _PAST.search(text, clause.end(), end)
        if not who or idle or _is_open(clause.group()):
            break
        named += [BodyInRole(_role(clause["verb"]), u) for u in who]
        at = clause.end()
        comma = re.match(r"\s*[，,]", text[at:end])
        if comma is None:
            break
        at += comma.end()
    roles = {n.role for n in named}
    if not named or roles == {"coordinate"}:
        return None
    means: Role = (
        "coordinate" if "lead" in roles else "lead" if "coordinate" in roles else "responsible"
    )
    told = tuple(BodyInRole(means, n.body) if n.role == "responsible" else n for n in named)
    return RoleClause(start, at, told, _basis(told))


def _is_open(said: str) -> bool:
    """Return whether a stretch begins or ends inside a bracket: 工作组（区商务局牵头."""
    opened = sum(said.count(mark) for mark in "（(〔【[")
    return opened != sum(said.count(mark) for mark in "）)〕】]")


def _role(verb: str) -> Role:
    if "牵头" in verb:
        return "lead"
    return "coordinate" if re.search("配合|参与|协助", verb) else "responsible"


def _basis(named: Sequence[BodyInRole]) -> Basis:
    return "undifferentiated" if all(n.role == "responsible" for n in named) else "marked"


def _bodies_only(text: str, start: int, end: int) -> list[ListedBody]:
    """The bodies of a stretch, if it holds nothing else, and each is sure to be one."""
    found = bodies_in(text, start, end)
    sure = all(
        is_body_name(u.label) and _SURE.match(u.label) and not is_kind_of_doer(u.label)
        for u in found
    )
    return found if sure else []
