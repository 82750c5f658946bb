"""A client of the file transfer protocol, edition 2024a.

It works in its working directory: transfer.info says what to send where, and
me.info and priv.key, which it writes when it registers, who it is. With
--mistake it makes one that is often made; without, it is meant to be right.

Needs Python 3.11 and PyCryptodome (Debian: python3-pycryptodome).
"""

import argparse
import base64
import contextlib
import io
import ipaddress
import os
import pathlib
import socket
import struct
import sys
import tempfile
import typing
import uuid
import zlib

from Cryptodome.Cipher import AES, PKCS1_OAEP
from Cryptodome.PublicKey import RSA
from Cryptodome.Util.Padding import pad

MISTAKES = ("one-recv", "three-sendings", "total-plus-one", "no-thanks", "long-key")

VERSION = 3
REGISTER, PUBLIC_KEY, LOGIN, FILE, CRC_OK, CRC_BAD, CRC_ABORT = range(1025, 1032)
REGISTERED, NOT_REGISTERED, KEY_ACCEPTED, FILE_RECEIVED, THANKS, LOGGED_IN, NOT_LOGGED_IN, ERROR = range(1600, 1608)

REQUEST_HEADER = struct.Struct("<16sBHI")  # client id, version, code, payload size
TEXT = struct.Struct("255s")
KEY_REQUEST = struct.Struct("<255s160s")  # name, public key
PACKET_FIELDS = struct.Struct("<IIHH255s")  # content size, original size, packet number, total, file name

RESPONSE_HEADER = struct.Struct("<BHI")  # version, code, payload size
ID_ANSWER = struct.Struct("<16s")
KEY_ANSWER = struct.Struct("<16s128s")  # client id, wrapped AES key
FILE_ANSWER = struct.Struct("<16sI255sI")  # client id, content size, file name, cksum
ANSWERS = {
    REGISTERED: ID_ANSWER,
    KEY_ACCEPTED: KEY_ANSWER,
    FILE_RECEIVED: FILE_ANSWER,
    THANKS: ID_ANSWER,
    LOGGED_IN: KEY_ANSWER,
    NOT_LOGGED_IN: ID_ANSWER,
}
LONGEST_ANSWER = 1 << 16  # what is longer is not even read to be thrown away

AES_KEY_SIZE = 32
PACKET_SIZE = 1024
LARGEST_FILE = 65535 * PACKET_SIZE - 1  # one byte at least is padding
SENDINGS = 4  # of a message that is answered with an error
TRANSFERS = 4  # of a file whose checksums differ

PATIENCE_SECONDS = 5
SLOWEST_SERVER = 1_000_000  # bytes of a file that it deals with in a second

REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class Fatal(Exception):
    """The run ends without success, for the reason given."""


class ErrorResponse(Exception):
    """An answer that counts as an error, for the reason given."""


