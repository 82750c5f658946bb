package servers

import (
	"bytes"
	"math/bits"
	"strings"

	"github.com/xferspec/xferspec/conformance/mutants/message"
	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// framingRows break how messages look on the wire.
var framingRows = []row{
	{
		id: "content-size-big-endian", clauses: "FRM-1 FIL-9", often: always,
		about: "writes the content size in 1603 with its bytes in the opposite order",
		mutate: onResponses(func(_ *conn, r *response) {
			r.put("content size", uint64(bits.ReverseBytes32(uint32(r.uint("content size")))))
		}, spec.TypeFileReceived),
	},
	{
		id: "content-size-of-16-bits", clauses: "FRM-1 FIL-9", often: always,
		about: "writes the content size in 1603 as a big-endian number of 16 bits, with zeros behind",
		mutate: onResponses(func(_ *conn, r *response) {
			r.put("content size", uint64(bits.ReverseBytes16(uint16(r.uint("content size")))))
		}, spec.TypeFileReceived),
		alone: "that of the other orders of bytes stands for it",
	},
	{
		id: "header-without-version", clauses: "FRM-3 REG-3", often: always,
		about:     "begins a response with the code",
		mutate:    onResponses(func(_ *conn, r *response) { r.Bytes = r.Bytes[1:] }),
		unrelated: 8, why: "no answer can be read, whatever the case is about",
	},
	{
		id: "header-big-endian", clauses: "FRM-3 REG-3", often: always,
		about: "writes the payload size in headers with its bytes in the opposite order",
		mutate: onResponses(func(_ *conn, r *response) {
			r.put("payload size", uint64(bits.ReverseBytes32(uint32(r.uint("payload size")))))
		}),
	},
	{
		id: "thanks-too-long", clauses: "FRM-4 FRM-16", often: "in 1604",
		about:  "sends more after the header of 1604 than its size says",
		mutate: onResponses(func(_ *conn, r *response) { r.Bytes = append(r.Bytes, make([]byte, 16)...) }, spec.TypeThanks),
	},
	{
		id: "thanks-counts-header", clauses: "CRC-2 CRC-4", often: "in 1604",
		about:  "counts the header in the payload size of 1604",
		mutate: onResponses(func(_ *conn, r *response) { r.put("payload size", r.uint("payload size")+7) }, spec.TypeThanks),
	},
	{
		id: "answers-of-1024-bytes", clauses: "FRM-4 FRM-16", often: "in 1604 and 1601",
		about: "fills every message up to a fixed 1024 bytes",
		mutate: onResponses(func(_ *conn, r *response) {
			r.Bytes = append(r.Bytes, make([]byte, 1024-len(r.Bytes))...)
		}, spec.TypeThanks, spec.TypeRegistrationRefused),
	},
	{
		id: "name-without-nul", clauses: "FRM-8", often: "for names of 254 bytes",
		about: "leaves the NUL off the file name in 1603 where it takes the whole field",
		mutate: onResponses(func(_ *conn, r *response) {
			if name := r.field("file name"); name[wire.MaxText-1] != 0 {
				name[wire.MaxText] = 'n'
			}
		}, spec.TypeFileReceived),
	},
	{
		id: "name-filled-with-blanks", clauses: "FRM-8 FIL-9", often: always,
		about: "fills the file name in 1603 up with blanks, without a NUL",
		mutate: onResponses(func(_ *conn, r *response) {
			name := r.field("file name")
			text := textIn(name)
			copy(name, text+strings.Repeat(" ", len(name)-len(text)))
		}, spec.TypeFileReceived),
	},
	{
		id: "name-compared-as-field", clauses: "FRM-9", often: always,
		about: "takes what follows the NUL of a name for a part of it",
		mutate: onRequests(func(_ *conn, r *request) { closeGap(r.field("name")) },
			spec.TypeRegister, spec.TypePublicKey, spec.TypeLogin),
	},
	{
		id: "leftovers-refused", clauses: "FRM-9 LGN-2", often: always,
		about: "refuses a request with anything but zeros after the NUL of a text",
		mutate: onRequests(func(c *conn, r *request) {
			for _, f := range r.fields {
				if f.Kind != wire.KindText {
					continue
				}
				text, rest, found := bytes.Cut(r.Head[f.Offset:f.Offset+f.Size], []byte{0})
				if found && len(bytes.Trim(rest, "\x00")) > 0 && plainText(append(text, 0)) {
					refuse(c, r)
				}
			}
		}),
	},
	{
		id: "stale-padding", clauses: "FRM-10", often: "from the second connection on",
		about: "leaves the name of an earlier file behind the NUL of the file name in 1603",
		mutate: func(p *process) {
			var last []byte
			onResponses(func(c *conn, r *response) {
				c.process.mu.Lock()
				defer c.process.mu.Unlock()
				name := r.field("file name")
				fresh := bytes.Clone(name)
				end := bytes.IndexByte(name, 0)
				if end >= 0 && end+1 < len(last) {
					copy(name[end+1:], last[end+1:])
				}
				last = fresh
			}, spec.TypeFileReceived)(p)
		},
	},
	{
		id: "any-text", clauses: "FRM-11", often: always,
		about: "takes any bytes for a text, and ends one without a NUL at the end of its field",
		mutate: onRequests(func(_ *conn, r *request) {
			for _, f := range r.fields {
				if f.Kind == wire.KindText {
					mend(r.Head[f.Offset : f.Offset+f.Size])
				}
			}
		}),
	},
	{
		id: "size-by-code", clauses: "FRM-12 FRM-17", often: always,
		about: "reads as many bytes as the code calls for, whatever the payload size says",
		mutate: each(func(c *conn) {
			c.sizeOf = func(r *request) uint32 { return calledFor(c, r) }
		}),
	},
	{
		id: "waits-for-all-fields", clauses: "FRM-12 FRM-17", often: "for payloads that are too short",
		about: "reads at least as many bytes as the code calls for",
		mutate: each(func(c *conn) {
			c.sizeOf = func(r *request) uint32 { return max(r.Header.Size, calledFor(c, r)) }
		}),
	},
	{
		id: "leaves-what-is-too-long", clauses: "FRM-12 FRM-17", often: "for payloads that are too long",
		about: "reads no more bytes than the code calls for",
		mutate: each(func(c *conn) {
			c.sizeOf = func(r *request) uint32 { return min(r.Header.Size, calledFor(c, r)) }
		}),
	},
	{
		id: "hidden-registration-done", clauses: "FRM-12 ERR-3", often: "for a request inside the payload of another",
		about:  "registers a name whose registration is hidden behind the fields of another request, and refuses that one",
		mutate: each(hiddenDone),
		alone:  "nobody else hides a request",
	},
	{
		id: "size-not-looked-at", clauses: "FRM-17", often: always,
		about: "grants a request whose payload is longer than its code calls for",
		mutate: onRequests(func(c *conn, r *request) {
			fixed, open := wire.PayloadSize(c.process.edition, r.Type)
			if r.Type != spec.TypeUnknown && !open && r.Header.Size > uint32(fixed) {
				r.put("payload size", uint64(fixed))
				r.body = func([]byte) []byte { return nil }
			}
		}),
	},
	{
		id: "unread-payload", clauses: "ERR-3", often: "after an unknown code",
		about: "leaves the payload of a request with an unknown code in the stream",
		mutate: each(func(c *conn) {
			c.sizeOf = func(r *request) uint32 {
				if r.Type == spec.TypeUnknown {
					return 0
				}
				return r.Header.Size
			}
		}),
	},
}

// hiddenDone hands a registration that a request has behind its fields on before that
// request, and keeps the answer to it back.
func hiddenDone(c *conn) {
	hidden := false
	c.onRequest = append(c.onRequest, func(c *conn, r *request) {
		if r.Type == spec.TypeFile {
			return
		}
		var rest []byte
		r.Skip = true
		r.body = func(piece []byte) []byte {
			rest = append(rest, piece...)
			return nil
		}
		r.end = func() {
			size, whole := message.RequestSize(rest)
			hidden = whole && size == int64(len(rest)) && message.Request(c.process.edition, rest).Is(spec.TypeRegister)
			if hidden {
				c.out = append(c.out, rest...)
			}
			c.out = append(append(c.out, r.Head...), rest...)
		}
	})
	c.onResponse = append(c.onResponse, func(_ *conn, r *response) {
		if hidden {
			hidden, r.Bytes = false, nil
		}
	})
}

// calledFor returns the payload size that a request's code calls for; where there
// is no such, as for a file's content, it is the one in the header.
func calledFor(c *conn, r *request) uint32 {
	fixed, open := wire.PayloadSize(c.process.edition, r.Type)
	if r.Type == spec.TypeUnknown || open && r.Header.Size > uint32(fixed) {
		return r.Header.Size
	}
	return uint32(fixed)
}

// closeGap puts a sign in place of the first NUL of a field that goes on after it.
func closeGap(field []byte) {
	if end := bytes.IndexByte(field, 0); end >= 0 && len(bytes.Trim(field[end:], "\x00")) > 0 {
		field[end] = '_'
	}
}

// mend makes a text of any bytes.
func mend(field []byte) {
	end := bytes.IndexByte(field, 0)
	if end < 0 {
		end = len(field) - 1
		field[end] = 0
	}
	for i, b := range field[:end] {
		if b < ' ' || b > '~' {
			field[i] = '?'
		}
	}
}
