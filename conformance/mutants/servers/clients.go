package servers

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/seal"
	"github.com/xferspec/xferspec/spec/wire"
)

// named are the requests with a client's name.
var named = []spec.MessageType{spec.TypeRegister, spec.TypePublicKey, spec.TypeLogin}

// registrationRows break how names and ids are given out.
var registrationRows = []row{
	{
		id: "id-from-header", clauses: "REG-2", often: "if the header names a client",
		about: "gives a new client the id in the header of its registration",
		mutate: onResponses(func(_ *conn, r *response) {
			if id := r.Request.Header.Client; id != (wire.ID{}) {
				copy(r.field("client id"), id[:])
			}
		}, spec.TypeRegistered),
	},
	{
		id: "header-id-refused", clauses: "REG-2", often: "if the header names a client",
		about: "refuses a registration with the id of a client in its header",
		mutate: onRequests(func(c *conn, r *request) {
			if c.process.name(r.Header.Client) != "" {
				instead(c, r, &wire.RegistrationRefused{})
			}
		}, spec.TypeRegister),
	},
	{
		id: "id-of-zeros", clauses: "REG-3", often: always,
		about:  "answers a registration with an id of zeros",
		mutate: namesNobody(spec.TypeRegistered),
	},
	{
		id: "ninth-name-refused", clauses: "REG-3", often: "for the ninth client of a run",
		about: "refuses the ninth name that it is asked for after its start",
		mutate: func(p *process) {
			var n atomic.Int64
			onRequests(func(c *conn, r *request) {
				if n.Add(1) == 9 {
					instead(c, r, &wire.RegistrationRefused{})
				}
			}, spec.TypeRegister)(p)
		},
	},
	{
		id: "ids-by-a-slow-clock", clauses: "REG-4 REG-5", often: "for the fourth of clients that register in a row",
		about: "gives two clients that register soon after one another the same id",
		mutate: func(p *process) {
			row, last := 0, []byte(nil)
			onResponses(func(c *conn, r *response) {
				c.process.mu.Lock()
				defer c.process.mu.Unlock()
				if r.Type != spec.TypeRegistered {
					row = 0
					return
				}
				if row++; row > 3 {
					copy(r.field("client id"), last)
				}
				last = bytes.Clone(r.field("client id"))
			})(p)
		},
		unrelated: 8, why: "a client with another's id can do nothing more",
	},
	{
		id: "id-fixed-at-start", clauses: "REG-4 REG-5", often: "for the second client of a run",
		about: "makes an id when it starts, and gives it to every client",
		mutate: func(p *process) {
			id := newKey(wire.IDSize)
			onResponses(func(_ *conn, r *response) { copy(r.field("client id"), id) }, spec.TypeRegistered)(p)
		},
	},
	{
		id: "counting-ids", clauses: "REG-5", often: always,
		about: "counts its clients, and makes the number their id",
		mutate: func(p *process) {
			ownIDs(p, func(n int) (id wire.ID) {
				binary.BigEndian.PutUint64(id[8:], uint64(n))
				return id
			})
		},
	},
	{
		id: "taken-name-given-again", clauses: "REG-6", often: always,
		about: "registers a taken name anew, and forgets its owner",
		mutate: onRequests(func(c *conn, r *request) {
			c.process.exec("UPDATE clients SET name = name || '~' || hex(id) WHERE name = ?", r.text())
		}, spec.TypeRegister),
	},
	{
		id: "refused-name-takes-key", clauses: "REG-6 ERR-5", often: "when a taken name is refused",
		about: "forgets the AES key of a name's owner when another asks for the name",
		mutate: onResponses(func(c *conn, r *response) {
			c.process.exec("UPDATE clients SET aes_key = NULL WHERE name = ?", r.Request.text())
		}, spec.TypeRegistrationRefused),
	},
	{
		id: "short-names", clauses: "REG-6 FIL-9", often: "for names of more than 64 bytes",
		about: "keeps the first 64 bytes of a name",
		mutate: all(
			onRequests(func(_ *conn, r *request) { r.setText(cut(r.text(), 64)) }, spec.TypeRegister),
			onResponses(func(_ *conn, r *response) { clear(r.field("file name")[64:]) }, spec.TypeFileReceived),
		),
	},
	{
		id: "blanks-dropped", clauses: "REG-6 FIL-9", often: "for names that begin or end with blanks",
		about: "drops the blanks around a name",
		mutate: all(
			onRequests(func(_ *conn, r *request) { r.setText(strings.TrimSpace(r.text())) }, spec.TypeRegister),
			onResponses(func(_ *conn, r *response) {
				setTextIn(r.field("file name"), strings.TrimSpace(textIn(r.field("file name"))))
			}, spec.TypeFileReceived),
		),
	},
	{
		id: "sql-by-hand", clauses: "REG-6 FIL-9", often: "for names with a quote",
		about: "puts names into SQL as they are, and says nothing when that is an error",
		mutate: onRequests(func(_ *conn, r *request) {
			r.Skip = strings.Contains(r.text(), "'")
		}, spec.TypeRegister, spec.TypeFile),
	},
	{
		id: "name-as-format", clauses: "REG-6 FIL-9", often: "for names with a format directive",
		about: "prints names as formats, and ends at %n",
		mutate: onRequests(func(c *conn, r *request) {
			if strings.Contains(r.text(), "%n") {
				exit(c.process, "*** %n in writable segment detected ***")
			}
		}, spec.TypeRegister, spec.TypeFile),
	},
	{
		id: "quoted-name-given-again", clauses: "REG-6", often: "for names with blanks or quotes",
		about: "does not find a name with a blank or a quote when it is asked for again",
		mutate: onRequests(func(c *conn, r *request) {
			if strings.ContainsAny(r.text(), " '") {
				c.process.exec("UPDATE clients SET name = name || '~' || hex(id) WHERE name = ?", r.text())
			}
		}, spec.TypeRegister),
	},
	{
		id: "case-ignored", clauses: "REG-7", often: always,
		about:  "takes upper and lower case letters of a name for the same",
		mutate: onRequests(func(_ *conn, r *request) { r.setText(strings.ToLower(r.text())) }, named...),
	},
	{
		id: "empty-name-registered", clauses: "REG-8", often: always,
		about: "registers the empty name",
		mutate: onRequests(func(_ *conn, r *request) {
			if r.whole() && r.text() == "" {
				r.setText("(empty)")
			}
		}, named...),
	},
	{
		id: "registration-tie-refused", clauses: "REG-9", often: "for registrations at the same moment",
		about: "refuses everybody who asks for a name at the same moment",
		mutate: func(p *process) {
			asking := map[string]int{}
			change := func(c *conn, name string, by int) int {
				c.process.mu.Lock()
				defer c.process.mu.Unlock()
				asking[name] += by
				return asking[name]
			}
			onRequests(func(c *conn, r *request) {
				tied := change(c, r.text(), 1) > 1
				wait(10 * time.Millisecond)
				if change(c, r.text(), 0) > 1 || tied {
					instead(c, r, &wire.RegistrationRefused{})
				}
				wait(10 * time.Millisecond)
				change(c, r.text(), -1)
			}, spec.TypeRegister)(p)
		},
	},
	{
		id: "registration-race", clauses: "REG-9", often: "for registrations at the same moment",
		about: "looks whether a name is free, and a little later takes it in any case",
		mutate: all(
			onRequests(func(c *conn, r *request) {
				free := c.process.query("SELECT id FROM clients WHERE name = ?", r.text()) == nil
				wait(30 * time.Millisecond)
				c.racing = free
			}, spec.TypeRegister),
			onResponses(func(c *conn, r *response) {
				if c.racing {
					r.become(c.process.edition, &wire.Registered{Client: wire.ID(newKey(wire.IDSize))})
				}
			}, spec.TypeRegistrationRefused),
		),
	},
	{
		id: "race-loser-unanswered", clauses: "REG-9", often: "for registrations at the same moment",
		about: "says nothing to who loses a race for a name",
		mutate: all(
			onRequests(func(c *conn, r *request) {
				c.racing = c.process.query("SELECT id FROM clients WHERE name = ?", r.text()) == nil
				wait(10 * time.Millisecond)
			}, spec.TypeRegister),
			onResponses(func(c *conn, r *response) {
				if c.racing {
					r.Bytes = nil
				}
			}, spec.TypeRegistrationRefused),
		),
	},
}

