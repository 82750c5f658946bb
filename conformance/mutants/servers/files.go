package servers

import (
	"bytes"
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
		id: "total-off-by-one", clauses: "FIL-8 FIL-11", often: "for files of several packets",
		about: "takes the packet before the last one for the last",
		mutate: assembly{
			fits:     func(p *pile, f *wire.File) bool { return int(f.Number) == p.packets+1 },
			complete: func(_ *pile, f *wire.File) bool { return f.Number+1 >= f.Total },
			plain:    cutBadly,
		}.mutate,
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
		id: "trimmed-name-not-found", clauses: "FIL-9", often: "for names that begin or end with blanks",
		about: "reads a file for its checksum under its name without the blanks around it, and takes one that is not there for empty",
		mutate: onResponses(func(_ *conn, r *response) {
			if name := r.Request.text(); strings.TrimSpace(name) != name {
				r.put("cksum", uint64(cksum.Sum(nil)))
			}
		}, spec.TypeFileReceived),
		alone: "nobody else has such names",
	},
	{
		id: "stuck-after-quote", clauses: "FIL-9", often: "after a name with a quote",
		about:  "takes no file of a client any more once one had a quote in its name",
		mutate: stuckAfter(func(name string) bool { return strings.ContainsAny(name, `'"`) }),
		alone:  "nobody else has such names",
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
		id: "empty-file-summed-to-0", clauses: "FIL-10", often: "for empty files",
		about: "leaves the length of an empty file out of its checksum, which is 0 then",
		mutate: onResponses(func(_ *conn, r *response) {
			if r.Request.uint("original size") == 0 {
				r.put("cksum", 0)
			}
		}, spec.TypeFileReceived),
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
		about: "takes no file of a client any more once one had a wrong size or padding",
		mutate: stuck(func(r *request) bool {
			return r.uint("packet number") == r.uint("total packets") && r.uint("total packets") > 1
		}),
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

// sizesAside judges a packet without looking at the content size.
func sizesAside(p *pile, f *wire.File) bool {
	return int(f.Number) == p.packets+1 && f.Total == p.first.Total
}

// cutToSize decrypts whole blocks and cuts what comes out to the original size.
func cutToSize(p *pile) ([]byte, bool) {
	plain := chain(p.key, p.content)
	return plain[:min(len(plain), int(p.first.OriginalSize))], true
}
