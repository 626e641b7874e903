"""The page of what a search found, narrowed by facets, and the suggestions while one types."""

from __future__ import annotations

import calendar
import json

from queries.errors import BadParameter
from queries.model.search import (
    FACETS,
    Hit,
    counted,
    nearest_searches,
    search,
    searchable,
    values,
)
from queries.model.search_words import understand
from viz.web.context import Desk

_SHOWN = 40
"""Things of one kind on a page; the facets and the interface lead to all of them."""
_SUGGESTED = 8
_WORDS = {
    "type": ("种类", "Kind"),
    "domain": ("领域", "Domain"),
    "theme": ("重要项目", "Theme"),
    "quarter": ("季度", "Quarter"),
    "month": ("写到的月份", "Month named"),
    "year": ("年份", "Year"),
    "role": ("角色", "Role"),
    "street": ("街道（镇）", "Street"),
}
_TYPES = {
    "place": ("地点", "Places"),
    "body": ("部门", "Bodies"),
    "project": ("项目", "Projects"),
    "target": ("目标与原文", "Targets and sentences"),
}
_BODIES = {
    "body": ("部门", "department"),
    "street": ("街镇机关", "street office"),
    "sub-unit": ("下属单位", "sub-unit"),
    "company": ("公司", "company"),
    "collective": ("集合称谓", "collective"),
}
_ROLES = {"lead": ("主责", "leads"), "coordinate": ("配合", "coordinates")}


def results(desk: Desk) -> str:
    """Everything that holds the words: names first, then sentences, with facets at the side."""
    words = desk.parameter("q").strip()
    chosen = _chosen(desk)
    every = search(desk.atlas, words)
    found = search(desk.atlas, words, chosen) if chosen else every
    by_type: dict[str, list[Hit]] = {}
    for hit in found:
        by_type.setdefault(hit.type, []).append(hit)
    groups = [(desk.say(*_TYPES[kind]), len(hits), hits[:_SHOWN]) for kind, hits in by_type.items()]
    return desk.page(
        "search.html",
        desk.say(f"搜索“{words}”", f"Search “{words}”") if words else desk.say("搜索", "Search"),
        words=words,
        groups=groups,
        found=len(found),
        facets=_facets(desk, found, chosen, words),
        chosen=[
            (desk.say(*_WORDS[k]), _value(desk, k, v), _narrowed(desk, words, chosen, k, ""))
            for k, v in chosen.items()
        ],
        what=lambda h: _kind(desk, h),
        roles=lambda h: [desk.say(*_ROLES[r]) for r in sorted(h.facets.get("role", ()), reverse=True)],
        sentence=_sentence(desk, every, words),
        understood=_understood(desk, words),
        nearest=[] if found else [
            (w, n, desk.url("/search", q=w)) for w, n in nearest_searches(desk.atlas, words)
        ],
    )  # fmt: skip


def _chosen(desk: Desk) -> dict[str, str]:
    """The facets of the address. Raises BadParameter, which names what is allowed."""
    found = {}
    for name in FACETS:
        value = desk.parameter(name)
        if value:
            allowed = values(desk.atlas, name)
            if value not in allowed:
                raise BadParameter(
                    name, f"{value!r} is not there", allowed[:20], zh=f"没有“{value}”"
                )
            found[name] = value
    return found


