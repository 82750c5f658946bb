package servers

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/cksum"
	"github.com/xferspec/xferspec/spec/wire"
)

// contentRows break what arrives of a file.
var contentRows = []row{
	{
		id: "packets-of-1024-only", clauses: "FIL-7", often: "for packets of other lengths",
		about: "refuses a packet that does not have 1024 bytes, unless it is a last one that has less",
		mutate: assembly{fits: func(p *pile, f *wire.File) bool {
			last := f.Number == f.Total
			return strictly(p, f) && (len(f.Content) == 1024 || last && len(f.Content) < 1024)
		}}.mutate,
	},
	{
		id: "packets-filled-up", clauses: "FIL-7", often: "for packets of other lengths",
		about: "takes every packet but the last for 1024 bytes long, and fills up what is missing",
		mutate: assembly{
			fits: loosely,
			add: func(p *pile, f *wire.File) {
				content := f.Content
				if f.Number != f.Total {
					content = append(slices.Clone(content), make([]byte, 1024)...)[:1024]
				}
				p.content = append(p.content, content...)
			},
		}.mutate,
	},
	{
		id: "answers-every-packet", clauses: "FIL-8", often: "for files of several packets",
		about: "answers every packet with 1603",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && r.uint("packet number") < r.uint("total packets") {
				r.end = func() {
					c.answer(&wire.FileReceived{Client: r.Header.Client, ContentSize: uint32(r.uint("content size")), Name: cut(r.text(), wire.MaxText)})
				}
			}
		}, spec.TypeFile),
	},
	{
		id: "answers-twice", clauses: "FIL-8", often: always,
		about:  "sends 1603 twice",
		mutate: onResponses(func(_ *conn, r *response) { r.Bytes = append(r.Bytes, r.Bytes...) }, spec.TypeFileReceived),
	},
	{
		id: "plain-size-in-answer", clauses: "FIL-9", often: always,
		about: "puts the original size into the field for the content size of 1603",
		mutate: onResponses(func(_ *conn, r *response) {
			r.put("content size", r.Request.uint("original size"))
		}, spec.TypeFileReceived),
		unrelated: 8, why: "the reference client takes an answer with another size for an error",
	},
	{
		id: "name-in-lower-case", clauses: "FIL-9", often: "for names with capitals",
		about: "writes the file name in 1603 in lower case",
		mutate: onResponses(func(_ *conn, r *response) {
			name := r.field("file name")
			setTextIn(name, strings.ToLower(textIn(name)))
		}, spec.TypeFileReceived),
	},
	{
		id: "empty-file-refused", clauses: "FIL-10", often: "for empty files",
		about: "refuses an empty file",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && r.uint("original size") == 0 && r.uint("content size") == 16 {
				refuse(c, r)
			}
		}, spec.TypeFile),
	},
	{
		id: "text-mode", clauses: "FIL-11", often: "for texts with CR LF",
		about: "turns the line ends of a text into its own",
		mutate: damaged(func(plain []byte) []byte {
			if bytes.ContainsFunc(plain, func(r rune) bool { return r == 0 || r > '~' }) {
				return plain
			}
			return bytes.ReplaceAll(plain, []byte("\r\n"), []byte("\n"))
		}),
	},
	{
		id: "text-ends-at-nul", clauses: "FIL-11", often: "for files that begin with a NUL or with 0xFF",
		about: "takes a NUL or 0xFF at the beginning for the end of a file",
		mutate: damaged(func(plain []byte) []byte {
			if len(plain) > 0 && (plain[0] == 0 || plain[0] == 0xff) {
				return nil
			}
			return plain
		}),
		varies: true,
	},
	{
		id: "one-byte-of-padding-left", clauses: "FIL-11", often: "for lengths one below a multiple of 16",
		about: "leaves padding of one byte on",
		mutate: damaged(func(plain []byte) []byte {
			if len(plain)%16 == 15 {
				return append(plain, 1)
			}
			return plain
		}),
	},
	{
		id: "lone-byte-lost", clauses: "FIL-11", often: "for lengths one above a multiple of 16",
		about: "loses the last byte of a file when it is alone in its block",
		mutate: damaged(func(plain []byte) []byte {
			if len(plain)%16 == 1 {
				return plain[:len(plain)-1]
			}
			return plain
		}),
	},
	{
		id: "full-packet-lost", clauses: "FIL-11", often: "for ciphertexts of 1024 bytes",
		about: "refuses a file whose last packet is full",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && r.uint("content size") == 1024 && r.uint("total packets") == 1 {
				refuse(c, r)
			}
		}, spec.TypeFile),
	},
	{
		id: "block-of-padding-left", clauses: "FIL-11", often: "for 16 and 1024 bytes",
		about: "leaves a whole block of padding on a file that fills its first block or packet",
		mutate: damaged(func(plain []byte) []byte {
			if len(plain) == 16 || len(plain) == 1024 {
				return append(plain, bytes.Repeat([]byte{16}, 16)...)
			}
			return plain
		}),
	},
	{
		id: "sizes-of-16-bits", clauses: "FIL-11 FIL-7 FRM-5", often: "for large files",
		about: "counts the bytes of a file in 16 bits",
		mutate: damaged(func(plain []byte) []byte {
			if len(plain) > 1<<16 {
				return plain[:len(plain)%(1<<16)]
			}
			return plain
		}),
		unrelated: 4, why: "a packet of 64 MiB and a file of 1001 packets are large files too",
	},
	{
		id: "chain-per-packet", clauses: "FIL-11 FIL-8", often: "for files of several packets",
		about: "decrypts every packet as a chain of its own",
		mutate: assembly{
			add: func(p *pile, f *wire.File) {
				content := chain(p.key, f.Content)
				if f.Number == f.Total {
					if n := len(content); n > 0 && int(content[n-1]) <= n {
						content = content[:n-int(content[n-1])]
					}
				}
				p.plain = append(p.plain, content...)
				p.content = append(p.content, f.Content...)
			},
			plain: func(p *pile) ([]byte, bool) { return p.plain, true },
		}.mutate,
	},
	{
		id: "wrong-size-then-stuck", clauses: "FIL-12 FIL-13", often: "after a file that was not right",
		about:  "takes no file of a client any more once one had a wrong size or padding",
		mutate: stuck(func(r *request) bool { return r.uint("packet number") == r.uint("total packets") }),
	},
	{
		id: "content-size-not-compared", clauses: "FIL-12 FIL-26", often: "for wrong content sizes",
		about: "does not compare the content size with what came",
		mutate: assembly{
			fits: func(p *pile, f *wire.File) bool { return int(f.Number) == p.packets+1 },
		}.mutate,
	},
	{
		id: "padding-not-looked-at", clauses: "FIL-13 FIL-26", often: "for wrong padding",
		about:  "cuts a file to its original size, whatever the padding",
		mutate: assembly{fits: sizesAside, plain: cutToSize}.mutate,
	},
	{
		id: "last-byte-of-padding", clauses: "FIL-13 FIL-26", often: "for wrong padding",
		about: "takes off as many bytes as the last one says, and does not look at the others",
		mutate: assembly{plain: func(p *pile) ([]byte, bool) {
			padded := chain(p.key, p.content)
			n := len(padded)
			if n == 0 || n != len(p.content) || int(padded[n-1]) > n {
				return nil, false
			}
			return padded[:n-int(padded[n-1])], true
		}}.mutate,
	},
	{
		id: "original-size-not-compared", clauses: "FIL-14", often: "for wrong original sizes",
		about:  "does not compare the original size with what came",
		mutate: assembly{plain: unpad}.mutate,
	},
}

