"""Runs the snippets that come as JSON on standard input, and calls what they define."""

import json
import os
import socket
import sqlite3
import struct
import sys
import tempfile
import threading
import types

from Cryptodome.Cipher import AES, PKCS1_OAEP
from Cryptodome.PublicKey import RSA
from Cryptodome.Util.Padding import pad

SNIPPETS = {}
for name, text in json.load(sys.stdin).items():
    module = types.SimpleNamespace()
    exec(compile(text, name, "exec"), module.__dict__)
    SNIPPETS[name] = module
print(len(SNIPPETS), "snippets")


def of(name):
    return SNIPPETS[name]


def trickle(data):
    """Returns a socket on which data comes byte by byte, and then the end."""
    ours, theirs = socket.socketpair()

    def send():
        for i in range(len(data)):
            theirs.sendall(data[i : i + 1])
        theirs.close()

    threading.Thread(target=send, daemon=True).start()
    ours.settimeout(10)
    return ours


def refuses(function, *args):
    try:
        function(*args)
    except (ValueError, ConnectionError):
        return True
    return False


def reader(data):
    position = 0

    def read_exactly(size):
        nonlocal position
        position += size
        assert position <= len(data)
        return data[position - size : position]

    return read_exactly


# framing
DATA = bytes(range(256)) * 2
assert of("one-recv").read_exactly(trickle(DATA), 512) == DATA
assert refuses(of("one-recv").read_exactly, trickle(DATA), 513)
assert of("memory-by-declaration").read_payload(trickle(DATA), 512) == DATA
assert refuses(of("memory-by-declaration").read_payload, trickle(DATA), 2**32 - 1)
assert of("end-not-noticed").read_request(trickle(DATA), 512) == DATA
assert of("end-not-noticed").read_request(trickle(DATA), 513) is None
ID = bytes(range(16))
HEADER = struct.pack("<16sBHI", ID, 3, 1025, 2)
assert of("read-too-far").read_message(reader(HEADER + b"hi" + HEADER)) == (ID, 3, 1025, b"hi")
for code, size, good in ((1025, 255, True), (1025, 254, False), (1028, 267, True), (1028, 266, False), (9, 3, False)):
    read = reader(bytes(size) + b"next")
    assert (of("size-by-code").read_payload(read, code, size) is not None) == good
    assert read(4) == b"next"
assert of("size-by-hand").response(1604, ID) == bytes.fromhex("03440610000000") + ID
assert of("byte-order").REQUEST_HEADER.size == 23 and of("byte-order").RESPONSE_HEADER.size == 7
assert struct.calcsize("16sBHI") == 24  # what is said there
ours, theirs = socket.socketpair()
of("partial-send").send_message(ours, DATA)
assert theirs.recv(1024) == DATA
field = of("text-without-nul").text_field("Ada")
assert len(field) == 255 and of("text-with-padding").text_of(b"Ada\0junk".ljust(255, b"j")) == "Ada"
assert of("text-with-padding").text_of(field) == "Ada"
assert refuses(of("text-without-nul").text_field, "x" * 255) and refuses(of("text-with-padding").text_of, b"x" * 255)
assert refuses(of("text-with-padding").text_of, b"\n\0")

# connections and errors
requests = iter([1, 2, None])
answered = []
of("one-request-per-connection").serve_connection(lambda: next(requests), answered.append)
assert answered == [1, 2]
ours, theirs = socket.socketpair()
theirs.sendall(bytes(1000))
theirs.shutdown(socket.SHUT_WR)
of("close-with-unread-input").last_word(ours, b"error")
assert theirs.recv(10) == b"error" and theirs.recv(10) == b""
assert of("version-copied").response_header(1600, 16) == bytes.fromhex("03400610000000")
stored = []
assert of("version-after-the-fact").answer(2, b"x", stored.append, "error") == "error" and not stored
assert of("no-else").dispatch({1: len}, 1, b"abc", "error") == 3 and of("no-else").dispatch({}, 2, b"", "error") == "error"
assert of("error-with-payload").GENERAL_ERROR == bytes.fromhex("03470600000000")
ours, theirs = socket.socketpair()
sys.stderr, kept = open(os.devnull, "w", encoding="ascii"), sys.stderr
of("exception-ends-the-server").serve_safely(ours, lambda sock: struct.unpack("<H", b"x"))
sys.stderr = kept
assert theirs.recv(1) == b""
with of("one-client-at-a-time").Server(("127.0.0.1", 0), object):
    pass

