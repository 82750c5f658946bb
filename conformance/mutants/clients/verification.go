package clients

import (
	"errors"
	"hash/crc32"
	"os/exec"
	"time"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/reference/client"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/wire"
)

var verificationRows = []row{
	{
		id: "cksum-of-ciphertext", clauses: "CRC-1", often: always, about: "computes the checksum over the ciphertext",
		mutate: comparing(func(c *conn, content []byte) uint32 { return cksum.Sum(encrypt(c.aesKey(), content)) }),
	},
	{
		id: "cksum-of-zlib", clauses: "CRC-1", often: always, about: "computes the checksum of zlib",
		mutate: comparing(func(_ *conn, content []byte) uint32 { return crc32.ChecksumIEEE(content) }),
	},
	{
		id: "cksum-without-length", clauses: "CRC-1", often: "for files that are not empty", about: "leaves the length out of the checksum",
		mutate: comparing(func(_ *conn, content []byte) uint32 { return posixCRC(content, 0) }),
	},
	{
		id: "cksum-with-short-length", clauses: "CRC-1", often: large, about: "counts the length for the checksum in 16 bits",
		also:   "CLT-CRC-11",
		mutate: comparing(func(_ *conn, content []byte) uint32 { return posixCRC(content, len(content)&0xffff) }),
	},
	{
		id: "thanks-not-awaited", clauses: "CRC-5", often: always, about: "ends with success without waiting for 1604",
		mutate: onRequests(func(c *conn, _ *message.Message) {
			c.ready = c.response(&wire.Thanks{Client: c.process.identity().Client})
		}, spec.TypeCRCOK),
	},
	{
		id: "confirms-no-name", clauses: "CRC-5", often: always, about: "leaves the name of the file out of 1029",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.SetText("") }, spec.TypeCRCOK),
	},
	{
		id: "confirms-twice", clauses: "CRC-5", often: always, about: "sends 1029 twice",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.Bytes = append(r.Bytes, r.Bytes...) }, spec.TypeCRCOK),
	},
	{
		id: "status-1-after-success", clauses: "CRC-5", often: always, about: "ends with exit status 1 after a success",
		mutate: failingIf(func(*process) bool { return true }),
	},
	{
		id: "status-1-after-return", clauses: "CRC-5", often: returning, about: "ends with exit status 1 after a success",
		mutate: failingIf(func(p *process) bool { return p.returning }),
	},
	{
		id: "status-1-after-large-file", clauses: "CRC-5", often: large, about: "ends with exit status 1 after a success",
		also:   "CLT-CRC-11",
		mutate: failingIf(func(p *process) bool { return len(p.content()) > largeFile }),
	},
	{
		id: "resends-on-return", clauses: "CRC-5", often: returning, about: "sends its file once more although the checksums are equal",
		mutate: whenReturning(func(p *process) {
			first := true
			onResponses(func(_ *conn, r *message.Message) {
				if first {
					first = false
					r.Put("cksum", r.Uint("cksum")+1)
				}
			}, spec.TypeFileReceived)(p)
		}),
	},
	{
		id: "64-kib-on-return", clauses: "CRC-5", often: returning, about: "sends no more than 64 KiB of a file, and compares the checksum of that",
		mutate: whenReturning(shortened(func(_ *transfer, plain []byte) []byte { return plain[:min(64<<10, len(plain))] })),
	},
	{
		id: "leaves-process", clauses: "CRC-5", often: "after a success", about: "leaves a process running",
		mutate: afterwards(func(p *process, err error) {
			if err == nil {
				leaveProcess()
			}
		}),
	},
	{
		id: "no-1030", clauses: "CRC-6", often: resending, about: "leaves 1030 out",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.Bytes = nil }, spec.TypeCRCBad),
	},
	{
		id: "1030-after-the-file", clauses: "CRC-6", often: resending, about: "sends 1030 after the file, not before it",
		mutate: lateCRCBad,
	},
	{
		id: "1030-without-name", clauses: "CRC-6", often: resending, about: "leaves the name of the file out of 1030",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.SetText("") }, spec.TypeCRCBad),
	},
	{
		id: "awaits-answer-to-1030", clauses: "CRC-6", often: resending, about: "waits for an answer to 1030, and ends without one",
		mutate: onRequests(func(c *conn, r *message.Message) {
			if c.send(r.Bytes) == nil {
				_ = c.SetReadDeadline(time.Now().Add(c.process.timeout / 2))
				_, _ = c.next()
			}
			c.process.quit(1, "fatal: no answer to 1030")
		}, spec.TypeCRCBad),
	},
	{
		id: "resends-last-packet", clauses: "CRC-6", often: resending, about: "sends the last packet of the file only",
		mutate: onTransfers(func(t *transfer) {
			if t.number > 1 {
				t.packets = t.packets[len(t.packets)-1:]
			}
		}),
	},
	{
		id: "resends-empty-file", clauses: "CRC-6", often: resending, about: "goes on reading the file at its end, and sends an empty one, whose checksum it takes for right",
		mutate: shortened(func(t *transfer, plain []byte) []byte {
			if t.number > 1 {
				return nil
			}
			return plain
		}),
	},
	{
		id: "chain-goes-on", clauses: "CRC-6", often: resending, about: "goes on with the CBC chain of the transfer before",
		mutate: chainGoesOn,
	},
	{
		id: "two-transfers", clauses: "CRC-6 CRC-7", often: "when the checksums differ twice", about: "gives up with 1031 after the second transfer",
		mutate: givingUpAfter(2),
	},
	{
		id: "five-transfers", clauses: "CRC-6 CRC-7", often: "when the checksums differ four times", about: "sends the file a fifth time",
		mutate: fifthTransfer,
	},
	{
		id: "never-compares", clauses: "CRC-6 CRC-7", often: "when the checksums differ", about: "takes every checksum for right",
		mutate: onResponses(func(c *conn, r *message.Message) { r.Put("cksum", uint64(c.received().Cksum)) }, spec.TypeFileReceived),
	},
	{
		id: "compares-16-bits", clauses: "CRC-6", often: "when the checksums differ in their upper half", about: "compares the lower half of the checksums",
		mutate: onResponses(func(c *conn, r *message.Message) {
			r.Put("cksum", uint64(c.received().Cksum&^0xffff)|r.Uint("cksum")&0xffff)
		}, spec.TypeFileReceived),
	},
	{
		id: "status-1-after-resending", clauses: "CRC-6", often: resending, about: "ends with exit status 1 although the file has arrived at last",
		mutate: noticing(spec.TypeCRCBad, 1),
	},
	{
		id: "1030-for-1031", clauses: "CRC-7", often: "after the fourth transfer", about: "sends 1030 in place of 1031",
		mutate: onRequests(func(c *conn, r *message.Message) {
			code, _ := c.process.edition.Code(spec.TypeCRCBad)
			r.Put("code", uint64(code))
		}, spec.TypeCRCAbort),
	},
	{
		id: "no-1031", clauses: "CRC-7", often: "after the fourth transfer", about: "ends without sending 1031",
		mutate: onRequests(func(c *conn, _ *message.Message) { c.process.quit(1, "fatal: checksum differs") }, spec.TypeCRCAbort),
	},
	{
		id: "1031-without-name", clauses: "CRC-7", often: "after the fourth transfer", about: "leaves the name of the file out of 1031",
		mutate: onRequests(func(_ *conn, r *message.Message) { r.SetText("") }, spec.TypeCRCAbort),
	},
	{
		id: "hangs-after-1031", clauses: "CRC-7", often: "after the fourth transfer", about: "does not end",
		mutate: afterwards(func(_ *process, err error) {
			if errors.Is(err, client.ErrMismatch) {
				hang()
			}
		}),
	},
	{
		id: "success-after-1031", clauses: "CRC-7 RTY-7", often: "after the fourth transfer", about: "reports a success",
		mutate: claimingSuccess(func(err error) bool { return errors.Is(err, client.ErrMismatch) && !errors.Is(err, client.ErrRefused) }),
	},
}

