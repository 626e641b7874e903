"""A body among its targets, as a small picture: who leads, what, and where it takes part."""

from __future__ import annotations

from markupsafe import Markup, escape

from viz.web.context import Desk

_ROOM = 12
"""With more targets than this the picture would tell less than the table."""


def ego(desk: Desk, iri: str) -> Markup:
    """Leads at the left, targets between, the body, and at the right what it leads itself."""
    a = desk.atlas
    written = [e for e in a.edges_of(iri) if not e.inferred]
    helped = list(dict.fromkeys(e.target for e in written if e.role == "Coordinate"))
    led = list(dict.fromkeys(e.target for e in written if e.role != "Coordinate"))
    led_only = [t for t in led if t not in helped]
    if not written or len(helped) > _ROOM or len(led_only) > _ROOM:
        return Markup("")
    leads: dict[str, tuple[str, list[str]]] = {}
    for target in helped:
        for e in a.targets[target].edges:
            if not e.inferred and e.role != "Coordinate" and e.body != iri:
                leads.setdefault(e.body, (e.label, []))[1].append(target)
    high = 34 * max(len(helped), len(leads), len(led_only), 2) + 30
    middle = high / 2 + 8

    def rows(count: int) -> list[float]:
        return [middle + 34 * (i - (count - 1) / 2) for i in range(count)]

    at = dict(zip(helped, rows(len(helped)), strict=True))
    out: list[str] = []
    for (body, (label, targets)), y in zip(leads.items(), rows(len(leads)), strict=True):
        for target in targets:
            out.append(_curve(116, y, 176, at[target], 2.6))
        out.append(
            f'<g class="{desk.tone(body)}"><circle cx="110" cy="{y:g}" r="6" fill="var(--fill)" stroke="var(--hue)" stroke-width="1.5"/></g>'
        )
        out.append(_link(desk, body, 98, y + 4.5, label, "end"))
    for target, y in at.items():
        out.append(_curve(214, y, 298, middle, 1.1))
        out.append(_box(desk, target, 176, y))
    for target, y in zip(led_only, rows(len(led_only)), strict=True):
        out.append(_curve(322, middle, 366, y, 2.6))
        out.append(_box(desk, target, 366, y))
    out.append(
        f'<circle cx="310" cy="{middle:g}" r="12" fill="var(--paper)" stroke="currentColor" stroke-width="2.6"/>'
    )
    name = escape(a.bodies[iri].label)
    out.append(
        f'<text x="310" y="{middle + 30:g}" text-anchor="middle" font-weight="700" font-size="13">{name}</text>'
    )
    said = desk.say(
        f"{a.bodies[iri].label}主责{len(led)}项、配合{len(helped)}项的关系图；下表有同样的内容。",
        f"{a.bodies[iri].label} leads {len(led)} and coordinates {len(helped)} targets; the table says the same.",
    )
    return Markup(
        f'<svg viewBox="0 0 410 {high + 16:g}" width="410" height="{high + 16:g}" role="group" aria-label="{escape(said)}" fill="currentColor">'
        + "".join(out)
        + "</svg>"
    )


def _curve(x1: float, y1: float, x2: float, y2: float, width: float) -> str:
    half = (x1 + x2) / 2
    return f'<path d="M{x1:g} {y1:g}C{half:g} {y1:g} {half:g} {y2:g} {x2:g} {y2:g}" fill="none" stroke="currentColor" stroke-width="{width:g}"/>'


def _link(desk: Desk, iri: str, x: float, y: float, label: str, anchor: str) -> str:
    return f'<a href="{escape(desk.thing(iri))}"><text x="{x:g}" y="{y:g}" text-anchor="{anchor}" font-size="12">{escape(label)}</text></a>'


def _box(desk: Desk, iri: str, x: float, y: float) -> str:
    number = desk.atlas.targets[iri].id
    return (
        f'<rect x="{x:g}" y="{y - 12:g}" width="38" height="24" fill="var(--paper)" stroke="currentColor" stroke-width="1.2"/>'
        + _link(desk, iri, x + 19, y + 4.5, number, "middle").replace(
            "<text", '<text font-weight="700"'
        )
    )
