package servers

import (
	"fmt"
	"slices"

	"github.com/xferspec/xferspec/spec"
	"github.com/xferspec/xferspec/spec/wire"
)

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
		id: "packets-counted", clauses: "FIL-15 FIL-16 FIL-12 FIL-27 FRM-14", often: "for packets that are missing",
		about: "takes a file for whole when as many packets have come as it has, whichever they are",
		mutate: assembly{
			key:      byClientAndName,
			begins:   func(*pile, *wire.File) bool { return false },
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
			if r.Request.Type == spec.TypeFile && r.Request.uint("packet number") != r.Request.uint("total packets") {
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
			begins: func(*pile, *wire.File) bool { return false },
			fits:   loosely,
			plain:  cutBadly,
		}.mutate,
		unrelated: 12, why: "what a case has left unfinished spoils the file that follows",
	},
	{
		id: "next-file-adds", clauses: "FIL-16 FIL-15 CRC-9", often: "for the second file under a name on a connection",
		about: "adds a new transfer to the one before it",
		mutate: assembly{
			begins: func(*pile, *wire.File) bool { return false },
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
		varies: true,
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
		id: "verdict-drops-transfers", clauses: "FIL-18", often: "when another client sends 1029",
		about:  "drops whatever transfer is under way of a file of the name in 1029",
		mutate: verdictDrops,
		alone:  "that of the buffers stands for it",
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

func byClientAndName(_ *conn, f *wire.File, client wire.ID) string { return client.String() + f.Name }

// fromZero takes the packet number 0 for the first.
func fromZero(p *process) {
	assembly{
		begins: func(p *pile, f *wire.File) bool {
			return f.Number == 0 || f.Number == 1 && (p == nil || p.first.Number != 0)
		},
		fits: func(p *pile, f *wire.File) bool {
			return p.first.Number == 0 || strictly(p, f)
		},
		complete: func(p *pile, f *wire.File) bool { return p.first.Number == 1 && f.Number == f.Total },
		plain:    strictPlain,
	}.mutate(p)
}

// cutBadly decrypts and takes padding off if there is any; what comes out is the
// file, whatever its size.
func cutBadly(p *pile) ([]byte, bool) {
	if plain, ok := unpad(p); ok {
		return plain, true
	}
	return chain(p.key, p.content), true
}

// verdictDrops refuses the rest of every transfer of a name when 1029 has come for
// that name on another connection.
func verdictDrops(p *process) {
	var verdicts []string
	each(func(c *conn) {
		since := 0 // how many verdicts there were when the transfer began
		c.onRequest = append(c.onRequest, func(c *conn, r *request) {
			c.process.mu.Lock()
			defer c.process.mu.Unlock()
			switch {
			case r.Type == spec.TypeCRCOK:
				verdicts = append(verdicts, r.text())
			case r.Type != spec.TypeFile:
			case r.uint("packet number") == 1:
				since = len(verdicts)
			case slices.Contains(verdicts[since:], r.text()):
				refuse(c, r)
			}
		})
	})(p)
}