def cksum(data):
    """Returns what the POSIX utility cksum says. It is zlib's CRC with the bits of
    all bytes the other way round, started from 0, and with the length at the end."""
    length = len(data).to_bytes((len(data).bit_length() + 7) // 8, "little")
    crc = zlib.crc32(data.translate(REVERSED), 0xFFFFFFFF)
    crc = zlib.crc32(length.translate(REVERSED), crc)
    return int(f"{crc:032b}"[::-1], 2)


def text(value, longest=TEXT.size - 1):
    """Returns what goes into a text field, whose rest struct fills with zeros."""
    if not 1 <= len(value) <= longest or not value.isascii() or not value.isprintable():
        raise ValueError(f"{value!r} is not 1 to {longest} printable ASCII characters")
    return value.encode("ascii")


def read_lines(path):
    return [line.rstrip() for line in pathlib.Path(path).read_text("utf-8").rstrip().split("\n")]


class Task(typing.NamedTuple):
    """What to send, as what, and where to."""

    address: tuple[str, int]
    name: bytes
    file_name: bytes
    content: bytes

    @classmethod
    def read(cls):
        try:
            lines = read_lines("transfer.info")
            if len(lines) != 3:
                raise ValueError("it needs just three lines: IP:port, name, path of the file")
            host, _, port = lines[0].rpartition(":")
            host = str(ipaddress.ip_address(host.strip("[]")))
            if not 1 <= int(port) <= 65535:
                raise ValueError(f"{port} is no port")
            name = text(lines[1], 100)
        except (OSError, ValueError) as error:
            raise Fatal(f"transfer.info: {error}") from error
        try:
            path = pathlib.Path(lines[2])
            if path.stat().st_size > LARGEST_FILE:
                raise ValueError(f"it takes more than 65,535 packets; the largest file has {LARGEST_FILE} bytes")
            return cls((host, int(port)), name, text(path.name), path.read_bytes())
        except (OSError, ValueError) as error:
            raise Fatal(f"cannot send {lines[2]}: {error}") from error


class Identity(typing.NamedTuple):
    """Who the client is, as it is kept in me.info and priv.key."""

    name: bytes
    client_id: bytes
    key: RSA.RsaKey

    @classmethod
    def read(cls):
        """Returns None for a client that has not registered yet."""
        if not os.path.exists("me.info"):
            return None
        try:
            name, client_id, *key = read_lines("me.info")
            der = base64.b64decode("".join(key or read_lines("priv.key")))
            return cls(text(name), uuid.UUID(client_id).bytes, RSA.import_key(der))
        except (OSError, ValueError) as error:
            raise Fatal(f"me.info or priv.key: {error}; remove them to register anew") from error

    def write(self):
        key = base64.b64encode(self.key.export_key("DER", pkcs=8)).decode()
        replace("priv.key", key)
        replace("me.info", f"{self.name.decode()}\n{self.client_id.hex()}\n{key}\n")


def replace(name, content):
    """Writes a file whole or not at all, and for its owner's eyes alone."""
    with tempfile.NamedTemporaryFile("w", dir=".", delete=False) as file:
        file.write(content)
    os.replace(file.name, name)


class Client:
    """Holds a conversation with a server over a connection."""

    def __init__(self, connection, mistake):
        self.connection = connection
        self.mistake = mistake
        self.client_id = bytes(16)
        self.key = None

    def run(self, task, me):
        aes_key = self.login(me) if me else None
        self.deliver(task, aes_key or self.register(task.name))

    def login(self, me):
        """Returns the AES key, or None if the server does not know this client."""
        _, self.client_id, self.key = me
        login = self.request(LOGIN, TEXT.pack(me.name))
        return self.ask("login", login, {LOGGED_IN: self.unwrap, NOT_LOGGED_IN: self.check_id})

    def register(self, name):
        """Becomes a new client and returns its AES key."""
        self.key = RSA.generate(1024, e=65537 if self.mistake == "long-key" else 17)
        registration = self.request(REGISTER, TEXT.pack(name))
        self.client_id = self.ask("registration", registration, {REGISTERED: lambda client_id: client_id})
        Identity(name, self.client_id, self.key).write()
        print(f"registered as {self.client_id.hex()}")
        public_key = self.request(PUBLIC_KEY, KEY_REQUEST.pack(name, self.key.public_key().export_key("DER")))
        return self.ask("public key", public_key, {KEY_ACCEPTED: self.unwrap})

    def deliver(self, task, aes_key):
        """Sends the file until its checksums agree, and sees the server's thanks for it."""
        cipher = AES.new(aes_key, AES.MODE_CBC, iv=bytes(16)).encrypt(pad(task.content, AES.block_size))
        packets = self.packets(task, cipher)

        def received(client_id, content_size, name, checksum):
            self.check_id(client_id)
            if content_size != len(cipher) or name.partition(b"\0")[0] != task.file_name:
                raise ErrorResponse("the answer is about another file")
            return checksum

        name = TEXT.pack(task.file_name)
        ours = cksum(task.content)
        for transfer in range(1, TRANSFERS + 1):
            theirs = self.ask("file", packets, {FILE_RECEIVED: received})
            if theirs == ours:
                self.confirm(self.request(CRC_OK, name))
                print(f"sent {len(task.content)} bytes, checksum {ours}")
                return
            print(f"the server's checksum is {theirs}, not {ours}")
            if transfer < TRANSFERS:
                self.send(self.request(CRC_BAD, name))
        self.ask("end of trying", self.request(CRC_ABORT, name), {THANKS: self.check_id})
        raise Fatal(f"the checksums differ after {TRANSFERS} transfers")

    def packets(self, task, cipher):
        total = -(-len(cipher) // PACKET_SIZE)
        if self.mistake == "total-plus-one":
            total = len(cipher) // PACKET_SIZE + 1
        packets = []
        for i in range(total):
            fields = PACKET_FIELDS.pack(len(cipher), len(task.content), i + 1, total, task.file_name)
            content = cipher[i * PACKET_SIZE : (i + 1) * PACKET_SIZE]
            packets.append(self.request(FILE, fields + content))
        return b"".join(packets)

    def confirm(self, confirmation):
        if self.mistake == "no-thanks":
            self.send(confirmation)
        else:
            self.ask("confirmation", confirmation, {THANKS: self.check_id})

    def check_id(self, client_id):
        if client_id != self.client_id:
            raise ErrorResponse(f"the answer is for client {client_id.hex()}")

    def unwrap(self, client_id, wrapped):
        """Returns the AES key in an answer."""
        self.check_id(client_id)
        try:
            aes_key = PKCS1_OAEP.new(self.key).decrypt(wrapped)
        except ValueError as error:
            raise ErrorResponse(f"the AES key does not unwrap: {error}") from error
        if len(aes_key) != AES_KEY_SIZE:
            raise ErrorResponse(f"the AES key has {len(aes_key)} bytes")
        return aes_key

    def ask(self, what, message, answers):
        """Sends a message until it is not answered with an error. Answers has a function
        for each code that is wanted, which takes the fields and returns what they are
        good for, or raises ErrorResponse."""
        sendings = 3 if self.mistake == "three-sendings" else SENDINGS
        for _ in range(sendings):
            try:
                self.send(message)
                return self.receive(answers)
            except ErrorResponse as error:
                print(f"server responded with an error to the {what}: {error}")
            except TimeoutError as error:
                raise Fatal(f"the server does not answer the {what}") from error
        raise Fatal(f"the {what} was answered with an error {sendings} times")

    def request(self, code, payload):
        return REQUEST_HEADER.pack(self.client_id, VERSION, code, len(payload)) + payload

    def send(self, message):
        self.connection.settimeout(PATIENCE_SECONDS + len(message) / SLOWEST_SERVER)
        # What a server said before it hung up can still be received.
        with contextlib.suppress(ConnectionError):
            self.connection.sendall(message)

    def receive(self, answers):
        read = io.BytesIO(self.connection.recv(1024)).read if self.mistake == "one-recv" else self.read
        version, code, size = RESPONSE_HEADER.unpack(read(RESPONSE_HEADER.size))
        if size > LONGEST_ANSWER:
            raise Fatal(f"the server announces an answer of {size} bytes")
        payload = read(size)
        if version != VERSION or code not in answers or size != ANSWERS[code].size:
            raise ErrorResponse(f"version {version}, code {code}, {size} bytes")
        return answers[code](*ANSWERS[code].unpack(payload))

    def read(self, size):
        data = bytearray()
        while len(data) < size:
            piece = self.connection.recv(size - len(data))
            if not piece:
                raise Fatal("the server closed the connection")
            data += piece
        return bytes(data)


def main():
    parser = argparse.ArgumentParser(description="client of the file transfer protocol")
    parser.add_argument("--mistake", choices=MISTAKES)
    mistake = parser.parse_args().mistake
    sys.stdout.reconfigure(line_buffering=True)
    try:
        task, me = Task.read(), Identity.read()
        host, port = task.address
        print(f"connecting to {host} port {port}")
        with socket.create_connection(task.address, PATIENCE_SECONDS) as connection:
            Client(connection, mistake).run(task, me)
    except (Fatal, OSError) as error:
        sys.exit(f"fatal: {error}")


if __name__ == "__main__":
    main()
