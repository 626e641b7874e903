"""A child that stays and does one job after the other: framed messages in and out."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from typing import Any

from loaders.sandbox.framing import received, send
from loaders.sandbox.start import command, environment


class Ended(Exception):
    """The child ended without an answer; `code` is its exit code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"exit code {code}")
        self.code = code


class StayingChild:
    """A child process in a session of its own, with whatever it forks."""

    def __init__(self, function: str, *arguments: Any) -> None:
        self._process = subprocess.Popen(
            command(function, *arguments), env=environment(), start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    @property
    def is_running(self) -> bool:
        """Return whether the process is still there."""
        return self._process.poll() is None

    def ask(self, *messages: bytes, answers: int = 1, seconds: float) -> list[bytes]:
        """Send messages, wait for answers. Raises TimeoutError and Ended; the child is gone then.

        The seconds count from when the child has taken the messages.
        """
        source, sink = self._process.stdout, self._process.stdin
        assert source is not None
        assert sink is not None
        try:
            send(sink, *messages)
            until = time.monotonic() + seconds
            return [received(source, until) for _ in range(answers)]
        except TimeoutError:
            self.end()
            raise
        except (EOFError, OSError):
            self.end()
            raise Ended(self._process.returncode) from None

    def end(self) -> None:
        """End the process with what it has forked."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was on its way to it
                    pipe.close()
