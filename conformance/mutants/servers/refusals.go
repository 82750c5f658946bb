package servers

import (
	"sync"
	"sync/atomic"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// errorRows break versions, refusals, and how the server stands what it gets.
var errorRows = []row{
	{
		id: "version-2", clauses: "VER-1", often: always,
		about:     "puts version 2 into its responses",
		mutate:    onResponses(func(_ *conn, r *response) { r.put("version", 2) }),
		unrelated: 9, why: "the reference client takes no answer of another version",
	},
	{
		id: "refusals-without-version", clauses: "VER-1", often: "in refusals",
		about: "puts version 0 into 1601, 1606 and 1607",
		mutate: onResponses(func(_ *conn, r *response) { r.put("version", 0) },
			spec.TypeRegistrationRefused, spec.TypeLoginRefused, spec.TypeError),
	},
	{
		id: "other-version-refused-and-done", clauses: "VER-3", often: "for other versions",
		about: "does what a request of another version asks for, and answers with 1607",
		mutate: all(
			onRequests(func(c *conn, r *request) {
				if r.Header.Version != c.process.edition.Version {
					r.put("version", uint64(c.process.edition.Version))
				}
			}),
			onResponses(func(c *conn, r *response) {
				if r.Request.Header.Version != c.process.edition.Version {
					r.become(c.process.edition, &wire.GeneralError{})
				}
			}),
		),
	},
	{
		id: "other-version-met-with-silence", clauses: "VER-3", often: "for other versions",
		about: "says nothing to a request of another version",
		mutate: onRequests(func(c *conn, r *request) {
			r.Skip = r.whole() && r.Header.Version != c.process.edition.Version
		}),
	},
	{
		id: "other-version-answered-with-zeros", clauses: "VER-3", often: "for other versions",
		about: "does what a request of another version asks for, and leaves zeros for a checksum or a key in its answer",
		mutate: all(
			onRequests(func(c *conn, r *request) { r.put("version", uint64(c.process.edition.Version)) }),
			onResponses(func(c *conn, r *response) {
				if r.Request.Header.Version != c.process.edition.Version {
					clear(r.field("cksum"))
					clear(r.field("wrapped key"))
				}
			}),
		),
		alone: "nobody else sends other versions",
	},
	{
		id: "other-version-takes-key", clauses: "VER-3", often: "for other versions",
		about: "refuses a request of another version, and forgets the AES key of its client",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && r.Header.Version != c.process.edition.Version {
				c.process.exec("UPDATE clients SET aes_key = NULL WHERE id = ?", r.Header.Client[:])
				refuse(c, r)
			}
		}),
	},
	{
		id: "unknown-code-met-with-silence", clauses: "ERR-1 ERR-6", often: always,
		about:  "says nothing to a request with an unknown code",
		mutate: onRequests(func(_ *conn, r *request) { r.Skip = true }, spec.TypeUnknown),
	},
	{
		id: "unknown-code-closes", clauses: "ERR-6", often: always,
		about: "closes the connection when a code is unknown",
		mutate: onResponses(func(c *conn, r *response) {
			if r.Request.Type == spec.TypeUnknown {
				r.Bytes = nil
				hangUp(c)
			}
		}, spec.TypeError),
	},
	{
		id: "refusals-with-a-reason", clauses: "ERR-2", often: always,
		about: "puts a reason into 1601 and 1607",
		mutate: onResponses(func(_ *conn, r *response) {
			reason := []byte("refused")
			r.Bytes = append(r.Bytes, reason...)
			r.put("payload size", uint64(len(reason)))
		}, spec.TypeError, spec.TypeRegistrationRefused),
	},
	{
		id: "refused-key-names-client", clauses: "ERR-2", often: "when a public key is refused",
		about:  "names the client in the refusal of a public key, as 1602 does",
		mutate: namesRefused(spec.TypePublicKey),
	},
	{
		id: "refused-file-names-client", clauses: "ERR-2", often: "when a file is refused",
		about:  "names the client in the refusal of a file, as 1603 does",
		mutate: namesRefused(spec.TypeFile),
	},
	{
		id: "exits-on-unknown-code", clauses: "ERR-4 ERR-1 ERR-6", often: always,
		about:  "ends when it gets a request with an unknown code",
		mutate: onRequests(func(c *conn, _ *request) { exit(c.process, "unknown code") }, spec.TypeUnknown),
	},
	{
		id: "exits-on-cut-request", clauses: "ERR-4 FRM-14", often: "when a client closes inside a request",
		about: "ends when a message breaks off",
		mutate: each(func(c *conn) {
			c.onCut = func(rest []byte) []byte {
				if len(rest) > 0 || c.left > 0 {
					exit(c.process, "struct.error: unpack requires a buffer of 23 bytes")
				}
				return rest
			}
		}),
	},
	{
		id: "exits-without-a-byte", clauses: "ERR-4", often: "when a client says nothing and leaves",
		about: "ends when a connection ends without a byte",
		mutate: each(func(c *conn) {
			c.onCut = func(rest []byte) []byte {
				if len(rest) == 0 && c.current == nil {
					exit(c.process, "no data")
				}
				return rest
			}
		}),
		varies: true,
	},
	{
		id: "exits-on-verdict-without-file", clauses: "ERR-4", often: "for a file never sent",
		about: "ends when it is told about the checksum of a file that it does not have",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && stored(r.Header.Client, r.text()) == nil {
				exit(c.process, "KeyError")
			}
		}, spec.TypeCRCOK, spec.TypeCRCBad, spec.TypeCRCAbort),
	},
	{
		id: "exits-on-text", clauses: "ERR-4 FRM-11", often: "for bytes outside ASCII",
		about: "ends when a text is not ASCII",
		mutate: onRequests(func(c *conn, r *request) {
			for _, f := range r.fields {
				if f.Kind == wire.KindText && !plainText(r.Head[f.Offset:f.Offset+f.Size]) {
					exit(c.process, "UnicodeDecodeError")
				}
			}
		}),
	},
	{
		id: "hangs-after-unknown-code", clauses: "ERR-4", often: "after an unknown code",
		about: "serves nobody any more once a code was unknown",
		mutate: func(p *process) {
			var turn sync.RWMutex
			onRequests(func(_ *conn, r *request) {
				if r.Type == spec.TypeUnknown {
					turn.Lock() // for good
					return
				}
				turn.RLock()
				defer turn.RUnlock()
			})(p)
		},
		alone: "every case with an unknown code waits for answers in vain",
	},
	{
		id: "nobody-new-after-garbage", clauses: "ERR-4 ERR-3 FRM-14", often: "for the first new client after garbage",
		about: "refuses the next client that registers after an unknown code or a message that broke off",
		mutate: func(p *process) {
			var garbage atomic.Bool
			all(
				each(func(c *conn) {
					c.onCut = func(rest []byte) []byte {
						garbage.CompareAndSwap(false, len(rest) > 0)
						return rest
					}
				}),
				onRequests(func(*conn, *request) { garbage.Store(true) }, spec.TypeUnknown),
				onRequests(func(c *conn, r *request) {
					free := c.process.query("SELECT id FROM clients WHERE name = ?", r.text()) == nil
					if free && r.whole() && garbage.Swap(false) {
						refuse(c, r)
					}
				}, spec.TypeRegister),
			)(p)
		},
	},
	{
		id: "nonsense-takes-keys", clauses: "ERR-4", often: "after what makes no sense",
		about: "forgets all AES keys at an unknown code, a text outside ASCII, or a verdict on a file that it does not have",
		mutate: onRequests(func(c *conn, r *request) {
			nonsense := r.Type == spec.TypeUnknown
			switch r.Type {
			case spec.TypeCRCOK, spec.TypeCRCBad, spec.TypeCRCAbort:
				nonsense = stored(r.Header.Client, r.text()) == nil
			}
			if nonsense || r.whole() && r.textField() != nil && !plainText(r.textField()) {
				c.process.exec("UPDATE clients SET aes_key = NULL")
			}
		}),
		unrelated: 8, why: "no file arrives from anybody after an unknown code, whatever the case is about",
	},
	{
		id: "refused-again", clauses: "ERR-4 FIL-21", often: "when a file comes again that was verified",
		about: "refuses a file that it has already and that was verified",
		mutate: onRequests(func(c *conn, r *request) {
			verified := c.process.query("SELECT 1 FROM files WHERE id = ? AND file_name = ? AND verified = 1", r.Header.Client[:], r.text())
			if r.uint("packet number") == 1 && verified != nil {
				refuse(c, r)
			}
		}, spec.TypeFile),
	},
}

// namesRefused puts the client's id into 1601 and 1607 in answer to a request of a type.
func namesRefused(t spec.MessageType) mutation {
	return onResponses(func(_ *conn, r *response) {
		if r.Request.Type == t {
			id := r.Request.Header.Client
			r.Bytes = append(r.Bytes, id[:]...)
			r.put("payload size", uint64(len(id)))
		}
	}, spec.TypeError, spec.TypeRegistrationRefused)
}
