"""Things and pictures that show themselves in a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from notebooks.frames import frame_of_answer
from notebooks.source import Source

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Picture:
    """A view, drawn when it is looked at. `params` are the filters of the view."""

    source: Source
    name: str
    params: Mapping[str, str] = field(default_factory=dict)

    def file(self, form: str) -> bytes:
        """The picture as svg, png, pdf, html, csv or json. Raises Refused."""
        accept = "text/html" if form == "html" else "*/*"
        return self.source.get(f"/views/{self.name}.{form}", self.params, accept)

    @property
    def svg(self) -> str:
        """The picture as SVG, its words as text."""
        return self.file("svg").decode()

    @property
    def frame(self) -> pd.DataFrame:
        """The drawn data as a frame of strings."""
        return frame_of_answer(self.file("json"), view=self.name)

    def save(self, path: str | Path) -> Path:
        """Write the picture in the format of the file's ending."""
        path = Path(path)
        path.write_bytes(self.file(path.suffix.lstrip(".").lower()))
        return path

    def _repr_svg_(self) -> str:
        return self.svg


@dataclass(frozen=True)
class Thing:
    """One thing of the graph; `item` is its entry in the list of its kind."""

    KIND: ClassVar[str] = ""
    source: Source
    item: Mapping[str, Any]

    @property
    def iri(self) -> str:
        """Its address."""
        return str(self.item["iri"])

    @property
    def label(self) -> str:
        """Its label."""
        return str(self.item.get("label") or self.item["notation"])

    def ask(self, question: str, **params: str) -> pd.DataFrame:
        """A question of the catalogue about this thing."""
        given = params or {"name": self.label}
        body = self.source.get(f"/queries/{question}.json", given)
        return frame_of_answer(body, question=question, params=given)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.label!r}, {self.iri!r})"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{escape(key)}</th>"
            f"<td style='text-align:left'>{_shown(value)}</td></tr>"
            for key, value in self.item.items()
            if key not in ("id", "label", "iri") and value not in (None, "", [], 0)
        )
        return (
            f"<h4>{escape(self.label)}</h4><table>{rows}</table>"
            f"<p><code>{escape(self.iri)}</code></p>"
        )


class Body(Thing):
    """A department, a street office, a company or a collective."""

    KIND = "bodies"

    @property
    def leads(self) -> pd.DataFrame:
        """The targets it leads: notation, target, title, domain; one row a target."""
        return self.ask("body-leads")

    @property
    def coordinates(self) -> pd.DataFrame:
        """The targets it helps with: notation, title, inferred (bool), via, confidence (0 to 1)."""
        return self.ask("body-coordinates")

    @property
    def agenda(self) -> pd.DataFrame:
        """Its duties: quarter (1 to 4), notation, role, text, stage; one row a step."""
        return self.ask("body-agenda")

    @property
    def partners(self) -> pd.DataFrame:
        """With whom it works: other, targets (how many they share), notations."""
        return self.ask("co-workers")

    @property
    def picture(self) -> Picture:
        """Its picture."""
        return Picture(self.source, "body", {"name": self.label})


class Place(Thing):
    """A street, a road, a block, a lot or another place."""

    KIND = "places"

    @property
    def targets(self) -> pd.DataFrame:
        """The targets that tie into it: notation, title, way, lead, quote; a row for each way."""
        return self.ask("place-targets")

    @property
    def agenda(self) -> pd.DataFrame:
        """Steps inside it: quarter (1 to 4), notation, project, text, stage, spot."""
        return self.ask("within-place")

    @property
    def picture(self) -> Picture:
        """Its picture."""
        return Picture(self.source, "place", {"name": self.label})


class Target(Thing):
    """One row of a notice."""

    KIND = "targets"

    @property
    def text(self) -> str:
        """Its words, white space removed."""
        return str(self.item["text"])

    @property
    def quarters(self) -> tuple[str | None, ...]:
        """The steps of the four quarters; None where nothing is written."""
        return tuple(self.item["quarters"])

    def evidence(self, body: str) -> pd.DataFrame:
        """The evidence of a body in this target: quote, start, end (code points)."""
        return self.ask("edge-evidence", notation=self.item["notation"], name=body)

    @property
    def picture(self) -> Picture:
        """Its picture."""
        return Picture(self.source, "target", {"notation": self.item["notation"]})


class Project(Thing):
    """A named piece of work."""

    KIND = "projects"


_T = TypeVar("_T", bound=Thing)


def thing(source: Source, made: type[_T], name: str) -> _T:
    """The thing of a kind that bears a name. Raises Refused with the names that are near."""
    return made(source, json.loads(source.get(f"/api/{made.KIND}/{name}", {})))


def _shown(value: object) -> str:
    if isinstance(value, list):
        if value and all(v is None or isinstance(v, str) for v in value):
            return "<br>".join(escape(v or "—") for v in value)
        return escape("、".join(str(v) for v in value))
    return escape(str(value))
