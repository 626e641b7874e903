"""Triples of a report of progress: the written ones, and apart from them the computed ones.

Written entries belong to the report's own graph; the computed status, the rule, the number that
the plan asks for by that day and the targets that a report is silent on to its inferred graph.
Targets, projects, milestones and indicators are those of the plan, given by their addresses.
"""

from __future__ import annotations

import hashlib
from itertools import chain

from graph.progress import ProgressEntry, ProgressReport
from graph.records import Span
from graph.triples.document import milestone_name
from graph.triples.evidence import cite, evidence_node
from graph.triples.organizations import named_body
from graph.triples.shared import jurisdiction_triples
from graph.triples.terms import (
    ACCUMULATIONS,
    Form,
    Triples,
    boolean,
    date,
    decimal,
    integer,
    plain,
    zh,
)
from ontology.gazetteer import gazetteer
from ontology.names import (
    DCTERMS,
    ELI,
    PROV,
    SCHEMA,
    TK,
    Iri,
    Names,
    quarter,
    shared_graph,
    squeeze,
)

UNKNOWN = "未知"
"""The jurisdiction of a report that names none, as of a document."""
DOUBTS = {
    "said-vs-computed": "写的状态与计划、数字推出的不一致，两者都保留",
    "done-vs-percent": "写的是完成，完成率不到100%",
    "share-vs-values": "写的完成率与完成值、目标值之比不一致",
    "target-value-differs": "报告所写的目标值与通知不同",
    "two-statuses": "同一件事在一份报告里有两种状态",
    "part-of-whole": "所报是全区数字的一部分，不作推算",
    "change-without-approval": "写了调整，没有写经谁批准",
    "key-vs-text": "隐藏列的目标地址与文字所指不同，按文字",
    "unknown-key": "隐藏列的目标地址不存在",
    "number-moved": "序号与文字所指不同，按文字",
    "near-candidates": "两个目标同样相近",
    "formula-without-value": "格中是公式，没有数值",
    "percent-over-100": "完成率超过100%",
    "unknown-status": "状态一栏的词不在状态表中",
    "no-day": "报告没有写明截至哪天，不作推算",
    "unmatched": "没有对上任何目标，原样保留",
}
"""The reason of each kind of doubt."""
_ENTRY = Form(
    [TK("ProgressEntry")], DCTERMS("isPartOf"), TK("ordinal"), TK("text"), TK("asOf"),
    TK("reporter"), TK("subject"), TK("status"), TK("statusAsWritten"), TK("statusSource"),
    TK("percent"), TK("problem"), TK("nextStep"),
)  # fmt: skip
_TIED = Form(
    [], TK("target"), TK("ofProject"), TK("ofMilestone"), TK("ofIndicator"), TK("due"),
    TK("quarter"), TK("year"), TK("about"), TK("matchedBy"), TK("confidence"),
)  # fmt: skip
_ACTUAL = Form(
    [TK("Actual"), SCHEMA("QuantitativeValue")], SCHEMA("value"), SCHEMA("unitText"), TK("asOf"),
    TK("accumulation"), TK("growth"), TK("ofIndicator"),
)  # fmt: skip
_COMPUTED = Form([], TK("statusComputed"), TK("rule"), TK("expected"), TK("late"))
_SILENCE = Form(
    [TK("Silence")], DCTERMS("isPartOf"), TK("target"), TK("reporter"), TK("asOf"),
    TK("statusComputed"), TK("rule"),
)  # fmt: skip
_DOUBT = Form(
    [TK("Doubt")], DCTERMS("isPartOf"), TK("target"), TK("doubtId"), TK("doubtKind"), TK("cell"),
    TK("reason"), TK("text"), TK("concerns"),
)  # fmt: skip


def names_of_report(report: ProgressReport) -> Names:
    """Return the names of the things of a report."""
    return Names(report.jurisdiction or UNKNOWN, report.key, report.text_id)


def report_lines(report: ProgressReport) -> bytes:
    """Return all triples of a report as N-Quads: asserted, inferred and shared."""
    names, plan = names_of_report(report), Names(report.jurisdiction or UNKNOWN, report.plan)
    asserted, inferred = Triples(names.asserted), Triples(names.inferred)
    _report(asserted, report, names, plan)
    for number, entry in enumerate(report.entries, 1):
        _entry(asserted, inferred, report, number, entry, names, plan)
    for target in report.not_reported or ():
        _silence(inferred, report, target, names, plan)
    graphs = (asserted, inferred, _shared(report, names))
    return b"".join(chain.from_iterable(graph.lines() for graph in graphs))


def _shared(report: ProgressReport, names: Names) -> Triples:
    triples = Triples(shared_graph().value)
    known = gazetteer(names.jurisdiction)
    jurisdiction_triples(triples, known, names)
    if report.head.reporter and not report.knows_reporter:
        named_body(triples, report.head.reporter, known, names)
    return triples


def _reporter(report: ProgressReport, names: Names) -> Iri | None:
    return names.thing("部门", report.head.reporter) if report.head.reporter else None


def _day(report: ProgressReport) -> str:
    return report.head.as_of.isoformat() if report.head.as_of else ""


