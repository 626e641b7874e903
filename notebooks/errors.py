"""What can go wrong in a notebook.

* NotebookError   something cannot be asked or shown
  - Refused       the store or the server said no; the message is what it said
"""

from __future__ import annotations


class NotebookError(Exception):
    """Something cannot be asked or shown. The message is one line for the person who asks."""


class Refused(NotebookError):
    """The store or the server said no; `status` is the HTTP status of the same refusal."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
