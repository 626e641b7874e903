"""A child that does one job and ends: bytes in on standard input, bytes out on standard output."""

from __future__ import annotations

import asyncio
import subprocess
from typing import Any

from loaders.sandbox.start import command, environment


def do_once(function: str, *arguments: Any, data: bytes, seconds: float) -> tuple[int, bytes]:
    """The exit code of a child and what it wrote. Raises TimeoutError."""
    try:
        done = subprocess.run(
            command(function, *arguments), input=data, capture_output=True, timeout=seconds,
            check=False, env=environment(),
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise TimeoutError from error
    return done.returncode, done.stdout


class OneJob:
    """The same on an event loop, where a child may be started before its job is known."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @staticmethod
    async def start(function: str, *arguments: Any) -> OneJob:
        """Start a child that waits for its job."""
        process = await asyncio.create_subprocess_exec(
            *command(function, *arguments), env=environment(), start_new_session=True,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        )  # fmt: skip
        return OneJob(process)

    async def do(self, data: bytes, seconds: float) -> tuple[int, bytes]:
        """The exit code of the child and what it wrote. Raises TimeoutError.

        The child is gone afterwards, however this ends.
        """
        try:
            async with asyncio.timeout(seconds):
                out, _ = await self._process.communicate(data)
        finally:
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()
        return self._process.returncode or 0, out
