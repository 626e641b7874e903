"""The picture of the streets on the front page and on the page of places."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from queries.model.ground import ground_of
from viz.drawing import finish
from viz.drawing.paper import Paper
from viz.views.catalogue import VIEWS, picture
from viz.web.context import Desk

_PHONE_ROOM = 354.0
"""Units of a picture on a screen of 390 pixels."""


@dataclass(frozen=True, slots=True)
class StreetPicture:
    """A picture of the streets for two widths of the screen, and the address of its view."""

    title: str
    caption: str
    wide: Markup
    narrow: Markup
    address: str


def street_picture(desk: Desk) -> StreetPicture | None:
    """Draw the streets of the only district of a scope; None where it has none."""
    streets = [p.iri for p in desk.atlas.places.values() if p.kind == "Street"]
    name = "map" if any(s in ground_of(desk.snapshot).shapes for s in streets) else "tiles"
    if not streets or len(desk.scope.districts) > 1:
        return None

    def address(key: str) -> str:
        return desk.url(f"/views/{name}", at=key) + "#sentences"

    def drawn(paper: Paper) -> Markup:
        made = picture(desk.snapshot, name, {}, desk.language, paper)
        return Markup(finish.linked(made.svg, address))

    screen = Paper(title=False, caption=False)
    return StreetPicture(
        desk.say(VIEWS[name].title_zh, VIEWS[name].title),
        picture(desk.snapshot, name, {}, desk.language, screen).caption,
        drawn(screen),
        drawn(Paper(_PHONE_ROOM, title=False, caption=False)),
        desk.url(f"/views/{name}"),
    )
