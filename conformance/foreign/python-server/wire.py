"""The messages of the protocol in edition 2024a, and their bytes.

A message is a dataclass whose fields are in the order in which they travel. Its
LAYOUT says how; where a field is a str, it is a text field on the wire.
"""

from dataclasses import astuple, dataclass, fields
from struct import Struct
from typing import ClassVar, Self

VERSION = 3
_PRINTABLE = bytes(range(0x20, 0x7F))


class Refused(Exception):
    """A request is declined."""

    def __init__(self, clause: str, reason: str) -> None:
        super().__init__(f"{reason} ({clause})")
        self.clause = clause  # the one that asks for it


@dataclass(frozen=True, slots=True)
class Message:
    """What all messages have in common."""

    CODE: ClassVar[int]
    LAYOUT: ClassVar[Struct]


@dataclass(frozen=True, slots=True)
class RequestHeader:
    """The first 23 bytes of a request."""

    LAYOUT: ClassVar[Struct] = Struct("<16sBHI")
    client_id: bytes
    version: int  # VER-3 leaves it to the server: this one pays no attention to it
    code: int
    payload_size: int

    @classmethod
    def decode(cls, data: bytes | bytearray) -> Self:
        """Reads a header; every 23 bytes are one."""
        return cls(*cls.LAYOUT.unpack(data))


class Request(Message):
    """A message from a client."""

    __slots__ = ()

    @classmethod
    def decode(cls, payload: bytes | bytearray) -> Self:
        """Reads as many bytes as LAYOUT has, or raises Refused for a text that is none."""
        values = zip(fields(cls), cls.LAYOUT.unpack(payload), strict=True)
        return cls(*(decode_text(value) if field.type is str else value for field, value in values))


class Response(Message):
    """A message from the server."""

    __slots__ = ()
    HEADER: ClassVar[Struct] = Struct("<BHI")  # version, code, payload size

    def encode(self) -> bytes:
        """Returns the whole message. Struct fills up texts with zeros (FRM-10)."""
        values = (
            value.encode("ascii") if isinstance(value, str) else value for value in astuple(self)
        )
        return self.HEADER.pack(VERSION, self.CODE, self.LAYOUT.size) + self.LAYOUT.pack(*values)


def decode_text(field: bytes) -> str:
    """Returns the text in a text field: what comes before the first NUL (FRM-9)."""
    text, nul, _ = field.partition(b"\0")
    if not nul:
        raise Refused("FRM-8", "a text without a NUL")
    if text.translate(None, _PRINTABLE):
        raise Refused("FRM-11", "a text that is not printable ASCII")
    return text.decode("ascii")


@dataclass(frozen=True, slots=True)
class Register(Request):
    """Asks for an id."""

    CODE = 1025
    LAYOUT = Struct("<255s")
    name: str


@dataclass(frozen=True, slots=True)
class PublicKey(Request):
    """Brings the client's RSA key, and asks for an AES key."""

    CODE = 1026
    LAYOUT = Struct("<255s160s")
    name: str
    key: bytes


@dataclass(frozen=True, slots=True)
class Login(Request):
    """Asks for an AES key under the RSA key that the server has."""

    CODE = 1027
    LAYOUT = Struct("<255s")
    name: str


@dataclass(frozen=True, slots=True)
class FilePacket(Request):
    """Brings a part of a file, which follows these fields up to the end of the payload."""

    CODE = 1028
    LAYOUT = Struct("<IIHH255s")
    content_size: int  # bytes of ciphertext, in all packets together
    original_size: int  # bytes of the file
    number: int  # from 1
    total: int
    file_name: str

    @property
    def is_last(self) -> bool:
        """Whether the transfer ends with this packet."""
        return self.number == self.total


@dataclass(frozen=True, slots=True)
class CrcOk(Request):
    """Says that a file has arrived as it was sent."""

    CODE = 1029
    LAYOUT = Struct("<255s")
    file_name: str


@dataclass(frozen=True, slots=True)
class CrcBad(Request):
    """Says that a file has not, and follows again."""

    CODE = 1030
    LAYOUT = Struct("<255s")
    file_name: str


@dataclass(frozen=True, slots=True)
class CrcAbort(Request):
    """Says that a file has not, and is given up."""

    CODE = 1031
    LAYOUT = Struct("<255s")
    file_name: str


_KINDS: list[type[Request]] = [Register, PublicKey, Login, FilePacket, CrcOk, CrcBad, CrcAbort]
REQUESTS = {kind.CODE: kind for kind in _KINDS}


@dataclass(frozen=True, slots=True)
class Registered(Response):
    """Gives a client its id."""

    CODE = 1600
    LAYOUT = Struct("<16s")
    client_id: bytes


@dataclass(frozen=True, slots=True)
class RegistrationRefused(Response):
    """The name is taken, or none."""

    CODE = 1601
    LAYOUT = Struct("<")


@dataclass(frozen=True, slots=True)
class KeyAccepted(Response):
    """Hands out an AES key for a public key."""

    CODE = 1602
    LAYOUT = Struct("<16s128s")
    client_id: bytes
    wrapped_key: bytes


@dataclass(frozen=True, slots=True)
class FileReceived(Response):
    """A whole file has come and is stored."""

    CODE = 1603
    LAYOUT = Struct("<16sI255sI")
    client_id: bytes
    content_size: int
    file_name: str
    cksum: int


@dataclass(frozen=True, slots=True)
class Thanks(Response):
    """The answer to a client's verdict on a file."""

    CODE = 1604
    LAYOUT = Struct("<16s")
    client_id: bytes


@dataclass(frozen=True, slots=True)
class LoginAccepted(Response):
    """Hands out an AES key for a login."""

    CODE = 1605
    LAYOUT = Struct("<16s128s")
    client_id: bytes
    wrapped_key: bytes


@dataclass(frozen=True, slots=True)
class LoginRefused(Response):
    """The client has to register."""

    CODE = 1606
    LAYOUT = Struct("<16s")
    client_id: bytes  # the one in the request, whosever it is


@dataclass(frozen=True, slots=True)
class GeneralError(Response):
    """Every other refusal."""

    CODE = 1607
    LAYOUT = Struct("<")
