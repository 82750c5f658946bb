"""RSA for the AES keys, and AES for the files."""

import secrets
from struct import Struct

try:
    from Cryptodome.Cipher import AES, PKCS1_OAEP
    from Cryptodome.PublicKey import RSA
    from Cryptodome.Util.Padding import unpad
except ImportError:  # the same library under its other name
    from Crypto.Cipher import AES, PKCS1_OAEP  # type: ignore[no-redef]
    from Crypto.PublicKey import RSA  # type: ignore[no-redef]
    from Crypto.Util.Padding import unpad  # type: ignore[no-redef]

AES_KEY_SIZE = 32
_ZERO_IV = bytes(AES.block_size)

# DER leaves one form for an RSA key of 1024 bits in 160 bytes: this, the modulus,
# and an exponent of one byte behind its tag and length.
_BEFORE_MODULUS = bytes.fromhex("30819d300d06092a864886f70d010101050003818b0030818702818100")
_BEFORE_EXPONENT = b"\x02\x01"
_PUBLIC_KEY = Struct("29s128s2sB")


def parse_public_key(der: bytes) -> RSA.RsaKey:
    """Reads a DER SubjectPublicKeyInfo, or raises ValueError if it is none of RSA-1024 (KEY-5)."""
    if len(der) != _PUBLIC_KEY.size:
        raise ValueError(f"a public key of {len(der)} bytes")
    start, modulus, middle, exponent = _PUBLIC_KEY.unpack(der)
    if start != _BEFORE_MODULUS or middle != _BEFORE_EXPONENT:
        raise ValueError("no DER SubjectPublicKeyInfo of an RSA key of 1024 bits")
    if not (modulus[0] & 0x80 and modulus[-1] & 1 and exponent & 1 and 3 <= exponent < 0x80):
        raise ValueError("numbers that make no RSA key of 1024 bits")
    return RSA.construct((int.from_bytes(modulus), exponent))


def new_aes_key() -> bytes:
    """Makes a key that nobody had before (KEY-3, KEY-4)."""
    return secrets.token_bytes(AES_KEY_SIZE)


def wrap(public_key: RSA.RsaKey, aes_key: bytes) -> bytes:
    """Encrypts an AES key with RSAES-OAEP: SHA-1, MGF1 with SHA-1, no label."""
    return bytes(PKCS1_OAEP.new(public_key).encrypt(aes_key))


class Decryptor:
    """Decrypts one file, AES-CBC with padding, as its ciphertext comes in."""

    def __init__(self, aes_key: bytes) -> None:
        self._cipher = AES.new(aes_key, AES.MODE_CBC, iv=_ZERO_IV)
        self._held = bytearray()  # an incomplete block, or what may be the last one

    def update(self, ciphertext: bytes | bytearray) -> bytes:
        """Takes the next bytes of the ciphertext, returns those of the file that are sure."""
        self._held += ciphertext
        ready = max(0, len(self._held) - 1) // AES.block_size * AES.block_size
        plain: bytes = self._cipher.decrypt(self._held[:ready])
        del self._held[:ready]
        return plain

    def finish(self) -> bytes:
        """Returns the end of the file, or raises ValueError if there is no proper end (FIL-13)."""
        if len(self._held) != AES.block_size:
            raise ValueError("a ciphertext that is not whole blocks")
        return bytes(unpad(self._cipher.decrypt(self._held), AES.block_size))
