"""Files that are arriving."""

from dataclasses import dataclass

from cksum import Cksum
from encryption import Decryptor
from files import IncomingFile
from reader import Content
from store import Client, Store
from wire import FilePacket, FileReceived, Refused

Key = tuple[bytes, str]  # client id and file name

_MOST_TRANSFERS = 16  # of a connection at a time


class Transfer:
    """One sending of a file, from packet 1 on."""

    def __init__(
        self, client: Client, aes_key: bytes, first: FilePacket, file: IncomingFile
    ) -> None:
        self._client = client
        self._first = first
        self._file = file
        self._decryptor = Decryptor(aes_key)
        self._cksum = Cksum()
        self._packets = 0
        self._missing = first.content_size
        self._size = 0

    def next_packet(self, packet: FilePacket, content_size: int) -> None:
        """Raises Refused if this is not the packet that comes next (FIL-26, FIL-27)."""
        first = self._first
        self._packets += 1
        if packet.number != self._packets:
            raise Refused("FIL-27", f"packet {packet.number} instead of {self._packets}")
        if packet.number > packet.total:
            raise Refused("FIL-27", f"packet {packet.number} of {packet.total}")
        if packet.total != first.total:
            raise Refused(
                "FIL-27", f"packet {packet.number} of {packet.total}, there were {first.total}"
            )
        if packet.content_size != first.content_size or packet.original_size != first.original_size:
            raise Refused("FIL-27", f"packet {packet.number} has other sizes than packet 1")
        if content_size > self._missing or packet.is_last and content_size < self._missing:
            raise Refused("FIL-26", f"the contents do not add up to {first.content_size} bytes")

    def add(self, content: bytearray) -> None:
        """Takes the next bytes of the content."""
        self._missing -= len(content)
        self._write(self._decryptor.update(content))

    def finish(self, store: Store) -> FileReceived:
        """Keeps the file, which is whole, or raises Refused if it is not what was announced."""
        first = self._first
        try:
            end = self._decryptor.finish()
        except ValueError as error:
            raise Refused("FIL-26", str(error)) from error
        self._write(end)
        if self._size != first.original_size:
            raise Refused(
                "FIL-14", f"a file of {self._size} bytes, announced were {first.original_size}"
            )
        store.keep_file(self._client, first.file_name, self._file)
        return FileReceived(
            self._client.id, first.content_size, first.file_name, self._cksum.value()
        )

    def discard(self) -> None:
        """Removes what has come of the file, unless it was kept."""
        self._file.discard()

    def _write(self, plain: bytes) -> None:
        self._size += len(plain)
        self._cksum.update(plain)
        self._file.write(plain)


@dataclass(slots=True)
class _Packet:
    """The packet whose content is arriving."""

    client_id: bytes
    fields: FilePacket
    transfer: Transfer | None = None  # None: the content is for nothing

    @property
    def key(self) -> Key:
        """What its transfer is known by."""
        return self.client_id, self.fields.file_name


class Transfers:
    """The transfers of one connection; they are told apart by client and file name (FIL-18)."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._packet: _Packet | None = None
        # The one with the oldest packet comes first. None is a transfer that was
        # refused: its client may have sent all of it before it reads the answer, so
        # what is left of it passes without another one.
        self._transfers: dict[Key, Transfer | None] = {}

    def begin_packet(
        self, client_id: bytes, client: Client | None, fields: FilePacket, content_size: int
    ) -> None:
        """Finds out what to do with the content that follows, or raises Refused."""
        packet = self._packet = _Packet(client_id, fields)
        try:
            packet.transfer = self._find(packet, client)
            if packet.transfer:
                packet.transfer.next_packet(fields, content_size)
        except Exception:
            self._refuse(packet)
            raise

    def add_content(self, content: Content) -> FileReceived | None:
        """Takes a piece of the packet's content, and keeps the file if it was the last."""
        packet = self._packet
        if packet is None or packet.transfer is None:
            return None
        try:
            packet.transfer.add(content.data)
            if not (content.is_last and packet.fields.is_last):
                return None
            answer = packet.transfer.finish(self._store)
        except Exception:
            self._refuse(packet)
            raise
        self._drop(packet.key)
        return answer

    def drop_all(self) -> None:
        """Ends all transfers."""
        for key in list(self._transfers):
            self._drop(key)

    def _find(self, packet: _Packet, client: Client | None) -> Transfer | None:
        """Returns the transfer that a packet belongs to, which is the latest one then."""
        if packet.fields.number == 1:  # begins from scratch (FIL-16)
            self._drop(packet.key)
            transfer: Transfer | None = self._new_transfer(client, packet.fields)
        elif packet.key in self._transfers:
            transfer = self._transfers.pop(packet.key)
        else:
            raise Refused("FIL-27", f"packet {packet.fields.number} without a packet 1")
        if transfer or not packet.fields.is_last:
            self._put(packet.key, transfer)
        return transfer

    def _new_transfer(self, client: Client | None, first: FilePacket) -> Transfer:
        if client is None:
            raise Refused("FIL-17", "the client id is unknown")
        if client.aes_key is None:
            raise Refused("FIL-17", "the client has no AES key")
        return Transfer(client, client.aes_key, first, self._store.new_file())

    def _refuse(self, packet: _Packet) -> None:
        """Drops a transfer, and what is still to come of it (FIL-27)."""
        packet.transfer = None
        self._drop(packet.key)
        if not packet.fields.is_last:
            self._put(packet.key, None)

    def _put(self, key: Key, transfer: Transfer | None) -> None:
        while len(self._transfers) >= _MOST_TRANSFERS:
            self._drop(next(iter(self._transfers)))
        self._transfers[key] = transfer

    def _drop(self, key: Key) -> None:
        if transfer := self._transfers.pop(key, None):
            transfer.discard()
