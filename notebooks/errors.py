"""Errors in a notebook.

* NotebookError   something cannot be asked or shown
  - Refused       the store or the server refused; the message is its own
"""

from __future__ import annotations


class NotebookError(Exception):
    """Something cannot be asked or shown. The message is one line for the user."""


class Refused(NotebookError):
    """The store or the server refused; `status` is the HTTP status of the refusal."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
