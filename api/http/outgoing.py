"""A reply as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A whole reply."""

    status: int
    media: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()

    def having(self, *headers: tuple[str, str]) -> Outgoing:
        """Add headers that the reply does not have yet."""
        known = {name for name, _ in self.headers}
        return replace(self, headers=(*self.headers, *(h for h in headers if h[0] not in known)))

    def lines(self) -> bytes:
        """The headers as they are sent. Raises ValueError where a value would end its line."""
        pairs = self.headers
        if self.status not in (204, 304):
            length = ("content-length", str(len(self.body)))
            pairs = (("content-type", self.media), *pairs, length)
        text = "".join([f"{name}: {value}\r\n" for name, value in pairs])
        if not text.count("\r") == text.count("\n") == len(pairs) or "\0" in text:
            raise ValueError(f"a header holds a line end: {pairs}")
        return text.encode("latin-1", "replace")
