package servers

import (
	"encoding/binary"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

// variants conform. A departs from a SHOULD is what a report may warn of.
var variants = []variant{
	{
		id: "byte-by-byte", thorough: true, about: "writes every byte of an answer by itself",
		mutate: writing(func(c net.Conn, b []byte) error { return inPieces(c, b, func() int { return 1 }) }),
	},
	{
		id: "random-segments", thorough: true, about: "writes an answer in pieces of 1 to 100 bytes",
		mutate: writing(func(c net.Conn, b []byte) error { return inPieces(c, b, upTo100) }),
	},
	{
		id: "coalesced", thorough: true, about: "collects the answers of two milliseconds before it writes them",
		mutate: each(coalesce),
	},
	{
		id: "small-reads", thorough: true, about: "reads 1 to 2000 bytes at a time",
		mutate: each(func(c *conn) { c.piece = 1 + rand.IntN(2000) }), //nolint:gosec // no secret
	},
	{
		id: "slow-now-and-then", thorough: true, about: "takes 200 milliseconds for one of fifty answers, and two for the others",
		mutate: func(p *process) {
			var n atomic.Int64
			onResponses(func(*conn, *response) {
				if n.Add(1)%50 == 0 {
					wait(200 * time.Millisecond)
				}
				wait(2 * time.Millisecond)
			})(p)
		},
	},
	{
		id: "slow-start", about: "listens half a second after its start",
		mutate: func(p *process) {
			p.readPort = func() (uint16, error) {
				wait(500 * time.Millisecond)
				return p.portInFile()
			}
		},
	},
	{
		id: "numbers-in-ids", about: "counts its clients, with the number in the id", departs: "REG-5",
		mutate: func(p *process) {
			ownIDs(p, func(n int) (id wire.ID) {
				copy(id[:], "client")
				binary.BigEndian.PutUint64(id[8:], uint64(n))
				return id
			})
		},
	},
	{
		id: "ids-of-letters", about: "makes ids of 16 random letters",
		mutate: func(p *process) {
			ownIDs(p, func(int) (id wire.ID) {
				for i := range id {
					id[i] = byte('a' + rand.IntN(26)) //nolint:gosec // they are given out one by one
				}
				return id
			})
		},
	},
	{
		id: "refuses-by-closing", about: "closes the connection where the reference answers with 1607",
		departs: "ERR-6 KEY-10 FIL-14 FIL-26 FIL-27 FRM-11 FRM-16 FRM-17",
		mutate: onResponses(func(c *conn, r *response) {
			r.Bytes = nil
			c.raw = true
			_ = halfClose(c.Conn)
			c.err, c.in = io.EOF, nil
		}, spec.TypeError),
	},
	{
		id: "keys-refused-with-1601", about: "answers 1026 with 1601 where the reference answers with 1607",
		mutate: onResponses(func(c *conn, r *response) {
			if r.Request.Type == spec.TypePublicKey {
				r.become(c.process.edition, &wire.RegistrationRefused{})
			}
		}, spec.TypeError),
	},
	{
		id: "any-version", about: "handles requests of other versions like any other",
		mutate: onRequests(func(c *conn, r *request) { r.put("version", uint64(c.process.edition.Version)) }),
	},
	{
		id: "done-after-thanks", about: "ends the connection after 1604", departs: "FRM-16",
		mutate: each(func(c *conn) {
			write := c.deliver
			c.deliver = func(b []byte) (int, error) {
				n, err := write(b)
				if c.process.edition.Response(binary.LittleEndian.Uint16(b[1:])) == spec.TypeThanks {
					c.raw = true
					_ = halfClose(c.Conn)
					c.err, c.in = io.EOF, nil
				}
				return n, err
			}
		}),
	},
	{
		id: "one-after-the-other", about: "handles one request at a time, of all connections",
		mutate: func(p *process) {
			var turn sync.Mutex
			onRequests(func(*conn, *request) {
				turn.Lock()
				defer turn.Unlock()
				wait(time.Millisecond)
			}, spec.TypeRegister, spec.TypePublicKey, spec.TypeLogin, spec.TypeCRCOK)(p)
		},
	},
	{
		id: "whole-files", about: "collects a file before it decrypts it",
		mutate: assembly{}.mutate,
	},
	{
		id: "packets-in-any-order", about: "joins packets in the order in which they come", departs: "FIL-14 FIL-26 FIL-27",
		mutate: assembly{fits: loosely, plain: func(p *pile) ([]byte, bool) {
			if uint32(len(p.content)) != p.first.ContentSize {
				return nil, false
			}
			return cutBadly(p)
		}}.mutate,
	},
	{
		id: "names-kept-hashed", about: "keeps files and clients under the SHA-256 of their names", departs: "STO-3",
		mutate: hashNames(named, []spec.MessageType{spec.TypeFile, spec.TypeCRCOK, spec.TypeCRCBad, spec.TypeCRCAbort}),
	},
	{
		id: "moved-when-verified", about: "moves a file to another folder when it was verified, under another name",
		mutate: onResponses(func(_ *conn, r *response) {
			client, name := r.Request.Header.Client, r.Request.text()
			if r.Request.Type == spec.TypeCRCOK {
				if plain := stored(client, name); plain != nil {
					overwrite(filepath.Join("archive", client.String(), "file-"+name), plain)
				}
			}
		}, spec.TypeThanks),
	},
	{
		id: "other-tables", about: "has tables with more columns, and in another order",
		mutate: atStart(otherTables),
	},
	{
		id: "chatty", about: "prints what it does at great length",
		mutate: func(p *process) {
			p.log = slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
			onRequests(func(c *conn, r *request) {
				fmt.Fprintf(p.stdout, "connection %d: %+v\n%x\n", c.number, r.Header, r.Head)
			})(p)
		},
	},
	{
		id: "leaves-files-about", about: "writes a log, a lock and a copy of its database into its folder",
		mutate: func(p *process) {
			p.start = func() error {
				b, _ := os.ReadFile(p.edition.Database)
				return os.WriteFile("copy.db", b, 0o600)
			}
			onRequests(func(*conn, *request) {
				_ = os.WriteFile("server.lock", []byte("busy"), 0o600)
			}, spec.TypeRegister)(p)
		},
	},
	{
		id: "ipv4-only", about: "listens on IPv4 only",
		mutate: func(p *process) { p.network = "tcp4" },
	},
	{
		id: "status-70", about: "ends with status 70 when it is told to end",
		mutate: func(p *process) { p.exit = 70 },
	},
	{
		id: "status-2", about: "ends with status 2 when it is told to end, after a while",
		mutate: func(p *process) {
			p.exit = 2
			p.end = func() { wait(200 * time.Millisecond) }
		},
	},
}

// writing has answers written by a function.
func writing(write func(c net.Conn, b []byte) error) mutation {
	return each(func(c *conn) {
		c.deliver = func(b []byte) (int, error) { return len(b), write(c.Conn, b) }
	})
}

func upTo100() int { return 1 + rand.IntN(100) } //nolint:gosec // no secret

// inPieces writes b in pieces of the sizes that size returns.
func inPieces(c net.Conn, b []byte, size func() int) error {
	for len(b) > 0 {
		n := min(len(b), size())
		if _, err := c.Write(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// coalesce writes the answers of a while at once.
func coalesce(c *conn) {
	var mu sync.Mutex
	var out []byte
	flush := func() {
		mu.Lock()
		defer mu.Unlock()
		_, _ = c.Conn.Write(out)
		out = nil
	}
	c.deliver = func(b []byte) (int, error) {
		mu.Lock()
		defer mu.Unlock()
		if out == nil {
			time.AfterFunc(2*time.Millisecond, flush)
		}
		out = append(out, b...)
		return len(b), nil
	}
	c.closed = flush
	c.closing = flush
}

// otherTables makes the tables before the reference does, which leaves them as
// they are.
func otherTables(p *process) {
	for _, statement := range []string{
		`CREATE TABLE IF NOT EXISTS clients (number INTEGER PRIMARY KEY, last_seen TEXT, aes_key BLOB, public_key BLOB,
			name TEXT UNIQUE, id BLOB UNIQUE, remark TEXT DEFAULT 'verified by hand')`,
		`CREATE TABLE IF NOT EXISTS files (number INTEGER PRIMARY KEY, verified BOOLEAN, path TEXT, received TEXT DEFAULT CURRENT_TIMESTAMP,
			file_name TEXT, id BLOB, UNIQUE (id, file_name))`,
		`CREATE TABLE IF NOT EXISTS settings (key TEXT, value TEXT)`,
	} {
		p.exec(statement)
	}
}
