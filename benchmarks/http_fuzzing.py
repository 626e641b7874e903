"""Send mutated HTTP requests to a running server, by seed; count faults.

    python -m benchmarks.http_fuzzing http://127.0.0.1:8000 [--seed 1] [--minutes 1]

Each request is a good one of which bytes were changed, doubled, dropped or moved, sent in one piece
or in several, over a connection of its own. A fault is a status of 500 and more but 503, a reply
that does not begin like HTTP, a refusal without the headers of security, or a server that does not
answer a good request afterwards. The seed and the number of a request make it again.
"""

from __future__ import annotations

import argparse
import random
import socket
import sys
import time
from collections import Counter
from urllib.parse import urlsplit

_FORM = b"application/x-www-form-urlencoded"
_PARTS = b'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\nx\r\n--b--'
_HOST = b" HTTP/1.1\r\nHost: x\r\n"
GOOD = (
    b"GET /sparql?query=ASK%7B%7D" + _HOST + b"Accept: */*\r\n\r\n",
    b"GET /healthz" + _HOST + b"\r\n",
    b"HEAD /api/targets?limit=1" + _HOST + b"Accept-Language: en\r\n\r\n",
    b"GET /id/a HTTP/1.0\r\n\r\n",
    b"POST /sparql" + _HOST + b"Content-Type: application/sparql-query\r\n"
    + b"Content-Length: 5\r\n\r\nASK{}",
    b"POST /sparql" + _HOST + b"Content-Type: " + _FORM + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    + b"b\r\nquery=ASK{}\r\n0\r\n\r\n",
    b"POST /upload" + _HOST + b"Content-Type: multipart/form-data; boundary=b\r\n"
    + b"Content-Length: 62\r\n\r\n" + _PARTS,
    b"POST /update" + _HOST + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
)  # fmt: skip
_BYTES = b'\x00\x01\t\n\r "%&+,-./0:;<=>?A[\\]{|}\x7f\x80\xff'
_GUARD = b"x-content-type-options: nosniff"


def mutated(chance: random.Random) -> bytes:
    """A good request with one to six changes."""
    data = bytearray(chance.choice(GOOD))
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 40)))
        match chance.randrange(4):
            case 0:
                data[start:end] = bytes(chance.choices(_BYTES, k=chance.randint(1, 4)))
            case 1:
                data[start:end] = data[start:end] * chance.randint(2, 30)
            case 2:
                del data[start:end]
            case _:
                piece = data[start:end]
                del data[start:end]
                to = chance.randrange(len(data) + 1)
                data[to:to] = piece
        if not data:
            data += b"\r"
    return bytes(data)


def reply_to(server: tuple[str, int], data: bytes, chance: random.Random) -> bytes:
    """All that the server sends back until it closes or is silent for a moment."""
    found = b""
    with socket.create_connection(server, timeout=5) as sock:
        try:
            cut = chance.randrange(len(data)) if chance.random() < 0.5 else 0
            for part in (data[:cut], data[cut:]):
                sock.sendall(part)
            sock.shutdown(socket.SHUT_WR)
            while part := sock.recv(65_536):
                found += part
        except OSError:  # it closed first, or waits for the rest
            pass
    return found


def fault_in(reply: bytes) -> str:
    """The fault of a reply; empty where there is none."""
    if not reply:
        return ""
    if not reply.startswith(b"HTTP/1.1 ") or not reply[9:12].isdigit():
        return "not HTTP"
    status = int(reply[9:12])
    if status >= 500 and status not in (501, 503, 505):
        return f"status {status}"
    return "no guard" if status >= 400 and _GUARD not in reply else ""


def main() -> int:
    """Print the counts and the faults."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("address")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=1.0)
    given = parser.parse_args()
    split = urlsplit(given.address)
    server = split.hostname or "127.0.0.1", split.port or 80
    counts: Counter[str] = Counter()
    faults, until = [], time.monotonic() + given.minutes * 60
    while time.monotonic() < until:
        number = sum(counts.values())
        chance = random.Random(f"{given.seed}-{number}")
        data = mutated(chance)
        reply = reply_to(server, data, chance)
        counts[reply[9:12].decode("latin-1") or "closed"] += 1
        if fault := fault_in(reply):
            faults.append(f"{given.seed}-{number}: {fault}: {data!r}")
    if not reply_to(server, GOOD[1], random.Random(0)).startswith(b"HTTP/1.1 200"):
        faults.append("the server does not answer afterwards")
    for line in faults[:20]:
        print(line)
    print(f"{sum(counts.values())} requests, {len(faults)} faults;", dict(sorted(counts.items())))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
