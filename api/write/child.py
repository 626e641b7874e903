"""Child process that makes one change to a store; its crash leaves the server running."""

from __future__ import annotations

import json
import pickle
import sys
from pathlib import Path

from api.write.changes import sealed
from api.write.orders import Write
from graph.errors import EngineTrouble, StoreError
from graph.store.store import Store


def main() -> None:
    """Make the change that comes on standard input; write the outcome to standard output."""
    try:
        order = pickle.load(sys.stdin.buffer)
    except EOFError:
        return  # the server ends, and has nothing to write
    assert isinstance(order, Write)
    try:
        if order.location.startswith("sparql+"):
            from api.write.remote_child import changed

            said = changed(order)
        else:
            said = sealed(order, lambda: _store(order))
    except EngineTrouble as error:
        said = {"is": "engine", "why": str(error)}
    except StoreError as error:
        said = {"is": "store", "why": str(error)}
    sys.stdout.write(json.dumps(said))


def _store(order: Write) -> Store:
    store = Store(Path(order.location))
    store.holding = order.holding
    return store
