"""What can be wrong with a document.

* LoadError            one document cannot be read; the message is one line and names the file
  - Unreadable         its bytes are no text, or a format that is not read
  - NotANotice         it is text, but no target was found in it
* BadDecision          a person's decision about a doubt cannot be taken
"""

from __future__ import annotations


class LoadError(Exception):
    """One document cannot be read. `source` is the file, `why` the reason in a few words."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(f"{source}: {why}")
        self.source = source
        self.why = why


class Unreadable(LoadError):
    """The bytes are no text, or a format that is not read."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(source, f"cannot be read, because {why}")


class NotANotice(LoadError):
    """A text in which no target was found."""


class BadDecision(Exception):
    """There is no such doubt, or the value cannot stand there; nothing was kept."""
