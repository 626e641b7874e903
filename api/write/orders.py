"""Orders for a change to a store, as the server hands them to the process that makes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pyoxigraph

from graph.triples.corrections import Decision


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL update with the dataset and the base of its request."""

    text: str
    default: tuple[str, ...]
    named: tuple[str, ...]
    base: str
    complexity: float


@dataclass(frozen=True, slots=True)
class Load:
    """RDF that goes into a graph, or takes its place; None is the default graph."""

    graph: str | None
    parts: tuple[tuple[str, bytes], ...]
    """Media types and bytes."""
    base: str
    replace: bool


@dataclass(frozen=True, slots=True)
class Drop:
    """A graph that goes."""

    graph: str | None


@dataclass(frozen=True, slots=True)
class Decide:
    """A person's decision about a doubt, or about several that ask the same."""

    doubts: tuple[str, ...]
    decision: Decision
    value: str
    who: str


@dataclass(frozen=True, slots=True)
class Write:
    """One change, and where the store is that it goes to."""

    location: str
    change: Update | Load | Drop | Decide
    memory: int
    """Bytes that it may take."""
    holding: str = ""
    """The version that the server serves: the change goes only to the store that holds it."""


Run = Callable[[Callable[[pyoxigraph.Store], object]], str]
"""Applies something to a store; the id of the version that comes of it."""