# clients
database = of("state-in-memory").open_database(":memory:")
first = of("id-made-once").register(database, "Ada")
assert len(first) == 16 and of("check-then-insert").register(database, "Ada") is None
second = of("check-then-insert").register(database, "ada")
assert second and second != first
assert of("id-from-request").sender({ID: "Ada"}, 1025, ID) is None and of("id-from-request").sender({ID: "Ada"}, 1027, ID) == "Ada"
assert len(of("id-from-request").new_id()) == len(of("id-as-text").new_id()) == 16
key = RSA.construct((RSA.generate(1024).n, 17))
DER = key.export_key("DER")
assert len(DER) == 160 and of("anything-is-a-key").is_public_key(DER)
assert not any(map(of("anything-is-a-key").is_public_key, (b"", bytes(160), DER[:-1], DER + b"\0", key.export_key("PEM"))))
assert refuses(of("public-key-format").check, RSA.generate(1024).public_key().export_key("DER"))
is_valid = of("anything-is-a-key").is_public_key
assert of("act-then-check").store_key(database, first, "Ada", DER, is_valid)
assert not of("act-then-check").store_key(database, second, "Ada", DER, is_valid)
assert not of("act-then-check").store_key(database, first, "Ada", b"junk", is_valid)
assert of("whose-name").find(database, first, "Ada") == (first, "Ada", DER)
assert of("whose-name").find(database, first, "ada") is None and of("whose-name").find(database, ID, "Ada") is None
of("second-key").replace_key(database, first, b"new key", b"new aes")
assert of("former-key").key_for_transfer(database, first, 1, {}) == b"new aes"
assert of("former-key").key_for_transfer(database, ID, 1, {}) is None
pair = RSA.generate(1024)
AES_KEY = of("aes-key-length").new_aes_key()
assert len(AES_KEY) == 32
assert PKCS1_OAEP.new(pair).decrypt(of("oaep").wrap(pair.public_key().export_key("DER"), AES_KEY)) == AES_KEY
client = {"public_key": DER}
assert of("one-aes-key").hand_out_key(client, lambda der, aes: aes) != of("one-aes-key").hand_out_key(client, lambda der, aes: aes)
assert of("another-id-in-the-answer").answer(1604, ID) == bytes.fromhex("03440610000000") + ID
for known in (None, {"public_key": None}):
    assert of("login-without-key").answer_login(known, lambda c: 1605, lambda: 1606) == 1606
assert of("login-without-key").answer_login(client, lambda c: 1605, lambda: 1606) == 1605

# files
PLAIN = bytes(range(256)) * 5 + b"end"
CIPHER = AES.new(AES_KEY, AES.MODE_CBC, iv=bytes(16)).encrypt(pad(PLAIN, 16))
assert of("chain-per-packet").decrypt(AES_KEY, [CIPHER[:1000], CIPHER[1000:]]) == PLAIN
assert of("iv").new_cipher(AES_KEY).encrypt(pad(PLAIN, 16)) == CIPHER
assert AES.new(AES_KEY, AES.MODE_CBC).iv != bytes(16)  # what is said there
good = of("padding-not-checked").decrypt
assert good(AES_KEY, CIPHER, len(CIPHER)) == PLAIN
assert good(AES_KEY, CIPHER[:-16], len(CIPHER)) is None and good(AES_KEY, CIPHER[:-1], len(CIPHER) - 1) is None
assert good(bytes(32), CIPHER, len(CIPHER)) != PLAIN
answer = of("sizes-of-the-packet").file_received(ID, 48, bytes(255), 322289212)
assert len(answer) == 7 + 279 and answer[-4:] == bytes.fromhex("3cbe3513")
packet = struct.pack("<IIHH255s", 16, 0, 1, 1, b"a") + CIPHER[:16]
assert of("fixed-content").parse_packet(packet)[5] == CIPHER[:16] and of("fixed-content").parse_packet(packet[:267])[5] == b""
assert of("answer-per-packet").answer_packet(1, 2, lambda: 1) is None and of("answer-per-packet").answer_packet(2, 2, lambda: 1) == 1
transfer = of("packets-not-checked").Transfer()
transfer.add(1, 2, 4, 3, b"xx")
transfer.add(1, 2, 4, 3, b"ab")
transfer.add(2, 2, 4, 3, b"cd")
assert transfer.content == b"abcd"
for wrong in ((2, 2, 4, 3, b"ab"), (0, 2, 4, 3, b"ab"), (3, 2, 4, 3, b"ab"), (1, 0, 4, 3, b"ab"), (1, 2, 4, 3, b"abcde")):
    transfer = of("packets-not-checked").Transfer()
    assert refuses(transfer.add, *wrong), wrong
