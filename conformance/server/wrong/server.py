"""A server of the file transfer protocol, edition 2024a.

It works in its working directory: port.info says where to listen, defensive.db
has the clients and their files, and the files lie in a folder for each client.
With --mistake it makes one that is often made; without, it is meant to be right.

Needs Python 3.11 and PyCryptodome (Debian: python3-pycryptodome).
"""

import argparse
import contextlib
import io
import os
import pathlib
import socket
import socketserver
import sqlite3
import struct
import sys
import threading
import uuid
import zlib

from Cryptodome.Cipher import AES, PKCS1_OAEP
from Cryptodome.PublicKey import RSA
from Cryptodome.Util.Padding import unpad

MISTAKES = ("one-recv", "id-from-header", "long-thanks", "no-empty-packet", "no-padding-check", "zlib-cksum", "exits")

VERSION = 3
DEFAULT_PORT = 1256
REGISTER, PUBLIC_KEY, LOGIN, FILE, CRC_OK, CRC_BAD, CRC_ABORT = range(1025, 1032)
REGISTERED, NOT_REGISTERED, KEY_ACCEPTED, FILE_RECEIVED, THANKS, LOGGED_IN, NOT_LOGGED_IN, ERROR = range(1600, 1608)

REQUEST_HEADER = struct.Struct("<16sBHI")  # client id, version, code, payload size
RESPONSE_HEADER = struct.Struct("<BHI")  # version, code, payload size
PACKET_FIELDS = struct.Struct("<IIHH")  # content size, original size, packet number, total; a name follows
FILE_ANSWER = struct.Struct("<16sI255sI")  # client id, content size, file name, cksum
TEXT_SIZE = 255
LEAST_PACKET = PACKET_FIELDS.size + TEXT_SIZE
PAYLOAD_SIZES = {REGISTER: 255, PUBLIC_KEY: 415, LOGIN: 255, CRC_OK: 255, CRC_BAD: 255, CRC_ABORT: 255}

LONGEST_PACKET = 80 << 20  # one with 64 MiB has to be taken
LONGEST_OTHER = 1 << 20  # what is longer is not even read to be thrown away
IDLE_SECONDS = 120
DRAIN_SECONDS = 2

NOW = "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class Refused(Exception):
    """The request is declined, with the arguments as code and payload of the answer."""


