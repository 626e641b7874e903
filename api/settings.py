"""Settings of the server, read from the environment once and checked."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")
_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_SIZE = re.compile(r"(\d+)\s*([KMG]?)(?:i?B)?", re.IGNORECASE)


class BadSetting(ValueError):
    """A setting has an impossible value; the message names both."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of an operator, with the documented defaults."""

    deadline: float = 10.0
    """Seconds from the arrival of a question to its answer."""
    memory: int = 2**30
    """Bytes that one question may take beyond what its worker had when it was forked."""
    in_memory: int = 0
    """Bytes that a version may take in memory; a larger one answers from disk. 0: half of all."""
    rows: int = 100_000
    size: int = 64_000_000
    """Bytes of an answer, unless it streams."""
    complexity: float = 1.0
    """By what the limits of the pre-check are multiplied."""
    connections: int = 1000
    """Most clients that may be connected at once; others get 503."""
    token: str = ""
    """The token of writers; empty: the server only reads."""
    cors: tuple[str, ...] = ("*",)
    """The origins whose pages may read; `*`: all."""
    frame_ancestors: str = "*"
    """The frame-ancestors of `/embed`; other paths may not be framed."""
    services: tuple[str, ...] = ()
    """The endpoints that SERVICE may call."""
    url: str = ""
    """The public address, without a slash at its end; empty: what the request says."""
    mcp: bool = False
    """Whether assistants are served at /mcp."""
    mcp_write: bool = False
    """Whether assistants that show the token may hand in reports of progress."""
    llm_url: str = ""
    """The interface of a language model that may choose questions; empty: none is asked."""
    llm_model: str = ""
    llm_key: str = ""

    @staticmethod
    def read(environment: Mapping[str, str] | None = None) -> Settings:
        """The settings of an environment, by default the process's own. Raises BadSetting."""
        given = os.environ if environment is None else environment

        def get(name: str, default: _T, parse: Callable[[str], _T]) -> _T:
            text = given.get(f"TIAOKUAI_{name}", "").strip()
            if not text:
                return default
            try:
                return parse(text)
            except ValueError as error:
                raise BadSetting(f"TIAOKUAI_{name}={text!r}: {error}") from None

        usual = Settings()
        return Settings(
            deadline=get("DEADLINE", usual.deadline, _seconds),
            memory=get("MEMORY", usual.memory, _at_least(16 * 2**20, _bytes)),
            in_memory=get("IN_MEMORY", usual.in_memory, _bytes),
            rows=get("ROWS", usual.rows, _at_least(1, _whole)),
            size=get("BYTES", usual.size, _at_least(1000, _bytes)),
            complexity=get("COMPLEXITY", usual.complexity, _factor),
            connections=get("CONNECTIONS", usual.connections, _at_least(1, _whole)),
            token=get("TOKEN", usual.token, str),
            cors=() if given.get("TIAOKUAI_CORS") == "" else get("CORS", usual.cors, _origins),
            frame_ancestors=get("FRAME_ANCESTORS", usual.frame_ancestors, _ancestors),
            services=get("SERVICE_ALLOW", usual.services, _addresses),
            url=get("URL", usual.url, _address),
            mcp=get("MCP", usual.mcp, _switch),
            mcp_write=get("MCP_WRITE", usual.mcp_write, _switch),
            llm_url=get("LLM_URL", usual.llm_url, _address),
            llm_model=get("LLM_MODEL", usual.llm_model, str),
            llm_key=get("LLM_KEY", usual.llm_key, str),
        )


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("1 (on) or 0 (off) is wanted")
    return text == "1"


def _whole(text: str) -> int:
    if not re.fullmatch(r"[\d_,]+", text):
        raise ValueError("a whole number is wanted, such as 100000")
    return int(text.replace(",", ""))


def _bytes(text: str) -> int:
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError("a number of bytes is wanted, such as 512M or 1G")
    return int(match[1]) * _UNITS[match[2].upper()]


def _at_least(least: int, parse: Callable[[str], int]) -> Callable[[str], int]:
    def parsed(text: str) -> int:
        number = parse(text)
        if number < least:
            raise ValueError(f"at least {least} is wanted")
        return number

    return parsed


def _seconds(text: str) -> float:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*s?", text)
    if match is None or not 0.05 <= float(match[1]) <= 86_400:
        raise ValueError("a number of seconds is wanted, from 0.05 to 86400")
    return float(match[1])


def _factor(text: str) -> float:
    match = re.fullmatch(r"\d+(?:\.\d+)?", text)
    if match is None or not 0.1 <= float(text) <= 1000:
        raise ValueError("a factor is wanted, from 0.1 to 1000")
    return float(text)


def _address(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#\"'<>;,]+(?:/[^\s?#\"'<>;,]*)?", text):
        raise ValueError("an address is wanted, such as https://example.org")
    return text.rstrip("/")


def _addresses(text: str) -> tuple[str, ...]:
    return tuple(_address(part) for part in re.split(r"[\s,]+", text) if part)


def _origins(text: str) -> tuple[str, ...]:
    parts = tuple(part.rstrip("/") for part in re.split(r"[\s,]+", text) if part)
    for part in parts:
        if part != "*" and not re.fullmatch(r"[a-z][a-z0-9+.-]*://[^\s/?#\"']+", part):
            raise ValueError("origins are wanted, such as https://example.org, or *")
    return parts


def _ancestors(text: str) -> str:
    if not re.fullmatch(r"[\w\s*:/.'\[\]-]+", text):
        raise ValueError("the sources of a frame-ancestors directive are wanted, or *")
    return " ".join(text.split())
