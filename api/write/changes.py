"""Make one change to a store: an update, a load, a drop, a decision."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import Any

import pyoxigraph
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from api.query.complexity import LIMITS, limits, profile, refusal
from api.query.evaluate import PADDING, mistake
from api.write.orders import Decide, Drop, Load, Run, Update, Write
from api.write.using import Conflict, using
from graph.store.store import Store
from loaders.sandbox.limits import close_ways_out, deepen_stack, limit_memory
from ontology.names import PREFIXES


def sealed(order: Write, store: Callable[[], Store | Run]) -> dict[str, Any]:
    """Make a change in this process, sandboxed from then on."""
    deepen_stack()
    close_ways_out(files=True)
    limit_memory(order.memory)
    try:
        where = store()
        if not isinstance(where, Store):
            return made(order.change, where)
        if isinstance(order.change, Decide):
            return decided(where, order.change)
        return made(order.change, lambda apply: where.change(apply).id)
    except MemoryError:
        os.abort()


def made(change: Update | Load | Drop | Decide, run: Run) -> dict[str, Any]:
    """Make a change that `run` applies."""
    assert not isinstance(change, Decide)
    if isinstance(change, Update):
        return _updated(change, run)
    graph = NamedNode(change.graph) if change.graph else DefaultGraph()
    before: list[bool] = []
    quads: list[Quad] = []
    if isinstance(change, Load):
        try:
            for media, data in change.parts:
                form = RdfFormat.from_media_type(media)
                found = parse(
                    io.BytesIO(data), format=form, base_iri=change.base, rename_blank_nodes=True
                )
                quads += (Quad(q.subject, q.predicate, q.object, graph) for q in found)
        except SyntaxError as error:
            line, column = error.lineno or 1, error.offset or 1
            return {"is": "syntax", "line": line, "column": column, "near": "", "why": str(error)}

    deepest = max((_depth(q) for q in quads), default=0)
    if deepest > LIMITS["depth"]:  # a later reader would crash on it
        return {"is": "refused", "what": "depth", "found": deepest, "limit": LIMITS["depth"]}

    def apply(head: pyoxigraph.Store) -> None:
        before.append(next(head.quads_for_pattern(None, None, None, graph), None) is not None)
        if isinstance(change, Drop) or change.replace:
            head.clear_graph(graph) if isinstance(graph, DefaultGraph) else head.remove_graph(graph)
        head.extend(quads)

    return {"is": "ok", "version": run(apply), "existed": before[0]}


def _depth(quad: Quad) -> int:
    """The nesting depth of triple terms in a quad; descending step by step copies them all."""
    return str(quad.object).count("<<(") if isinstance(quad.object, Triple) else 0


def decided(store: Store, change: Decide) -> dict[str, Any]:
    """Make a decision, for which documents are read again."""
    from loaders.corpus.review import decide
    from loaders.errors import BadDecision, LoadError

    try:
        version = decide(store, list(change.doubts), change.decision, change.value, change.who)
    except (BadDecision, LoadError) as error:
        return {"is": "decision", "why": str(error)}
    return {"is": "ok", "version": version.id}


def _updated(change: Update, run: Run) -> dict[str, Any]:
    text = change.text.removeprefix("\ufeff")
    most = limits(change.complexity, data=True)
    refused = refusal(profile(text, most), most)
    if refused:
        return {
            "is": "refused", "what": refused.what, "found": refused.found, "limit": refused.limit,
        }  # fmt: skip

    def apply(head: pyoxigraph.Store, update: str) -> None:
        head.update(update, base_iri=change.base, prefixes=PREFIXES)

    try:
        apply(pyoxigraph.Store(), text)  # a mistake is found before the store is touched
        ready = using(text, change.default, change.named)
        version = run(lambda head: apply(head, ready))
    except SyntaxError as error:
        return mistake(text, error, lambda: apply(pyoxigraph.Store(), text + PADDING))
    except Conflict as error:
        return {"is": "conflict", "why": str(error)}
    except (OSError, RuntimeError, ValueError) as error:
        return {"is": "failed", "why": str(error)}
    return {"is": "ok", "version": version}
