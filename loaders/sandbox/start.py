"""Start a child process in one of our functions; it ends with its parent."""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

from loaders.sandbox import limits

_PROGRAM = """
import json, sys
path, parent, function, arguments = json.loads(sys.argv[1])
sys.path[:] = path
from loaders.sandbox.start import run
run(parent, function, arguments)
"""
_SECRETS = ("TIAOKUAI_TOKEN",)


def command(function: str, *arguments: Any) -> list[str]:
    """The command of a child that runs a function, `module:function`, with JSON arguments."""
    said = json.dumps([sys.path, os.getpid(), function, arguments])
    return [sys.executable, "-c", _PROGRAM, said]


def environment(**more: str) -> dict[str, str]:
    """The environment of a child: this one's without what only the server may know."""
    return {name: value for name, value in os.environ.items() if name not in _SECRETS} | more


def run(parent: int, function: str, arguments: list[Any]) -> None:
    """Run the function in the child."""
    limits.die_with_parent(parent)
    module, _, name = function.partition(":")
    getattr(importlib.import_module(module), name)(*arguments)
