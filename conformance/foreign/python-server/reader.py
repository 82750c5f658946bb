"""Cuts what arrives on a connection into requests.

Nothing here waits or touches a socket: feed() takes bytes as they come, and
next_event() tells what they are, in h11's manner.
"""

from dataclasses import dataclass

from wire import REQUESTS, FilePacket, Refused, Request, RequestHeader


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request. That of a FilePacket is followed by the packet's content."""

    header: RequestHeader
    message: Request

    @property
    def content_size(self) -> int:
        """How many bytes of content follow."""
        return self.header.payload_size - self.message.LAYOUT.size


@dataclass(frozen=True, slots=True)
class Content:
    """The next bytes of a packet's content, as many as have arrived; none is possible."""

    data: bytearray
    is_last: bool  # in this packet


@dataclass(frozen=True, slots=True)
class Fault:
    """A request that cannot be read. What is left of its payload is passed over."""

    header: RequestHeader
    refused: Refused


Event = Arrived | Content | Fault


class RequestReader:
    """Makes events of bytes, the same ones however the bytes are cut (FRM-5).

    It holds a header and the fields of a payload, never more than it was fed. A
    content goes on as it comes and a payload that is refused is dropped as it
    comes, so a size that is only declared costs nothing (FRM-13).
    """

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._header: RequestHeader | None = None  # whose fields have not come yet
        self._in_content = False
        self._content_left = 0
        self.unwanted = 0  # bytes still to come of a payload that is refused

    def feed(self, data: bytes) -> None:
        """Takes what has arrived."""
        self._buffer += data

    def next_event(self) -> Event | None:
        """Returns what comes next, None if that takes more bytes."""
        self.unwanted -= len(self._take_up_to(self.unwanted))
        if self.unwanted:
            return None
        if self._in_content:
            return self._content()
        if self._header is None:
            if len(self._buffer) < RequestHeader.LAYOUT.size:
                return None
            header = RequestHeader.decode(self._take_up_to(RequestHeader.LAYOUT.size))
            if refused := fault_of(header):
                return self._fault(header, refused, header.payload_size)
            self._header = header
        return self._request(self._header)

    def _request(self, header: RequestHeader) -> Event | None:
        kind = REQUESTS[header.code]
        if len(self._buffer) < kind.LAYOUT.size:
            return None
        self._header = None
        left = header.payload_size - kind.LAYOUT.size
        try:
            message = kind.decode(self._take_up_to(kind.LAYOUT.size))
        except Refused as refused:
            return self._fault(header, refused, left)
        self._in_content, self._content_left = kind is FilePacket, left
        return Arrived(header, message)

    def _content(self) -> Event | None:
        if self._content_left and not self._buffer:
            return None
        data = self._take_up_to(self._content_left)
        self._content_left -= len(data)
        self._in_content = self._content_left > 0
        return Content(data, not self._in_content)

    def _fault(self, header: RequestHeader, refused: Refused, unwanted: int) -> Fault:
        self.unwanted = unwanted
        return Fault(header, refused)

    def _take_up_to(self, size: int) -> bytearray:
        data = self._buffer[:size]
        del self._buffer[:size]
        return data


def fault_of(header: RequestHeader) -> Refused | None:
    """Returns what is wrong with the code or the payload size of a request, if anything is."""
    kind = REQUESTS.get(header.code)
    if kind is None:
        return Refused("ERR-1", f"the code {header.code}")
    surplus = header.payload_size - kind.LAYOUT.size
    if surplus < 0 or surplus > 0 and kind is not FilePacket:
        return Refused("FRM-12", f"a payload of {header.payload_size} bytes for {header.code}")
    return None
