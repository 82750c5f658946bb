"""How each kind of golden vector is checked with the server's own code."""

import random
from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

from Cryptodome.Cipher import PKCS1_OAEP
from Cryptodome.PublicKey import RSA

import wire
from cksum import Cksum
from config import parse_port
from encryption import Decryptor, parse_public_key, wrap
from reader import Arrived, Content, Event, Fault, RequestReader

Vector = dict[str, Any]

RESPONSES: list[type[wire.Response]] = [
    wire.Registered,
    wire.RegistrationRefused,
    wire.KeyAccepted,
    wire.FileReceived,
    wire.Thanks,
    wire.LoginAccepted,
    wire.LoginRefused,
    wire.GeneralError,
]

# What vectors call a field, where it is not the same name in other letters.
FIELD_NAMES = {"key": "publicKey", "number": "packetNumber", "total": "totalPackets"}


class Failed(Exception):
    """A vector says something else than the code."""


class NotForServer(Exception):
    """A vector is about something that a server does not do; the argument says what."""


def expect(got: object, want: object, what: str) -> None:
    """Fails the vector if something is not as it should be."""
    if got != want:
        raise Failed(f"{what}: {got!r}, expected {want!r}")


def chunkings(data: bytes, seed: str) -> Iterator[list[bytes]]:
    """Yields the ways to cut bytes: not at all, after every one, and at random."""
    yield [data]
    yield [data[i : i + 1] for i in range(len(data))]
    rng, chunks = random.Random(seed), []
    while data:
        size = rng.randint(1, 400)
        chunks.append(data[:size])
        data = data[size:]
    yield chunks


def read(chunks: list[bytes]) -> list[Event]:
    """Returns all that the server's reader makes of a stream."""
    reader, events = RequestReader(), []
    for chunk in chunks:
        reader.feed(chunk)
        while event := reader.next_event():
            events.append(event)
    return events


def vector_name(name: str) -> str:
    """Returns what vectors call a field."""
    first, *others = name.split("_")
    return FIELD_NAMES.get(name, first + "".join(map(str.capitalize, others)))


def requests(events: list[Event]) -> list[Vector]:
    """Returns the requests of a stream in the form of the vectors' fields."""
    found: list[Vector] = []
    for event in events:
        match event:
            case Fault(refused=refused):
                raise Failed(f"refused: {refused}")
            case Content(data):
                found[-1]["content"] = found[-1].get("content", "") + data.hex()
            case Arrived(header, message):
                found.append({})
                for part in (header, message):
                    for field in fields(part):
                        value = getattr(part, field.name)
                        text = value.hex() if isinstance(value, bytes) else value
                        found[-1][vector_name(field.name)] = text
    return found


def encode(values: Vector) -> str:
    """Returns the response that has these fields."""
    for kind in RESPONSES:
        if kind.CODE == values["code"]:
            pairs = ((field, values[vector_name(field.name)]) for field in fields(kind))
            args = (bytes.fromhex(value) if f.type is bytes else value for f, value in pairs)
            return kind(*args).encode().hex()
    raise Failed(f"no response has the code {values['code']}")


def check_message(vector: Vector) -> None:
    """A request has the fields it should have, a response the bytes."""
    if vector["from"] == "client":
        for chunks in chunkings(bytes.fromhex(vector["hex"]), vector["id"]):
            expect(requests(read(chunks)), [vector["fields"]], "fields")
    elif vector["canonical"]:
        expect(encode(vector["fields"]), vector["hex"], "bytes")
    else:
        raise NotForServer("responses that no server writes")


def check_conversation(vector: Vector) -> None:
    """The same for a whole conversation; and what is sent is the file."""
    asked = [frame for frame in vector["frames"] if frame["from"] == "client"]
    stream = bytes.fromhex("".join(frame["hex"] for frame in asked))
    for chunks in chunkings(stream, vector["id"]):
        expect(requests(read(chunks)), [frame["fields"] for frame in asked], "requests")
    decryptor = Decryptor(bytes.fromhex(vector["aesKey"]))
    plain = b""
    for frame in vector["frames"]:
        if frame["message"] == "file":
            plain += decryptor.update(bytes.fromhex(frame["fields"]["content"]))
        if frame["from"] == "server":
            expect(encode(frame["fields"]), frame["hex"], "bytes")
        if frame["message"] == "file-received":
            expect((plain + decryptor.finish()).hex(), vector["plaintext"], "the file")
            decryptor, plain = Decryptor(bytes.fromhex(vector["aesKey"])), b""


