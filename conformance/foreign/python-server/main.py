"""A server of the file transfer protocol, edition 2024a.

It works in its working directory: port.info says where to listen, and clients and
files are kept there. SIGTERM or SIGINT ends it.
"""

import logging
import os
import signal
import socket
import sqlite3
import sys
from pathlib import Path

from config import read_port
from server import Server
from store import Store

_BACKLOG = 128


def main() -> int:
    """Runs the server until it is told to end, and returns the exit status."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    os.umask(0o077)  # keys and files are nobody else's business
    try:
        with socket.create_server(("", read_port()), backlog=_BACKLOG) as listener:
            store = Store(Path())
            server = Server(listener, store)
            signal.set_wakeup_fd(server.alarm.fileno())
            signal.signal(signal.SIGTERM, server.stop)
            signal.signal(signal.SIGINT, server.stop)
            logging.info("listening on port %d", listener.getsockname()[1])
            server.serve()
            signal.set_wakeup_fd(-1)
            store.close()
    except (OSError, sqlite3.Error) as error:
        logging.error("%s", error)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
