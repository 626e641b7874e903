"""Notes under an answer on the facts that it leaves out, with links to them."""

from __future__ import annotations

from queries.catalogue import Answer
from viz.web.context import Desk

_WRITTEN = (
    "只列原文写明的；由集合称谓或上下级推断的不算。",
    "Only what is written; what follows from collectives or parents is left out.",
)


_CELLS = (
    "空格与“——”都算没有写；分别见目标页。",
    "An empty cell and a dash both count as not written; the page of a target tells them apart.",
)


_SPOTS = (
    "只按同一块地配对，不按街坊：街坊里的另一块地不算。",
    "Paired by the spot, never by the block: another plot in the block does not count.",
)


_WHY: dict[str, tuple[tuple[str, str], ...]] = {
    "body-leads": (_WRITTEN,),
    "co-workers": (_WRITTEN, ("集合称谓不是部门，不列。", "Collectives are no bodies and are not listed.")),
    "body-load": (_WRITTEN,),
    "no-coordinator": (_CELLS,),
    "bought-then-sold": (_SPOTS,),
    "joint-leads": (_WRITTEN,),
    "asserted-edges": (_WRITTEN,),
    "busiest-roads": (
        ("只在误写的门牌里出现的路名（娄山路445弄）并入正写的路。", "A road that stands only in a slip of an address (娄山路445弄) counts as the road that is meant."),
        ("街道不是路：新华路街道的事不算在新华路上。", "A street office is no road: what concerns its area is not counted on the road."),
    ),
    "due-in-quarter": (
        ("只列写明完成的节点；启动与推进的见目标页。", "Only steps that are to be completed; others are on the pages of the targets."),
    ),
    "milestones-by-quarter": (
        ("一项目标一季算一次，不论写了几步。", "A target counts once in a quarter, however many steps it has."),
    ),
    "soft-commitments": (
        ("“确保”“完成”是硬承诺，不列。", "确保 and 完成 are firm promises and are not listed."),
    ),
    "part-of-the-year": (_CELLS,),
    "shared-targets": (_WRITTEN,),
    "closest-pairs": (_WRITTEN,),
    "not-together": (_WRITTEN, ("不在任何目标里的部门不列。", "Bodies that no target names are not listed.")),
    "bought-not-sold": (_SPOTS,),
    "no-place": (
        ("只看目标的文字写没写地点；街道参与、集合称谓不算地点。", "Only whether the words of the target name a place; a street office that takes part is none."),
    ),
    "due-in-month": (
        ("只列文字里写到这个月的；只写季度的见该季度。", "Only what is written with this month; what has a quarter alone is under the quarter."),
    ),
    "targets-about": (
        ("按字面找；换一个说法写的要另查。", "Found by its words; what is written in other words needs another search."),
    ),
    "indicators": (
        ("只列带数的承诺；没有数的见目标页。", "Only promises with a number; others are on the pages of the targets."),
    ),
    "same-spot": (
        ("置信低于0.7的同地提议不算，在待核里。", "Proposals below a confidence of 0.7 are left out; they wait for review."),
    ),
}  # fmt: skip


_WHOLE = ("没有略去：凡图谱里有的都在表里。", "Nothing: all that the graph has is in the table.")


def left_out(desk: Desk, name: str, answer: Answer) -> list[tuple[str, str, str]]:
    """Notes: words, then a label and the address of what was not counted, where there is one."""
    notes = [(desk.say(*why), "", "") for why in _WHY.get(name, ())]
    asked = answer.params.get("name", "")
    if any(p.kind == "place" for p in answer.question.params):
        stem = asked.removesuffix("街道").removesuffix("镇")
        for place in desk.atlas.places.values():
            if place.label != asked and len(stem) > 1 and place.label == stem:
                kind = desk.kinds().get(place.kind, "")
                said = desk.say(
                    f"写到“{place.label}”（{kind}）的另算，它不是{asked}：",
                    f"What names {place.label} ({kind}) is not counted, it is not {asked}:",
                )
                notes.append((said, place.label, desk.url(f"/queries/{name}", name=place.label)))
        known = next((p for p in desk.atlas.places.values() if p.label == asked), None)
        if name == "place-targets" and known and known.kind != "Street":
            notes.append((desk.say("街道参与和集合称谓只对街道有意义，不列。", "Office and collective are ways of streets only and are not listed."), "", ""))  # fmt: skip
    return notes or [(desk.say(*_WHOLE), "", "")]
