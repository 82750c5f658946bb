package servers

import (
	"hash/crc32"
	"math/bits"
	"slices"
	"strconv"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// checksumRows break the checksum.
var checksumRows = []row{
	{
		id: "checksum-of-zlib", clauses: "CRC-1 FIL-9", often: always,
		about:  "states the CRC-32 of IEEE 802.3, as zlib does",
		mutate: summed(func(_ *conn, _ *request, plain []byte) uint32 { return crc32.ChecksumIEEE(plain) }),
	},
	{
		id: "checksum-without-length", clauses: "CRC-1 FIL-9", often: always,
		about:  "leaves the length out of the checksum",
		mutate: summed(func(_ *conn, _ *request, plain []byte) uint32 { return withoutLength(plain) }),
	},
	{
		id: "checksum-of-ciphertext", clauses: "CRC-1 FIL-9", often: always,
		about: "sums up the ciphertext",
		mutate: summed(func(c *conn, r *request, plain []byte) uint32 {
			e, err := seal.NewEncrypter(c.process.aesKey(r.Header.Client))
			if err != nil {
				return 0
			}
			return cksum.Sum(e.Finish(e.Append(nil, plain)))
		}),
	},
	{
		id: "checksum-with-padding", clauses: "CRC-1 FIL-9", often: always,
		about: "sums up the file with its padding",
		mutate: summed(func(_ *conn, _ *request, plain []byte) uint32 {
			n := 16 - len(plain)%16
			return cksum.Sum(append(plain, slices.Repeat([]byte{byte(n)}, n)...))
		}),
	},
	{
		id: "checksum-big-endian", clauses: "CRC-1 FIL-9", often: always,
		about:  "writes the checksum with its bytes in the opposite order",
		mutate: summed(func(_ *conn, _ *request, plain []byte) uint32 { return bits.ReverseBytes32(cksum.Sum(plain)) }),
	},
	{
		id: "checksum-as-text", clauses: "CRC-1 FIL-9", often: always,
		about: "writes the first digits of the checksum as a signed number",
		mutate: summed(func(_ *conn, _ *request, plain []byte) uint32 {
			return textSum(int32(cksum.Sum(plain)))
		}),
	},
	{
		id: "checksum-signed", clauses: "FIL-11", often: "for checksums from 2,147,483,648 on",
		about: "cuts a checksum that is negative as a signed number to its largest one",
		mutate: summed(func(_ *conn, _ *request, plain []byte) uint32 {
			return min(cksum.Sum(plain), 1<<31-1)
		}),
		unrelated: 60, why: "half of all files have such a checksum, whatever the case is about",
		varies: true,
	},
	{
		id: "checksum-sometimes-wrong", clauses: "FIL-11", often: "for every seventh file",
		about:     "adds one to a checksum now and then",
		mutate:    nowAndThen,
		unrelated: 30, why: "any file may be the one, whatever the case is about",
		varies: true,
	},
}

// verdictRows break what comes after the checksum.
var verdictRows = []row{
	{
		id: "thanks-without-id", clauses: "CRC-2 CRC-4", often: always,
		about: "sends 1604 without a payload",
		mutate: onResponses(func(_ *conn, r *response) {
			r.Bytes = r.Bytes[:wire.ResponseHeaderSize]
			r.put("payload size", 0)
		}, spec.TypeThanks),
	},
	{
		id: "no-thanks", clauses: "CRC-2", often: always,
		about: "says nothing to 1029",
		mutate: onResponses(func(_ *conn, r *response) {
			if r.Request.Type == spec.TypeCRCOK {
				r.Bytes = nil
			}
		}, spec.TypeThanks),
	},
	{
		id: "resend-thanked", clauses: "CRC-3", often: always,
		about: "answers 1030 with 1604",
		mutate: onRequests(func(c *conn, r *request) {
			instead(c, r, &wire.Thanks{Client: r.Header.Client})
		}, spec.TypeCRCBad),
	},
	{
		id: "resend-thanked-twice-only", clauses: "CRC-9 CRC-4", often: "from the second 1030 on",
		about: "answers the second 1030 on a connection, and every later one, with 1604",
		mutate: each(func(c *conn) {
			n := 0
			c.onRequest = append(c.onRequest, func(c *conn, r *request) {
				if r.Type != spec.TypeCRCBad {
					return
				}
				if n++; n > 1 {
					instead(c, r, &wire.Thanks{Client: r.Header.Client})
				}
			})
		}),
		varies: true,
	},
	{
		id: "abort-not-answered", clauses: "CRC-4", often: always,
		about:  "says nothing to 1031",
		mutate: onRequests(func(_ *conn, r *request) { r.Skip = true }, spec.TypeCRCAbort),
	},
	{
		id: "abort-after-resends-closes", clauses: "CRC-4", often: "after three times 1030",
		about: "closes the connection at 1031 when the file came four times",
		mutate: each(func(c *conn) {
			n := 0
			c.onRequest = append(c.onRequest, func(c *conn, r *request) {
				switch r.Type {
				case spec.TypeCRCBad:
					n++
				case spec.TypeCRCAbort:
					if r.Skip = n >= 3; r.Skip {
						hangUp(c)
					}
				}
			})
		}),
	},
	{
		id: "abort-refused", clauses: "CRC-4", often: always,
		about:  "answers 1031 with 1607",
		mutate: onRequests(refuse, spec.TypeCRCAbort),
	},
	{
		id: "verified-before-1029", clauses: "CRC-8", often: always,
		about:  "counts a file as verified when it has arrived",
		mutate: onResponses(func(c *conn, r *response) { verify(c, r.Request) }, spec.TypeFileReceived),
	},
	{
		id: "verified-by-1030", clauses: "CRC-8", often: always,
		about:  "counts a file as verified whatever the client says of its checksum",
		mutate: onRequests(func(c *conn, r *request) { verify(c, r) }, spec.TypeCRCBad),
	},
	{
		id: "verified-by-1031", clauses: "CRC-8", often: always,
		about: "counts a file as verified when the client gives it up",
		mutate: onRequests(func(c *conn, r *request) {
			verify(c, r)
			instead(c, r, &wire.Thanks{Client: r.Header.Client})
		}, spec.TypeCRCAbort),
	},
	{
		id: "all-files-verified", clauses: "CRC-8", often: always,
		about: "counts all files of a client as verified at 1029",
		mutate: onRequests(func(c *conn, r *request) {
			c.process.exec("UPDATE files SET verified = 1 WHERE id = ?", r.Header.Client[:])
		}, spec.TypeCRCOK),
	},
	{
		id: "verified-by-name", clauses: "CRC-8", often: "when another client has a file of the name",
		about: "counts the files of all clients under a name as verified at 1029",
		mutate: onRequests(func(c *conn, r *request) {
			c.process.exec("UPDATE files SET verified = 1 WHERE file_name = ?", r.text())
		}, spec.TypeCRCOK),
	},
	{
		id: "old-checksum-again", clauses: "CRC-9 CRC-3", often: "after 1030",
		about: "states the checksum of the transfer before 1030 again",
		mutate: all(
			onRequests(func(c *conn, r *request) { c.resending = r.text() }, spec.TypeCRCBad),
			onResponses(func(c *conn, r *response) {
				if c.resending == r.Request.text() {
					r.put("cksum", uint64(c.sum))
				}
				c.sum = uint32(r.uint("cksum"))
			}, spec.TypeFileReceived),
		),
	},
	{
		id: "old-checksum-of-packets", clauses: "CRC-9", often: "after 1030, for files of several packets",
		about: "states the checksum of the transfer before 1030 again if the file has several packets",
		mutate: all(
			onRequests(func(c *conn, r *request) { c.resending = r.text() }, spec.TypeCRCBad),
			onResponses(func(c *conn, r *response) {
				if c.resending == r.Request.text() && r.Request.uint("total packets") > 1 {
					r.put("cksum", uint64(c.sum))
				}
				c.sum = uint32(r.uint("cksum"))
			}, spec.TypeFileReceived),
		),
	},
	{
		id: "two-resends", clauses: "CRC-9 CRC-4 FRM-6", often: "at the third 1030",
		about: "gives up a client at its third 1030",
		mutate: each(func(c *conn) {
			n := 0
			c.onRequest = append(c.onRequest, func(c *conn, r *request) {
				if r.Type == spec.TypeCRCBad {
					if n++; n == 3 {
						hangUp(c)
					}
				}
			})
		}),
	},
	{
		id: "given-up-for-good", clauses: "CRC-9", often: "after 1031",
		about: "refuses a file that was given up before",
		mutate: func(p *process) {
			given := map[string]bool{}
			onRequests(func(c *conn, r *request) {
				c.process.mu.Lock()
				defer c.process.mu.Unlock()
				name := r.Header.Client.String() + r.text()
				if r.Type == spec.TypeCRCAbort {
					given[name] = true
				} else if given[name] && r.uint("packet number") == r.uint("total packets") {
					refuse(c, r)
				}
			}, spec.TypeCRCAbort, spec.TypeFile)(p)
		},
	},
	{
		id: "resend-is-a-duplicate", clauses: "CRC-9", often: "for the same content after 1030",
		about: "refuses a file that comes again as it was",
		mutate: all(
			onRequests(func(c *conn, r *request) { c.resending = r.text() }, spec.TypeCRCBad),
			onResponses(func(c *conn, r *response) {
				sum := uint32(r.uint("cksum"))
				if c.resending == r.Request.text() && sum == c.sum {
					r.become(c.process.edition, &wire.GeneralError{})
				}
				c.sum = sum
			}, spec.TypeFileReceived),
		),
		unrelated: 40, why: "every whole conversation has a resend, whatever the case is about",
	},
}

// summed states another checksum of a file that has arrived.
func summed(sum func(c *conn, r *request, plain []byte) uint32) mutation {
	return onResponses(func(c *conn, r *response) {
		r.put("cksum", uint64(sum(c, r.Request, stored(r.Request.Header.Client, r.Request.text()))))
	}, spec.TypeFileReceived)
}

// nowAndThen adds one to every seventh checksum.
func nowAndThen(p *process) {
	n := 0
	onResponses(func(c *conn, r *response) {
		c.process.mu.Lock()
		defer c.process.mu.Unlock()
		if n++; n%7 == 0 {
			r.put("cksum", r.uint("cksum")+1)
		}
	}, spec.TypeFileReceived)(p)
}

// withoutLength is the CRC of POSIX cksum without the length at its end.
func withoutLength(b []byte) uint32 {
	crc := uint32(0)
	for _, c := range b {
		crc ^= uint32(c) << 24
		for range 8 {
			if crc&(1<<31) != 0 {
				crc = crc<<1 ^ 0x04c11db7
			} else {
				crc <<= 1
			}
		}
	}
	return ^crc
}

// textSum is what the first four characters of a number are as bytes.
func textSum(n int32) uint32 {
	text := strconv.Itoa(int(n)) + "\x00\x00\x00\x00"
	return uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 | uint32(text[3])<<24
}

// verify marks the file that a request names as verified.
func verify(c *conn, r *request) {
	c.process.exec("UPDATE files SET verified = 1 WHERE id = ? AND file_name = ?", r.Header.Client[:], r.text())
}
