// Package client is the client side of the protocol: it brings one file to a
// server, encrypted, and ends well only when both agree on its checksum.
//
// A run works in a directory, as every implementation does. It reads there what
// to send and where to (transfer.info) and who it is (me.info, priv.key), and
// writes the latter two when it registers. [Run] is the whole story; the files
// of the package are its chapters:
//
//	task.go       what can be known before a byte is sent: files, names, limits
//	session.go    the connection: write, and wait for one answer, never for ever
//	ask.go        a message, its answer, and the repetitions in between (RTY)
//	register.go   a new name: id, key pair, me.info, first AES key (REG, KEY)
//	login.go      a known name: a fresh AES key (LGN)
//	send.go       one transfer: read, checksum, encrypt, cut, write (FIL)
//	verify.go     the checksums compared, and the file again if need be (CRC)
//
// # What is repeated
//
// Two things are, and they are counted apart. After an error response the same
// message goes out again, byte for byte, up to four times in all (RTY-6); for a
// file the message is the whole transfer. An answer counts as an error response
// when it is one (1607, or 1601 to a registration), has an unexpected code, a
// wrong size or another version, names another client, file or size than the
// request did, or brings a key that is not one (VER-4, RTY-4, SEC-3, SEC-4).
//
// After a checksum mismatch the client sends 1030 and the whole file, up to four
// transfers in all (CRC-6). Each of them is a message of its own, which has its
// own four sendings. The message after the fourth mismatch, 1031, ends the run
// without success whatever the server answers.
//
// # What ends a run
//
// What cannot be repeated ends it at once: the connection closed or reset, no
// answer in time (RTY-5, RTY-8), an answer whose declared size is so far from
// right that the stream cannot be brought back in step, a file that changes while
// it is sent. The memory of a run is a few buffers, whatever the size of the
// file and whatever a server declares.
//
// # What stays secret
//
// The private key and the plaintext never leave the machine (SEC-2), and keys
// are never printed. Nothing is sent under a key that did not unwrap (SEC-4).
package client
