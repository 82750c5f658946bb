"""The file port.info."""

import logging
import re
from pathlib import Path

_log = logging.getLogger(__name__)

DEFAULT_PORT = 1256
_FILE = Path("port.info")


def parse_port(text: bytes) -> int:
    """Reads a port, with white space around it or without, or raises ValueError."""
    found = re.fullmatch(rb"\s*([0-9]{1,5})\s*", text)
    port = int(found[1]) if found else 0
    if not 1 <= port <= 65535:
        raise ValueError("it has to be a number from 1 to 65535")
    return port


def read_port() -> int:
    """Returns the port to listen on, which without a valid port.info is the default (STO-2)."""
    try:
        return parse_port(_FILE.read_bytes())
    except (OSError, ValueError) as error:
        _log.warning("no port in %s, listening on %d: %s", _FILE, DEFAULT_PORT, error)
        return DEFAULT_PORT
