"""One connection: bytes in, bytes out, and how it ends."""

import logging
import socket
import time
from enum import Enum, auto
from selectors import EVENT_READ, EVENT_WRITE

from reader import RequestReader
from session import Session

_log = logging.getLogger(__name__)

_READ_SIZE = 64 * 1024
_WORK_SECONDS = 0.01  # for which a connection may keep all others waiting
_MOST_UNSENT = 64 * 1024  # bytes of answers; then the client has to read some first
_MOST_UNWANTED = 65 * 1024 * 1024  # bytes of a refused payload; a longer one ends the connection
_MOST_DISCARDED = 1024 * 1024  # bytes that come after the last word
_END_SECONDS = 5.0  # that the end of a connection may take, after the last answer was sent


class _Phase(Enum):
    SERVING = auto()
    HANGING_UP = auto()  # the last word is said, what still comes is discarded
    AT_END = auto()  # of what the client sends; the last answers go out
    OVER = auto()


class Connection:
    """Moves bytes between a socket and a session. Nothing in here waits."""

    def __init__(self, sock: socket.socket, session: Session) -> None:
        self.sock = sock
        self._session = session
        self._reader = RequestReader()
        self._has_input = False  # in the reader; it may be too little for an event
        self._unsent = bytearray()
        self._phase = _Phase.SERVING
        self._discarded = 0
        self._deadline = float("inf")

    @property
    def is_over(self) -> bool:
        """Whether the socket is of no more use."""
        return self._phase is _Phase.OVER

    @property
    def is_busy(self) -> bool:
        """Whether work() can go on without anything new from the client."""
        serving = self._phase is _Phase.SERVING
        return serving and self._has_input and len(self._unsent) < _MOST_UNSENT

    @property
    def interest(self) -> int:
        """What on_ready() is to be called for."""
        reads = self._phase is not _Phase.AT_END and len(self._unsent) < _MOST_UNSENT
        return (EVENT_READ if reads else 0) | (EVENT_WRITE if self._unsent else 0)

    def on_ready(self, events: int) -> None:
        """Reads and writes what the socket has and takes."""
        try:
            if events & EVENT_WRITE:
                self._send()
            if events & EVENT_READ and not self._has_input:
                self._receive()
        except BlockingIOError:
            pass
        except OSError:  # reset by the client
            self.close()

    def on_time(self) -> None:
        """Closes the connection if its end takes too long."""
        if time.monotonic() > self._deadline:
            self.close()

    def work(self) -> None:
        """Deals with what was read, for a limited time, and sends the answers together."""
        try:
            until = time.monotonic() + _WORK_SECONDS
            while self.is_busy and time.monotonic() < until:
                self._next_event()
        except Exception:  # pylint: disable=broad-exception-caught
            # It ends this connection and nothing else (ERR-4).
            _log.exception("a fault of this server")
            self.close()
        if self._unsent:
            self.on_ready(EVENT_WRITE)

    def close(self) -> None:
        """Gives up. Whoever waits for the socket has to close it."""
        self._end(_Phase.OVER)

    def _end(self, phase: _Phase) -> None:
        """Takes no more requests."""
        self._phase = phase
        self._has_input = False
        self._deadline = time.monotonic() + _END_SECONDS
        self._session.close()

    def _next_event(self) -> None:
        event = self._reader.next_event()
        if event is None:
            self._has_input = False
            return
        if answer := self._session.handle(event):
            self._unsent += answer.encode()
        if self._reader.unwanted > _MOST_UNWANTED:
            self._end(_Phase.HANGING_UP)

    def _receive(self) -> None:
        data = self.sock.recv(_READ_SIZE)
        if not data:
            self._end(_Phase.AT_END if self._unsent else _Phase.OVER)
        elif self._phase is _Phase.SERVING:
            self._reader.feed(data)
            self._has_input = True
        else:
            self._discarded += len(data)
            if self._discarded > _MOST_DISCARDED:
                self.close()

    def _send(self) -> None:
        sent = self.sock.send(self._unsent)
        del self._unsent[:sent]
        if self._phase is not _Phase.SERVING:
            self._deadline = time.monotonic() + _END_SECONDS  # a slow reader is welcome
        if self._unsent:
            return
        if self._phase is _Phase.AT_END:
            self.close()
        elif self._phase is _Phase.HANGING_UP:
            # To close now, with input unread, would reset the connection, and that
            # would destroy an answer which the client has not read yet (FRM-15).
            self.sock.shutdown(socket.SHUT_WR)
