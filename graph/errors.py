"""Errors of a store.

* StoreError            the store cannot be used; the message is one line
  - BrokenStore         its files are damaged; `tiaokuai rebuild` is offered, nothing is overwritten
  - LockedStore         another writer holds it for too long
  - DoubledTriple       a publication would hold one triple in two graphs
  - EngineTrouble       a SPARQL engine is not there, refuses, or gives no valid answer
  - UnknownVersion      no version of this id
    + RemovedVersion    there was one, and it was removed
"""

from __future__ import annotations


class StoreError(Exception):
    """The store cannot be used."""


class BrokenStore(StoreError):
    """The files of the store are damaged."""

    def __init__(self, where: object, why: object) -> None:
        super().__init__(
            f"the store is broken at {where}: {why}; `tiaokuai rebuild` makes the graph again "
            "from the documents that are kept"
        )


class LockedStore(StoreError):
    """Another writer holds the store."""


class EngineTrouble(StoreError):
    """A SPARQL engine cannot be used; `passing` where trying again may help.

    `lost` where it answers, and does not hold what it was sent; `limited` where it answers less
    than it was asked for.
    """

    def __init__(
        self, message: str, *, passing: bool = False, lost: bool = False, limited: bool = False
    ) -> None:
        super().__init__(" ".join(message.split()))
        self.passing = passing
        self.lost = lost
        self.limited = limited


class DoubledTriple(StoreError):
    """A triple would be in two graphs."""


class UnknownVersion(StoreError):
    """No version of this id."""


class RemovedVersion(UnknownVersion):
    """A version that was there and has been removed."""