for wrong in ((3, 3, 4, 3, b""), (2, 3, 4, 3, b""), (2, 2, 5, 3, b""), (2, 2, 4, 4, b""), (2, 2, 4, 3, b"cde")):
    transfer = of("packets-not-checked").Transfer()
    transfer.add(1, 2, 4, 3, b"ab")
    assert refuses(transfer.add, *wrong), wrong
    assert refuses(transfer.add, 2, 2, 4, 3, b"cd")
assert of("unknown-sender").key_of({}, ID) is None and of("unknown-sender").key_of({ID: {"aes_key": None}}, ID) is None
connection = of("one-transfer").Connection()
one = connection.transfer_of(ID, "a", list)
assert connection.transfer_of(ID, "a", list) is one and connection.transfer_of(ID[::-1], "a", list) is not one
paths = [of("name-as-path").path_of("/r", ID, name) for name in ("../x", "/x", "..\\x", "C:\\x", ".", "..", "", "x", "y" * 254, "/" * 254)]
assert len(set(paths)) == len(paths)
assert all(os.path.normpath(path).startswith(f"/r/{ID.hex()}/") and len(path.name) <= 255 for path in paths), paths
with tempfile.TemporaryDirectory() as folder:
    target = os.path.join(folder, "x")
    of("text-mode").store(target, b"\r\n\0\xff")
    of("written-in-place").replace_file(target, PLAIN)
    of("ciphertext-stored").keep(folder, ID, "x", PLAIN)
    assert open(target, "rb").read() == open(os.path.join(folder, ID.hex(), "x"), "rb").read() == PLAIN
    assert len(os.listdir(folder)) == 2
    info = os.path.join(folder, "port.info")
    sys.stderr = open(os.devnull, "w", encoding="ascii")
    for text, want in ((b"1300", 1300), (b"1300\n", 1300), (b"", 1256), (b"0", 1256), (b"70000", 1256), (b"\xff", 1256)):
        of("text-mode").store(info, text)
        assert of("port-info").read_port(info) == want, text
    assert of("port-info").read_port(os.path.join(folder, "none")) == 1256
    sys.stderr = kept

# checksums and state
assert of("zlib-crc").cksum(b"123456789") == 930766865 and of("zlib-crc").cksum(b"") == 4294967295
assert of("answers-after-cksum").answer_verdict(1030, ID) is None
assert of("answers-after-cksum").answer_verdict(1031, ID) == bytes.fromhex("03440610000000") + ID
database.execute("INSERT INTO files VALUES (?, 'a', 'p', 0)", (first,))
assert of("verified-too-early").verify(database, first, "a") and not of("verified-too-early").verify(database, second, "a")
assert database.execute("SELECT verified FROM files").fetchone() == (1,)
transfers = {}
begun = of("state-after-1030").begin_packet(transfers, "a", 1, list)
assert of("state-after-1030").begin_packet(transfers, "a", 2, list) is begun
assert of("state-after-1030").begin_packet(transfers, "a", 1, list) is not begun
sent = []
of("answer-before-commit").register(database, ID, "Bob", sent.append, 1600)
assert sent == [1600] and not database.in_transaction
of("last-seen").seen(database, first)
assert database.execute("SELECT last_seen FROM clients WHERE id = ?", (first,)).fetchone()[0]
database.close()
