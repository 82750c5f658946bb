"""Files on the disk: where they lie, and how they get there whole."""

import hashlib
import os
import uuid
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

_BUFFER = 64 * 1024
_SYNC_EVERY = 4 * 1024 * 1024
_LONGEST_NAME = 255  # on the file systems of Linux


def name_on_disk(name: str) -> str:
    """Returns a safe file name, another one for every name from the wire (FIL-19).

    Letters, digits, spaces and _.-~ stand for themselves, the rest is quoted as in a
    URL. What that does not make a name of begins with a % that quote() never writes.
    """
    quoted = quote(name, safe=" ")
    if not quoted.strip("."):  # empty, . and ..
        return "%" + quoted
    if len(quoted) > _LONGEST_NAME:
        return "%sha256-" + hashlib.sha256(name.encode("ascii")).hexdigest()
    return quoted


class IncomingFile:
    """A file that is arriving, under a name that nobody else has."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / uuid.uuid4().hex
        self._file = self._path.open("xb", buffering=_BUFFER)
        self._unsynced = 0

    def write(self, data: bytes) -> None:
        """Appends to the file. What is written goes to the disk in small portions, for
        all others have to wait while it does."""
        self._file.write(data)
        self._unsynced += len(data)
        if self._unsynced >= _SYNC_EVERY:
            self._file.flush()
            os.fdatasync(self._file.fileno())
            self._unsynced = 0

    def finish(self) -> None:
        """Sees to it that the whole file is on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def move_to(self, path: Path) -> None:
        """Gives a finished file its final name, in place of another file if there is one."""
        new_folder = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        os.replace(self._path, path)
        _sync_folder(path.parent)
        if new_folder:
            _sync_folder(path.parent.parent)

    def discard(self) -> None:
        """Removes the file, unless it has got its final name. What resists is left for the next
        start of the server."""
        with suppress(OSError):
            self._file.close()  # which may try to write once more
        with suppress(OSError):
            self._path.unlink(missing_ok=True)


def _sync_folder(path: Path) -> None:
    """Makes the names in a folder last."""
    folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
