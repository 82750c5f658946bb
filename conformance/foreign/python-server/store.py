"""What must not be forgotten: the clients, and which files they have sent.

    defensive.db                    the tables clients and files
    clients/<id>/<name>             a file that arrived whole
    incoming/<random>               one that is still arriving

All of it is read at the start. From then on a change goes to the database first,
and whoever is told of it can rely on it (STO-5).
"""

import sqlite3
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from files import IncomingFile, name_on_disk

_SCHEMA = """
    CREATE TABLE IF NOT EXISTS clients (
        id         BLOB PRIMARY KEY,
        name       TEXT NOT NULL UNIQUE,
        public_key BLOB,
        last_seen  TEXT NOT NULL,
        aes_key    BLOB
    );
    CREATE TABLE IF NOT EXISTS files (
        id        BLOB NOT NULL REFERENCES clients (id),
        file_name TEXT NOT NULL,
        path      TEXT NOT NULL,
        verified  INTEGER NOT NULL,
        PRIMARY KEY (id, file_name)
    );
"""


@dataclass(slots=True)
class StoredFile:
    """A file that arrived whole."""

    path: str  # below the server's folder
    verified: bool = False


@dataclass(slots=True)
class Client:
    """A client that has registered."""

    id: bytes
    name: str
    public_key: bytes | None = None  # DER
    aes_key: bytes | None = None  # the one handed out last
    last_seen: float = field(default_factory=time.time)
    files: dict[str, StoredFile] = field(default_factory=dict)


class Store:
    """The database and the folders beside it."""

    def __init__(self, folder: Path) -> None:
        """Opens a server's folder. Raises sqlite3.Error or OSError if it is of no use."""
        self._folder = folder
        self._incoming = folder / "incoming"
        self._clients: dict[bytes, Client] = {}
        self._names: set[str] = set()
        self._seen: dict[bytes, Client] = {}  # since last_seen was saved
        self._db = sqlite3.connect(folder / "defensive.db")
        self._db.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
        )
        self._db.executescript(_SCHEMA)
        self._load()
        self._incoming.mkdir(exist_ok=True)
        for leftover in self._incoming.iterdir():
            leftover.unlink()

    def close(self) -> None:
        """Saves what is left to save."""
        self.save_last_seen()
        self._db.close()

    def _load(self) -> None:
        for client_id, name, public_key, aes_key, last_seen in self._db.execute(
            "SELECT id, name, public_key, aes_key, last_seen FROM clients"
        ):
            seen = datetime.fromisoformat(last_seen).timestamp()
            self._add(Client(client_id, name, public_key, aes_key, seen))
        for client_id, name, path, verified in self._db.execute(
            "SELECT id, file_name, path, verified FROM files"
        ):
            self._clients[client_id].files[name] = StoredFile(path, bool(verified))

    def _add(self, client: Client) -> None:
        self._clients[client.id] = client
        self._names.add(client.name)

    def seen(self, client_id: bytes) -> Client | None:
        """Returns the client that an id belongs to, which is heard of now (STO-8)."""
        if client := self._clients.get(client_id):
            client.last_seen = time.time()
            self._seen[client_id] = client
        return client

    def save_last_seen(self) -> None:
        """Saves when clients were last seen. It is all that a kill can undo."""
        if not self._seen:
            return
        rows = [(_timestamp(client), client.id) for client in self._seen.values()]
        with self._db:
            self._db.executemany("UPDATE clients SET last_seen = ? WHERE id = ?", rows)
        self._seen.clear()

    def register(self, name: str) -> Client | None:
        """Stores a new client under a random id (REG-5), or returns None if the name is taken."""
        if name in self._names:
            return None
        client = Client(uuid.uuid4().bytes, name)
        with self._db:
            row = (client.id, name, _timestamp(client))
            self._db.execute("INSERT INTO clients (id, name, last_seen) VALUES (?, ?, ?)", row)
        self._add(client)
        return client

    def set_keys(self, client: Client, public_key: bytes, aes_key: bytes) -> None:
        """Stores the keys that are in force from now on."""
        with self._db:
            row = (public_key, aes_key, client.id)
            self._db.execute("UPDATE clients SET public_key = ?, aes_key = ? WHERE id = ?", row)
        client.public_key, client.aes_key = public_key, aes_key

    def new_file(self) -> IncomingFile:
        """Makes an empty file for a transfer."""
        return IncomingFile(self._incoming)

    def keep_file(self, client: Client, name: str, file: IncomingFile) -> None:
        """Stores a whole file in place of the one before it. It counts as not verified (CRC-8)."""
        path = f"clients/{client.id.hex()}/{name_on_disk(name)}"
        file.finish()
        if name in client.files:
            # First of all: a kill on the way must not leave new content that is verified.
            self._set_verified(client, name, False)
        with self._db:
            self._db.execute("REPLACE INTO files VALUES (?, ?, ?, FALSE)", (client.id, name, path))
            file.move_to(self._folder / path)
        client.files[name] = StoredFile(path)

    def verify_file(self, client: Client, name: str) -> bool:
        """Makes a file count as verified, or returns False if there is none."""
        if name not in client.files:
            return False
        self._set_verified(client, name, True)
        return True

    def forget_file(self, client: Client, name: str) -> None:
        """Removes a file, unless it is verified."""
        file = client.files.get(name)
        if file is None or file.verified:
            return
        with self._db:
            self._db.execute("DELETE FROM files WHERE id = ? AND file_name = ?", (client.id, name))
        del client.files[name]
        (self._folder / file.path).unlink(missing_ok=True)

    def _set_verified(self, client: Client, name: str, verified: bool) -> None:
        file = client.files[name]
        if file.verified == verified:
            return
        with self._db:
            row = (verified, client.id, name)
            self._db.execute("UPDATE files SET verified = ? WHERE id = ? AND file_name = ?", row)
        file.verified = verified


def _timestamp(client: Client) -> str:
    return datetime.fromtimestamp(client.last_seen, UTC).isoformat(timespec="milliseconds")
