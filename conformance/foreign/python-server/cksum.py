"""The checksum of the POSIX utility cksum."""

import zlib

# The same polynomial as zlib's, but taking the bits of a byte from the other end.
_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_ZERO_REGISTER = 0xFFFFFFFF  # zlib keeps the complement


class Cksum:
    """A checksum of bytes that come piece by piece (CRC-1)."""

    def __init__(self) -> None:
        self._crc = _ZERO_REGISTER
        self._length = 0

    def update(self, data: bytes) -> None:
        """Takes the next bytes of the file."""
        self._crc = zlib.crc32(data.translate(_MIRRORED), self._crc)
        self._length += len(data)

    def value(self) -> int:
        """Returns the checksum of what came so far, which ends with its length."""
        octets = self._length.to_bytes((self._length.bit_length() + 7) // 8, "little")
        mirrored = zlib.crc32(octets.translate(_MIRRORED), self._crc)
        return int(f"{mirrored:032b}"[::-1], 2)
