"""The parts of a multipart form (RFC 7578), flat: a part that is multipart again is one part."""

from __future__ import annotations

import re
from dataclasses import dataclass

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.http.problems import Problem

MAX_PARTS = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a form; `filename` is None where it is a plain field."""

    name: str
    filename: str | None
    media: str
    data: bytes


class _Collector:
    """Callbacks that collect the parts."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self._name = self._value = b""
        self._headers: dict[str, bytes] = {}
        self._data: list[bytes] = []

    def callbacks(self) -> dict[str, object]:
        return {
            "on_part_begin": self._begin, "on_part_end": self._end,
            "on_header_field": self._add_name, "on_header_value": self._add_value,
            "on_header_end": self._end_header, "on_part_data": self._add_data,
        }  # fmt: skip

    def _begin(self) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise MultipartParseError(f"there are more than {MAX_PARTS} parts")
        self._headers, self._data = {}, []

    def _add_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._value
        self._name = self._value = b""

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        self._data.append(data[start:end])

    def _end(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", b""))
        media, _ = parse_options_header(self._headers.get("content-type", b"text/plain"))
        filename = options.get(b"filename")
        name = None if filename is None else filename.decode(errors="replace")
        self.parts.append(
            Part(
                options.get(b"name", b"").decode(errors="replace"),
                None if name is None else re.split(r"[/\\]", name)[-1],
                media.decode("latin-1"),
                b"".join(self._data),
            )
        )


def parts_of(content_type: str, body: bytes, *, whole: bool = True) -> list[Part]:
    """The parts of a body; of its beginning alone, those that are complete. Raises Problem."""
    _, options = parse_options_header(content_type.encode("latin-1"))
    boundary = options.get(b"boundary")
    if not boundary:
        raise Problem(400, "bad-request", "表单没有 boundary", "the form names no boundary")
    found = _Collector()
    # The names of the callbacks are a TypedDict of the library's own
    parser = MultipartParser(boundary, found.callbacks())  # type: ignore[arg-type]
    try:
        parser.write(body)
        if whole:
            parser.finalize()
    except MultipartParseError as error:
        if whole or not found.parts:
            raise Problem(
                400, "bad-request", f"表单有误：{error}", f"a bad form: {error}"
            ) from None
    return found.parts