// comparing has the client compute its checksum in another way. What it compares it
// with is changed for the reference, so that this comes to the same end.
func comparing(sum func(c *conn, content []byte) uint32) mutation {
	return onResponses(func(c *conn, r *message.Message) {
		content := c.process.content()
		right := cksum.Sum(content)
		if uint32(r.Uint("cksum")) == sum(c, content) {
			r.Put("cksum", uint64(right))
		} else {
			r.Put("cksum", uint64(^right))
		}
	}, spec.TypeFileReceived)
}

// posixCRC is the checksum of POSIX as if the content had another length.
func posixCRC(content []byte, length int) uint32 {
	const polynomial = 0x04c11db7
	crc := uint32(0)
	add := func(b byte) {
		crc ^= uint32(b) << 24
		for range 8 {
			crc = crc<<1 ^ crc>>31*polynomial
		}
	}
	for _, b := range content {
		add(b)
	}
	for ; length > 0; length >>= 8 {
		add(byte(length))
	}
	return ^crc
}

// failingIf has the client end with exit status 1 after a success.
func failingIf(when func(p *process) bool) mutation {
	return func(p *process) {
		ending(func(err error, text string, status int) (string, int) {
			if err == nil && when(p) {
				return text, 1
			}
			return text, status
		})(p)
	}
}