def cksum(data):
    """Returns what the POSIX utility cksum says. It is zlib's CRC with the bits of
    all bytes the other way round, started from 0, and with the length at the end."""
    length = len(data).to_bytes((len(data).bit_length() + 7) // 8, "little")
    crc = zlib.crc32(data.translate(REVERSED), 0xFFFFFFFF)
    crc = zlib.crc32(length.translate(REVERSED), crc)
    return int(f"{crc:032b}"[::-1], 2)


def text(payload, offset):
    """Returns the text of a text field, which ends with the first NUL."""
    value, nul, _ = payload[offset : offset + TEXT_SIZE].partition(b"\0")
    if not nul or not all(0x20 <= byte <= 0x7E for byte in value):
        raise Refused
    return value.decode("ascii")


def is_public_key(der):
    try:
        key = RSA.import_key(der)
    except (ValueError, IndexError, TypeError):
        return False
    # The library takes other formats too, but writes only this one.
    return key.size_in_bits() == 1024 and not key.has_private() and key.export_key("DER") == der


class Store:
    """The clients and their files: an SQLite database and the folders beside it."""

    def __init__(self):
        self.lock = threading.RLock()
        # Without an isolation level, every statement is a transaction of its own.
        self.db = sqlite3.connect("defensive.db", check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.executescript("""
            PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
            CREATE TABLE IF NOT EXISTS clients (
                id BLOB PRIMARY KEY, name TEXT UNIQUE, public_key BLOB, last_seen TEXT, aes_key BLOB);
            CREATE TABLE IF NOT EXISTS files (
                id BLOB, file_name TEXT, path TEXT, verified INTEGER, PRIMARY KEY (id, file_name));""")

    def run(self, statement, *values):
        with self.lock:
            return self.db.execute(statement, values).fetchall()

    def add_client(self, client_id, name):
        """Says whether id and name were free."""
        statement = f"INSERT OR IGNORE INTO clients (id, name, last_seen) VALUES (?, ?, {NOW}) RETURNING id"
        return bool(self.run(statement, client_id, name))

    def find_client(self, client_id):
        """Returns a client, who is here now, or None."""
        found = self.run(f"UPDATE clients SET last_seen = {NOW} WHERE id = ? RETURNING *", client_id)
        return found[0] if found else None

    def add_file(self, client_id, name, content):
        """Stores a file, and then removes the one before under its name."""
        path = pathlib.Path(client_id.hex(), uuid.uuid4().hex)  # names from the wire are no paths
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        with self.lock:
            old = self.run("SELECT path FROM files WHERE id = ? AND file_name = ?", client_id, name)
            self.run("REPLACE INTO files VALUES (?, ?, ?, FALSE)", client_id, name, str(path))
        for row in old:
            os.unlink(row["path"])

    def verify_file(self, client_id, name):
        """Says whether there is that file, which is verified from now on."""
        statement = "UPDATE files SET verified = TRUE WHERE id = ? AND file_name = ? RETURNING id"
        return bool(self.run(statement, client_id, name))


class Transfer:
    """A file of which not all packets have come."""

    def __init__(self, fields, aes_key):
        self.fields = fields  # content size, original size, total: the same in every packet
        self.aes_key = aes_key
        self.packets = 0
        self.content = bytearray()

    def add(self, fields, number, content):
        """Says whether this packet was the last."""
        content_size, _, total = fields
        self.packets += 1
        self.content += content
        if fields != self.fields or number != self.packets or number > total or len(self.content) > content_size:
            raise Refused
        return number == total

    def plaintext(self, mistake):
        content_size, original_size, _ = self.fields
        if len(self.content) != content_size:
            raise Refused
        if mistake == "exits" and content_size % AES.block_size:
            os._exit(1)
        try:
            padded = AES.new(self.aes_key, AES.MODE_CBC, iv=bytes(16)).decrypt(self.content)
            plain = padded[: -padded[-1]] if mistake == "no-padding-check" else unpad(padded, AES.block_size)
        except ValueError:
            raise Refused from None
        if len(plain) != original_size:
            raise Refused
        return plain


class Connection(socketserver.BaseRequestHandler):
    """Serves the requests of one connection, in a thread of its own."""

    def handle(self):
        self.mistake, self.store, self.transfers = self.server.mistake, self.server.store, {}
        self.request.settimeout(IDLE_SECONDS)
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
        with contextlib.suppress(OSError, EOFError):  # the client has gone
            while self.serve():
                pass

    def serve(self):
        """Answers a request and says whether there may be another."""
        read = io.BytesIO(self.request.recv(1 << 16)).read if self.mistake == "one-recv" else self.read
        client_id, _, code, size = REQUEST_HEADER.unpack(read(REQUEST_HEADER.size))
        if size > (LONGEST_PACKET if code == FILE else LONGEST_OTHER):
            self.answer()
            self.drain()
            return False
        payload = read(size)
        client = self.store.find_client(client_id)
        try:
            if size < LEAST_PACKET if code == FILE else size != PAYLOAD_SIZES.get(code):
                raise Refused
            name = text(payload, PACKET_FIELDS.size if code == FILE else 0)
            self.HANDLERS[code](self, client_id, client, name, payload)
        except Refused as refused:
            self.answer(*refused.args)
        return True

    def read(self, size):
        data = bytearray()
        while len(data) < size:
            piece = self.request.recv(min(size - len(data), 1 << 16))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)

    def answer(self, code=ERROR, payload=b""):
        self.request.sendall(RESPONSE_HEADER.pack(VERSION, code, len(payload)) + payload)

    def drain(self):
        """Reads on for a while: closing with unread input would destroy the answer."""
        self.request.shutdown(socket.SHUT_WR)
        self.request.settimeout(DRAIN_SECONDS)
        for _ in range(100):
            if not self.request.recv(1 << 16):
                return

    def register(self, client_id, _, name, __):
        if self.mistake != "id-from-header" or not any(client_id):
            client_id = uuid.uuid4().bytes
        if not name or not self.store.add_client(client_id, name):
            raise Refused(NOT_REGISTERED)
        self.answer(REGISTERED, client_id)

    def public_key(self, client_id, client, name, payload):
        der = payload[TEXT_SIZE:]
        if not client or client["name"] != name or not is_public_key(der):
            raise Refused
        self.answer(KEY_ACCEPTED, client_id + self.new_key(client_id, der))

    def login(self, client_id, client, name, _):
        if not client or client["name"] != name or not client["public_key"]:
            raise Refused(NOT_LOGGED_IN, client_id)
        self.answer(LOGGED_IN, client_id + self.new_key(client_id, client["public_key"]))

    def new_key(self, client_id, der):
        """Makes a client's next AES key and returns it wrapped."""
        aes_key = os.urandom(32)
        self.store.run("UPDATE clients SET public_key = ?, aes_key = ? WHERE id = ?", der, aes_key, client_id)
        return PKCS1_OAEP.new(RSA.import_key(der)).encrypt(aes_key)

    def packet(self, client_id, client, name, payload):
        content_size, original_size, number, total = PACKET_FIELDS.unpack_from(payload)
        content = payload[LEAST_PACKET:]
        transfer, fields = self.transfers.pop((client_id, name), None), (content_size, original_size, total)
        if number == 1 and client and client["aes_key"]:
            transfer = Transfer(fields, client["aes_key"])
        if not transfer or self.mistake == "no-empty-packet" and not content:
            raise Refused
        if transfer.add(fields, number, content):
            plain = transfer.plaintext(self.mistake)
            self.store.add_file(client_id, name, plain)
            checksum = zlib.crc32(plain) if self.mistake == "zlib-cksum" else cksum(plain)
            self.answer(FILE_RECEIVED, FILE_ANSWER.pack(client_id, content_size, name.encode(), checksum))
        else:
            self.transfers[client_id, name] = transfer

    def crc_ok(self, client_id, client, name, payload):
        if not client or not self.store.verify_file(client_id, name):
            raise Refused
        self.thank(client_id, payload)

    def crc_bad(self, *_):
        """The file follows again; there is no answer."""

    def crc_abort(self, client_id, client, _, payload):
        if not client:
            raise Refused
        self.thank(client_id, payload)

    def thank(self, client_id, name_field):
        self.answer(THANKS, client_id)
        if self.mistake == "long-thanks":
            self.request.sendall(name_field)

    HANDLERS = dict(enumerate((register, public_key, login, packet, crc_ok, crc_bad, crc_abort), REGISTER))


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, _, client_address):
        print(client_address, repr(sys.exc_info()[1]), file=sys.stderr, flush=True)


def read_port():
    with contextlib.suppress(OSError, ValueError):
        port = int(pathlib.Path("port.info").read_text("ascii"))
        if 1 <= port <= 65535:
            return port
    print(f"warning: no port in port.info, listening on {DEFAULT_PORT}", file=sys.stderr, flush=True)
    return DEFAULT_PORT


def main():
    parser = argparse.ArgumentParser(description="server of the file transfer protocol")
    parser.add_argument("--mistake", choices=MISTAKES)
    mistake = parser.parse_args().mistake
    with Server(("", read_port()), Connection) as server:
        server.store, server.mistake = Store(), mistake
        server.serve_forever()


if __name__ == "__main__":
    main()
