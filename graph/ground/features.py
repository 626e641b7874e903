"""Records of geometry: a file as it was read, a feature, and what is the matter with it."""

from __future__ import annotations

from dataclasses import dataclass

from graph.errors import StoreError


class GroundError(StoreError):
    """A file of geometry that is not added; the message ends with the remedy."""


@dataclass(frozen=True, slots=True)
class RawFeature:
    """A feature of a file: its number from 1, its fields as text, its geometry as WKB."""

    number: int
    fields: dict[str, str]
    wkb: bytes
    problem: str = ""
    """Why its geometry could not be read; empty if it was."""


@dataclass(frozen=True, slots=True)
class GroundFile:
    """A file as it was read, with the source and licence that it states."""

    name: str
    sha256: str
    crs: str
    """The reference system it states, in a form that PROJ reads; empty where it states none."""
    fields: tuple[str, ...]
    source: str
    licence: str
    features: tuple[RawFeature, ...]


@dataclass(frozen=True, slots=True)
class UnsoundFeature:
    """A feature that is not sound: its number and name, what is wrong, what to do."""

    number: int
    name: str
    why: str

    def __str__(self) -> str:
        return f"feature {self.number}{f' ({self.name})' if self.name else ''}: {self.why}"


@dataclass(frozen=True, slots=True)
class Matched:
    """A feature that is ready for the graph; `place` is empty where no place has its name."""

    number: int
    name: str
    place: str
    label: str
    kind: str
    how: str
    """name, alias, slip or form."""
    wkt: str


@dataclass(frozen=True, slots=True)
class Addition:
    """One addition of geometry as the graph holds it."""

    id: str
    source: str
    licence: str
    crs: str
    features: int
    matched: int
