"""What the requests on a connection mean, and the answers to them."""

import logging
import sqlite3

from encryption import new_aes_key, parse_public_key, wrap
from reader import Arrived, Content, Event, Fault
from store import Client, Store
from transfer import Transfers
from wire import (
    CrcAbort,
    CrcOk,
    FilePacket,
    GeneralError,
    KeyAccepted,
    Login,
    LoginAccepted,
    LoginRefused,
    PublicKey,
    Refused,
    Register,
    Registered,
    RegistrationRefused,
    RequestHeader,
    Response,
    Thanks,
)

_log = logging.getLogger(__name__)


class Session:
    """One connection's side of the protocol. Who asks is said by every request anew."""

    def __init__(self, store: Store, peer: str) -> None:
        self._store = store
        self._peer = peer  # for the log
        self._transfers = Transfers(store)

    def close(self) -> None:
        """Forgets what has not come to its end (FRM-14)."""
        self._transfers.drop_all()

    def handle(self, event: Event) -> Response | None:
        """Deals with what has arrived, and returns the answer if one is due.

        What is answered is stored for good. A request that is not granted, be it
        because of a fault on this side, has changed nothing (ERR-5).
        """
        try:
            match event:
                case Arrived():
                    return self._answer(event)
                case Content():
                    return self._transfers.add_content(event)
                case Fault():
                    self._sender(event.header)
                    raise event.refused
        except Refused as refused:
            _log.info("%s: refused: %s", self._peer, refused)
        except (OSError, sqlite3.Error):
            _log.exception("%s: refused", self._peer)
        return GeneralError()

    def _sender(self, header: RequestHeader) -> Client | None:
        """Returns who sent a request. Who registers has no id, whatever the header says (REG-2)."""
        return None if header.code == Register.CODE else self._store.seen(header.client_id)

    def _answer(self, arrived: Arrived) -> Response | None:
        client_id, client = arrived.header.client_id, self._sender(arrived.header)
        match arrived.message:
            case Register(name):
                return self._register(name)
            case PublicKey(name, key):
                return self._take_key(client, name, key)
            case Login(name):
                return self._login(client, name) or LoginRefused(client_id)
            case FilePacket() as packet:
                self._transfers.begin_packet(client_id, client, packet, arrived.content_size)
                return None
            case CrcOk(file_name):
                return self._verify(client, file_name)
            case CrcAbort(file_name):
                return self._give_up(client, file_name)
        return None  # to 1030, whoever sends it (CRC-3)

    def _register(self, name: str) -> Response:
        client = self._store.register(name) if name else None  # REG-8
        return Registered(client.id) if client else RegistrationRefused()

    def _take_key(self, client: Client | None, name: str, key: bytes) -> Response:
        if client is None:
            raise Refused("KEY-6", "the client id is unknown")
        if client.name != name:
            raise Refused("KEY-6", "the name is not that of the client id")
        try:
            return KeyAccepted(client.id, self._hand_out_key(client, key))
        except ValueError as error:
            raise Refused("KEY-5", str(error)) from error

    def _login(self, client: Client | None, name: str) -> Response | None:
        if client is None or client.name != name or client.public_key is None:
            return None
        return LoginAccepted(client.id, self._hand_out_key(client, client.public_key))

    def _hand_out_key(self, client: Client, public_key: bytes) -> bytes:
        """Makes the AES key that is in force from now on, and returns it wrapped."""
        aes_key = new_aes_key()
        wrapped = wrap(parse_public_key(public_key), aes_key)
        self._store.set_keys(client, public_key, aes_key)
        return wrapped

    def _verify(self, client: Client | None, file_name: str) -> Response:
        if client is None or not self._store.verify_file(client, file_name):
            raise Refused("CRC-2", f"there is no file {file_name!r} to be verified")
        return Thanks(client.id)

    def _give_up(self, client: Client | None, file_name: str) -> Response:
        if client is None:
            raise Refused("CRC-4", "the client id is unknown")
        self._store.forget_file(client, file_name)
        return Thanks(client.id)