// sequenceRows break the order of packets, and what belongs together.
var sequenceRows = []row{
	{
		id: "fault-then-stuck", clauses: "FIL-15 FIL-18", often: "after a packet that was not right",
		about: "takes no file of a client any more once a packet was out of order",
		mutate: stuck(func(r *request) bool {
			n, total := r.uint("packet number"), r.uint("total packets")
			return n != total || total*1024 < r.uint("content size")
		}),
	},
	{
		id: "packets-counted", clauses: "FIL-15 FIL-27", often: "for packets that are missing",
		about: "takes a file for whole when as many packets have come as it has, whichever they are",
		mutate: assembly{
			key:      byClientAndName,
			begins:   func(*wire.File) bool { return false },
			fits:     loosely,
			complete: func(p *pile, f *wire.File) bool { return p.packets >= int(f.Total) },
			plain:    cutBadly,
		}.mutate,
	},
	{
		id: "order-not-looked-at", clauses: "FIL-27", often: "for packets out of order",
		about:  "joins packets in the order in which they come, and ends a file with its last one",
		mutate: assembly{fits: loosely, plain: cutBadly}.mutate,
	},
	{
		id: "silent-on-disorder", clauses: "FIL-27", often: "for packets out of order",
		about: "drops a transfer with a fault in its packets, and says nothing",
		mutate: onResponses(func(_ *conn, r *response) {
			if r.Request.Type == spec.TypeFile && r.Request.uint("packet number") != 1 {
				r.Bytes = nil
			}
		}, spec.TypeError),
	},
	{
		id: "packets-from-0", clauses: "FIL-15 FIL-27", often: "for packets numbered from 0",
		about:  "counts packets from 0 if a client does, and then waits for one more than there is",
		mutate: fromZero,
	},
	{
		id: "packet-1-adds", clauses: "FIL-16 FRM-14", often: "for a transfer after one that broke off",
		about: "adds a new transfer to what is left of one that was not completed",
		mutate: assembly{
			key:    byClientAndName,
			begins: func(*wire.File) bool { return false },
			fits:   loosely,
			plain:  cutBadly,
		}.mutate,
		unrelated: 12, why: "what a case has left unfinished spoils the file that follows",
	},
	{
		id: "next-file-adds", clauses: "FIL-16 CRC-9", often: "for the second file under a name on a connection",
		about: "adds a new transfer to the one before it",
		mutate: assembly{
			begins: func(*wire.File) bool { return false },
			fits:   loosely,
			keep:   true,
			plain:  func(p *pile) ([]byte, bool) { plain, ok := unpad(p); return plain, ok },
		}.mutate,
		unrelated: 12, why: "no second file arrives, in whatever case",
	},
	{
		id: "unknown-client-may-send", clauses: "FIL-17", often: "for an unknown id",
		about: "answers the file of a client that it does not know with 1603",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && c.process.name(r.Header.Client) == "" && r.uint("packet number") == r.uint("total packets") {
				instead(c, r, &wire.FileReceived{Client: r.Header.Client, ContentSize: uint32(r.uint("content size")), Name: cut(r.text(), wire.MaxText)})
			}
		}, spec.TypeFile),
	},
	{
		id: "key-of-zeros", clauses: "FIL-17", often: "before a key exchange",
		about: "decrypts with a key of zeros until there is another",
		mutate: onResponses(func(c *conn, r *response) {
			c.process.exec("UPDATE clients SET aes_key = zeroblob(32) WHERE id = ?", r.field("client id"))
		}, spec.TypeRegistered),
	},
	{
		id: "buffer-by-name", clauses: "FIL-18 FRM-7", often: "for transfers at the same time",
		about:  "has one buffer for all files of a name",
		mutate: assembly{key: func(_ *conn, f *wire.File, _ wire.ID) string { return f.Name }}.mutate,
		varies: true,
	},
	{
		id: "buffer-by-client", clauses: "FIL-18", often: "for transfers at the same time",
		about:  "has one buffer for all files of a client",
		mutate: assembly{key: func(_ *conn, _ *wire.File, client wire.ID) string { return client.String() }}.mutate,
	},
	{
		id: "buffer-by-connection", clauses: "FIL-18 FIL-16", often: "for transfers at the same time on a connection",
		about:  "has one buffer for all files of a connection",
		mutate: assembly{key: func(c *conn, _ *wire.File, _ wire.ID) string { return fmt.Sprint(c.number) }}.mutate,
	},
	{
		id: "one-buffer", clauses: "FIL-18 FRM-7", often: "for transfers at the same time",
		about:  "has one buffer for all connections",
		mutate: assembly{key: func(*conn, *wire.File, wire.ID) string { return "" }}.mutate,
		varies: true,
	},
	{
		id: "changed-name-goes-on", clauses: "FIL-18 FIL-16", often: "for a file name that changes on the way",
		about: "ends when the name of a file changes on the way",
		mutate: each(func(c *conn) {
			var name string
			c.onRequest = append(c.onRequest, func(_ *conn, r *request) {
				if r.Type != spec.TypeFile || !r.whole() {
					return
				}
				if r.uint("packet number") > 1 && r.text() != name {
					r.Skip = true
					hangUp(c)
					c.process.exec("UPDATE clients SET aes_key = NULL WHERE id = ?", r.Header.Client[:])
				}
				name = r.text()
			})
		}),
	},
}