// noticing has the client end with a status when it has sent a request of some type.
func noticing(t spec.MessageType, with int) mutation {
	return func(p *process) {
		noticed := false
		onRequests(func(*conn, *message.Message) { noticed = true }, t)(p)
		ending(func(_ error, text string, status int) (string, int) {
			if noticed {
				return text, with
			}
			return text, status
		})(p)
	}
}

// lateCRCBad holds 1030 back until the next transfer is over.
func lateCRCBad(p *process) {
	var held []byte
	onRequests(func(_ *conn, r *message.Message) {
		switch {
		case r.Is(spec.TypeCRCBad):
			held, r.Bytes = r.Bytes, nil
		case r.Is(spec.TypeFile) && r.Uint("packet number") == r.Uint("total packets"):
			r.Bytes = append(r.Bytes, held...)
			held = nil
		}
	})(p)
}

// shortened has the client send a part of the file for the whole, and take its
// checksum for right.
func shortened(part func(t *transfer, plain []byte) []byte) mutation {
	return func(p *process) {
		var sent []byte
		onTransfers(func(t *transfer) {
			key, plain := t.conn.aesKey(), t.plain()
			sent = part(t, plain)
			if key == nil || len(sent) == len(plain) {
				return
			}
			t.packets[0].Put("original size", uint64(len(sent)))
			t.carry(encrypt(key, sent), packetSize)
		})(p)
		onResponses(func(c *conn, r *message.Message) {
			if uint32(r.Uint("cksum")) == cksum.Sum(sent) {
				r.Bytes = c.response(c.received())
			}
		}, spec.TypeFileReceived)(p)
	}
}

// chainGoesOn takes the last block of a transfer for the initialisation vector of
// the next.
func chainGoesOn(p *process) {
	var last []byte
	onTransfers(func(t *transfer) {
		key, plain := t.conn.aesKey(), t.plain()
		if key == nil || len(plain) < blockSize {
			return
		}
		for i := range last {
			plain[i] ^= last[i]
		}
		cipher := encrypt(key, plain)
		last = cipher[len(cipher)-blockSize:]
		t.carry(cipher, packetSize)
	})(p)
}

// givingUpAfter has the client send 1031 when the checksums differ for the nth time.
func givingUpAfter(n int) mutation {
	return func(p *process) {
		differed := 0
		onRequests(func(c *conn, r *message.Message) {
			if differed++; differed == n {
				c.ask(&wire.CRCAbort{Name: r.Text()})
				p.quit(1, "fatal: checksum differs")
			}
		}, spec.TypeCRCBad)(p)
	}
}

// fifthTransfer sends the file once more before 1031.
func fifthTransfer(p *process) {
	var whole []byte
	onRequests(func(c *conn, r *message.Message) {
		switch {
		case r.Is(spec.TypeFile) && r.Uint("packet number") == 1:
			whole = append([]byte(nil), r.Bytes...)
		case r.Is(spec.TypeFile):
			whole = append(whole, r.Bytes...)
		case r.Is(spec.TypeCRCAbort):
			if c.send(append(c.request(&wire.CRCBad{Name: r.Text()}), whole...)) == nil {
				_ = c.SetReadDeadline(time.Now().Add(p.timeout))
				_, _ = c.next()
			}
		}
	})(p)
}

// leaveProcess starts a process that outlives this one, if nobody ends it.
func leaveProcess() { _ = exec.Command("sleep", "20").Start() } //nolint:noctx // nobody waits for it