// keyRows break the key exchange.
var keyRows = []row{
	{
		id: "key-wrapped-by-pkcs1", clauses: "KEY-2", often: always,
		about: "pads the AES key as PKCS#1 v1.5 does before it wraps it",
		mutate: onResponses(func(c *conn, r *response) {
			rewrap(c, r, func(pub *rsa.PublicKey, client wire.ID) ([]byte, error) {
				return rsa.EncryptPKCS1v15(rand.Reader, pub, c.process.aesKey(client)) //nolint:staticcheck // it is the mistake
			})
		}, hands...),
	},
	{
		id: "key-wrapped-with-sha256", clauses: "KEY-2", often: "in 1602",
		about:  "wraps the AES key by OAEP with SHA-256",
		mutate: onResponses(oaep(sha256.New, ""), spec.TypeKeyAccepted),
	},
	{
		id: "login-key-with-label", clauses: "LGN-2", often: "in 1605",
		about:  "wraps the AES key of a login by OAEP with a label",
		mutate: onResponses(oaep(nil, "key"), spec.TypeLoginAccepted),
	},
	{
		id: "key-as-it-is", clauses: "KEY-2", often: "in 1602",
		about: "sends the AES key without wrapping it, with zeros behind",
		mutate: onResponses(func(c *conn, r *response) {
			wrapped := r.field("wrapped key")
			clear(wrapped)
			copy(wrapped, c.process.aesKey(r.Request.Header.Client))
		}, spec.TypeKeyAccepted),
	},
	{
		id: "short-aes-key", clauses: "KEY-3", often: always,
		about:  "hands out AES keys of 16 bytes",
		mutate: onResponses(func(c *conn, r *response) { giveOut(c, r, newKey(16)) }, hands...),
	},
	{
		id: "aes-key-in-hexadecimal", clauses: "KEY-3", often: always,
		about: "hands out AES keys as hexadecimal digits",
		mutate: onResponses(func(c *conn, r *response) {
			rewrap(c, r, func(pub *rsa.PublicKey, client wire.ID) ([]byte, error) {
				return seal.Wrap(pub, []byte(hex.EncodeToString(c.process.aesKey(client))))
			})
		}, hands...),
	},
	{
		id: "one-aes-key", clauses: "KEY-4 KEY-11 LGN-6", often: always,
		about: "hands out one AES key to everybody",
		mutate: func(p *process) {
			key := newKey(32)
			onResponses(func(c *conn, r *response) { giveOut(c, r, key) }, hands...)(p)
		},
	},
	{
		id: "supply-of-three-keys", clauses: "KEY-4", often: "for the fourth key that is handed out",
		about: "makes three AES keys at its start, and hands them out in turn",
		mutate: func(p *process) {
			supply, n := [][]byte{newKey(32), newKey(32), newKey(32)}, 0
			onResponses(func(c *conn, r *response) {
				c.process.mu.Lock()
				defer c.process.mu.Unlock()
				giveOut(c, r, supply[n%len(supply)])
				n++
			}, hands...)(p)
		},
	},
	{
		id: "any-public-key", clauses: "KEY-5 KEY-10 ERR-5", often: "for what is no key",
		about:  "answers what is no public key with an AES key under one of its own",
		mutate: takeAnyKey,
	},
	{
		id: "key-not-parsed", clauses: "KEY-5 KEY-10", often: "for what looks like a key",
		about: "looks at the first byte of a public key only",
		mutate: func(p *process) {
			own := ownPublicKey()
			onRequests(func(_ *conn, r *request) {
				if key := r.field("public key"); len(key) > 0 && key[0] == 0x30 && !parses(key) {
					copy(key, own)
				}
			}, spec.TypePublicKey)(p)
		},
	},
	{
		id: "key-for-any-name", clauses: "KEY-6 ERR-5", often: always,
		about: "stores a public key for the id, whatever the name",
		mutate: onRequests(func(c *conn, r *request) {
			if name := c.process.name(r.Header.Client); name != "" && r.whole() {
				r.setText(name)
			}
		}, spec.TypePublicKey),
	},
	{
		id: "key-for-any-id", clauses: "KEY-6 ERR-5", often: always,
		about:  "stores a public key for the name, whatever the id",
		mutate: onRequests(func(c *conn, r *request) { idByName(c, r) }, spec.TypePublicKey),
	},
	{
		id: "key-makes-client", clauses: "KEY-6", often: "for an unknown id and name",
		about: "makes a client of whoever sends a public key",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && r.text() != "" {
				c.process.exec("INSERT OR IGNORE INTO clients (id, name, last_seen) VALUES (?, ?, '')", r.Header.Client[:], r.text())
			}
		}, spec.TypePublicKey),
	},
	{
		id: "first-key-kept", clauses: "KEY-7", often: "when a key is sent again",
		about: "wraps under the first public key that a client has sent",
		mutate: onRequests(func(c *conn, r *request) {
			if old := c.process.publicKey(r.Header.Client); old != nil && parses(r.field("public key")) {
				copy(r.field("public key"), old)
			}
		}, spec.TypePublicKey),
	},
	{
		id: "second-key-refused", clauses: "KEY-7 KEY-11", often: "when a key is sent again",
		about: "refuses a public key of a client that has sent one",
		mutate: onRequests(func(c *conn, r *request) {
			if c.process.publicKey(r.Header.Client) != nil && parses(r.field("public key")) {
				instead(c, r, &wire.RegistrationRefused{})
			}
		}, spec.TypePublicKey),
	},
	{
		id: "first-aes-key-kept", clauses: "KEY-7", often: "when a key is sent again",
		about: "hands out another AES key for the second public key, and goes on decrypting with the first",
		mutate: all(
			onRequests(func(c *conn, r *request) { c.oldKey = c.process.aesKey(r.Header.Client) }, spec.TypePublicKey),
			onResponses(func(c *conn, r *response) {
				if c.oldKey != nil {
					c.process.exec("UPDATE clients SET aes_key = ? WHERE id = ?", c.oldKey, r.Request.Header.Client[:])
				}
			}, spec.TypeKeyAccepted),
		),
	},
	{
		id: "login-under-first-key", clauses: "KEY-7", often: "at a login after a key was sent again",
		about: "replaces a public key for the moment, and forgets that at the next login",
		mutate: func(p *process) {
			first := map[wire.ID][]byte{}
			onRequests(func(c *conn, r *request) {
				c.process.mu.Lock()
				defer c.process.mu.Unlock()
				id := r.Header.Client
				if r.Type == spec.TypeLogin && first[id] != nil {
					c.process.exec("UPDATE clients SET public_key = ? WHERE id = ? AND public_key IS NOT NULL", first[id], id[:])
				}
				if key := r.field("public key"); r.Type == spec.TypePublicKey && first[id] == nil && parses(key) && c.process.name(id) == r.text() {
					first[id] = bytes.Clone(key)
				}
			}, spec.TypePublicKey, spec.TypeLogin)(p)
		},
	},
	{
		id: "key-answer-names-nobody", clauses: "KEY-9", often: "in 1602",
		about:     "names an id of zeros in 1602",
		mutate:    namesNobody(spec.TypeKeyAccepted),
		unrelated: 8, why: referenceClient,
	},
	{
		id: "login-answer-names-nobody", clauses: "KEY-9 LGN-2", often: "in 1605",
		about:  "names an id of zeros in 1605",
		mutate: namesNobody(spec.TypeLoginAccepted),
	},
	{
		id: "file-answer-names-nobody", clauses: "KEY-9 FIL-9", often: "in 1603",
		about:     "names an id of zeros in 1603",
		mutate:    namesNobody(spec.TypeFileReceived),
		unrelated: 8, why: referenceClient,
	},
	{
		id: "thanks-name-nobody", clauses: "CRC-2", often: "in 1604",
		about:  "names an id of zeros in 1604",
		mutate: namesNobody(spec.TypeThanks),
	},
	{
		id: "bad-key-closes", clauses: "KEY-10", often: "for what is no key",
		about: "closes the connection when a public key is none",
		mutate: onResponses(func(c *conn, r *response) {
			if r.Request.Type == spec.TypePublicKey && !parses(r.Request.field("public key")) {
				r.Bytes = nil
				hangUp(c)
			}
		}, spec.TypeError),
	},
	{
		id: "same-key-when-sent-again", clauses: "KEY-11", often: "when a key is sent again",
		about:  "gives a client that sends a public key again its old AES key",
		mutate: keepKey(spec.TypePublicKey),
	},
}

// referenceClient is why cases with the reference client fail.
const referenceClient = "the reference client takes an answer with a foreign id for an error"

// cut returns at most n bytes of a text.
func cut(text string, n int) string { return text[:min(n, len(text))] }

// idByName replaces the id in a request's header by that of its name.
func idByName(c *conn, r *request) {
	if id := c.process.query("SELECT id FROM clients WHERE name = ?", r.text()); id != nil {
		copy(r.field("client id"), id)
	}
}

// ownIDs gives clients other ids than the reference's; n counts them over restarts.
func ownIDs(p *process, id func(n int) wire.ID) {
	onResponses(func(c *conn, r *response) {
		c.process.mu.Lock()
		defer c.process.mu.Unlock()
		n, err := strconv.Atoi(string(c.process.query("SELECT max(rowid) FROM clients")))
		if err != nil {
			return
		}
		fresh := id(n)
		c.process.exec("UPDATE clients SET id = ? WHERE id = ?", fresh[:], r.field("client id"))
		copy(r.field("client id"), fresh[:])
	}, spec.TypeRegistered)(p)
}
