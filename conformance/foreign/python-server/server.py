"""The event loop: one thread, many connections."""

import logging
import selectors
import socket
import sqlite3
import time

from connection import Connection
from session import Session
from store import Store

_log = logging.getLogger(__name__)

_TICK_SECONDS = 0.5
_MOST_ACCEPTED = 64  # at a time


class Server:
    """Serves all connections of a listener."""

    def __init__(self, listener: socket.socket, store: Store) -> None:
        self._listener = listener
        self._store = store
        self._selector = selectors.DefaultSelector()
        self._connections: set[Connection] = set()
        self._busy: set[Connection] = set()  # that have read more than they have dealt with
        self._next_tick = time.monotonic()
        self._stopping = False
        self._waker, self.alarm = socket.socketpair()  # a write to alarm ends the loop's waiting
        self.alarm.setblocking(False)
        listener.setblocking(False)

    def stop(self, *_: object) -> None:
        """Lets serve() return when the loop comes round. Fit to be a signal handler."""
        self._stopping = True

    def serve(self) -> None:
        """Runs until stop() is called, and closes all connections."""
        self._selector.register(self._waker, selectors.EVENT_READ)
        self._selector.register(self._listener, selectors.EVENT_READ)
        while not self._stopping:
            self._turn()
        for connection in self._connections:
            connection.close()
            connection.sock.close()
        for sock in (self._listener, self._waker, self.alarm):
            sock.close()
        self._selector.close()

    def _turn(self) -> None:
        due = self._busy
        for key, events in self._selector.select(0 if due else _TICK_SECONDS):
            if key.fileobj is self._listener:
                self._accept()
            elif connection := key.data:
                connection.on_ready(events)
                due.add(connection)
        for connection in due:
            connection.work()
            self._settle(connection)
        self._busy = {connection for connection in due if connection.is_busy}
        if time.monotonic() >= self._next_tick:
            self._tick()
            self._next_tick = time.monotonic() + _TICK_SECONDS

    def _accept(self) -> None:
        try:
            for _ in range(_MOST_ACCEPTED):
                sock, address = self._listener.accept()
                sock.setblocking(False)
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
                connection = Connection(sock, Session(self._store, f"{address[0]}:{address[1]}"))
                self._connections.add(connection)
                self._selector.register(sock, connection.interest, connection)
        except (BlockingIOError, ConnectionError):
            pass
        except OSError as error:
            # Out of file descriptors or memory: those who are here are served, and
            # sooner or later some of them leave.
            _log.error("cannot accept: %s", error)
            self._selector.unregister(self._listener)

    def _settle(self, connection: Connection) -> None:
        """Brings what is waited for in line with the state of a connection."""
        if connection.is_over:
            self._selector.unregister(connection.sock)
            connection.sock.close()
            self._connections.discard(connection)
        elif self._selector.get_key(connection.sock).events != connection.interest:
            self._selector.modify(connection.sock, connection.interest, connection)

    def _tick(self) -> None:
        """Does what is due now and then."""
        for connection in list(self._connections):
            connection.on_time()
            self._settle(connection)
        if self._listener not in self._selector.get_map():
            self._selector.register(self._listener, selectors.EVENT_READ)
        try:
            self._store.save_last_seen()
        except sqlite3.Error as error:
            _log.error("cannot save when clients were last seen: %s", error)
