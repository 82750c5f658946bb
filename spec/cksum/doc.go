// Package cksum computes the checksum of the POSIX cksum program, which the
// protocol uses to compare a file before and after its transfer (CRC-1).
//
// It is not the CRC-32 of zlib, although both divide by the same polynomial,
// 0x04C11DB7. They differ in three ways:
//
//   - POSIX takes the bits of a byte from the highest to the lowest, zlib from
//     the lowest to the highest.
//   - POSIX starts from 0, zlib from all ones. Both complement the result.
//   - POSIX appends the length of the data, as octets from the lowest to the
//     highest and without leading zeros, before it takes the result. So the
//     checksum of nothing is 4294967295, and that of one NUL byte differs from
//     that of two.
//
// Only the first difference stands in the way of the standard library's
// hash/crc32, which uses the processor's carry-less multiplication. As a CRC
// with mirrored bits is the mirrored CRC, this package mirrors the bits of each
// byte, 8 or 32 bytes at a time, lets hash/crc32 do the division, and mirrors the
// result. That is many times faster than a table of bytes.
//
// A CRC finds accidents, not attacks: anyone can make data for any checksum.
package cksum
