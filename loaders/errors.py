"""Errors of documents.

* LoadError            one document cannot be read; the message is one line and names the file
  - Unreadable         its bytes cannot be decoded, or its format is unknown
  - NotANotice         it is text, but no target was found in it
  - IsAReport          it reports on the targets of a notice, which has to be known to read it
  - NotAnEdition       it bears the name of a document in the store, and is another document
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
    """Bytes that cannot be decoded, or a format that is not read."""

    def __init__(self, source: str, why: str) -> None:
        super().__init__(source, f"cannot be read, because {why}")


class NotANotice(LoadError):
    """A text in which no target was found."""


class IsAReport(LoadError):
    """A report of progress, which is read with the notice that it is on."""

    def __init__(self, source: str, plan: str, year: int | None) -> None:
        super().__init__(source, "it is a report of progress")
        self.plan = plan
        self.year = year


class NotAnEdition(LoadError):
    """A document that would take the place of another which is not an earlier edition of it."""

    def __init__(self, source: str, other: str, why: str, why_zh: str) -> None:
        super().__init__(
            source,
            f"not published: it bears the number or the name of {other}, but is no edition of it: "
            f"{why}; `--replace` puts it in that place",
        )
        self.zh = f"{source}没有发布：它的文号或名称是{other}的，但不是它的新文本：{why_zh}"


class BadDecision(Exception):
    """A decision on a doubt that does not exist, or a value that does not fit; nothing was kept."""