def _sentence(desk: Desk, hits: list[Hit], words: str) -> str:
    if not words:
        return desk.say(
            "部门、街道、地块、项目的名称、简称，或原文里的词。",
            "The name of a department, street, parcel or project, or words of the notice.",
        )
    if not hits:
        return desk.say(
            f"没有名称或原文含“{words}”，也没有相近的名称。",
            f"Nothing is called or says “{words}”, nor anything like it.",
        )
    if hits[0].slip:
        return desk.say(
            f"没有名称恰好是“{words}”。是不是要找：{hits[0].label}？",
            f"Nothing is called “{words}”. Did you mean {hits[0].label}?",
        )
    said = sum(bool(h.said) for h in hits)
    targets = [h for h in hits if h.type == "target"]
    if hits[0].type in ("body", "place") and len(targets) > said:
        first = hits[0].label
        leads = sum("lead" in h.facets["role"] for h in targets)
        helps = sum("coordinate" in h.facets["role"] for h in targets)
        if leads or helps:
            return desk.say(
                f"{first}：主责{leads}项、配合{helps}项目标，原文写明。",
                f"{first} leads {leads} and coordinates {helps} targets, as written.",
            )
    return desk.say(
        f"{len(hits)}项结果，其中{said}项目标的原文里写着它。",
        f"{len(hits)} results; {said} targets say it in their words.",
    )


def _understood(desk: Desk, words: str) -> str:
    """Describe the reading of the words, if there is a time or several words among them."""
    asked = understand(words)
    said = [f"{desk.say(*_WORDS[k])} {_value(desk, k, v)}" for k, v in asked.times.items()]
    if not said and len(asked.parts) < 2:
        return ""
    said += [desk.say(f"“{p}”", f"“{p}”") for p in asked.parts]
    return desk.say("理解为：", "Understood as: ") + desk.say(" 且 ", " and ").join(said)


def _facets(
    desk: Desk, found: list[Hit], chosen: dict[str, str], words: str
) -> list[tuple[str, list[tuple[str, int, str, bool]]]]:
    groups = []
    for name, counts in counted(found).items():
        if len(counts) < 2 and name not in chosen:
            continue
        groups.append(
            (
                desk.say(*_WORDS[name]),
                [
                    (
                        _value(desk, name, value), n,
                        _narrowed(desk, words, chosen, name, "" if chosen.get(name) == value else value),
                        chosen.get(name) == value,
                    )
                    for value, n in counts[:12]
                ],
            )
        )  # fmt: skip
    return groups


def _narrowed(desk: Desk, words: str, chosen: dict[str, str], name: str, value: str) -> str:
    rest = {k: v for k, v in chosen.items() if k != name}
    return desk.url("/search", q=words, **rest, **({name: value} if value else {}))


def _value(desk: Desk, facet: str, value: str) -> str:
    if facet == "type":
        return desk.say(*_TYPES[value])
    if facet == "role":
        return desk.say(*_ROLES[value])
    if facet == "quarter":
        return desk.say(f"第{'一二三四'[int(value) - 1]}季度", f"Quarter {value}")
    if facet == "month":
        return desk.say(f"{value}月", calendar.month_name[int(value)])
    return value


def _kind(desk: Desk, hit: Hit) -> str:
    if hit.type == "body":
        return desk.say(*_BODIES[hit.kind])
    if hit.type == "place":
        return desk.kinds().get(hit.kind, "")
    return hit.kind


def suggestions(desk: Desk) -> bytes:
    """The first things that the words find, as JSON: label, kind, address."""
    words = desk.parameter("q").strip()[:100]
    hits = [h for h in search(desk.atlas, words) if h.type != "target" or h.said][:_SUGGESTED]
    items = [
        {
            "label": h.label,
            "kind": _kind(desk, h),
            "note": h.note,
            "slip": h.slip,
            "href": desk.thing(h.iri),
        }
        for h in hits
    ]
    return json.dumps({"items": items}, ensure_ascii=False).encode(errors="replace")


def index(desk: Desk) -> bytes:
    """All that can be found by its name or its words, as JSON, for a search without a server."""
    entries = [
        {
            "type": hit.type, "label": hit.label, "names": names, "note": hit.note,
            "kind": _kind(desk, hit), "href": desk.thing(hit.iri), "words": words,
        }
        for hit, names, words in searchable(desk.atlas)
    ]  # fmt: skip
    kinds = {k: desk.say(*v) for k, v in _TYPES.items()}
    said = {"types": kinds, "entries": entries}
    return json.dumps(said, ensure_ascii=False).encode(errors="replace")
