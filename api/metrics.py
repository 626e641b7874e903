"""The state of the server: `/healthz` for monitors, `/metrics` for Prometheus."""

from __future__ import annotations

import json
from collections import Counter

from api.http.outgoing import Outgoing
from api.sparql.responses import Answers
from api.workers.engine import Engine

_FRESH = (("cache-control", "no-store"),)


def health(engine: Engine) -> Outgoing:
    """200 while a version is shown and its store is there, else 503; `trouble` says what is wrong.

    The status is `loading` while a large version is read into memory and its folder answers.

    Where the graph is on an engine that does not answer, `trouble` says so: what is shown comes
    from the server's copy of the version, and only writing (and old versions) must wait.
    """
    version = engine.current
    store = engine.store
    trouble = (store.trouble() if store.local else "") or engine.trouble or engine.away
    is_gone = store.local and not store.folder.joinpath("versions").is_dir()
    said = {
        "status": "trouble" if version and trouble else _status(engine),
        "version": version.id if version else None,
        "quads": version.quads if version else None,
        "trouble": trouble or None,
    }
    body = json.dumps(said, ensure_ascii=False).encode()
    return Outgoing(503 if is_gone or not version else 200, "application/json", body, _FRESH)


def _status(engine: Engine) -> str:
    if engine.current is None:
        return "down"
    return "loading" if engine.loading else "ok"


def exposition(engine: Engine, answers: Answers, counts: Counter[tuple[str, int]]) -> Outgoing:
    """The counters in the text format of Prometheus."""
    lines = ["# TYPE tiaokuai_replies_total counter"]
    for (route, status), count in sorted(counts.items()):
        lines.append(f'tiaokuai_replies_total{{route="{route}",status="{status}"}} {count}')
    lines.append("# TYPE tiaokuai_answers_from_memory_total counter")
    lines.append(f"tiaokuai_answers_from_memory_total {answers.cache.hits}")
    lines.append("# TYPE tiaokuai_workers gauge")
    lines.append("# TYPE tiaokuai_jobs gauge")
    for pool in engine.pools:
        for queue in pool.queues.values():
            label = f'version="{pool.version.id}",lane="{queue.kind}"'
            lines.append(f"tiaokuai_workers{{{label}}} {queue.total}")
            lines.append(f'tiaokuai_jobs{{{label},state="running"}} {len(queue.running)}')
            lines.append(f'tiaokuai_jobs{{{label},state="waiting"}} {len(queue.waiting)}')
    if engine.current is not None:
        lines.append("# TYPE tiaokuai_quads gauge")
        lines.append(f"tiaokuai_quads {engine.current.quads}")
    body = ("\n".join(lines) + "\n").encode()
    return Outgoing(200, "text/plain; version=0.0.4; charset=utf-8", body, _FRESH)
