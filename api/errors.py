"""Errors while a query runs.

* EngineError
  - Stopped           the work was ended from outside
    + Overrun         it took longer than the deadline
    + Exhausted       it took more memory than it may
    + Crowded         too many long questions at once
  - Crashed           the worker died by itself
  - NoVersion         the store has no version
  - Loading           it is still being read into memory
"""

from __future__ import annotations


class EngineError(Exception):
    """A question got no answer."""


class Stopped(EngineError):
    """The work was ended from outside."""


class Overrun(Stopped):
    """The work took longer than the deadline."""


class Exhausted(Stopped):
    """The work took more memory than it may."""


class Crowded(Stopped):
    """Too many long questions at once."""


class Crashed(EngineError):
    """The worker died by itself; the message says by which signal."""


class NoVersion(EngineError):
    """The store has no version; the message gives the reason."""


class Loading(EngineError):
    """The version is still being read into memory, and what was asked goes through all of it."""