// placeRows break where files are kept.
var placeRows = []row{
	{
		id: "name-is-a-path", clauses: "FIL-19 FIL-20", often: "for names with .. or /",
		about:  "joins a file name to a folder, wherever it leads",
		mutate: namesLead,
	},
	{
		id: "silent-when-not-stored", clauses: "FIL-19", often: "for names that are no plain ones",
		about: "says nothing when a file cannot be created",
		mutate: onRequests(func(_ *conn, r *request) {
			r.Skip = r.whole() && (strings.ContainsAny(r.text(), `/\`) || slices.Contains([]string{"", ".", "..", "CON"}, r.text()))
		}, spec.TypeFile),
	},
	{
		id: "client-name-is-a-path", clauses: "FIL-19", often: "for client names with .. or /",
		about: "keeps the files of a client in a folder of its name, wherever that leads",
		mutate: moved(func(c *conn, r *request) string {
			name := c.process.name(r.Header.Client)
			if !filepath.IsAbs(name) {
				name = filepath.Join("clients", name)
			}
			return filepath.Join(name, r.text())
		}),
	},
	{
		id: "files-by-name", clauses: "FIL-20 STO-9", often: "for files of one name",
		about:  "keeps the files of all clients in one folder",
		mutate: moved(func(_ *conn, r *request) string { return filepath.Join("files", filepath.Base(r.text())) }),
	},
	{
		id: "abort-removes-any", clauses: "FIL-20 CRC-2", often: "when another client sends 1031",
		about: "removes every file of the name when somebody gives one up",
		mutate: onRequests(func(c *conn, r *request) {
			found, _ := filepath.Glob(filepath.Join("clients", "*", "files", r.text()))
			for _, file := range found {
				_ = os.Remove(file)
			}
			c.process.exec("DELETE FROM files WHERE file_name = ?", r.text())
		}, spec.TypeCRCAbort),
	},
	{
		id: "old-file-kept", clauses: "FIL-21", often: "for the second file of a name",
		about: "keeps the first file that a client sends under a name",
		mutate: all(
			onRequests(func(c *conn, r *request) {
				if r.uint("packet number") == 1 {
					c.oldFile = stored(r.Header.Client, r.text())
				}
			}, spec.TypeFile),
			onResponses(func(c *conn, r *response) {
				if c.oldFile != nil {
					overwrite(path(r.Request.Header.Client, r.Request.text()), c.oldFile)
				}
			}, spec.TypeFileReceived),
		),
	},
	{
		id: "written-in-place", clauses: "FIL-21 ERR-5 STO-7", often: "while a file is incomplete",
		about: "writes a file under its name as its packets come",
		mutate: onRequests(func(c *conn, r *request) {
			if !r.whole() || r.uint("packet number") != 1 || c.process.aesKey(r.Header.Client) == nil || strings.ContainsAny(r.text(), `/\`) || strings.Trim(r.text(), ".") == "" {
				return
			}
			overwrite(path(r.Header.Client, r.text()), []byte("the beginning"))
		}, spec.TypeFile),
	},
	{
		id: "packet-limit", clauses: "FIL-23", often: "for packets of more than 16 MiB",
		about: "refuses a packet of more than 16 MiB",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && r.Header.Size > 16<<20 && r.Header.Size < 1<<31 {
				refuse(c, r)
			}
		}, spec.TypeFile),
	},
	{
		id: "empty-packet-refused", clauses: "FIL-25", often: "for a last packet without content",
		about: "refuses a packet without content",
		mutate: onRequests(func(c *conn, r *request) {
			if r.whole() && r.Header.Size == uint32(len(r.Head)-wire.RequestHeaderSize) {
				refuse(c, r)
			}
		}, spec.TypeFile),
	},
	{
		id: "damage-closes", clauses: "FIL-26", often: "for wrong sizes and padding",
		about: "closes the connection when a file does not decrypt",
		mutate: onResponses(func(c *conn, r *response) {
			if r.Request.Type == spec.TypeFile && r.Request.uint("packet number") == r.Request.uint("total packets") {
				r.Bytes = nil
				hangUp(c)
			}
		}, spec.TypeError),
	},
	{
		id: "disorder-closes", clauses: "FIL-27", often: "for packets out of order",
		about: "closes the connection when a packet is not the next one",
		mutate: onResponses(func(c *conn, r *response) {
			if r.Request.Type == spec.TypeFile && r.Request.uint("packet number") != r.Request.uint("total packets") {
				r.Bytes = nil
				hangUp(c)
			}
		}, spec.TypeError),
	},
}

// damaged changes a file when it has arrived, and sums up what it has become.
func damaged(change func(plain []byte) []byte) mutation {
	return onResponses(func(_ *conn, r *response) {
		file := path(r.Request.Header.Client, r.Request.text())
		plain := change(stored(r.Request.Header.Client, r.Request.text()))
		overwrite(file, plain)
		r.put("cksum", uint64(cksum.Sum(plain)))
	}, spec.TypeFileReceived)
}

// stuck refuses all files of a client after one was refused, if the request that
// was is so.
func stuck(when func(r *request) bool) mutation {
	return func(p *process) {
		bad := map[wire.ID]bool{}
		onResponses(func(c *conn, r *response) {
			c.process.mu.Lock()
			defer c.process.mu.Unlock()
			if r.Request.Type == spec.TypeFile && !r.Request.Skip && c.process.aesKey(r.Request.Header.Client) != nil && when(r.Request) {
				bad[r.Request.Header.Client] = true
			}
		}, spec.TypeError)(p)
		onRequests(func(c *conn, r *request) {
			c.process.mu.Lock()
			defer c.process.mu.Unlock()
			if bad[r.Header.Client] {
				refuse(c, r)
			}
		}, spec.TypeFile)(p)
	}
}

func byClientAndName(_ *conn, f *wire.File, client wire.ID) string { return client.String() + f.Name }

// sizesAside judges a packet without looking at the content size.
func sizesAside(p *pile, f *wire.File) bool {
	return int(f.Number) == p.packets+1 && f.Total == p.first.Total
}

// cutToSize decrypts whole blocks and cuts what comes out to the original size.
func cutToSize(p *pile) ([]byte, bool) {
	plain := chain(p.key, p.content)
	return plain[:min(len(plain), int(p.first.OriginalSize))], true
}

// cutBadly decrypts and takes padding off if there is any; what comes out is the
// file, whatever its size.
func cutBadly(p *pile) ([]byte, bool) {
	if plain, ok := unpad(p); ok {
		return plain, true
	}
	return chain(p.key, p.content), true
}

// fromZero takes the packet number 0 for the first.
func fromZero(p *process) {
	assembly{
		key:    byClientAndName,
		begins: func(f *wire.File) bool { return f.Number == 0 },
		fits: func(p *pile, f *wire.File) bool {
			return p.first.Number == 0 || strictly(p, f)
		},
		complete: func(p *pile, f *wire.File) bool { return p.first.Number == 1 && f.Number == f.Total },
		plain:    strictPlain,
	}.mutate(p)
}

// moved keeps a file that has arrived elsewhere.
func moved(to func(c *conn, r *request) string) mutation {
	return onResponses(func(c *conn, r *response) {
		from := path(r.Request.Header.Client, r.Request.text())
		plain := stored(r.Request.Header.Client, r.Request.text())
		overwrite(to(c, r.Request), plain)
		_ = os.Remove(from)
	}, spec.TypeFileReceived)
}

// namesLead gives the reference a plain name for one that is none, and puts the
// file where the name leads.
func namesLead(p *process) {
	plainName := func(name string) string { return strings.NewReplacer("/", "_", `\`, "_").Replace(name) + "_" }
	isPath := func(name string) bool { return strings.ContainsAny(name, `/\`) && len(name) < wire.MaxText }
	onRequests(func(c *conn, r *request) {
		c.name = r.text()
		if isPath(c.name) {
			r.setText(plainName(c.name))
		}
	}, spec.TypeFile, spec.TypeCRCOK)(p)
	onResponses(func(c *conn, r *response) {
		if !isPath(c.name) {
			return
		}
		name := strings.ReplaceAll(c.name, `\`, "/")
		if !filepath.IsAbs(name) {
			name = filepath.Join(filepath.Dir(path(r.Request.Header.Client, "x")), name)
		}
		_ = os.WriteFile(name, stored(r.Request.Header.Client, plainName(c.name)), 0o600)
		setTextIn(r.field("file name"), c.name)
	}, spec.TypeFileReceived)(p)
}
