"""Send generated requests to the REST interface of a running server; count faults.

Run `python -m benchmarks.fuzzing http://127.0.0.1:8000 [requests for each operation]`. Schemathesis
makes requests that the description allows and such that it forbids. A fault is a status of 500
and more, a refusal that is no problem document, or a reply that its own description does not fit.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode


def main() -> None:
    """Prints the counts of each operation, and the faults."""
    address, most = sys.argv[1].rstrip("/"), int(sys.argv[2]) if len(sys.argv) > 2 else 200
    schema = schemathesis.openapi.from_url(f"{address}/openapi.json")
    whole: Counter[str] = Counter()
    faults = 0
    for found in schema.get_all_operations():
        operation: Any = found.ok()  # type: ignore[no-untyped-call]  # schemathesis has no types
        counts, wrong = tried(operation, most)
        whole += counts
        faults += len(wrong)
        said = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()))
        print(f"{operation.label:44} {said}")
        for one in wrong[:3]:
            print("   ", one[:300])
    print(f"{sum(whole.values())} requests, {faults} faults;", dict(sorted(whole.items())))
    sys.exit(1 if faults else 0)


def tried(operation: Any, most: int) -> tuple[Counter[str], list[str]]:
    """Count each status, and collect what was wrong."""
    counts: Counter[str] = Counter()
    wrong: list[str] = []

    @settings(
        max_examples=most, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    @given(st.one_of([operation.as_strategy(mode) for mode in GenerationMode]))
    def try_one(case: Any) -> None:
        reply = case.call()
        counts[str(reply.status_code)] += 1
        try:
            assert reply.status_code < 500, "a fault of the server"
            if reply.status_code >= 400:
                assert json.loads(reply.content)["status"] == reply.status_code
            else:
                case.validate_response(reply)
        except Exception as error:  # count the fault and go on
            wrong.append(f"{case.formatted_path} {case.query}: {error!r}")

    try_one()
    return counts, wrong


if __name__ == "__main__":
    main()
