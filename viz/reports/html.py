"""A briefing as one HTML file that needs nothing else: style and pictures inside, no script."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from markupsafe import Markup

from queries.model.records import Step
from viz.drawing.figures import STAGE_WORDS
from viz.drawing.svg import clean
from viz.reports.briefing import Briefing, BriefingEntry, Proof, Section
from viz.web.context import templates

MARKS = {"Prepare": "□", "Start": "◣", "Progress": "▣", "Done": "■", "None": "–"}
"""The stages as signs of text, each in the fonts of the project."""


def quarters(briefing: Briefing) -> list[str]:
    """The heads of the four columns."""
    return [
        briefing.say(f"第{q}季度", f"Q{i}") for i, q in enumerate("一二三四", start=1)
    ]  # fmt: skip


def legend(briefing: Briefing) -> str:
    """The meaning of the signs of the timeline."""
    said = "  ".join(f"{MARKS[stage]} {briefing.say(*w)}" for stage, w in STAGE_WORDS.items())
    return said + briefing.say(
        "。有项目时写项目的节点，否则写整项目标的。原文照录。",
        ". Steps of the projects there where the row names one, else of the whole target.",
    )


def steps_of(
    briefing: Briefing, entry: BriefingEntry, steps: Sequence[Step], inferred: bool
) -> list[str]:
    """Write a cell of the timeline: each step with its sign.

    An inferred tie has only the sign; a step of the whole row has its first clause and the number
    of clauses that follow.
    """
    if inferred:
        return list(dict.fromkeys(MARKS.get(s.stage, "") for s in steps))
    said = []
    for step in steps:
        words = step.first if entry.whole else step.text
        more = step.further if entry.whole else 0
        rest = briefing.say(f"（另{more}句）", f" (and {more} more)") if more else ""
        work = f"{step.project}{briefing.say('：', ': ')}" if step.project else ""
        said.append(f"{MARKS.get(step.stage, '')} {work}{words}{rest}")
    return said


def cells(briefing: Briefing, section: Section, entry: BriefingEntry) -> list[str]:
    """The five cells of a target's row in the timeline."""
    lead = entry.lead or briefing.say("主责未写", "no lead stated")
    return [
        f"{entry.target.id} {entry.target.title}\n● {lead}",
        *(
            "\n".join(steps_of(briefing, entry, steps, section.inferred)) or "–"
            for steps in entry.quarters
        ),
    ]


def named(briefing: Briefing, entry: BriefingEntry) -> str:
    """A target's number and title, and through what it ties in."""
    through = briefing.say(f"（经{entry.through}）", f" (through {entry.through})")
    return f"{entry.target.id} {entry.target.title}" + (through if entry.through else "")


def place_of(briefing: Briefing, proof: Proof) -> str:
    """The place of a sentence: document, cell, code points."""
    position = briefing.say("位置", "position")
    return f"{proof.cited} · {proof.cell} · {position} {proof.positions}"


def above(briefing: Briefing) -> str:
    """The note for a target whose sentences were all quoted before."""
    return briefing.say("原句见上。", "The sentences stand above.")


def who(briefing: Briefing, entry: BriefingEntry) -> str:
    """Leads and coordinators in one line."""
    say = briefing.say
    none = say("未写", "not stated")
    return (
        f"● {say('主责', 'leads')} {entry.lead or none}  "
        f"○ {say('配合', 'coordinates')} {entry.coordinate or none}"
    )


def grounds(briefing: Briefing, section: Section) -> list[str]:
    """On what ground the targets of an inferred section tie in: one line for each collective."""
    say = briefing.say
    through: dict[str, list[str]] = {}
    for entry in section.entries:
        where = "".join(say(f"（{p.positions}）", f" ({p.positions})") for p in entry.proofs)
        through.setdefault(entry.through, []).append(entry.target.id + where)
    return [
        say(f"经“{via}”推断：目标{'、'.join(ids)}", f"through “{via}”: targets {', '.join(ids)}")
        for via, ids in through.items()
    ]


def html(briefing: Briefing) -> bytes:
    """The briefing as HTML, UTF-8."""
    style = (files("viz") / "static" / "report.css").read_text(encoding="utf-8")
    page = (
        templates()
        .get_template("report.html")
        .render(
            b=briefing,
            L=briefing.say,
            style=Markup(style),
            steps_of=steps_of,
            who=who,
            grounds=grounds,
            picture=Markup,
            quarters=quarters(briefing),
            legend=legend(briefing),
        )
    )
    return clean(page).encode(errors="replace")