def check_negative(vector: Vector) -> None:
    """A request that is wrong is refused, and one that breaks off is none (FRM-14)."""
    if vector["from"] == "server":
        raise NotForServer("responses that a client refuses")
    for chunks in chunkings(bytes.fromhex(vector["hex"]), vector["id"]):
        expect(outcome(read(chunks), vector.get("aesKey")), vector["stream"]["clause"], "clause")


def outcome(events: list[Event], aes_key: str | None) -> str:
    """Returns the clause because of which a stream's first request is refused, or FRM-14."""
    match events:
        case [Fault(refused=refused), *_]:
            return refused.clause
        case [Arrived(message=wire.PublicKey(key=key))] if is_refused(parse_public_key, key):
            return "KEY-1"
        case [Arrived(message=wire.FilePacket()), *contents] if is_whole(contents):
            decryptor = Decryptor(bytes.fromhex(aes_key or ""))
            decryptor.update(bytes.fromhex(requests(events)[0]["content"]))
            return "FIL-13" if is_refused(decryptor.finish) else "none"
        case [] | [Arrived(message=wire.FilePacket()), *_]:
            return "FRM-14"
    return "none"


def is_whole(contents: list[Event]) -> bool:
    """Says whether the content of a packet has come to its end."""
    return bool(contents) and isinstance(contents[-1], Content) and contents[-1].is_last


def is_refused(function: Callable[..., object], *args: object) -> bool:
    """Says whether something is taken for an error."""
    try:
        function(*args)
    except ValueError:
        return True
    return False


def check_cbc(vector: Vector) -> None:
    """A ciphertext decrypts to the file, or not at all."""
    for chunks in chunkings(bytes.fromhex(vector["ciphertext"]), vector["id"]):
        decryptor = Decryptor(bytes.fromhex(vector["key"]))
        plain = b"".join(map(decryptor.update, chunks))
        if "breaks" in vector:
            expect(is_refused(decryptor.finish), True, "refused")
        else:
            expect((plain + decryptor.finish()).hex(), vector["plaintext"], "the file")


def check_unwrap(vector: Vector) -> None:
    """What the server wraps can be unwrapped; what others wrap it never sees."""
    if "breaks" in vector:
        raise NotForServer("wrapped keys that a client refuses")
    private_key = RSA.import_key(bytes.fromhex(vector["privateKey"]))
    public_key = parse_public_key(private_key.public_key().export_key("DER"))
    wrapped = wrap(public_key, bytes.fromhex(vector["key"]))
    expect(len(wrapped), len(vector["wrapped"]) // 2, "length")
    expect(PKCS1_OAEP.new(private_key).decrypt(wrapped).hex(), vector["key"], "the key")


def check_public_key(vector: Vector) -> None:
    """A public key has its numbers, or is refused."""
    der = bytes.fromhex(vector["spki"])
    if "breaks" in vector:
        expect(is_refused(parse_public_key, der), True, "refused")
        return
    key = parse_public_key(der)
    expect((f"{key.n:x}", key.e), (vector["modulus"], vector["exponent"]), "numbers")


def check_cksum(vector: Vector) -> None:
    """A file has its checksum, also in pieces, and on the wire."""
    pattern, length = bytes.fromhex(vector["pattern"]), vector["length"]
    data = (pattern * length)[:length]
    for step in (length + 1, 4093):
        cksum = Cksum()
        for start in range(0, length, step):
            cksum.update(data[start : start + step])
        expect(cksum.value(), vector["cksum"], "cksum")
    received = wire.FileReceived(bytes(16), 0, "", cksum.value())
    expect(received.encode()[-4:].hex(), vector["wire"], "cksum on the wire")


def check_state(vector: Vector) -> None:
    """A port.info says which port, or is invalid."""
    if vector["file"] != "port.info":
        raise NotForServer("files of the client")
    text = vector["text"].encode("ascii") if "text" in vector else bytes.fromhex(vector["hex"])
    if "breaks" in vector:
        expect(is_refused(parse_port, text), True, "refused")
    else:
        expect(parse_port(text), vector["value"]["port"], "port")
