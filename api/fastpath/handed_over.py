"""A connection that is lent to a worker, which answers over it without the server between.

That saves two of three hops for whoever asks much. The worker answers what is surely harmless
and comes as a whole table; with everything else the connection goes back, also when nothing is
asked for a moment, and when the server wants it. The server keeps its own hand on the
connection: it ends a worker that takes too long, and says so to the client itself.
"""

from __future__ import annotations

import select
import socket
import time
from collections.abc import Callable
from email.utils import formatdate

from api.fastpath.request_bytes import BEGINS, REST, query_of, tag_of, text_of
from api.fastpath.shared_notes import REQUEST, Note
from api.fastpath.shared_replies import Kept
from api.query.complexity import harmless
from api.query.evaluate import PLAIN, at_once
from api.query.job import BACK, DATA, LoanJob, QueryJob, frame, head_frame, packed
from graph.store.snapshot import Snapshot

IDLE, UNREAD, UNSENT, SAID = b"i", b"u", b"s", b"d"
"""Why a connection goes back: nothing to do; a request that is for the server; the rest of a reply
for it to send; an answer that it must word."""
_WAIT = 100
"""Milliseconds that a worker waits for the next request."""


def serve(
    control: socket.socket,
    snapshot: Snapshot,
    loan: LoanJob,
    note: Note | None,
    kept: Kept | None,
    tired: Callable[[], bool],
) -> bytes:
    """Answers over the connection until it goes back; the frames that say why it does.

    `tired` says whether the worker has taken so much that it should end.
    """
    if loan.connection < 0 or note is None or kept is None:
        return frame(BACK, UNREAD + loan.request)
    with socket.socket(fileno=loan.connection) as client:
        return _Serving(snapshot, loan, note, kept).answer(control, client, tired)


class _Serving:
    """What stays the same over one loan."""

    def __init__(self, snapshot: Snapshot, loan: LoanJob, note: Note, kept: Kept) -> None:
        self._snapshot, self._loan, self._note, self._kept = snapshot, loan, note, kept
        self._second = 0
        self._start = b""

    def answer(
        self, control: socket.socket, client: socket.socket, tired: Callable[[], bool]
    ) -> bytes:
        data = self._loan.request
        poll = select.poll()
        poll.register(control, select.POLLIN)
        poll.register(client, select.POLLIN)
        ours = client.fileno()
        while True:
            back = self._one(client, data)
            if back:
                return back
            if tired():
                return frame(BACK, IDLE)
            ready = poll.poll(_WAIT)
            if len(ready) != 1 or ready[0][0] != ours:
                return frame(BACK, IDLE)
            try:
                data = client.recv(65_536)
            except OSError:
                data = b""
            if not data:  # the server will hear of it as well
                return frame(BACK, IDLE)

    def _one(self, client: socket.socket, data: bytes) -> bytes:
        """Answers one request; else the frames with which the connection goes back."""
        note = self._note
        if note.recalled:
            return frame(BACK, UNREAD + data)
        known = self._kept.get(data)
        if known is not None:
            note.sending()
            return self._send(client, known, again=True)
        job = self._question(data)
        if job is None or job.solutions is None:
            return frame(BACK, UNREAD + data)
        note.begin(data, time.monotonic())
        said = at_once(self._snapshot, job, job.text.removeprefix("\ufeff"))
        if said is None:
            note.end(answered=False)
            return frame(BACK, UNREAD + data)
        head, body = said
        if head is not PLAIN[job.solutions]:
            note.end(answered=False)
            return frame(BACK, SAID + data) + head_frame(head) + frame(DATA, body)
        reply = self._reply(packed((job.text, *self._loan.fields)), body)
        note.sending()
        left = self._send(client, reply, again=False)
        self._kept.put(data, reply)
        return left

    def _send(self, client: socket.socket, known: bytes, *, again: bool) -> bytes:
        """Sends a reply after a line and the date; what could not be sent goes back in frames."""
        reply = self._begins() + known
        try:
            sent = client.send(reply)
        except BlockingIOError:
            sent = 0
        except OSError:
            sent = len(reply)  # the client has gone
        self._note.end(answered=True, again=again)
        return frame(BACK, UNSENT + reply[sent:]) if sent < len(reply) else b""

    def _question(self, data: bytes) -> QueryJob | None:
        """What a request asks; None where it is not for us."""
        loan = self._loan
        end = data.find(REST)
        if len(data) > REQUEST or data[end:] != loan.rest or not data.startswith(BEGINS):
            return None
        query = query_of(data, end)
        text = text_of(query) if query is not None else None
        if text is None:
            return None
        job = QueryJob(text, *loan.fields)
        return job if harmless(text, job.complexity) else None

    def _reply(self, question: bytes, body: bytes) -> bytes:
        """A reply behind its date, the same as the server would send.

        Its parts come with the loan: only what differs is put together for each reply.
        """
        tag = tag_of(self._loan.tagged, question).encode()
        length = b'etag: "%b"\r\ncontent-length: %d\r\n' % (tag, len(body))
        return b"".join((self._loan.before, length, self._loan.after, body))

    def _begins(self) -> bytes:
        now = int(time.time())
        if now != self._second:
            self._second = now
            date = formatdate(now, usegmt=True).encode()
            self._start = b"HTTP/1.1 200 OK\r\ndate: " + date + b"\r\n"
        return self._start