def _report(triples: Triples, report: ProgressReport, names: Names, plan: Names) -> None:
    head, node = report.head, names.notice
    title = head.title or report.key
    triples.kind(node, TK("ProgressReport"), PROV("Entity"))
    triples.label(node, report.key)
    triples.say(node, DCTERMS("title"), zh(title))
    triples.say(node, TK("jurisdiction"), names.district)
    triples.say(node, TK("reportKind"), plain(report.kind))
    triples.say(node, TK("reportsOn"), plan.notice if report.plan else None)
    triples.say(node, TK("planCited"), plain(head.plan) if head.plan else None)
    triples.say(node, TK("asOf"), date(_day(report)) if head.as_of else None)
    triples.say(node, DCTERMS("issued"), date(head.issued.isoformat()) if head.issued else None)
    triples.say(node, TK("reporter"), _reporter(report, names))
    triples.say(node, TK("issue"), plain(head.issue) if head.issue else None)
    triples.say(node, TK("year"), integer(head.year) if head.year else None)
    triples.say(node, TK("reason"), zh(report.why) if report.why else None)
    version = names.version
    triples.kind(version, TK("Version"), ELI("LegalExpression"), PROV("Entity"))
    triples.caption(version, f"{report.key} 文本 {report.text_id}")
    triples.say(version, ELI("realizes"), node)
    triples.say(version, TK("sha256"), plain(report.sha256))
    triples.say(version, DCTERMS("format"), plain(report.format))


def _entry(
    asserted: Triples, inferred: Triples, report: ProgressReport, number: int,
    entry: ProgressEntry, names: Names, plan: Names,
) -> None:  # fmt: skip
    said, node = entry.statement, names.inside("条目", str(number))
    day = date(_day(report)) if report.head.as_of else None
    written = said.written
    asserted.fill(
        node, _ENTRY, names.notice, integer(number), zh(squeeze(said.quote.quote)), day,
        _reporter(report, names), zh(squeeze(said.subject)) if said.subject.strip() else None,
        TK(written.status if written else "Unstated"),
        plain(written.words) if written and written.words else None,
        plain(written.source) if written and written.source else None,
        decimal(said.percent) if said.percent is not None else None,
        zh(squeeze(said.problem.quote)) if said.problem else None,
        zh(squeeze(said.next.quote)) if said.next else None,
    )  # fmt: skip
    place = f"目标{entry.target}" if entry.target else "未对上"
    asserted.caption(node, f"{place}：{squeeze(said.quote.quote)[:40]}")
    cite(asserted, node, report, said.quote, names, "progress")
    for edge, span in (("problemEvidence", said.problem), ("nextStepEvidence", said.next)):
        if span:
            where = evidence_node(asserted, report, span, names, edge.removesuffix("Evidence"))
            asserted.say(node, TK(edge), where)
    indicator = (
        plan.inside("指标", f"{entry.target}-{entry.indicator_position}")
        if entry.indicator_position
        else None
    )
    if entry.target:
        year = report.plan_year
        step = entry.milestone
        target = plan.inside("目标", entry.target)
        project = plan.inside("项目", entry.project) if entry.project else None
        asserted.fill(
            node, _TIED, target, project,
            plan.inside("节点", milestone_name(entry.target, step, year)) if step else None,
            indicator,
            quarter(year, entry.quarter) if entry.quarter else None,
            integer(entry.quarter) if entry.quarter else None,
            integer(year) if year and entry.quarter else None,
            indicator or project or target, plain(entry.matched_by), decimal(entry.confidence),
        )  # fmt: skip
    if said.value is not None:
        value = names.inside("实际值", str(number))
        asserted.say(node, TK("actual"), value)
        asserted.fill(
            value, _ACTUAL, decimal(said.value), plain(said.unit), day,
            ACCUMULATIONS[entry.accumulation], boolean(True) if entry.is_growth else None,
            indicator,
        )  # fmt: skip
        asserted.caption(value, f"{place}：{said.value}{said.unit}")
        cite(asserted, value, report, said.quote, names, "progress")
    if entry.computed:
        one = entry.computed
        inferred.fill(
            node, _COMPUTED, TK(one.status), plain(one.rule) if one.rule else None,
            decimal(one.expected) if one.expected is not None else None,
            integer(one.late_quarters) if one.late_quarters else None,
        )  # fmt: skip
    for kind in entry.doubts if entry.target else (*entry.doubts, "unmatched"):
        _doubt(asserted, report, number, entry, kind, node, names, plan)


def _doubt(
    triples: Triples, report: ProgressReport, number: int, entry: ProgressEntry, kind: str,
    about: Iri, names: Names, plan: Names,
) -> None:  # fmt: skip
    quote: Span = entry.statement.quote
    node = names.inside("待核", f"{number}-{kind}")
    words = "\n".join(
        (names.jurisdiction, report.key, entry.target, kind, quote.quote, str(number))
    )
    reason = DOUBTS.get(kind, kind)
    triples.fill(
        node, _DOUBT, names.notice, plan.inside("目标", entry.target) if entry.target else None,
        plain(hashlib.sha256(words.encode()).hexdigest()[:8]), plain(kind), plain("progress"),
        zh(reason), zh(squeeze(quote.quote)), about,
    )  # fmt: skip
    triples.caption(node, reason)
    cite(triples, node, report, quote, names, "")


def _silence(
    triples: Triples, report: ProgressReport, target: str, names: Names, plan: Names
) -> None:
    node = names.inside("未报", target)
    day = date(_day(report)) if report.head.as_of else None
    triples.fill(
        node, _SILENCE, names.notice, plan.inside("目标", target), _reporter(report, names), day,
        TK("NotReported"), plain("silence"),
    )  # fmt: skip
    triples.caption(node, f"目标{target}：未报")
