"""The front door: the command line, and the same for notebooks."""

from __future__ import annotations

from commands import asking, keeping, reading, reporting, serving
from commands.group import main

__all__ = ["asking", "keeping", "main", "reading", "reporting", "serving"]

if __name__ == "__main__":
    main()
